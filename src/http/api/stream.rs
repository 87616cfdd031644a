//! `POST /v1/validate/stream`: records in, one a line; answers out, one a line, in their order; then a line of counts.
//!
//! Three parties with bounded channels between them: a task that takes parts of the body from the connection, the engine on threads that
//! may block, and the connection that takes lines. Each waits for the next, so memory stays flat however long the stream is.

use std::collections::BTreeMap;
use std::io;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::post;
use actix_web::web;
use actix_web::web::Bytes;
use actix_web::web::Data;
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::http::body;
use crate::http::lanes::Permit;
use crate::http::query::Asked;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::intake;
use crate::intake::Chunks;
use crate::intake::Limits;
use crate::intake::Trouble;
use crate::intake::Unreadable;
use crate::model::Day;
use crate::model::Severity;
use crate::model::Stage;
use crate::model::Tally;
use crate::validator::DueNoted;
use crate::validator::StreamOptions;
use crate::validator::Validator;
use crate::validator::check_stream;

/// Parts of the body, and chunks of lines, that may wait.
const WAITING: usize = 4;
/// How the stream is called where a name is needed.
const NAME: &str = "the stream.ndjson";

/// The parameters of a stream; the same for every record of it.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// The day as at which the records are judged, YYYY-MM-DD; today in London unless given.
    #[param(value_type = Option<String>)]
    pub as_at: Option<Day>,
    /// How far the pieces of work have come.
    pub stage: Option<Stage>,
    /// `findings` unless given; `all` for every outcome.
    #[param(value_type = Option<String>)]
    pub include: bool,
}

impl StreamQuery {
    fn read(query: &str) -> Result<Self, Refusal> {
        let asked = Asked::read(query, &["as_at", "stage", "include"])?;
        Ok(Self { as_at: asked.as_at()?, stage: asked.stage()?, include: asked.include_all()? })
    }
}

/// The last line of a stream.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct TrailerLine {
    /// What came of the stream.
    pub trailer: Trailer,
}

/// What came of a stream. Without it, or with `complete: false`, records are missing.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct Trailer {
    /// Whether every record that was sent was answered.
    pub complete: bool,
    /// Records read.
    pub records: u64,
    /// Records that could not be read; each has a line that says why.
    pub unreadable: u64,
    /// Records with at least one finding.
    pub records_with_findings: u64,
    /// Findings by severity.
    pub findings: BTreeMap<&'static str, u64>,
    /// The day as at which they were judged.
    #[schema(value_type = String)]
    pub as_at: Day,
    /// SHA-256 of the pack.
    pub pack_digest: String,
    /// Why the stream ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<StreamError>,
}

/// Why a stream ended early.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct StreamError {
    /// A stable word.
    pub code: &'static str,
    /// What to do.
    pub detail: String,
}

/// Judges a stream of records.
///
/// NDJSON in (gzip or zstd by `Content-Encoding`), NDJSON out: one line a record, in order, and a last line `{"trailer": …}`.
#[utoipa::path(
    tag = "validate",
    params(StreamQuery),
    request_body(content = String, content_type = "application/x-ndjson", description = "One record a line, each at most 1 MiB"),
    responses(
        (status = 200, description = "One answer a line, as `/v1/validate` gives it without `took_us`, then the trailer", body = TrailerLine, content_type = "application/x-ndjson"),
        Refused
    ),
    security(("key" = []))
)]
#[post("/v1/validate/stream")]
pub async fn validate_stream(
    request: HttpRequest,
    payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let query = StreamQuery::read(request.query_string())?;
    body::expect_type(&request, &["application/x-ndjson", "application/ndjson", "application/jsonl"])?;
    body::expect_coding(&request, &["identity", "gzip", "zstd"])?;
    let options = StreamOptions {
        as_at: query.as_at.unwrap_or_else(|| (served.options.today)()),
        stage: query.stage,
        include_all: query.include,
        file: None,
        with_places: false,
        threads: served.options.workers.max(1),
        baseline: None,
        not_asked: std::sync::Arc::default(),
        across: false,
        due: DueNoted::Soon,
    };
    let (parts_in, parts_out) = mpsc::channel(WAITING);
    let (lines_in, lines_out) = mpsc::channel(WAITING);
    actix_web::rt::spawn(take_body(payload, parts_in, served.options.stream_idle));
    let permit = request.extensions().get::<Permit>().cloned();
    let judge = Judge { served, options, lines: lines_in };
    tokio::task::spawn_blocking(move || {
        judge.all(parts_out);
        drop(permit);
    });
    let lines = stream::unfold(lines_out, |mut lines: mpsc::Receiver<Bytes>| async move {
        let line = lines.recv().await?;
        Some((Ok::<Bytes, io::Error>(line), lines))
    });
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(lines))
}

