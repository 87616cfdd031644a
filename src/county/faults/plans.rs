//! Planned faults of the quality of plans and of audits: actions of nobody's and without end, grades that nobody checked.
//!
//! The table is read by `faults/mod.rs`. Each kind of plan has a row of its own.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::written;
use crate::county::life::Story;

/// Where the plan of each kind and the audit stand.
const CARE: &str = "/care_plans/-1";
const NEED: &str = "~/child_in_need_plans/0";
const PROTECTION: &str = "~/child_protection_plans/0";
const PATHWAY: &str = "/pathway_plans/0";
const AUDIT: &str = "/audits/0";

/// The faults of each standard of the quality of plans and of audits.
pub(super) const FAULTS: &[Fault] = &[
    ("PLN-001", Story::LookedAfter, |s| s.put(&action(CARE, "owner"), json!("All professionals"))),
    ("PLN-001", Story::InNeed, |s| s.put(&action(NEED, "owner"), json!("Everyone"))),
    ("PLN-001", Story::Protected, |s| s.cut(&action(PROTECTION, "owner"))),
    ("PLN-001", Story::Eligible, |s| s.put(&action(PATHWAY, "owner"), json!("The team"))),
    ("PLN-002", Story::LookedAfter, |s| no_date(s, CARE)),
    ("PLN-002", Story::InNeed, |s| no_date(s, NEED)),
    ("PLN-002", Story::Protected, |s| no_date(s, PROTECTION)),
    ("PLN-002", Story::Eligible, |s| no_date(s, PATHWAY)),
    ("PLN-003", Story::LookedAfter, |s| s.cut(&action(CARE, "measure"))),
    ("PLN-003", Story::InNeed, |s| s.cut(&action(NEED, "measure"))),
    ("PLN-003", Story::Protected, |s| s.put(&action(PROTECTION, "outcome"), json!("As above"))),
    ("PLN-003", Story::Eligible, |s| s.cut(&action(PATHWAY, "measure"))),
    ("PLN-004", Story::LookedAfter, |s| {
        s.at("/care_plans/1")?;
        let actions = s.list("/care_plans/-1/actions")?;
        for action in &mut *actions {
            action.as_object_mut()?.insert("status".to_owned(), json!("carried_forward"));
        }
        (!actions.is_empty()).then_some(())
    }),
    ("PLN-005", Story::Protected, |s| s.put(&format!("{PROTECTION}/contingency"), json!("To be confirmed"))),
    ("PLN-005", Story::InNeed, |s| s.cut(&format!("{NEED}/contingency"))),
    ("PLN-006", Story::LookedAfter, |s| s.shift(&format!("{CARE}/start_date"), &format!("{CARE}/date"), -9)),
    ("PLN-006", Story::InNeed, |s| {
        s.shift(&format!("{NEED}/next_review_date"), &format!("{NEED}/start_date"), -7)
    }),
    ("PLN-006", Story::Protected, |s| {
        s.shift(&format!("{PROTECTION}/reviews/0/due_date"), &format!("{PROTECTION}/start_date"), -7)
    }),
    ("PLN-006", Story::Eligible, |s| {
        s.shift(&format!("{PATHWAY}/next_review_due_date"), &format!("{PATHWAY}/plan_date"), -7)
    }),
    ("PLN-007", Story::InNeed, |s| not_reviewed(s, NEED, "next_review_date")),
    ("PLN-007", Story::Protected, |s| {
        s.shift(
            &format!("{PROTECTION}/reviews/0/due_date"),
            &format!("{PROTECTION}/reviews/0/review_date"),
            -6,
        )
    }),
    ("PLN-007", Story::Eligible, |s| not_reviewed(s, PATHWAY, "next_review_due_date")),
    ("PLN-007", Story::LookedAfter, |s| s.shift("/cla_reviews/0/due_date", "/cla_reviews/0/review_date", -6)),
    ("AUD-001", Story::LookedAfter, |s| s.put(&format!("{AUDIT}/grade"), json!("mostly_met"))),
    ("AUD-001", Story::InNeed, |s| s.cut(&format!("{AUDIT}/grade"))),
    ("AUD-002", Story::LookedAfter, |s| {
        s.put(&format!("{AUDIT}/evidence"), json!("See file"))?;
        s.cut(&format!("{AUDIT}/strengths"))
    }),
    ("AUD-003", Story::LookedAfter, |s| {
        (s.at(&format!("{AUDIT}/grade"))? == "inadequate").then_some(())?;
        s.overdue(&format!("{AUDIT}/date"), 6)?;
        s.cut(&format!("{AUDIT}/manager_review_date"))
    }),
    ("AUD-004", Story::LookedAfter, |s| s.put(&format!("{AUDIT}/three_tests_checked_flag"), json!(false))),
    ("AUD-005", Story::LookedAfter, |s| {
        s.overdue(&format!("{AUDIT}/date"), 22)?;
        left_open(s, 1)
    }),
    ("AUD-005", Story::InNeed, |s| {
        s.overdue(&format!("{AUDIT}/actions/0/due_date"), 1)?;
        left_open(s, 0)
    }),
    ("AUD-007", Story::LookedAfter, |s| {
        s.overdue(&format!("{AUDIT}/date"), 22)?;
        s.cut(&format!("{AUDIT}/moderated"))
    }),
    ("AUD-007", Story::InNeed, |s| {
        (s.at(&format!("{AUDIT}/grade"))? == "requires_improvement").then_some(())?;
        s.put(&format!("{AUDIT}/moderated/grade"), json!("good"))
    }),
];

/// A property of the first action of a plan.
fn action(plan: &str, property: &str) -> String {
    format!("{plan}/actions/0/{property}")
}

/// Puts a word in the place of the first action's date.
fn no_date(s: &mut Spoil<'_>, plan: &str) -> Option<()> {
    s.cut(&action(plan, "due_date"))?;
    s.at(&format!("{plan}/actions/0"))?.as_object_mut()?.insert("due_words".to_owned(), json!("Ongoing"));
    Some(())
}

/// Has the date set for the review pass with no review near it.
fn not_reviewed(s: &mut Spoil<'_>, plan: &str, date: &str) -> Option<()> {
    let set = after(s.dates.as_at, -12);
    let late = s.day(&format!("{plan}/reviews/-1/review_date")).is_some_and(|day| after(day, 15) > set);
    (!late && s.at(plan)?.get("end_date").is_none()).then_some(())?;
    s.put(&format!("{plan}/{date}"), written(set))
}

/// Leaves an action of the audit open.
fn left_open(s: &mut Spoil<'_>, number: usize) -> Option<()> {
    s.cut(&format!("{AUDIT}/actions/{number}/completed_date"))?;
    s.put(&format!("{AUDIT}/actions/{number}/status"), json!("open"))
}
