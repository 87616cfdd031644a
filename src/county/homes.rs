//! Homes that ask for more than others: with a parent on an order, with a connected person, with a special guardian, on
//! short breaks.
//!
//! `placements.rs`, `permanence.rs`, `reviews.rs` and `record.rs` take from here what belongs in their parts.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::life::Stay;
use super::life::Story;
use super::scene::Scene;
use super::visits;
use crate::model::Day;

/// Whether a child went home or to a connected person at once, before anybody had assessed it: some of those who went late.
pub(super) fn is_immediate(scene: &Scene<'_>, stay: &Stay) -> bool {
    let late = stay.with == "parent" && !scene.life.fork;
    (late || stay.with == "connected_person") && scene.life.born.ymd().2.is_multiple_of(3)
}

/// Interview, assessment, decision and review of a placement with a parent.
pub(super) fn parent_placement(scene: &Scene<'_>, stay: &Stay) -> Value {
    let adults = json!([{ "name": format!("Lena {}", scene.life.surname), "covered_flag": true }]);
    let reason =
        "The court found that only shared responsibility keeps the child safe while treatment goes on.";
    if is_immediate(scene, stay) {
        let later = |days: u32| scene.dates.working(stay.start, days);
        return json!({
            "parent_interviewed_date": written(after(stay.start, -1)), "assessment_date": scene.dates.done(later(7)),
            "review_date": scene.dates.done(later(9)), "accommodation_covered_flag": true, "household_adults": adults,
            "decision": scene.approval("nominated_officer", later(12)),
        });
    }
    json!({
        "parent_interviewed_date": written(after(stay.start, -25)), "assessment_date": written(after(stay.start, -20)),
        "review_date": written(after(stay.start, -12)), "accommodation_covered_flag": true, "household_adults": adults,
        "decision": scene.approval("nominated_officer", after(stay.start, -8)),
        "exceptional_reason": scene.life.fork.then_some(reason),
    })
}

/// The day on which a child at home came home on the care order.
fn home_since(scene: &Scene<'_>) -> Option<Day> {
    scene.life.stays.iter().find(|stay| stay.with == "parent").map(|stay| stay.start)
}

/// The day on which it was first asked whether the order is still needed.
fn first_asked(scene: &Scene<'_>) -> Option<Day> {
    home_since(scene).map(|day| scene.dates.workday(after(day, 60))).filter(|day| scene.dates.past(*day))
}

/// What the permanence plan says of discharging the order of a child at home.
pub(super) fn discharge(scene: &Scene<'_>) -> Option<Value> {
    let day = first_asked(scene)?;
    if scene.life.fork {
        return Some(json!({
            "considered_date": written(day), "decision": "do_not_apply", "reason": "The treatment of the parent has only begun.",
        }));
    }
    Some(json!({
        "considered_date": written(day), "decision": "apply", "reason": "Safe care at home, and nothing that the order adds.",
        "application_date": scene.dates.done(after(day, 14)),
    }))
}

/// What a review decides about the order of a child at home.
pub(super) fn decided_at_review(scene: &Scene<'_>, day: Day) -> Map<String, Value> {
    let mut decided = Map::new();
    if home_since(scene).is_none_or(|home| day < home) {
        return decided;
    }
    let applies = !scene.life.fork && first_asked(scene).is_some_and(|asked| asked <= day);
    let (decision, reason) = if applies {
        ("apply", "Safe care at home, and nothing that the order adds.")
    } else {
        ("do_not_apply", "Home is still new, and the order holds the support together.")
    };
    decided.insert("discharge_decision".to_owned(), json!(decision));
    decided.insert("discharge_reason".to_owned(), json!(reason));
    decided
}

/// The temporary approval of a relative or friend, its extension in some cases, and the full approval.
pub(super) fn connected_person(scene: &Scene<'_>) -> Value {
    let Some(stay) = scene.life.stays.iter().find(|stay| stay.with == "connected_person") else {
        return Value::Null;
    };
    let mut dice = scene.dice.clone();
    let (approved, extended) = (stay.start, dice.chance(300));
    let full = scene
        .dates
        .workday(after(approved, if extended { dice.between(135, 160) } else { dice.between(85, 108) }));
    let asked = scene.dates.workday(after(approved, 98));
    let weighed = written(scene.dates.workday(after(asked, -6)));
    let extension = json!({
        "to": written(after(approved, 168)), "approved": scene.approval("nominated_officer", asked),
        "panel_view_date": weighed, "iro_told_date": weighed, "still_most_appropriate_flag": true,
    });
    let extensions = if extended && scene.dates.past(asked) { json!([extension]) } else { json!([]) };
    json!({
        "approval_date": written(approved), "full_approval_date": scene.dates.done(full), "extensions": extensions,
    })
}

/// The order, the support and the allowance of a child who left care to a special guardian.
pub(super) fn special_guardianship(scene: &Scene<'_>) -> Value {
    let Some(left) = scene.life.left.filter(|_| scene.life.story == Story::LeftCare && scene.life.fork)
    else {
        return Value::Null;
    };
    let reviewed = scene.dates.workday(after(left, 150));
    let review = json!({ "date": written(reviewed), "financial_flag": true, "annual_statement_date": written(after(reviewed, -12)) });
    json!({
        "order_date": written(left), "support_flag": true, "support_plan_date": written(scene.dates.workday(after(left, -10))),
        "allowance_start_date": written(left), "reviews": if scene.dates.past(reviewed) { json!([review]) } else { json!([]) },
    })
}

/// The series that short breaks make, with visits on days of the breaks.
pub(super) fn break_series(scene: &mut Scene<'_>, episode: &Value) -> Value {
    let started = |stay: &Value| stay.get("start_date").and_then(Value::as_str).and_then(Day::parse);
    let stays = episode.get("child_looked_after_placements").and_then(Value::as_array);
    let days: Vec<Day> = stays.into_iter().flatten().filter_map(started).map(|day| after(day, 1)).collect();
    let seen: Vec<Day> =
        days.iter().copied().skip(2).step_by(4).filter(|day| scene.dates.past(*day)).collect();
    let mut visits: Vec<Value> = seen.into_iter().map(|day| scene.visit(day)).collect();
    visits::follow_up(&mut visits);
    json!({
        "short_break_series": [{ "series_id": "SB01", "start_date": written(scene.life.turn), "planned_days_a_year": 36 }],
        "cla_visits": visits,
    })
}
