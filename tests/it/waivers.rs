//! Waivers over a run: what each fitted, and which of them somebody must look at.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use serde_json::json;

use crate::lab;

const WAIVERS: &str = "\
waivers:
  - { id: W-used, rule: PAP-002, child: CHILD1, disposition: accepted_exception, reason: The court drew it up., approved_by: Head of service, expires_on: 2027-12-31 }
  - { id: W-over, rule: PAP-002, child: CHILD2, disposition: accepted_exception, reason: Known., approved_by: Head of service, expires_on: 2027-12-31, covers: 1 }
  - { id: W-idle, rule: PAP-002, child: CHILD7, disposition: disputed, reason: Asked again., approved_by: Head of service, expires_on: 2027-12-31 }
  - { id: W-past, rule: PAP-002, child: CHILD3, disposition: data_fix_pending, reason: Being entered., approved_by: Head of service, expires_on: 2026-04-30 }
  - { id: W-soon, rule: PAP-002, child: CHILD4, disposition: data_fix_pending, reason: Being entered., approved_by: Head of service, expires_on: 2026-05-20 }
";

fn record(child: &str, agreements: usize) -> String {
    let agreement =
        |at: usize| json!({ "start_date": "2026-02-01", "written_agreement_id": format!("W{at}") });
    let agreements: Vec<Value> = (0..agreements).map(agreement).collect();
    json!({ "la_child_id": child, "written_agreements": agreements }).to_string()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(&folder.path().join("catalog"));
    std::fs::write(folder.path().join("catalog/rules/waivers/northtown.yaml"), WAIVERS).unwrap();
    let records = [record("CHILD1", 1), record("CHILD2", 2), record("CHILD3", 1), record("CHILD4", 1)];
    std::fs::write(folder.path().join("records.ndjson"), records.join("\n")).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).args(["check", "--catalog", "catalog", "--overlay", "northtown"]);
    let run = command
        .args(["--as-at", "2026-05-01", "--fail-on", "never", "records.ndjson"])
        .args(arguments)
        .assert()
        .success();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_run_lists_every_waiver_with_what_became_of_it() {
    let folder = folder();
    check(folder.path(), &["--report", "ndjson", "--out", "out"]);
    let summary = std::fs::read(folder.path().join("out/summary.json")).unwrap();
    let summary: Value = serde_json::from_slice(&summary).unwrap();
    let told: Vec<(&str, &str, u64)> = summary["waivers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap();
            (text("id"), text("state"), line["findings"].as_u64().unwrap())
        })
        .collect();
    let expected = [
        ("W-used", "used", 1),
        ("W-over", "reopened", 2),
        ("W-idle", "unused", 0),
        ("W-past", "expired", 0),
        ("W-soon", "expires_soon", 1),
    ];
    assert_eq!(told, expected);
    assert!(!summary.to_string().contains("The court"), "a reason may tell of a child");
}

#[test]
fn the_reader_is_told_of_the_waivers_to_look_at_and_of_no_other() {
    let folder = folder();
    let text = check(folder.path(), &[]);
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("waiver")).collect();
    let expected = [
        "waiver   W-over (PAP-002) covers 1 and fits 2: look at all of them again",
        "waiver   W-idle (PAP-002) fits no finding; take it out if it has had its use",
        "waiver   W-past (PAP-002) expired on 30 Apr 2026",
        "waiver   W-soon (PAP-002) expires on 20 May 2026",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn one_finding_more_than_a_waiver_covers_re_opens_all_of_them() {
    let folder = folder();
    check(folder.path(), &["--report", "ndjson", "--out", "out"]);
    let results = std::fs::read_to_string(folder.path().join("out/results.ndjson")).unwrap();
    let waived: Vec<Vec<bool>> = results
        .lines()
        .map(|line| {
            let answer: Value = serde_json::from_str(line).unwrap();
            let findings = answer["findings"].as_array().unwrap().clone();
            let papers = findings.iter().filter(|finding| finding["rule"]["id"] == "PAP-002");
            papers.map(|finding| !finding["waiver"].is_null()).collect()
        })
        .collect();
    assert_eq!(waived, [vec![true], vec![false, false], vec![false], vec![true]]);
}
