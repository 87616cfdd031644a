//! What is wrong with a rule is said when it is loaded: all of it at once, each with its line and column, and nothing is loaded.

use std::sync::Arc;

use assert_cmd::Command;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::model::SourceFile;

use crate::lab;

/// The small catalog with one text in one of its files replaced by another.
fn changed(name: &str, old: &str, new: &str) -> Vec<String> {
    let mut hit = false;
    let small = lab::small_files();
    let files = small.all().iter().map(|file| {
        if file.name != name {
            return Arc::clone(file);
        }
        assert!(file.text.contains(old), "`{old}` is not in {name}");
        hit = true;
        SourceFile::new(name, file.text.replacen(old, new, 1))
    });
    let files = Files::of(files.collect());
    assert!(hit, "there is no file {name}");
    Catalog::load(files, None).err().map(|problems| lab::as_lines(&problems)).unwrap_or_default()
}

const DEADLINE: &str = "rules/care/care-001-plan-late.yaml";
const SIGNED: &str = "rules/papers/pap-001-not-signed.yaml";
const PATTERN: &str = "rules/papers/pap-006-source-small.yaml";
const WORDS: &str = "rules/vocabulary/core.yaml";

#[test]
fn the_small_catalog_has_no_problem_and_its_tests_hold() {
    let (run, problems) = lab::SMALL.pack.try_out(&lab::SMALL.schema);
    assert_eq!(lab::as_lines(&problems), [""; 0]);
    assert!(run > 60, "{run}");
}

