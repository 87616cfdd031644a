//! `/v1/forecast`: what falls due between two days, of the records of a job.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::web::Data;

use crate::http::api::jobs::owner;
use crate::http::query::Asked;
use crate::http::query::Faults;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::jobs::Ask;
use crate::jobs::Forecast;
use crate::jobs::JobError;
use crate::model::Day;
use crate::store::DueAsked;
use crate::store::JobRow;

/// What falls due of a page.
const PAGE: i64 = 100;

/// How far ahead the last day lies unless `to` says otherwise: with the first day these are four weeks.
const AHEAD: i32 = 27;

/// How a caller asks for what falls due of records that name no team.
pub const NO_TEAM: &str = "(none)";

/// What a caller asks for before it is known of which job.
#[derive(Debug)]
pub struct ForecastQuery {
    /// The job's id.
    pub job: Option<String>,
    from: Option<Day>,
    to: Option<Day>,
    asked: DueAsked,
}

impl ForecastQuery {
    /// Reads what is asked for; every fault is said at once.
    pub fn read(query: &str, known: &[&str]) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let asked = Asked::read_on(query, known, &mut faults);
        let wrong = |name: &str, detail: &str| Refusal::parameter(name, "unknown_value", detail, []);
        let after = asked.get("cursor").map(|text| {
            place(text).ok_or_else(|| wrong("cursor", "`cursor` takes `next` of the page before"))
        });
        let limit = asked.get("limit").map(|text| {
            let number = text.parse().ok().filter(|number| (1..=1_000).contains(number));
            number.ok_or_else(|| wrong("limit", "`limit` takes a number from 1 to 1,000"))
        });
        let after = faults.take(after.transpose()).flatten();
        let limit = faults.take(limit.transpose()).flatten().unwrap_or(PAGE);
        let from = faults.take(asked.day("from")).flatten();
        let to = faults.take(asked.day("to")).flatten();
        if let (Some(from), Some(to)) = (from, to) {
            faults.take(in_order(from, to));
        }
        faults.end()?;
        let own = |name: &str| asked.get(name).map(str::to_owned);
        let team = own("team").map(|team| if team == NO_TEAM { String::new() } else { team });
        let asked = DueAsked {
            from: Day::FIRST,
            to: Day::LAST,
            rule: own("rule"),
            standard: own("standard"),
            team,
            locality: own("locality"),
            worker: own("worker"),
            after,
            limit,
        };
        Ok(Self { job: own("job"), from, to, asked })
    }

    /// The same of a job: four weeks that begin with the day as at which it judged, unless days were given.
    pub fn of(self, job: &JobRow) -> Result<DueAsked, Refusal> {
        let as_at = Ask::of_text(&job.ask).ok_or(JobError::Broken)?.as_at;
        let from = self.from.unwrap_or(as_at);
        let to = self.to.unwrap_or_else(|| from.plus_days(AHEAD).unwrap_or(Day::LAST));
        in_order(from, to)?;
        Ok(DueAsked { from, to, ..self.asked })
    }
}

/// Two days in their order; the second may be the first.
fn in_order(from: Day, to: Day) -> Result<(), Refusal> {
    let detail = || format!("`to` takes a day that is not before `from`, which is {from}");
    if to < from { Err(Refusal::parameter("to", "before_from", detail(), [])) } else { Ok(()) }
}

/// The place after which a page begins.
fn place(text: &str) -> Option<(Day, i64, i64)> {
    let mut parts = text.split('.');
    let place = (Day::parse(parts.next()?)?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}

/// Says what falls due between two days.
///
/// Of the caller's job that was taken last and is done, unless `job` names another: what is not yet due on the day as at which its records
/// were judged and falls due between `from` and `to`, both included. What is overdue is a finding of the job, and not here. The counts are of all
/// that is asked for, not only of the page. A job that an earlier version judged has no forecast, and that is a 409.
#[utoipa::path(
    tag = "jobs",
    params(
        ("job" = Option<String>, Query, description = "The job's id; the caller's job that was taken last and is done unless given"),
        ("from" = Option<String>, Query, description = "The first day; the job's `as_at` unless given"),
        ("to" = Option<String>, Query, description = "The last day, included; the last of 28 days that begin with `from` unless given"),
        ("team" = Option<String>, Query, description = "Only this team's; `(none)` for records that name no team"),
        ("locality" = Option<String>, Query, description = "Only this locality's"),
        ("worker" = Option<String>, Query, description = "Only this social worker's, by id"),
        ("standard" = Option<String>, Query, description = "Only this standard's"),
        ("rule" = Option<String>, Query, description = "Only this rule's"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 1,000; 100 unless given"),
    ),
    responses((status = 200, description = "What falls due", body = Forecast), Refused),
    security(("key" = []))
)]
#[get("/v1/forecast")]
pub async fn show_forecast(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let known = ["job", "from", "to", "team", "locality", "worker", "standard", "rule", "cursor", "limit"];
    let query = ForecastQuery::read(request.query_string(), &known)?;
    let jobs = served.jobs()?;
    let owner = owner(&request);
    let job = match &query.job {
        Some(id) => jobs.job(&owner, id).await?,
        None => jobs.last_done(&owner).await?,
    };
    let asked = query.of(&job)?;
    Ok(HttpResponse::Ok().json(jobs.forecast(&job, &asked).await?))
}
