//! Planned faults for the second and third rules of standards whose first fault is in the file of their area.
//!
//! The table is read by `faults/mod.rs`; each row is for one rule, named beside it.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// Where the rows look most often.
const ENTRY: &str = "/chronology/entries/0";
const MEETING: &str = "~/legal_planning_meetings/0";
const PLAN: &str = "/personal_education_plans/-1";
const PATHWAY: &str = "/pathway_plans/0";
const AGREEMENT: &str = "/written_agreements/0";

/// A fault for each rule that no other planned fault breaks.
pub(super) const FAULTS: &[Fault] = &[
    // CHR-004, 005, 005b, 007b, 010b
    ("CHR-004", Story::Protected, |s| s.cut_each("/chronology/entries", "sequence")),
    ("CHR-005", Story::InNeed, |s| s.cut(&format!("{ENTRY}/event_date"))),
    ("CHR-005", Story::Protected, |s| {
        let entries = s.list("/chronology/entries")?;
        let entry =
            entries.iter_mut().find(|entry| entry.get("date_precision") == Some(&json!("estimated")))?;
        entry.as_object_mut()?.insert("date_precision".to_owned(), json!("day"));
        Some(())
    }),
    ("CHR-007", Story::InNeed, |s| s.put(&format!("{ENTRY}/event_type"), json!("other"))),
    ("CHR-010", Story::InNeed, |s| s.put(&format!("{ENTRY}/description"), json!("A row at home."))),
    // CHR-003b, 004b
    ("CHR-003", Story::Protected, |s| {
        s.overdue("~/child_protection_plans/0/start_date", 40)?;
        let start = written(s.day("~/child_protection_plans/0/start_date")?);
        s.list("/chronology/entries")?
            .retain(|entry| entry.get("event_date").and_then(Value::as_str) <= start.as_str());
        s.empty("/chronology/nil_reviews").or(Some(()))
    }),
    ("CHR-004", Story::Protected, |s| {
        let place = |entry: &Value| entry.get("sequence").is_some();
        let entries = s.list("/chronology/entries")?;
        let first = entries.iter().position(place)?;
        let day = entries.get(first)?.get("event_date").cloned();
        let number = entries.get(first)?.get("sequence").cloned()?;
        let next = entries
            .get_mut(first + 1)
            .filter(|next| place(next) && next.get("event_date") == day.as_ref())?;
        next.as_object_mut()?.insert("sequence".to_owned(), number);
        Some(())
    }),
    // CHR-013, 015: nothing at all was looked at in the time that counts.
    ("CHR-013", Story::InNeed, |s| {
        s.at("~/child_and_family_assessments/0/authorisation_date")?;
        let assessed = s.day("~/child_and_family_assessments/0/authorisation_date")?;
        not_looked_at(s, assessed)
    }),
    ("CHR-015", Story::InNeed, |s| {
        let moved = s.day("~/transfers/0/date")?;
        s.put("~/transfers/0/chronology_current_flag", json!(false))?;
        not_looked_at(s, moved)
    }),
    // CHR-019b, 019c, 021, 021c, 024b
    ("CHR-019", Story::LookedAfter, |s| {
        s.shift(&format!("{MEETING}/chronology_from_date"), &format!("{MEETING}/date"), -1200)
    }),
    ("CHR-019", Story::LookedAfter, |s| s.put(&format!("{MEETING}/chronology_pages"), json!(48))),
    ("CHR-021", Story::LookedAfter, |s| {
        s.list("/chronology/earlier_analyses").filter(|made| made.len() > 4)?.drain(1..3);
        Some(())
    }),
    ("CHR-021", Story::LookedAfter, |s| s.cut("/chronology/overall_analysis/author")),
    ("CHR-024", Story::InNeed, |s| s.put(&format!("{ENTRY}/case_note_id"), json!("N900"))),
    // WAG-003b, 006b, 013, 013b, 014b, 015b
    ("WAG-003", Story::InNeed, |s| {
        s.list(&format!("{AGREEMENT}/parties")).filter(|parties| parties.len() > 2)?.pop();
        Some(())
    }),
    ("WAG-006", Story::InNeed, |s| s.cut(&format!("{AGREEMENT}/parties/0/language"))),
    ("WAG-013", Story::InNeed, |s| {
        running(s)?;
        s.put(&format!("{AGREEMENT}/terms/0/duty_to_control_another_flag"), json!(true))
    }),
    ("WAG-013", Story::InNeed, |s| {
        running(s)?;
        s.list(&format!("{AGREEMENT}/terms")).filter(|terms| terms.len() > 1)?.truncate(1);
        Some(())
    }),
    ("WAG-014", Story::InNeed, |s| s.put(&format!("{AGREEMENT}/linked_plan_id"), json!("PLAN99"))),
    ("WAG-015", Story::InNeed, |s| s.empty(&format!("{AGREEMENT}/terms"))),
    // PEP-001b, 001c, 009, 010b, 010c, 015b
    ("PEP-001", Story::LookedAfter, |s| {
        (s.at("~/child_looked_after_placements/0/planned_entry_flag")? == &json!(true)).then_some(())?;
        s.late_after_entry("/personal_education_plans/0/initiated_date", 17)
    }),
    ("PEP-001", Story::LookedAfter, |s| {
        s.late("/personal_education_plans/0/initiated_date", "~/care_proceedings/care_plan_due_date", 8)?;
        s.late("/personal_education_plans/0/meeting_date", "~/care_proceedings/care_plan_due_date", 12)
    }),
    ("PEP-009", Story::Infant, |s| {
        let third = months(s.day("/child_details/date_of_birth")?, 36);
        (s.entry()? < third && after(third, 60) < s.dates.as_at).then_some(())?;
        s.empty("/personal_education_plans")
    }),
    ("PEP-010", Story::LookedAfter, |s| {
        s.at(&format!("{PLAN}/completed_date"))?;
        s.list(&format!("{PLAN}/targets")).filter(|targets| targets.len() > 1)?.truncate(1);
        Some(())
    }),
    ("PEP-010", Story::LookedAfter, |s| {
        s.at(&format!("{PLAN}/completed_date"))?;
        s.put(&format!("{PLAN}/targets/0/area"), json!("social_emotional"))
    }),
    ("PEP-015", Story::LookedAfter, |s| {
        s.at(&format!("{PLAN}/completed_date"))?;
        s.at(&format!("{PLAN}/setting"))?;
        (s.list(&format!("{PLAN}/exclusions"))?.is_empty()).then_some(())?;
        s.cut(&format!("{PLAN}/history/conduct_record"))
    }),
    // PATH-001b, 001c, 005, 007b, 008b, 008c, 010b, 013, 017b
    ("PATH-001", Story::Eligible, |s| {
        let sixteen = months(s.day("/child_details/date_of_birth")?, 192);
        (s.entry()? < sixteen && after(sixteen, 100) < s.dates.as_at).then_some(())?;
        s.cut(&format!("{PATHWAY}/became_eligible_date"))
    }),
    ("PATH-001", Story::Eligible, |s| {
        let sixteen = months(s.day("/child_details/date_of_birth")?, 192);
        let entry = s.entry()?;
        (entry > sixteen && after(entry, 100) < s.dates.as_at).then_some(())?;
        s.cut(&format!("{PATHWAY}/became_eligible_date"))
    }),
    ("PATH-005", Story::CareLeaver, |s| {
        let planned = s.day(&format!("{PATHWAY}/plan_date"))?;
        let adult = months(s.day("/child_details/date_of_birth")?, 216);
        (months(planned.max(adult), 7) < s.dates.as_at && s.dates.as_at < months(adult, 36)).then_some(())?;
        s.empty(&format!("{PATHWAY}/reviews"))
    }),
    ("PATH-007", Story::CareLeaver, |s| {
        first_there(s, |s, review| {
            s.shift(
                &format!("{review}/review_date"),
                &format!("{PATHWAY}/accommodation/authority_provided_start_date"),
                12,
            )
        })
    }),
    ("PATH-008", Story::CareLeaver, |s| {
        (s.at(&format!("{PATHWAY}/section_23ca_flag"))? == &json!(true)).then_some(())?;
        s.cut(&format!("{PATHWAY}/sections/employment"))
    }),
    ("PATH-008", Story::Eligible, |s| s.cut(&format!("{PATHWAY}/support/frequency"))),
    ("PATH-010", Story::Eligible, |s| {
        s.put(&format!("{PATHWAY}/sections/contingency"), json!("Ring the duty team."))
    }),
    ("PATH-013", Story::Eligible, |s| s.cut(&format!("{PATHWAY}/consultees/1/response"))),
    ("PATH-017", Story::CareLeaver, |s| {
        first_there(s, |s, review| s.put(&format!("{review}/next_interval_months"), json!(6)))
    }),
    // LAC-001b, 007b, 009b, 023b
    ("LAC-001", Story::LookedAfter, |s| {
        let due = written(s.day("~/care_proceedings/care_plan_due_date")?);
        s.list("/care_plans")?.retain(|plan| plan.get("date").and_then(Value::as_str) > due.as_str());
        Some(())
    }),
    ("LAC-007", Story::LongTermFostered, |s| {
        let reviews = s.list("/cla_reviews")?;
        let number = reviews.iter().position(|review| review.get("adjournment").is_some())?;
        let review = format!("/cla_reviews/{number}");
        s.shift(&format!("{review}/adjournment/adjourned_date"), &format!("{review}/review_date"), -50)
    }),
    ("LAC-009", Story::LongTermFostered, |s| {
        let asked = s.day("/cla_review_requests/0/request_date")?;
        s.put("/cla_review_requests/0/request_date", written(after(asked, -45)))
    }),
    ("LAC-023", Story::LookedAfter, |s| {
        s.put("/cla_reviews/-1/delegated_authority_checked_flag", json!(false))
    }),
    // PERM-002b, 003, 005, 009b
    ("PERM-002", Story::LookedAfter, |s| {
        s.at("/permanence_plans/0/agreed_date")?;
        s.cut("/permanence_plans/0/plan_type")
    }),
    ("PERM-003", Story::LookedAfter, |s| s.cut("/permanence_plans/0/tests/emotionally_warm/evidence")),
    ("PERM-005", Story::LookedAfter, |s| s.late_after_entry("/permanence_tracker/entered_date", 11)),
    ("PERM-009", Story::LookedAfter, |s| {
        s.at("/permanence_plans/0/carried_out_date").is_none().then_some(())?;
        s.empty("/permanence_plans/0/actions")
    }),
    // IRO-003, 004b, 006b, 007b
    ("IRO-003", Story::LookedAfter, |s| {
        s.cut("/iro_escalations/0/stages")?;
        s.cut("/iro_escalations/0/resolved_date")?;
        s.late("/iro_escalations/0/response_date", "/iro_escalations/0/raised_date", 18)
    }),
    ("IRO-004", Story::LookedAfter, |s| s.cut("/iro_escalations/0/stages/1/outcome")),
    ("IRO-006", Story::LongTermFostered, |s| not_carried_out(s, true)),
    ("IRO-006", Story::LongTermFostered, |s| not_carried_out(s, false)),
    ("IRO-007", Story::Protected, |s| {
        (s.at("~/child_protection_plans/0/number_of_previous_plans")? == &json!(1)).then_some(())?;
        s.overdue("~/child_protection_plans/0/start_date", 70)?;
        s.empty("~/child_protection_plans/0/chair_challenges")
    }),
    // HLT-004b, 006b, 007b
    ("HLT-004", Story::LongTermFostered, |s| since_birthday(s, 60, "health_assessments")),
    ("HLT-006", Story::Infant, |s| since_birthday(s, 48, "sdq_assessments")),
    ("HLT-007", Story::Infant, |s| since_birthday(s, 12, "dental_checks")),
];

