//! `/v1/jobs/{id}/events`: how a job gets on, as server-sent events, until it has ended.

use std::io;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::web::Bytes;
use actix_web::web::Data;
use actix_web::web::Path;
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::api::jobs::owner;
use crate::http::lanes::Permit;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::jobs::Jobs;
use crate::store::JobState;

/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// How a job gets on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobEvent {
    /// How far it has come.
    pub state: JobState,
    /// Records that were answered.
    pub records_done: i64,
    /// Records in all; 0 until they are known.
    pub records: i64,
    /// Findings so far.
    pub findings: i64,
    /// Records a second since this was first looked at.
    pub rate: f64,
    /// Seconds left at that rate; none while it cannot be told.
    pub seconds_left: Option<u64>,
}

struct Watching {
    jobs: Arc<Jobs>,
    owner: String,
    job_id: String,
    since: Instant,
    first: Option<i64>,
    ended: bool,
    _permit: Option<Permit>,
}

impl Watching {
    async fn look(&mut self) -> Result<JobEvent, crate::jobs::JobError> {
        let job = self.jobs.job(&self.owner, &self.job_id).await?;
        let progress = self.jobs.progress(&job).await?;
        let first = *self.first.get_or_insert(progress.records_done);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rate for people, of counts that are small for a float"
        )]
        let rate = (progress.records_done - first) as f64 / self.since.elapsed().as_secs_f64().max(0.001);
        let left = progress.records - progress.records_done;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an estimate for people"
        )]
        let seconds_left = (rate > 0.0 && left > 0).then(|| (left as f64 / rate).ceil() as u64);
        Ok(JobEvent {
            state: job.state,
            records_done: progress.records_done,
            records: progress.records,
            findings: progress.findings,
            rate: (rate * 10.0).round() / 10.0,
            seconds_left,
        })
    }

    async fn next(mut self) -> Option<(Result<Bytes, io::Error>, Self)> {
        if self.ended {
            return None;
        }
        if self.first.is_some() {
            tokio::time::sleep(LOOK).await;
        }
        let text = match self.look().await {
            Ok(event) => {
                self.ended = event.state.has_ended();
                let name = if self.ended { "ended" } else { "progress" };
                let data = serde_json::to_string(&event).unwrap_or_default();
                format!("event: {name}\ndata: {data}\n\n")
            }
            // Forgotten while it was watched, or the store does not answer: the reader asks again.
            Err(_) => {
                self.ended = true;
                "event: lost\ndata: {}\n\n".to_owned()
            }
        };
        Some((Ok(Bytes::from(text)), self))
    }
}

/// Watches a job until it has ended.
///
/// Server-sent events: `progress` twice a second, and one `ended`.
#[utoipa::path(
    tag = "jobs",
    params(("id" = String, Path, description = "The job's id")),
    responses((status = 200, description = "Events whose data is this", body = JobEvent, content_type = "text/event-stream"), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}/events")]
pub async fn watch_job(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = Arc::clone(served.jobs()?);
    let owner = owner(&request);
    jobs.job(&owner, &id).await?;
    let permit = request.extensions().get::<Permit>().cloned();
    let job_id = id.into_inner();
    let watching =
        Watching { jobs, owner, job_id, since: Instant::now(), first: None, ended: false, _permit: permit };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .streaming(stream::unfold(watching, Watching::next)))
}
