//! Which rule is in force: revisions by date, relaxed windows, parameters, overlays, stages, waivers.

use std::sync::Arc;

use casecheck::catalog::Catalog;
use casecheck::model::Outcome;
use casecheck::model::Severity;
use casecheck::validator::Options;
use serde_json::Value;
use serde_json::json;

use crate::lab;
use crate::lab::Lab;
use crate::lab::SMALL;
use crate::rule_language::looked_after;

const CHECK: &str = "deadline: { for_each: looked_after, within: $limit, done_by: pep_started }";

fn revision(number: u32, limit: &str, effective: &str) -> String {
    let more = format!(
        "revision: {number}\neffective: {effective}\nparams: {{ limit: {{ default: {limit}, allowed: 5..90 days }} }}"
    );
    lab::rule_text("LAB-101", CHECK, &more)
}

fn since(day: &str) -> Value {
    looked_after(json!([{ "start_date": day, "start_reason": "S" }]))
}

#[test]
fn the_revision_in_force_when_the_clock_started_governs() {
    let lab = Lab::of_files(
        &[
            revision(1, "10 days", "{ from: 2026-01-01, to: 2026-03-31 }"),
            revision(2, "20 days", "{ from: 2026-04-01 }"),
        ],
        "",
        None,
    )
    .unwrap();
    assert_eq!(lab.says(&since("2026-03-31"), "2026-04-05"), ["not_yet_due /ep/0/pl/0 due 2026-04-10"]);
    assert_eq!(lab.says(&since("2026-04-01"), "2026-04-05"), ["not_yet_due /ep/0/pl/0 due 2026-04-21"]);
    assert_eq!(
        lab.says(&since("2025-12-31"), "2026-04-05"),
        ["not_applicable /ep/0/pl/0"],
        "before the first"
    );
    assert_eq!(lab.validator.pack.ranks, ["LAB-101"], "revisions share one line of the tally");
}

#[test]
fn a_clock_that_touches_a_relaxed_window_is_not_judged() {
    let lab = Lab::with(
        "deadline: { for_each: looked_after, within: 10 days, done_by: pep_started }",
        "relaxed: [{ from: 2026-02-01, to: 2026-02-28, by: SI 1 }]",
    );
    for (start, outcome) in [
        ("2026-01-21", "overdue"),
        ("2026-01-22", "not_applicable"),
        ("2026-02-28", "not_applicable"),
        ("2026-03-01", "overdue"),
    ] {
        assert!(lab.says(&since(start), "2026-05-01")[0].starts_with(outcome), "{start}");
    }
}

fn overlaid(rules: &str) -> Result<Lab, Vec<String>> {
    let overlay = format!("overlay: here\nversion: \"7\"\nwhy: It is made up.\nrules: {rules}\n");
    Lab::of_files(&[revision(1, "10 days", "{ from: 2020-01-01 }")], "", Some(&overlay))
        .map_err(|problems| lab::as_lines(&problems))
}

