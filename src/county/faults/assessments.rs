//! Planned faults of assessments and of plans for children in need: late, unseen, without analysis, not looked at again.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// The first assessment, the plan for a child in need, and the plan that protects.
const ASSESSED: &str = "~/child_and_family_assessments/0";
const NEED: &str = "~/child_in_need_plans/0";
const PROTECTION: &str = "~/child_protection_plans/0";

/// The faults of each standard of assessments and of plans for children in need.
pub(super) const FAULTS: &[Fault] = &[
    ("ASM-001", Story::InNeed, |s| s.late("~/referral_decision/date", "~/referral_date", 4)),
    ("ASM-002", Story::LookedAfter, |s| {
        // Late, but said why.
        s.late(&of("authorisation_date"), "~/referral_date", 52)?;
        s.set(&of("reason_for_overrun"), json!("The father was found in the sixth week and had to be heard."))
    }),
    ("ASM-002", Story::Protected, |s| {
        let second = "~/child_and_family_assessments/1";
        s.late(&format!("{second}/authorisation_date"), &format!("{second}/start_date"), 50)
    }),
    ("ASM-002", Story::InNeed, |s| s.late(&of("authorisation_date"), &of("start_date"), 49)),
    ("ASM-003", Story::LookedAfter, |s| s.late(&of("authorisation_date"), "~/referral_date", 49)),
    ("ASM-004", Story::LookedAfter, |s| s.late(&of("checkpoints/0/date"), &of("start_date"), 14)),
    ("ASM-004", Story::LookedAfter, |s| s.late(&of("checkpoints/1/date"), &of("start_date"), 26)),
    ("ASM-005", Story::InNeed, |s| s.shift(&of("child_seen_date"), "~/referral_date", -3)),
    ("ASM-005", Story::InNeed, |s| {
        s.put(&of("child_seen_alone_flag"), json!(false))?;
        s.set(&of("not_seen_alone_reason"), json!("n/a"))
    }),
    ("ASM-006", Story::InNeed, |s| s.empty(&of("factors"))),
    ("ASM-007", Story::InNeed, |s| s.put(&of("analysis"), json!("Quarrels at home."))),
    ("ASM-007", Story::InNeed, |s| s.cut(&of("outcome"))),
    ("ASM-008", Story::Protected, |s| {
        s.overdue("~/child_and_family_assessments/0/authorisation_date", 290)?;
        let closed = s.day("~/closure_date").unwrap_or(s.dates.as_at);
        let first = s.day(&of("authorisation_date"))?;
        (months(first, 13) < closed).then_some(())?;
        s.list("~/child_and_family_assessments")?.truncate(1);
        Some(())
    }),
    ("ASM-009", Story::InNeed, |s| s.put(&of("adults/1/covered_flag"), json!(false))),
    ("ASM-010", Story::InNeed, |s| s.put(&of("diversity_considered_flag"), json!(false))),
    ("ASM-011", Story::InNeed, |s| s.shift(&of("start_date"), "~/referral_date", -6)),
    ("ASM-011", Story::InNeed, |s| s.shift(&of("authorisation_date"), &of("start_date"), -1)),
    ("ASM-011", Story::LeftCare, |s| s.shift(&of("authorisation_date"), "~/closure_date", 4)),
    ("ASM-012", Story::Assessed, |s| {
        let day = s.day("~/referral_date")?;
        let enquiry = json!({ "section_47_assessment_id": "S47-9", "start_date": written(after(day, 2)),
            "strategy_discussion_date": written(after(day, 2)), "child_seen_date": written(after(day, 2)),
            "icpc_required_flag": false, "end_date": written(after(day, 9)) });
        s.at("~/closure_reason")?;
        s.set("~/section_47_assessments", json!([enquiry]))
    }),
    ("CIN-001", Story::InNeed, |s| {
        s.overdue(&of("authorisation_date"), 15)?;
        s.empty(&plan("meetings"))
    }),
    ("CIN-001", Story::InNeed, |s| {
        s.put(&of("child_in_need_flag"), json!(false))?;
        s.overdue(&plan("start_date"), 15)?;
        s.empty(&plan("meetings"))
    }),
    ("CIN-002", Story::InNeed, |s| {
        s.list(&plan("reviews")).filter(|reviews| reviews.len() > 2)?.drain(..2);
        Some(())
    }),
    ("CIN-003", Story::InNeed, |s| {
        let visits = s.list(&plan("visits")).filter(|visits| visits.len() > 4)?;
        visits.drain(1..4);
        Some(())
    }),
    ("CIN-004", Story::InNeed, |s| s.cut(&plan("authorised/date"))),
    ("CIN-004", Story::InNeed, |s| s.put(&plan("authorised/by/role"), json!("social_worker"))),
    ("CIN-005", Story::InNeed, |s| s.cut(&plan("actions/0/outcome"))),
    ("CIN-006", Story::InNeed, |s| {
        s.overdue(&plan("start_date"), 197)?;
        (s.at("~/primary_need_code")? != &json!("N2")).then_some(())?;
        s.cut(&plan("senior_review_date"))
    }),
    ("CIN-007", Story::InNeed, |s| s.shift(&plan("start_date"), "~/referral_date", -3)),
    ("CIN-007", Story::Protected, |s| {
        let start = s.day(&format!("{PROTECTION}/start_date"))?;
        s.at(&format!("{PROTECTION}/end_date"))?;
        s.put(&plan("start_date"), written(after(start, 5)))
    }),
    ("CIN-007", Story::LookedAfter, |s| begun(s, "~/child_looked_after_placements/0/start_date")),
];

/// A part of the first assessment.
fn of(part: &str) -> String {
    format!("{ASSESSED}/{part}")
}

/// A part of the plan for a child in need.
fn plan(part: &str) -> String {
    format!("{NEED}/{part}")
}

/// Begins a plan for a child in need a week after a day on which another kind of plan took over.
fn begun(s: &mut Spoil<'_>, from: &str) -> Option<()> {
    let start = after(s.day(from)?, 7);
    s.dates.past(start).then_some(())?;
    let approved =
        json!({ "by": { "name": "Orla Larkenby", "role": "team_manager" }, "date": written(start) });
    let made = json!({ "child_in_need_plan_id": "CIN9", "start_date": written(start), "authorised": approved, "meetings": [], "reviews": [] });
    s.set("~/child_in_need_plans", json!([made]))
}
