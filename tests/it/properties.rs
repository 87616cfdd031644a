//! What must hold of any record: order does not matter, unrelated things change nothing, nothing panics, nothing is lost from the counts.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use casecheck::model::Answer;
use casecheck::model::Finding;
use casecheck::model::Verdict;
use casecheck::validator::Options;
use casecheck::validator::Validator;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::lab;
use crate::lab::SMALL;

const AS_AT: &str = "2026-05-01";

/// A date of the months before the day as at which records are judged, now and then one to come, missing or unreadable.
fn date() -> impl Strategy<Value = Value> {
    prop_oneof![
        12 => (0_i32..240).prop_map(|back| {
            let day = lab::day(AS_AT).plus_days(20 - back).unwrap();
            Value::from(day.to_string())
        }),
        1 => Just(Value::Null),
        1 => Just(json!("soon")),
    ]
}

fn list(item: impl Strategy<Value = Value>, most: usize) -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => prop::collection::vec(item, 0..most).prop_map(Value::Array),
        1 => Just(Value::Null),
    ]
}

/// A record of a child, in good order or not.
fn record() -> impl Strategy<Value = Value> {
    let placement = (date(), date(), prop_oneof![Just("S"), Just("P")])
        .prop_map(|(start, end, why)| json!({ "start_date": start, "end_date": end, "start_reason": why }));
    let episode = (date(), date(), list(placement, 4)).prop_map(|(from, to, placements)| {
        json!({ "referral_date": from, "closure_date": to, "child_looked_after_placements": placements })
    });
    let plan =
        (date(), 0..50_u8).prop_map(|(day, id)| json!({ "pep_id": format!("P{id}"), "initiated_date": day }));
    let review = (date(), any::<bool>(), 0..50_u8).prop_map(|(day, cancelled, id)| {
        json!({ "review_id": format!("R{id}"), "review_date": day, "cancelled_flag": cancelled })
    });
    let entry = (date(), 0..50_u8, prop_oneof![Just("Seen at home and well"), Just("tbc"), Just("")])
        .prop_map(|(day, id, text)| json!({ "entry_id": format!("E{id}"), "event_date": day, "description": text, "source": text }));
    let party = date().prop_map(|day| json!({ "role": "parent", "signed_date": day }));
    let agreement = (date(), list(party, 3), any::<bool>(), 0..50_u8).prop_map(|(day, parties, flag, id)| {
        json!({ "written_agreement_id": format!("W{id}"), "start_date": day, "parties": parties, "domestic_abuse_flag": flag })
    });
    (date(), list(episode, 3), list(plan, 4), list(review, 5), list(entry, 6), list(agreement, 3)).prop_map(
        |(born, episodes, plans, reviews, entries, agreements)| {
            json!({
                "la_child_id": "CHILD1", "child_details": { "date_of_birth": born }, "social_care_episodes": episodes,
                "personal_education_plans": plans, "cla_reviews": reviews, "chronology": { "entries": entries },
                "written_agreements": agreements, "iro_escalations": [], "permanence_plans": [],
            })
        },
    )
}

/// Turns every list of a value round.
fn turned(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().rev().map(turned).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), turned(value))).collect(),
        other => other.clone(),
    }
}

/// What lasts of a finding, without its places.
fn lasting(answer: &Answer, keep: impl Fn(&Finding) -> bool) -> BTreeSet<String> {
    let all = answer.findings.iter().chain(&answer.outcomes);
    all.filter(|finding| !finding.rule.id.starts_with("SCHEMA.") && keep(finding))
        .map(|finding| {
            format!("{} {} {} {:?}", finding.finding_id, finding.rule.id, finding.outcome, finding.timing)
        })
        .collect()
}

fn everything(record: &Value) -> Answer {
    lab::answer(&SMALL.validator(), record, AS_AT)
}

