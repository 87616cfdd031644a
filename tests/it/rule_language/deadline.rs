//! `deadline` and `if_missed`: every outcome, at its edges.

use serde_json::Value;
use serde_json::json;

use crate::lab::Lab;
use crate::rule_language::looked_after;
use crate::rule_language::plans;
use crate::rule_language::with;
use crate::rule_language::without;

const TEN_DAYS: &str = "deadline: { for_each: looked_after, within: 10 working days, done_by: pep_started, warn_before: 3 working days }";

fn since_march(to: Option<&str>) -> Value {
    match to {
        None => json!([{ "start_date": "2026-03-02", "start_reason": "S" }]),
        Some(to) => json!([{ "start_date": "2026-03-02", "start_reason": "S", "end_date": to }]),
    }
}

fn child(days: &[&str]) -> Value {
    with(looked_after(since_march(None)), "personal_education_plans", plans(days))
}

#[test]
fn on_the_due_day_is_in_time_and_on_the_next_it_is_late() {
    let lab = Lab::of(TEN_DAYS);
    assert_eq!(
        lab.says(&child(&["2026-03-16"]), "2026-05-01"),
        ["met /ep/0/pl/0 due 2026-03-16 done 2026-03-16"]
    );
    assert_eq!(
        lab.says(&child(&["2026-03-17"]), "2026-05-01"),
        ["met_late /ep/0/pl/0 due 2026-03-16 done 2026-03-17 +1 working days"]
    );
}

#[test]
fn the_clock_runs_through_the_due_day_and_warns_before_it() {
    let lab = Lab::of(TEN_DAYS);
    assert_eq!(lab.says(&child(&[]), "2026-03-10"), ["not_yet_due /ep/0/pl/0 due 2026-03-16"]);
    assert_eq!(lab.says(&child(&[]), "2026-03-11"), ["not_yet_due /ep/0/pl/0 due 2026-03-16 soon"]);
    assert_eq!(lab.says(&child(&[]), "2026-03-16"), ["not_yet_due /ep/0/pl/0 due 2026-03-16 soon"]);
    assert_eq!(lab.says(&child(&[]), "2026-03-17"), ["overdue /ep/0/pl/0 due 2026-03-16 +1 working days"]);
}

#[test]
fn the_duty_lapses_when_care_ends_on_or_before_the_due_day_and_is_breached_after_it() {
    let lab = Lab::of(TEN_DAYS);
    let left = |on: &str| looked_after(since_march(Some(on)));
    assert_eq!(lab.says(&left("2026-03-15"), "2026-05-01"), ["not_applicable /ep/0/pl/0"]);
    assert_eq!(lab.says(&left("2026-03-16"), "2026-05-01"), ["not_applicable /ep/0/pl/0"]);
    assert!(lab.says(&left("2026-03-17"), "2026-05-01")[0].starts_with("breached /ep/0/pl/0 due 2026-03-16"));
}

#[test]
fn a_child_who_was_never_looked_after_has_no_clock() {
    assert_eq!(Lab::of(TEN_DAYS).says(&looked_after(json!([])), "2026-05-01"), ["not_applicable"]);
    let later = looked_after(json!([{ "start_date": "2026-06-01", "start_reason": "S" }]));
    assert_eq!(Lab::of(TEN_DAYS).says(&later, "2026-05-01"), ["not_applicable"]);
}

#[test]
fn an_unbroken_chain_of_placements_is_one_duty_and_a_second_entry_is_a_second() {
    let lab = Lab::of(TEN_DAYS);
    let chain = looked_after(json!([
        { "start_date": "2026-03-02", "start_reason": "S", "end_date": "2026-03-09" },
        { "start_date": "2026-03-09", "start_reason": "P" },
    ]));
    assert_eq!(lab.says(&chain, "2026-03-04"), ["not_yet_due /ep/0/pl/0 due 2026-03-16"]);
    assert_eq!(lab.says(&chain, "2026-03-17"), ["overdue /ep/0/pl/0 due 2026-03-16 +1 working days"]);
    let twice = looked_after(json!([
        { "start_date": "2026-03-02", "start_reason": "S", "end_date": "2026-03-09" },
        { "start_date": "2026-04-01", "start_reason": "S" },
    ]));
    assert_eq!(
        lab.says(&twice, "2026-04-20"),
        ["not_applicable /ep/0/pl/0", "overdue /ep/0/pl/1 due 2026-04-17 +1 working days"]
    );
    let touching = looked_after(json!([
        { "start_date": "2026-03-02", "start_reason": "S", "end_date": "2026-03-09" },
        { "start_date": "2026-03-09", "start_reason": "S" },
    ]));
    assert_eq!(lab.says(&touching, "2026-03-10").len(), 2, "a start reason of S begins a new stretch");
}

