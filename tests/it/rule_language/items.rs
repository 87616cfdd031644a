//! Kinds that ask something of each item, or whether two places say the same.

use serde_json::Value;
use serde_json::json;

use crate::lab::Lab;
use crate::rule_language::entries;
use crate::rule_language::with;

fn agreement(inner: Value) -> Value {
    let mut agreement = json!({ "written_agreement_id": "W1", "start_date": "2026-02-01" });
    agreement.as_object_mut().unwrap().extend(inner.as_object().unwrap().clone());
    json!({ "written_agreements": [agreement] })
}

/// The first words of each result.
fn outcomes(said: &[String]) -> Vec<&str> {
    said.iter().map(|line| line.split(' ').next().unwrap()).collect()
}

#[test]
fn an_empty_list_never_makes_all_signed_true() {
    let lab = Lab::of(
        "each_item: { in: \"written_agreements[].parties[]\", needs: { signed_date: { present: true } } }",
    );
    let signed = json!({ "parties": [{ "signed_date": "2026-02-01" }, { "role": "parent" }] });
    assert_eq!(
        lab.says(&agreement(signed), "2026-05-01"),
        ["met /written_agreements/0/parties/0", "breached /written_agreements/0/parties/1"]
    );
    assert_eq!(
        lab.says(&agreement(json!({ "parties": [] })), "2026-05-01"),
        ["not_applicable /written_agreements/0"]
    );
    assert_eq!(outcomes(&lab.says(&agreement(json!({})), "2026-05-01")), ["cannot_tell"]);
    assert_eq!(outcomes(&lab.says(&json!({}), "2026-05-01")), ["cannot_tell"]);
    for (word, outcome) in [("breached", "breached"), ("met", "met"), ("cannot_tell", "cannot_tell")] {
        let lab = Lab::of(&format!(
            "each_item: {{ in: \"written_agreements[].parties[]\", needs: {{ signed_date: {{ present: true }} }}, if_empty: {word} }}"
        ));
        assert_eq!(outcomes(&lab.says(&agreement(json!({ "parties": [] })), "2026-05-01")), [outcome]);
    }
}

#[test]
fn what_fails_is_named_once_however_deep_it_stands() {
    let lab = Lab::of(
        "each_item: { in: \"written_agreements[]\", needs: { any: [\
           { all: [{ purpose: { present: true } }, { purpose: { min_words: 2 } }, { child_view: { present: true } }] }, \
           { end_date: { present: true } }] } }",
    );
    let answer = lab.answer(&agreement(json!({})), "2026-05-01");
    let finding = &answer.findings[0];
    let count = finding.args.iter().filter(|(name, _)| *name == "count").map(|(_, count)| count.as_str());
    assert_eq!(count.collect::<Vec<_>>(), ["3"]);
    let missing: Vec<_> = finding.args.iter().filter(|(name, _)| *name == "missing").collect();
    assert!(matches!(missing.as_slice(), [(_, words)] if words.ends_with(" and 2 more")), "{missing:?}");
    let places: Vec<_> = finding.evidence.iter().map(|trace| trace.path.as_str()).collect();
    let names = ["purpose", "child_view", "end_date"].map(|name| format!("/written_agreements/0/{name}"));
    assert_eq!(places, names);
}

#[test]
fn a_placeholder_or_white_space_fills_no_box() {
    let lab = Lab::of("present: { in: \"written_agreements[]\", fields: [purpose, child_view] }");
    for (purpose, outcome) in [
        (json!("Contact is supervised"), "met"),
        (json!("  "), "breached"),
        (json!("TBC"), "breached"),
        (json!("As above."), "breached"),
        (json!("--"), "breached"),
        (Value::Null, "breached"),
    ] {
        let record = agreement(json!({ "purpose": purpose, "child_view": "I like it" }));
        assert_eq!(
            lab.says_anyhow(&record, "2026-05-01"),
            [format!("{outcome} /written_agreements/0")],
            "{purpose}"
        );
    }
    assert_eq!(
        lab.says(&json!({ "written_agreements": [] }), "2026-05-01"),
        ["breached"],
        "present: an empty list"
    );
}

#[test]
fn when_then_asks_only_where_the_first_holds() {
    let lab = Lab::of(
        "when_then: { in: \"written_agreements[]\", when: { domestic_abuse_flag: true }, then: { reason_exceptional: { present: true } } }",
    );
    for (inner, outcome) in [
        (json!({ "domestic_abuse_flag": true, "reason_exceptional": "Agreed in court" }), "met"),
        (json!({ "domestic_abuse_flag": true }), "breached"),
        (json!({ "domestic_abuse_flag": false }), "not_applicable"),
        (json!({}), "cannot_tell"),
    ] {
        assert_eq!(outcomes(&lab.says(&agreement(inner.clone()), "2026-05-01")), [outcome], "{inner}");
    }
}

