//! `/jobs/{id}/forecast`: what falls due, by week as a chart and figures, by team and rule, and one by one.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;

use crate::http::api::forecast::ForecastQuery;
use crate::http::api::forecast::NO_TEAM;
use crate::http::api::jobs::owner;
use crate::http::pages::form::pairs;
use crate::http::pages::form::value;
use crate::http::pages::found::Filter;
use crate::http::pages::found::said;
use crate::http::pages::found::without_cursor;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::Due;
use crate::jobs::Forecast;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::model::Day;
use crate::report::KeptSummary;
use crate::report::counted;
use crate::rules::plain_date;
use crate::store::DueAsked;
use crate::store::JobRow;

/// What falls due of a page.
const PAGE: i64 = 50;

/// The team of records that name none, in words.
const NOBODY: &str = "No team recorded";

/// The most weeks that a chart shows.
const WEEKS: usize = 54;

/// Lengths of the chart, in its own measure: a row, where bars begin, the longest bar.
const ROW: i64 = 28;
const STEP: usize = 28;
const LEFT: i64 = 96;
const LONGEST: i64 = 180;

/// A week of the chart and of the table beneath it.
struct Week {
    label: String,
    count: i64,
    /// Where its bar and its words stand, and how long the bar is.
    y: i64,
    words_y: i64,
    length: i64,
    count_x: i64,
}

/// What falls due, as a person reads it.
struct Shown {
    on: String,
    left: String,
    due: Due,
}

/// The whole of it.
struct Seen {
    total: String,
    /// Nothing at all falls due, on no page.
    nothing: bool,
    /// What the chart shows, in words.
    most: String,
    weeks: Vec<Week>,
    height: i64,
    teams: Vec<(String, i64)>,
    rules: Vec<(String, String, i64)>,
    due: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "forecast.html")]
struct ForecastTemplate {
    job: JobWords,
    from: Day,
    to: Day,
    between: String,
    filters: Vec<Filter>,
    filtered: bool,
    /// Nothing where the job has no forecast; `why` says so.
    seen: Option<Seen>,
    why: String,
    first: Option<String>,
    next: Option<String>,
}

/// Shows what falls due.
#[get("/jobs/{id}/forecast")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let query = said(request.query_string());
    let read = ForecastQuery::read(&query, &["from", "to", "team", "standard", "cursor"])?;
    let jobs = served.jobs()?;
    let job = jobs.job(&owner(&request), &id).await?;
    let asked = DueAsked { limit: PAGE, ..read.of(&job)? };
    let plain = without_cursor(&query);
    let (forecast, why) = match jobs.forecast(&job, &asked).await {
        Ok(forecast) => (Some(forecast), String::new()),
        Err(error @ JobError::NoForecast) => (None, error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let filters = match &forecast {
        Some(forecast) => filters(jobs, &job, &asked, forecast, &pairs(&plain)).await?,
        None => Vec::new(),
    };
    let next = forecast.as_ref().and_then(|forecast| forecast.next.clone());
    let template = ForecastTemplate {
        from: asked.from,
        to: asked.to,
        between: format!("from {} to {}", plain_date(asked.from), plain_date(asked.to)),
        filters,
        filtered: !plain.is_empty(),
        seen: forecast.map(seen),
        why,
        next: next.map(|cursor| {
            if plain.is_empty() { format!("cursor={cursor}") } else { format!("{plain}&cursor={cursor}") }
        }),
        first: (plain != query).then_some(plain),
        job: JobWords::of(&job),
    };
    page(StatusCode::OK, &template)
}

/// The lists to choose from: the teams and the standards of which anything falls due in these days.
async fn filters(
    jobs: &Jobs,
    job: &JobRow,
    asked: &DueAsked,
    forecast: &Forecast,
    chosen: &[(String, String)],
) -> Result<Vec<Filter>, JobError> {
    let all = DueAsked { team: None, standard: None, after: None, limit: 0, ..asked.clone() };
    let other = match (&asked.team, &asked.standard) {
        (None, None) => None,
        _ => Some(jobs.forecast(job, &all).await?),
    };
    let all = other.as_ref().unwrap_or(forecast);
    let mut teams: Vec<(String, String)> = all
        .by_team
        .iter()
        .filter_map(|line| line.team.as_ref())
        .map(|team| (team.clone(), team.clone()))
        .collect();
    teams.sort();
    let is_nobodys = all.by_team.iter().any(|line| line.team.is_none());
    if is_nobodys || value(chosen, "team") == Some(NO_TEAM) {
        teams.push((NO_TEAM.to_owned(), NOBODY.to_owned()));
    }
    let summary = job.summary.as_deref().and_then(KeptSummary::of_text);
    let titles: BTreeMap<String, String> = summary
        .into_iter()
        .flat_map(|summary| summary.standards)
        .map(|standard| (standard.id, standard.title))
        .collect();
    let standards: BTreeMap<String, String> = all
        .by_rule
        .iter()
        .map(|line| {
            let title = titles.get(&line.standard).unwrap_or(&line.standard);
            (line.standard.clone(), title.clone())
        })
        .collect();
    Ok(vec![
        Filter::of("team", "Team", teams, value(chosen, "team")),
        Filter::of("standard", "Standard", standards.into_iter().collect(), value(chosen, "standard")),
    ])
}

fn seen(forecast: Forecast) -> Seen {
    let weeks = weeks(&forecast);
    let total = if forecast.total == 1 {
        "1 duty falls due".to_owned()
    } else {
        format!("{} duties fall due", forecast.total)
    };
    let most = forecast.by_week.iter().max_by_key(|week| (week.count, std::cmp::Reverse(week.monday)));
    let most = most.map_or_else(String::new, |week| {
        let day = plain_date(week.monday);
        format!("Most fall due in the week from Monday {day}: {} of {}", week.count, forecast.total)
    });
    let nobody = || NOBODY.to_owned();
    Seen {
        total,
        nothing: forecast.total == 0,
        most,
        height: ROW * i64::try_from(weeks.len()).unwrap_or(0),
        weeks,
        teams: forecast
            .by_team
            .into_iter()
            .map(|line| (line.team.unwrap_or_else(nobody), line.count))
            .collect(),
        rules: forecast.by_rule.into_iter().map(|line| (line.rule, line.title, line.count)).collect(),
        due: forecast.due.into_iter().map(shown).collect(),
    }
}

/// Every week between the days, those without anything too; none where they are more than a chart shows.
fn weeks(forecast: &Forecast) -> Vec<Week> {
    let longest = forecast.by_week.iter().map(|week| week.count).max().unwrap_or(0).max(1);
    let (first, last) = (forecast.from.monday().number(), forecast.to.monday().number());
    let mut weeks = Vec::new();
    for (number, y) in (first..=last).step_by(7).zip((0_i64..).step_by(STEP)) {
        let Some(day) = Day::from_number(number).filter(|_| weeks.len() < WEEKS) else { return Vec::new() };
        let count = forecast.by_week.iter().find(|week| week.monday == day).map_or(0, |week| week.count);
        let length = count * LONGEST / longest;
        weeks.push(Week {
            label: plain_date(day),
            count,
            y: y + 4,
            words_y: y + 19,
            length,
            count_x: LEFT + length + 6,
        });
    }
    weeks
}

fn shown(due: Due) -> Shown {
    let left = match due.days_left {
        0 => "that very day".to_owned(),
        days => counted(u64::from(days.unsigned_abs()), "day"),
    };
    Shown { on: plain_date(due.due_on), left, due }
}
