//! The parts of a form as they come: each is waited for, and no longer than a body may stand still. Whoever asks for them keeps what they
//! need; nothing is held here.

use std::time::Duration;

use actix_multipart::Field;
use actix_multipart::Multipart;
use actix_web::FromRequest as _;
use actix_web::HttpRequest;
use actix_web::web::Bytes;
use actix_web::web::Payload;
use futures_util::StreamExt as _;

use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;

/// The parts of a form.
pub struct Parts {
    form: Multipart,
    idle: Duration,
}

/// One part of a form.
pub struct Part {
    field: Field,
    idle: Duration,
    /// Its name; empty where it has none.
    pub name: String,
    /// The name of its file, where it is one.
    pub file: Option<String>,
}

fn broken() -> Refusal {
    Refusal::new(Kind::NotUnderstood, "the form broke off or is none: nothing was kept, send all of it")
}

fn slow() -> Refusal {
    Refusal::new(Kind::TooSlow, "nothing came for too long: nothing was kept, send it again")
}

impl Parts {
    /// The parts of a request's body; `idle` is how long it may stand still.
    pub async fn of(request: &HttpRequest, payload: Payload, idle: Duration) -> Result<Self, Refusal> {
        let form = Multipart::from_request(request, &mut payload.into_inner()).await.map_err(|_| {
            Refusal::new(Kind::NotUnderstood, "the form has no boundary: send multipart/form-data")
        })?;
        Ok(Self { form, idle })
    }

    /// The next part; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<Part>, Refusal> {
        let next = tokio::time::timeout(self.idle, self.form.next()).await.map_err(|_| slow())?;
        let Some(field) = next else { return Ok(None) };
        let field = field.map_err(|_| broken())?;
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.content_disposition().and_then(|about| about.get_filename().map(str::to_owned));
        Ok(Some(Part { field, idle: self.idle, name, file }))
    }
}

impl Part {
    /// More of what it holds; nothing at its end.
    pub async fn more(&mut self) -> Result<Option<Bytes>, Refusal> {
        let next = tokio::time::timeout(self.idle, self.field.next()).await.map_err(|_| slow())?;
        next.transpose().map_err(|_| broken())
    }
}