#[test]
fn what_is_dated_after_as_at_has_not_happened_and_the_earliest_that_qualifies_counts() {
    let lab = Lab::of(TEN_DAYS);
    assert_eq!(
        lab.says(&child(&["2026-03-12"]), "2026-03-11"),
        ["not_yet_due /ep/0/pl/0 due 2026-03-16 soon"]
    );
    assert_eq!(
        lab.says(&child(&["2026-04-02", "2026-03-05", "2026-02-20"]), "2026-05-01"),
        ["met /ep/0/pl/0 due 2026-03-16 done 2026-03-05"],
        "what came before care does not count, the later one is not needed"
    );
}

#[test]
fn a_date_that_is_missing_or_cannot_be_read_leaves_it_open_with_its_pointer() {
    let lab = Lab::of(TEN_DAYS);
    let undated =
        with(looked_after(since_march(None)), "personal_education_plans", json!([{ "pep_id": "P1" }]));
    assert_eq!(
        lab.says(&undated, "2026-05-01"),
        [
            "cannot_tell /ep/0/pl/0 due 2026-03-16 +32 working days (/personal_education_plans/0 its date is not recorded)"
        ]
    );
    let broken = child(&["soon"]);
    let said = lab.says_anyhow(&broken, "2026-05-01");
    assert!(said[0].contains("(/personal_education_plans/0 its date cannot be read)"), "{said:?}");
    assert_eq!(
        lab.says(&undated, "2026-03-05"),
        ["not_yet_due /ep/0/pl/0 due 2026-03-16"],
        "it decides nothing while the clock runs"
    );
    let no_start = looked_after(json!([{ "start_reason": "S" }]));
    assert_eq!(
        lab.says(&no_start, "2026-05-01"),
        ["cannot_tell /ep/0/pl/0 (/ep/0/pl/0/start_date its first day is not recorded)"]
    );
}

#[test]
fn a_section_that_was_not_sent_is_not_the_same_as_an_empty_one() {
    let lab = Lab::of(TEN_DAYS);
    let said = lab.says(&without(child(&[]), "personal_education_plans"), "2026-05-01");
    assert!(said[0].starts_with("cannot_tell") && said[0].contains("this part was not sent"), "{said:?}");
    assert_eq!(
        lab.says(&without(child(&[]), "social_care_episodes"), "2026-05-01"),
        ["cannot_tell (/social_care_episodes this part was not sent)"],
    );
}

#[test]
fn look_back_counts_what_was_done_a_little_before_and_no_more() {
    let lab = Lab::of(
        "deadline: { for_each: looked_after, within: 10 working days, done_by: pep_started, look_back: 2 weeks }",
    );
    assert_eq!(
        lab.says(&child(&["2026-02-16"]), "2026-05-01"),
        ["met /ep/0/pl/0 due 2026-03-16 done 2026-02-16"]
    );
    assert!(lab.says(&child(&["2026-02-15"]), "2026-05-01")[0].starts_with("overdue"));
}

#[test]
fn count_early_reaches_back_to_the_start_of_the_period() {
    let check = |early: bool| {
        format!(
            "deadline: {{ for_each: looked_after, starts: {{ event: cla_review, nth: 1 }}, within: 0 days, done_by: pep_started, count_early: {early} }}"
        )
    };
    let record = with(child(&["2026-03-04"]), "cla_reviews", json!([{ "review_date": "2026-03-20" }]));
    assert_eq!(
        Lab::of(&check(true)).says(&record, "2026-05-01"),
        ["met /ep/0/pl/0 due 2026-03-20 done 2026-03-04"]
    );
    assert!(Lab::of(&check(false)).says(&record, "2026-05-01")[0].starts_with("overdue"));
    let before_care = with(child(&["2026-03-01"]), "cla_reviews", json!([{ "review_date": "2026-03-20" }]));
    assert!(Lab::of(&check(true)).says(&before_care, "2026-05-01")[0].starts_with("overdue"));
}

#[test]
fn not_before_leaves_out_what_came_too_soon() {
    let lab = Lab::of(
        "deadline: { for_each: looked_after, within: 6 weeks, not_before: 4 weeks, done_by: pep_started }",
    );
    assert!(lab.says(&child(&["2026-03-29"]), "2026-05-01")[0].starts_with("overdue"));
    assert!(lab.says(&child(&["2026-03-30"]), "2026-05-01")[0].starts_with("met "));
}

