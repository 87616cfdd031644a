//! `/v1/jobs`: submitted, listed, looked at, stopped or forgotten.

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::delete;
use actix_web::get;
use actix_web::http::header;
use actix_web::post;
use actix_web::web;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::calendar::written_utc;
use crate::http::api::job_ask::Asking;
use crate::http::api::job_ask::JobDocument;
use crate::http::api::job_ask::JobForm;
use crate::http::body;
use crate::http::keys::Caller;
use crate::http::parts::Parts;
use crate::http::query::Asked;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::jobs::Ask;
use crate::jobs::Jobs;
use crate::jobs::PreparedFacts;
use crate::store::Delivery;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Progress;

/// The largest JSON document of a new job.
const DOCUMENT: usize = 64 << 10;

/// The longest Idempotency-Key.
const KEY: usize = 255;

/// Whose jobs a page without a key shows.
const NOBODY: &str = "pages";

/// A job that was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TakenJob {
    /// Its id.
    pub job_id: String,
    /// Where it can be looked at.
    pub href: String,
    /// Whether the same request had made it before.
    pub before: bool,
}

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobView {
    /// Its id.
    pub job_id: String,
    /// How far it has come.
    pub state: JobState,
    /// Why it failed, a line a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When it was taken.
    pub created_at: String,
    /// When it last changed its state.
    pub changed_at: String,
    /// What was asked.
    pub ask: Option<Ask>,
    /// How much of it is done.
    pub progress: Progress,
    /// Files or parts of files that could not be read.
    pub failures: Vec<String>,
    /// What the tables were, and what was done to read them; rules that could not run and why are under `not_run`.
    #[schema(value_type = Option<Object>)]
    pub extract: Option<Value>,
    /// Its callbacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub callbacks: Vec<Delivery>,
}

/// A page of jobs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobList {
    /// The jobs, newest first.
    pub jobs: Vec<JobView>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<String>,
}

/// Whose jobs a request is about: its key's.
pub fn owner(request: &HttpRequest) -> String {
    request.extensions().get::<Caller>().map_or_else(|| NOBODY.to_owned(), |caller| caller.id.clone())
}

/// A job as it is shown.
pub async fn view(jobs: &Jobs, job: JobRow) -> Result<JobView, Refusal> {
    let progress = jobs.progress(&job).await?;
    let callbacks = jobs.callbacks(&job).await?;
    let facts: PreparedFacts =
        job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    Ok(JobView {
        job_id: job.job_id,
        state: job.state,
        detail: job.detail,
        created_at: written_utc(job.created_us),
        changed_at: written_utc(job.changed_us),
        ask: serde_json::from_str(&job.ask).ok(),
        progress,
        failures: facts.failures,
        extract: facts.extract.and_then(|extract| serde_json::to_value(extract).ok()),
        callbacks,
    })
}

/// Takes a job.
///
/// `multipart/form-data` with one or more files, or `application/json` with the address of one. 202 once the input is durable; the same
/// request under the same `Idempotency-Key` gives the same job with 200.
#[utoipa::path(
    tag = "jobs",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own name for the request")),
    request_body(content((JobForm = "multipart/form-data"), (JobDocument = "application/json"))),
    responses(
        (status = 202, description = "It is taken", body = TakenJob),
        (status = 200, description = "The same request had made it before", body = TakenJob),
        Refused
    ),
    security(("key" = []))
)]
#[post("/v1/jobs")]
pub async fn submit_job(
    request: HttpRequest,
    payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    Asked::read(request.query_string(), &[])?;
    let taken = take(&request, payload, &served).await?;
    let mut response = if taken.before { HttpResponse::Ok() } else { HttpResponse::Accepted() };
    Ok(response.insert_header((header::LOCATION, taken.href.clone())).json(taken))
}

