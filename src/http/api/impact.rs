//! `POST /v1/packs/impact`: what a changed catalog would find over somebody's own records that the one in force does not, before it goes
//! live; or what is wrong with it. Records are read from nameless files that are gone with the call.
//!
//! It takes long. The answer begins when the form has come, and is white space until all is judged, so that no proxy thinks it dead and
//! nobody goes away unnoticed: then the work ends too.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::post;
use actix_web::web;
use actix_web::web::Bytes;
use actix_web::web::Data;
use futures_util::stream;
use tokio::task::JoinHandle;
use utoipa::ToSchema;

use crate::archive::Spool;
use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::http::api::impact_form::ImpactAsk;
use crate::http::api::impact_form::ImpactForm;
use crate::http::body;
use crate::http::lanes::Permit;
use crate::http::parts::Parts;
use crate::http::query::Asked;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::InForce;
use crate::http::served::ProblemLine;
use crate::http::served::Served;
use crate::intake::Limits;
use crate::intake::Trouble;
use crate::intake::Unreadable;
use crate::model::Impact;
use crate::report::ImpactReport;
use crate::sources::Input;
use crate::validator::Side;
use crate::validator::see_impact as judge_by_both;

/// How often white space is sent while the work goes on.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// What a changed catalog would change, or what is wrong with it.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct ImpactAnswer {
    /// The files that were sent, and what each does to the catalog in force.
    pub files: Vec<ChangedFile>,
    /// How many tests of the changed catalog were run.
    pub tests: usize,
    /// What is wrong with the changed catalog, or which of its tests do not hold; empty when all is well.
    pub problems: Vec<ProblemLine>,
    /// What it changes; nothing where there is a problem.
    pub impact: Option<ImpactReport>,
    /// Whether every record that was sent was judged by both.
    pub whole: bool,
    /// Files of records that could not be read, or not to their end.
    pub failures: Vec<String>,
    /// `not_asked`: rules across records need a whole run, and neither catalog's are asked.
    pub rules_across: &'static str,
}

/// A file of the catalog that was sent.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct ChangedFile {
    /// Its name.
    pub file: String,
    /// `changed`, `added`, `taken_out`, or `same` where the catalog in force has it so.
    pub change: &'static str,
}

/// Says what a changed catalog would find over the caller's records that the one in force does not.
///
/// `multipart/form-data`: a part for each changed file, under the file's own name in the catalog, laid over the catalog in force (an empty
/// part takes the file out); `records`, one or more files; `as_at`. The changed catalog is loaded whole and its tests are run, as when it is
/// taken into force; with a problem nothing is judged. Nothing is kept. The answer may begin with white space.
#[utoipa::path(
    tag = "rules",
    request_body(content = ImpactForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What would change, or what is wrong with the changed catalog", body = ImpactAnswer), Refused),
    security(("key" = []))
)]
#[post("/v1/packs/impact")]
pub async fn see_impact(
    request: HttpRequest,
    payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    Asked::read(request.query_string(), &[])?;
    body::expect_type(&request, &["multipart/form-data"])?;
    body::expect_coding(&request, &["identity"])?;
    let in_force = served.in_force.load_full();
    let mut parts = Parts::of(&request, payload, served.options.stream_idle).await?;
    let ask = ImpactAsk::read(&mut parts, &in_force.catalog.files, (served.options.today)()).await?;
    let left = Arc::new(AtomicBool::new(false));
    let permit = request.extensions().get::<Permit>().cloned();
    let (overlay, told) = (served.options.overlay.clone(), Arc::clone(&left));
    let work = tokio::task::spawn_blocking(move || {
        let answer = answer(ask, &in_force, overlay.as_deref(), &told);
        drop(permit);
        serde_json::to_vec(&answer).unwrap_or_default()
    });
    let waiting = Waiting { work, _caller: Caller { left } };
    let body = stream::unfold(Some(waiting), |waiting| async move {
        let mut waiting = waiting?;
        match tokio::time::timeout(SIGN_OF_LIFE, &mut waiting.work).await {
            Err(_) => Some((Ok(Bytes::from_static(b"\n")), Some(waiting))),
            Ok(Ok(answer)) => Some((Ok(Bytes::from(answer)), None)),
            Ok(Err(_)) => {
                tracing::error!("an impact could not be seen to its end");
                Some((Err(io::Error::from(io::ErrorKind::Other)), None))
            }
        }
    });
    Ok(HttpResponse::Ok().content_type("application/json").streaming(body))
}

