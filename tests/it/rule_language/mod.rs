//! The rule language, kind by kind, to the letter of its definition: each rule is compiled on the bench and asked of records.

#![allow(clippy::needless_pass_by_value, reason = "a record under test is written where it is handed over")]

use serde_json::Value;
use serde_json::json;

/// Tests of values, words, three-valued logic.
mod alike;
mod conditions;
/// Deadlines, and the duty that starts when one is missed.
mod deadline;
/// Duties that end with an event, days worked out of others, days added up.
mod ends;
/// Revisions, relaxed windows, parameters, overlays, stages, waivers.
mod in_force;
/// Kinds that ask something of each item, or of two places.
mod items;
/// Cadences, gaps, overlaps, orders, counts.
mod spans;

/// A record of a child with these placements in one episode, and nothing in the lists that the small catalog looks in.
pub(crate) fn looked_after(placements: Value) -> Value {
    json!({
        "la_child_id": "CHILD1",
        "child_details": { "date_of_birth": "2014-05-10" },
        "social_care_episodes": [{ "referral_date": "2026-01-05", "child_looked_after_placements": placements }],
        "personal_education_plans": [], "cla_reviews": [], "permanence_plans": [], "iro_escalations": [],
        "written_agreements": [], "chronology": { "entries": [] },
    })
}

/// The same with one more section.
pub(crate) fn with(mut record: Value, section: &str, value: Value) -> Value {
    record[section] = value;
    record
}

/// The same without a section: it was not sent.
pub(crate) fn without(mut record: Value, section: &str) -> Value {
    record.as_object_mut().unwrap().remove(section);
    record
}

/// Plans begun on these days.
pub(crate) fn plans(days: &[&str]) -> Value {
    days.iter()
        .enumerate()
        .map(|(at, day)| json!({ "pep_id": format!("P{at}"), "initiated_date": day }))
        .collect()
}

/// Reviews held on these days.
pub(crate) fn reviews(days: &[&str]) -> Value {
    days.iter().map(|day| json!({ "review_date": day })).collect()
}

/// Entries of the chronology on these days.
pub(crate) fn entries(days: &[&str]) -> Value {
    json!({ "entries": days.iter().enumerate()
        .map(|(at, day)| json!({ "entry_id": format!("E{at}"), "event_date": day })).collect::<Value>() })
}
