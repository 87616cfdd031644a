//! Visits to a looked-after child: soon after each move, then about every six weeks.
//!
//! `record.rs` puts them in the record; `scene.rs` writes the single visit.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::homes;
use super::life::Stay;
use super::scene::Scene;
use crate::model::Day;

/// Days between two visits, a little under six weeks.
const GAP: i32 = 40;

/// The visits from the first days of each placement until the next, or until care ends.
pub(super) fn care_visits(scene: &mut Scene<'_>) -> Vec<Value> {
    let moves: Vec<Stay> = scene.life.stays.iter().filter(|stay| moved(stay)).cloned().collect();
    let until = scene.life.care_until(scene.dates);
    let mut visits = Vec::new();
    for (number, stay) in moves.iter().enumerate() {
        let last = moves.get(number + 1).map_or(until, |next| after(next.start, -1));
        if seen_weekly(scene, stay) {
            visits.extend(weekly_then_monthly(scene, stay.start, last));
        } else {
            visits.extend(scene.visits(after(stay.start, 5), GAP, last));
        }
    }
    follow_up(&mut visits);
    visits
}

/// Whether a child is seen each week at first: at home under an interim order, or with a connected person before any approval.
fn seen_weekly(scene: &Scene<'_>, stay: &Stay) -> bool {
    let interim = stay.with == "parent" && stay.legal == "C1";
    interim || stay.with == "connected_person" && homes::is_immediate(scene, stay)
}

/// Visits each week until the first review after the move, then each four weeks.
fn weekly_then_monthly(scene: &mut Scene<'_>, start: Day, last: Day) -> Vec<Value> {
    let reviewed = scene.life.reviews.iter().copied().find(|day| *day > start).unwrap_or(last);
    let mut day = scene.dates.workday(after(start, 5)).max(after(start, 1));
    let mut visits = Vec::new();
    while day <= last.min(scene.dates.as_at) && visits.len() < 60 {
        visits.push(scene.visit(day));
        day = scene.dates.workday(after(day, if day < reviewed { 7 } else { 26 }));
    }
    visits
}

/// Adds to visits to a child in care what they went into, and what follows from them.
pub(super) fn follow_up(visits: &mut [Value]) {
    for visit in visits.iter_mut().filter_map(Value::as_object_mut) {
        visit.insert("matters_considered".to_owned(), json!(["family_time", "risky_associates"]));
        visit.insert(
            "action".to_owned(),
            json!("Tell the reviewing officer what was seen; next visit booked."),
        );
    }
}

/// Whether the child came to other carers; a change of legal status alone is no move.
fn moved(stay: &Stay) -> bool {
    stay.reason != "L"
}