/// Reads a new job from a request and takes it.
pub async fn take(
    request: &HttpRequest,
    mut payload: web::Payload,
    served: &Data<Served>,
) -> Result<TakenJob, Refusal> {
    let jobs = served.jobs()?;
    body::expect_type(request, &["multipart/form-data", "application/json"])?;
    body::expect_coding(request, &["identity"])?;
    let key = idempotency_key(request)?;
    let mut upload = jobs.upload().await?;
    let mut asking = Asking::new((served.options.today)());
    if body::expect_type(request, &["application/json"]).is_ok() {
        let bytes = body::read(request, &mut payload, DOCUMENT, served.options.body_deadline).await?;
        let document: JobDocument = serde_json::from_slice(&bytes).map_err(|error| {
            let detail = "write an object with `url`, and beside it as_at, stage, include, layout, column, baseline, callback";
            Refusal::member("", "not_a_job", format!("{detail} (line {}, column {})", error.line(), error.column()))
        })?;
        asking.take_document(&document)?;
        jobs.fetch(&document.url, &mut upload).await?;
    } else {
        let mut form = Parts::of(request, payload, served.options.stream_idle).await?;
        asking.take_form(&mut form, &mut upload).await?;
    }
    let (ask, dated) = asking.asked();
    let in_force = served.in_force.load_full();
    let submitted =
        jobs.submit(&owner(request), upload, ask, dated, key.as_deref(), &in_force.catalog).await?;
    let href = format!("/v1/jobs/{}", submitted.job_id);
    Ok(TakenJob { job_id: submitted.job_id, href, before: submitted.before })
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Refusal> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let plain = value.to_str().ok().filter(|text| (1..=KEY).contains(&text.len()));
    let wrong = || Refusal::new(Kind::NotUnderstood, "Idempotency-Key takes 1 to 255 plain letters");
    plain.map(|text| Some(text.to_owned())).ok_or_else(wrong)
}

/// Lists the caller's jobs, newest first.
#[utoipa::path(
    tag = "jobs",
    params(("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "A page of jobs", body = JobList), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs")]
pub async fn list_jobs(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    const PAGE: i64 = 50;
    let asked = Asked::read(request.query_string(), &["cursor"])?;
    let wrong =
        || Refusal::parameter("cursor", "unknown_value", "`cursor` takes `next` of the page before", []);
    let before = asked.get("cursor").map(|text| text.parse::<i64>().map_err(|_| wrong())).transpose()?;
    let jobs = served.jobs()?;
    let found = jobs.jobs(&owner(&request), before, PAGE).await?;
    let next = found.last().filter(|_| i64::try_from(found.len()).is_ok_and(|length| length == PAGE));
    let next = next.map(|job| job.job_no.to_string());
    let mut views = Vec::new();
    for job in found {
        views.push(view(jobs, job).await?);
    }
    Ok(HttpResponse::Ok().json(JobList { jobs: views, next }))
}

/// Shows a job: state, progress, what its input was, rules that could not run and why.
#[utoipa::path(
    tag = "jobs",
    params(("id" = String, Path, description = "The job's id")),
    responses((status = 200, description = "The job", body = JobView), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}")]
pub async fn show_job(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let job = jobs.job(&owner(&request), &id).await?;
    Ok(HttpResponse::Ok().json(view(jobs, job).await?))
}

/// Stops a job that goes on; forgets one that has ended, with everything that was found.
#[utoipa::path(
    tag = "jobs",
    params(("id" = String, Path, description = "The job's id")),
    responses((status = 200, description = "It is stopped, and can be looked at", body = JobView), (status = 204, description = "It is forgotten"), Refused),
    security(("key" = []))
)]
#[delete("/v1/jobs/{id}")]
pub async fn remove_job(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let owner = owner(&request);
    if jobs.remove(&owner, &id).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    let job = jobs.job(&owner, &id).await?;
    Ok(HttpResponse::Ok().json(view(jobs, job).await?))
}

/// Lists callbacks that were given up.
#[utoipa::path(
    tag = "jobs",
    responses((status = 200, description = "The callbacks, newest first", body = Vec<Delivery>), Refused),
    security(("key" = []))
)]
#[get("/v1/dead-letters")]
pub async fn list_dead_letters(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().json(served.jobs()?.dead_letters(&owner(&request)).await?))
}
