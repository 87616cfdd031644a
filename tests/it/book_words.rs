//! What the book says of a check is what the engine asks: whose items a list means, which days of a stretch count, what an empty list means.
//! Where words and engine could part, the same rule is put into words and asked of a record.

use casecheck::book::InWords;
use casecheck::book::Vocabulary;
use casecheck::catalog::Files;
use casecheck::model::SourceFile;
use serde_json::Value;
use serde_json::json;

use crate::book::asked;
use crate::lab;
use crate::lab::Lab;
use crate::rule_language::looked_after;
use crate::rule_language::reviews;
use crate::rule_language::with;
use crate::shipped;

/// A rule on the bench in words, and what its words mean, a line each.
fn said_with(check: &str, vocabulary: &str) -> String {
    let rules = [lab::rule_text("LAB-101", check, "")];
    let lab = Lab::of_files(&rules, vocabulary, None)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")));
    let mut files = lab::small_files().all().to_vec();
    files.push(SourceFile::new("rules/vocabulary/lab.yaml", vocabulary.to_owned()));
    let words = Vocabulary::of(&Files::of(files));
    let words = InWords::of(lab.validator.pack.rule("LAB-101").unwrap(), &words, lab::SMALL.schema.shape());
    let mut lines = Vec::new();
    for said in words.check.iter().chain(words.terms.iter().map(|(_, said)| said)) {
        said.lines(0, &mut lines);
    }
    lines.join("\n")
}

fn said(check: &str) -> String {
    said_with(check, "")
}

fn says_all(said: &str, all: &[&str]) {
    for words in all {
        assert!(said.contains(words), "{words} in\n{said}");
    }
}

/// Two episodes, one with a placement that has an end, one with a placement that has none.
fn two_episodes() -> Value {
    json!({ "social_care_episodes": [
        { "referral_date": "2026-01-01", "child_looked_after_placements": [{ "start_date": "2026-01-10", "end_date": "2026-02-01" }] },
        { "referral_date": "2026-03-01", "child_looked_after_placements": [{ "start_date": "2026-03-10" }] },
    ] })
}

#[test]
fn a_list_that_is_looked_through_says_whose_it_is() {
    let list = "social_care_episodes[].child_looked_after_placements[]";
    let beside = format!(
        "each_item: {{ in: \"{list}\", needs: {{ some: {{ of: \"^child_looked_after_placements[]\", where: {{ end_date: {{ present: true }} }} }} }} }}"
    );
    says_all(&said(&beside), &["there is at least one placement of the same social care episode for which"]);
    let asked = Lab::of(&beside).says(&two_episodes(), "2026-04-01");
    assert_eq!(asked, ["met /ep/0/pl/0", "breached /ep/1/pl/0"]);
    let anywhere = beside.replace("\"^child", "\"$.social_care_episodes[].child");
    let words = said(&anywhere);
    assert!(words.contains("there is at least one placement of a social care episode for which"), "{words}");
    let asked = Lab::of(&anywhere).says(&two_episodes(), "2026-04-01");
    assert_eq!(asked, ["met /ep/0/pl/0", "met /ep/1/pl/0"]);
    let own = "each_item: { in: \"written_agreements[]\", needs: { none: { of: \"parties[]\", where: { role: { present: false } } } } }";
    says_all(&said(own), &["there is no party of this written agreement for which"]);
    let counted = "count: { for_each: \"written_agreements[]\", of: \"parties[]\", at_least: 2 }";
    says_all(
        &said(counted),
        &["the number of entries under “Parties” of this written agreement must be at least 2"],
    );
}

#[test]
fn shipped_rules_say_whose_lists_they_mean() {
    let catalog = shipped::catalog(None);
    for (id, words) in [
        ("ASM-002", "there is no child and family assessment of the same social care episode for which"),
        ("ADP-020b", "there is at least one placement of the same social care episode for which"),
        ("CPP-001b", "there is at least one strategy discussion of the same social care episode for which"),
        ("PLO-001b", "there is no extension in “Care proceedings” of the same social care episode for which"),
        ("PEP-010b", "entries under “Targets” of this personal education plan"),
        ("CIN-005", "there is no action of this child in need plan for which"),
        ("CLV-010c", "there is at least one action of this pathway plan for which"),
        ("CLV-004", "the clock starts with “Review date” of a review of this pathway plan for which"),
        ("CLV-004", "“adviser visited home there” of this pathway plan is due"),
        ("CHR-005b", "“Description” has a phrase of the word list “chronology date doubt”"),
    ] {
        let all = asked(&catalog, id);
        assert!(all.contains(words), "{id}: {words} in\n{all}");
    }
}

