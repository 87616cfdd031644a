//! The pages: made on the server, of few parts, and working where no script runs. Templates are in `templates/` and escape what they show.

pub mod demo;
pub mod playground;
pub mod rules;
pub mod shown;

use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
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

/// A template as an answer.
fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Refusal> {
    let html = template.render().map_err(|_| Refusal::new(Kind::Internal, "the page cannot be made"))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
}
