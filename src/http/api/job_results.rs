//! What came of a job: findings, outcomes, the summary, reports, comparison with another one.

use std::io;
use std::io::Read as _;
use std::sync::Arc;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use actix_web::web::Data;
use actix_web::web::Path;
use futures_util::stream;

use crate::http::api::jobs::owner;
use crate::http::lanes::Permit;
use crate::http::query::Asked;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::jobs::FoundPage;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::OutcomesPage;
use crate::model::Outcome;
use crate::model::Severity;
use crate::report::Comparison;
use crate::report::Form;
use crate::store::FindingsAsked;
use crate::store::JobRow;

/// Bytes of a file that are sent at once.
const PART: usize = 64 << 10;

/// Findings of a page.
const PAGE: i64 = 100;

async fn job_of(request: &HttpRequest, id: &str, served: &Served) -> Result<(Arc<Jobs>, JobRow), Refusal> {
    let jobs = served.jobs()?;
    Ok((Arc::clone(jobs), jobs.job(&owner(request), id).await?))
}

/// Lists the findings of a job, in the order of its records.
#[utoipa::path(
    tag = "jobs",
    params(
        ("id" = String, Path, description = "The job's id"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 1,000; 100 unless given"),
        ("rule" = Option<String>, Query, description = "Only this rule's"),
        ("standard" = Option<String>, Query, description = "Only this standard's"),
        ("outcome" = Option<String>, Query, description = "Only this outcome"),
        ("severity" = Option<String>, Query, description = "Only this severity"),
        ("team" = Option<String>, Query, description = "Only this team's"),
        ("locality" = Option<String>, Query, description = "Only this locality's"),
        ("change" = Option<String>, Query, description = "`new`, `still` or `changed`, against the baseline"),
    ),
    responses((status = 200, description = "A page of findings", body = FoundPage), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}/findings")]
pub async fn list_findings(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = findings_asked(request.query_string())?;
    let (jobs, job) = job_of(&request, &id, &served).await?;
    Ok(HttpResponse::Ok().json(jobs.findings(&job, &asked).await?))
}

/// Reads which findings are asked for.
pub fn findings_asked(query: &str) -> Result<FindingsAsked, Refusal> {
    let known = ["cursor", "limit", "rule", "standard", "outcome", "severity", "team", "locality", "change"];
    let asked = Asked::read(query, &known)?;
    let wrong = |name: &str, detail: &str| Refusal::parameter(name, "unknown_value", detail, []);
    let after = asked.get("cursor").map(|text| {
        let pair = text
            .split_once('.')
            .and_then(|(record, finding)| Some((record.parse().ok()?, finding.parse().ok()?)));
        pair.ok_or_else(|| wrong("cursor", "`cursor` takes `next` of the page before"))
    });
    let limit = asked.get("limit").map(|text| {
        let number = text.parse().ok().filter(|number| (1..=1_000).contains(number));
        number.ok_or_else(|| wrong("limit", "`limit` takes a number from 1 to 1,000"))
    });
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
    let severities: Vec<&str> = Severity::ALL.iter().map(|severity| severity.word()).collect();
    let own = |text: Option<&str>| text.map(str::to_owned);
    Ok(FindingsAsked {
        after: after.transpose()?,
        rule: own(asked.get("rule")),
        standard: own(asked.get("standard")),
        outcome: own(asked.word("outcome", &outcomes)?),
        severity: own(asked.word("severity", &severities)?),
        team: own(asked.get("team")),
        locality: own(asked.get("locality")),
        change: own(asked.word("change", &["new", "still", "changed"])?),
        limit: limit.transpose()?.unwrap_or(PAGE),
    })
}

/// Lists every outcome of the records of a job, passes too.
#[utoipa::path(
    tag = "jobs",
    params(
        ("id" = String, Path, description = "The job's id"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses((status = 200, description = "A page of records", body = OutcomesPage), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}/outcomes")]
pub async fn list_outcomes(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = Asked::read(request.query_string(), &["cursor"])?;
    let wrong =
        || Refusal::parameter("cursor", "unknown_value", "`cursor` takes `next` of the page before", []);
    let from = asked.get("cursor").map_or(Ok(0), |text| text.parse().map_err(|_| wrong()))?;
    let (jobs, job) = job_of(&request, &id, &served).await?;
    Ok(HttpResponse::Ok().json(jobs.outcomes(&job, from).await?))
}

/// Shows the summary of a done job: counts, rates, what could not run, the comparison with its baseline.
#[utoipa::path(
    tag = "jobs",
    params(("id" = String, Path, description = "The job's id")),
    responses((status = 200, description = "The same object as `summary.json` of the command line", body = Object), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}/summary")]
pub async fn show_summary(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let (_, job) = job_of(&request, &id, &served).await?;
    let summary = job.summary.ok_or(JobError::NotDone)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(summary))
}

/// Compares a done job with another one: what is new, still there, changed, fixed and gone since that one.
#[utoipa::path(
    tag = "jobs",
    params(
        ("id" = String, Path, description = "The job's id"),
        ("other" = String, Path, description = "The earlier job's id"),
    ),
    responses((status = 200, description = "The comparison", body = Comparison), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}/compare/{other}")]
pub async fn compare_jobs(
    request: HttpRequest,
    ids: Path<(String, String)>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let (jobs, job) = job_of(&request, &ids.0, &served).await?;
    let other = jobs.job(&owner(&request), &ids.1).await?;
    Ok(HttpResponse::Ok().json(jobs.compare(&job, &other).await?))
}

/// The reports: ending, form, media type. NDJSON is the answers themselves; those that are folders come as an archive.
const REPORTS: [(&str, Form, &str); 6] = [
    ("csv", Form::Csv, "text/csv; charset=utf-8"),
    ("xlsx", Form::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("sarif", Form::Sarif, "application/sarif+json"),
    ("junit", Form::Junit, "application/xml"),
    ("worklists.zip", Form::Worklists, "application/zip"),
    ("star.zip", Form::Star, "application/zip"),
];

/// Gives a report of a done job: the bytes that the command line writes.
#[utoipa::path(
    tag = "jobs",
    params(
        ("id" = String, Path, description = "The job's id"),
        ("form" = String, Path, description = "`ndjson`, `json` (the summary), `csv`, `xlsx`, `sarif`, `junit`, `worklists.zip` or `star.zip`"),
    ),
    responses((status = 200, description = "The report", content_type = "application/octet-stream"), Refused),
    security(("key" = []))
)]
#[get("/v1/jobs/{id}/report.{form}")]
pub async fn show_report(
    request: HttpRequest,
    path: Path<(String, String)>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let (jobs, job) = job_of(&request, &path.0, &served).await?;
    let permit = request.extensions().get::<Permit>().cloned();
    report(jobs, job, &path.1, permit).await
}

/// A report of a job, as it is sent.
pub async fn report(
    jobs: Arc<Jobs>,
    job: JobRow,
    form: &str,
    permit: Option<Permit>,
) -> Result<HttpResponse, Refusal> {
    if job.summary.is_none() {
        return Err(JobError::NotDone.into());
    }
    let named = (CONTENT_DISPOSITION, format!("attachment; filename=\"report.{form}\""));
    match form {
        "ndjson" => {
            let lines = stream::unfold(Some((jobs, job, 0, permit)), |state| async move {
                let (jobs, job, from, permit) = state?;
                match jobs.answers_from(&job, from).await {
                    Ok(Some((next, lines))) => {
                        Some((Ok(Bytes::from(lines)), Some((jobs, job, next, permit))))
                    }
                    Ok(None) => None,
                    // The connection breaks, so that nobody takes a part for the whole.
                    Err(_) => Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None)),
                }
            });
            Ok(HttpResponse::Ok().content_type("application/x-ndjson").insert_header(named).streaming(lines))
        }
        "json" => {
            let summary = job.summary.unwrap_or_default();
            Ok(HttpResponse::Ok().content_type("application/json").insert_header(named).body(summary))
        }
        _ => {
            let known = || {
                let forms: Vec<&str> =
                    ["ndjson", "json"].into_iter().chain(REPORTS.map(|(ending, ..)| ending)).collect();
                Refusal::new(
                    Kind::NotFound,
                    format!("there is no such report; there are {}", forms.join(", ")),
                )
            };
            let (_, form, media) =
                REPORTS.into_iter().find(|(ending, ..)| *ending == form).ok_or_else(known)?;
            let file = match form {
                Form::Worklists | Form::Star => jobs.zipped(&job, form).await?,
                _ => jobs.report(&job, form).await?,
            };
            let length = file.metadata().map_err(JobError::from)?.len();
            let parts = stream::unfold((file, permit), |(mut file, permit)| async move {
                let read = tokio::task::spawn_blocking(move || {
                    let mut part = vec![0; PART];
                    let length = file.read(&mut part);
                    (file, part, length)
                });
                let (file, mut part, length) = read.await.ok()?;
                match length {
                    Ok(0) => None,
                    Ok(length) => {
                        part.truncate(length);
                        Some((Ok(Bytes::from(part)), (file, permit)))
                    }
                    Err(error) => Some((Err(error), (file, permit))),
                }
            });
            let body = actix_web::body::SizedStream::new(length, Box::pin(parts));
            Ok(HttpResponse::Ok().content_type(media).insert_header(named).body(body))
        }
    }
}
