//! `/jobs/{id}/findings`: the findings of a job, by rule, standard, outcome, severity, team and locality, a page at a time.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use crate::http::api::job_results::findings_asked;
use crate::http::api::jobs::owner;
use crate::http::pages::form::pairs;
use crate::http::pages::form::value;
use crate::http::pages::job_words::JobWords;
use crate::http::pages::page;
use crate::http::pages::shown::Shown;
use crate::http::pages::upload::Choice;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::model::Outcome;
use crate::model::Severity;
use crate::report::FindingRow;
use crate::report::KeptSummary;
use crate::report::RecordRow;
use crate::report::counted;
use crate::store::JobRow;

/// Findings of a page.
const PAGE: i64 = 50;

/// A finding as the store gives it, with its record.
#[derive(Deserialize)]
struct Found {
    record: RecordRow,
    finding: FindingRow,
}

/// A list to choose from.
pub struct Filter {
    /// The parameter that it sets.
    pub name: &'static str,
    /// What it chooses.
    pub label: &'static str,
    /// What there is to choose.
    pub choices: Vec<Choice>,
}

impl Filter {
    /// A list of values with their words; what is chosen is in it, whatever there is.
    pub fn of(
        name: &'static str,
        label: &'static str,
        all: Vec<(String, String)>,
        chosen: Option<&str>,
    ) -> Self {
        let mut choices: Vec<Choice> = all
            .into_iter()
            .map(|(value, words)| Choice { chosen: chosen == Some(&value), value, words })
            .collect();
        if let Some(other) = chosen.filter(|_| !choices.iter().any(|choice| choice.chosen)) {
            choices.push(Choice { value: other.to_owned(), words: other.to_owned(), chosen: true });
        }
        Self { name, label, choices }
    }
}

#[derive(Template)]
#[template(path = "found.html")]
struct FoundTemplate {
    job: JobWords,
    count: String,
    filters: Vec<Filter>,
    filtered: bool,
    found: Vec<Shown>,
    /// The query of the first page and of the next one.
    first: Option<String>,
    next: Option<String>,
}

/// The parts of a query that say something: forms send empty ones too.
pub fn said(query: &str) -> String {
    query.split('&').filter(|pair| !pair.is_empty() && !pair.ends_with('=')).collect::<Vec<_>>().join("&")
}

/// The same without the page that it is about.
pub fn without_cursor(query: &str) -> String {
    query.split('&').filter(|pair| !pair.starts_with("cursor=")).collect::<Vec<_>>().join("&")
}

/// Lists findings.
#[get("/jobs/{id}/findings")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let query = said(request.query_string());
    let mut asked = findings_asked(&query)?;
    asked.limit = PAGE;
    let jobs = served.jobs()?;
    let job = jobs.job(&owner(&request), &id).await?;
    let some = jobs.findings(&job, &asked).await?;
    let count = jobs.count_findings(&job, &asked).await?;
    let read = |value| serde_json::from_value::<Found>(value).map_err(|_| JobError::Broken);
    let found = some.findings.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let plain = without_cursor(&query);
    let next = some.next.map(|cursor| {
        if plain.is_empty() { format!("cursor={cursor}") } else { format!("{plain}&cursor={cursor}") }
    });
    let template = FoundTemplate {
        count: counted(u64::try_from(count).unwrap_or(0), "finding"),
        filters: filters(jobs, &job, &pairs(&plain)).await?,
        filtered: !plain.is_empty(),
        found: found.iter().map(|found| Shown::of_row(&found.record, &found.finding)).collect(),
        first: (plain != query).then_some(plain),
        next,
        job: JobWords::of(&job),
    };
    page(StatusCode::OK, &template)
}

/// The lists to choose from: only what there are findings of.
async fn filters(jobs: &Jobs, job: &JobRow, asked: &[(String, String)]) -> Result<Vec<Filter>, JobError> {
    let summary = job.summary.as_deref().and_then(KeptSummary::of_text);
    let filter = |name: &'static str, label: &'static str, all: Vec<(String, String)>| {
        Filter::of(name, label, all, value(asked, name))
    };
    let has_findings = |counts: &crate::model::OutcomeCounts| {
        Outcome::ALL.iter().any(|outcome| outcome.is_finding() && counts.get(*outcome) > 0)
    };
    let standards = summary.iter().flat_map(|summary| &summary.standards);
    let standards = standards.filter(|line| has_findings(&line.counts));
    let rules = summary.iter().flat_map(|summary| &summary.rules).filter(|line| has_findings(&line.counts));
    let outcomes = Outcome::ALL.iter().filter(|outcome| outcome.is_finding());
    let word = |word: &str| (word.to_owned(), word.replace('_', " "));
    let (teams, localities) = jobs.whose_findings(job).await?;
    let own = |names: Vec<String>| names.into_iter().map(|name| (name.clone(), name)).collect();
    let mut filters = vec![
        filter("standard", "Standard", standards.map(|line| (line.id.clone(), line.title.clone())).collect()),
        filter(
            "rule",
            "Rule",
            rules.map(|line| (line.id.clone(), format!("{} {}", line.id, line.title))).collect(),
        ),
        filter(
            "severity",
            "Severity",
            Severity::ALL.iter().rev().map(|severity| word(severity.word())).collect(),
        ),
        filter("outcome", "Outcome", outcomes.map(|outcome| word(outcome.word())).collect()),
        filter("team", "Team", own(teams)),
        filter("locality", "Locality", own(localities)),
    ];
    if value(asked, "change").is_some() || summary.is_some_and(|summary| summary.comparison.is_some()) {
        filters.push(filter(
            "change",
            "Since the earlier job",
            ["new", "still", "changed"].map(word).to_vec(),
        ));
    }
    filters.retain(|filter| !filter.choices.is_empty());
    Ok(filters)
}

#[cfg(test)]
mod tests {
    use super::said;
    use super::without_cursor;

    #[test]
    fn a_query_keeps_what_it_says() {
        assert_eq!(said("rule=&team=East&&outcome="), "team=East");
        assert_eq!(without_cursor("team=East&cursor=4.1"), "team=East");
    }
}
