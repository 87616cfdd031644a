//! The pages: made on the server, of few parts, and working where no script runs. Templates are in `templates/` and escape what they show.

pub mod children;
pub mod demo;
pub mod forecast;
pub mod form;
pub mod found;
pub mod job;
pub mod job_rules;
pub mod job_words;
pub mod jobs;
pub mod playground;
pub mod recognised;
pub mod remove;
pub mod results;
pub mod rules;
pub mod seen;
pub mod shown;
pub mod trouble;
pub mod upload;

use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::http::header::LOCATION;
use askama::Template;

use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;

/// The style sheet of every page.
#[get("/assets/casecheck.css")]
pub async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(include_str!("../../../templates/casecheck.css"))
}

/// The script of the pages about jobs, which work without it too.
#[get("/assets/upload.js")]
pub async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(include_str!("../../../templates/upload.js"))
}

/// Sends a browser on to another page.
fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// A template as an answer.
fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Refusal> {
    let html = template.render().map_err(|_| Refusal::new(Kind::Internal, "the page cannot be made"))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
}
