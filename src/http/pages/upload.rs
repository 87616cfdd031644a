//! `/upload`: files, the day and the layout, sent once. They become a job that is held, so that `recognised` can show what they were
//! taken for before anything is checked.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web;
use actix_web::web::Data;
use askama::Template;

use crate::http::api::job_ask::read_form;
use crate::http::api::jobs::owner;
use crate::http::pages::form;
use crate::http::pages::form::FormError;
use crate::http::pages::form::value;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::job_words::size_words;
use crate::http::pages::page;
use crate::http::pages::see_other;
use crate::http::parts::Parts;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::Ask;
use crate::jobs::Hold;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::model::Day;
use crate::store::JobState;

/// The most texts that the form is read for.
const TEXTS: usize = 20;

/// How many of the last jobs may be compared with.
const EARLIER: i64 = 50;

/// One choice of a list.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub words: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "upload.html")]
struct UploadTemplate {
    pack: String,
    overlay: Option<String>,
    largest: String,
    layouts: Vec<Choice>,
    earlier: Vec<Choice>,
    as_at: String,
    errors: Vec<FormError>,
}

impl UploadTemplate {
    fn error(&self, field: &str) -> Option<&FormError> {
        self.errors.iter().find(|error| error.field == field)
    }
}

/// The layouts in force; the one of this name is chosen.
pub fn layouts(served: &Served, chosen: &str) -> Vec<Choice> {
    let in_force = served.in_force.load();
    let choice = |layout: &crate::extracts::Layout| Choice {
        value: layout.name.clone(),
        words: format!("{} ({})", layout.title, layout.name),
        chosen: layout.name == chosen,
    };
    in_force.catalog.layouts.iter().map(choice).collect()
}

/// Whether there is a layout of this name.
pub fn is_layout(served: &Served, name: &str) -> bool {
    served.in_force.load().catalog.layouts.iter().any(|layout| layout.name == name)
}

/// The form with what was sent in its places.
async fn filled(
    request: &HttpRequest,
    served: &Served,
    jobs: &Jobs,
    sent: &[(String, String)],
) -> Result<UploadTemplate, Refusal> {
    let text = |name: &str| value(sent, name).unwrap_or_default().trim().to_owned();
    let baseline = text("baseline");
    let done = jobs.jobs(&owner(request), None, EARLIER).await?;
    let done = done.iter().filter(|job| job.state == JobState::Done).map(|job| {
        let words = JobWords::of(job);
        Choice {
            chosen: words.id == baseline,
            words: format!("{}, as at {}, checked {}", words.files, words.as_at, words.taken),
            value: words.id,
        }
    });
    let in_force = served.in_force.load();
    let pack = &in_force.catalog.pack;
    let as_at = value(sent, "as_at").map_or_else(|| (served.options.today)().to_string(), str::to_owned);
    Ok(UploadTemplate {
        pack: format!("{} {}", pack.name, pack.version),
        overlay: pack.overlay.as_ref().map(|(name, version)| format!("{name} {version}")),
        largest: size_words(jobs.largest()),
        layouts: layouts(served, &text("layout")),
        earlier: done.collect(),
        as_at,
        errors: Vec::new(),
    })
}

/// Shows the form.
#[get("/upload")]
pub async fn show(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    page(StatusCode::OK, &filled(&request, &served, jobs, &[]).await?)
}

/// Takes the form. Everything that is wrong with it is said at once, when all of it has come.
#[post("/upload")]
pub async fn submit(
    request: HttpRequest,
    payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let jobs = served.jobs()?;
    let mut upload = jobs.upload().await?;
    let form = Parts::of(&request, payload, served.options.stream_idle).await;
    let mut form = form.map_err(|_| {
        Refusal::new(Kind::NotUnderstood, "the form is not understood; send it from the page")
    })?;
    let mut sent: Vec<(String, String)> = Vec::new();
    let take = |name: &str, text: &str| {
        if sent.len() < TEXTS {
            sent.push((name.to_owned(), text.to_owned()));
        }
        Ok(())
    };
    read_form(&mut form, &mut upload, take).await?;
    let mut errors = Vec::new();
    if upload.is_empty() {
        errors.push(FormError::new("file", "Choose at least one file"));
    }
    let asked = asked(&sent, &served, &mut errors);
    if let (Some((ask, dated)), []) = (asked, errors.as_slice()) {
        let in_force = served.in_force.load_full();
        match jobs.submit(&owner(&request), upload, ask, dated, None, &in_force.catalog).await {
            Ok(taken) => return Ok(see_other(&format!("/upload/{}", taken.job_id))),
            Err(JobError::NoBaseline) => {
                errors.push(FormError::new("baseline", "Choose an earlier job that is done, or none"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let mut template = filled(&request, &served, jobs, &sent).await?;
    template.errors = errors;
    page(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

/// What the texts of the form ask for, and whether the day was named.
fn asked(sent: &[(String, String)], served: &Served, errors: &mut Vec<FormError>) -> Option<(Ask, bool)> {
    let text = |name: &str| value(sent, name).map(str::trim).filter(|text| !text.is_empty());
    let (as_at, dated) = day_or_today(text("as_at"), served, errors);
    let layout = text("layout").map(str::to_owned);
    if layout.as_deref().is_some_and(|name| !is_layout(served, name)) {
        errors.push(FormError::new("layout", "Choose a layout from the list"));
    }
    let ask = Ask {
        as_at: as_at?,
        stage: None,
        include_all: false,
        layout,
        columns: Vec::new(),
        baseline: text("baseline").map(str::to_owned),
        callback: None,
        hold: Hold::Always,
        left: Vec::new(),
        files: Vec::new(),
    };
    Some((ask, dated))
}

/// The day of a form, today where none was written, and whether one was.
pub fn day_or_today(text: Option<&str>, served: &Served, errors: &mut Vec<FormError>) -> (Option<Day>, bool) {
    let Some(text) = text else { return (Some((served.options.today)()), false) };
    let day = form::day(text);
    if day.is_none() {
        errors.push(FormError::new("as_at", form::NO_DAY));
    }
    (day, true)
}
