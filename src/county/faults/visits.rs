//! Planned faults of statutory visits: none, too few, none of the child alone, nothing written of them.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each that one fault does not reach.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;
use crate::model::Day;

/// The last placement.
const STAY: &str = "~/child_looked_after_placements/-1";

/// The faults of each standard of statutory visits.
pub(super) const FAULTS: &[Fault] = &[
    ("VIS-001", Story::LookedAfter, |s| {
        let entry = s.entry()?;
        without(s, entry, after(entry, 30))
    }),
    ("VIS-002", Story::LookedAfter, |s| {
        let entry = s.entry()?;
        without(s, after(entry, 10), after(entry, 80))
    }),
    ("VIS-003", Story::LongTermFostered, |s| lapsed(s, 200)),
    ("VIS-004", Story::LongTermFostered, |s| {
        s.put(&format!("{STAY}/designated_long_term/child_agreed_fewer_visits_flag"), json!(true))?;
        lapsed(s, 150)
    }),
    ("VIS-004", Story::LongTermFostered, |s| {
        s.put(&format!("{STAY}/designated_long_term/child_agreed_fewer_visits_flag"), json!(true))?;
        let moved = s.day(&format!("{STAY}/start_date"))?;
        without(s, after(moved, 10), after(moved, 90))
    }),
    ("VIS-005", Story::LookedAfter, |s| lapsed(s, 250)),
    ("VIS-006", Story::WithParents, |s| s.put(&format!("{STAY}/immediate_placement_flag"), json!(true))),
    ("VIS-006", Story::WithParents, |s| {
        on_care_order(s)?;
        s.put(&format!("{STAY}/immediate_placement_flag"), json!(true))?;
        let moved = s.day(&format!("{STAY}/start_date"))?;
        without(s, after(moved, 60), after(moved, 300))
    }),
    ("VIS-007", Story::LookedAfter, |s| {
        let first = "~/child_looked_after_placements/0";
        let with = s.at(&format!("{first}/placed_with"))?.as_str()?.to_owned();
        (with == "connected_person").then_some(())?;
        (s.at(&format!("{first}/immediate_placement_flag"))? == &json!(false)).then_some(())?;
        add(s, "", "connected_person", json!({}))?;
        s.put(&format!("{first}/immediate_placement_flag"), json!(true))
    }),
    ("VIS-007", Story::WithParents, |s| {
        on_care_order(s)?;
        s.put(&format!("{STAY}/legal_status"), json!("C1"))
    }),
    ("VIS-008", Story::WithParents, |s| {
        on_care_order(s)?;
        s.put(&format!("{STAY}/immediate_placement_flag"), json!(false))?;
        let moved = s.day(&format!("{STAY}/start_date"))?;
        s.put(&format!("{STAY}/start_reason"), json!("B"))?;
        without(s, moved, after(moved, 20))
    }),
    ("VIS-009", Story::WithParents, |s| {
        let moved = s.day(&format!("{STAY}/start_date"))?;
        s.put(&format!("{STAY}/start_reason"), json!("B"))?;
        without(s, after(moved, 10), after(moved, 100))
    }),
    ("VIS-010", Story::LookedAfter, |s| s.cut("/cla_visits/0/action")),
    ("VIS-010", Story::LookedAfter, |s| s.cut("/cla_visits/-1/risks/0/direction")),
    ("VIS-011", Story::LookedAfter, |s| s.put("/cla_visits/-1/child_seen_alone_flag", json!(false))),
    ("VIS-012", Story::LongTermFostered, |s| {
        arranged(s)?;
        let moved = s.day(&format!("{STAY}/start_date"))?;
        without(s, moved, after(moved, 20))
    }),
    ("VIS-013", Story::LongTermFostered, |s| {
        arranged(s)?;
        let moved = s.day(&format!("{STAY}/start_date"))?;
        without(s, after(moved, 10), after(moved, 90))
    }),
    ("VIS-013", Story::LongTermFostered, |s| {
        arranged(s)?;
        lapsed(s, 200)
    }),
    ("VIS-014", Story::LookedAfter, |s| {
        let seen = s.day("/cla_visits/0/visit_date")?;
        let (first, second) = (after(seen, -2), after(s.dates.as_at, -20));
        let began = s.entry().filter(|entry| *entry <= first && after(seen, 40) < second)?;
        let notices = json!([{ "received_date": written(first.max(began)), "about": "Enforcement notice" },
            { "received_date": written(second), "about": "Closure notice" }]);
        add(s, STAY, "notices_received", notices)?;
        without(s, second, s.dates.as_at)
    }),
];

/// Takes out the visits between two days, both in, if the second has come.
fn without(s: &mut Spoil<'_>, from: Day, to: Day) -> Option<()> {
    s.dates.past(to).then_some(())?;
    let visits = s.list("/cla_visits")?;
    let before = visits.len();
    visits.retain(|visit| {
        let day = visit.get("visit_date").and_then(Value::as_str).and_then(Day::parse);
        day.is_none_or(|day| day < from || to < day)
    });
    (visits.len() < before).then_some(())
}

/// Ends the visits so many days after the last move, where that is more than a year ago.
fn lapsed(s: &mut Spoil<'_>, days: i32) -> Option<()> {
    let stays = s.list("~/child_looked_after_placements")?;
    let moved = stays.iter().rev().find(|stay| stay.get("start_reason") != Some(&json!("L")))?;
    let moved = Day::parse(moved.get("start_date")?.as_str()?)?;
    (months(moved, 12) < s.dates.as_at).then_some(())?;
    without(s, after(moved, days), s.dates.as_at)
}

/// Has another body arrange where the child lives.
fn arranged(s: &mut Spoil<'_>) -> Option<()> {
    add(s, STAY, "arranged_by_other_flag", json!(true))
}

/// Whether the last placement is under a full care order.
fn on_care_order(s: &mut Spoil<'_>) -> Option<()> {
    (s.at(&format!("{STAY}/legal_status"))? == &json!("C2")).then_some(())
}

/// Adds a property to an object.
fn add(s: &mut Spoil<'_>, place: &str, name: &str, value: Value) -> Option<()> {
    let object = if place.is_empty() { &mut *s.record } else { s.at(place)? };
    object.as_object_mut()?.insert(name.to_owned(), value);
    Some(())
}
