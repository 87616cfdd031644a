//! `GET /v1/rules` and `/v1/rules/{id}`: what records are judged by, as the catalog in force has it.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::web::Data;
use actix_web::web::Path;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::query::Asked;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::FailedLoad;
use crate::http::served::InForce;
use crate::http::served::Served;
use crate::model::Dimension;
use crate::model::Force;
use crate::model::Reliability;
use crate::model::RuleStage;
use crate::model::Severity;
use crate::rules::Rule;

/// A rule in a line.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct RuleLine {
    /// Its id, `PEP-001`.
    pub id: String,
    /// The revision.
    pub revision: u32,
    /// One line.
    pub title: String,
    /// The standard that it belongs to.
    pub standard: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// Whether it binds or advises.
    pub force: Force,
    /// How far it has been taken into use.
    pub stage: RuleStage,
    /// Why the overlay switched it off.
    pub off: Option<String>,
    /// The id of the duty that starts when it is missed.
    pub if_missed: Option<String>,
    /// Whether it is asked of all records of a run together, and of none alone.
    pub across_records: bool,
}

/// Which pack is in force.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct PackInForce {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over its files.
    pub digest: String,
    /// The overlay and its version.
    pub overlay: Option<String>,
    /// The working-day calendar and its version.
    pub calendar: String,
}

/// The rules in force.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct RuleList {
    /// The pack.
    pub pack: PackInForce,
    /// A changed catalog that was refused, until a good one is in force.
    pub refused: Option<FailedLoad>,
    /// The rules, in the order of reports.
    pub rules: Vec<RuleLine>,
}

/// A figure of a rule.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// The value in force.
    pub value: String,
    /// The value that the rule declares.
    pub default: String,
    /// What an overlay may set.
    pub allowed: Option<String>,
    /// What it means.
    pub about: Option<String>,
    /// Who set it: `pack`, or an overlay.
    pub set_by: String,
}

/// A test of a rule.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct RuleTest {
    /// What it shows.
    pub name: String,
    /// The day.
    pub as_at: String,
    /// The record.
    #[schema(value_type = Object)]
    pub given: Value,
    /// The other records of the run, for a rule across records.
    #[schema(value_type = Vec<Object>)]
    pub others: Vec<Value>,
    /// The outcomes that the rule must give.
    pub expect: Vec<&'static str>,
}

/// Everything that is known of a rule.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct RulePage {
    /// The rule in a line.
    #[serde(flatten)]
    pub line: RuleLine,
    /// What goes wrong for the child when it is not met.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// What it counts towards.
    pub dimension: Dimension,
    /// How far to trust it.
    pub reliability: Reliability,
    /// What sort of check it is.
    pub kind: &'static str,
    /// Where the standard is written.
    #[schema(value_type = Object)]
    pub source: Value,
    /// Its figures, and who set each.
    pub params: Vec<Figure>,
    /// The recommendations that it answers.
    pub answers: Vec<String>,
    /// Its first day in force.
    #[schema(value_type = Option<String>)]
    pub from: Option<crate::model::Day>,
    /// Its last day in force.
    #[schema(value_type = Option<String>)]
    pub to: Option<crate::model::Day>,
    /// What it says, by outcome.
    pub says: BTreeMap<&'static str, String>,
    /// Its tests.
    pub tests: Vec<RuleTest>,
    /// Its file, as written.
    pub text: String,
}

impl RuleLine {
    /// A rule in a line.
    pub fn of(rule: &Rule) -> Self {
        let facts = &rule.facts;
        Self {
            id: facts.id.clone(),
            revision: facts.revision,
            title: facts.title.clone(),
            standard: facts.standard.clone(),
            severity: facts.severity,
            force: facts.force,
            stage: rule.stage,
            off: rule.off.clone(),
            if_missed: rule.missed.as_ref().map(|missed| missed.facts.id.clone()),
            across_records: rule.check.is_across(),
        }
    }
}

impl RulePage {
    /// Everything that is known of a rule.
    pub fn of(rule: &Rule) -> Self {
        let facts = &rule.facts;
        let figures = rule.params.iter().map(|param| Figure {
            name: param.name.clone(),
            value: param.value.to_string(),
            default: param.default.to_string(),
            allowed: param.allowed.clone(),
            about: param.about.clone(),
            set_by: param.set_by.clone(),
        });
        let tests = rule.trials().iter().map(|trial| RuleTest {
            name: trial.name.clone(),
            as_at: trial.as_at.to_string(),
            given: trial.given(),
            others: trial.others(),
            expect: trial.expect.iter().map(|expect| expect.outcome.word()).collect(),
        });
        Self {
            line: RuleLine::of(rule),
            why: rule.why.clone(),
            fix: facts.fix.clone(),
            dimension: facts.dimension,
            reliability: facts.reliability,
            kind: rule.check.key(),
            source: serde_json::from_str(facts.source.get()).unwrap_or(Value::Null),
            params: figures.collect(),
            answers: rule.answers.clone(),
            from: rule.from,
            to: rule.to,
            says: rule.say.written().map(|(outcome, line)| (outcome.word(), line)).collect(),
            tests: tests.collect(),
            text: rule.file.text.clone(),
        }
    }
}

impl PackInForce {
    /// What is in force.
    pub fn of(in_force: &InForce) -> Self {
        let pack = &in_force.catalog.pack;
        Self {
            name: pack.name.clone(),
            version: pack.version.clone(),
            digest: pack.digest.clone(),
            overlay: pack.overlay.as_ref().map(|(name, version)| format!("{name} {version}")),
            calendar: format!("{} {}", pack.calendar.name(), pack.calendar.version()),
        }
    }
}

/// Lists the rules in force.
#[utoipa::path(
    tag = "rules",
    params(("standard" = Option<String>, Query, description = "Only the rules of this standard")),
    responses((status = 200, description = "The rules", body = RuleList), Refused),
    security(("key" = []))
)]
#[get("/v1/rules")]
pub async fn list_rules(request: HttpRequest, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let asked = Asked::read(request.query_string(), &["standard"])?;
    let in_force = served.in_force.load();
    let pack = &in_force.catalog.pack;
    let standards: Vec<&str> = pack.standards.iter().map(|standard| standard.id.as_str()).collect();
    let only = asked.word("standard", &standards)?;
    let rules = pack.rules.iter().filter(|rule| only.is_none_or(|only| rule.facts.standard == only));
    let list = RuleList {
        pack: PackInForce::of(&in_force),
        refused: served.failed.load().as_deref().cloned(),
        rules: rules.map(RuleLine::of).collect(),
    };
    Ok(HttpResponse::Ok().json(list))
}

/// Shows everything that is known of a rule.
#[utoipa::path(
    tag = "rules",
    params(("id" = String, Path, description = "The rule's id, `PEP-001`")),
    responses((status = 200, description = "The rule", body = RulePage), Refused),
    security(("key" = []))
)]
#[get("/v1/rules/{id}")]
pub async fn show_rule(id: Path<String>, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let in_force = served.in_force.load();
    let id = id.to_uppercase();
    let known = in_force.catalog.pack.rules.iter().rev();
    let rule = known
        .clone()
        .find(|rule| rule.facts.id.to_uppercase() == id)
        .or_else(|| in_force.catalog.pack.rule(&id));
    match rule {
        Some(rule) => Ok(HttpResponse::Ok().json(RulePage::of(rule))),
        None => Err(Refusal::new(Kind::NotFound, "there is no such rule; `/v1/rules` lists them")),
    }
}
