//! `/jobs/{id}/remove`: stops a job that goes on, or forgets one that has ended, once it is confirmed.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;

use crate::http::api::jobs::owner;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::pages::see_other;
use crate::http::refusal::Refusal;
use crate::http::served::Served;

#[derive(Template)]
#[template(path = "remove.html")]
struct RemoveTemplate {
    job: JobWords,
    /// Whether it has ended, so that it is forgotten and not stopped.
    ended: bool,
}

/// Asks whether it is meant.
#[get("/jobs/{id}/remove")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let job = served.jobs()?.job(&owner(&request), &id).await?;
    page(StatusCode::OK, &RemoveTemplate { job: JobWords::of(&job), ended: job.state.has_ended() })
}

/// Stops or forgets it: what the page said, so that one that ended in between is not forgotten unasked.
#[post("/jobs/{id}/remove")]
pub async fn submit(
    request: HttpRequest,
    id: Path<String>,
    payload: actix_web::web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let owner = owner(&request);
    let job = jobs.job(&owner, &id).await?;
    let sent = crate::http::pages::form::read(&request, payload, 1 << 10, &served).await?;
    let forget = crate::http::pages::form::value(&sent, "do") == Some("forget");
    if forget != job.state.has_ended() {
        return Ok(see_other(&format!("/jobs/{}", job.job_id)));
    }
    let forgotten = jobs.remove(&owner, &id).await?;
    let next = if forgotten { "/jobs".to_owned() } else { format!("/jobs/{}", job.job_id) };
    Ok(see_other(&next))
}
