//! The command line by its front door: what is printed, what is written, how it ends.

use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::feed::feed_of;
use crate::feed::since;
use crate::lab;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

/// A folder with the small catalog and some files of records.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(&folder.path().join("catalog"));
    let good = json!({
        "la_child_id": "CHILD1", "child_details": { "nhs_number": "9990000018" }, "social_care_episodes": [],
        "personal_education_plans": [], "cla_reviews": [], "permanence_plans": [], "iro_escalations": [],
        "written_agreements": [{ "written_agreement_id": "W1", "purpose": "Contact is supervised", "domestic_abuse_flag": false, "parties": [] }],
        "chronology": { "entries": [] },
    });
    let mut bad = good.clone();
    bad["la_child_id"] = json!("CHILD2");
    bad["written_agreements"][0]["purpose"] = json!("tbc");
    std::fs::write(folder.path().join("good.json"), good.to_string()).unwrap();
    std::fs::write(folder.path().join("bad.json"), bad.to_string()).unwrap();
    std::fs::write(
        folder.path().join("mixed.ndjson"),
        format!("{good}\n{{\"la_child_id\": \"CHILD3\",,}}\n{bad}\n"),
    )
    .unwrap();
    folder
}

fn casecheck(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).env_remove("CASECHECK_CATALOG").args(arguments);
    command
}

fn check(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = casecheck(folder, &["check", "--catalog", "catalog", "--as-at", "2026-05-01"]);
    command.args(arguments);
    command
}

fn out(run: &Assert) -> String {
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

fn err(run: &Assert) -> String {
    String::from_utf8(run.get_output().stderr.clone()).unwrap()
}

#[test]
fn a_good_record_ends_with_nought_and_a_bad_one_with_one() {
    let folder = folder();
    let good = check(folder.path(), &["good.json"]).assert().code(0);
    assert!(out(&good).contains("1 record as at 2026-05-01: no findings"), "{}", out(&good));
    let bad = check(folder.path(), &["bad.json"]).assert().code(1);
    assert!(
        out(&bad).contains("Write what the agreement is for") && out(&bad).contains("child CHILD2"),
        "{}",
        out(&bad)
    );
    check(folder.path(), &["bad.json", "--fail-on", "critical"]).assert().code(0);
    check(folder.path(), &["bad.json", "--fail-on", "never"]).assert().code(0);
    check(folder.path(), &["bad.json", "--fail-on", "info"]).assert().code(1);
    check(folder.path(), &["bad.json", "--stage", "draft"]).assert().code(0);
}

#[test]
fn a_line_that_cannot_be_read_is_said_with_its_place_and_the_others_are_checked() {
    let folder = folder();
    let run = check(folder.path(), &["mixed.ndjson", "--report", "ndjson"]).assert().code(2);
    let lines: Vec<Value> = out(&run).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1]["verdict"], "not_checked");
    assert_eq!((&lines[1]["at"]["line"], &lines[1]["error"]["line"]), (&json!(2), &json!(2)));
    assert_eq!(lines[2]["decision"]["record"]["id"], "CHILD2");
    let words = check(folder.path(), &["mixed.ndjson"]).assert().code(2);
    assert!(
        out(&words).contains("3 records") && out(&words).contains("1 of them could not be read"),
        "{}",
        out(&words)
    );
}

#[test]
fn files_are_whole_or_not_there() {
    let folder = folder();
    check(folder.path(), &["good.json", "bad.json", "--out", "results"]).assert().code(1);
    let names: Vec<String> = std::fs::read_dir(folder.path().join("results"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let summary: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("results/summary.json")).unwrap()).unwrap();
    assert_eq!((&summary["records"], &summary["partial"]), (&json!(2), &json!(false)));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("results/results.ndjson")).unwrap().lines().count(),
        2
    );
    let refused = check(folder.path(), &["good.json", "--out", "good.json/inside"]).assert().code(2);
    assert!(err(&refused).contains("cannot be written"), "{}", err(&refused));
}

#[test]
fn standard_input_folders_and_machines_are_served() {
    let folder = folder();
    let run = check(folder.path(), &["-", "--json"]).write_stdin(ndjson(&records())).assert().code(1);
    let value: Value = serde_json::from_str(&out(&run)).unwrap();
    assert_eq!(
        (value["summary"]["records"].as_u64(), value["answers"].as_array().unwrap().len()),
        (Some(40), 40)
    );
    assert_eq!(value["answers"][0]["at"]["file"], "standard input");
    let all = check(folder.path(), &[".", "--json"]).assert().code(2);
    let value: Value = serde_json::from_str(&out(&all)).unwrap();
    assert_eq!((&value["summary"]["records"], &value["summary"]["unreadable"]), (&json!(5), &json!(1)));
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let none = check(folder.path(), &["empty"]).assert().code(2);
    assert!(err(&none).contains("holds no files of records"), "{}", err(&none));
}

#[test]
fn what_was_given_wrong_is_said_and_ends_with_two() {
    let folder = folder();
    let path = folder.path();
    let missing = check(path, &["nowhere.json", "good.json"]).assert().code(2);
    assert!(
        err(&missing).contains("nowhere.json") && out(&missing).contains("1 record as at"),
        "{}",
        err(&missing)
    );
    let catalog = casecheck(path, &["check", "--catalog", "nowhere", "good.json"]).assert().code(2);
    assert!(err(&catalog).contains("there is no catalog folder at nowhere"), "{}", err(&catalog));
    let overlay = check(path, &["good.json", "--overlay", "southtown"]).assert().code(2);
    assert!(
        err(&overlay).contains("there is no overlay `southtown`; there are: northtown"),
        "{}",
        err(&overlay)
    );
    let day = casecheck(path, &["check", "good.json", "--as-at", "2026-02-30"]).assert().code(2);
    assert!(err(&day).contains("write a date that exists as YYYY-MM-DD"), "{}", err(&day));
    casecheck(path, &["check"]).assert().code(2);
    casecheck(path, &["check", "good.json", "--fail-on", "dreadful"]).assert().code(2);
}

