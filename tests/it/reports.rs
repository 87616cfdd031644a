//! The reports of a run as files: each says what `results.ndjson` says, to the last finding, and nothing in them can run.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;
use calamine::Data;
use calamine::Reader as _;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::lab;

const FORMULA: &str = "=cmd|' /C calc'!A0";

/// Records of two teams and of none; one team's name would be a formula, one child's id too, and one record cannot be read.
fn run() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(&folder.path().join("catalog"));
    let agreement = |purpose: &str| json!({ "start_date": "2026-02-01", "written_agreement_id": "W1", "purpose": purpose });
    let worker = |id: &str| {
        json!([{ "referral_date": "2026-01-05", "care_worker_details": [
        { "worker_id": "W0001", "role": "social_worker", "start_date": "2026-01-05", "end_date": "2026-02-01" },
        { "worker_id": id, "role": "social_worker", "start_date": "2026-02-01" },
        { "worker_id": "W9999", "role": "iro", "start_date": "2026-03-01" } ] }])
    };
    let records = [
        json!({ "la_child_id": "007", "team": "North / One", "locality": "North", "social_care_episodes": worker("W0002"), "written_agreements": [agreement("tbc")] }),
        json!({ "la_child_id": "+44", "team": "North - One", "social_care_episodes": worker("W0003"), "written_agreements": [agreement("tbc"), agreement("")] }),
        json!({ "la_child_id": "CHILD3", "team": FORMULA, "written_agreements": [agreement("tbc")] }),
        json!({ "la_child_id": "CHILD4", "written_agreements": [agreement("Contact is supervised")], "favourite_colour": 1 }),
    ];
    let mut lines: Vec<String> = records.iter().map(Value::to_string).collect();
    lines.push("{\"la_child_id\": ".to_owned());
    std::fs::write(folder.path().join("records.ndjson"), lines.join("\n")).unwrap();
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder.path()).args(["check", "--catalog", "catalog", "--as-at", "2026-05-01"]);
    command.args(["--report", "csv,xlsx,sarif,junit,worklists,star", "--pseudonym-key", "keys/star.key"]);
    command.args(["--out", "out", "records.ndjson"]);
    command.assert().code(2);
    folder
}

/// Child, team and finding of every finding in the results.
fn findings(folder: &Path) -> Vec<(String, String, Value)> {
    let text = std::fs::read_to_string(folder.join("out/results.ndjson")).unwrap();
    let answers = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    answers
        .filter(|answer| answer["decision"].is_object())
        .flat_map(|answer| {
            let record = &answer["decision"]["record"];
            let of = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
            let found = answer["findings"].as_array().unwrap().clone();
            found.into_iter().map(|finding| (of("id"), of("team"), finding)).collect::<Vec<_>>()
        })
        .collect()
}

/// The rows of a CSV file by the names of its columns.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte-order mark");
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_table_holds_every_finding_and_nothing_that_a_spreadsheet_would_run() {
    let folder = run();
    let (rows, findings) = (table(&folder.path().join("out/report.csv")), findings(folder.path()));
    assert!(findings.len() > 5);
    let ids = |rows: &[BTreeMap<String, String>]| {
        rows.iter().map(|row| row["finding_id"].clone()).collect::<Vec<_>>()
    };
    let expected: Vec<&str> =
        findings.iter().map(|(_, _, finding)| finding["finding_id"].as_str().unwrap()).collect();
    assert_eq!(ids(&rows), expected);
    for (row, (child, team, finding)) in rows.iter().zip(&findings) {
        assert_eq!(row["message"], finding["message"]);
        assert_eq!(row["rule"], finding["rule"]["id"]);
        assert_eq!(row["due_on"], finding["timing"]["due_on"].as_str().unwrap_or_default());
        assert_eq!(row["child_id"].trim_start_matches('\''), child);
        assert_eq!(row["team"].trim_start_matches('\''), team);
        let runs = |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t']);
        assert!(!row.values().any(runs), "{row:?}");
    }
    let children: BTreeSet<&str> = rows.iter().map(|row| row["child_id"].as_str()).collect();
    assert!(children.contains("007") && children.contains("'+44"), "{children:?}");
    let workers: BTreeSet<&str> = rows.iter().map(|row| row["worker_id"].as_str()).collect();
    assert_eq!(workers, BTreeSet::from(["", "W0002", "W0003"]), "the one who has the child now");
}

