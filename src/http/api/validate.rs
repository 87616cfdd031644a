//! `POST /v1/validate`: one record, judged while somebody waits at a form.

use std::cell::Cell;
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::post;
use actix_web::web;
use actix_web::web::Bytes;
use actix_web::web::Data;
use bumpalo::Bump;

use crate::http::api::sandbox::Sandbox;
use crate::http::api::validate_request;
use crate::http::api::validate_request::Envelope;
use crate::http::api::validate_request::ValidateQuery;
use crate::http::body;
use crate::http::keys::Caller;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::intake;
use crate::model::Answer;
use crate::model::Day;
use crate::model::Disposition;
use crate::model::Tally;
use crate::model::Verdict;
use crate::validator::Options;
use crate::validator::Validator;

/// The most findings in an answer that was not asked for all.
const CARDS: usize = 5;
/// Bodies up to this many bytes are judged where they arrive; larger ones on a thread that may block.
const SMALL: usize = 128 * 1024;
/// The room that most answers need, in bytes, so that it is not made larger again and again.
const LIKELY: usize = 8 * 1024;
/// How many rules are asked between two looks at the clock.
const RULES_PER_LOOK: u32 = 8;

thread_local! {
    static ARENA: RefCell<Bump> = RefCell::new(Bump::new());
}

/// What came of a save.
enum Done {
    Answered(Vec<u8>),
    /// The sandbox asks for an answer that is too late.
    Late(Vec<u8>),
}

/// Judges one record.
///
/// The body is the case record itself, or an envelope around it. 200 whenever the check ran, whatever was found.
#[utoipa::path(
    tag = "validate",
    params(ValidateQuery),
    request_body(content = Envelope, description = "The case record itself, or `{record, as_at, stage, known_findings}`; at most 1 MiB of strict JSON"),
    responses((status = 200, description = "The check ran", body = Answer), Refused),
    security(("key" = []))
)]
#[post("/v1/validate")]
pub async fn validate(
    request: HttpRequest,
    mut payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let started = Instant::now();
    let query = ValidateQuery::read(request.query_string(), &served.options.profiles)?;
    body::expect_type(&request, &["application/json"])?;
    body::expect_coding(&request, &["identity"])?;
    let body = body::read(&request, &mut payload, body::LARGEST, served.options.body_deadline).await?;
    let deadline = Duration::from_millis(query.deadline_ms);
    let job = Job {
        started,
        until: started + deadline,
        today: (served.options.today)(),
        test_key: request.extensions().get::<Caller>().is_some_and(|caller| caller.test),
        query,
    };
    let shared = Data::clone(&served);
    let result = if body.len() <= SMALL {
        guarded(&body, &job, &shared)
    } else {
        let judge = web::block(move || guarded(&body, &job, &shared));
        judge.await.unwrap_or_else(|_| Err(Refusal::new(Kind::Internal, "nothing was checked; try again")))
    };
    if matches!(&result, Err(refusal) if refusal.kind == Kind::Internal) {
        served.metrics.failed_open("internal");
    }
    let bytes = match result? {
        Done::Answered(bytes) => bytes,
        Done::Late(bytes) => {
            tokio::time::sleep(deadline + Duration::from_secs(1)).await;
            bytes
        }
    };
    Ok(HttpResponse::Ok().content_type("application/json").body(bytes))
}

/// What is asked of one body.
struct Job {
    started: Instant,
    until: Instant,
    today: Day,
    test_key: bool,
    query: ValidateQuery,
}

/// Judges a body; a panic of ours is an error of ours and takes nobody else down.
fn guarded(body: &Bytes, job: &Job, served: &Served) -> Result<Done, Refusal> {
    let judged =
        catch_unwind(AssertUnwindSafe(|| ARENA.with_borrow_mut(|arena| judge(body, job, served, arena))));
    judged
        .unwrap_or_else(|_| Err(Refusal::new(Kind::Internal, "nothing was checked; the failure was counted")))
}

fn judge(body: &[u8], job: &Job, served: &Served, arena: &mut Bump) -> Result<Done, Refusal> {
    arena.reset();
    let root = intake::parse(body, arena)?;
    let asked = validate_request::open(root, body)?;
    let sandbox = if job.test_key { Sandbox::of(&asked.record) } else { None };
    if sandbox == Some(Sandbox::Unavailable) {
        return Err(Refusal::new(Kind::Unavailable, "the sandbox id asks for this answer"));
    }
    let in_force = served.in_force.load();
    let (calls, late) = (Cell::new(0_u32), Cell::new(false));
    let keep_going = || {
        let call = calls.replace(calls.get().wrapping_add(1));
        if call.is_multiple_of(RULES_PER_LOOK) && Instant::now() >= job.until {
            late.set(true);
        }
        !late.get()
    };
    let stop = || false;
    let query = &job.query;
    let profile =
        served.options.profiles.iter().find(|profile| Some(&profile.name) == query.profile.as_ref());
    let options = Options {
        stage: once("stage", query.stage, asked.stage)?,
        focus: query.focus.as_ref(),
        include_all: query.include,
        cap: (!query.include).then_some(CARDS),
        known: asked.known.as_deref(),
        keep_going: Some(if matches!(sandbox, Some(Sandbox::Slow | Sandbox::NotChecked)) {
            &stop
        } else {
            &keep_going
        }),
        holds: profile.map_or(&[], |profile| profile.holds.as_slice()),
        ..Options::as_at(once("as_at", query.as_at, asked.as_at)?.unwrap_or(job.today))
    };
    let mut answer = ask(&in_force.validator, &asked.record, &options, served);
    if sandbox == Some(Sandbox::Hold) {
        answer.decision.disposition = Disposition::Hold;
    }
    answer.decision.took_us = Some(u64::try_from(job.started.elapsed().as_micros()).unwrap_or(u64::MAX));
    let mut bytes = Vec::with_capacity(LIKELY);
    serde_json::to_writer(&mut bytes, &answer)
        .map_err(|_| Refusal::new(Kind::Internal, "the answer cannot be written"))?;
    Ok(if sandbox == Some(Sandbox::Slow) { Done::Late(bytes) } else { Done::Answered(bytes) })
}

/// Judges one record and counts what came of it.
fn ask(
    validator: &Arc<Validator>,
    record: &crate::model::Record<'_>,
    options: &Options<'_>,
    served: &Served,
) -> Answer {
    // One record of many: its rules are not counted one by one.
    let mut tally = Tally::default();
    let answer = validator.check(record, options, &mut tally);
    served.metrics.judged(tally.records, tally.findings);
    if answer.decision.verdict == Verdict::NotChecked {
        served.metrics.failed_open("deadline");
    }
    answer
}

/// What the query or the envelope says; both only if they agree.
fn once<T: PartialEq>(name: &str, query: Option<T>, envelope: Option<T>) -> Result<Option<T>, Refusal> {
    match (query, envelope) {
        (Some(query), Some(envelope)) if query != envelope => {
            let detail = format!("the query and the body give a different `{name}`; give it once");
            Err(Refusal::member(format!("/{name}"), "given_twice", detail))
        }
        (query, envelope) => Ok(query.or(envelope)),
    }
}
