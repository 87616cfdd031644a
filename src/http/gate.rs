//! What every request goes through: its id, its route's permission and lane, headers of the answer, counts and a log line.

use std::sync::LazyLock;
use std::time::Instant;

use actix_web::Error;
use actix_web::HttpMessage as _;
use actix_web::ResponseError as _;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::http::header::HeaderMap;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::web::Data;
use uuid::Uuid;

use crate::book::inline_hashes;
use crate::http::access;
use crate::http::keys::Caller;
use crate::http::pages;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::routes;
use crate::http::routes::Permission;
use crate::http::routes::Route;
use crate::http::served::Served;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const STRICT: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FOR_JOBS: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                        frame-ancestors 'none'";
const FOR_DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                        connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The book stands alone: its own style and script are in it, and no others run.
static FOR_BOOK: LazyLock<HeaderValue> = LazyLock::new(|| {
    let (style, script) = inline_hashes();
    let policy = format!(
        "default-src 'none'; style-src {style}; script-src {script}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(STRICT))
});

/// Takes a request through; the answer carries its id, and is counted and logged without its query, body or address.
pub async fn gate(
    served: Data<Served>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request_id(request.headers());
    let pattern = request.match_pattern();
    let route = pattern.as_deref().and_then(|pattern| routes::find(request.method().as_str(), pattern));
    let for_people = route.is_some_and(|route| route.permission.is_for_people());
    let mut response = match enter(&request, route, pattern.as_deref(), &served) {
        Ok(()) => in_words(next.call(request).await?.map_into_boxed_body(), for_people),
        Err(refusal) => {
            if matches!(refusal.kind, Kind::Unavailable | Kind::TooMany) {
                served.metrics.failed_open("overload");
            }
            let response =
                if for_people { pages::trouble::shown(&refusal) } else { refusal.error_response() };
            request.into_response(response).map_into_boxed_body()
        }
    };
    let (status, name) = (response.status().as_u16(), route.map_or("none", |route| route.pattern));
    finish(response.headers_mut(), &id, route);
    let took = started.elapsed();
    // Methods of no route are counted as one, so that a caller cannot make new labels.
    let method = route.map_or("other", |route| route.method);
    served.metrics.answered(method, name, status, took.as_secs_f64());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let extensions = response.request().extensions();
    let key = extensions.get::<Caller>().map_or("none", |caller| caller.id.as_str());
    tracing::info!(
        request_id = id.to_str().unwrap_or_default(),
        key,
        method,
        route = name,
        status,
        took_us,
        "answered"
    );
    drop(extensions);
    Ok(response)
}

/// A refusal as a page, where people read it.
fn in_words(response: ServiceResponse<BoxBody>, for_people: bool) -> ServiceResponse<BoxBody> {
    let refusal = response.response().error().and_then(|error| error.as_error::<Refusal>()).cloned();
    match refusal.filter(|_| for_people) {
        Some(refusal) => response.into_response(pages::trouble::shown(&refusal)),
        None => response,
    }
}

/// The key and the lane, before anything of the body is read.
fn enter(
    request: &ServiceRequest,
    route: Option<&'static Route>,
    pattern: Option<&str>,
    served: &Served,
) -> Result<(), Refusal> {
    let Some(route) = route else {
        let methods = pattern.map(routes::methods_of).unwrap_or_default();
        return Err(if methods.is_empty() {
            not_found()
        } else {
            let methods = methods.join(", ");
            let allow = actix_web::http::header::ALLOW;
            Refusal::new(Kind::WrongMethod, format!("use {methods}")).header(allow, methods)
        });
    };
    let caller = access::admit(request.request(), route.permission, served)?;
    if route.method != "GET" {
        access::expect_own_site(request.request())?;
    }
    let permit = served.lanes.enter(route.lane)?;
    let mut extensions = request.extensions_mut();
    if let Some(caller) = caller {
        extensions.insert(caller);
    }
    extensions.insert(permit);
    Ok(())
}

/// Nothing is at this address.
pub fn not_found() -> Refusal {
    Refusal::new(Kind::NotFound, "nothing is at this address; `/docs` lists what is")
}

/// The caller's own id of the request, that of its trace, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let plain = |text: &&str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let own = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(plain);
    let trace = || {
        let parent = headers.get("traceparent")?.to_str().ok()?;
        let trace = parent.split('-').nth(1)?;
        (trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(trace)
    };
    let made = || HeaderValue::from_str(&Uuid::now_v7().to_string());
    own.or_else(trace)
        .map_or_else(made, HeaderValue::from_str)
        .unwrap_or_else(|_| HeaderValue::from_static("none"))
}

fn finish(headers: &mut HeaderMap, id: &HeaderValue, route: Option<&Route>) {
    headers.insert(REQUEST_ID, id.clone());
    let policy = match route {
        Some(route) if route.pattern == "/rules/book" => FOR_BOOK.clone(),
        Some(route) if route.pattern.starts_with("/docs") => HeaderValue::from_static(FOR_DOCS),
        Some(route) if route.permission == Permission::JobsPage => HeaderValue::from_static(FOR_JOBS),
        _ => HeaderValue::from_static(STRICT),
    };
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
