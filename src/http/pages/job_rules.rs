//! `/jobs/{id}/rules`: the counts of every rule, or of those of one standard, each figure with what is behind it.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;

use crate::http::api::jobs::owner;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::pages::results::CountLine;
use crate::http::pages::results::OUTCOMES;
use crate::http::pages::results::not_run;
use crate::http::query::Asked;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::JobError;
use crate::report::KeptRule;
use crate::report::KeptSummary;

#[derive(Template)]
#[template(path = "job_rules.html")]
struct JobRulesTemplate {
    job: JobWords,
    /// The title of the standard, where one is asked for.
    standard: Option<String>,
    lines: Vec<CountLine>,
    heads: Vec<&'static str>,
}

/// Shows the rules.
#[get("/jobs/{id}/rules")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = Asked::read(request.query_string(), &["standard"])?;
    let job = served.jobs()?.job(&owner(&request), &id).await?;
    let summary = job.summary.as_deref().and_then(KeptSummary::of_text).ok_or(JobError::NotDone)?;
    let standard = asked.get("standard");
    let rules = summary.rules.iter().filter(|rule| standard.is_none_or(|standard| rule.standard == standard));
    let not_run = not_run(&summary);
    let line = |rule: &KeptRule| {
        let id = &rule.id;
        let counted = CountLine::of(id, &rule.title, &rule.counts, |outcome| {
            let page = if outcome.is_finding() { "findings" } else { "children" };
            format!("/jobs/{}/{page}?rule={id}&outcome={}", job.job_id, outcome.word())
        });
        let rate = if not_run.contains(id.as_str()) { "could not run".to_owned() } else { counted.rate };
        CountLine { rate, ..counted }
    };
    let title = standard.map(|id| {
        let known = summary.standards.iter().find(|standard| standard.id == id);
        known.map_or_else(|| id.to_owned(), |standard| standard.title.clone())
    });
    let template = JobRulesTemplate {
        job: JobWords::of(&job),
        standard: title,
        lines: rules.map(line).collect(),
        heads: OUTCOMES.iter().map(|(_, head)| *head).collect(),
    };
    page(StatusCode::OK, &template)
}
