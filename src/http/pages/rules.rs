//! `/rules`, `/rules/{id}` and `/rules/book`: the rule book, as the catalog in force has it. How a rule is shown is left to `book`.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web;
use actix_web::web::Bytes;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;

use crate::book::Place;
use crate::book::Source;
use crate::catalog::Catalog;
use crate::catalog::Registered;
use crate::http::pages::form::pairs;
use crate::http::pages::form::value;
use crate::http::pages::page;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::model::RuleFacts;
use crate::model::Severity;
use crate::rules::Pack;
use crate::rules::Rule;
use crate::rules::Standard;

/// The words of severity and force that a search takes.
const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::Error, Severity::Warning, Severity::Info];
const FORCES: [&str; 2] = ["must", "should"];

/// A standard with its rules.
struct Section {
    title: String,
    about: String,
    rules: Vec<Line>,
    registered: Vec<Registered>,
}

struct Line {
    id: String,
    /// Where it is shown.
    address: String,
    title: String,
    /// What is to be said beside its title: which revision it is, after which rule it starts.
    note: String,
    severity: &'static str,
    force: &'static str,
    off: bool,
}

/// A choice of a list in the form.
struct Choice {
    word: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesTemplate {
    pack: String,
    sections: Vec<Section>,
    refused: usize,
    q: String,
    standards: Vec<Choice>,
    severities: Vec<Choice>,
    forces: Vec<Choice>,
    searched: bool,
    found: usize,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RuleTemplate {
    id: String,
    title: String,
    body: String,
}

/// What a search asks for.
struct Search<'q> {
    words: Vec<String>,
    standard: Option<&'q str>,
    severity: Option<&'q str>,
    force: Option<&'q str>,
}

impl<'q> Search<'q> {
    fn read(asked: &'q [(String, String)]) -> Self {
        let given = |name: &str| value(asked, name).map(str::trim).filter(|text| !text.is_empty());
        let words = given("q").unwrap_or_default().to_lowercase();
        Self {
            words: words.split_whitespace().map(str::to_owned).collect(),
            standard: given("standard"),
            severity: given("severity"),
            force: given("force"),
        }
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && [self.standard, self.severity, self.force].iter().all(Option::is_none)
    }

    fn has_words(&self, texts: &[&str]) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let all = texts.join("\n").to_lowercase();
        self.words.iter().all(|word| all.contains(word.as_str()))
    }

    fn weighs(&self, facts: &RuleFacts) -> bool {
        self.severity.is_none_or(|word| facts.severity.word() == word)
            && self.force.is_none_or(|word| facts.force.word() == word)
            && self.standard.is_none_or(|id| facts.standard == id)
    }