#[test]
fn of_a_stretch_the_days_are_said_that_count() {
    let check = "deadline: { for_each: looked_after, starts: { event: cla_review, nth: 1 }, within: 10 days, done_by: pep_started, count_early: true }";
    says_all(
        &said(check),
        &[
            "Only what took place from the first to the last day of the stretch starts it.",
            "What was done before the start counts too, back to the first day of the stretch.",
            "Where the stretch ends on or before the due day and it was not done, the duty falls away; what was done after the stretch does not count.",
        ],
    );
    let of = |end: &str, done: &str| {
        let placement = json!([{ "start_date": "2026-01-10", "start_reason": "S", "end_date": end }]);
        let record = with(looked_after(placement), "cla_reviews", reviews(&["2026-02-01"]));
        let pep = json!([{ "pep_id": "P1", "initiated_date": done }]);
        Lab::of(check).says(&with(record, "personal_education_plans", pep), "2026-06-01")[0].clone()
    };
    assert!(of("2026-05-01", "2026-01-10").starts_with("met "), "on the first day of the stretch");
    assert!(of("2026-05-01", "2026-01-09").starts_with("breached "), "the day before the stretch");
    assert!(of("2026-02-11", "2026-01-09").starts_with("not_applicable "), "it ends on the due day");
    let cadence =
        said("cadence: { for_each: looked_after, every: 3 months, of: cla_review, from_last_before: true }");
    says_all(
        &cadence,
        &[
            "by the start within the stretch, if it was",
            "The duty ends with the stretch: what would be due on its last day or later falls away unless it was done by then.",
        ],
    );
    let until = said(
        "deadline: { for_each: \"written_agreements[]\", starts: { on: start_date }, within: 10 days, done_by: { on: end_date }, until: end_date }",
    );
    says_all(&until, &["where that is on or before the due day and it was not done, it falls away"]);
    assert!(!until.contains("stretch"), "{until}");
}

#[test]
fn of_a_stretch_of_several_it_is_said_which_is_asked() {
    let check = |period: &str| {
        format!(
            "count: {{ for_each: {period}, where: {{ any: [{{ placement_type: {{ present: true }} }}] }}, of_event: cla_review, at_least: 1 }}"
        )
    };
    let first = "Of a stretch of several, its first placement is asked.";
    says_all(&said(&check("looked_after")), &[first]);
    assert!(!said(&check("placement")).contains("first placement"), "those are never joined");
    let of_the_child = "count: { for_each: looked_after, where: { age_now: { under: 5 } }, of_event: cla_review, at_least: 1 }";
    assert!(!said(of_the_child).contains("first placement"));
    let placements = json!([
        { "start_date": "2026-01-10", "start_reason": "S", "placement_type": "U1", "end_date": "2026-02-01" },
        { "start_date": "2026-02-01", "start_reason": "P" },
    ]);
    let record = with(looked_after(placements), "cla_reviews", reviews(&["2026-02-05"]));
    let asked = Lab::of(&check("looked_after")).says(&record, "2026-06-01");
    assert_eq!(asked, ["met /ep/0/pl/0"], "the first has a type, the second none");
}

#[test]
fn what_was_done_before_the_start_counts_only_where_it_is_said() {
    let late = "deadline: { for_each: \"written_agreements[]\", starts: { on: start_date }, within: 0 days, done_by: pep_started }";
    says_all(&said(late), &["is due on that very day", "What was done before the start does not count."]);
    let record = json!({
        "written_agreements": [{ "written_agreement_id": "W1", "start_date": "2026-02-01" }],
        "personal_education_plans": [{ "pep_id": "P1", "initiated_date": "2026-01-31" }],
    });
    assert!(Lab::of(late).says(&record, "2026-03-01")[0].starts_with("overdue "));
    let early = late
        .replace(" }", ", count_early: true }")
        .replace("start_date, count_early: true }", "start_date }");
    says_all(&said(&early), &["is due by that day", "What was done before the start counts too."]);
    assert!(Lab::of(&early).says(&record, "2026-03-01")[0].starts_with("met "));
}

#[test]
fn day_zero_is_said_of_one_day_as_of_several() {
    let check = |within: &str| {
        format!("deadline: {{ for_each: looked_after, within: {within}, done_by: cla_review }}")
    };
    for within in ["1 working day", "1 day", "5 working days", "2 school days"] {
        let words = format!("within {within} of it, the day of the start being day zero.");
        says_all(&said(&check(within)), &[&words]);
    }
    assert!(!said(&check("2 weeks")).contains("day zero"));
    says_all(&said(&check("1 working days")), &["within 1 working day of it"]);
}

