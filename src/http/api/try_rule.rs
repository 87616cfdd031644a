//! `POST /v1/rules/try`: a rule that need not be in the pack, over a record; what it says, or what is wrong with it.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::post;
use actix_web::web;
use actix_web::web::Data;
use bumpalo::Bump;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::catalog::Catalog;
use crate::http::body;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::ProblemLine;
use crate::http::served::Served;
use crate::intake;
use crate::model::Day;
use crate::model::Finding;
use crate::model::Record;
use crate::validator::Options;

/// The longest rule, in bytes.
const LONGEST_RULE: usize = 128 * 1024;

/// A rule to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryRequest {
    /// The rule file's text, YAML, at most 131072 bytes.
    pub rule: String,
    /// The standard that it belongs to; see `/v1/standards`.
    pub standard: String,
    /// The record to try it on; without one only its tests are run.
    #[schema(value_type = Option<Object>)]
    pub record: Option<Box<RawValue>>,
    /// The day as at which the record is judged, YYYY-MM-DD; today in London unless given.
    pub as_at: Option<String>,
}

/// What a rule said.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct TryAnswer {
    /// How many of its tests were run.
    pub tests: usize,
    /// What is wrong with the rule, or which of its tests do not hold; empty when all is well.
    pub problems: Vec<ProblemLine>,
    /// What it says of the record, with the evidence; faults of the record's shape too.
    pub outcomes: Vec<Finding>,
}

/// Tries a rule on a record.
#[utoipa::path(
    tag = "rules",
    request_body = TryRequest,
    responses((status = 200, description = "What the rule said, or what is wrong with it", body = TryAnswer), Refused),
    security(("key" = []))
)]
#[post("/v1/rules/try")]
pub async fn try_rule(
    request: HttpRequest,
    mut payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    body::expect_type(&request, &["application/json"])?;
    body::expect_coding(&request, &["identity"])?;
    let body = body::read(&request, &mut payload, body::LARGEST, served.options.body_deadline).await?;
    let shared = Data::clone(&served);
    let tried = web::block(move || {
        let asked = read(&body)?;
        try_out(&asked, &shared)
    });
    let answer = tried.await.map_err(|_| Refusal::new(Kind::Internal, "the rule could not be tried"))??;
    Ok(HttpResponse::Ok().json(answer))
}

/// Reads the body: strictly first, then for its members.
fn read(body: &[u8]) -> Result<TryRequest, Refusal> {
    intake::parse(body, &Bump::new())?;
    let wrong = "send {\"rule\": \"…\", \"standard\": \"…\", \"record\": {…}, \"as_at\": \"YYYY-MM-DD\"}";
    let asked: TryRequest =
        serde_json::from_slice(body).map_err(|_| Refusal::member("", "not_understood", wrong))?;
    if asked.rule.len() > LONGEST_RULE {
        let detail = format!("a rule has at most {LONGEST_RULE} bytes");
        return Err(Refusal::member("/rule", "too_large", detail));
    }
    Ok(asked)
}

/// Loads the rule alone, runs its tests, and asks it of the record. Blocks.
fn try_out(asked: &TryRequest, served: &Served) -> Result<TryAnswer, Refusal> {
    let as_at = match &asked.as_at {
        None => (served.options.today)(),
        Some(text) => Day::parse(text).ok_or_else(|| {
            Refusal::member("/as_at", "not_a_date", "`as_at` takes a date that exists, YYYY-MM-DD")
        })?,
    };
    let in_force = served.in_force.load();
    let standards = &in_force.catalog.pack.standards;
    if !standards.iter().any(|standard| standard.id == asked.standard) {
        let names: Vec<&str> = standards.iter().map(|standard| standard.id.as_str()).collect();
        let detail = format!("`standard` takes one of: {}", names.join(", "));
        return Err(Refusal::member("/standard", "unknown_value", detail));
    }
    let name = file_name(&asked.rule);
    let loaded = Catalog::load_one_rule(&in_force.catalog.files, &asked.standard, &name, asked.rule.clone());
    let (catalog, id) = match loaded {
        Ok(loaded) => loaded,
        Err(problems) => {
            let problems = problems.iter().map(ProblemLine::from).collect();
            return Ok(TryAnswer { tests: 0, problems, outcomes: Vec::new() });
        }
    };
    let (tests, problems) = catalog.pack.try_out(&catalog.schema);
    let problems = problems.iter().map(ProblemLine::from).collect();
    let Some(record) = &asked.record else { return Ok(TryAnswer { tests, problems, outcomes: Vec::new() }) };
    let text = record.get().as_bytes();
    let arena = Bump::new();
    let root = intake::parse(text, &arena)?;
    let validator = catalog.validator();
    let options = Options { include_all: true, ..Options::as_at(as_at) };
    let answer = validator.check(&Record { root, bytes: text }, &options, &mut validator.tally());
    let own = |finding: &Finding| {
        finding.rule.id.starts_with("SCHEMA.")
            || catalog.pack.rule(&finding.rule.id).is_some_and(|rule| rule.facts.id == *id)
    };
    let outcomes = answer.findings.into_iter().chain(answer.outcomes).filter(own).collect();
    Ok(TryAnswer { tests, problems, outcomes })
}

/// The name that a rule's file has to have: its id, and a word.
fn file_name(rule: &str) -> String {
    let id = rule.lines().find_map(|line| line.strip_prefix("id:")).map(str::trim).unwrap_or_default();
    let plain: String =
        id.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(32).collect();
    format!("{}-tried.yaml", plain.to_lowercase())
}
