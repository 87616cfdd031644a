//! Planned faults of personal education plans: late, unfinished, without voice or aim, or not made good.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use crate::county::dates::after;
use crate::county::dates::written;
use crate::county::life::Story;

/// The plan written last.
const LAST: &str = "/personal_education_plans/-1";

/// One fault for each education-plan standard.
pub(super) const FAULTS: &[Fault] = &[
    ("PEP-001", Story::LookedAfter, |s| s.late_after_entry("/personal_education_plans/0/initiated_date", 17)),
    ("PEP-002", Story::LookedAfter, |s| {
        s.late_after_entry("/personal_education_plans/0/completed_date", 31)?;
        s.late_after_entry("/personal_education_plans/0/available_to_review_date", 31)
    }),
    ("PEP-003", Story::LookedAfter, |s| {
        let plans = s.list("/personal_education_plans").filter(|plans| plans.len() > 3)?;
        let middle =
            plans.iter().skip(1).position(|plan| plan.get("pep_type") == Some(&json!("review")))? + 1;
        plans.remove(middle);
        Some(())
    }),
    ("PEP-004", Story::LookedAfter, |s| {
        s.overdue("/education/school_changes/0/change_date", 30)?;
        let moved = s.day("/education/school_changes/0/change_date")?;
        let (from, to) = (written(moved), written(after(moved, 40)));
        let revised = |plan: &Value| {
            ["initiated_date", "meeting_date", "completed_date"].iter().any(|name| {
                let day = plan.get(*name).and_then(Value::as_str);
                from.as_str() <= day && day.is_some() && day <= to.as_str()
            })
        };
        s.list("/personal_education_plans")?.retain(|plan| !revised(plan));
        Some(())
    }),
    ("PEP-005", Story::LookedAfter, |s| {
        let place = "/personal_education_plans/0/meeting_date";
        s.late("/personal_education_plans/0/completed_date", place, 19)
    }),
    ("PEP-006", Story::LookedAfter, |s| {
        (s.at(LAST)?.get("pep_type") == Some(&json!("review"))).then_some(())?;
        s.shift(&in_last("sections_ready_date"), &in_last("meeting_date"), -2)
    }),
    ("PEP-007", Story::LookedAfter, |s| s.put(&in_last("attendees/0/attended_flag"), json!(false))),
    ("PEP-008", Story::LookedAfter, |s| s.cut(&in_last("next_pep_date"))),
    ("PEP-009", Story::Infant, |s| {
        s.overdue("/personal_education_plans/0/initiated_date", 40)?;
        s.empty("/personal_education_plans")
    }),
    ("PEP-010", Story::LookedAfter, |s| {
        s.put(&in_last("targets/0/text"), json!("Do better at reading"))?;
        s.cut(&in_last("targets/0/measure"))?;
        s.cut(&in_last("targets/0/deadline"))
    }),
    ("PEP-011", Story::LookedAfter, |s| s.cut(&in_last("previous_targets/0/outcome"))),
    ("PEP-012", Story::LookedAfter, |s| s.cut(&in_last("child_views"))),
    ("PEP-013", Story::LookedAfter, |s| s.cut(&in_last("carer_views"))),
    ("PEP-014", Story::LookedAfter, |s| s.empty(&in_last("attainment"))),
    ("PEP-015", Story::LookedAfter, |s| s.cut(&in_last("attendance_percent"))),
    ("PEP-016", Story::LookedAfter, |s| {
        s.cut(&in_last("pupil_premium/0/linked_target_id"))?;
        s.put(&in_last("pupil_premium/0/purpose"), json!("General support"))
    }),
    ("PEP-017", Story::LookedAfter, |s| s.cut(&in_last("designated_teacher"))),
    ("PEP-018", Story::LookedAfter, |s| {
        s.cut(&in_last("actions/0/due_date"))?;
        s.cut(&in_last("actions/0/owner"))
    }),
    ("PEP-019", Story::LookedAfter, |s| {
        let plans = s.list("/personal_education_plans")?;
        let due =
            |plan: &&mut Value| matches!(plan.get("term").and_then(Value::as_str), Some("spring" | "summer"));
        let turning = plans
            .iter_mut()
            .filter(due)
            .filter_map(|plan| plan.as_object_mut()?.remove("transition_plan"))
            .count();
        (turning > 0).then_some(())
    }),
    ("PEP-020", Story::LookedAfter, |s| {
        s.put(&in_last("send_status"), json!("ehcp"))?;
        s.cut(&in_last("ehcp_date"))
    }),
    ("PEP-021", Story::LookedAfter, |s| s.empty(&in_last("place_actions"))),
    ("PEP-022", Story::LookedAfter, |s| {
        s.overdue("/personal_education_plans/0/completed_date", 265)?;
        s.cut_each("/personal_education_plans", "quality_assurance")
    }),
    ("PEP-023", Story::LookedAfter, |s| {
        let plans = s.list("/personal_education_plans")?;
        let fixed = plans
            .iter_mut()
            .filter_map(|plan| plan.get_mut("quality_assurance")?.as_object_mut()?.remove("corrected_date"));
        (fixed.count() > 0).then_some(())
    }),
    ("PEP-024", Story::LookedAfter, |s| s.cut_each("/care_plans", "pep_id")),
    ("PEP-025", Story::LookedAfter, |s| {
        let stays = s.list("~/child_looked_after_placements")?;
        let change = stays.iter_mut().find_map(|stay| stay.get_mut("key_stage_4_change"))?.as_object_mut()?;
        change.remove("iro_consulted_date")?;
        change.remove("approval").map(|_| ())
    }),
];

/// A place within the plan written last.
fn in_last(place: &str) -> String {
    format!("{LAST}/{place}")
}