#[test]
fn beginning_with_makes_the_first_day_day_one() {
    let check = |with: bool| {
        format!(
            "deadline: {{ for_each: looked_after, within: 10 days, beginning_with: {with}, done_by: pep_started }}"
        )
    };
    assert_eq!(
        Lab::of(&check(false)).says(&child(&[]), "2026-03-02"),
        ["not_yet_due /ep/0/pl/0 due 2026-03-12"]
    );
    assert_eq!(
        Lab::of(&check(true)).says(&child(&[]), "2026-03-02"),
        ["not_yet_due /ep/0/pl/0 due 2026-03-11"]
    );
}

#[test]
fn at_least_before_counts_back_and_what_was_done_any_time_earlier_counts() {
    let lab = Lab::of(
        "deadline: { for_each: looked_after, starts: cla_review, at_least_before: 20 working days, done_by: pep_started }",
    );
    let record = |done: &[&str]| with(child(done), "cla_reviews", json!([{ "review_date": "2026-04-30" }]));
    assert_eq!(
        lab.says(&record(&["2026-03-31"]), "2026-05-01"),
        ["met /ep/0/pl/0 due 2026-03-31 done 2026-03-31"],
        "two bank holidays lie between"
    );
    assert!(lab.says(&record(&["2026-04-01"]), "2026-05-01")[0].starts_with("met_late"));
    assert!(lab.says(&record(&["2026-03-03"]), "2026-05-01")[0].starts_with("met "));
    assert!(lab.says(&record(&[]), "2026-05-01")[0].starts_with("overdue"));
}

#[test]
fn until_ends_the_duty_of_an_item() {
    let lab = Lab::of(
        "deadline: { for_each: \"written_agreements[]\", starts: { on: start_date }, within: 6 weeks, done_by: { on: review_date }, until: end_date }",
    );
    let record = |end: Value| {
        with(
            looked_after(json!([])),
            "written_agreements",
            json!([{ "written_agreement_id": "W1", "start_date": "2026-01-05", "end_date": end }]),
        )
    };
    let says = |end: Value| lab.says(&record(end), "2026-04-01");
    // The agreement's own review date is not recorded, so whether it was reviewed cannot be told.
    assert!(says(Value::Null)[0].starts_with("cannot_tell"), "{:?}", says(Value::Null));
    assert_eq!(says(json!("2026-02-16")), ["not_applicable /written_agreements/0"]);
    let lenient = Lab::of(
        "deadline: { for_each: \"written_agreements[]\", starts: { on: start_date }, within: 6 weeks, done_by: { on: review_date, ignore_undated: true }, until: end_date }",
    );
    assert!(lenient.says(&record(Value::Null), "2026-04-01")[0].starts_with("overdue"));
    assert!(lenient.says(&record(json!("2026-02-17")), "2026-04-01")[0].starts_with("breached"));
    assert!(
        lenient.says(&record(json!("2026-06-17")), "2026-04-01")[0].starts_with("overdue"),
        "it has not ended yet"
    );
}

#[test]
fn each_item_has_a_start_of_its_own() {
    let lab = Lab::of(
        "deadline: { for_each: \"cla_reviews[]\", starts: { on: review_date }, within: 20 working days, done_by: { on: record_completed_date } }",
    );
    let record = with(
        looked_after(json!([])),
        "cla_reviews",
        json!([
            { "review_date": "2026-03-02", "record_completed_date": "2026-03-30" },
            { "review_date": "2026-04-01", "record_completed_date": "2026-05-08" },
        ]),
    );
    assert_eq!(
        lab.says(&record, "2026-06-01"),
        [
            "met /cla_reviews/0 due 2026-03-30 done 2026-03-30",
            "met_late /cla_reviews/1 due 2026-05-01 done 2026-05-08 +4 working days",
        ]
    );
}

#[test]
fn an_exception_that_is_recorded_lifts_the_duty() {
    let lab = Lab::of(
        "deadline: { for_each: looked_after, unless: { short_break_flag: { present: true, is: true } }, within: 10 days, done_by: pep_started }",
    );
    let of = |flag: Value| {
        looked_after(json!([{ "start_date": "2026-03-02", "start_reason": "S", "short_break_flag": flag }]))
    };
    assert_eq!(lab.says(&of(json!(true)), "2026-05-01"), ["not_applicable /ep/0/pl/0"]);
    assert!(lab.says(&of(json!(false)), "2026-05-01")[0].starts_with("overdue"));
    assert!(lab.says(&of(Value::Null), "2026-05-01")[0].starts_with("overdue"));
}

#[test]
fn a_working_day_limit_beyond_the_calendar_is_not_guessed() {
    let lab = Lab::of(TEN_DAYS);
    let long_ago = looked_after(json!([{ "start_date": "1999-03-02", "start_reason": "S" }]));
    let said = lab.says(&long_ago, "2026-05-01");
    assert!(said[0].starts_with("cannot_tell") && said[0].contains("calendar does not reach"), "{said:?}");
}

