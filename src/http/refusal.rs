//! Errors of the call, as RFC 9457 says them. A bad record is never one of these.

use std::fmt;

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;
use actix_web::http::header;
use utoipa::IntoResponses;
use utoipa::ToSchema;

use crate::intake::Malformed;
use crate::jobs::JobError;
use crate::store::StoreError;

/// Makes the table of refusals: name, status, stable code, title.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal $title:literal;)+) => {
        /// Why a call was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            const fn about(self) -> (u16, &'static str, &'static str) {
                match self { $(Self::$name => ($status, $code, $title)),+ }
            }
        }
    };
}

kinds! {
    /// The body is not JSON as this system reads it.
    Malformed = 400 "malformed-json" "The body is not JSON that can be read without loss";
    /// A parameter or a member of the body is not understood.
    NotUnderstood = 400 "not-understood" "A part of the request is not understood";
    /// There is no key, or none that is known.
    NoKey = 401 "no-key" "A valid key is needed";
    /// The key's roles do not reach so far.
    Forbidden = 403 "forbidden" "This key may not do that";
    /// Another site's page made a browser send it.
    CrossSite = 403 "cross-site" "This was sent from another site";
    /// Nothing is here.
    NotFound = 404 "not-found" "Nothing is here";
    /// Not with this method.
    WrongMethod = 405 "wrong-method" "This address does not take that method";
    /// The job is not so far, or has ended.
    NotYet = 409 "not-yet" "What is asked for is not there yet";
    /// The same key was used for another request.
    KeyTaken = 422 "idempotency-key-taken" "The Idempotency-Key belongs to another request";
    /// The body came too slowly.
    TooSlow = 408 "too-slow" "The body took too long to arrive";
    /// The body is too large.
    TooLarge = 413 "too-large" "The body is too large";
    /// The body is of another type.
    WrongType = 415 "wrong-content-type" "The body is not of a type that is read here";
    /// Too many like requests are in flight.
    TooMany = 429 "too-many-requests" "Too many requests are being answered";
    /// We failed.
    Internal = 500 "internal" "The service failed";
    /// There is no room.
    Full = 507 "no-room" "There is no room to keep the input";
    /// Not now.
    Unavailable = 503 "unavailable" "The service cannot answer now";
}

/// One thing that is wrong in a request.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct Wrong {
    /// Where in the body, as a JSON Pointer; empty for the body itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The parameter of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// A stable word.
    pub code: String,
    /// The line of the body, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The character of the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// What to do, without a word of the body.
    pub detail: String,
    /// What would have been right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

/// An error of the call as `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct ProblemDocument {
    /// A stable address that names the kind of error.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// Each thing that is wrong.
    pub errors: Vec<Wrong>,
    /// `not_checked`, where a record might have been judged and was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'static str>,
}

/// The errors of a call, for the description of the interface.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes what `Refusal` answers; nothing makes one")]
pub enum Refused {
    /// The body is not JSON that can be read without loss, or a part of the request is not understood.
    #[response(status = 400, content_type = "application/problem+json")]
    Bad(ProblemDocument),
    /// A valid key is needed.
    #[response(status = 401, content_type = "application/problem+json")]
    NoKey(ProblemDocument),
    /// The key may not do that.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemDocument),
    /// Nothing is here.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemDocument),
    /// The body took too long to arrive.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(ProblemDocument),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemDocument),
    /// The body is not of a type that is read here.
    #[response(status = 415, content_type = "application/problem+json")]
    WrongType(ProblemDocument),
    /// Too many requests are being answered; `Retry-After` says when to try again.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(ProblemDocument),
    /// The job has not come so far, or has ended.
    #[response(status = 409, content_type = "application/problem+json")]
    NotYet(ProblemDocument),
    /// The Idempotency-Key belongs to another request.
    #[response(status = 422, content_type = "application/problem+json")]
    KeyTaken(ProblemDocument),
    /// There is no room for the input.
    #[response(status = 507, content_type = "application/problem+json")]
    Full(ProblemDocument),
    /// The service failed; nothing was checked.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(ProblemDocument),
    /// The service cannot answer now; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDocument),
}

/// A call that is refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Why.
    pub kind: Kind,
    detail: String,
    errors: Vec<Wrong>,
    extra: Option<(header::HeaderName, String)>,
}

