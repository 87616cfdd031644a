//! What falls due of a job: what the rules themselves say of the same records, to the last one, however it is asked.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use casecheck::catalog::Catalog;
use casecheck::county::County;
use casecheck::county::Options;
use casecheck::jobs::Ask;
use casecheck::jobs::Due;
use casecheck::jobs::Forecast;
use casecheck::jobs::JobError;
use casecheck::model::Day;
use casecheck::store::DueAsked;
use casecheck::store::JobRow;
use serde_json::Value;
use sqlx::Connection as _;
use sqlx::PgConnection;
use sqlx::SqliteConnection;

use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::is_done;
use crate::lab;
use crate::same_everywhere::ndjson;

const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

const AS_AT: &str = "2026-09-23";

/// Children of the county: few, as judging takes its time, and more than a chunk holds.
const CHILDREN: usize = 40;

/// What is asked for, and whether something is of it.
type Filter<'f> = (DueAsked, &'f dyn Fn(&Own) -> bool);

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(casecheck::catalog::Files::embedded(), None).unwrap());

static RECORDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let options = Options { children: CHILDREN, seed: 7, as_at: lab::day(AS_AT) };
    County::new(options, &CATALOG.pack.calendar).children().collect()
});

/// Something that falls due: day, record, rule, subject, child, team, locality, worker, standard.
type Own = (String, i64, String, String, [Option<String>; 4], String);

