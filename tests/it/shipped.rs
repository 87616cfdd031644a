//! The shipped catalog: it loads, its tests hold, it is what the standards say, and the published payloads can be read.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;
use casecheck::book::Vocabulary;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::form;
use serde_json::Value;

use crate::lab;
use crate::shared;

/// The shipped catalog, or a failure with all its problems.
pub(crate) fn catalog(overlay: Option<&str>) -> Catalog {
    Catalog::load_with(Files::embedded().to_be_proved(), overlay, true)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")))
}

/// Writes the shipped rules to a folder, with nothing in their vocabulary that no rule uses taken amiss.
pub(crate) fn write_rules(folder: &Path) {
    for file in Files::embedded().all().iter().filter(|file| file.name.starts_with("rules/")) {
        let path = folder.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
}

#[test]
fn the_shipped_catalog_loads_and_all_its_tests_hold() {
    let catalog = Catalog::load(Files::embedded().to_be_proved(), None)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")));
    let (run, problems) = catalog.pack.try_out(&catalog.schema);
    assert_eq!(lab::as_lines(&problems), [""; 0]);
    assert!(run > 300, "{run}");
}

#[test]
fn tests_that_are_read_when_they_are_asked_for_are_those_that_are_read_with_the_rules() {
    let (at_once, later) = (catalog(None), Catalog::load(Files::embedded(), None).unwrap());
    assert_eq!(at_once.pack.digest, later.pack.digest);
    for (at_once, later) in at_once.pack.rules.iter().zip(&later.pack.rules) {
        let seen = |rule: &casecheck::rules::Rule| -> Vec<_> {
            let trials = rule.trials().iter();
            trials
                .map(|trial| (trial.span.clone(), trial.given(), trial.others(), trial.expect.clone()))
                .collect()
        };
        assert_eq!(seen(at_once), seen(later), "{}", at_once.facts.id);
        assert!(!later.trials().is_empty(), "{}", later.facts.id);
    }
}

#[test]
fn it_loads_under_every_overlay() {
    for name in catalog(None).overlays {
        let under = catalog(Some(&name));
        assert_eq!(under.pack.overlay.clone().map(|(name, _)| name), Some(name));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn the_schema_of_rule_files_is_fresh_and_every_rule_file_fits_it() {
    let catalog = catalog(None);
    let schema = Vocabulary::rule_schema(&catalog);
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    let path = lab::project("schemas/rule.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "write it anew with UPDATE=1");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let files = Files::embedded();
    for rule in &catalog.pack.rules {
        let file = files.get(&rule.file.name).unwrap();
        let value = form::to_json(&form::read(file).unwrap());
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert_eq!(faults, [""; 0], "{}", file.name);
    }
}

#[test]
fn an_editor_that_knows_the_schema_of_rule_files_sees_a_mistyped_word_anywhere_in_a_check() {
    let catalog = catalog(None);
    let schema = Vocabulary::rule_schema(&catalog);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let file = catalog.pack.rule("PEP-001").unwrap().file.clone();
    let right = form::to_json(&form::read(&file).unwrap());
    assert!(validator.is_valid(&right));
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut rule = right.clone();
        change(&mut rule);
        !validator.is_valid(&rule)
    };
    let check = |rule: &mut Value, condition: Value| {
        rule["check"] = serde_json::json!({ "each_item": { "in": "cla_reviews[]", "needs": condition } });
    };
    let fine = serde_json::json!({ "any": [{ "review_date": { "on_or_before": "as_at" } }, { "cancelled_flag": true }] });
    assert!(!wrong(&|rule| check(rule, fine.clone())));
    assert!(wrong(&|rule| check(rule, serde_json::json!({ "review_date": { "on_or_befor": "as_at" } }))));
    assert!(wrong(&|rule| check(
        rule,
        serde_json::json!({ "any": [{ "some": { "off": "cla_visits[]" } }] })
    )));
    assert!(wrong(&|rule| check(rule, serde_json::json!({ "happened": { "when": "pep_started" } }))));
    assert!(wrong(&|rule| rule["say"]["overdu"] = "Hold it".into()));
    assert!(wrong(&|rule| rule["check"]["deadline"]["done_by"] = serde_json::json!({ "nth_of": 2 })));
    // What the catalog defines is offered; another name is let pass, since a vocabulary may be ahead of the schema.
    let text = schema.to_string();
    for offered in
        ["\"pep_started\"", "\"looked_after\"", "\"social_care_episodes[].child_protection_plans[]\""]
    {
        assert!(text.contains(offered), "{offered}");
    }
    assert!(!wrong(&|rule| rule["check"]["deadline"]["done_by"] = "an_event_of_ours".into()));
}

/// The rows of the catalogue of standards, by id.
fn standards() -> Option<BTreeMap<String, BTreeMap<String, String>>> {
    let text = shared::text("standards/standards.csv")?;
    let rows = cells(&text);
    let header = rows[0].clone();
    let named = rows.into_iter().skip(1).map(|row| {
        let row: BTreeMap<String, String> = header.iter().cloned().zip(row).collect();
        (row["id"].clone(), row)
    });
    Some(named.collect())
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut quoted) = (vec![vec![String::new()]], false);
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                row.last_mut().unwrap().push(letters.next().unwrap());
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => row.last_mut().unwrap().push(other),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

fn row_of(id: &str) -> &str {
    id.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}

#[test]
fn every_standard_of_the_catalogue_is_a_rule_or_registered() {
    let Some(standards) = standards() else { return };
    let catalog = catalog(None);
    let mut held: BTreeSet<&str> = catalog.pack.ranks.iter().map(|id| row_of(id)).collect();
    held.extend(catalog.register.iter().map(|entry| entry.id.as_str()));
    let gaps: Vec<&String> = standards.keys().filter(|id| !held.contains(id.as_str())).collect();
    assert!(gaps.is_empty(), "neither a rule nor registered: {gaps:?}");
    // What only a whole run shows is no standard of one record, and has no row.
    let of_a_record = held.iter().filter(|id| !id.starts_with("XRC-"));
    let strays: Vec<&&str> = of_a_record.filter(|id| !standards.contains_key(**id)).collect();
    assert!(strays.is_empty(), "not in the catalogue: {strays:?}");
}

#[test]
fn a_rule_says_of_its_source_what_the_catalogue_says() {
    let Some(standards) = standards() else { return };
    let catalog = catalog(None);
    let mut wrong = Vec::new();
    for id in &catalog.pack.ranks {
        let Some(row) = standards.get(row_of(id)) else { continue };
        let source: Value = serde_json::from_str(catalog.pack.facts_of(id).unwrap().source.get()).unwrap();
        if source["verified"] == true && row["provision"] != "read" {
            wrong.push(format!("{id} is verified, but its row is `{}`", row["provision"]));
        }
        let has_figures = catalog.pack.facts_of(id).unwrap().params.get() != "{}";
        if has_figures && row["notes"].contains("[D]") && source["figure"] != "default" {
            wrong.push(format!("{id}: a [D] row has a figure of ours"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_published_payloads_have_no_faults_but_unknown_codes() {
    let Some(folder) = shared::folder("samples/dfe_csc_api") else { return };
    let payloads: Vec<String> = shared::files(&folder, ".json")
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("sample_"))
        .collect();
    assert_eq!(payloads.len(), 7, "{payloads:?}");
    let own = tempfile::tempdir().unwrap();
    for payload in payloads {
        let run = Command::cargo_bin("casecheck")
            .unwrap()
            .current_dir(own.path())
            .args(["check", "--as-at", "2026-05-01", "--json", "--fail-on", "never"])
            .arg(folder.join(&payload))
            .assert()
            .code(0);
        let value: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
        let faults: BTreeSet<String> = value["answers"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|answer| answer["findings"].as_array().unwrap())
            .filter(|finding| finding["rule"]["id"].as_str().unwrap().starts_with("SCHEMA."))
            .map(|finding| format!("{} {}", finding["rule"]["id"], finding["subject"]["path"]))
            .filter(|fault| !fault.contains("SCHEMA.unknown_code"))
            .collect();
        assert!(faults.is_empty(), "{payload}: {faults:#?}");
    }
}

#[test]
fn a_published_payload_is_reported_in_plain_words() {
    let Some(payload) = shared::find("samples/dfe_csc_api/sample_p0.json") else { return };
    let run = Command::cargo_bin("casecheck")
        .unwrap()
        .current_dir(payload.parent().unwrap())
        .args(["check", "--as-at", "2026-05-01", "sample_p0.json"])
        .assert();
    let text = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let findings: Vec<&str> = text
        .lines()
        .take_while(|line| !line.starts_with("standard"))
        .filter(|line| !line.contains("not sent") && !line.is_empty())
        .collect();
    insta::assert_snapshot!("published_payload", findings.join("\n"));
}
