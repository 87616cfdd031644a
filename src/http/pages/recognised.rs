//! `/upload/{id}`: what uploaded files were taken for, before anything is checked. Columns are confirmed here, the layout may be named,
//! and the job goes on; its files are not sent again.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;

use crate::extracts::Confirmed;
use crate::http::api::job_ask::COLUMNS;
use crate::http::api::jobs::owner;
use crate::http::pages::form;
use crate::http::pages::form::FormError;
use crate::http::pages::form::value;
use crate::http::pages::job_words::Far;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::pages::results::ExtractWords;
use crate::http::pages::see_other;
use crate::http::pages::seen::SeenFile;
use crate::http::pages::seen::Tick;
use crate::http::pages::seen::files;
use crate::http::pages::seen::ticks;
use crate::http::pages::seen::troubles;
use crate::http::pages::upload::Choice;
use crate::http::pages::upload::day_or_today;
use crate::http::pages::upload::is_layout;
use crate::http::pages::upload::layouts;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::PreparedFacts;
use crate::jobs::Wish;
use crate::report::counted;
use crate::store::JobRow;
use crate::store::JobState;

/// The largest form.
const FORM: usize = 256 << 10;

/// Troubles that are shown of one input.
const TROUBLES: usize = 20;

#[derive(Template)]
#[template(path = "recognised.html")]
struct RecognisedTemplate {
    job: JobWords,
    /// Why nothing can be checked; empty where something can.
    nothing: bool,
    records: String,
    files: Vec<SeenFile>,
    troubles: Vec<String>,
    more_troubles: usize,
    ticks: Vec<Tick>,
    typed: String,
    layouts: Vec<Choice>,
    as_at: String,
    extract: Option<ExtractWords>,
    errors: Vec<FormError>,
}

impl RecognisedTemplate {
    fn error(&self, field: &str) -> Option<&FormError> {
        self.errors.iter().find(|error| error.field == field)
    }
}

#[derive(Template)]
#[template(path = "reading.html")]
struct ReadingTemplate {
    job: JobWords,
    far: Far,
}

fn filled(
    job: &JobRow,
    served: &Served,
    sent: Option<&[(String, String)]>,
) -> Result<RecognisedTemplate, Refusal> {
    let damaged = || Refusal::from(JobError::Broken);
    let ask = Ask::of_text(&job.ask).ok_or_else(damaged)?;
    let facts: PreparedFacts =
        job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok()).ok_or_else(damaged)?;
    let records = u64::try_from(job.records.unwrap_or(0)).unwrap_or(0);
    let text = |name: &str| sent.and_then(|sent| value(sent, name)).map(str::to_owned);
    let troubles = troubles(&facts);
    let layout = text("layout").or_else(|| ask.layout.clone()).unwrap_or_default();
    Ok(RecognisedTemplate {
        job: JobWords::of(job),
        nothing: records == 0,
        records: counted(records, "record"),
        files: files(&ask, &facts),
        more_troubles: troubles.len().saturating_sub(TROUBLES),
        troubles: troubles.into_iter().take(TROUBLES).collect(),
        ticks: ticks(&ask, &facts),
        typed: text("more").unwrap_or_default(),
        layouts: layouts(served, &layout),
        as_at: text("as_at").unwrap_or_else(|| ask.as_at.to_string()),
        extract: facts.extract.as_ref().map(ExtractWords::of),
        errors: Vec::new(),
    })
}

/// Shows what the files were taken for, or that they are still being read.
#[get("/upload/{id}")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let job = jobs.job(&owner(&request), &id).await?;
    match job.state {
        JobState::Held => page(StatusCode::OK, &filled(&job, &served, None)?),
        JobState::Waiting => {
            let far = Far::of(job.state, &jobs.progress(&job).await?, None);
            page(StatusCode::OK, &ReadingTemplate { job: JobWords::of(&job), far })
        }
        _ => Ok(see_other(&format!("/jobs/{}", job.job_id))),
    }
}

/// Lets the job go on, reads its files again as the form says, or removes them.
#[post("/upload/{id}")]
pub async fn submit(
    request: HttpRequest,
    id: Path<String>,
    payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let owner = owner(&request);
    let job = jobs.job(&owner, &id).await?;
    let sent = form::read(&request, payload, FORM, &served).await?;
    let step = value(&sent, "do").unwrap_or_default();
    if !["check", "again", "remove"].contains(&step) {
        return Err(Refusal::new(Kind::NotUnderstood, "choose what to do with the buttons of the page"));
    }
    // Somebody has let it go already, perhaps from another window or by pressing twice: its page says how far it is.
    let elsewhere = || Ok(see_other(&format!("/jobs/{}", job.job_id)));
    if !matches!(job.state, JobState::Held | JobState::Waiting) {
        return elsewhere();
    }
    if step == "remove" {
        // Stopped first, and then forgotten: nothing was found yet.
        if !jobs.remove(&owner, &id).await? {
            jobs.remove(&owner, &id).await?;
        }
        return Ok(see_other("/upload"));
    }
    let mut errors = Vec::new();
    let wish = wish(&sent, &served, step == "again", &mut errors);
    if let (Some(wish), []) = (wish, errors.as_slice()) {
        let hold = wish.hold;
        return match jobs.let_go(&owner, &id, wish).await {
            Ok(()) if hold => Ok(see_other(&format!("/upload/{}", job.job_id))),
            Ok(()) | Err(JobError::NotHeld) => elsewhere(),
            Err(error) => Err(error.into()),
        };
    }
    if job.state != JobState::Held {
        return elsewhere();
    }
    let mut template = filled(&job, &served, Some(&sent))?;
    template.errors = errors;
    page(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

/// What the form asks for.
fn wish(sent: &[(String, String)], served: &Served, hold: bool, errors: &mut Vec<FormError>) -> Option<Wish> {
    let text = |name: &str| value(sent, name).map(str::trim).filter(|text| !text.is_empty());
    let layout = text("layout").map(str::to_owned);
    if layout.as_deref().is_some_and(|name| !is_layout(served, name)) {
        errors.push(FormError::new("layout", "Choose a layout from the list"));
    }
    let ticked = sent.iter().filter(|(name, _)| name == "column").map(|(_, text)| text.as_str());
    let typed = text("more").unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    let columns: Vec<Option<Confirmed>> =
        ticked.chain(typed).take(COLUMNS + 1).map(|line| column(line, served)).collect();
    if columns.len() > COLUMNS {
        errors.push(FormError::new("more", format!("Confirm at most {COLUMNS} columns")));
    } else if columns.iter().any(Option::is_none) {
        let message = "Write each line as the name in your file, an equals sign, and a column of the layout";
        errors.push(FormError::new("more", message));
    }
    let mut columns: Vec<Confirmed> = columns.into_iter().flatten().collect();
    columns.sort();
    columns.dedup();
    let (as_at, _) = day_or_today(text("as_at"), served, errors);
    Some(Wish { as_at: as_at?, layout, columns, hold })
}

/// `name in the file=COLUMN`, where there is such a column.
fn column(line: &str, served: &Served) -> Option<Confirmed> {
    let confirmed = Confirmed::parse(line)?;
    let in_force = served.in_force.load();
    let mut columns =
        in_force.catalog.layouts.iter().flat_map(|layout| &layout.tables).flat_map(|table| &table.columns);
    columns.any(|own| own.name == confirmed.column).then_some(confirmed)
}
