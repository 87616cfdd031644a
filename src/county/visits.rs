//! Visits to a looked-after child: soon after each move, then about every six weeks.
//!
//! `record.rs` puts them in the record; `scene.rs` writes the single visit.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::life::Stay;
use super::scene::Scene;
use crate::model::Day;

/// Days between two visits, a little under six weeks.
const GAP: i32 = 40;

/// The visits from the first days of each placement until the next, or until care ends.
pub(super) fn care_visits(scene: &mut Scene<'_>) -> Vec<Value> {
    let moves: Vec<Day> = scene.life.stays.iter().filter(|stay| moved(stay)).map(|stay| stay.start).collect();
    let until = scene.life.care_until(scene.dates);
    let mut visits = Vec::new();
    for (number, start) in moves.iter().enumerate() {
        let last = moves.get(number + 1).map_or(until, |next| after(*next, -1));
        visits.extend(scene.visits(after(*start, 5), GAP, last));
    }
    for visit in visits.iter_mut().filter_map(Value::as_object_mut) {
        visit.insert(
            "action".to_owned(),
            json!("Tell the reviewing officer what was seen; next visit booked."),
        );
    }
    visits
}

/// Whether the child came to other carers; a change of legal status alone is no move.
fn moved(stay: &Stay) -> bool {
    stay.reason != "L"
}
