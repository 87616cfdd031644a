//! `/jobs/{id}`: how far a job is, live; and, once it is done, what came of it, with its files.

use std::sync::Arc;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;

use crate::http::api::job_events::JobEvent;
use crate::http::api::job_events::events;
use crate::http::api::job_results::report;
use crate::http::api::jobs::owner;
use crate::http::lanes::Permit;
use crate::http::pages::job_words::Far;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::pages::results::OUTCOMES;
use crate::http::pages::results::Results;
use crate::http::pages::see_other;
use crate::http::pages::seen::troubles;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::Ask;
use crate::jobs::Hold;
use crate::jobs::Pace;
use crate::report::KeptSummary;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Progress;

/// The files that can be downloaded: the ending, and what it is for.
const FILES: [(&str, &str, &str); 8] = [
    ("xlsx", "Workbook", "for people: a cover, the figures, a sheet of findings, what they rest on"),
    ("csv", "Table", "every finding, a line each"),
    ("worklists.zip", "Worklists", "a table for each team and each worker"),
    ("star.zip", "Star of tables", "for tools that draw figures"),
    ("ndjson", "Answers", "for programs: every record with its findings"),
    ("json", "Summary", "for programs: the figures of this page"),
    ("sarif", "SARIF", "for tools that show findings beside files"),
    ("junit", "JUnit", "for tools that show test results"),
];

#[derive(Template)]
#[template(path = "job.html")]
struct JobTemplate {
    job: JobWords,
    far: Far,
    detail: Vec<String>,
    /// Files, or parts of them, that could not be read.
    troubles: Vec<String>,
    results: Option<Results>,
    heads: Vec<&'static str>,
    files: &'static [(&'static str, &'static str, &'static str)],
}

impl JobTemplate {
    fn runs(&self) -> bool {
        !self.far.state.has_ended()
    }
}

/// Shows a job. One whose files are still to be looked at is shown by the page of its upload.
#[get("/jobs/{id}")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let job = jobs.job(&owner(&request), &id).await?;
    let ask = Ask::of_text(&job.ask);
    let is_held = job.state == JobState::Waiting && ask.as_ref().is_some_and(|ask| ask.hold == Hold::Always);
    if is_held || job.state == JobState::Held {
        return Ok(see_other(&format!("/upload/{}", job.job_id)));
    }
    let progress = jobs.progress(&job).await?;
    let far = Far::of(job.state, &progress, jobs.pace(&job, &progress));
    let summary = job.summary.as_deref().and_then(KeptSummary::of_text);
    let baseline = ask.and_then(|ask| ask.baseline);
    let facts: Option<crate::jobs::PreparedFacts> =
        job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let template = JobTemplate {
        detail: job.detail.as_deref().unwrap_or_default().lines().map(str::to_owned).collect(),
        troubles: facts.as_ref().map(troubles).unwrap_or_default(),
        results: summary.map(|summary| Results::of(&job.job_id, &summary, baseline.as_deref())),
        heads: OUTCOMES.iter().map(|(_, head)| *head).collect(),
        files: &FILES,
        job: JobWords::of(&job),
        far,
    };
    page(StatusCode::OK, &template)
}

fn written(event: &JobEvent, job: &JobRow) -> String {
    let progress =
        Progress { records_done: event.records_done, records: event.records, findings: event.findings };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate for people, and never below nothing"
    )]
    let rate = event.rate.max(0.0) as u64;
    let pace = event.seconds_left.map(|seconds_left| Pace { rate: rate.max(1), seconds_left });
    serde_json::to_string(&Far::of(job.state, &progress, pace)).unwrap_or_default()
}

/// Tells a page how far its job is, until it has ended or waits for somebody.
#[get("/jobs/{id}/events")]
pub async fn watch(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = Arc::clone(served.jobs()?);
    let owner = owner(&request);
    jobs.job(&owner, &id).await?;
    let until = |state: JobState| state.has_ended() || state == JobState::Held;
    Ok(events(&request, jobs, owner, id.into_inner(), written, until))
}

/// Gives a file of a done job.
#[get("/jobs/{id}/report.{form}")]
pub async fn download(
    request: HttpRequest,
    path: Path<(String, String)>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = Arc::clone(served.jobs()?);
    let job = jobs.job(&owner(&request), &path.0).await?;
    let permit = request.extensions().get::<Permit>().cloned();
    report(jobs, job, &path.1, permit).await
}
