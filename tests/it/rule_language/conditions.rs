//! Conditions: every test and every word, and their three values.

use serde_json::Value;
use serde_json::json;

use crate::lab::Lab;
use crate::rule_language::looked_after;
use crate::rule_language::reviews;
use crate::rule_language::with;

/// What a condition says of the only item of a list: yes, no, or open.
fn asked(list: &str, condition: &str, record: &Value) -> &'static str {
    let lab = Lab::of(&format!("each_item: {{ in: \"{list}\", needs: {condition} }}"));
    let said = lab.says_anyhow(record, "2026-05-01");
    match said[0].split(' ').next() {
        Some("met") => "yes",
        Some("breached") => "no",
        Some("cannot_tell") => "open",
        other => panic!("{other:?}"),
    }
}

fn entry(inner: Value) -> Value {
    json!({ "chronology": { "entries": [inner] } })
}

#[test]
fn each_test_of_a_field_has_three_values() {
    let none = Value::Null;
    for (field, value, test, wanted) in [
        ("significance", json!("positive"), "positive", "yes"),
        ("significance", json!("concern"), "{ is: positive }", "no"),
        ("significance", none.clone(), "positive", "open"),
        ("significance", json!("positive"), "{ in: [positive, protective] }", "yes"),
        ("significance", none.clone(), "{ not: positive }", "yes"),
        ("significance", json!("positive"), "{ not: positive }", "no"),
        ("significance", json!("positive"), "{ not_in: [positive] }", "no"),
        ("significance", none.clone(), "{ not_in: [positive] }", "yes"),
        ("source", json!("x"), "{ present: true }", "yes"),
        ("source", json!(" "), "{ present: true }", "no"),
        ("source", none.clone(), "{ present: false }", "yes"),
        ("source", none.clone(), "{ present: true }", "no"),
        ("sequence", json!(3), "{ at_least: 3 }", "yes"),
        ("sequence", json!(3), "{ under: 3 }", "no"),
        ("sequence", json!(3), "{ at_most: 3 }", "yes"),
        ("sequence", json!(3), "{ over: 3 }", "no"),
        ("sequence", none.clone(), "{ over: 3 }", "open"),
        ("sequence", json!("3"), "{ over: 2 }", "open"),
        ("event_date", json!("2026-05-01"), "{ before: as_at }", "no"),
        ("event_date", json!("2026-05-01"), "{ on_or_before: as_at }", "yes"),
        ("event_date", json!("2026-05-01"), "{ after: 2026-04-30 }", "yes"),
        ("event_date", json!("2026-05-01"), "{ on_or_after: 2026-05-02 }", "no"),
        ("event_date", none.clone(), "{ before: as_at }", "open"),
        ("event_date", json!("2026-05-01"), "{ before: event_end_date }", "open"),
        ("event_date", json!("2026-02-30"), "{ before: as_at }", "open"),
        ("source", json!("School"), "{ matches: \"^S\" }", "yes"),
        ("source", none.clone(), "{ matches: \"^S\" }", "open"),
        ("source", json!("one two"), "{ min_words: 3 }", "no"),
        ("source", json!("one two"), "{ max_words: 2, min_letters: 6 }", "yes"),
        ("source", json!("tbc"), "{ not_only: placeholder }", "no"),
        ("family_history_flag", json!(true), "true", "yes"),
        ("family_history_flag", json!(false), "true", "no"),
        ("family_history_flag", none.clone(), "true", "open"),
    ] {
        let record = entry(json!({ "entry_id": "E1", field: value }));
        let condition = format!("{{ {field}: {test} }}");
        assert_eq!(asked("chronology.entries[]", &condition, &record), wanted, "{condition} of {value}");
    }
}

#[test]
fn same_as_leaves_letter_case_and_white_space_aside() {
    let of = |left: Value, right: Value| {
        entry(json!({ "entry_id": "E1", "description": left, "impact_on_child": right }))
    };
    for (left, right, wanted) in [
        (json!("Sad  all day"), json!("sad all day"), "yes"),
        (json!("Sad"), json!("Glad"), "no"),
        (json!("Sad"), Value::Null, "open"),
    ] {
        assert_eq!(
            asked("chronology.entries[]", "{ description: { same_as: impact_on_child } }", &of(left, right)),
            wanted
        );
    }
}