/// A file, what stands in it, the fault that takes its place, and what must be said of it.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    (
        DEADLINE,
        "severity: error",
        "severty: error",
        ":6:1: there is no key in a rule: `severty` (did you mean `severity`?)",
    ),
    (
        DEADLINE,
        "  deadline:\n    for_each",
        "  dedline:\n    for_each",
        "there is no kind of rule `dedline` (did you mean `deadline`?)",
    ),
    (
        SIGNED,
        "signed_date: { present: true, on",
        "signd_date: { present: true, on",
        "(did you mean `signed_date`?)",
    ),
    (
        SIGNED,
        "refused_reason: { present: true }",
        "refused_reason: { at_least: 3 }",
        "asks about a number, but `refused_reason` is not one",
    ),
    (
        SIGNED,
        "in: \"written_agreements[].parties[]\"",
        "in: \"written_agreements[].partys[]\"",
        "(did you mean `parties`?)",
    ),
    (
        "rules/care/care-005-ends-first.yaml",
        "first: start_date",
        "first: placement_type",
        "a date is needed, but `placement_type` is not one",
    ),
    (
        DEADLINE,
        "done_by: pep_started\n    warn",
        "done_by: pep_startd\n    warn",
        "there is no event `pep_startd` (did you mean `pep_started`?)",
    ),
    (
        DEADLINE,
        "for_each: looked_after",
        "for_each: loked_after",
        "there is no period or list `loked_after` (did you mean `looked_after`?)",
    ),
    (DEADLINE, "within: $limit", "within: $limt", "there is no parameter `limt` (did you mean `limit`?)"),
    (DEADLINE, "within: $limit", "within: 10 working days", "nothing uses the parameter `limit`"),
    (
        "rules/papers/pap-004-too-short.yaml",
        "not_only: placeholder",
        "not_only: placeholdr",
        "there is no word list `placeholdr` (did you mean `placeholder`?)",
    ),
    (DEADLINE, "warn_before: 3 working days", "warn_before: 3 workng days", "workng"),
    (
        DEADLINE,
        "allowed: 5..20 working days",
        "allowed: 11..20 working days",
        "the default lies outside `11..20 working days`",
    ),
    (
        DEADLINE,
        "allowed: 5..20 working days",
        "allowed: 1..4 weeks",
        "the range is counted in weeks, the default in working days: write both in one",
    ),
    (PATTERN, "\"^[A-Z]\"", "\"^[A-Z\"", "this pattern cannot be compiled"),
    (PATTERN, "\"^[A-Z]\"", "\"(?<!x)A\"", "look-around and back-references are not available"),
    (
        DEADLINE,
        "by {due_on}\"",
        "by {due_upon}\"",
        "there is no value for the gap `due_upon` (did you mean `due_on`?)",
    ),
    (
        PATTERN,
        "Write the source",
        "Write the source of this entry, wherever it may have come from, in full and in words that all can read,",
        "the most is 90",
    ),
    (
        PATTERN,
        "breached: \"Write",
        "breached: \"Please write",
        "a line starts with a verb, and `Please` is not in the list",
    ),
    (PATTERN, "Write the source with", "Write an invalid source with", "a line never says `invalid`"),
    (PATTERN, "source: { instrument", "sauce: { instrument", "a rule needs `source`"),
    (PATTERN, "why: The tests", "# why: The tests", "a rule needs `why`"),
    (PATTERN, "fix: Put", "# fix: Put", "a rule needs `fix`"),
    (PATTERN, "  breached: \"Write", "  # breached: \"Write", "`say`"),
    (PATTERN, "expect: { outcome: met }", "expect: { outcome: breached }", "no test of PAP-006 expects: met"),
    (PATTERN, "severity: info", "severity: info\nseverity: error", "duplicate mapping key: severity"),
    (
        WORDS,
        "join: { new_when: { start_reason: S } }",
        "join: perhaps",
        "`join` takes `true`, `false` or a mapping with `new_when`",
    ),
    (PATTERN, "force: must", "force: [must", ""),
    (
        PATTERN,
        "fix: Put right what",
        "fix: It is statutory to put right what",
        "a default figure of ours is worded as law",
    ),
    (PATTERN, "id: PAP-006", "id: PAP-6", "this is not the id of a standard"),
    (PATTERN, "id: PAP-006", "id: PAP-016", "the file is named after another rule"),
    (PATTERN, "id: PAP-006", "id: CARE-006", "this rule does not belong to the standard `papers`"),
    (
        PATTERN,
        "dimension: validity",
        "dimension: vality",
        "there is no `dimension` `vality` (did you mean `validity`?)",
    ),
    (
        WORDS,
        "  pep_started:",
        "  never_used: { each: \"cla_reviews[]\", on: due_date }\n  pep_started:",
        "no rule uses `never_used`",
    ),
    (
        WORDS,
        "  case_open:",
        "  unused_time: { each: \"cla_reviews[]\", from: due_date, to: review_date }\n  case_open:",
        "no rule uses `unused_time`",
    ),
    (
        WORDS,
        "placeholder.txt",
        "placeholders.txt",
        "there is no file `words/placeholders.txt` (did you mean `placeholder.txt`?)",
    ),
    (
        WORDS,
        "  \"cla_reviews[]\": [review_date, review_id]\n",
        "",
        "nothing says what an item of `cla_reviews[]` is known by",
    ),
    (
        "rules/pack.yaml",
        "calendar: england-and-wales",
        "calendar: scotland",
        "the calendar at hand is `england-and-wales`",
    ),
    (
        "rules/papers/pap-005-plan-type.yaml",
        "field: plan_type",
        "field: parallel_plan",
        "has no code list; give `codes`",
    ),
    (
        "rules/papers/pap-003-not-approved.yaml",
        "domestic_abuse_flag: true }",
        "domestic_abuse_flag: maybe }",
        "is `true` or `false`",
    ),
];

#[test]
fn each_check_finds_its_fault_at_its_place_and_says_what_to_do() {
    for &(file, old, new, wanted) in FAULTS {
        let problems = changed(file, old, new);
        let found = problems.iter().find(|problem| problem.starts_with(file) && problem.contains(wanted));
        assert!(
            found.is_some() || problems.iter().any(|problem| problem.contains(wanted) && !wanted.is_empty()),
            "{file}: `{new}`\n{}",
            problems.join("\n")
        );
    }
}

