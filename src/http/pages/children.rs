//! `/jobs/{id}/children`: the children of whom a rule said one thing, those that pass too: what a figure was counted of.

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
use crate::http::query::Asked;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::model::Outcome;
use crate::store::JobRow;

/// Children of a page.
const PAGE: usize = 100;

/// Chunks of records that are looked through for a page; what is beyond is looked through for the next one.
const CHUNKS: usize = 50;

struct Child {
    /// Its id; nothing where the record names none.
    id: Option<String>,
    /// The number of the record, from 1.
    record: i64,
    /// How often the rule said so of it.
    times: u64,
}

#[derive(Template)]
#[template(path = "children.html")]
struct ChildrenTemplate {
    job: JobWords,
    rule: String,
    outcome: String,
    word: &'static str,
    children: Vec<Child>,
    next: Option<i64>,
    first: bool,
}

/// Lists the children.
#[get("/jobs/{id}/children")]
pub async fn show(
    request: HttpRequest,
    id: Path<String>,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    let asked = Asked::read(request.query_string(), &["rule", "outcome", "from"])?;
    let words: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
    let word = asked.word("outcome", &words)?.and_then(Outcome::from_word).unwrap_or(Outcome::Met).word();
    let wrong = |name: &str| Refusal::parameter(name, "unknown_value", "follow the links of the page", []);
    let from = asked.get("from").map_or(Ok(0), |text| text.parse::<i64>().map_err(|_| wrong("from")))?;
    let rule = asked.get("rule").ok_or_else(|| wrong("rule"))?;
    let jobs = served.jobs()?;
    let job = jobs.job(&owner(&request), &id).await?;
    let (children, next) = children(jobs, &job, rule, word, from).await?;
    let template = ChildrenTemplate {
        job: JobWords::of(&job),
        rule: rule.to_owned(),
        outcome: word.replace('_', " "),
        word,
        children,
        next,
        first: from == 0,
    };
    page(StatusCode::OK, &template)
}

async fn children(
    jobs: &Jobs,
    job: &JobRow,
    rule: &str,
    word: &'static str,
    from: i64,
) -> Result<(Vec<Child>, Option<i64>), JobError> {
    let (mut children, mut next) = (Vec::new(), Some(from.max(0)));
    for _ in 0..CHUNKS {
        let Some(at) = next else { break };
        let some = jobs.outcomes(job, at).await?;
        for record in some.records {
            let times = record.outcomes.get(rule).and_then(|outcomes| outcomes.get(word));
            let Some(times) = times else { continue };
            if children.len() == PAGE {
                return Ok((children, Some(record.record_no)));
            }
            children.push(Child { id: record.id, record: record.record_no + 1, times: *times });
        }
        next = some.next.and_then(|text| text.parse().ok());
    }
    Ok((children, next))
}