#[test]
fn joined_conditions_follow_the_tables_of_three_values() {
    let value = |word: &str| match word {
        "yes" => json!("a"),
        "no" => json!("b"),
        _ => Value::Null,
    };
    for (left, right, all, any) in [
        ("yes", "yes", "yes", "yes"),
        ("yes", "no", "no", "yes"),
        ("yes", "open", "open", "yes"),
        ("no", "no", "no", "no"),
        ("no", "open", "no", "open"),
        ("open", "open", "open", "open"),
    ] {
        for (first, second) in [(left, right), (right, left)] {
            let record =
                entry(json!({ "entry_id": "E1", "source": value(first), "source_agency": value(second) }));
            let parts = "[{ source: a }, { source_agency: a }]";
            let ask = |condition: String| asked("chronology.entries[]", &condition, &record);
            assert_eq!(ask(format!("{{ all: {parts} }}")), all, "{first} and {second}");
            assert_eq!(ask("{ source: a, source_agency: a }".to_owned()), all, "{first} and {second}");
            assert_eq!(ask(format!("{{ any: {parts} }}")), any, "{first} or {second}");
            let turned = match all {
                "yes" => "no",
                "no" => "yes",
                open => open,
            };
            assert_eq!(ask(format!("{{ not: {{ all: {parts} }} }}")), turned);
        }
    }
}

#[test]
fn some_and_none_look_at_the_items_own_list() {
    let record = json!({ "written_agreements": [
        { "start_date": "2026-01-01", "parties": [{ "role": "parent" }] },
        { "start_date": "2026-02-01", "parties": [] },
    ] });
    for (word, wanted) in [("some", ["met", "breached"]), ("none", ["breached", "met"])] {
        let lab = Lab::of(&format!(
            "each_item: {{ in: \"written_agreements[]\", needs: {{ {word}: {{ of: \"parties[]\", where: {{ role: {{ present: true, is: parent }} }} }} }} }}"
        ));
        let said = lab.says_anyhow(&record, "2026-05-01");
        let outcomes: Vec<&str> = said.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(outcomes, wanted, "{word}");
    }
}

#[test]
fn an_item_reads_what_holds_it_and_the_record() {
    let record = json!({
        "child_details": { "sex": "F" },
        "written_agreements": [{ "start_date": "2026-02-01", "parties": [{ "signed_date": "2026-01-31" }] }],
    });
    assert_eq!(
        asked("written_agreements[].parties[]", "{ signed_date: { before: ^start_date } }", &record),
        "yes"
    );
    assert_eq!(
        asked(
            "written_agreements[].parties[]",
            "{ $.child_details.nhs_number: { present: false } }",
            &record
        ),
        "yes"
    );
}

#[test]
fn events_and_periods_are_asked_about_by_day() {
    let child = with(
        looked_after(json!([{ "start_date": "2026-03-02", "start_reason": "S", "end_date": "2026-03-20" }])),
        "cla_reviews",
        reviews(&["2026-03-10"]),
    );
    let lab = |condition: &str| {
        Lab::of(&format!("when_then: {{ when: {{ la_child_id: {{ present: true }} }}, then: {condition} }}"))
    };
    for (condition, wanted) in [
        ("{ happened: { event: cla_review } }", "met"),
        ("{ happened: { event: cla_review, from: 2026-03-11 } }", "breached"),
        ("{ happened: { event: cla_review, from: 2026-03-10, to: 2026-03-10 } }", "met"),
        ("{ not_happened: { event: cla_review, to: 2026-03-09 } }", "met"),
        ("{ during: looked_after }", "breached"),
        ("{ during: { period: looked_after, on: 2026-03-20 } }", "met"),
        ("{ during: { period: looked_after, on: 2026-03-21 } }", "breached"),
        ("{ not_during: { period: looked_after, on: 2026-03-01 } }", "met"),
        ("{ age_now: { at_least: 11, under: 12 } }", "met"),
        ("{ age_on: { on: 2026-05-10, at_least: 12 } }", "met"),
        ("{ age_on: { on: 2026-05-09, at_least: 12 } }", "breached"),
    ] {
        let said = lab(condition).says(&child, "2026-05-01");
        assert_eq!(said[0].split(' ').next(), Some(wanted), "{condition}");
    }
    let mut unborn = child;
    unborn["child_details"] = json!({});
    assert!(lab("{ age_now: { under: 12 } }").says(&unborn, "2026-05-01")[0].starts_with("cannot_tell"));
}
