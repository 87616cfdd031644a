//! Planned faults of homes that ask for more than others: with a parent, with a connected person, on short breaks.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// The last placement, which is that with the parent.
const HOME: &str = "~/child_looked_after_placements/-1";

/// A fault for each standard of placement with parents, connected persons and short breaks, two where its rules ask for
/// different things.
pub(super) const FAULTS: &[Fault] = &[
    ("PWP-001", Story::WithParents, |s| {
        immediate(s, true)?;
        s.late(&home("parent_placement/assessment_date"), &home("start_date"), 14)?;
        s.cut(&home("parent_placement/review_date"))
    }),
    ("PWP-002", Story::WithParents, |s| {
        immediate(s, true)?;
        s.late(&home("parent_placement/decision/date"), &home("parent_placement/assessment_date"), 15)
    }),
    ("PWP-003", Story::WithParents, |s| {
        immediate(s, false)?;
        s.shift(&home("parent_placement/decision/date"), &home("start_date"), 6)?;
        s.put(&home("approval/by/role"), json!("team_manager"))?;
        s.shift(&home("placement_plan/date"), &home("start_date"), 2)
    }),
    ("PWP-004", Story::WithParents, |s| {
        s.put(&home("parent_placement/household_adults/0/covered_flag"), json!(false))
    }),
    ("PWP-005", Story::WithParents, |s| {
        immediate(s, true)?;
        s.shift(&home("parent_placement/parent_interviewed_date"), &home("start_date"), 3)
    }),
    ("PWP-006", Story::WithParents, |s| s.cut("/cla_reviews/-1/discharge_reason")),
    ("PWP-007", Story::WithParents, |s| {
        (s.at(&home("legal_status"))? == &json!("C2")).then_some(())?;
        let home = s.day(&home("start_date"))?;
        (months(home, 12) < s.dates.as_at).then_some(())?;
        s.cut("/permanence_plans/0/discharge")?;
        s.cut_each("/cla_reviews", "discharge_reason")
    }),
    ("PWP-008", Story::WithParents, |s| {
        (s.at("/permanence_plans/0/discharge/decision")? == &json!("apply")).then_some(())?;
        s.overdue("/permanence_plans/0/discharge/considered_date", 75)?;
        s.cut("/permanence_plans/0/discharge/application_date")
    }),
    ("PWP-009", Story::WithParents, |s| s.cut(&home("parent_placement/exceptional_reason"))),
    ("KIN-001", Story::LookedAfter, |s| approved_late(s, false)),
    ("KIN-001", Story::LookedAfter, |s| approved_late(s, true)),
    ("KIN-002", Story::LookedAfter, |s| {
        let ran_out = after(s.day("/connected_person/approval_date")?, 112);
        s.date("/connected_person/extensions/0/approved/date", after(ran_out, 4))?;
        s.cut("/connected_person/extensions/0/panel_view_date")
    }),
    ("KIN-002", Story::LookedAfter, |s| {
        let again = s.at("/connected_person/extensions/0")?.clone();
        s.list("/connected_person/extensions")?.push(again);
        Some(())
    }),
    ("KIN-003", Story::LookedAfter, |s| {
        let place = "~/child_looked_after_placements/0/emergency_outside_terms";
        s.late(&format!("{place}/terms_changed_date"), &format!("{place}/start_date"), 10)
    }),
    ("SBK-001", Story::ShortBreaks, |s| s.put("/short_breaks/0/intended_days", json!(21))),
    ("SBK-002", Story::ShortBreaks, |s| s.put("/short_break_series/0/planned_days_a_year", json!(90))),
    ("SBK-003", Story::ShortBreaks, |s| {
        let due = months(s.day("/short_break_series/0/start_date")?, 3);
        (due < s.dates.as_at).then_some(())?;
        s.list("/cla_visits")?
            .retain(|visit| visit.get("visit_date").and_then(Value::as_str) > Some(due.to_string().as_str()));
        Some(())
    }),
    ("SBK-004", Story::ShortBreaks, |s| {
        let first = s.day("/cla_visits/0/visit_date")?;
        (months(first, 6) < s.dates.as_at).then_some(())?;
        s.list("/cla_visits")?.truncate(1);
        Some(())
    }),
    ("SBK-005", Story::ShortBreaks, |s| {
        let due = months(s.day("/short_break_series/0/start_date")?, 3);
        let late = after(due, 12);
        s.at("/cla_reviews/0")?;
        s.dates.past(late).then_some(())?;
        s.list("/cla_reviews")?.truncate(1);
        s.put("/cla_reviews/0/review_date", written(late))
    }),
    ("SBK-005", Story::ShortBreaks, |s| {
        let first = s.day("/cla_reviews/0/review_date")?;
        (months(first, 6) < s.dates.as_at).then_some(())?;
        s.list("/cla_reviews")?.truncate(1);
        Some(())
    }),
];

/// Approves a connected person in full, with an extension or without, nine days after the temporary approval ran out.
fn approved_late(s: &mut Spoil<'_>, extended: bool) -> Option<()> {
    (s.at("/connected_person/extensions/0").is_some() == extended).then_some(())?;
    let limit = if extended { 168 } else { 112 };
    let late = after(s.day("/connected_person/approval_date")?, limit + 9);
    s.date("/connected_person/full_approval_date", late)
}

/// A place in the last placement.
fn home(rest: &str) -> String {
    format!("{HOME}/{rest}")
}

/// Whether the child is at home, and went there at once or as planned.
fn immediate(s: &mut Spoil<'_>, wanted: bool) -> Option<()> {
    s.at(&home("parent_placement"))?;
    (s.at(&home("immediate_placement_flag"))? == &json!(wanted)).then_some(())
}
