//! The OpenAPI document, made of the types and routes, and the page on which people read it.

use actix_web::App;
use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web;
use utoipa::Modify;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::Http;
use utoipa::openapi::security::HttpAuthScheme;
use utoipa::openapi::security::SecurityScheme;
use utoipa_actix_web::AppExt as _;
use utoipa_swagger_ui::SwaggerUi;

use crate::http::routes;

/// What the document says of the whole.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "casecheck",
        description = "Checks case records of children in care against recording standards, while they can still be put right. \
                       Errors of a call are `application/problem+json` (RFC 9457); a bad record is never an error of the call. \
                       Ids of children and content of records belong in bodies only, never in an address.",
    ),
    modifiers(&Keys),
    tags(
        (name = "validate", description = "Judging records."),
        (name = "jobs", description = "Judging files of records and extracts in bulk."),
        (name = "rules", description = "What records are judged by."),
    )
)]
struct Whole;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("key", bearer);
    }
}

/// The OpenAPI 3.1 document of the API.
pub fn document() -> OpenApi {
    let (_, document) =
        App::new().into_utoipa_app().openapi(Whole::openapi()).configure(routes::api).split_for_parts();
    document
}

/// Puts `/openapi.json` and `/docs` into a service.
pub fn browsable(config: &mut web::ServiceConfig) {
    config.route(
        "/docs",
        web::get()
            .to(|| async { HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish() }),
    );
    config.service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", document()));
}
