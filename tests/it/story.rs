//! One child's story under the shipped rules: the first review, the second, no permanence plan, and nobody who challenges it.

use std::sync::LazyLock;

use casecheck::model::Answer;
use casecheck::model::Finding;
use casecheck::validator::Validator;
use serde_json::Value;
use serde_json::json;

use crate::lab;

static SHIPPED: LazyLock<Validator> = LazyLock::new(|| crate::shipped::catalog(None).validator());

fn child(reviews: &[&str]) -> Value {
    let reviews: Value = reviews
        .iter()
        .enumerate()
        .map(|(at, day)| json!({ "review_id": format!("R{at}"), "review_date": day }))
        .collect();
    json!({
        "la_child_id": "CHILD1", "child_details": { "date_of_birth": "2016-05-10" },
        "social_care_episodes": [{ "referral_date": "2026-01-10", "child_looked_after_placements": [
            { "start_date": "2026-03-23", "start_reason": "S", "legal_status": "C2", "placement_type": "U1" },
        ] }],
        "cla_reviews": reviews, "permanence_plans": [], "iro_escalations": [], "care_plans": [], "pathway_plans": [],
    })
}

fn of<'a>(answer: &'a Answer, rule: &str) -> Vec<&'a Finding> {
    answer.findings.iter().chain(&answer.outcomes).filter(|finding| finding.rule.id == rule).collect()
}

fn told(record: &Value, as_at: &str, rule: &str) -> Vec<String> {
    of(&lab::answer(&SHIPPED, record, as_at), rule)
        .iter()
        .map(|finding| {
            let due = finding.timing.and_then(|timing| timing.due_on);
            format!("{} {}", finding.outcome, due.map_or_else(|| "-".to_owned(), |day| day.to_string()))
        })
        .collect()
}

#[test]
fn the_first_review_is_due_twenty_working_days_after_the_child_came_into_care() {
    assert_eq!(told(&child(&[]), "2026-04-22", "LAC-007"), ["not_yet_due 2026-04-22"]);
    assert_eq!(told(&child(&[]), "2026-04-23", "LAC-007"), ["overdue 2026-04-22"]);
    assert_eq!(told(&child(&["2026-04-22"]), "2026-06-01", "LAC-007"), ["met 2026-04-22"]);
}

#[test]
fn the_second_review_is_due_three_months_after_the_first_was_held() {
    assert_eq!(told(&child(&["2026-04-15"]), "2026-06-01", "LAC-008"), ["not_yet_due 2026-07-15"]);
    assert_eq!(told(&child(&["2026-04-30"]), "2026-08-03", "LAC-008"), ["overdue 2026-07-30"]);
}

#[test]
fn no_plan_at_the_second_review_and_no_challenge_after_it_are_two_linked_findings() {
    let record = child(&["2026-04-15", "2026-07-10"]);
    let answer = lab::answer(&SHIPPED, &record, "2026-07-20");
    let [plan] = of(&answer, "PERM-001")[..] else { panic!("one result of PERM-001") };
    let [challenge] = of(&answer, "IRO-005")[..] else { panic!("one result of IRO-005") };
    assert!(
        plan.outcome.is_finding() && challenge.outcome.is_finding(),
        "{} {}",
        plan.outcome,
        challenge.outcome
    );
    assert_eq!(challenge.timing.unwrap().due_on, Some(lab::day("2026-07-17")));
    let cause = challenge.caused_by.as_ref().unwrap();
    assert_eq!((cause.rule.as_str(), cause.finding_id), ("PERM-001", plan.finding_id));
}