#[test]
fn a_record_of_a_test_that_the_schema_refuses_is_a_problem_of_that_test() {
    let file =
        lab::small_files().get(PATTERN).unwrap().text.replacen("source: School }", "sauce: School }", 1);
    let name = "pap-006-source-small.yaml";
    let (catalog, _) = Catalog::load_one_rule(&lab::small_files(), "papers", name, file).unwrap();
    let (_, problems) = catalog.pack.try_out(&catalog.schema);
    let lines = lab::as_lines(&problems);
    assert!(
        lines.len() == 1 && lines[0].contains("its record has a fault at `/chronology/entries/0/sauce`"),
        "{lines:?}"
    );
}

#[test]
fn a_file_that_nothing_reads_is_a_problem_wherever_it_stands() {
    let rule = lab::small_files().get(PATTERN).unwrap().text.clone();
    for name in
        ["rules/papers/pap-006-source-small.yml", "rules/pap-006.yaml", "rules/papers/old/pap-006.yaml"]
    {
        let mut all = lab::small_files().all().to_vec();
        all.push(SourceFile::new(name, rule.clone()));
        let lines = lab::as_lines(&Catalog::load(Files::of(all), None).unwrap_err());
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with(name) && lines[0].contains("nothing reads this file"), "{lines:?}");
    }
}

#[test]
fn keys_that_are_no_mapping_are_told_where_they_stand() {
    let lines = changed(WORDS, "keys:\n", "keys: [meeting_date]\nperiods_of_old:\n");
    assert!(
        lines.iter().any(|line| line.contains("`keys` is a mapping, but a list stands here")),
        "{lines:?}"
    );
}

#[test]
fn one_fault_of_a_check_brings_no_others_with_it() {
    let lines = changed(DEADLINE, "within: $limit", "within: $limt");
    assert!(lines.iter().all(|line| !line.contains("cannot give")), "{lines:?}");
}

#[test]
fn what_is_wrong_with_the_words_that_rules_share_is_told_before_what_may_follow_from_it() {
    let lines = changed(WORDS, "on: initiated_date }", "on: initiatd_date }");
    let is_shared = |line: &String| line.starts_with(WORDS);
    assert!(is_shared(&lines[0]) && lines.iter().any(|line| line.starts_with("rules/care/")), "{lines:?}");
    assert!(lines.iter().skip_while(|line| is_shared(line)).all(|line| !is_shared(line)), "{lines:?}");
}

#[test]
fn an_exported_catalog_is_the_built_in_one_and_is_not_written_over_anything() {
    let folder = tempfile::tempdir().unwrap();
    let casecheck = |arguments: &[&str]| {
        Command::cargo_bin("casecheck").unwrap().current_dir(folder.path()).args(arguments).assert()
    };
    casecheck(&["rules", "export", "mine"]).success();
    let own = Files::of_folder(&folder.path().join("mine")).unwrap();
    let texts = |files: &Files| {
        files.all().iter().map(|file| (file.name.clone(), file.text.clone())).collect::<Vec<_>>()
    };
    assert_eq!(texts(&own), texts(&Files::embedded()));
    let again = casecheck(&["rules", "export", "mine"]).failure();
    let said = String::from_utf8_lossy(&again.get_output().stderr).into_owned();
    assert!(said.contains("the folder mine is not empty"), "{said}");
}

