//! Planned faults of the file as a whole: entries late, undated, unsigned or impossible, papers missing, kept too short a time.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each; words are in `writing.rs`.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// A visit to a child in care, on a protection plan, and in need; and the first entry of the chronology.
const IN_CARE: &str = "/cla_visits/0";
const PROTECTED: &str = "~/child_protection_plans/0/visits/0";
const IN_NEED: &str = "~/child_in_need_plans/0/visits/0";
const ENTRY: &str = "/chronology/entries/0";

/// The faults of each standard of recording that are not about words.
pub(super) const FAULTS: &[Fault] = &[
    ("REC-001", Story::InNeed, nothing_of_its_own),
    ("REC-002", Story::InNeed, |s| recorded(s, "/case_notes/0", "event_date", 6)),
    ("REC-002", Story::LookedAfter, |s| recorded(s, IN_CARE, "visit_date", 6)),
    ("REC-002", Story::Protected, |s| recorded(s, PROTECTED, "visit_date", 6)),
    ("REC-002", Story::InNeed, |s| recorded(s, IN_NEED, "visit_date", 6)),
    ("REC-003", Story::InNeed, |s| {
        let note = note(s, "N101")?;
        recorded(s, &note, "event_date", 7)
    }),
    ("REC-003", Story::InNeed, |s| cut_of_note(s, "N101", "manager_alerted_at")),
    ("REC-004", Story::InNeed, |s| cut_of_note(s, "N102", "late_reason")),
    ("REC-004", Story::InNeed, |s| recorded(s, ENTRY, "event_date", 12)),
    ("REC-004", Story::LookedAfter, |s| {
        // Late, but it says so.
        recorded(s, ENTRY, "event_date", 11)?;
        s.set(&format!("{ENTRY}/late_reason"), json!("The notebook was found again after the office moved."))
    }),
    ("REC-005", Story::InNeed, |s| recorded_before(s, "/case_notes/0", "event_date")),
    ("REC-005", Story::InNeed, |s| recorded_before(s, ENTRY, "event_date")),
    ("REC-005", Story::LookedAfter, |s| recorded_before(s, IN_CARE, "visit_date")),
    ("REC-005", Story::Protected, |s| recorded_before(s, PROTECTED, "visit_date")),
    ("REC-005", Story::InNeed, |s| recorded_before(s, IN_NEED, "visit_date")),
    ("REC-005", Story::Protected, |s| after_closure(s, PROTECTED)),
    ("REC-005", Story::Protected, |s| after_closure(s, IN_NEED)),
    ("REC-006", Story::InNeed, |s| s.shift("/case_notes/0/event_date", "/child_details/date_of_birth", -40)),
    ("REC-006", Story::InNeed, |s| {
        s.shift(&format!("{ENTRY}/event_date"), "/child_details/date_of_birth", -40)
    }),
    ("REC-006", Story::InNeed, |s| s.shift("~/referral_date", "/child_details/date_of_birth", -320)),
    ("REC-007", Story::InNeed, |s| s.cut("/case_notes/0/author/role")),
    ("REC-007", Story::InNeed, |s| s.put(&format!("{ENTRY}/author/name"), json!("System"))),
    ("REC-008", Story::InNeed, |s| s.cut("/case_notes/0/recorded_at")),
    ("REC-008", Story::InNeed, |s| s.cut(&format!("{ENTRY}/recorded_at"))),
    ("REC-009", Story::InNeed, |s| cut_of_note(s, "N103", "source")),
    ("REC-010", Story::InNeed, |s| cut_of_note(s, "N103", "analysis")),
    ("REC-014", Story::Protected, |s| s.cut(&format!("{PROTECTED}/risks/0/direction"))),
    ("REC-014", Story::LookedAfter, |s| s.cut(&format!("{IN_CARE}/risks/0/direction"))),
    ("REC-014", Story::InNeed, |s| s.empty(&format!("{IN_NEED}/risks"))),
    ("REC-015", Story::LookedAfter, |s| s.cut(&format!("{IN_CARE}/matters_considered"))),
    ("REC-016", Story::LookedAfter, |s| unsaid(s, IN_CARE)),
    ("REC-016", Story::Protected, |s| unsaid(s, PROTECTED)),
    ("REC-016", Story::InNeed, |s| unsaid(s, IN_NEED)),
    ("REC-016", Story::InNeed, |s| unsaid(s, "/private_fostering/0/visits/0")),
    ("REC-017", Story::InNeed, |s| {
        s.overdue("~/referral_date", 35)?;
        s.cut("/family_told_of_records/date")
    }),
    ("REC-017", Story::InNeed, |s| s.cut("/family_told_of_records/how")),
    ("REC-018", Story::LookedAfter, |s| {
        s.list("/supervisions").filter(|held| held.len() > 6)?.drain(2..5);
        Some(())
    }),
    ("REC-019", Story::LookedAfter, |s| {
        s.overdue("~/referral_date", 140)?;
        let day = after(s.dates.as_at, -170);
        s.put("/case_summary/date", written(day))
    }),
    ("REC-020", Story::InNeed, |s| {
        s.at("~/child_and_family_assessments/0/authorisation_date")?;
        s.cut("~/child_and_family_assessments/0/genogram_date")
    }),
    ("REC-021", Story::LookedAfter, |s| {
        s.overdue("~/child_looked_after_placements/0/start_date", 40)?;
        s.empty("/health_and_wellbeing/health_assessments")
    }),
    ("REC-022", Story::LookedAfter, |s| kept_until(s, "keep_until_date", 25)),
    ("REC-023", Story::ForAdoption, |s| {
        s.at("~/adoption/order_date")?;
        kept_until(s, "adoption_keep_until_date", 75)
    }),
    ("REC-024", Story::InNeed, |s| s.cut("/child_details/sex")),
    ("REC-024", Story::InNeed, |s| s.put("/child_details/first_language", json!("Unknown"))),
    ("REC-026", Story::InNeed, |s| {
        let note = note(s, "N104")?;
        s.cut(&format!("{note}/amendments/0/old_text"))
    }),
    ("REC-027", Story::InNeed, |s| s.cut("~/child_and_family_assessments/0/authorised_by")),
    ("REC-027", Story::LookedAfter, |s| s.shift("/care_plans/-1/authorised/date", "/care_plans/-1/date", -3)),
    ("REC-027", Story::CareLeaver, |s| {
        s.shift("/pathway_plans/0/authorised/date", "/pathway_plans/0/plan_date", -3)
    }),
    ("REC-027", Story::LeftCare, |s| s.cut("~/closure/authorised/by")),
];