#[test]
fn worklists_add_up_to_the_total_and_no_two_teams_share_a_file() {
    let folder = run();
    let all = findings(folder.path()).len();
    let index = table(&folder.path().join("out/worklists/index.csv"));
    let count = |row: &BTreeMap<String, String>| row["findings"].parse::<usize>().unwrap();
    let (teams, workers): (Vec<_>, Vec<_>) = index.iter().partition(|row| row["worker_id"] == "(whole team)");
    assert_eq!(teams.iter().map(|row| count(row)).sum::<usize>(), all);
    assert_eq!(workers.iter().map(|row| count(row)).sum::<usize>(), all);
    let files: BTreeSet<&str> = index.iter().map(|row| row["file"].as_str()).collect();
    assert_eq!(files.len(), index.len());
    assert_eq!(teams.len(), 4, "North / One, North - One, the formula, none");
    for row in &index {
        let path = folder.path().join("out/worklists").join(&row["file"]);
        assert_eq!(table(&path).len(), count(row), "{}", row["file"]);
    }
}

#[test]
fn a_star_of_tables_adds_up_its_keys_lead_somewhere_and_it_names_no_child() {
    let folder = run();
    let findings = findings(folder.path());
    let star = |name: &str| table(&folder.path().join("out/star").join(format!("{name}.csv")));
    let facts = star("fact_finding");
    assert_eq!(facts.len(), findings.len());
    let keys = |name: &str, key: &str| star(name).iter().map(|row| row[key].clone()).collect::<BTreeSet<_>>();
    for (column, name, key) in [
        ("rule_key", "dim_rule", "rule_key"),
        ("child_key", "dim_child", "child_key"),
        ("team_key", "dim_team", "team_key"),
        ("run_key", "dim_run", "run_key"),
    ] {
        let there = keys(name, key);
        let used = facts.iter().map(|row| &row[column]).filter(|key| !key.is_empty());
        assert!(used.clone().count() > 0, "{column}");
        assert!(used.clone().all(|key| there.contains(key)), "{column}");
    }
    assert_eq!(keys("dim_date", "date_key"), BTreeSet::from(["20260501".to_owned()]), "the day of the run");
    let summary: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("out/summary.json")).unwrap())
            .unwrap();
    let expected: u64 = summary["rules"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|line| line["counts"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()))
        .sum();
    let counted: u64 =
        star("fact_check_count").iter().map(|row| row["results"].parse::<u64>().unwrap()).sum();
    assert_eq!(counted, expected);
    for entry in std::fs::read_dir(folder.path().join("out/star")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for finding in &findings {
            let id = finding.2["finding_id"].as_str().unwrap();
            assert!(!text.contains(id), "an id that can be made from a child's");
        }
        assert!(!["CHILD3", "CHILD4", ",007,", "+44"].iter().any(|id| text.contains(id)), "{text}");
    }
    let child = |folder: &Path| table(&folder.join("out/star/dim_child.csv"))[0]["child_key"].clone();
    assert!(child(folder.path()).starts_with("p-"));
    assert_ne!(child(folder.path()), child(run().path()), "another key, other pseudonyms");
}

#[test]
fn a_star_without_a_key_says_what_is_lacking_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder.path()).args(["check", "none.ndjson", "--report", "star", "--out", "out"]);
    let run = command.assert().code(2);
    let told = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(told.contains("--pseudonym-key"), "{told}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn the_workbook_opens_and_its_sheets_agree_with_the_results() {
    let folder = run();
    let findings = findings(folder.path());
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("out/report.xlsx")).unwrap();
    let names = book.sheet_names();
    assert_eq!(&names[..5], ["Cover", "Standards", "Rules", "Assumptions", "Not read"]);
    let rows = |book: &mut calamine::Xlsx<_>, name: &str| {
        let range = book.worksheet_range(name).unwrap();
        range.rows().skip(1).map(<[Data]>::to_vec).collect::<Vec<_>>()
    };
    let all = rows(&mut book, "Findings");
    assert_eq!(all.len(), findings.len());
    assert_eq!(all[0][0], Data::String("007".to_owned()), "an id stays text");
    let teams = ["North - One", "North - One (2)", "=cmd|- -C calc-!A0", "No team"];
    let in_teams: usize = teams.iter().map(|name| rows(&mut book, name).len()).sum();
    assert_eq!(in_teams, findings.len(), "{names:?}");
    let rules: BTreeSet<String> =
        findings.iter().map(|(_, _, finding)| finding["rule"]["id"].as_str().unwrap().to_owned()).collect();
    let in_rules: usize = rules.iter().map(|name| rows(&mut book, name).len()).sum();
    assert_eq!(in_rules, findings.len());
    assert_eq!(rows(&mut book, "By child").len(), 4);
    assert_eq!(rows(&mut book, "Not read").len(), 1);
    let formulas: usize =
        names.iter().map(|name| book.worksheet_formula(name).unwrap().used_cells().count()).sum();
    assert_eq!(formulas, 0);
    let dated = all.iter().flatten().any(|cell| matches!(cell, Data::DateTime(_)));
    assert_eq!(dated, findings.iter().any(|(_, _, finding)| finding["timing"]["due_on"].is_string()));
}