    fn fits(&self, rule: &Rule, standard: &Standard) -> bool {
        let facts = &rule.facts;
        if !self.weighs(facts) {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let source = Source::of(&facts.source).place();
        let missed = rule.missed.as_ref().map(|missed| &missed.facts);
        let (missed_id, missed_title) =
            missed.map_or(("", ""), |facts| (facts.id.as_str(), facts.title.as_str()));
        let texts = [
            &facts.id,
            &facts.title,
            &rule.why,
            &facts.fix,
            source.as_str(),
            &standard.title,
            &standard.id,
            missed_id,
            missed_title,
        ];
        self.has_words(&texts)
    }

    /// Whether the duty fits that starts when a rule's own is missed.
    fn fits_missed(&self, rule: &Rule, missed: &RuleFacts, standard: &Standard) -> bool {
        let source = Source::of(&missed.source).place();
        let first = &rule.facts;
        let texts = [
            &missed.id,
            &missed.title,
            &missed.fix,
            &source,
            &standard.title,
            &standard.id,
            &first.id,
            &first.title,
        ];
        self.weighs(missed) && self.has_words(&texts.map(String::as_str))
    }

    /// Whether a registered standard fits; it has neither severity nor force.
    fn fits_registered(&self, entry: &Registered, standard: &Standard) -> bool {
        let texts =
            [&entry.id, &entry.title, &entry.reason, &entry.audit_question, &standard.title, &standard.id];
        self.severity.is_none()
            && self.force.is_none()
            && self.standard.is_none_or(|id| entry.standard == id)
            && self.has_words(&texts.map(String::as_str))
    }
}

/// Lists the rules by standard, all or those that a search finds.
#[get("/rules")]
pub async fn list(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let asked = pairs(request.query_string());
    let search = Search::read(&asked);
    let in_force = served.in_force.load();
    let catalog = &in_force.catalog;
    let pack = &catalog.pack;
    let mut sections = sections(catalog, &search);
    let found = sections.iter().map(|section| section.rules.len() + section.registered.len()).sum();
    if !search.is_empty() {
        sections.retain(|section| !section.rules.is_empty() || !section.registered.is_empty());
    }
    let choice = |word: &str, title: &str, chosen: Option<&str>| Choice {
        word: word.to_owned(),
        title: title.to_owned(),
        chosen: chosen == Some(word),
    };
    let standards = pack.standards.iter();
    let template = RulesTemplate {
        pack: format!("{} {}", pack.name, pack.version),
        sections,
        refused: served.failed.load().as_deref().map_or(0, |failed| failed.problems.len()),
        q: value(&asked, "q").unwrap_or_default().trim().to_owned(),
        standards: standards.map(|standard| choice(&standard.id, &standard.title, search.standard)).collect(),
        severities: SEVERITIES.iter().map(|word| choice(word.word(), word.word(), search.severity)).collect(),
        forces: FORCES.iter().map(|word| choice(word, word, search.force)).collect(),
        searched: !search.is_empty(),
        found,
    };
    page(StatusCode::OK, &template)
}

fn sections(catalog: &Catalog, search: &Search<'_>) -> Vec<Section> {
    let pack: &Pack = &catalog.pack;
    let section = |standard: &Standard| Section {
        title: standard.title.clone(),
        about: standard.about.clone(),
        rules: pack.rules.iter().flat_map(|rule| lines(pack, rule, standard, search)).collect(),
        registered: catalog
            .register
            .iter()
            .filter(|entry| entry.standard == standard.id && search.fits_registered(entry, standard))
            .cloned()
            .collect(),
    };
    pack.standards.iter().map(section).collect()
}

/// The lines of a rule in the section of a standard: its own, and that of the duty that starts when it is missed.
fn lines(pack: &Pack, rule: &Rule, standard: &Standard, search: &Search<'_>) -> Vec<Line> {
    let (id, revision) = (&rule.facts.id, rule.facts.revision);
    let is_latest = pack.rule(id).is_some_and(|latest| std::ptr::eq(latest, rule));
    let (asked, note) = if is_latest {
        (String::new(), String::new())
    } else {
        (format!("?revision={revision}"), format!("revision {revision}"))
    };
    let line = |facts: &RuleFacts, note: String| Line {
        id: facts.id.clone(),
        address: format!("/rules/{}{asked}", facts.id),
        title: facts.title.clone(),
        note,
        severity: facts.severity.word(),
        force: facts.force.word(),
        off: rule.off.is_some(),
    };
    let mut all = Vec::new();
    if rule.facts.standard == standard.id && search.fits(rule, standard) {
        all.push(line(&rule.facts, note.clone()));
    }
    let missed = rule.missed.as_ref().map(|missed| &*missed.facts);
    if let Some(missed) = missed.filter(|missed| missed.standard == standard.id)
        && search.fits_missed(rule, missed, standard)
    {
        let first = format!("starts when {id} is missed");
        all.push(line(missed, if note.is_empty() { first } else { format!("{note}, {first}") }));
    }
    all
}

/// The revision that a query asks for, if it does.
fn revision(asked: &[(String, String)]) -> Result<Option<u32>, Refusal> {
    let Some(text) = value(asked, "revision").filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || {
        let detail = "`revision` takes the number of a revision; the page of a rule lists them";
        Refusal::parameter("revision", "not_a_number", detail, [])
    };
    text.parse().map(Some).map_err(|_| wrong())
}

/// Shows a rule with its examples, judged now; or a standard that is left to an auditor.
#[get("/rules/{id}")]
pub async fn show(
    id: Path<String>,
    request: HttpRequest,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = pairs(request.query_string());
    let revision = revision(&asked)?;
    let in_force = served.in_force.load_full();
    let made = web::block(move || {
        let (catalog, pack) = (&in_force.catalog, &in_force.catalog.pack);
        if let Some(entry) = catalog.register.iter().find(|entry| entry.id == *id) {
            let (id, title) = (entry.id.clone(), entry.title.clone());
            return Some(RuleTemplate { id, title, body: in_force.book.registered(entry) });
        }
        let is_named = |rule: &Rule| {
            rule.facts.id == *id || rule.missed.as_ref().is_some_and(|missed| missed.facts.id == *id)
        };
        let rule = match revision {
            Some(number) => pack.rules.iter().find(|rule| is_named(rule) && rule.facts.revision == number)?,
            None => pack.rule(&id)?,
        };
        let body = in_force.book.article(catalog, rule, Place::Page);
        Some(RuleTemplate { id: rule.facts.id.clone(), title: rule.facts.title.clone(), body })
    });
    let template = made.await.map_err(|_| Refusal::new(Kind::Internal, "the rule could not be shown"))?;
    match template {
        Some(template) => page(StatusCode::OK, &template),
        None => Err(Refusal::new(
            Kind::NotFound,
            "there is no such rule, or not in this revision; `/rules` lists them",
        )),
    }
}

/// Gives the whole book as the command line writes it; made once for a catalog in force.
#[get("/rules/book")]
pub async fn book(served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let in_force = served.in_force.load_full();
    let made = web::block(move || in_force.book.whole(&in_force.catalog));
    let html = made.await.map_err(|_| Refusal::new(Kind::Internal, "the book could not be made"))?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(Bytes::from_owner(Shared(html))))
}

/// The one copy of the book, as a body that shares it.
struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