/// Takes parts of the body from the connection for as long as the engine wants them.
async fn take_body(mut payload: web::Payload, parts: mpsc::Sender<io::Result<Bytes>>, idle: Duration) {
    loop {
        let part = match tokio::time::timeout(idle, payload.next()).await {
            Ok(None) => return,
            Ok(Some(Ok(part))) => Ok(part),
            Ok(Some(Err(_))) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut)),
        };
        let last = part.is_err();
        if parts.send(part).await.is_err() || last {
            return;
        }
    }
}

/// The body as something to read; waits for the next part.
struct Parts {
    parts: mpsc::Receiver<io::Result<Bytes>>,
    held: Bytes,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.held.is_empty() {
            match self.parts.blocking_recv() {
                Some(part) => self.held = part?,
                None => return Ok(0),
            }
        }
        let length = self.held.len().min(buffer.len());
        let taken = self.held.split_to(length);
        if let Some(room) = buffer.get_mut(..length) {
            room.copy_from_slice(&taken);
        }
        Ok(length)
    }
}

/// Why judging ended early.
enum Ended {
    /// The body could not be read on.
    Unreadable(Unreadable),
    /// Nobody takes the answers any more.
    Left,
}

struct Judge {
    served: Data<Served>,
    options: StreamOptions,
    lines: mpsc::Sender<Bytes>,
}

impl Judge {
    /// Judges everything that comes. Blocks.
    fn all(&self, parts: mpsc::Receiver<io::Result<Bytes>>) {
        let validator = Arc::clone(&self.served.in_force.load().validator);
        let limits = Limits { chunk_bytes: 64 * 1024, ..Limits::default() };
        let reader = Parts { parts, held: Bytes::new() };
        let (tally, ended) = match intake::read(NAME, reader, None, &limits) {
            Ok(chunks) => self.check(&validator, chunks),
            Err(Unreadable { trouble: Trouble::Empty, .. }) => (validator.tally(), Ok(())),
            Err(unreadable) => (validator.tally(), Err(Ended::Unreadable(unreadable))),
        };
        self.served.metrics.judged(tally.records, tally.findings);
        let trailer = self.trailer(&validator, &tally, ended);
        let mut line = serde_json::to_vec(&TrailerLine { trailer }).unwrap_or_default();
        line.push(b'\n');
        // Whoever has left does not miss it.
        let _ = self.lines.blocking_send(line.into());
    }

    fn check(&self, validator: &Arc<Validator>, chunks: Chunks) -> (Tally, Result<(), Ended>) {
        let chunks = chunks.map(|chunk| chunk.map_err(Ended::Unreadable));
        check_stream(validator, chunks, &self.options, &|_| {}, |streamed| {
            let lines = Bytes::copy_from_slice(&streamed.lines);
            if lines.is_empty() { Ok(()) } else { self.lines.blocking_send(lines).map_err(|_| Ended::Left) }
        })
    }

    fn trailer(&self, validator: &Validator, tally: &Tally, ended: Result<(), Ended>) -> Trailer {
        let error = match ended {
            Ok(()) => None,
            Err(Ended::Left) => Some(StreamError { code: "left", detail: "the caller went away".to_owned() }),
            Err(Ended::Unreadable(unreadable)) => {
                Some(StreamError { code: unreadable.trouble.code(), detail: unreadable.to_string() })
            }
        };
        let counts = Severity::ALL.iter().zip(tally.findings);
        Trailer {
            complete: error.is_none(),
            records: tally.records,
            unreadable: tally.unreadable,
            records_with_findings: tally.records_with_findings,
            findings: counts.map(|(severity, count)| (severity.word(), count)).collect(),
            as_at: self.options.as_at,
            pack_digest: validator.pack.digest.clone(),
            error,
        }
    }
}
