//! Before and in court: legal planning, pre-proceedings, short orders made in haste, and care proceedings to their end.
//!
//! `episode.rs` puts these in the episode. Which stays are under an order is settled in `life.rs`.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::life::Stay;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// How many days after its first day proceedings end within the 26 weeks, which begin with that day.
const TWENTY_SIX_WEEKS: i32 = 26 * 7 - 1;

/// Legal planning and the court, for children under an order and some on protection plans.
pub(super) fn court(scene: &mut Scene<'_>) -> Value {
    let under = |legal: &str| scene.life.stays.iter().find(|stay| stay.legal == legal).map(|stay| stay.start);
    let (interim, order) = (under("C1"), under("C2").or_else(|| under("E1")));
    let hasty = interim.filter(|day| *day != scene.life.turn);
    let long = scene.life.story == Story::Protected
        && after(scene.life.turn, 100) < scene.dates.as_at
        && scene.dice.chance(400);
    let met = match (interim, hasty, long) {
        (_, Some(_), _) => scene.dates.workday(after(scene.life.turn, 1)).max(scene.life.turn),
        (Some(_), None, _) => scene.dates.workday(after(scene.life.turn, -9)),
        (None, _, true) => scene.dates.workday(after(scene.life.turn, 80)),
        _ => return json!({}),
    };
    scene.look(met, "legal_meeting");
    scene.happen(met, "court_hearing", "concern");
    let issue = interim.map(|_| hasty.map_or_else(|| after(met, 8), |day| after(day, -1)));
    json!({
        "legal_planning_meetings": [{ "date": written(met), "chaired_by": scene.team.person("service_manager"),
            "chronology_available_flag": true, "chronology_from_date": written(months(met, -24)), "chronology_pages": 4,
            "outcome": if interim.is_some() { "Issue proceedings" } else { "Begin pre-proceedings" } }],
        "pre_proceedings": before_court(scene, met, issue.filter(|_| hasty.is_none())),
        "emergency_orders": scene.life.stays.iter().filter_map(|stay| in_haste(scene, stay)).collect::<Vec<_>>(),
        "care_proceedings": issue.map(|issue| proceedings(scene, issue, order)),
    })
}

/// Care proceedings: to the final order, with each extension that the time until then or until now needed.
fn proceedings(scene: &Scene<'_>, issue: Day, order: Option<Day>) -> Value {
    // Some courts name the day of the first care plan.
    let due = scene.dates.working(issue.max(scene.life.turn), 14);
    let due = (scene.dates.past(due) && scene.dice.clone().chance(250)).then(|| written(due));
    let placed = scene.life.stays.iter().any(|stay| stay.legal == "E1");
    let mut end = after(issue, TWENTY_SIX_WEEKS);
    let mut extensions = Vec::new();
    while end < order.unwrap_or(scene.dates.as_at) && extensions.len() < 6 {
        let to = after(end, 56);
        extensions.push(json!({ "granted_date": written(scene.dates.workday(after(end, -10))), "earlier_end_date": written(end),
            "to": written(to), "reason": "The grandmother's assessment was not ready." }));
        end = to;
    }
    json!({
        "issue_date": written(issue), "chronology_filed_date": written(issue), "care_plan_due_date": due, "extensions": extensions,
        "final_order_date": order.map(written), "final_order": order.map(|_| if placed { "placement_order" } else { "care_order" }),
    })
}

/// Work with the family before court: the letter, the meetings every five weeks, and how it ended; null where there was none.
fn before_court(scene: &Scene<'_>, met: Day, issue: Option<Day>) -> Value {
    // Those who went to court had their letter before the legal planning meeting that decided on it, if the case is so old.
    let letter = scene.dates.workday(after(met, if issue.is_some() { -55 } else { 4 }));
    if scene.life.story != Story::Protected && (issue.is_none() || letter < after(scene.life.referral, 10)) {
        return Value::Null;
    }
    let first = scene.dates.workday(after(letter, 14));
    let end =
        issue.or_else(|| Some(scene.dates.workday(after(letter, 100))).filter(|day| scene.dates.past(*day)));
    let last = end.unwrap_or(scene.dates.as_at);
    let meetings: Vec<Value> = (1..12)
        .map(|number| scene.dates.workday(after(first, number * 33)))
        .take_while(|day| *day <= last)
        .map(|day| json!({ "date": written(day) }))
        .collect();
    json!({
        "start_date": written(after(letter, -2)), "letter_date": written(letter),
        "letter_concerns": "Quarrels at night, missed appointments and a child who is often alone.",
        "letter_meeting_date": written(first), "legal_help_advised_flag": true, "family_meeting_offered_flag": true,
        "initial_meeting_date": written(first), "review_meetings_count": meetings.len(), "meetings": meetings,
        "step_decision_date": end.map(written), "court_application_date": issue.map(written), "end_date": end.map(written),
        "outcome": end.map(|_| if issue.is_some() { "issue" } else { "step_down" }),
    })
}

/// The power or order under which a child was held before an interim care order, from the stay under it.
fn in_haste(scene: &Scene<'_>, stay: &Stay) -> Option<Value> {
    let (start, end) = (stay.start, stay.end?);
    let stamp = |day: Day, minute: i32| scene.dates.stamp(day, minute);
    let days = end.days_since(start);
    Some(match (stay.legal, days) {
        ("L1", _) => {
            json!({ "type": "police_protection", "start_at": stamp(start, 1200), "end_at": stamp(end, 900) })
        }
        ("L3", _) => {
            json!({ "type": "child_assessment_order", "start_at": stamp(start, 600), "end_at": stamp(end, 960) })
        }
        // The police applied, so that its eight days begin with the first of police protection.
        ("L2", ..=5) => {
            json!({ "type": "emergency_protection_order", "start_at": stamp(start, 905), "end_at": stamp(end, 720),
            "police_protection_date": written(scene.life.turn) })
        }
        ("L2", 9) => {
            json!({ "type": "emergency_protection_order", "start_at": stamp(start, 905), "end_at": stamp(end, 720),
            "ran_past_holiday_flag": true })
        }
        ("L2", 10..) => json!({ "type": "emergency_protection_order", "start_at": stamp(start, 905),
            "end_at": stamp(after(start, 8), 900), "extended_to_at": stamp(end, 720) }),
        ("L2", _) => {
            json!({ "type": "emergency_protection_order", "start_at": stamp(start, 905), "end_at": stamp(end, 720) })
        }
        _ => return None,
    })
}