fn entry(field: &str, value: Value) -> Value {
    json!({ "chronology": { "entries": [{ "entry_id": "E1", field: value }] } })
}

#[test]
fn codes_come_from_the_fields_own_list_or_from_the_rule() {
    let own = Lab::of("one_of: { in: \"chronology.entries[]\", field: significance }");
    let some = Lab::of("one_of: { in: \"chronology.entries[]\", field: significance, codes: [positive] }");
    let of = |value: Value| entry("significance", value);
    assert_eq!(outcomes(&own.says(&of(json!("protective")), "2026-05-01")), ["met"]);
    assert_eq!(outcomes(&some.says(&of(json!("protective")), "2026-05-01")), ["breached"]);
    assert_eq!(
        outcomes(&own.says_anyhow(&of(json!("Positive")), "2026-05-01")),
        ["breached"],
        "letter for letter"
    );
    assert_eq!(outcomes(&own.says(&of(Value::Null), "2026-05-01")), ["cannot_tell"]);
    assert_eq!(
        outcomes(&own.says(&json!({ "chronology": { "entries": [] } }), "2026-05-01")),
        ["not_applicable"]
    );
}

#[test]
fn patterns_and_words_are_tested() {
    let matches = Lab::of("matches: { in: \"chronology.entries[]\", field: source, pattern: \"^[A-Z]\" }");
    assert_eq!(outcomes(&matches.says(&entry("source", json!("School")), "2026-05-01")), ["met"]);
    assert_eq!(outcomes(&matches.says(&entry("source", json!("school")), "2026-05-01")), ["breached"]);
    assert_eq!(outcomes(&matches.says_anyhow(&entry("source", json!(7)), "2026-05-01")), ["cannot_tell"]);
    let text = |tests: &str| {
        Lab::of(&format!("text: {{ in: \"chronology.entries[]\", field: description, {tests} }}"))
    };
    for (tests, words, outcome) in [
        ("min_words: 3", "one two three", "met"),
        ("min_words: 3", "one two", "breached"),
        ("max_words: 3", "one two three four", "breached"),
        ("min_letters: 5", "ab 12 cd", "breached"),
        ("min_letters: 4", "ab 12 cd", "met"),
        ("not_only: placeholder", "N/A", "breached"),
        ("not_only: placeholder", "N/A said the school", "met"),
        ("without: placeholder", "The date is not known", "breached"),
        ("without: placeholder", "The date is not knowns", "met"),
        ("explained: placeholder", "The LADO was told", "breached"),
        ("explained: placeholder", "The LADO (local authority designated officer) was told", "met"),
        ("explained: placeholder", "The officer was told", "met"),
    ] {
        let said = text(tests).says(&entry("description", json!(words)), "2026-05-01");
        assert_eq!(outcomes(&said), [outcome], "{tests} of `{words}`");
    }
}

#[test]
fn a_text_must_differ_from_another_letter_case_and_white_space_aside() {
    let lab =
        Lab::of("text: { in: \"chronology.entries[]\", field: description, differs_from: impact_on_child }");
    let of = |left: &str, right: Value| json!({ "chronology": { "entries": [{ "entry_id": "E1", "description": left, "impact_on_child": right }] } });
    assert_eq!(
        outcomes(&lab.says(&of("He cried  a lot", json!("he cried a lot")), "2026-05-01")),
        ["breached"]
    );
    assert_eq!(outcomes(&lab.says(&of("He cried", json!("He was sad")), "2026-05-01")), ["met"]);
    assert_eq!(outcomes(&lab.says(&of("He cried", Value::Null), "2026-05-01")), ["met"]);
}

#[test]
fn two_fields_agree_or_do_not() {
    let lab = Lab::of("agrees: { in: \"cla_reviews[]\", left: review_date, right: due_date }");
    let of = |right: Value| json!({ "cla_reviews": [{ "review_date": "2026-02-02", "due_date": right }] });
    assert_eq!(outcomes(&lab.says(&of(json!("2026-02-02")), "2026-05-01")), ["met"]);
    assert_eq!(outcomes(&lab.says(&of(json!("2026-02-03")), "2026-05-01")), ["breached"]);
    assert_eq!(outcomes(&lab.says(&of(Value::Null), "2026-05-01")), ["cannot_tell"]);
}

