//! A job from its files to its reports: the bytes of the command line, looked up, compared, forgotten.

use std::collections::BTreeMap;
use std::io::Read as _;

use assert_cmd::Command;
use casecheck::jobs::Ask;
use casecheck::jobs::JobError;
use casecheck::report::Form;
use casecheck::store::FindingsAsked;
use casecheck::store::JobState;
use serde_json::Value;
use serde_json::json;

use crate::annex_a;
use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::is_done;
use crate::lab;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;
use crate::xml::CIN;

const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

/// Records of which one cannot be read.
fn input() -> String {
    let mut text = ndjson(&records());
    text.insert_str(text.find('\n').unwrap() + 1, "{\"la_child_id\": \"BROKEN\",,}\n");
    text
}

/// What the command line writes for a file: its results and its table of findings.
fn on_the_command_line(name: &str, text: &str) -> (String, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(&folder.path().join("catalog"));
    std::fs::write(folder.path().join(name), text).unwrap();
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder.path()).env_remove("CASECHECK_CATALOG").args([
        "check",
        "--catalog",
        "catalog",
        "--as-at",
        "2026-05-01",
        "--out",
        "out",
        "--report",
        "csv",
        name,
    ]);
    command.output().unwrap();
    let read = |file: &str| std::fs::read_to_string(folder.path().join("out").join(file)).unwrap();
    (read("results.ndjson"), read("report.csv"), serde_json::from_str(&read("summary.json")).unwrap())
}

#[tokio::test]
async fn a_job_answers_with_the_bytes_of_the_command_line() {
    let (results, table, summary) = on_the_command_line("county.ndjson", &input());
    for kind in BOTH {
        let Some(bench) = Bench::busy(kind, |options| options.threads = 3).await else { continue };
        let job = bench.run(&[("county.ndjson", input().as_bytes())], ask()).await;
        is_done(&job);
        assert_eq!(job.records, Some(41));
        assert_eq!(bench.answers(&job).await, results);
        let mut report = String::new();
        bench.jobs.report(&job, Form::Csv).await.unwrap().read_to_string(&mut report).unwrap();
        assert_eq!(report, table);
        assert_eq!(serde_json::from_str::<Value>(job.summary.as_deref().unwrap()).unwrap(), summary);
        bench.end().await;
    }
}

#[tokio::test]
async fn findings_are_looked_up_page_by_page_and_every_outcome_is_there() {
    let (results, _, summary) = on_the_command_line("county.ndjson", &input());
    let lines: Vec<Value> = results.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let all: Vec<&Value> = lines.iter().filter_map(|line| line["findings"].as_array()).flatten().collect();
    for kind in BOTH {
        let Some(bench) = Bench::busy(kind, |_| {}).await else { continue };
        let job = bench.run(&[("county.ndjson", input().as_bytes())], ask()).await;
        let (mut found, mut asked) = (Vec::new(), FindingsAsked { limit: 7, ..FindingsAsked::default() });
        loop {
            let page = bench.jobs.findings(&job, &asked).await.unwrap();
            found.extend(page.findings);
            let Some(next) = page.next else { break };
            let (record, finding) = next.split_once('.').unwrap();
            asked.after = Some((record.parse().unwrap(), finding.parse().unwrap()));
        }
        assert_eq!(found.iter().map(|found| &found["finding"]).collect::<Vec<_>>(), all);
        assert!(found.iter().all(|found| found["record"]["id"].as_str().unwrap().starts_with("CHILD")));
        let rule = all[0]["rule"]["id"].as_str().unwrap();
        let asked = FindingsAsked { rule: Some(rule.to_owned()), limit: 1_000, ..FindingsAsked::default() };
        let page = bench.jobs.findings(&job, &asked).await.unwrap();
        assert_eq!(page.findings.len(), all.iter().filter(|finding| finding["rule"]["id"] == rule).count());
        assert_eq!(page.next, None);
        let mut counts: BTreeMap<(String, &str), u64> = BTreeMap::new();
        let (mut from, mut records) = (0, 0);
        loop {
            let page = bench.jobs.outcomes(&job, from).await.unwrap();
            for record in page.records {
                records += 1;
                for (rule, outcomes) in record.outcomes {
                    for (outcome, count) in outcomes {
                        *counts.entry((rule.clone(), outcome)).or_default() += count;
                    }
                }
            }
            let Some(next) = page.next else { break };
            from = next.parse().unwrap();
        }
        assert_eq!(records, 41);
        for line in summary["rules"].as_array().unwrap() {
            for (outcome, count) in line["counts"].as_object().unwrap() {
                let key = (line["id"].as_str().unwrap().to_owned(), outcome.as_str());
                assert_eq!(counts.get(&key).copied().unwrap_or(0), count.as_u64().unwrap(), "{key:?}");
            }
        }
        bench.end().await;
    }
}