/// The place of the case note of this identifier.
fn note(s: &mut Spoil<'_>, id: &str) -> Option<String> {
    let notes = s.list("/case_notes")?;
    let number = notes.iter().position(|note| note.get("case_note_id") == Some(&json!(id)))?;
    Some(format!("/case_notes/{number}"))
}

/// Takes a property out of the case note of this identifier.
fn cut_of_note(s: &mut Spoil<'_>, id: &str, name: &str) -> Option<()> {
    let note = note(s, id)?;
    s.cut(&format!("{note}/{name}"))
}

/// Has an item written up so many working days after the day it tells of.
fn recorded(s: &mut Spoil<'_>, item: &str, day: &str, working_days: u32) -> Option<()> {
    let day = s.day(&format!("{item}/{day}"))?;
    let late = s.dates.working(day, working_days);
    s.dates.past(late).then_some(())?;
    s.put(&format!("{item}/recorded_at"), s.dates.stamp(late, 1000))
}

/// Has an item written up three days before the day it tells of.
fn recorded_before(s: &mut Spoil<'_>, item: &str, day: &str) -> Option<()> {
    let day = s.day(&format!("{item}/{day}"))?;
    s.put(&format!("{item}/recorded_at"), s.dates.stamp(after(day, -3), 1000))
}

/// Dates a visit some days after the case closed.
fn after_closure(s: &mut Spoil<'_>, visit: &str) -> Option<()> {
    s.shift(&format!("{visit}/visit_date"), "~/closure_date", 5)?;
    recorded(s, visit, "visit_date", 1)
}

/// Leaves unsaid whether the child was seen alone.
fn unsaid(s: &mut Spoil<'_>, visit: &str) -> Option<()> {
    let _reason = s.cut(&format!("{visit}/not_seen_alone_reason"));
    s.cut(&format!("{visit}/child_seen_alone_flag"))
}

/// Has a file kept for so many years from birth only.
fn kept_until(s: &mut Spoil<'_>, which: &str, years: i32) -> Option<()> {
    let born = s.day("/child_details/date_of_birth")?;
    s.put(&format!("/retention/{which}"), written(months(born, years * 12)))
}

/// Takes out every entry of the first weeks, and begins the assessment after them.
fn nothing_of_its_own(s: &mut Spoil<'_>) -> Option<()> {
    let referral = s.day("~/referral_date")?;
    let late = s.dates.working(referral, 13);
    s.overdue("~/referral_date", 16)?;
    let first = written(late);
    for list in ["/case_notes", "/chronology/entries"] {
        s.list(list)?.retain(|entry| entry.get("event_date").and_then(Value::as_str) > first.as_str());
    }
    s.date("~/child_and_family_assessments/0/start_date", late)
}