/// Takes out every trace of the chronology's having been looked at by a day, so that only a look long after it is left.
fn not_looked_at(s: &mut Spoil<'_>, day: crate::model::Day) -> Option<()> {
    let later = s.dates.workday(after(day, 40));
    s.dates.past(later).then_some(())?;
    let by = written(day);
    s.list("/chronology/reviews")?
        .retain(|review| review.get("review_date").and_then(Value::as_str) > by.as_str());
    s.put("/chronology/opened_date", written(later))?;
    s.put("/chronology/last_reviewed_date", written(s.dates.as_at))
}

/// Makes the first agreement one about domestic abuse that still runs.
fn running(s: &mut Spoil<'_>) -> Option<()> {
    (s.at(&format!("{AGREEMENT}/domestic_abuse_flag"))? == &json!(true)).then_some(())?;
    s.put(&format!("{AGREEMENT}/status"), json!("authorised"))?;
    let _ended = s.cut(&format!("{AGREEMENT}/end_date"));
    let _why = s.cut(&format!("{AGREEMENT}/end_reason"));
    Some(())
}

/// Does something to the first review in the accommodation that the authority provides.
fn first_there(s: &mut Spoil<'_>, spoil: fn(&mut Spoil<'_>, &str) -> Option<()>) -> Option<()> {
    let reviews = s.list(&format!("{PATHWAY}/reviews"))?;
    let number =
        reviews.iter().position(|review| review.get("review_type") == Some(&json!("accommodation_first")))?;
    spoil(s, &format!("{PATHWAY}/reviews/{number}"))
}

/// Leaves a permanence plan without steps and not carried out at the fourth review, followed up by the officer or not.
fn not_carried_out(s: &mut Spoil<'_>, followed: bool) -> Option<()> {
    s.day("/cla_reviews/3/review_date")?;
    let _day = s.cut("/permanence_plans/0/carried_out_date");
    s.put("/permanence_plans/0/status", json!("planned"))?;
    s.empty("/permanence_plans/0/actions")?;
    s.empty("/iro_escalations").or(Some(()))?;
    if !followed {
        s.cut_each("/cla_reviews", "permanence_follow_up_date")?;
    }
    Some(())
}

/// Takes out what was done for an infant's health since shortly before a birthday of so many months, a year and more ago.
fn since_birthday(s: &mut Spoil<'_>, age: i32, list: &str) -> Option<()> {
    let birthday = months(s.day("/child_details/date_of_birth")?, age);
    (s.entry()? < birthday && after(months(birthday, 12), 20) < s.dates.as_at).then_some(())?;
    let from = written(after(birthday, -20));
    s.list(&format!("/health_and_wellbeing/{list}"))?
        .retain(|done| done.get("date").and_then(Value::as_str) < from.as_str());
    Some(())
}