const MISSED: &str = "if_missed:
  id: LAB-102
  title: Missing plan challenged
  severity: critical
  deadline: { within: 5 working days, done_by: iro_challenge }
  say: { not_yet_due: Raise it, overdue: Raise it, met_late: Say why, breached: Explain it }
  fix: Raise it.";

fn challenged(record: Value, on: &str) -> Value {
    with(record, "iro_escalations", json!([{ "raised_date": on, "raised_by": { "role": "iro" } }]))
}

#[test]
fn what_follows_a_missed_duty_runs_from_the_day_it_was_due_and_points_at_it() {
    let lab = Lab::with(TEN_DAYS, MISSED);
    let late = child(&[]);
    let first = "overdue /ep/0/pl/0 due 2026-03-16";
    let second = |record: &Value, as_at: &str| {
        let said = lab.says(record, as_at);
        assert!(said[0].starts_with(first), "{said:?}");
        said[1].clone()
    };
    assert_eq!(second(&late, "2026-03-23"), "LAB-102 not_yet_due /ep/0/pl/0 due 2026-03-23");
    assert_eq!(second(&late, "2026-03-24"), "LAB-102 overdue /ep/0/pl/0 due 2026-03-23 +1 working days");
    assert_eq!(
        second(&challenged(late.clone(), "2026-03-23"), "2026-05-01"),
        "LAB-102 met /ep/0/pl/0 due 2026-03-23 done 2026-03-23"
    );
    assert!(second(&challenged(late.clone(), "2026-03-24"), "2026-05-01").starts_with("LAB-102 met_late"));
    let answer = lab.answer(&late, "2026-05-01");
    let [cause, effect] = ["LAB-101", "LAB-102"]
        .map(|id| answer.findings.iter().find(|finding| finding.rule.id == id).unwrap());
    let link = effect.caused_by.as_ref().unwrap();
    assert_eq!((link.rule.as_str(), link.finding_id), ("LAB-101", cause.finding_id));
    assert!(cause.caused_by.is_none());
}

#[test]
fn nothing_follows_a_duty_that_was_kept_and_all_is_open_when_it_cannot_be_told() {
    let lab = Lab::with(TEN_DAYS, MISSED);
    assert_eq!(lab.says(&child(&["2026-03-16"]), "2026-05-01")[1], "LAB-102 not_applicable /ep/0/pl/0");
    assert_eq!(lab.says(&child(&[]), "2026-03-16")[1], "LAB-102 not_applicable /ep/0/pl/0");
    assert!(
        lab.says(&without(child(&[]), "personal_education_plans"), "2026-05-01")[1]
            .starts_with("LAB-102 cannot_tell")
    );
    let soon_done = lab.says(&child(&["2026-03-18"]), "2026-05-01");
    assert_eq!(
        soon_done[1], "LAB-102 not_applicable /ep/0/pl/0",
        "it was put right before a challenge was due"
    );
}

#[test]
fn the_sooner_of_an_event_and_a_date_that_is_so_long_after_another_starts_the_clock() {
    let lab = Lab::of(
        "deadline: { for_each: looked_after, starts: { earlier_of: [{ event: cla_review, nth: 2 }, { event: { start_of: looked_after }, plus: 4 months }] }, within: 0 days, done_by: pep_started, count_early: true }",
    );
    let reviewed =
        |days: &[&str], plan: &[&str]| with(child(plan), "cla_reviews", crate::rule_language::reviews(days));
    assert_eq!(lab.says(&reviewed(&[], &[]), "2026-07-02"), ["not_yet_due /ep/0/pl/0 due 2026-07-02"]);
    assert_eq!(lab.says(&reviewed(&[], &[]), "2026-07-03"), ["overdue /ep/0/pl/0 due 2026-07-02 +1 days"]);
    let twice = ["2026-03-20", "2026-06-10"];
    assert_eq!(lab.says(&reviewed(&twice, &[]), "2026-06-11"), ["overdue /ep/0/pl/0 due 2026-06-10 +1 days"]);
    let late = ["2026-03-20", "2026-08-01"];
    assert_eq!(
        lab.says(&reviewed(&late, &["2026-07-20"]), "2026-09-01"),
        ["met_late /ep/0/pl/0 due 2026-07-02 done 2026-07-20 +18 days"]
    );
    assert_eq!(
        lab.says(&reviewed(&late, &["2026-05-01"]), "2026-09-01"),
        ["met /ep/0/pl/0 due 2026-07-02 done 2026-05-01"]
    );
}
