//! `/demo`: the fictitious children that the service was started with, each with what was found.

use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;
use bumpalo::Bump;

use crate::http::options::DemoRecord;
use crate::http::pages::page;
use crate::http::pages::shown::Shown;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::intake;
use crate::model::Day;
use crate::model::DueSoon;
use crate::model::Record;
use crate::model::Severity;
use crate::rules::plain_date;
use crate::validator::Options;
use crate::validator::Validator;

/// A child of the demo, judged when the service started.
pub struct DemoAnswer {
    title: String,
    /// The record as it was sent, or why it cannot be read.
    error: Option<String>,
    findings: Vec<Shown>,
    /// Findings by severity, the most serious first.
    counts: [usize; 4],
    due_soon: Vec<(String, String, String)>,
    as_at: String,
}

impl DemoAnswer {
    /// Judges every record of the demo.
    pub fn all(records: &[DemoRecord], validator: &Validator, as_at: Day) -> Vec<Self> {
        let mut arena = Bump::new();
        let judge = |record: &DemoRecord| {
            arena.reset();
            Self::of(record, validator, as_at, &arena)
        };
        records.iter().map(judge).collect()
    }

    fn of(record: &DemoRecord, validator: &Validator, as_at: Day, arena: &Bump) -> Self {
        let mut shown = Self {
            title: record.title.clone(),
            error: None,
            findings: Vec::new(),
            counts: [0; 4],
            due_soon: Vec::new(),
            as_at: plain_date(as_at),
        };
        let root = match intake::parse(&record.bytes, arena) {
            Ok(root) => root,
            Err(malformed) => return Self { error: Some(malformed.to_string()), ..shown },
        };
        let record = Record { root, bytes: &record.bytes };
        let answer = validator.check(&record, &Options::as_at(as_at), &mut validator.tally());
        for (count, severity) in shown.counts.iter_mut().zip(Severity::ALL.iter().rev()) {
            *count = answer.findings.iter().filter(|finding| finding.severity == *severity).count();
        }
        shown.findings = Shown::all(&answer);
        let due = |due: &DueSoon| (due.rule.clone(), plain_date(due.due_on), due.message.clone());
        shown.due_soon = answer.due_soon.iter().map(due).collect();
        shown
    }
}

/// A line of the list.
struct Child {
    number: usize,
    title: String,
    total: usize,
    counts: [usize; 4],
    soon: usize,
}

#[derive(Template)]
#[template(path = "demo.html")]
struct DemoTemplate {
    children: Vec<Child>,
    total: usize,
    as_at: String,
}

#[derive(Template)]
#[template(path = "child.html")]
struct ChildTemplate<'c> {
    child: &'c DemoAnswer,
    previous: Option<usize>,
    next: Option<usize>,
}

/// Lists the children.
#[get("/demo")]
pub async fn list(served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let children = served.demo.iter().enumerate().map(|(at, child)| Child {
        number: at + 1,
        title: child.title.clone(),
        total: child.counts.iter().sum(),
        counts: child.counts,
        soon: child.due_soon.len(),
    });
    let children: Vec<Child> = children.collect();
    let total = children.iter().map(|child| child.total).sum();
    let as_at = served.demo.first().map_or_else(String::new, |child| child.as_at.clone());
    page(StatusCode::OK, &DemoTemplate { children, total, as_at })
}

/// Shows a child: the number is the place in the list, so that no id stands in an address.
#[get("/demo/{number}")]
pub async fn show(number: Path<String>, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let number: usize = number.parse().unwrap_or(0);
    let child = number.checked_sub(1).and_then(|at| served.demo.get(at));
    let Some(child) = child else {
        return Err(Refusal::new(Kind::NotFound, "there is no such child; `/demo` lists them"));
    };
    let previous = (number > 1).then(|| number - 1);
    let next = (number < served.demo.len()).then_some(number + 1);
    page(StatusCode::OK, &ChildTemplate { child, previous, next })
}