#[tokio::test]
async fn a_job_is_compared_with_an_earlier_one_and_gone_is_not_fixed() {
    let before = records();
    let mut after: Vec<Value> = before[1..].to_vec();
    // CHILD3 has no education plan, and then has one in time.
    after[2]["personal_education_plans"] = json!([{ "pep_id": "P1", "initiated_date": "2026-02-05" }]);
    for kind in BOTH {
        let Some(bench) = Bench::busy(kind, |_| {}).await else { continue };
        let first = bench.run(&[("county.ndjson", ndjson(&before).as_bytes())], ask()).await;
        is_done(&first);
        let with = Ask { baseline: Some(first.job_id.clone()), ..ask() };
        let second = bench.run(&[("county.ndjson", ndjson(&after).as_bytes())], with).await;
        is_done(&second);
        let summary: Value = serde_json::from_str(second.summary.as_deref().unwrap()).unwrap();
        let comparison = bench.jobs.compare(&second, &first).await.unwrap();
        assert_eq!(serde_json::to_value(&comparison).unwrap(), summary["comparison"]);
        assert!(comparison.fixed >= 1 && comparison.gone >= 1 && comparison.still > 10, "{comparison:?}");
        assert_eq!((comparison.new, comparison.not_judged), (0, 0));
        let asked =
            FindingsAsked { change: Some("still".to_owned()), limit: 1_000, ..FindingsAsked::default() };
        let still = bench.jobs.findings(&second, &asked).await.unwrap().findings.len();
        assert_eq!(u64::try_from(still).unwrap(), comparison.still);
        bench.end().await;
    }
}

#[tokio::test]
async fn no_id_of_a_child_lies_in_the_store_or_the_folder_once_a_job_is_done() {
    let bench = Bench::busy(Kind::Sqlite, |_| {}).await.unwrap();
    let mut records = records();
    for (number, record) in records.iter_mut().enumerate() {
        record["la_child_id"] = json!(format!("CANARY-{number:06}-YRANAC"));
    }
    let job = bench.run(&[("county.ndjson", ndjson(&records).as_bytes())], ask()).await;
    is_done(&job);
    assert!(bench.answers(&job).await.contains("CANARY-000001-YRANAC"));
    let mut report = bench.jobs.report(&job, Form::Xlsx).await.unwrap();
    assert!(report.metadata().unwrap().len() > 1_000);
    let mut head = [0; 2];
    report.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"PK");
    let mut looked_at = 0;
    for entry in walk(bench.folder.path()) {
        looked_at += 1;
        let bytes = std::fs::read(&entry).unwrap();
        assert!(!bytes.windows(7).any(|some| some == b"CANARY-"), "{}", entry.display());
    }
    assert!(looked_at >= 2, "the database and the key are there");
    bench.end().await;
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_job_that_is_stopped_or_forgotten_leaves_no_file() {
    for kind in BOTH {
        let Some(bench) = Bench::idle(kind, |_| {}).await else { continue };
        let waiting = bench.submit(&[("county.ndjson", input().as_bytes())], ask(), None).await.unwrap();
        assert!(!bench.jobs.remove("tester", &waiting.job_id).await.unwrap(), "it is stopped first");
        assert_eq!(bench.jobs.job("tester", &waiting.job_id).await.unwrap().state, JobState::Cancelled);
        let left = walk(bench.folder.path());
        assert!(left.iter().all(|path| !path.to_string_lossy().contains("/jobs/")), "{left:?}");
        assert!(bench.jobs.remove("tester", &waiting.job_id).await.unwrap(), "then it is forgotten");
        assert!(matches!(bench.jobs.job("tester", &waiting.job_id).await, Err(JobError::NoJob)));
        bench.end().await;
    }
}