#[test]
fn a_second_duty_says_when_it_falls_away() {
    let catalog = shipped::catalog(None);
    says_all(
        &asked(&catalog, "PERM-001"),
        &[
            "That one falls away where the first is done late but by the day on which the second is due, unless the second was done in time, or where the stretch ends by then and the second was not done; what was done after the stretch does not count.",
        ],
    );
}

#[test]
fn every_date_that_comes_first_must_be_in_order() {
    let check = "order: { in: \"permanence_plans[]\", first: [agreed_date, carried_out_date], then: as_at }";
    says_all(&said(check), &[" must each not be after the day of the check"]);
}

#[test]
fn two_alike_are_looked_for_in_the_whole_record() {
    let check = "unique: { in: \"written_agreements[].parties[]\", where: { role: { present: true } }, by: [role, signed_date] }";
    says_all(
        &said(check),
        &[
            "No two entries under “Parties” of any written agreement, in the whole record, may have the same",
            "Only those are compared for which “",
        ],
    );
    let party = json!([{ "role": "parent", "signed_date": "2026-01-02" }]);
    let agreement =
        |id: &str, start: &str| json!({ "written_agreement_id": id, "start_date": start, "parties": party });
    let record =
        json!({ "written_agreements": [agreement("W1", "2026-01-01"), agreement("W2", "2026-02-01")] });
    let said_of = Lab::of(check).says_anyhow(&record, "2026-03-01");
    assert!(said_of.iter().any(|line| line.starts_with("breached")), "{said_of:?}");
    assert!(!said("unique: { in: \"cla_reviews[]\", by: [review_date] }").contains("whole record"));
}

#[test]
fn what_an_empty_list_means_is_said_of_a_presence_that_does_not_say() {
    let check = "present: { in: \"cla_reviews[]\", fields: [review_date] }";
    says_all(&said(check), &["A list that is recorded as empty does not meet it."]);
    let asked = Lab::of(check).says(&json!({ "cla_reviews": [] }), "2026-03-01");
    assert!(asked[0].starts_with("breached"), "{asked:?}");
    assert!(!said("present: { fields: [la_child_id] }").contains("empty"));
}

#[test]
fn whether_an_item_without_its_date_may_be_an_event_is_always_said() {
    let check = "count: { of_event: word, at_least: 1 }";
    let several = "where: { cancelled_flag: { not: true }, review_date: { after: 2020-01-01 } }";
    let word =
        |more: &str| format!("events:\n  word: {{ each: \"cla_reviews[]\", on: review_date, {more} }}\n");
    let may = "(one without that date may be it all the same, so that it cannot be told)";
    says_all(&said_with(check, &word(several)), &[may, "for which these all hold:"]);
    says_all(&said_with(check, &word("ignore_undated: false")), &[may]);
    says_all(&said_with(check, &word("ignore_undated: true")), &["(one without that date is not it)"]);
}

#[test]
fn stretches_are_joined_only_where_the_period_joins_them() {
    let check = "total: { of: stay, at_most: 75 days }";
    let stay = |join: &str| {
        format!(
            "periods:\n  stay: {{ each: \"social_care_episodes[].child_looked_after_placements[]\", from: start_date, to: end_date, join: {join} }}\n"
        )
    };
    assert!(said_with(check, &stay("true")).contains("those that touch are one stretch"));
    assert!(!said_with(check, &stay("false")).contains("touch"));
}

#[test]
fn conditions_share_a_line_only_where_nobody_can_read_them_otherwise() {
    let needs =
        |condition: &str| said(&format!("each_item: {{ in: \"cla_reviews[]\", needs: {condition} }}"));
    let field = "review_date: { present: true }";
    let other = "review_id: { present: true }";
    let third = "cancelled_flag: true";
    let plain = needs(&format!("{{ any: [{{ {field} }}, {{ {other} }}] }}"));
    assert!(plain.contains("either “") && plain.contains(", or “"), "{plain}");
    let mixed = needs(&format!("{{ any: [{{ {field} }}, {{ {other}, {third} }}] }}"));
    assert!(mixed.contains("at least one of these holds:") && !mixed.contains("either"), "{mixed}");
    let nested = needs(&format!(
        "{{ any: [{{ {field} }}, {{ none: {{ of: \"$.written_agreements[]\", where: {{ start_date: {{ present: true }} }} }} }}] }}"
    ));
    assert!(!nested.contains("either"), "{nested}");
    let neither = needs(&format!("{{ not: {{ any: [{{ {field} }}, {{ {other} }}] }} }}"));
    assert!(neither.contains("none of these holds:") && !neither.contains("not so"), "{neither}");
}
