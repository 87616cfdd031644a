//! Rules that are not asked of a record, because it plainly has nothing for them to judge, count as if they had been.

use std::sync::LazyLock;

use bumpalo::Bump;
use casecheck::county::County;
use casecheck::county::Options as CountyOptions;
use casecheck::intake;
use casecheck::model::Finding;
use casecheck::model::Outcome;
use casecheck::model::Record;
use casecheck::model::RuleStage;
use casecheck::model::Tally;
use casecheck::validator::Options;
use casecheck::validator::Validator;
use serde_json::Value;
use serde_json::json;

use crate::calendar::CALENDAR;
use crate::lab;
use crate::shipped;

const AS_AT: &str = "2026-09-23";

/// A validator of the shipped rules.
static SHIPPED: LazyLock<Validator> = LazyLock::new(|| shipped::catalog(None).validator());

/// What is counted of a record, and what people are told is wrong with it, with every rule asked or not.
fn judged(record: &Value, include_all: bool) -> (Tally, Vec<Finding>) {
    let bytes = serde_json::to_vec(record).unwrap();
    let arena = Bump::new();
    let root = intake::parse(&bytes, &arena).unwrap();
    let options = Options { include_all, ..Options::as_at(lab::day(AS_AT)) };
    let mut tally = SHIPPED.tally();
    let answer = SHIPPED.check(&Record { root, bytes: &bytes }, &options, &mut tally);
    let rules = &answer.decision.rules;
    assert_eq!((rules.evaluated, &rules.not_run), (rules.expected, &Vec::new()));
    assert_eq!(answer.decision.counts, tally.total());
    // Where every outcome is wanted, findings of rules in their shadow stage are shown too.
    let told = |finding: &Finding| {
        SHIPPED.pack.rule(&finding.rule.id).is_none_or(|rule| rule.stage != RuleStage::Shadow)
    };
    (tally, answer.findings.into_iter().filter(told).collect())
}

/// Writes something else in the place of some lists and objects, as a turning number says.
fn lay_waste(value: &mut Value, turn: &mut u64) {
    *turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    match (value, *turn >> 60) {
        (value @ Value::Array(_), 0 | 1) | (value @ Value::Object(_), 4) => *value = json!([]),
        (value @ (Value::Array(_) | Value::Object(_)), 2) => *value = Value::Null,
        (value @ (Value::Array(_) | Value::Object(_)), 3) => *value = json!("not a part"),
        (Value::Array(items), _) => items.iter_mut().for_each(|item| lay_waste(item, turn)),
        (Value::Object(members), _) => members.values_mut().for_each(|member| lay_waste(member, turn)),
        _ => {}
    }
}

#[test]
fn items_of_long_lists_count_as_they_do_one_by_one() {
    let county = County::new(CountyOptions { children: 1, seed: 5, as_at: lab::day(AS_AT) }, &CALENDAR);
    let (mut turn, mut most) = (11, 0);
    for child in county.children() {
        // A part at a time, since lists stand in lists.
        let parts: Vec<String> = child.as_object().unwrap().keys().cloned().collect();
        for part in parts {
            let mut long = child.clone();
            let Some(items) = long[part].as_array_mut().filter(|items| !items.is_empty()) else { continue };
            items.truncate(10);
            *items = items.iter().cycle().take(66).cloned().collect();
            for item in items.iter_mut() {
                lay_waste(item, &mut turn);
            }
            most = most.max(items.len());
            let (asked, passed_over) = (judged(&long, true), judged(&long, false));
            assert!(asked.0.rules().eq(passed_over.0.rules()));
        }
    }
    assert!(most > 64, "{most}");
}

#[test]
fn what_is_passed_over_counts_as_what_is_asked() {
    let county = County::new(CountyOptions { children: 60, seed: 3, as_at: lab::day(AS_AT) }, &CALENDAR);
    let (mut turn, mut not_applicable) = (7, 0);
    for child in county.children() {
        let mut worse = vec![child; 4];
        worse.iter_mut().skip(1).for_each(|record| {
            record.as_object_mut().unwrap().values_mut().for_each(|part| lay_waste(part, &mut turn));
        });
        for record in &worse {
            let (asked, passed_over) = (judged(record, true), judged(record, false));
            let differs = SHIPPED.pack.ranks.iter().zip(asked.0.rules().zip(passed_over.0.rules()));
            let differs: Vec<_> = differs.filter(|(_, (asked, passed_over))| asked != passed_over).collect();
            assert!(differs.is_empty(), "{differs:?}\n{record}");
            let ids = |found: &[Finding]| found.iter().map(|finding| finding.finding_id).collect::<Vec<_>>();
            assert_eq!(ids(&asked.1), ids(&passed_over.1), "{record}");
            not_applicable += passed_over.0.total().get(Outcome::NotApplicable);
        }
    }
    assert!(not_applicable > 10_000, "{not_applicable}");
}