#[test]
fn an_overlay_is_in_force_when_it_is_asked_for() {
    let folder = folder();
    let run = check(folder.path(), &["good.json", "--overlay", "northtown", "--json"]).assert().code(0);
    let value: Value = serde_json::from_str(&out(&run)).unwrap();
    assert_eq!(value["summary"]["overlay"], "northtown 3");
    assert_eq!(value["answers"][0]["decision"]["rules"]["expected"], 15, "one is switched off");
}

#[test]
fn rules_are_checked_listed_explained_tried_and_bound() {
    let folder = folder();
    let path = folder.path();
    let rules = |arguments: &[&str]| {
        let mut all = vec!["rules", "--catalog", "catalog"];
        all.extend(arguments);
        casecheck(path, &all)
    };
    assert!(out(&rules(&["check"]).assert().code(0)).starts_with("16 rules loaded, "));
    let list = out(&rules(&["list", "--standard", "papers"]).assert().code(0));
    assert!(list.contains("PAP-001") && !list.contains("CARE-001"), "{list}");
    let explained = out(&rules(&["explain", "CARE-001"]).assert().code(0));
    assert!(
        explained.contains("Plan started within ten working days") && explained.contains("10 working days"),
        "{explained}"
    );
    let unknown = rules(&["explain", "CARE-010"]).assert().code(2);
    assert!(err(&unknown).contains("CARE-001"), "{}", err(&unknown));
    assert!(out(&rules(&["coverage"]).assert().code(0)).contains("0 gaps"));
    let book = out(&rules(&["book"]).assert().code(0));
    assert!(book.to_lowercase().starts_with("<!doctype html>") && book.contains("CARE-001"));
    let schema: Value = serde_json::from_str(&out(&rules(&["schema"]).assert().code(0))).unwrap();
    assert!(schema["properties"]["check"].is_object());
    let file = "catalog/rules/papers/pap-002-no-purpose.yaml";
    let tried = out(&rules(&["try", file, "--record", "bad.json", "--as-at", "2026-05-01"]).assert().code(0));
    assert!(tried.contains("3 of 3 tests hold") && tried.contains("breached as at 2026-05-01"), "{tried}");
    let text = std::fs::read_to_string(path.join(file)).unwrap();
    std::fs::write(path.join(file), text.replace("severity:", "severty:")).unwrap();
    let broken = rules(&["check"]).assert().code(1);
    assert!(
        out(&broken).contains("pap-002-no-purpose.yaml:6:1")
            && out(&broken).contains("did you mean `severity`?"),
        "{}",
        out(&broken)
    );
    let refused = check(path, &["good.json"]).assert().code(2);
    assert!(err(&refused).contains("was not loaded"), "{}", err(&refused));
}

#[test]
fn schemas_are_listed_and_shown_and_completions_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(
        out(&casecheck(path, &["schemas", "list"]).assert().code(0))
            .lines()
            .any(|line| line == "record/chronology")
    );
    let shown: Value =
        serde_json::from_str(&out(&casecheck(path, &["schemas", "show", "case-record"]).assert().code(0)))
            .unwrap();
    assert!(shown["properties"]["la_child_id"].is_object());
    let unknown = casecheck(path, &["schemas", "show", "case-recrd"]).assert().code(2);
    assert!(err(&unknown).contains("did you mean `case-record`?"), "{}", err(&unknown));
    assert!(out(&casecheck(path, &["completions", "bash"]).assert().code(0)).contains("complete"));
}

#[test]
fn the_calendar_is_shown_and_updated_only_by_a_good_feed() {
    let folder = folder();
    let path = folder.path();
    let calendar = |arguments: &[&str]| {
        let mut all = vec!["calendar", "--catalog", "catalog"];
        all.extend(arguments);
        casecheck(path, &all)
    };
    let shown = out(&calendar(&["show", "2026"]).assert().code(0));
    assert!(shown.contains("2026-04-03 Good Friday") && !shown.contains("2025-"), "{shown}");
    let update = |url: &str| calendar(&["update", "--url", url, "--out", "new.yaml"]);
    let good = crate::outbound::serve("200 OK", "Content-Type: application/json\r\n", feed_of(&since(2019)));
    let run = update(&good).assert().code(0);
    assert!(out(&run).contains("written to new.yaml"), "{}", out(&run));
    let first = std::fs::read_to_string(path.join("new.yaml")).unwrap();
    assert!(first.contains("england-and-wales") && !path.join("new.yaml.unfinished").exists());
    let bad = crate::outbound::serve("200 OK", "", "<!doctype html>");
    let gone = "http://127.0.0.1:9/bank-holidays.json";
    for url in [bad.as_str(), gone] {
        let run = update(url).assert().code(2);
        assert!(err(&run).contains("stays in use"), "{}", err(&run));
        assert_eq!(std::fs::read_to_string(path.join("new.yaml")).unwrap(), first, "the old one is kept");
    }
}
