//! `/jobs`: the jobs of whoever looks, newest first.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::http::api::jobs::owner;
use crate::http::pages::job_words::Far;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::query::Asked;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::store::JobState;

/// Jobs of a page.
const PAGE: i64 = 25;

struct Line {
    job: JobWords,
    far: String,
    /// Whether it waits for somebody to confirm what its files are.
    held: bool,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsTemplate {
    lines: Vec<Line>,
    next: Option<i64>,
    first: bool,
}

/// Lists the jobs.
#[get("/jobs")]
pub async fn list(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let asked = Asked::read(request.query_string(), &["before"])?;
    let wrong = || Refusal::parameter("before", "unknown_value", "follow the links of the page", []);
    let before = asked.get("before").map(|text| text.parse::<i64>().map_err(|_| wrong())).transpose()?;
    let jobs = served.jobs()?;
    let found = jobs.jobs(&owner(&request), before, PAGE).await?;
    let full = i64::try_from(found.len()).is_ok_and(|length| length == PAGE);
    let next = found.last().filter(|_| full).map(|job| job.job_no);
    let mut lines = Vec::new();
    for job in &found {
        let progress = jobs.progress(job).await?;
        let far = Far::of(job.state, &progress, jobs.pace(job, &progress));
        lines.push(Line { job: JobWords::of(job), far: far.words, held: job.state == JobState::Held });
    }
    page(StatusCode::OK, &JobsTemplate { lines, next, first: before.is_none() })
}