#[test]
fn the_workbook_of_an_extract_says_what_was_done_to_read_it_and_what_could_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,2,05/06/2010,MWBC,UN3,,\n";
    let episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
                    A1,01/01/2025,S,V2,N1,U1,PR1,,,,,,\n";
    std::fs::create_dir(folder.path().join("tables")).unwrap();
    std::fs::write(folder.path().join("tables/header.csv"), header).unwrap();
    std::fs::write(folder.path().join("tables/episodes.csv"), episodes).unwrap();
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder.path()).args([
        "check",
        "tables",
        "--as-at",
        "2026-05-01",
        "--fail-on",
        "never",
    ]);
    command.args(["--report", "xlsx,csv", "--out", "out"]).assert().success();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("out/report.xlsx")).unwrap();
    let range = book.worksheet_range("Assumptions").unwrap();
    let lines: Vec<String> =
        range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")).collect();
    let said = |words: &str| lines.iter().any(|line| line.contains(words));
    assert!(said("Table | tables/header.csv | 1 rows"), "{lines:#?}");
    assert!(said("Coercion | tables/header.csv column SEX | 1 "), "{lines:#?}");
    assert!(said("Could not run | the table Reviews was not given | "), "{lines:#?}");
    assert!(said("Could not run | ssda903 does not hold what they read in `chronology` | "), "{lines:#?}");
    for row in table(&folder.path().join("out/report.csv")) {
        assert!(row["file"].starts_with("tables/") && !row["line"].is_empty(), "{row:?}");
    }
}

#[test]
fn sarif_names_its_rules_and_gives_each_finding_its_place_and_its_lasting_id() {
    let folder = run();
    let findings = findings(folder.path());
    let text = std::fs::read(folder.path().join("out/report.sarif")).unwrap();
    let log: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    let known: BTreeSet<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    for (result, (_, _, finding)) in results.iter().zip(&findings) {
        let rule = result["ruleId"].as_str().unwrap();
        assert!(known.contains(rule) || rule.starts_with("SCHEMA."), "{rule}");
        assert_eq!(result["partialFingerprints"]["findingId/v1"], finding["finding_id"]);
        assert_eq!(result["message"]["text"], finding["message"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "records.ndjson");
        assert_eq!(place["region"]["startLine"], finding["at"]["line"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
}

#[test]
fn junit_has_a_case_for_each_rule_and_fails_those_with_findings() {
    let folder = run();
    let text = std::fs::read_to_string(folder.path().join("out/report.junit.xml")).unwrap();
    let failing: BTreeSet<String> = findings(folder.path())
        .iter()
        .filter(|(_, _, finding)| finding["severity"] != "info")
        .map(|(_, _, finding)| finding["rule"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(text.matches("<failure").count(), failing.len());
    for rule in &failing {
        assert!(text.contains(&format!("type=\"{rule}\"")), "{rule}");
    }
    let summary: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("out/summary.json")).unwrap()).unwrap();
    let of_schema = failing.iter().filter(|rule| rule.starts_with("SCHEMA.")).count();
    let rules = summary["rules"].as_array().unwrap().len();
    assert_eq!(text.matches("<testcase").count(), rules + of_schema);
}

#[test]
fn reports_that_are_files_need_a_folder_and_nothing_is_checked_without_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("records.ndjson"), "{\"la_child_id\":\"CHILD1\"}\n").unwrap();
    let mut command = Command::cargo_bin("casecheck").unwrap();
    let run =
        command.current_dir(folder.path()).args(["check", "--report", "xlsx", "records.ndjson"]).assert();
    let run = run.code(2);
    let said = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(said.contains("--out DIR"), "{said}");
}