/// An answer that is waited for.
struct Waiting {
    work: JoinHandle<Vec<u8>>,
    _caller: Caller,
}

/// Whoever waits; the work is told when they are gone.
struct Caller {
    left: Arc<AtomicBool>,
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.left.store(true, Ordering::Release);
    }
}

/// Checks the changed catalog, and judges the records by both if nothing is wrong with it. Blocks; ends early when the caller is gone.
fn answer(ask: ImpactAsk, in_force: &InForce, overlay: Option<&str>, left: &AtomicBool) -> ImpactAnswer {
    let present = &in_force.catalog;
    let mut answer = ImpactAnswer {
        files: changed_files(&ask, &present.files),
        tests: 0,
        problems: Vec::new(),
        impact: None,
        whole: false,
        failures: Vec::new(),
        rules_across: "not_asked",
    };
    let gone = || left.load(Ordering::Acquire);
    if gone() {
        return answer;
    }
    let changed = Catalog::load(present.files.with(&ask.changes), overlay);
    if gone() {
        return answer;
    }
    let proved = changed.and_then(|changed| {
        let (tests, problems) = changed.try_out();
        answer.tests = tests;
        if problems.is_empty() { Ok(changed) } else { Err(problems) }
    });
    let changed = match proved {
        Ok(changed) => changed,
        Err(problems) => {
            answer.problems = problems.iter().map(ProblemLine::from).collect();
            return answer;
        }
    };
    let validator = changed.validator();
    let sides = (Side::of(&in_force.validator, ask.as_at), Side::of(&validator, ask.as_at));
    let mut impact = Impact::default();
    for (name, spool) in ask.records {
        if gone() {
            return answer;
        }
        if let Err(failure) = judge_file(name, spool, (&sides.0, &sides.1), &mut impact, left) {
            answer.failures.push(failure);
        }
    }
    if gone() {
        return answer;
    }
    answer.whole = answer.failures.is_empty() && impact.unreadable == 0;
    answer.impact = Some(ImpactReport::of(&impact, &present.pack, &changed.pack, ask.as_at));
    answer
}

/// Judges the records of a file by both catalogs; says why, where it cannot be read to its end.
fn judge_file(
    name: String,
    spool: Spool,
    sides: (&Side<'_>, &Side<'_>),
    impact: &mut Impact,
    left: &AtomicBool,
) -> Result<(), String> {
    let chunks = Input::Entry(name, spool).open(&Limits::default()).map_err(|error| failure(&error))?;
    for chunk in chunks {
        if left.load(Ordering::Acquire) {
            return Ok(());
        }
        judge_by_both(sides, &chunk.map_err(|error| failure(&error))?, impact);
    }
    Ok(())
}

/// Why a file cannot be read, and what can be done here.
fn failure(unreadable: &Unreadable) -> String {
    match unreadable.trouble {
        Trouble::Zip | Trouble::Xml => format!(
            "{}: only records are taken here (JSON, NDJSON, gzip, zstd); for tables and archives use `casecheck rules impact`",
            unreadable.file
        ),
        _ => unreadable.to_string(),
    }
}

/// What each file that was sent does to a catalog.
fn changed_files(ask: &ImpactAsk, files: &Files) -> Vec<ChangedFile> {
    let change = |name: &str, text: Option<&str>| match (files.get(name), text) {
        (_, None) => "taken_out",
        (None, Some(_)) => "added",
        (Some(present), Some(text)) if present.text == text => "same",
        (Some(_), Some(_)) => "changed",
    };
    ask.changes
        .iter()
        .map(|(name, text)| ChangedFile { file: name.clone(), change: change(name, text.as_deref()) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Day;
    use std::collections::BTreeMap;

    #[test]
    fn a_call_that_nobody_waits_for_loads_nothing_tests_nothing_and_judges_nothing() {
        let catalog = Catalog::load(Files::embedded(), None).unwrap();
        let in_force = InForce::of(Arc::new(catalog), &[]);
        let broken = || BTreeMap::from([("rules/pack.yaml".to_owned(), Some("nothing".to_owned()))]);
        let ask = || ImpactAsk { changes: broken(), records: Vec::new(), as_at: Day::FIRST };
        let waited_for = answer(ask(), &in_force, None, &AtomicBool::new(false));
        assert!(!waited_for.problems.is_empty(), "the changed catalog was loaded");
        let left = answer(ask(), &in_force, None, &AtomicBool::new(true));
        assert!(left.problems.is_empty() && left.tests == 0 && left.impact.is_none() && !left.whole);
    }
}