#[test]
fn two_revisions_whose_dates_overlap_are_refused() {
    let text = |number: u32, effective: &str| {
        let more = format!("revision: {number}\neffective: {effective}");
        lab::rule_text("LAB-101", "present: { fields: [locality] }", &more)
    };
    let of = |first: &str, second: &str| {
        lab::Lab::of_files(&[text(1, first), text(2, second)], "", None)
            .err()
            .map(|problems| lab::as_lines(&problems))
    };
    assert_eq!(of("{ to: 2026-03-31 }", "{ from: 2026-04-01 }"), None);
    let overlapping = of("{ to: 2026-04-01 }", "{ from: 2026-04-01 }").unwrap();
    assert!(
        overlapping[0].contains("give each revision effective dates that do not overlap"),
        "{overlapping:?}"
    );
    assert!(of("{ from: 2026-03-31 }", "{ from: 2026-04-01 }").is_some());
}

/// A rule file with ten faults of ten sorts.
const TEN_FAULTS: &str = r#"id: PAP-020
title: Ten faults
why: To see them all at once.
source: { instrument: None, basis: hearsay, verified: true }
force: might
severity: error
dimension: validity
reliability: exact
colour: red
params:
  share: { default: 50 workng days }
  unused: { default: 3, allowed: 4..5 }
check:
  deadline:
    for_each: loked_after
    within: ten days
    done_by: pep_startd
    where: { age_at_strt: { under: 18 } }
say:
  overdue: "Please start the plan by {due_upon}"
fix: Put it right.
tests:
  - { name: one, as_at: soon, expect: { outcome: overdue } }
"#;

#[test]
fn one_file_with_ten_faults_gives_all_ten_with_their_lines_at_once() {
    let mut all = lab::small_files().all().to_vec();
    all.push(SourceFile::new("rules/papers/pap-020-ten.yaml", TEN_FAULTS));
    let problems = Catalog::load(Files::of(all), None).unwrap_err();
    let found: Vec<(usize, usize)> =
        problems.iter().map(casecheck::model::Problem::line_and_column).collect();
    for line in [4, 5, 9, 11, 12, 15, 16, 17, 20, 23] {
        assert!(found.iter().any(|(at, _)| *at == line), "line {line}: {:#?}", lab::as_lines(&problems));
    }
    assert!(problems.len() >= 10, "{:#?}", lab::as_lines(&problems));
    assert!(problems.iter().all(|problem| problem.file.name.ends_with("pap-020-ten.yaml")));
    let folder = tempfile::tempdir().unwrap();
    lab::write_small(folder.path());
    std::fs::write(folder.path().join("rules/papers/pap-020-ten.yaml"), TEN_FAULTS).unwrap();
    let run = Command::cargo_bin("casecheck")
        .unwrap()
        .args(["rules", "check", "--json", "--catalog"])
        .arg(folder.path())
        .assert()
        .code(1);
    let shown: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    let same: Vec<(u64, u64)> = shown["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["line"].as_u64().unwrap(), problem["column"].as_u64().unwrap()))
        .collect();
    let found: Vec<(u64, u64)> =
        found.into_iter().map(|(line, column)| (line as u64, column as u64)).collect();
    assert_eq!(same, found, "the command line shows the same problems");
}

#[test]
fn keys_that_would_be_ignored_are_refused() {
    let faults = [
        (
            "count: { of: \"chronology.entries[]\", at_most: 2, in_any: 7 days }",
            "`in_any` asks about days, and items of a list have none",
        ),
        (
            "count: { of_event: chronology_entry, at_most: 2, counting: { significance: positive } }",
            "`counting` asks about items of a list, and events are counted",
        ),
        (
            "count: { of_event: chronology_entry, at_least: 2, if_empty: met }",
            "`if_empty` asks about items of a list, and events are counted",
        ),
        (
            "one_of: { in: \"chronology.entries[]\", field: significance, codes: positive }",
            "`codes` is a list of codes",
        ),
    ];
    for (check, said) in faults {
        let rule = lab::rule_text("LAB-101", check, "");
        let problems = lab::as_lines(&lab::Lab::of_files(&[rule], "", None).err().unwrap_or_default());
        assert!(problems.iter().any(|problem| problem.contains(said)), "{check}: {problems:?}");
    }
}