#[test]
fn an_overlay_sets_a_figure_within_the_range_and_every_finding_says_who_set_it() {
    let lab =
        overlaid("{ LAB-101: { params: { limit: 15 days }, severity: critical, why: Because } }").unwrap();
    let answer = lab.answer(&since("2026-03-01"), "2026-05-01");
    let finding = &answer.findings[0];
    assert_eq!(finding.timing.unwrap().due_on, Some(lab::day("2026-03-16")));
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(finding.rule.params.get(), r#"{"limit":{"set_by":"here","value":"15 days"}}"#);
    assert!(answer.decision.pack.get().ends_with(r#""overlay":"here 7"}"#));
    let plain = Lab::of_files(&[revision(1, "10 days", "{ from: 2020-01-01 }")], "", None).unwrap();
    let own = plain.answer(&since("2026-03-01"), "2026-05-01");
    assert_eq!(own.findings[0].rule.params.get(), r#"{"limit":{"set_by":"pack","value":"10 days"}}"#);
    assert_eq!(
        own.findings[0].finding_id, finding.finding_id,
        "an overlay does not make another finding of it"
    );
}

#[test]
fn an_overlay_is_refused_when_it_steps_outside_what_the_rule_allows() {
    for (rules, wanted) in [
        (
            "{ LAB-101: { params: { limit: 4 days }, why: x } }",
            "lies outside what the rule allows (write 5..90 days)",
        ),
        ("{ LAB-101: { params: { limit: 7 }, why: x } }", "is of another kind"),
        ("{ LAB-101: { params: { limmit: 7 days }, why: x } }", "did you mean `limit`?"),
        ("{ LAB-110: { severity: info, why: x } }", "there is no rule `LAB-110` (did you mean `LAB-101`?)"),
        ("{ LAB-101: { severity: dreadful, why: x } }", "there is no `severity` `dreadful`"),
        ("{ LAB-101: { severity: info } }", "needs `why`"),
    ] {
        let problems = overlaid(rules).err().expect(rules);
        assert!(
            problems.len() == 1
                && problems[0].starts_with("rules/overlays/here.yaml:4:")
                && problems[0].contains(wanted),
            "{rules}: {problems:?}"
        );
    }
}

#[test]
fn a_rule_that_is_switched_off_is_neither_asked_nor_expected() {
    let lab = overlaid("{ LAB-101: { off: Another system does it, why: Because } }").unwrap();
    let answer = lab.answer(&since("2026-03-01"), "2026-05-01");
    assert_eq!((answer.decision.rules.expected, answer.decision.counts.total()), (0, 0));
    assert_eq!(lab.validator.pack.rules[0].off.as_deref(), Some("Another system does it"));
}

#[test]
fn a_rule_in_shadow_is_counted_and_not_shown() {
    let lab = overlaid("{ LAB-101: { stage: shadow, why: Because } }").unwrap();
    let record = since("2026-03-01");
    let shown = lab::answer_with(&lab.validator, &record, &Options::as_at(lab::day("2026-05-01")));
    assert!(shown.findings.is_empty());
    assert_eq!(shown.decision.counts.get(Outcome::Overdue), 1);
    assert_eq!(lab.answer(&record, "2026-05-01").findings.len(), 1, "with every outcome it is there");
}

#[test]
fn a_waiver_stands_beside_a_finding_and_changes_nothing_else() {
    let catalog = Catalog::load(lab::small_files(), Some("northtown")).unwrap();
    let record = |child: &str| json!({ "la_child_id": child, "written_agreements": [{ "start_date": "2026-02-01", "written_agreement_id": "W1" }] });
    let finding = |child: &str, as_at: &str| {
        let answer = lab::answer(&catalog.validator(), &record(child), as_at);
        answer.findings.into_iter().find(|finding| finding.rule.id == "PAP-002").unwrap()
    };
    let waived = finding("CHILD9", "2026-12-31");
    assert_eq!(waived.outcome, Outcome::Breached);
    let note = waived.waiver.unwrap();
    assert_eq!((note.id.as_str(), note.disposition.as_str()), ("W-1", "accepted_exception"));
    assert!(finding("CHILD9", "2027-01-01").waiver.is_none(), "it has expired");
    assert!(finding("CHILD8", "2026-12-31").waiver.is_none(), "it is for another child");
    let without = lab::answer(&SMALL.validator(), &record("CHILD9"), "2026-12-31");
    let same = without.findings.iter().find(|finding| finding.rule.id == "PAP-002").unwrap();
    assert_eq!(same.finding_id, waived.finding_id);
}

#[test]
fn the_register_of_a_catalog_is_read_from_every_file_of_its_folder() {
    let mut all: Vec<Arc<_>> = lab::small_files().all().to_vec();
    for (name, id) in [("a", "CARE-090"), ("b", "PAP-090")] {
        let text = format!(
            "registered: [{{ id: {id}, standard: care, title: T, reason: Nobody can measure it, audit_question: Was it so? }}]\n"
        );
        all.push(casecheck::model::SourceFile::new(format!("rules/register/{name}.yaml"), text));
    }
    let catalog = Catalog::load(casecheck::catalog::Files::of(all), None).unwrap();
    let ids: Vec<&str> = catalog.register.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["CARE-090", "PAP-090"]);
}
