//! `cadence`, `gap`, `overlap`, `order` and `count`: what lasts, what follows, how many.

use serde_json::Value;
use serde_json::json;

use crate::lab::Lab;
use crate::rule_language::entries;
use crate::rule_language::looked_after;
use crate::rule_language::reviews;
use crate::rule_language::with;
use crate::rule_language::without;

fn reviewed(end: Option<&str>, days: &[&str]) -> Value {
    let placement = match end {
        None => json!([{ "start_date": "2026-01-10", "start_reason": "S" }]),
        Some(end) => json!([{ "start_date": "2026-01-10", "start_reason": "S", "end_date": end }]),
    };
    with(looked_after(placement), "cla_reviews", reviews(days))
}

const FROM_LAST: &str =
    "cadence: { for_each: looked_after, first_within: 20 working days, every: 3 months, of: cla_review }";

#[test]
fn intervals_run_from_the_last_time_it_was_done() {
    assert_eq!(
        Lab::of(FROM_LAST).says(&reviewed(None, &["2026-02-06", "2026-05-20"]), "2026-06-01"),
        [
            "met /ep/0/pl/0 due 2026-02-06 done 2026-02-06",
            "met_late /ep/0/pl/0 due 2026-05-06 done 2026-05-20 +14 days",
            "not_yet_due /ep/0/pl/0 due 2026-08-20",
        ]
    );
    assert_eq!(
        Lab::of(FROM_LAST).says(&reviewed(None, &["2026-02-06"]), "2026-05-07"),
        ["met /ep/0/pl/0 due 2026-02-06 done 2026-02-06", "overdue /ep/0/pl/0 due 2026-05-06 +1 days"]
    );
}

#[test]
fn the_end_of_the_period_closes_the_last_interval() {
    let lab = Lab::of(FROM_LAST);
    assert_eq!(lab.says(&reviewed(Some("2026-02-06"), &[]), "2026-06-01"), ["not_applicable /ep/0/pl/0"]);
    let said = lab.says(&reviewed(Some("2026-02-07"), &[]), "2026-06-01");
    assert!(said[0].starts_with("breached /ep/0/pl/0 due 2026-02-06"), "{said:?}");
    let late = lab.says(&reviewed(Some("2026-03-01"), &["2026-03-02"]), "2026-06-01");
    assert!(late[0].starts_with("breached"), "what was done after the end does not count: {late:?}");
}

#[test]
fn a_schedule_keeps_its_dates_whatever_was_done() {
    let lab =
        Lab::of("cadence: { for_each: looked_after, every: 1 months, of: cla_review, clock: from_schedule }");
    let record = reviewed(None, &["2026-02-05", "2026-03-25"]);
    let first = "met /ep/0/pl/0 due 2026-02-10 done 2026-02-05";
    let third = "met /ep/0/pl/0 due 2026-04-10 done 2026-03-25";
    assert_eq!(
        lab.says(&record, "2026-04-05"),
        [first, "overdue /ep/0/pl/0 due 2026-03-10 +26 days", third],
        "the one that was missed can be made up until the next falls due"
    );
    assert_eq!(
        lab.says(&record, "2026-04-11"),
        [
            first,
            "breached /ep/0/pl/0 due 2026-03-10 +32 days",
            third,
            "not_yet_due /ep/0/pl/0 due 2026-05-10",
        ]
    );
}

#[test]
fn an_undated_event_or_a_section_not_sent_leaves_the_interval_open() {
    let lab = Lab::of(FROM_LAST);
    let undated = with(reviewed(None, &[]), "cla_reviews", json!([{ "review_id": "R1" }]));
    assert!(lab.says(&undated, "2026-06-01")[0].contains("(/cla_reviews/0 its date is not recorded)"));
    let said = lab.says(&without(reviewed(None, &[]), "cla_reviews"), "2026-06-01");
    assert!(said[0].starts_with("cannot_tell") && said[0].contains("not sent"), "{said:?}");
    let cancelled = with(
        reviewed(None, &[]),
        "cla_reviews",
        json!([{ "review_date": "2026-02-01", "cancelled_flag": true }]),
    );
    assert!(lab.says(&cancelled, "2026-06-01")[0].starts_with("overdue"), "a cancelled review is none");
}

fn case(end: Value, days: &[&str]) -> Value {
    json!({ "social_care_episodes": [{ "referral_date": "2026-01-05", "closure_date": end }], "chronology": entries(days) })
}

#[test]
fn a_gap_is_measured_with_its_edges_or_between_events_only() {
    let edges = Lab::of(
        "gap: { for_each: case_open, between: chronology_entry, no_more_than: 6 weeks, edges: true }",
    );
    let inside = Lab::of("gap: { for_each: case_open, between: chronology_entry, no_more_than: 6 weeks }");
    assert_eq!(edges.says(&case(Value::Null, &["2026-02-16"]), "2026-03-30"), ["met /ep/0"], "42 days twice");
    assert!(edges.says(&case(Value::Null, &["2026-02-17"]), "2026-03-30")[0].starts_with("breached /ep/0"));
    assert!(edges.says(&case(Value::Null, &["2026-02-15"]), "2026-03-30")[0].starts_with("overdue /ep/0"));
    assert!(edges.says(&case(json!("2026-03-30"), &["2026-02-15"]), "2026-05-30")[0].starts_with("breached"));
    assert_eq!(inside.says(&case(Value::Null, &["2026-02-15"]), "2026-03-30"), ["not_applicable /ep/0"]);
    assert!(
        inside.says(&case(Value::Null, &["2026-01-06", "2026-02-18"]), "2026-03-30")[0]
            .starts_with("breached")
    );
}