#[tokio::test]
async fn the_same_request_makes_one_job_and_another_under_its_key_none() {
    for kind in BOTH {
        let Some(bench) = Bench::idle(kind, |_| {}).await else { continue };
        let files: &[(&str, &[u8])] = &[("county.ndjson", b"{}\n")];
        let first = bench.submit(files, ask(), Some("monday")).await.unwrap();
        let again = bench.submit(files, ask(), Some("monday")).await.unwrap();
        assert_eq!((again.job_id.as_str(), again.before), (first.job_id.as_str(), true));
        let other = bench.submit(&[("county.ndjson", b"{ }\n")], ask(), Some("monday")).await;
        assert!(matches!(other, Err(JobError::KeyTaken)));
        let new = bench.submit(files, ask(), Some("tuesday")).await.unwrap();
        assert!(!new.before && new.job_id != first.job_id);
        assert_eq!(bench.jobs.jobs("tester", None, 10).await.unwrap().len(), 2);
        assert!(bench.jobs.jobs("somebody else", None, 10).await.unwrap().is_empty());
        assert!(matches!(bench.jobs.job("somebody else", &new.job_id).await, Err(JobError::NoJob)));
        bench.end().await;
    }
}

/// Gives the same files to the command line and to a job: answers and summary are the same, and are given back.
async fn as_on_the_command_line(files: &[(&str, &[u8])]) -> (String, Value) {
    let catalog = casecheck::catalog::Catalog::load(casecheck::catalog::Files::embedded(), None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder.path()).env_remove("CASECHECK_CATALOG");
    command.args(["check", "--as-at", "2026-05-01", "--out", "out"]);
    command.args(files.iter().map(|(name, _)| name)).output().unwrap();
    let results = std::fs::read_to_string(folder.path().join("out/results.ndjson")).unwrap();
    let summary = std::fs::read_to_string(folder.path().join("out/summary.json")).unwrap();
    let bench = Bench::busy(Kind::Sqlite, |_| {}).await.unwrap();
    let mut upload = bench.jobs.upload().await.unwrap();
    for (name, bytes) in files {
        upload.file(name).await.unwrap();
        upload.write(bytes).await.unwrap();
    }
    let submitted = bench.jobs.submit("tester", upload, ask(), true, None, &catalog).await.unwrap();
    let job = bench.ended(&submitted.job_id).await;
    is_done(&job);
    assert_eq!(bench.answers(&job).await, results);
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Value>(job.summary.as_deref().unwrap()).unwrap(), summary);
    bench.end().await;
    (results, summary)
}

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,F,05/06/2010,MWBC,UN3,0,\nB2,M,01/02/2012,ZZZZ,A123456789012,,\n";

#[tokio::test]
async fn tables_become_records_of_a_job_as_on_the_command_line() {
    let reviews =
        "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,05/06/2010,20/01/2025,PN1\nA1,05/06/2010,20/12/2025,PN1\n";
    let files = [("header.csv", HEADER.as_bytes()), ("reviews.csv", reviews.as_bytes())];
    let (results, _) = as_on_the_command_line(&files).await;
    assert!(results.contains("header.csv"), "findings say where in the tables");
}

#[tokio::test]
async fn documents_workbooks_and_archives_become_records_of_a_job_as_on_the_command_line() {
    let (results, summary) = as_on_the_command_line(&[("census.xml", CIN.as_bytes())]).await;
    assert_eq!(summary["extract"]["layout"], "cin");
    assert!(results.contains(r#""file":"census.xml","line":45,"column":"ReferralSource""#), "{results}");
    let (results, summary) = as_on_the_command_line(&[("annex.xlsx", &annex_a::usual())]).await;
    assert_eq!(summary["extract"]["layout"], "annex-a");
    assert!(results.contains(r#""cell":"G2""#), "{results}");
    // In an archive too a document is read where it stands alone, and left where tables stand beside it.
    let alone = annex_a::zipped(&[("census/2026.xml", CIN.as_bytes())]);
    let (results, _) = as_on_the_command_line(&[("sent.zip", &alone)]).await;
    assert!(results.contains(r#""file":"sent.zip/census/2026.xml","line":45"#), "{results}");
    let beside = annex_a::zipped(&[("903/header.csv", HEADER.as_bytes()), ("903.xml", b"<never/>")]);
    let (_, summary) = as_on_the_command_line(&[("sent.zip", &beside)]).await;
    assert_eq!(summary["extract"]["layout"], "ssda903");
    assert_eq!(summary["extract"]["not_used"][0]["file"], "sent.zip/903.xml");
}
