//! `/playground`: pick a rule, change a record, see what the rule says of it and why.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web;
use actix_web::web::Data;
use askama::Template;
use bumpalo::Bump;

use crate::book::Place;
use crate::http::body;
use crate::http::pages::form;
use crate::http::pages::form::FormError;
use crate::http::pages::form::pairs;
use crate::http::pages::form::value;
use crate::http::pages::page;
use crate::http::pages::see_other;
use crate::http::pages::shown::Shown;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::InForce;
use crate::http::served::Served;
use crate::intake;
use crate::model::Record;
use crate::rules::Rule;
use crate::rules::plain_date;
use crate::validator::Options;

/// A form is longer than the record in it: each byte may be written as three.
const LARGEST_FORM: usize = 3 * body::LARGEST + 4096;

/// A choice of the list of rules.
struct Choice {
    id: String,
    title: String,
    chosen: bool,
}

/// A group of choices: a standard.
struct Group {
    title: String,
    rules: Vec<Choice>,
}

/// A rule as it is shown above the form; the body is HTML.
struct Words {
    title: String,
    body: String,
}

/// What came of a try.
struct Tried {
    as_at: String,
    outcomes: Vec<Shown>,
    others: Vec<Shown>,
    followed: usize,
}

#[derive(Template)]
#[template(path = "playground.html")]
struct PlaygroundTemplate {
    groups: Vec<Group>,
    words: Option<Words>,
    chosen: String,
    as_at: String,
    record: String,
    tests: Vec<(usize, String, bool)>,
    errors: Vec<FormError>,
    tried: Option<Tried>,
}

impl PlaygroundTemplate {
    fn error(&self, field: &str) -> Option<&FormError> {
        self.errors.iter().find(|error| error.field == field)
    }
}

/// The playground is the first page.
#[get("/")]
pub async fn home(served: Data<Served>) -> HttpResponse {
    let first = if served.demo.is_empty() { "/playground" } else { "/demo" };
    see_other(first)
}

/// Shows a rule with the record of one of its tests.
#[get("/playground")]
pub async fn show(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let asked = pairs(request.query_string());
    let in_force = served.in_force.load();
    let rules = &in_force.catalog.pack.rules;
    let chosen =
        value(&asked, "rule").and_then(|id| in_force.catalog.pack.rule(id)).or_else(|| rules.first());
    let test = value(&asked, "test").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut template = filled(&in_force, chosen, test, &served);
    if value(&asked, "rule").is_some_and(|id| in_force.catalog.pack.rule(id).is_none()) {
        template.errors.push(FormError::new("rule", "Choose a rule from the list"));
    }
    page(StatusCode::OK, &template)
}

/// Tries the rule on the record of the form.
#[post("/playground")]
pub async fn submit(
    request: HttpRequest,
    payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = form::read(&request, payload, LARGEST_FORM, &served).await?;
    let shared = Data::clone(&served);
    let made = web::block(move || {
        let in_force = shared.in_force.load();
        let pack = &in_force.catalog.pack;
        let rule = value(&asked, "rule").and_then(|id| pack.rule(id));
        let mut template = filled(&in_force, rule, 0, &shared);
        value(&asked, "record").unwrap_or_default().clone_into(&mut template.record);
        value(&asked, "as_at").unwrap_or_default().clone_into(&mut template.as_at);
        attempt(&in_force, rule, &mut template);
        template
    });
    let template = made.await.map_err(|_| Refusal::new(Kind::Internal, "the rule could not be tried"))?;
    let status = if template.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(status, &template)
}

/// The form with a rule chosen and the record of one of its tests.
fn filled(in_force: &InForce, rule: Option<&Rule>, test: usize, served: &Served) -> PlaygroundTemplate {
    let pack = &in_force.catalog.pack;
    let chosen = rule.map_or_else(String::new, |rule| rule.facts.id.clone());
    let groups = pack.standards.iter().map(|standard| Group {
        title: standard.title.clone(),
        rules: pack
            .rules
            .iter()
            .filter(|rule| rule.facts.standard == standard.id)
            .map(|rule| Choice {
                id: rule.facts.id.clone(),
                title: rule.facts.title.clone(),
                chosen: rule.facts.id == chosen,
            })
            .collect(),
    });
    let trials = rule.map_or(&[][..], |rule| rule.trials());
    let trial = trials.get(test).or_else(|| trials.first());
    let record =
        trial.and_then(|trial| serde_json::to_string_pretty(&trial.given()).ok()).unwrap_or_default();
    PlaygroundTemplate {
        groups: groups.filter(|group| !group.rules.is_empty()).collect(),
        words: rule.map(|rule| Words {
            title: format!("{} {}", rule.facts.id, rule.facts.title),
            body: in_force.book.short(&in_force.catalog, rule, Place::Page),
        }),
        chosen,
        as_at: trial.map_or_else(|| (served.options.today)(), |trial| trial.as_at).to_string(),
        record,
        tests: trials.iter().enumerate().map(|(at, trial)| (at, trial.name.clone(), at == test)).collect(),
        errors: Vec::new(),
        tried: None,
    }
}

/// Judges the record of the form, or says what is wrong with the form.
fn attempt(in_force: &InForce, rule: Option<&Rule>, template: &mut PlaygroundTemplate) {
    let Some(rule) = rule else {
        template.errors.push(FormError::new("rule", "Choose a rule from the list"));
        return;
    };
    let as_at = form::day(&template.as_at);
    if as_at.is_none() {
        template.errors.push(FormError::new("as_at", form::NO_DAY));
    }
    let text = template.record.clone();
    let arena = Bump::new();
    let root = match intake::parse(text.as_bytes(), &arena) {
        Ok(root) => root,
        Err(malformed) => {
            let message = format!("Correct the record: {malformed}");
            template.errors.push(FormError::new("record", message));
            return;
        }
    };
    let Some(as_at) = as_at else { return };
    let validator = &in_force.validator;
    let options = Options { include_all: true, ..Options::as_at(as_at) };
    let record = Record { root, bytes: text.as_bytes() };
    let answer = validator.check(&record, &options, &mut validator.tally());
    let missed = rule.missed.as_ref().map(|missed| missed.facts.id.as_str());
    let is_own = |shown: &Shown| shown.rule == rule.facts.id || Some(shown.rule.as_str()) == missed;
    let (outcomes, others): (Vec<Shown>, Vec<Shown>) = Shown::all(&answer).into_iter().partition(is_own);
    let others: Vec<Shown> = others.into_iter().filter(|shown| shown.is_finding).collect();
    let followed = others.len();
    template.tried = Some(Tried { as_at: plain_date(as_at), outcomes, others, followed });
}
