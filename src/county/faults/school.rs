//! Planned faults of attendance and of children who came alone: absences nobody told of, numbers nobody found, no adviser.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each that one fault does not reach.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// Where the number of the pupil stands.
const NUMBER: &str = "/child_details/unique_pupil_number";
/// Where the removal from a roll stands.
const REMOVAL: &str = "/education/roll_deletion";

/// The faults of each standard of attendance and of unaccompanied children.
pub(super) const FAULTS: &[Fault] = &[
    ("UAS-001", Story::Unaccompanied, |s| s.put("/child_details/uasc_flag", json!(false))),
    ("UAS-001", Story::CareLeaver, |s| {
        let adult = months(s.day("/child_details/date_of_birth")?, 18 * 12);
        s.date("/child_details/uasc_end_date", after(adult, 12))
    }),
    ("UAS-002", Story::Unaccompanied, |s| s.put("/care_plans/-1/uasc_needs", json!("TBC"))),
    ("UAS-003", Story::Unaccompanied, |s| {
        s.late("/unaccompanied_child/document_check_date", "/unaccompanied_child/age_assessment_date", 4)
    }),
    ("UAS-004", Story::Unaccompanied, |s| {
        s.late_after_entry("/unaccompanied_child/legal_adviser_named_date", 14)
    }),
    ("UAS-005", Story::Unaccompanied, |s| {
        s.cut("/cla_visits/0/language")?;
        s.cut("/cla_visits/0/interpreter_used_flag")
    }),
    ("UAS-005", Story::Unaccompanied, |s| s.put("/unaccompanied_child/interpreter_used_flag", json!(false))),
    ("CME-001", Story::InNeed, |s| {
        s.late("/education/absences/0/end_date", "/education/absences/0/start_date", 30)?;
        s.cut("/education/absences/0/reported_date")
    }),
    ("CME-002", Story::InNeed, |s| {
        s.shift(&format!("{REMOVAL}/enquiries_date"), &format!("{REMOVAL}/date"), 5)
    }),
    ("CME-002", Story::InNeed, |s| {
        s.late(&format!("{REMOVAL}/date"), &format!("{REMOVAL}/absent_from_date"), 13)
    }),
    ("CME-002", Story::InNeed, |s| {
        s.late(&format!("{REMOVAL}/enquiries_date"), &format!("{REMOVAL}/due_back_date"), 3)?;
        s.late(&format!("{REMOVAL}/date"), &format!("{REMOVAL}/due_back_date"), 6)
    }),
    ("CME-003", Story::LookedAfter, |s| {
        let counted = s.day("/education/attendance/0/counted_to_date")?;
        (s.day("/cla_reviews/-1/review_date")? >= counted).then_some(())?;
        s.put("/education/attendance/0/percent", json!(71.5))?;
        let term = s.at("/education/attendance/0")?.as_object_mut()?;
        term.remove("action");
        term.remove("plan_meeting_date");
        Some(())
    }),
    ("CME-004", Story::LookedAfter, |s| {
        s.put("/education/no_place_since", written(after(s.dates.as_at, -100)))?;
        s.put("/education/no_place_plan", json!("ongoing"))
    }),
    ("CME-005", Story::LongTermFostered, |s| {
        s.cut("/education/exclusions/0/action")?;
        s.cut("/education/exclusions/0/action_date")
    }),
    ("CME-005", Story::LongTermFostered, |s| s.cut("/education/exclusions/0/type")),
    ("CME-006", Story::LookedAfter, |s| {
        in_care(s)?;
        s.cut(NUMBER)
    }),
    ("CME-006", Story::LookedAfter, |s| s.put(NUMBER, json!("1234567890123"))),
    ("CME-006", Story::LookedAfter, |s| {
        in_care(s)?;
        s.cut(NUMBER)?;
        s.at("/child_details")?
            .as_object_mut()?
            .insert("unique_pupil_number_unknown_reason".to_owned(), json!("UN1"));
        Some(())
    }),
    ("CME-006", Story::LookedAfter, |s| {
        s.at("/child_details/unique_pupil_number_recorded_date")?;
        s.late_after_entry("/child_details/unique_pupil_number_recorded_date", 9)
    }),
    ("CME-006", Story::LookedAfter, |s| s.cut("/education/school")),
];

/// Whether the last placement goes on.
fn in_care(s: &mut Spoil<'_>) -> Option<()> {
    s.at("~/child_looked_after_placements/-1")?.get("end_date").is_none().then_some(())
}
