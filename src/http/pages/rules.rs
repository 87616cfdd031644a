//! `/rules`, `/rules/{id}` and `/rules/book`: the rule book, as the catalog in force has it. How a rule is shown is left to `book`.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web;
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
    title: String,
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

    fn fits(&self, rule: &Rule, standard: &Standard) -> bool {
        let facts = &rule.facts;
        let weighs = self.severity.is_none_or(|word| facts.severity.word() == word)
            && self.force.is_none_or(|word| facts.force.word() == word);
        if !weighs || self.standard.is_some_and(|id| facts.standard != id) {
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
        rules: pack
            .rules
            .iter()
            .filter(|rule| rule.facts.standard == standard.id && search.fits(rule, standard))
            .map(line)
            .collect(),
        registered: catalog
            .register
            .iter()
            .filter(|entry| entry.standard == standard.id && search.fits_registered(entry, standard))
            .cloned()
            .collect(),
    };
    pack.standards.iter().map(section).collect()
}

fn line(rule: &Rule) -> Line {
    Line {
        id: rule.facts.id.clone(),
        title: rule.facts.title.clone(),
        severity: rule.facts.severity.word(),
        force: rule.facts.force.word(),
        off: rule.off.is_some(),
    }
}

/// Shows a rule with its examples, judged now; or a standard that is left to an auditor.
#[get("/rules/{id}")]
pub async fn show(
    id: Path<String>,
    request: HttpRequest,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = pairs(request.query_string());
    let revision = value(&asked, "revision").and_then(|text| text.parse::<u32>().ok());
    let in_force = served.in_force.load_full();
    let made = web::block(move || {
        let (catalog, pack) = (&in_force.catalog, &in_force.catalog.pack);
        if let Some(entry) = catalog.register.iter().find(|entry| entry.id == *id) {
            let (id, title) = (entry.id.clone(), entry.title.clone());
            return Some(RuleTemplate { id, title, body: in_force.book.registered(entry) });
        }
        let is_asked = |rule: &&Rule| rule.facts.id == *id && Some(rule.facts.revision) == revision;
        let rule = pack.rules.iter().find(is_asked).or_else(|| pack.rule(&id))?;
        let body = in_force.book.article(catalog, rule, Place::Page);
        Some(RuleTemplate { id: rule.facts.id.clone(), title: rule.facts.title.clone(), body })
    });
    let template = made.await.map_err(|_| Refusal::new(Kind::Internal, "the rule could not be shown"))?;
    match template {
        Some(template) => page(StatusCode::OK, &template),
        None => Err(Refusal::new(Kind::NotFound, "there is no such rule; `/rules` lists them")),
    }
}

/// Gives the whole book as the command line writes it; made once for a catalog in force.
#[get("/rules/book")]
pub async fn book(served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let in_force = served.in_force.load_full();
    let made = web::block(move || in_force.book.whole(&in_force.catalog));
    let html = made.await.map_err(|_| Refusal::new(Kind::Internal, "the book could not be made"))?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html.to_string()))
}
