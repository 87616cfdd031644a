//! Two runs beside each other: new, still, changed, fixed, gone; gone is never fixed.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::lab;

/// A child looked after since March whose plan was started on this day, if it was.
fn child(id: &str, plan_started: Option<&str>) -> Value {
    let plans: Vec<Value> =
        plan_started.iter().map(|day| json!({ "pep_id": "P1", "initiated_date": day })).collect();
    json!({
        "la_child_id": id, "child_details": { "date_of_birth": "2014-05-10" },
        "social_care_episodes": [{ "referral_date": "2026-01-05", "child_looked_after_placements": [{ "start_date": "2026-03-02", "start_reason": "S" }] }],
        "personal_education_plans": plans, "iro_escalations": [],
    })
}

fn write(folder: &Path, name: &str, records: &[Value]) {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(folder.join(name), lines.join("\n")).unwrap();
}

fn check(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).args(["check", "--catalog", "catalog", "--fail-on", "never"]).args(arguments);
    command
}

fn summary(folder: &Path, out: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(out).join("summary.json")).unwrap()).unwrap()
}

/// Child and change of the findings of a rule.
fn changes(folder: &Path, out: &str, rule: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(folder.join(out).join("results.ndjson")).unwrap();
    let mut found = Vec::new();
    for line in text.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        for finding in answer["findings"].as_array().unwrap() {
            if finding["rule"]["id"] == rule {
                let id = answer["decision"]["record"]["id"].as_str().unwrap().to_owned();
                found.push((id, finding["change"].as_str().unwrap_or("-").to_owned()));
            }
        }
    }
    found
}

/// Then: four children without their plan. Now: one still without, one has it late, one's record says it was in time, one has left the
/// extract, and a fifth has come.
fn two_runs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(&folder.path().join("catalog"));
    let then = ["STILL", "LATE", "FIXED", "LEFT"].map(|id| child(id, None));
    write(folder.path(), "then.ndjson", &then);
    let now = [
        child("STILL", None),
        child("LATE", Some("2026-04-20")),
        child("FIXED", Some("2026-03-10")),
        child("COME", None),
    ];
    write(folder.path(), "now.ndjson", &now);
    check(folder.path(), &["--as-at", "2026-04-01", "--out", "before", "then.ndjson"]).assert().success();
    let arguments = ["--as-at", "2026-05-01", "--out", "after", "--baseline", "before", "now.ndjson"];
    let run = check(folder.path(), &arguments).assert().success();
    let text = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(text.contains("since 1 Apr 2026"), "{text}");
    folder
}

#[test]
fn every_finding_is_new_or_still_there_or_changed_and_what_has_gone_is_not_fixed() {
    let folder = two_runs();
    let expected = [("STILL", "still"), ("LATE", "changed"), ("COME", "new")];
    let found = changes(folder.path(), "after", "CARE-001");
    let found: Vec<(&str, &str)> = found.iter().map(|(id, change)| (id.as_str(), change.as_str())).collect();
    assert_eq!(found, expected);
    let text = std::fs::read_to_string(folder.path().join("after/comparison.csv")).unwrap();
    let mut left: Vec<&str> = text.lines().filter(|line| line.contains(",CARE-001,")).collect();
    left.sort_unstable();
    let starts: Vec<&str> = left.iter().map(|line| line.rsplit_once(',').unwrap().0).collect();
    assert_eq!(starts, ["fixed,FIXED,CARE-001", "gone,LEFT,CARE-001"]);
}

#[test]
fn the_counts_add_up_to_both_runs() {
    let folder = two_runs();
    let (before, after) = (summary(folder.path(), "before"), summary(folder.path(), "after"));
    let all = |summary: &Value| -> u64 {
        summary["findings"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum()
    };
    let comparison = &after["comparison"];
    let of = |word: &str| comparison[word].as_u64().unwrap();
    assert_eq!(of("new") + of("still") + of("changed"), all(&after));
    assert_eq!(of("still") + of("changed") + of("fixed") + of("gone") + of("not_judged"), all(&before));
    assert_eq!((of("children_before"), of("children_still_here")), (4, 3));
    assert_eq!(comparison["baseline_as_at"], "2026-04-01");
    assert_eq!(comparison["warnings"], json!([]));
    assert!(before["comparison"].is_null());
}

#[test]
fn a_run_beside_itself_is_all_still_and_half_an_extract_is_doubtful() {
    let folder = two_runs();
    let same = ["--as-at", "2026-04-01", "--out", "same", "--baseline", "before", "then.ndjson"];
    check(folder.path(), &same).assert().success();
    let comparison = &summary(folder.path(), "same")["comparison"];
    for word in ["new", "changed", "fixed", "gone", "not_judged"] {
        assert_eq!(comparison[word], 0, "{word}");
    }
    write(folder.path(), "half.ndjson", &[child("STILL", None), child("LATE", None)]);
    let half = ["--as-at", "2026-04-01", "--out", "half", "--baseline", "before", "half.ndjson"];
    check(folder.path(), &half).assert().success();
    let warnings = &summary(folder.path(), "half")["comparison"]["warnings"];
    assert_eq!(warnings, &json!(["4 children then and 2 records now: is the extract whole?"]));
}

#[test]
fn a_finding_of_a_rule_that_is_withdrawn_is_gone_and_changed_rules_are_doubtful() {
    let folder = two_runs();
    std::fs::remove_file(folder.path().join("catalog/rules/care/care-001-plan-late.yaml")).unwrap();
    let overlay = folder.path().join("catalog/rules/overlays/northtown.yaml");
    std::fs::remove_file(overlay).unwrap();
    std::fs::remove_dir_all(folder.path().join("catalog/rules/waivers")).unwrap();
    // What only that rule named goes with it.
    let vocabulary = folder.path().join("catalog/rules/vocabulary/core.yaml");
    let text = std::fs::read_to_string(&vocabulary).unwrap();
    let kept = text
        .lines()
        .filter(|line| !line.starts_with("  pep_started:") && !line.starts_with("  iro_challenge:"));
    std::fs::write(&vocabulary, kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let later = ["--as-at", "2026-04-01", "--out", "later", "--baseline", "before", "then.ndjson"];
    check(folder.path(), &later).assert().success();
    let comparison = &summary(folder.path(), "later")["comparison"];
    assert!(comparison["gone"].as_u64().unwrap() >= 4, "{comparison}");
    assert_eq!(comparison["fixed"], 0);
    assert_eq!(comparison["warnings"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_no_whole_run_cannot_be_compared_with() {
    let folder = two_runs();
    let compare = |baseline: &str| {
        let arguments = ["--out", "x", "--baseline", baseline, "now.ndjson"];
        let run = check(folder.path(), &arguments).assert().code(2);
        String::from_utf8(run.get_output().stderr.clone()).unwrap()
    };
    assert!(compare("nowhere").contains("cannot be read"), "{}", compare("nowhere"));
    let path = folder.path().join("before/summary.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, whole.replace("\"partial\": false", "\"partial\": true")).unwrap();
    assert!(compare("before").contains("stopped before its end"));
    std::fs::write(&path, "{}").unwrap();
    assert!(compare("before").contains("summary.json is not the summary"));
    std::fs::write(&path, whole).unwrap();
    let results = folder.path().join("before/results.ndjson");
    let text = std::fs::read_to_string(&results).unwrap();
    std::fs::write(&results, format!("{text}{{\"rubbish\": 1}}\n")).unwrap();
    assert!(compare("before").contains("line 5 of results.ndjson"), "{}", compare("before"));
}
