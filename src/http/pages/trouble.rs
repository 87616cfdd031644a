//! What is refused, as a page: the same status and the same words as the interface gives.

use actix_web::HttpResponse;
use actix_web::ResponseError as _;
use actix_web::http::header;
use askama::Template;

use crate::http::refusal::Refusal;

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroubleTemplate<'r> {
    title: &'static str,
    /// Its first letter, and the rest of it.
    first: String,
    rest: &'r str,
}

/// A refusal as people read it.
pub fn shown(refusal: &Refusal) -> HttpResponse {
    let mut response = refusal.error_response();
    let (_, title, detail) = refusal.in_words();
    let mut letters = detail.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let Ok(html) = (TroubleTemplate { title, first, rest: letters.as_str() }).render() else {
        return response;
    };
    let html_type = header::HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html_type);
    response.set_body(actix_web::body::BoxBody::new(html))
}
