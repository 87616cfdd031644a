//! `/rules` and `/rules/{id}`: the rule book, as the catalog in force has it.

use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;
use serde_json::Value;

use crate::http::api::rules::Figure;
use crate::http::api::rules::RulePage;
use crate::http::pages::page;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::rules::Rule;

/// A standard with its rules.
struct Section {
    title: String,
    about: String,
    rules: Vec<Line>,
}

struct Line {
    id: String,
    title: String,
    severity: &'static str,
    force: &'static str,
    off: bool,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesTemplate {
    pack: String,
    sections: Vec<Section>,
    refused: usize,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RuleTemplate {
    words: RuleWords,
    tests: Vec<(String, String, String)>,
    text: String,
}

/// A rule in words, for the pages that show one.
pub struct RuleWords {
    /// Its id.
    pub id: String,
    /// One line.
    pub title: String,
    /// What goes wrong for the child.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// How bad, and whether it binds.
    pub weight: String,
    /// Where the standard is written.
    pub source: String,
    /// The check as its author wrote it.
    pub check: String,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// What it says, by outcome.
    pub says: Vec<(String, String)>,
}

impl RuleWords {
    /// A rule in words.
    pub fn of(rule: &Rule) -> Self {
        let page = RulePage::of(rule);
        let text = |key: &str| page.source.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let parts = [text("instrument"), text("paragraph")];
        let own = if text("figure") == "default" { "; the figure is a default of ours" } else { "" };
        let said: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        Self {
            id: page.line.id.clone(),
            title: page.line.title.clone(),
            why: page.why.clone(),
            fix: page.fix.clone(),
            weight: format!("{}, {}", page.line.severity, page.line.force),
            source: format!("{} ({}{own})", said.join(", "), text("basis")),
            check: check_as_written(&page.text),
            says: page.says.iter().map(|(outcome, line)| (outcome.replace('_', " "), line.clone())).collect(),
            figures: page.params,
        }
    }
}

/// The lines of a rule file from `check:` to the next key.
fn check_as_written(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("check:"));
    let first = lines.next().unwrap_or_default();
    let rest = lines.take_while(|line| line.starts_with(' ') || line.starts_with('#') || line.is_empty());
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Lists the rules by standard.
#[get("/rules")]
pub async fn list(served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let in_force = served.in_force.load();
    let pack = &in_force.catalog.pack;
    let sections = pack.standards.iter().map(|standard| Section {
        title: standard.title.clone(),
        about: standard.about.clone(),
        rules: pack
            .rules
            .iter()
            .filter(|rule| rule.facts.standard == standard.id)
            .map(|rule| Line {
                id: rule.facts.id.clone(),
                title: rule.facts.title.clone(),
                severity: rule.facts.severity.word(),
                force: rule.facts.force.word(),
                off: rule.off.is_some(),
            })
            .collect(),
    });
    let template = RulesTemplate {
        pack: format!("{} {}", pack.name, pack.version),
        sections: sections.collect(),
        refused: served.failed.load().as_deref().map_or(0, |failed| failed.problems.len()),
    };
    page(StatusCode::OK, &template)
}

/// Shows a rule.
#[get("/rules/{id}")]
pub async fn show(id: Path<String>, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let in_force = served.in_force.load();
    let Some(rule) = in_force.catalog.pack.rule(&id) else {
        return Err(Refusal::new(Kind::NotFound, "there is no such rule; `/rules` lists them"));
    };
    let tests = rule.trials().iter().map(|trial| {
        let expected: Vec<String> =
            trial.expect.iter().map(|expect| expect.outcome.word().replace('_', " ")).collect();
        (trial.name.clone(), trial.as_at.to_string(), expected.join(", "))
    });
    let template =
        RuleTemplate { words: RuleWords::of(rule), tests: tests.collect(), text: rule.file.text.clone() };
    page(StatusCode::OK, &template)
}