impl Refusal {
    /// Refuses, and says what to do.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), extra: None }
    }

    /// The same with one thing that is wrong.
    #[must_use]
    pub fn with(mut self, wrong: Wrong) -> Self {
        self.errors.push(wrong);
        self
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.extra = Some((name, value.into()));
        self
    }

    /// A value of the query that is not understood.
    pub fn parameter<'a>(
        name: &str,
        code: &str,
        detail: impl Into<String>,
        allowed: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let allowed = allowed.into_iter().map(str::to_owned).collect();
        let wrong = Wrong { allowed, ..Self::wrong_parameter(name, code, detail) };
        Self::new(Kind::NotUnderstood, wrong.detail.clone()).with(wrong)
    }

    /// One parameter or part that is not understood, for a refusal that says several.
    pub fn wrong_parameter(name: &str, code: &str, detail: impl Into<String>) -> Wrong {
        Wrong {
            pointer: None,
            parameter: Some(name.to_owned()),
            code: code.to_owned(),
            line: None,
            column: None,
            detail: detail.into(),
            allowed: Vec::new(),
        }
    }

    /// This refusal and another one of the same request, so that everything that is wrong is said at once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.errors.extend(other.errors);
        self.detail =
            format!("{} parts of the request are not understood; each is listed", self.errors.len());
        self
    }

    /// One member of the body that is not understood, for a refusal that says several.
    pub fn wrong_member(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Wrong {
        Wrong {
            pointer: Some(pointer.into()),
            parameter: None,
            code: code.to_owned(),
            line: None,
            column: None,
            detail: detail.into(),
            allowed: Vec::new(),
        }
    }

    /// A member of the body that is not understood.
    pub fn member(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(Kind::NotUnderstood, detail.clone()).with(Self::wrong_member(pointer, code, detail))
    }

    /// The status, the title and what to do, for a page.
    pub fn in_words(&self) -> (StatusCode, &'static str, &str) {
        (self.status_code(), self.kind.about().2, &self.detail)
    }

    /// The body as the world sees it.
    pub fn document(&self) -> ProblemDocument {
        let (status, code, title) = self.kind.about();
        let unchecked = matches!(status, 408 | 429 | 500 | 503);
        ProblemDocument {
            kind: format!("https://casecheck.example/problems/{code}"),
            title: title.to_owned(),
            status,
            detail: self.detail.clone(),
            errors: self.errors.clone(),
            verdict: unchecked.then_some("not_checked"),
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        let kind =
            if malformed.fault == crate::intake::Fault::TooLarge { Kind::TooLarge } else { Kind::Malformed };
        Self::new(kind, malformed.to_string()).with(Wrong {
            pointer: Some(malformed.pointer.to_string()),
            parameter: None,
            code: malformed.fault.code().to_owned(),
            line: Some(malformed.line),
            column: Some(malformed.column),
            detail: malformed.fault.advice().to_owned(),
            allowed: Vec::new(),
        })
    }
}

impl From<JobError> for Refusal {
    fn from(error: JobError) -> Self {
        let kind = match &error {
            JobError::NoFile | JobError::Address(_) | JobError::NoBaseline => Kind::NotUnderstood,
            JobError::TooLarge(_) => Kind::TooLarge,
            JobError::KeyTaken => Kind::KeyTaken,
            JobError::NoJob => Kind::NotFound,
            JobError::NotDone
            | JobError::NoneDone
            | JobError::NoForecast
            | JobError::NotHeld
            | JobError::NoBasis => Kind::NotYet,
            JobError::Full | JobError::Store(StoreError::Full) => Kind::Full,
            JobError::Store(error) if error.is_passing() => Kind::Unavailable,
            JobError::Store(_) | JobError::Folder(_) | JobError::Report(_) | JobError::Broken => {
                Kind::Internal
            }
        };
        if matches!(kind, Kind::Internal | Kind::Unavailable | Kind::Full) {
            tracing::error!(%error, "a job could not be answered for");
        }
        Self::new(kind, error.to_string())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.detail)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.about().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        if matches!(self.kind, Kind::TooMany | Kind::Unavailable) {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        if matches!(self.kind, Kind::TooSlow | Kind::TooLarge) {
            response.force_close();
        }
        if let Some((name, value)) = &self.extra {
            response.insert_header((name.clone(), value.as_str()));
        }
        response.body(serde_json::to_vec(&self.document()).unwrap_or_default())
    }
}
