//! A service of our own with a catalog of two rules, and a client for it.

use std::path::Path;
use std::time::Duration;

use casecheck::catalog::Files;
use casecheck::http::Application;
use casecheck::http::DemoRecord;
use casecheck::http::MadeKey;
use casecheck::http::Options;
use casecheck::http::Profile;
use casecheck::http::Role;
use casecheck::http::Stop;
use casecheck::model::Day;
use reqwest::Client;
use reqwest::RequestBuilder;
use reqwest::Response;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

const VOCABULARY: &str = "
born: child_details.date_of_birth
keys:
  \"cla_reviews[]\": [review_date]
periods:
  looked_after:
    each: \"social_care_episodes[].child_looked_after_placements[]\"
    from: start_date
    to: end_date
    join: { new_when: { start_reason: S } }
events:
  cla_review: { each: \"cla_reviews[]\", on: review_date }
  permanence_plan: { each: \"permanence_plans[]\", on: agreed_date }
";

const PLAN: &str = "id: PERM-901
title: Permanence plan by the second review
why: A child waits.
source: { instrument: An example, basis: practice, verified: false, figure: default }
force: must
severity: error
dimension: timeliness
reliability: exact
stage: enforce
check:
  deadline:
    for_each: looked_after
    starts: { event: cla_review, nth: 2 }
    within: 0 days
    done_by: permanence_plan
    count_early: true
say:
  not_yet_due: \"Agree the permanence plan by {due_on}, the second review\"
  overdue: \"Agree the permanence plan: it was due at the second review on {due_on}\"
  met_late: \"Say why the permanence plan came {days_over} {unit} after the second review\"
  breached: \"Explain why there was no permanence plan while the child was looked after\"
fix: Agree a permanence plan and record its date and type.
given:
  social_care_episodes:
    - referral_date: 2026-01-10
      child_looked_after_placements: [{ start_date: 2026-03-23, start_reason: S }]
  cla_reviews: [{ review_date: 2026-04-20 }, { review_date: 2026-07-15 }]
  permanence_plans: []
tests:
  - { name: agreed on the day, as_at: 2026-07-15, given: { permanence_plans: [{ agreed_date: 2026-07-15 }] }, expect: { outcome: met } }
  - { name: no plan, as_at: 2026-07-23, expect: { outcome: overdue, days_over: 8 } }
  - { name: still time, as_at: 2026-07-15, expect: { outcome: not_yet_due } }
  - { name: late, as_at: 2026-09-30, given: { permanence_plans: [{ agreed_date: 2026-09-01 }] }, expect: { outcome: met_late } }
  - name: left care
    as_at: 2026-10-30
    given:
      social_care_episodes:
        - referral_date: 2026-01-10
          child_looked_after_placements: [{ start_date: 2026-03-23, start_reason: S, end_date: 2026-09-01 }]
    expect: { outcome: breached }
  - { name: one review, as_at: 2026-06-01, given: { cla_reviews: [{ review_date: 2026-04-20 }] }, expect: { outcome: not_applicable } }
  - { name: not sent, as_at: 2026-07-23, given: { permanence_plans: null }, expect: { outcome: cannot_tell } }
";

pub const TEAM: &str = "id: LAC-902
title: Each review names who it is
why: Nobody can find the minutes.
source: { instrument: An example, basis: practice, verified: false }
force: should
severity: warning
dimension: completeness
reliability: exact
check:
  present: { in: \"cla_reviews[]\", fields: [review_id], if_empty: not_applicable }
say:
  breached: \"Record the id of the review\"
fix: Record the id.
given:
  cla_reviews: [{ review_date: 2026-04-20 }]
tests:
  - { name: no id, as_at: 2026-07-15, expect: { outcome: breached } }
  - { name: an id, as_at: 2026-07-15, given: { cla_reviews: [{ review_date: 2026-04-20, review_id: R1 }] }, expect: { outcome: met } }
  - { name: no review, as_at: 2026-07-15, given: { cla_reviews: [] }, expect: { outcome: not_applicable } }
  - { name: not sent, as_at: 2026-07-15, given: { cla_reviews: null }, expect: { outcome: cannot_tell } }
";

pub const RULE_FILE: &str = "rules/care-planning/lac-902-review-without-id.yaml";

/// A running service.
pub struct House {
    pub stop: Stop,
    pub base: String,
    pub operations: String,
    pub key: String,
    pub test_key: String,
    pub author_key: String,
    pub jobs_key: String,
    pub other_jobs_key: String,
    pub waivers_key: String,
    pub folder: TempDir,
    pub data: TempDir,
    pub client: Client,
    pub running: tokio::task::JoinHandle<()>,
}

pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A catalog folder: the pack's head, calendar and words of the binary, and two rules of our own.
fn catalog() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in Files::embedded().all() {
        let parts = ["rules/pack.yaml", "rules/calendars/", "rules/words/verbs.txt"];
        if parts.iter().any(|part| file.name.starts_with(part)) {
            write(folder.path(), &file.name, &file.text);
        }
    }
    write(folder.path(), "rules/vocabulary/core.yaml", VOCABULARY);
    write(folder.path(), "rules/permanence/perm-901-no-plan.yaml", PLAN);
    write(folder.path(), RULE_FILE, TEAM);
    folder
}

/// A service as it is; `change` may set its options first.
pub async fn house_with(change: impl FnOnce(&mut Options)) -> House {
    let (folder, data) = (catalog(), tempfile::tempdir().unwrap());
    let last = Day::parse("2026-12-31");
    let (key, test_key) =
        (MadeKey::new(false, &[Role::Validate], last), MadeKey::new(true, &[Role::Validate], last));
    let author = MadeKey::new(false, &[Role::RulesAuthor], last);
    let (jobs, other_jobs) =
        (MadeKey::new(false, &[Role::Jobs], last), MadeKey::new(false, &[Role::Jobs], last));
    let waivers = MadeKey::new(false, &[Role::Waivers], last);
    let old = MadeKey::new(false, &[Role::Validate], Day::parse("2026-01-01"));
    let mut options = Options::new(|| Day::parse("2026-07-23").unwrap());
    options.catalog = Some(folder.path().to_owned());
    options.profiles = vec![Profile { name: "county".to_owned(), holds: vec!["PERM-901".to_owned()] }];
    options.keys = vec![
        key.stored,
        test_key.stored,
        author.stored,
        old.stored,
        jobs.stored,
        other_jobs.stored,
        waivers.stored,
    ];
    options.demo =
        vec![DemoRecord { title: "Child <1>".to_owned(), bytes: record().to_string().into_bytes() }];
    options.jobs = Some(casecheck::jobs::Options {
        look_again: Duration::from_millis(50),
        ..casecheck::jobs::Options::new(data.path().to_owned(), crate::jobs::fixture::now_us)
    });
    options.body_deadline = Duration::from_millis(400);
    options.poll = Duration::from_millis(300);
    options.stop_within = Duration::from_secs(5);
    change(&mut options);
    let application = Application::build(options).await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
    let base = format!("http://127.0.0.1:{}", application.port);
    let operations = format!("http://127.0.0.1:{}", application.operations_port);
    let stop = application.stop_handle();
    let running = tokio::spawn(async move { application.run_until_stopped().await.unwrap() });
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let (key, test_key, author_key) = (key.text, test_key.text, author.text);
    let (jobs_key, other_jobs_key, waivers_key) = (jobs.text, other_jobs.text, waivers.text);
    House {
        stop,
        base,
        operations,
        key,
        test_key,
        author_key,
        jobs_key,
        other_jobs_key,
        waivers_key,
        folder,
        data,
        client,
        running,
    }
}

pub async fn house() -> House {
    house_with(|_| {}).await
}

/// A fictitious child whose second review has passed without a plan, and one of whose reviews has no id.
pub fn record() -> Value {
    json!({
        "la_child_id": "T1",
        "social_care_episodes": [{ "referral_date": "2026-01-10",
            "child_looked_after_placements": [{ "start_date": "2026-03-23", "start_reason": "S" }] }],
        "cla_reviews": [{ "review_date": "2026-04-20", "review_id": "R1" }, { "review_date": "2026-07-15" }],
        "permanence_plans": []
    })
}

impl House {
    pub fn get(&self, address: &str) -> RequestBuilder {
        self.client.get(format!("{}{address}", self.base)).bearer_auth(&self.key)
    }

    pub fn post(&self, address: &str, media: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.client.post(format!("{}{address}", self.base)).bearer_auth(&self.key);
        request.header("content-type", media).body(body)
    }

    pub async fn validate(&self, query: &str, body: impl Into<reqwest::Body>) -> Response {
        self.post(&format!("/v1/validate{query}"), "application/json", body).send().await.unwrap()
    }

    /// The answer to a body, which must be 200.
    pub async fn answer(&self, query: &str, body: &Value) -> Value {
        let response = self.validate(query, body.to_string()).await;
        assert_eq!(response.status(), 200);
        json_of(response).await
    }
}

pub async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// An answer without the one part that may differ.
pub fn timeless(mut answer: Value) -> Value {
    answer["decision"].as_object_mut().unwrap().remove("took_us");
    answer
}

pub async fn wait_until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..100 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never: {what}");
}
