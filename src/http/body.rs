//! Reads the body of a request: its type, its size, and how long it may take.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::web::BytesMut;
use actix_web::web::Payload;
use futures_util::StreamExt as _;

use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;

/// The largest record, in bytes.
pub const LARGEST: usize = 1 << 20;

/// Refuses a body that is not of one of these media types.
pub fn expect_type(request: &HttpRequest, types: &[&str]) -> Result<(), Refusal> {
    let given =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let media = given.split(';').next().unwrap_or("").trim();
    if types.iter().any(|own| own.eq_ignore_ascii_case(media)) {
        return Ok(());
    }
    let detail = format!("send Content-Type: {}", types.join(" or "));
    Err(Refusal::new(Kind::WrongType, detail).header(header::ACCEPT, types.join(", ")))
}

/// Refuses a body in a content coding other than these.
pub fn expect_coding(request: &HttpRequest, codings: &[&str]) -> Result<(), Refusal> {
    let given = request.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    match given {
        None => Ok(()),
        Some(given) if codings.iter().any(|own| own.eq_ignore_ascii_case(given.trim())) => Ok(()),
        Some(_) => {
            let detail = format!("send Content-Encoding: {}, or none", codings.join(" or "));
            Err(Refusal::new(Kind::WrongType, detail).header(header::ACCEPT_ENCODING, codings.join(", ")))
        }
    }
}

/// Reads a whole body of at most `largest` bytes within `deadline`.
pub async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    largest: usize,
    deadline: Duration,
) -> Result<Bytes, Refusal> {
    let too_large = || {
        Refusal::new(
            Kind::TooLarge,
            format!("the body is longer than {largest} bytes; send it in smaller parts"),
        )
    };
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > largest as u64) {
        return Err(too_large());
    }
    let whole = async {
        let Some(first) = payload.next().await else { return Ok(Bytes::new()) };
        let first = first.map_err(|_| cut_off())?;
        let Some(second) = payload.next().await else { return Ok(first) };
        let mut all =
            BytesMut::with_capacity(length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0));
        all.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(part) = next {
            all.extend_from_slice(&part.map_err(|_| cut_off())?);
            if all.len() > largest {
                return Err(too_large());
            }
            next = payload.next().await;
        }
        Ok(all.freeze())
    };
    let body = tokio::time::timeout(deadline, whole).await.unwrap_or_else(|_| {
        let seconds = deadline.as_secs_f32();
        Err(Refusal::new(
            Kind::TooSlow,
            format!("the body did not arrive within {seconds} seconds; send it again"),
        ))
    })?;
    if body.len() > largest { Err(too_large()) } else { Ok(body) }
}

fn cut_off() -> Refusal {
    Refusal::new(Kind::NotUnderstood, "the body broke off; send all of it")
}