#[test]
fn placements_that_share_an_edge_do_not_overlap_and_those_a_day_apart_are_unbroken() {
    let apart = Lab::of("overlap: { of: placement, must: not_meet }");
    let whole = Lab::of("overlap: { of: placement, must: be_unbroken }");
    let two = |end: &str, start: &str| {
        looked_after(json!([{ "start_date": "2026-01-10", "end_date": end }, { "start_date": start }]))
    };
    for (end, start, not_meet, unbroken) in [
        ("2026-02-01", "2026-02-01", "met", "met"),
        ("2026-02-01", "2026-02-02", "met", "met"),
        ("2026-02-01", "2026-02-03", "met", "breached"),
        ("2026-02-02", "2026-02-01", "breached", "breached"),
    ] {
        let record = two(end, start);
        assert_eq!(apart.says(&record, "2026-05-01")[1], format!("{not_meet} /ep/0/pl/1"), "{end} {start}");
        assert_eq!(whole.says(&record, "2026-05-01")[1], format!("{unbroken} /ep/0/pl/1"), "{end} {start}");
    }
    let backwards = looked_after(json!([{ "start_date": "2026-02-10", "end_date": "2026-02-01" }]));
    assert!(apart.says(&backwards, "2026-05-01")[0].starts_with("cannot_tell"));
}

#[test]
fn an_order_may_be_strict_and_a_missing_date_leaves_it_open() {
    let loose = Lab::of("order: { in: \"written_agreements[]\", first: start_date, then: end_date }");
    let strict =
        Lab::of("order: { in: \"written_agreements[]\", first: start_date, then: end_date, strictly: true }");
    let of = |end: Value| {
        with(
            looked_after(json!([])),
            "written_agreements",
            json!([{ "written_agreement_id": "W1", "start_date": "2026-02-01", "end_date": end }]),
        )
    };
    assert_eq!(loose.says(&of(json!("2026-02-01")), "2026-05-01"), ["met /written_agreements/0"]);
    assert_eq!(strict.says(&of(json!("2026-02-01")), "2026-05-01"), ["breached /written_agreements/0"]);
    assert_eq!(loose.says(&of(json!("2026-01-31")), "2026-05-01"), ["breached /written_agreements/0"]);
    assert_eq!(
        loose.says(&of(Value::Null), "2026-05-01"),
        ["cannot_tell /written_agreements/0 (/written_agreements/0/end_date it is not recorded)"]
    );
}

#[test]
fn a_count_has_a_least_a_most_and_three_values() {
    let lab = Lab::of(
        "count: { of: \"chronology.entries[]\", counting: { significance: { in: [positive, protective] } }, at_least: 1, at_most: 2 }",
    );
    let of = |all: Value| {
        let entries: Value = all.as_array().unwrap().iter().enumerate()
            .map(|(at, word)| json!({ "entry_id": format!("E{at}"), "event_date": "2026-02-01", "significance": word }))
            .collect();
        json!({ "chronology": { "entries": entries } })
    };
    for (words, outcome) in [
        (json!(["positive"]), "met"),
        (json!(["positive", "protective"]), "met"),
        (json!(["positive", "protective", "positive"]), "breached"),
        (json!([]), "breached"),
        (json!(["positive", null]), "met"),
        (json!([null]), "cannot_tell"),
        (json!(["positive", "positive", null]), "cannot_tell"),
        (json!(["positive", "positive", "positive", null]), "breached"),
    ] {
        let said = lab.says(&of(words.clone()), "2026-05-01");
        assert_eq!(said[0].split(' ').next(), Some(outcome), "{words}: {said:?}");
    }
    assert!(lab.says(&json!({}), "2026-05-01")[0].starts_with("cannot_tell"));
}

#[test]
fn a_share_and_a_rolling_window_are_counted() {
    let share =
        Lab::of("count: { of: \"cla_reviews[]\", counting: { cancelled_flag: true }, at_most_share: 25% }");
    let of = |flags: &[bool]| -> Value {
        json!({ "cla_reviews": flags.iter().map(|flag| json!({ "review_date": "2026-02-01", "cancelled_flag": flag })).collect::<Value>() })
    };
    assert_eq!(share.says(&of(&[true, false, false, false]), "2026-05-01"), ["met"]);
    assert_eq!(share.says(&of(&[true, false, false]), "2026-05-01"), ["breached"]);
    let window = Lab::of("count: { of_event: chronology_entry, at_most: 2, in_any: 7 days }");
    let on = |days: &[&str]| json!({ "chronology": entries(days) });
    assert_eq!(window.says(&on(&["2026-02-01", "2026-02-04", "2026-02-07"]), "2026-05-01"), ["breached"]);
    assert_eq!(window.says(&on(&["2026-02-01", "2026-02-04", "2026-02-08"]), "2026-05-01"), ["met"]);
}
