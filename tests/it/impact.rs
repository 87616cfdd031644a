//! What a changed catalog would change, said before it is taken into use: held against two whole runs.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use serde_json::json;

use crate::lab;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

fn casecheck(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).env_remove("CASECHECK_CATALOG").args(arguments);
    let out = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

/// Findings of a whole run: by id, the rule, the outcome and the team.
fn findings(folder: &Path, catalog: &str) -> BTreeMap<String, (String, String, String)> {
    let (_, text, _) = casecheck(
        folder,
        &["check", "records.ndjson", "--catalog", catalog, "--as-at", "2026-05-01", "--json"],
    );
    let run: Value = serde_json::from_str(&text).unwrap();
    let answers = run["answers"].as_array().unwrap().iter();
    let of = |answer: &Value| {
        let team = answer["decision"]["record"]["team"].as_str().unwrap_or("none").to_owned();
        let each = answer["findings"].as_array().unwrap().clone().into_iter();
        each.map(move |finding| (finding, team.clone())).collect::<Vec<_>>()
    };
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    answers
        .flat_map(of)
        .map(|(finding, team)| {
            let rule = finding["rule"]["id"].as_str().unwrap().to_owned();
            (word(&finding, "finding_id"), (rule, word(&finding, "outcome"), team))
        })
        .collect()
}

/// A folder with records of two teams, the small catalog, and the same with a shorter limit and a rule less.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["present", "changed"] {
        lab::write_small(&folder.path().join(name));
    }
    let rules = folder.path().join("changed/rules");
    let late = rules.join("care/care-001-plan-late.yaml");
    let text = std::fs::read_to_string(&late).unwrap();
    let shorter = text.replace("default: 10 working days", "default: 5 working days");
    assert_ne!(text, shorter);
    std::fs::write(late, shorter).unwrap();
    std::fs::remove_file(rules.join("care/care-008-few-entries.yaml")).unwrap();
    let mut records = records();
    for (number, record) in records.iter_mut().enumerate() {
        record["team"] = json!(if number % 2 == 0 { "north" } else { "south" });
    }
    std::fs::write(folder.path().join("records.ndjson"), ndjson(&records)).unwrap();
    folder
}

#[test]
fn what_a_changed_catalog_changes_is_the_difference_of_two_whole_runs() {
    let folder = folder();
    let (before, after) = (findings(folder.path(), "present"), findings(folder.path(), "changed"));
    let mut rules: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    let mut teams: BTreeMap<String, u64> = BTreeMap::new();
    let mut count = |(rule, _, team): &(String, String, String), which: usize| {
        rules.entry(rule.clone()).or_default()[which] += 1;
        *teams.entry(team.clone()).or_default() += 1;
    };
    for (id, finding) in &after {
        match before.get(id) {
            None => count(finding, 0),
            Some(known) if known.1 != finding.1 => count(finding, 2),
            Some(_) => {}
        }
    }
    before.iter().filter(|(id, _)| !after.contains_key(*id)).for_each(|(_, finding)| count(finding, 1));
    let arguments =
        ["rules", "impact", "present", "changed", "--over", "records.ndjson", "--as-at", "2026-05-01"];
    let (code, text, _) = casecheck(folder.path(), &[&arguments[..], &["--json"]].concat());
    assert_eq!(code, 0);
    let report: Value = serde_json::from_str(&text).unwrap();
    let lines = report["rules"].as_array().unwrap();
    let number = |line: &Value, key: &str| line[key].as_u64().unwrap();
    let said: BTreeMap<String, [u64; 3]> = lines
        .iter()
        .map(|line| {
            let moves = ["newly_failing", "no_longer_failing", "other_outcome"].map(|key| number(line, key));
            (line["rule"].as_str().unwrap().to_owned(), moves)
        })
        .collect();
    assert!(rules["CARE-001"][0] + rules["CARE-001"][2] > 0 && rules["CARE-008"][1] > 0, "{rules:?}");
    assert_eq!(said, rules);
    let groups = report["teams"].as_array().unwrap().iter();
    let total = |line: &Value| {
        ["newly_failing", "no_longer_failing", "other_outcome"]
            .iter()
            .map(|key| number(line, key))
            .sum::<u64>()
    };
    let by_team: BTreeMap<String, u64> =
        groups.map(|line| (line["name"].as_str().unwrap().to_owned(), total(line))).collect();
    assert_eq!(by_team, teams);
    let gone = lines.iter().find(|line| line["rule"] == "CARE-008").unwrap();
    assert_eq!(gone["standing"], "taken_out");
    let (_, text, _) = casecheck(folder.path(), &arguments);
    assert!(text.contains("40 records judged by both as at 2026-05-01"), "{text}");
    assert!(text.contains("(taken out)") && text.contains("no locality recorded"), "{text}");
}

#[test]
fn nothing_changes_where_nothing_was_changed_and_what_cannot_be_read_is_said() {
    let folder = folder();
    let over = ["--over", "records.ndjson", "--as-at", "2026-05-01"];
    let impact = |present: &str, changed: &str, over: &[&str]| {
        casecheck(folder.path(), &[&["rules", "impact", present, changed], over].concat())
    };
    let (code, text, _) = impact("present", "present", &over);
    assert_eq!(code, 0);
    assert!(text.ends_with("The changed pack finds what the present one finds.\n"), "{text}");
    let mut lines = std::fs::read_to_string(folder.path().join("records.ndjson")).unwrap();
    lines.push_str("{ not a record\n");
    std::fs::write(folder.path().join("more.ndjson"), lines).unwrap();
    let (code, text, _) = impact("present", "present", &["--over", "more.ndjson", "--as-at", "2026-05-01"]);
    assert_eq!(code, 2);
    assert!(
        text.contains("40 records judged by both as at 2026-05-01; 1 record could not be read"),
        "{text}"
    );
    let (code, _, said) = impact("present", "nowhere", &over);
    assert_eq!(code, 2);
    assert!(said.contains("there is no catalog folder at nowhere"), "{said}");
    let (code, _, said) = impact("present", "changed", &["--over", "missing.ndjson"]);
    assert_eq!(code, 2);
    assert!(said.contains("missing.ndjson"), "{said}");
}