/// Any JSON under the names that a record has.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f32>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2026-03-02")),
        Just(json!("9999-12-31")),
        Just(json!("0001-01-01")),
    ];
    let name = prop::sample::select(vec![
        "la_child_id",
        "child_details",
        "date_of_birth",
        "social_care_episodes",
        "child_looked_after_placements",
        "start_date",
        "end_date",
        "start_reason",
        "referral_date",
        "closure_date",
        "personal_education_plans",
        "pep_id",
        "initiated_date",
        "cla_reviews",
        "review_date",
        "chronology",
        "entries",
        "event_date",
        "description",
        "source",
        "written_agreements",
        "parties",
        "signed_date",
        "purpose",
        "permanence_plans",
        "plan_type",
        "iro_escalations",
        "raised_date",
        "raised_by",
        "role",
        "nhs_number",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..10)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_lists_changes_no_finding_outcome_or_clock(record in record()) {
        prop_assert_eq!(lasting(&everything(&record), |_| true), lasting(&everything(&turned(&record)), |_| true));
    }

    #[test]
    fn what_is_unrelated_changes_nothing_of_the_rest(record in record(), day in date()) {
        let mut more = record.clone();
        more["audits"] = json!([{ "no_such_field": 1 }]);
        more["no_such_section"] = json!({ "cla_reviews": [1] });
        more["permanence_plans"] = json!([{ "agreed_date": day, "plan_type": "adoption" }]);
        let rest = |finding: &Finding| finding.rule.id != "PAP-005";
        prop_assert_eq!(lasting(&everything(&record), rest), lasting(&everything(&more), rest));
    }

    #[test]
    fn nothing_panics_whatever_the_types_are(record in anything()) {
        let record = if record.is_object() { record } else { json!({ "social_care_episodes": record }) };
        let answer = everything(&record);
        prop_assert!(answer.decision.complete, "{:?}", answer.decision.rules.not_run);
        prop_assert_eq!(answer.decision.counts.get(casecheck::model::Outcome::RuleError), 0);
    }

    #[test]
    fn every_outcome_is_counted_once_and_each_rule_says_something(record in record()) {
        let validator = SMALL.validator();
        let mut tally = validator.tally();
        let bytes = serde_json::to_vec(&record).unwrap();
        let arena = bumpalo::Bump::new();
        let root = casecheck::intake::parse(&bytes, &arena).unwrap();
        let options = Options { include_all: true, ..Options::as_at(lab::day(AS_AT)) };
        let answer = validator.check(&casecheck::model::Record { root, bytes: &bytes }, &options, &mut tally);
        let shown = answer.findings.iter().chain(&answer.outcomes).filter(|finding| !finding.rule.id.starts_with("SCHEMA."));
        prop_assert_eq!(shown.count() as u64, answer.decision.counts.total());
        prop_assert_eq!(tally.total(), answer.decision.counts);
        prop_assert!(tally.rules().all(|counts| counts.total() > 0));
        prop_assert_eq!(tally.findings.iter().sum::<u64>(), answer.findings.len() as u64);
    }

    #[test]
    fn nothing_passes_while_a_rule_was_not_asked(record in record(), stop in 0_usize..20) {
        let asked = Cell::new(0);
        let keep_going = || { asked.set(asked.get() + 1); asked.get() <= stop };
        let options = Options { keep_going: Some(&keep_going), ..Options::as_at(lab::day(AS_AT)) };
        let answer = lab::answer_with(&SMALL.validator(), &record, &options);
        let rules = &answer.decision.rules;
        prop_assert_eq!(rules.evaluated + rules.not_run.len(), rules.expected);
        // It is asked once for all rules that plainly do not apply, and then for each other.
        let refused = asked.get() - stop.min(asked.get());
        prop_assert_eq!(rules.not_run.len(), if stop == 0 { rules.expected } else { refused });
        prop_assert!(rules.evaluated + 1 >= stop.min(rules.expected));
        prop_assert_eq!(answer.decision.complete, refused == 0);
        prop_assert_eq!(answer.decision.verdict == Verdict::NotChecked, refused > 0);
    }
}

#[test]
fn a_record_with_nothing_wrong_passes_only_when_every_rule_was_asked() {
    let lab = lab::Lab::of("present: { fields: [locality] }");
    let record = json!({ "la_child_id": "CHILD1", "locality": "North" });
    assert_eq!(lab.answer(&record, AS_AT).decision.verdict, Verdict::Pass);
    let options = Options { keep_going: Some(&|| false), ..Options::as_at(lab::day(AS_AT)) };
    assert_eq!(lab::answer_with(&lab.validator, &record, &options).decision.verdict, Verdict::NotChecked);
}

#[test]
fn the_order_of_rule_files_does_not_change_what_they_say() {
    let texts = [
        lab::rule_text("LAB-101", "present: { fields: [locality] }", ""),
        lab::rule_text(
            "LAB-102",
            "deadline: { for_each: looked_after, within: 10 days, done_by: pep_started }",
            "",
        ),
        lab::rule_text("LAB-103", "count: { of: \"cla_reviews[]\", at_least: 1 }", ""),
    ];
    let record = json!({ "la_child_id": "CHILD1", "cla_reviews": [], "personal_education_plans": [], "social_care_episodes": [
        { "child_looked_after_placements": [{ "start_date": "2026-03-02", "start_reason": "S" }] },
    ] });
    let there = lab::Lab::of_files(&texts, "", None).unwrap();
    let mut back = texts;
    back.reverse();
    let back = lab::Lab::of_files(&back, "", None).unwrap();
    let validators: [&Validator; 2] = [&there.validator, &back.validator];
    let [first, second] = validators
        .map(|validator| serde_json::to_value(lab::answer(validator, &record, AS_AT).findings).unwrap());
    assert_eq!(first, second);
    assert!(Arc::ptr_eq(&there.validator.schema, &SMALL.schema));
}
