//! When duties end with an event, clocks that start later, days worked out of others, days added up.

use serde_json::Value;
use serde_json::json;

use crate::lab::Lab;
use crate::rule_language::looked_after;
use crate::rule_language::plans;
use crate::rule_language::reviews;
use crate::rule_language::with;
use crate::rule_language::without;

fn in_care() -> Value {
    looked_after(json!([{ "start_date": "2026-01-10", "start_reason": "S" }]))
}

/// A child whose education plans count as the visits that a review ends.
fn visited(visits: &[&str], held: &[&str]) -> Value {
    with(with(in_care(), "personal_education_plans", plans(visits)), "cla_reviews", reviews(held))
}

const UNTIL_REVIEW: &str =
    "cadence: { for_each: looked_after, every: 1 weeks, of: pep_started, until: { event: cla_review } }";

#[test]
fn an_event_ends_a_cadence() {
    let lab = Lab::of(UNTIL_REVIEW);
    let met = "met /ep/0/pl/0 due 2026-01-17 done 2026-01-17";
    assert_eq!(
        lab.says(&visited(&["2026-01-17"], &[]), "2026-03-01"),
        [met, "overdue /ep/0/pl/0 due 2026-01-24 +36 days"]
    );
    // The review on the day on which the visit would be due ends the duty in time; a day later the visit is missed for good.
    assert_eq!(
        lab.says(&visited(&["2026-01-17"], &["2026-01-24"]), "2026-03-01"),
        ["not_applicable /ep/0/pl/0", met]
    );
    let missed = lab.says(&visited(&["2026-01-17"], &["2026-01-25"]), "2026-03-01");
    assert!(missed[1].starts_with("breached /ep/0/pl/0 due 2026-01-24"), "{missed:?}");
    // A review that lies ahead has ended nothing.
    let ahead = lab.says(&visited(&["2026-01-17"], &["2026-01-24"]), "2026-01-23");
    assert_eq!(ahead, [met, "not_yet_due /ep/0/pl/0 due 2026-01-24"]);
}

#[test]
fn an_end_that_cannot_be_told_leaves_what_is_missed_open() {
    let lab = Lab::of(UNTIL_REVIEW);
    let unsent = without(visited(&[], &[]), "cla_reviews");
    let said = lab.says(&unsent, "2026-03-01");
    assert!(said[0].starts_with("cannot_tell") && said[0].contains("not sent"), "{said:?}");
    assert_eq!(lab.says(&unsent, "2026-01-17"), ["not_yet_due /ep/0/pl/0 due 2026-01-17"]);
    let by_date = Lab::of(
        "deadline: { for_each: \"written_agreements[]\", starts: { on: start_date }, within: 6 weeks, done_by: { on: review_date, ignore_undated: true }, until: end_date }",
    );
    let agreement = |end: &str| {
        let one = json!([{ "written_agreement_id": "W1", "start_date": "2026-01-05", "end_date": end }]);
        with(looked_after(json!([])), "written_agreements", one)
    };
    assert!(by_date.says_anyhow(&agreement("soon"), "2026-04-01")[0].starts_with("cannot_tell"));
    assert!(by_date.says(&agreement("2026-06-30"), "2026-04-01")[0].starts_with("overdue"));
}

#[test]
fn an_event_so_long_after_the_start_ends_a_deadline_and_one_before_it_does_not() {
    let lab = Lab::of(
        "deadline: { for_each: \"written_agreements[]\", starts: { on: start_date }, within: 6 weeks, done_by: { on: review_date, ignore_undated: true }, \
         until: { event: cla_review } }",
    );
    let agreed = |held: &[&str]| {
        let one = json!([{ "written_agreement_id": "W1", "start_date": "2026-02-02" }]);
        with(with(in_care(), "written_agreements", one), "cla_reviews", reviews(held))
    };
    assert!(
        lab.says(&agreed(&["2026-02-01"]), "2026-06-01")[0].starts_with("overdue"),
        "held before it began"
    );
    assert_eq!(lab.says(&agreed(&["2026-03-16"]), "2026-06-01"), ["not_applicable /written_agreements/0"]);
    assert!(lab.says(&agreed(&["2026-03-17"]), "2026-06-01")[0].starts_with("breached"));
    let year = Lab::of(
        "cadence: { for_each: looked_after, every: 6 weeks, of: pep_started, until: { event: { start_of: looked_after }, plus: 2 months } }",
    );
    let said = year.says(&visited(&["2026-02-20"], &[]), "2026-06-01");
    assert_eq!(said, ["not_applicable /ep/0/pl/0", "met /ep/0/pl/0 due 2026-02-21 done 2026-02-20"]);
}

