//! Planned faults of care planning and review: late, unsigned, not told, not heard, not followed up.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// The first placement.
const STAY: &str = "~/child_looked_after_placements/0";

/// One fault for each standard of care planning and review.
pub(super) const FAULTS: &[Fault] = &[
    ("LAC-001", Story::LookedAfter, |s| {
        s.late_after_entry("/care_plans/0/date", 18)?;
        s.late_after_entry("/care_plans/0/start_date", 18)
    }),
    ("LAC-002", Story::LookedAfter, |s| {
        s.cut("/care_plans/-1/sections/identity")?;
        s.cut("/care_plans/-1/sections/self_care")
    }),
    ("LAC-003", Story::LookedAfter, |s| s.late(&first("placement_plan/date"), &first("start_date"), 12)),
    ("LAC-004", Story::LookedAfter, |s| {
        s.cut(&first("placement_plan/signed_date"))?;
        s.empty(&first("placement_plan/signed"))
    }),
    ("LAC-005", Story::LookedAfter, |s| {
        s.empty(&first("notifications"))?;
        s.late(&first("notification_date"), &first("start_date"), 13)
    }),
    ("LAC-006", Story::LookedAfter, |s| s.cut(&first("placement_plan/views"))),
    ("LAC-007", Story::LookedAfter, |s| s.late_after_entry("/cla_reviews/0/review_date", 29)),
    ("LAC-008", Story::LookedAfter, |s| {
        let second = months(s.day("/cla_reviews/0/review_date")?, 3);
        s.date("/cla_reviews/1/review_date", s.dates.working(second, 25))
    }),
    ("LAC-009", Story::LookedAfter, |s| {
        let third = months(s.day("/cla_reviews/1/review_date")?, 6);
        s.date("/cla_reviews/2/review_date", s.dates.working(third, 25))
    }),
    ("LAC-010", Story::LookedAfter, |s| {
        let made = after(s.day("/care_plans/-1/proposed_changes/0/proposed_date")?, 2);
        s.put("/care_plans/-1/proposed_changes/0/made_date", written(made))
    }),
    ("LAC-011", Story::LookedAfter, |s| since_review(s, "decisions_issued_date", 13)),
    ("LAC-012", Story::LookedAfter, |s| since_review(s, "record_completed_date", 26)),
    ("LAC-013", Story::LookedAfter, |s| since_review(s, "record_distributed_date", 33)),
    ("LAC-014", Story::LookedAfter, |s| {
        s.overdue("/cla_reviews/-1/review_date", 16)?;
        let plans = s.list("/care_plans").filter(|plans| plans.len() > 1)?;
        plans.pop().map(|_| ())
    }),
    ("LAC-015", Story::LookedAfter, |s| {
        s.shift("/cla_reviews/-1/report_received_date", "/cla_reviews/-1/review_date", 0)
    }),
    ("LAC-016", Story::LookedAfter, |s| {
        let entry = s.entry()?;
        let named = s.dates.working(entry, 14);
        s.dates.past(named).then_some(())?;
        s.list("/care_plans")?
            .iter_mut()
            .filter_map(|plan| plan.get_mut("iro_named_date"))
            .for_each(|day| *day = written(named));
        Some(())
    }),
    ("LAC-017", Story::LookedAfter, |s| s.put("/cla_reviews/-1/child_spoken_to_alone_flag", json!(false))),
    ("LAC-018", Story::LookedAfter, |s| s.put("/cla_reviews/-1/participation", json!("PN7"))),
    ("LAC-019", Story::LookedAfter, |s| s.empty("/cla_reviews/1/earlier_decisions")),
    ("LAC-020", Story::LongTermFostered, |s| {
        s.cut("/cla_reviews/-1/legal_status_conclusion")?;
        s.put("/cla_reviews/-1/legal_status_considered_flag", json!(false))
    }),
    ("LAC-021", Story::LeftCare, |s| {
        s.cut("~/child_looked_after_placements/-1/ceased_looked_after_approval")
    }),
    ("LAC-022", Story::LongTermFostered, |s| {
        s.put("~/child_looked_after_placements/-1/designated_long_term/agreed_by_carer_flag", json!(false))?;
        s.cut("~/child_looked_after_placements/-1/designated_long_term/confirmed_date")
    }),
    ("LAC-023", Story::LookedAfter, |s| {
        let areas = s.list(&first("placement_plan/delegated_authority")).filter(|areas| areas.len() > 2)?;
        areas.truncate(2);
        Some(())
    }),
    ("LAC-024", Story::LongTermFostered, |s| {
        let ended = s.day("~/child_looked_after_placements/1/end_date")?;
        s.date("~/child_looked_after_placements/1/ending_notice/given_date", s.dates.working(ended, 19))
    }),
    ("LAC-025", Story::LookedAfter, |s| s.cut("/family_time/departures/0/written_notice_date")),
];

/// A place within the first placement.
fn first(place: &str) -> String {
    format!("{STAY}/{place}")
}

/// Dates a step of the last review so many working days after it.
fn since_review(s: &mut Spoil<'_>, step: &str, working_days: u32) -> Option<()> {
    let list = s.list("/cla_reviews")?;
    let count = list.len();
    let settled = (0..count).rev().find_map(|number| {
        let review = format!("/cla_reviews/{number}");
        s.overdue(&format!("{review}/review_date"), working_days)?;
        Some(review)
    })?;
    s.late(&format!("{settled}/{step}"), &format!("{settled}/review_date"), working_days)
}
