//! Planned faults of permanence and of the reviewing officer's challenge: no plan, no tests, no follow-up, no answer.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::months;
use crate::county::life::Story;

/// One fault for each standard of permanence and challenge.
pub(super) const FAULTS: &[Fault] = &[
    ("PERM-001", Story::LookedAfter, |s| {
        s.at("/cla_reviews/1")?;
        s.empty("/permanence_plans")
    }),
    ("PERM-002", Story::LookedAfter, |s| s.put("/permanence_plans/0/plan_type", json!("wait_and_see"))),
    ("PERM-003", Story::LookedAfter, |s| {
        s.cut("/permanence_plans/0/tests/physically_safe/evidence")?;
        s.cut("/permanence_plans/0/tests/legally_secure")?;
        s.cut("/permanence_plans/0/tests/legally_correct")
    }),
    ("PERM-004", Story::LookedAfter, |s| {
        s.late_after_entry("/permanence_plans/0/planning_meetings/0/date", 22)
    }),
    ("PERM-005", Story::LookedAfter, |s| s.cut("/permanence_tracker")),
    ("PERM-006", Story::WithParents, |s| s.cut("/permanence_plans/0/parallel_plan")),
    ("PERM-007", Story::Eligible, |s| {
        s.put("/pathway_plans/0/serves_as_permanence_plan_flag", json!(false))?;
        s.cut("/permanence_plans/0/pathway_plan_id")
    }),
    ("PERM-008", Story::LookedAfter, |s| {
        s.at("/cla_reviews/2")?;
        s.cut("/permanence_plans/0/actions/0/completed_date")?;
        s.put("/permanence_plans/0/actions/0/status", json!("open"))?;
        s.put("/permanence_plans/0/status", json!("planned"))?;
        s.cut("/permanence_plans/0/carried_out_date")
    }),
    ("PERM-009", Story::LookedAfter, |s| {
        s.cut("/permanence_plans/0/actions/0/owner")?;
        s.cut("/permanence_plans/0/actions/0/due_date")?;
        s.cut("/permanence_plans/0/actions/0/outcome")
    }),
    ("PERM-010", Story::LookedAfter, |s| {
        (s.at("/child_details/siblings_in_care_flag")? == &json!(true)).then_some(())?;
        s.cut("/permanence_plans/0/sibling_assessment_outcome")?;
        s.cut("/permanence_plans/0/sibling_assessment_date")
    }),
    ("IRO-001", Story::LookedAfter, |s| {
        s.overdue("/iro_escalations/0/raised_date", 30)?;
        s.cut("/iro_escalations/0/outcome")?;
        s.cut("/iro_escalations/0/resolved_date")
    }),
    ("IRO-002", Story::LookedAfter, |s| {
        s.late("/iro_escalations/0/on_child_file_date", "/iro_escalations/0/raised_date", 9)
    }),
    ("IRO-003", Story::LookedAfter, |s| {
        s.late("/iro_escalations/0/stages/1/response_date", "/iro_escalations/0/raised_date", 18)?;
        s.late("/iro_escalations/0/response_date", "/iro_escalations/0/raised_date", 18)
    }),
    ("IRO-004", Story::LookedAfter, |s| {
        s.empty("/iro_escalations/0/stages")?;
        s.cut("/iro_escalations/0/outcome")?;
        s.cut("/iro_escalations/0/on_child_file_date")
    }),
    ("IRO-005", Story::LookedAfter, |s| {
        s.overdue("/cla_reviews/1/review_date", 8)?;
        s.empty("/permanence_plans")?;
        s.put("/iro_escalations", json!([]))
    }),
    ("IRO-006", Story::LookedAfter, not_followed_up),
    ("IRO-007", Story::Protected, |s| {
        let long = months(s.day("~/child_protection_plans/0/start_date")?, 15);
        s.dates.past(long).then_some(())?;
        s.empty("~/child_protection_plans/0/chair_challenges")
    }),
    ("IRO-008", Story::LookedAfter, |s| {
        s.overdue("/cla_reviews/0/mid_point_check_date", 60)?;
        s.empty("/iro_contacts")?;
        s.cut_each("/cla_reviews", "mid_point_check_date")
    }),
];

/// Leaves the plan not carried out at the third review, with nothing to show that the officer asked why.
fn not_followed_up(s: &mut Spoil<'_>) -> Option<()> {
    s.cut("/cla_reviews/2/permanence_follow_up_date")?;
    s.cut("/cla_reviews/2/permanence_follow_up")?;
    s.put("/permanence_plans/0/status", json!("planned"))?;
    s.cut("/permanence_plans/0/carried_out_date")?;
    s.put("/iro_escalations", json!([]))
}
