//! `/live`, `/ready` and `/metrics`, on a listener of their own so that no load on the others turns them red.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::ServiceConfig;
use actix_web::web::get;
use serde_json::json;

use crate::http::served::Served;

/// Puts the three into a service.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/live", get().to(live))
        .route("/ready", get().to(ready))
        .route("/metrics", get().to(metrics));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body("{\"live\":true}")
}

/// Red until the rules in force have passed their own tests here, and again while the service stops.
async fn ready(served: Data<Served>) -> HttpResponse {
    let in_force = served.in_force.load();
    let pack = &in_force.catalog.pack;
    let failed = served.failed.load();
    let body = json!({
        "ready": served.is_ready(),
        "pack": { "name": pack.name, "version": pack.version, "digest": pack.digest },
        "refused": failed.as_deref(),
    });
    let mut response =
        if served.is_ready() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.content_type("application/json").body(body.to_string())
}

async fn metrics(served: Data<Served>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(served.metrics.text())
}