#[test]
fn a_cadence_that_starts_later_has_not_started() {
    let lab = Lab::of(
        "cadence: { for_each: looked_after, starts: { event: { start_of: looked_after }, plus: 2 months }, every: 1 months, of: pep_started }",
    );
    assert_eq!(lab.says(&visited(&["2026-02-20"], &[]), "2026-03-09"), ["not_applicable /ep/0/pl/0"]);
    assert_eq!(
        lab.says(&visited(&["2026-02-20"], &[]), "2026-03-10"),
        ["not_yet_due /ep/0/pl/0 due 2026-04-10"]
    );
    let from_last = Lab::of(
        "cadence: { for_each: looked_after, starts: { event: { start_of: looked_after }, plus: 2 months }, every: 1 months, of: pep_started, from_last_before: true }",
    );
    assert_eq!(
        from_last.says(&visited(&["2026-02-02", "2026-02-20"], &[]), "2026-03-10"),
        ["not_yet_due /ep/0/pl/0 due 2026-03-20"]
    );
    assert_eq!(
        from_last.says(&visited(&[], &[]), "2026-03-10"),
        ["not_yet_due /ep/0/pl/0 due 2026-04-10"],
        "with nothing before it, from the start itself"
    );
}

#[test]
fn dates_are_compared_with_days_worked_out_of_others() {
    let says = |needs: &str, review: Value| {
        let lab = Lab::of(&format!(
            "each_item: {{ in: \"written_agreements[]\", needs: {{ review_date: {needs} }} }}"
        ));
        let one = json!([{ "written_agreement_id": "W1", "start_date": "2026-01-05", "end_date": "2026-02-02", "review_date": review }]);
        let said = lab.says(&with(looked_after(json!([])), "written_agreements", one), "2026-09-01");
        said[0].split(' ').next().unwrap().to_owned()
    };
    let within = "{ on_or_before: { later_of: [start_date, end_date], plus: 8 weeks } }";
    assert_eq!(says(within, json!("2026-03-30")), "met");
    assert_eq!(says(within, json!("2026-03-31")), "breached");
    let before = "{ on_or_after: { day: end_date, minus: 1 weeks } }";
    assert_eq!(says(before, json!("2026-01-26")), "met");
    assert_eq!(says(before, json!("2026-01-25")), "breached");
    let earlier = "{ before: { earlier_of: [start_date, end_date] } }";
    assert_eq!(says(earlier, json!("2026-01-04")), "met");
    assert_eq!(says(earlier, json!("2026-01-05")), "breached");
    // What is not recorded leaves the day open, whichever part of it.
    assert_eq!(
        says("{ on_or_before: { later_of: [start_date, manager_approval.date] } }", json!("2026-01-04")),
        "cannot_tell"
    );
}

#[test]
fn days_are_added_up_in_the_fullest_window() {
    let lab = Lab::of("total: { of: looked_after, in_any: 12 months, at_most: 75 days }");
    let stays = |stays: &[(&str, &str)]| {
        let placements: Value = stays
            .iter()
            .map(|(from, to)| json!({ "start_date": from, "end_date": to, "start_reason": "S" }))
            .collect();
        looked_after(placements)
    };
    // Forty days and thirty-five, both edges in.
    let just = [("2026-01-01", "2026-02-09"), ("2026-06-01", "2026-07-05")];
    assert_eq!(lab.says(&stays(&just), "2026-12-01"), ["met"]);
    let over = [("2026-01-01", "2026-02-09"), ("2026-06-01", "2026-07-06")];
    assert_eq!(lab.says(&stays(&over), "2026-12-01"), ["breached"]);
    // The year ends before the second stay is over: its last day is in the next one.
    let apart = [("2026-01-01", "2026-02-09"), ("2026-11-27", "2027-01-01")];
    assert_eq!(lab.says(&stays(&apart), "2027-02-01"), ["met"]);
    assert_eq!(lab.says(&stays(&[]), "2026-12-01"), ["not_applicable"]);
    let open = looked_after(json!([{ "start_date": "2026-01-01", "start_reason": "S" }]));
    assert_eq!(lab.says(&open, "2026-03-16"), ["met"], "seventy-five days so far");
    assert_eq!(lab.says(&open, "2026-03-17"), ["breached"]);
    let undated = looked_after(json!([{ "start_reason": "S" }]));
    assert!(lab.says_anyhow(&undated, "2026-03-16")[0].starts_with("cannot_tell"));
    let all = Lab::of("total: { of: looked_after, at_most: 75 days }");
    assert_eq!(all.says(&stays(&apart), "2027-02-01"), ["breached"], "without a window, all of them");
}