#[test]
fn each_event_has_its_counterpart_within_the_time_either_way() {
    let lab =
        Lab::of("agrees: { pairs: [{ each: cla_review, with: chronology_entry }], within: 5 working days }");
    let of = |written: &[&str]| {
        with(json!({ "cla_reviews": [{ "review_date": "2026-02-09" }] }), "chronology", entries(written))
    };
    for (day, outcome) in
        [("2026-02-02", "met"), ("2026-02-16", "met"), ("2026-02-17", "breached"), ("2026-01-30", "breached")]
    {
        assert_eq!(outcomes(&lab.says(&of(&[day]), "2026-05-01")), [outcome], "{day}");
    }
    assert_eq!(outcomes(&lab.says(&of(&[]), "2026-02-16")), ["not_applicable"], "there is still time");
    let undated = with(of(&[]), "chronology", json!({ "entries": [{ "entry_id": "E1" }] }));
    assert_eq!(outcomes(&lab.says(&undated, "2026-05-01")), ["cannot_tell"]);
    assert_eq!(
        outcomes(&lab.says(&json!({ "chronology": { "entries": [] } }), "2026-05-01")),
        ["cannot_tell"]
    );
}

#[test]
fn of_two_alike_one_stays_whatever_their_order() {
    let lab = Lab::of("unique: { in: \"cla_reviews[]\", by: [review_date, review_type] }");
    let one = json!({ "review_date": "2026-02-01", "review_type": null, "review_id": "A" });
    assert_eq!(
        outcomes(&lab.says(&json!({ "cla_reviews": [one, one] }), "2026-05-01")),
        ["met", "met"],
        "what is not recorded is like nothing"
    );
    let lab = Lab::of("unique: { in: \"cla_reviews[]\", by: [review_date] }");
    let (a, b) = (
        json!({ "review_date": "2026-02-01", "review_id": "A" }),
        json!({ "review_date": "2026-02-01", "review_id": "B" }),
    );
    let there = lab.answer(&json!({ "cla_reviews": [a, b] }), "2026-05-01");
    let back = lab.answer(&json!({ "cla_reviews": [b, a] }), "2026-05-01");
    assert_eq!(there.findings.len(), 1);
    assert_eq!(there.findings[0].finding_id, back.findings[0].finding_id);
    assert_ne!(there.findings[0].subject.path, back.findings[0].subject.path);
    let three = json!({ "cla_reviews": [a, a, a] });
    let said = lab.says(&three, "2026-05-01");
    assert_eq!(outcomes(&said), ["met", "breached", "breached"]);
}

#[test]
fn nearly_the_same_text_is_found_and_a_little_more_difference_is_not() {
    let lab = Lab::of("unique: { in: \"chronology.entries[]\", near: description, similarity: 60 }");
    let of = |left: &str, right: &str| {
        json!({ "chronology": { "entries": [
            { "entry_id": "E1", "description": left }, { "entry_id": "E2", "description": right },
        ] } })
    };
    let long = "The social worker went to see the child at home and all was well";
    let breached = lab.says(&of(long, &format!("{long} indeed")), "2026-05-01");
    assert_eq!(outcomes(&breached).iter().filter(|word| **word == "breached").count(), 1);
    let other = lab.says(&of(long, "The school rang about the child who was not there"), "2026-05-01");
    assert_eq!(outcomes(&other), ["met", "met"]);
}

#[test]
fn all_of_and_any_of_join_by_three_valued_logic() {
    let checks = "checks: [{ matches: { field: locality, pattern: \"^a$\" } }, { matches: { field: team, pattern: \"^a$\" } }]";
    let (all, any) =
        (Lab::of(&format!("all_of: {{ {checks} }}")), Lab::of(&format!("any_of: {{ {checks} }}")));
    let values = [json!("a"), json!("b"), Value::Null];
    let mut said = Vec::new();
    for left in &values {
        for right in &values {
            let record = json!({ "locality": left, "team": right });
            let word = |lab: &Lab| outcomes(&lab.says(&record, "2026-05-01"))[0].to_owned();
            said.push(format!("{} {}", word(&all), word(&any)));
        }
    }
    assert_eq!(
        said,
        [
            "met met",
            "breached met",
            "cannot_tell met",
            "breached met",
            "breached breached",
            "breached cannot_tell",
            "cannot_tell met",
            "breached cannot_tell",
            "cannot_tell cannot_tell",
        ]
    );
}