/// What the rules say of each record when every outcome is asked for, without a job: by day, then as the records and the rules stand.
static EXPECTED: LazyLock<Vec<Own>> = LazyLock::new(|| {
    let validator = CATALOG.validator();
    let mut all: Vec<Own> = (0..)
        .zip(RECORDS.iter())
        .flat_map(|(number, record)| {
            let answer = serde_json::to_value(lab::answer(&validator, record, AS_AT)).unwrap();
            let of = answer["decision"]["record"].clone();
            let own = move |name: &str| of[name].as_str().map(str::to_owned);
            let outcomes = answer["outcomes"].as_array().cloned().unwrap_or_default();
            let running = outcomes.into_iter().filter(|one| one["outcome"] == "not_yet_due");
            let dated = running.filter(|one| one["timing"]["due_on"].is_string());
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            dated
                .map(|one| {
                    let whose = ["id", "team", "locality", "worker_id"].map(&own);
                    let (rule, subject) = (text(&one["rule"]["id"]), text(&one["subject"]["path"]));
                    (text(&one["timing"]["due_on"]), number, rule, subject, whose, text(&one["standard"]))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    all.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
    all
});

fn own(due: &Due) -> Own {
    let whose = [due.id.clone(), due.team.clone(), due.locality.clone(), due.worker_id.clone()];
    let (rule, subject) = (due.rule.clone(), due.subject.clone());
    (due.due_on.to_string(), due.record_no, rule, subject, whose, due.standard.clone())
}

fn all_days() -> DueAsked {
    DueAsked {
        from: lab::day(AS_AT),
        to: Day::LAST,
        rule: None,
        standard: None,
        team: None,
        locality: None,
        worker: None,
        after: None,
        limit: 100_000,
    }
}

/// A bench on which the county was judged.
async fn judged(kind: Kind) -> Option<(Bench, JobRow)> {
    let bench = Bench::busy(kind, |options| options.threads = 2).await?;
    let mut upload = bench.jobs.upload().await.unwrap();
    upload.file("county.ndjson").await.unwrap();
    upload.write(ndjson(&RECORDS).as_bytes()).await.unwrap();
    let asked = Ask { as_at: lab::day(AS_AT), ..ask() };
    let submitted = bench.jobs.submit("tester", upload, asked, true, None, &CATALOG).await.unwrap();
    let job = bench.ended(&submitted.job_id).await;
    is_done(&job);
    Some((bench, job))
}

/// How many there are of each.
fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, i64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

/// Every count of a forecast is that of these.
fn counts_are(forecast: &Forecast, expected: &[&Own]) {
    assert_eq!(forecast.total, i64::try_from(expected.len()).unwrap());
    let days = forecast.by_day.iter().map(|line| (line.due_on.to_string(), line.count)).collect();
    assert_eq!(counted(expected.iter().map(|own| own.0.clone())), days);
    let teams = forecast.by_team.iter().map(|line| (line.team.clone(), line.count)).collect();
    assert_eq!(counted(expected.iter().map(|own| own.4[1].clone())), teams);
    let rules = forecast.by_rule.iter().map(|line| (line.rule.clone(), line.count)).collect();
    assert_eq!(counted(expected.iter().map(|own| own.2.clone())), rules);
    let monday = |text: &str| {
        let day = lab::day(text);
        let mut back = day;
        while back.weekday() > 0 {
            back = back.plus_days(-1).unwrap();
        }
        back
    };
    let weeks = forecast.by_week.iter().map(|line| (line.monday, line.count)).collect();
    assert_eq!(counted(expected.iter().map(|own| monday(&own.0))), weeks);
}

#[tokio::test]
async fn what_falls_due_is_what_the_rules_say_of_every_record() {
    assert!(EXPECTED.len() > 5 * CHILDREN, "{}", EXPECTED.len());
    for kind in BOTH {
        let Some((bench, job)) = judged(kind).await else { continue };
        let whole = bench.jobs.forecast(&job, &all_days()).await.unwrap();
        assert_eq!(whole.due.iter().map(own).collect::<Vec<_>>(), *EXPECTED);
        counts_are(&whole, &EXPECTED.iter().collect::<Vec<_>>());
        assert_eq!((&whole.job.job_id, whole.as_at, &whole.next), (&job.job_id, lab::day(AS_AT), &None));
        assert!(whole.due.iter().all(|due| due.days_left == due.due_on.days_since(lab::day(AS_AT))));
        assert!(whole.due.iter().all(|due| !due.title.is_empty() && !due.severity.is_empty()));
        // Both days are included, and the days between them are asked for alone.
        let (from, to) = (&EXPECTED[EXPECTED.len() / 4].0, &EXPECTED[EXPECTED.len() / 2].0);
        let some = DueAsked { from: lab::day(from), to: lab::day(to), ..all_days() };
        let forecast = bench.jobs.forecast(&job, &some).await.unwrap();
        let expected: Vec<&Own> = EXPECTED.iter().filter(|own| *from <= own.0 && own.0 <= *to).collect();
        assert!(expected.len() < EXPECTED.len() && expected[0].0 == *from);
        counts_are(&forecast, &expected);
        assert_eq!(forecast.due.iter().map(own).collect::<Vec<_>>().iter().collect::<Vec<_>>(), expected);
        bench.end().await;
    }
}

#[tokio::test]
async fn pages_of_what_falls_due_are_the_whole_and_each_counts_all_of_it() {
    for kind in BOTH {
        let Some((bench, job)) = judged(kind).await else { continue };
        let (mut found, mut asked) = (Vec::new(), DueAsked { limit: 37, ..all_days() });
        loop {
            let page = bench.jobs.forecast(&job, &asked).await.unwrap();
            counts_are(&page, &EXPECTED.iter().collect::<Vec<_>>());
            assert!(!page.due.is_empty(), "the last page says that it is the last");
            found.extend(page.due.iter().map(own));
            let Some(next) = page.next else { break };
            let parts: Vec<&str> = next.split('.').collect();
            asked.after = Some((lab::day(parts[0]), parts[1].parse().unwrap(), parts[2].parse().unwrap()));
        }
        assert_eq!(found, *EXPECTED);
        // As many as there are fill a page, and none comes after it.
        let all = DueAsked { limit: i64::try_from(EXPECTED.len()).unwrap(), ..all_days() };
        assert_eq!(bench.jobs.forecast(&job, &all).await.unwrap().next, None);
        bench.end().await;
    }
}

#[tokio::test]
async fn what_falls_due_is_asked_for_by_whose_it_is_and_by_what_is_to_be_done() {
    let some = EXPECTED.iter().find(|own| own.4.iter().all(Option::is_some)).unwrap();
    let whose = some.4.clone();
    let filters: [Filter<'_>; 6] = [
        (DueAsked { team: whose[1].clone(), ..all_days() }, &|own| own.4[1] == whose[1]),
        (DueAsked { locality: whose[2].clone(), ..all_days() }, &|own| own.4[2] == whose[2]),
        (DueAsked { worker: whose[3].clone(), ..all_days() }, &|own| own.4[3] == whose[3]),
        (DueAsked { rule: Some(some.2.clone()), ..all_days() }, &|own| own.2 == some.2),
        (DueAsked { standard: Some(some.5.clone()), ..all_days() }, &|own| own.5 == some.5),
        (DueAsked { team: Some("nobody's".to_owned()), ..all_days() }, &|_| false),
    ];
    for kind in BOTH {
        let Some((bench, job)) = judged(kind).await else { continue };
        for (asked, is_of) in &filters {
            let forecast = bench.jobs.forecast(&job, asked).await.unwrap();
            let expected: Vec<&Own> = EXPECTED.iter().filter(|own| is_of(own)).collect();
            assert!(expected.len() < EXPECTED.len(), "the filter leaves something out");
            counts_are(&forecast, &expected);
            assert_eq!(forecast.due.iter().map(own).collect::<Vec<_>>().iter().collect::<Vec<_>>(), expected);
        }
        bench.end().await;
    }
}

/// Asks the database itself: changes it, or counts.
async fn directly(bench: &Bench, text: &'static str, counts: bool) -> i64 {
    match bench.kind {
        Kind::Sqlite => {
            let mut connection = SqliteConnection::connect(&bench.address).await.unwrap();
            if counts {
                return sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap();
            }
            let done = sqlx::query(text).execute(&mut connection).await.unwrap();
            i64::try_from(done.rows_affected()).unwrap()
        }
        Kind::Postgres => {
            let mut connection = PgConnection::connect(&bench.address).await.unwrap();
            if counts {
                return sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap();
            }
            let done = sqlx::query(text).execute(&mut connection).await.unwrap();
            i64::try_from(done.rows_affected()).unwrap()
        }
    }
}

#[tokio::test]
async fn a_job_of_which_a_part_was_judged_before_says_so_and_a_forgotten_one_leaves_no_row() {
    for kind in BOTH {
        let Some((bench, job)) = judged(kind).await else { continue };
        let kept = directly(&bench, "select count(*) from due", true).await;
        assert_eq!(kept, i64::try_from(EXPECTED.len()).unwrap());
        assert_eq!(bench.jobs.last_done("tester").await.unwrap().job_id, job.job_id);
        assert!(matches!(bench.jobs.last_done("somebody else").await, Err(JobError::NoneDone)));
        let before = "update chunks set due_kept = null where first_record = 0";
        assert_eq!(directly(&bench, before, false).await, 1);
        let refused = bench.jobs.forecast(&job, &all_days()).await;
        assert!(matches!(refused, Err(JobError::NoForecast)), "{refused:?}");
        assert!(bench.jobs.remove("tester", &job.job_id).await.unwrap());
        assert_eq!(directly(&bench, "select count(*) from due", true).await, 0);
        bench.end().await;
    }
}
