//! Planned faults of private fostering, missing episodes, exploitation, forced marriage, supervision, transfer and closure.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::life::Story;
use crate::model::Day;

/// At least one fault for each standard of these areas.
pub(super) const FAULTS: &[Fault] = &[
    ("PRF-001", Story::InNeed, |s| {
        s.put("/private_fostering/0/short_notice_flag", json!(false))?;
        s.shift("/private_fostering/0/notified_date", "/private_fostering/0/arrangement_start_date", -20)
    }),
    ("PRF-001", Story::InNeed, |s| {
        s.shift("/private_fostering/0/arranged_date", "/private_fostering/0/notified_date", -6)
    }),
    ("PRF-002", Story::InNeed, |s| first_visit_late(s, "proposal")),
    ("PRF-002", Story::InNeed, |s| {
        s.put("/private_fostering/0/initial_enquiries/household_spoken_to_flag", json!(false))
    }),
    ("PRF-003", Story::InNeed, |s| first_visit_late(s, "existing")),
    ("PRF-004", Story::InNeed, |s| thin_out(s, "/private_fostering/0/visits", 2)),
    ("PRF-005", Story::InNeed, |s| {
        let second = months(s.day("/private_fostering/0/aware_date")?, 12);
        (s.at("/private_fostering/0/end_date").is_none() && after(second, 90) < s.dates.as_at)
            .then_some(())?;
        let early =
            |visit: &Value| visit["visit_date"].as_str().and_then(Day::parse).is_some_and(|day| day < second);
        s.list("/private_fostering/0/visits")?.retain(early);
        Some(())
    }),
    ("PRF-006", Story::InNeed, |s| {
        s.put("/private_fostering/0/visits/0/child_seen_alone_flag", json!(false))?;
        let _reason = s.cut("/private_fostering/0/visits/0/not_seen_alone_reason");
        Some(())
    }),
    ("PRF-007", Story::InNeed, |s| {
        s.overdue("/private_fostering/0/visits/0/visit_date", 6)?;
        s.cut("/private_fostering/0/visits/0/recorded_at")
    }),
    ("PRF-008", Story::InNeed, |s| {
        s.overdue("/private_fostering/0/notified_date", 43)?;
        s.cut("/private_fostering/0/decision_date")
    }),
    ("PRF-009", Story::InNeed, |s| s.put("/private_fostering/0/notice_complete_flag", json!(false))),
    ("PRF-009", Story::InNeed, |s| {
        s.at("/private_fostering/0")?;
        s.cut("/child_details/first_language")
    }),
    ("PRF-010", Story::InNeed, |s| s.cut("/private_fostering/0/status_reviewed_date")),
    ("MIS-001", Story::LookedAfter, |s| {
        s.cut("/missing_episodes/0/return_interview/held_at")?;
        s.shift("/missing_episodes/0/return_interview/date", "/missing_episodes/0/end_date", 6)
    }),
    ("MIS-001", Story::LookedAfter, |s| s.cut("/missing_episodes/1/return_interview/carer_view")),
    ("MIS-002", Story::LookedAfter, |s| s.cut("/missing_episodes/0/return_interview/offered_flag")),
    ("MIS-002", Story::LookedAfter, |s| {
        s.put("/missing_episodes/0/return_interview/offered_flag", json!(false))
    }),
    ("MIS-003", Story::LookedAfter, |s| s.cut("/missing_episodes/0/return_interview/independent_flag")),
    ("MIS-003", Story::LookedAfter, |s| {
        s.put("/missing_episodes/0/return_interview/independent_flag", json!(false))
    }),
    ("MIS-004", Story::LookedAfter, |s| s.cut("/missing_episodes/2/strategy_meeting_date")),
    ("MIS-005", Story::LookedAfter, |s| s.cut("/missing_episodes/0/type")),
    ("MIS-005", Story::LookedAfter, |s| {
        s.shift("/missing_episodes/0/end_date", "/missing_episodes/0/start_date", -1)
    }),
    ("MIS-005", Story::LookedAfter, |s| {
        s.at("/missing_episodes/1")?;
        s.cut("/missing_episodes/0/end_at")?;
        s.cut("/missing_episodes/0/end_date")
    }),
    ("EXP-001", Story::LookedAfter, |s| {
        s.late("/exploitation_assessments/0/date", "/exploitation_assessments/0/trigger_date", 8)
    }),
    ("EXP-002", Story::LookedAfter, |s| {
        s.overdue("/exploitation_assessments/0/date", 32)?;
        s.cut("/exploitation_assessments/0/reviewed_date")
    }),
    ("EXP-003", Story::LookedAfter, |s| {
        s.put("/exploitation_assessments/0/learning_disability_flag", json!(true))?;
        s.put("/exploitation_assessments/0/score", json!("low"))
    }),
    ("EXP-004", Story::LookedAfter, |s| s.put("/exploitation_assessments/0/in_plan_flag", json!(false))),
    ("HBA-001", Story::InNeed, |s| {
        s.shift("/forced_marriage_hba/0/seen_alone_date", "/forced_marriage_hba/0/concern_date", 3)
    }),
    ("HBA-002", Story::InNeed, |s| s.put("/forced_marriage_hba/0/family_contacted_flag", json!(true))),
    ("HBA-002", Story::InNeed, |s| s.put("/forced_marriage_hba/0/mediation_attempted_flag", json!(true))),
    ("HBA-003", Story::InNeed, |s| {
        s.late("/forced_marriage_hba/0/strategy_discussion_date", "/forced_marriage_hba/0/concern_date", 4)
    }),
    ("HBA-004", Story::InNeed, |s| s.put("/forced_marriage_hba/0/restricted_flag", json!(false))),
    ("HBA-004", Story::InNeed, |s| s.cut("/forced_marriage_hba/0/safe_contact_method")),
    ("HBA-005", Story::InNeed, |s| {
        s.put("/forced_marriage_hba/0/protection_order_considered_flag", json!(false))
    }),
    ("SUP-001", Story::InNeed, |s| thin_out(s, "/supervisions", 2)),
    ("SUP-002", Story::InNeed, |s| {
        (s.at("~/care_worker_details/0/newly_qualified_flag")? == &json!(true)).then_some(())?;
        thin_out(s, "/supervisions", 1)
    }),
    ("SUP-003", Story::LookedAfter, |s| s.late("/supervisions/0/recorded_date", "/supervisions/0/date", 8)),
    ("SUP-004", Story::LookedAfter, |s| s.cut("/management_decisions/0/rationale")),
    ("SUP-005", Story::LookedAfter, leave_open),
    ("SUP-006", Story::LookedAfter, |s| {
        let due = months(s.day("~/referral_date")?, 6);
        (due < s.dates.as_at).then_some(())?;
        s.list("/supervisions")?.iter_mut().for_each(|held| held["reflective_flag"] = json!(false));
        Some(())
    }),
    ("SUP-007", Story::LookedAfter, |s| {
        let group = s.list("/supervisions")?.iter_mut().find(|held| held["type"] == "group")?;
        group.as_object_mut()?.remove("outcome").map(|_| ())
    }),
    ("CLS-001", Story::LeftCare, |s| s.late("~/closure/record_completed_date", "~/closure/decided_date", 18)),
    ("CLS-002", Story::LeftCare, |s| s.shift("~/closure/authorised/date", "~/closure_date", 4)),
    ("CLS-003", Story::LeftCare, |s| s.cut("~/closure/views")),
    ("CLS-004", Story::LeftCare, |s| s.cut("~/closure/agencies_told_date")),
    ("CLS-005", Story::LeftCare, |s| s.cut("~/closure/work_done")),
    ("CLS-005", Story::LeftCare, |s| s.cut("~/closure/lead_professional")),
    ("CLS-006", Story::LookedAfter, |s| s.put("~/transfers/0/recordings_current_flag", json!(false))),
    ("CLS-007", Story::LookedAfter, |s| s.late("~/transfers/0/summary_date", "~/transfers/0/date", 13)),
    ("CLS-007", Story::LookedAfter, |s| s.late("~/transfers/0/joint_visit_date", "~/transfers/0/date", 13)),
    ("CLS-008", Story::LeftCare, |s| {
        s.put(
            "~/closure/open_actions",
            json!([{ "action_id": "A900", "text": "Find a drop-in group.", "status": "open" }]),
        )
    }),
    ("CLS-009", Story::LeftCare, |s| s.cut("~/closure/new_area_acknowledged_date")),
];

/// Makes the first visit after a notice of this kind late.
fn first_visit_late(s: &mut Spoil<'_>, kind: &str) -> Option<()> {
    (s.at("/private_fostering/0/notice_type")? == &json!(kind)).then_some(())?;
    s.late("/private_fostering/0/visits/0/visit_date", "/private_fostering/0/notified_date", 9)
}

/// Takes so many items after the first out of a list of things done in turn, so that there is a gap.
fn thin_out(s: &mut Spoil<'_>, list: &str, count: usize) -> Option<()> {
    let items = s.list(list).filter(|items| items.len() > count + 2)?;
    items.drain(1..=count);
    Some(())
}

/// Leaves an action of a supervision open past the next two.
fn leave_open(s: &mut Spoil<'_>) -> Option<()> {
    let held = s.list("/supervisions")?;
    let third_last = held.len().checked_sub(3)?;
    let action = held.get_mut(third_last)?.get_mut("actions")?.get_mut(0)?.as_object_mut()?;
    action.insert("status".to_owned(), json!("open"));
    action.remove("completed_date").map(|_| ())
}
