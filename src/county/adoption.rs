//! Adoption: the decision and who was told, the match, the move, the visits, the order, and the child's own story told.
//!
//! `episode.rs` puts it in the episode. The days of the order, the move and a return are those of the stays in `life.rs`.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// The adoption of a child for whom it is the plan, or was for a while.
pub(super) fn adoption(scene: &mut Scene<'_>) -> Value {
    match scene.life.story {
        Story::ForAdoption => {
            decided(scene).map_or_else(|| json!({}), |day| json!({ "adoption": planned(scene, day) }))
        }
        Story::LongTermFostered => given_up(scene),
        _ => json!({}),
    }
}

/// The day of the decision: soon after the second review, before the court's authority.
fn decided(scene: &Scene<'_>) -> Option<Day> {
    let review = scene.life.reviews.get(1)?;
    let day = scene.dates.working(*review, 9);
    scene.dates.past(day).then_some(day)
}

/// The decision with its reasons, and who was told.
fn decision(scene: &Scene<'_>, day: Day, panel: bool) -> Value {
    let recommended = scene.dates.workday(after(day, -10));
    json!({
        "panel_recommendation_date": panel.then(|| written(recommended)),
        "panel_minutes_received_date": panel.then(|| written(scene.dates.working(recommended, 3))),
        "initial_decision_date": written(day),
        "decision_reasons": "No relative can care for the child to adulthood, and the child is young enough to join a new family.",
        "parents_told_date": scene.dates.done(scene.dates.working(day, 1)),
        "written_notice_date": scene.dates.done(scene.dates.working(day, 3)),
    })
}

/// The whole way from the decision to the celebration, as far as it has come.
fn planned(scene: &mut Scene<'_>, day: Day) -> Value {
    let life = scene.life.clone();
    let ordered = life.stays.iter().find(|stay| stay.legal == "E1").map(|stay| stay.start);
    let placed = life.with_adopters().cloned();
    let baby = months(life.born, 6) > day;
    let matched = ordered.map(|order| {
        let soon = after(day, if baby { 75 } else { 130 });
        let latest = placed.as_ref().map_or(soon, |stay| after(stay.start, -14));
        scene.dates.workday(soon.min(latest).min(after(order, 110))).max(day)
    });
    let panel = scene.dice.chance(500);
    let mut made = decision(scene, day, panel);
    let returned = placed.as_ref().and_then(|stay| stay.end).filter(|_| life.fork);
    let reviewed = returned.and_then(|back| life.reviews.iter().copied().find(|day| *day > back));
    let celebrated = life.left.map(|left| scene.dates.workday(after(left, 24)));
    let Some(members) = made.as_object_mut() else { return made };
    let done = |day: Option<Day>| day.map_or(Value::Null, |day| scene.dates.done(day));
    members.insert("relinquished_under_six_months_flag".into(), json!(baby));
    members.insert("placement_order_date".into(), done(ordered));
    members.insert("matched_date".into(), done(matched));
    members.insert("order_date".into(), done(life.left));
    members.insert("order_type".into(), json!(life.left.map(|_| "Adoption")));
    members.insert("celebration_date".into(), done(celebrated));
    members.insert("returned_date".into(), done(returned));
    members.insert("decision_reversed_date".into(), done(reviewed));
    members.insert("decision_reversed_reason".into(), json!(reviewed.map(|_| "RD1")));
    if let Some(stay) = placed {
        members
            .insert("placement_plan_sent_date".into(), written(scene.dates.workday(after(stay.start, -9))));
        members.insert("placed_date".into(), written(stay.start));
        members.insert("visits".into(), json!(visits(scene, stay.start, stay.end)));
    }
    made
}

/// Visits to child and adopters: each week until the first review, then every third week.
fn visits(scene: &mut Scene<'_>, placed: Day, end: Option<Day>) -> Vec<Value> {
    let last = end.unwrap_or(scene.dates.as_at).min(scene.dates.as_at);
    let reviewed = scene.life.reviews.iter().copied().find(|day| *day > placed).unwrap_or(scene.dates.as_at);
    let mut day = scene.dates.workday(after(placed, 5)).max(after(placed, 1));
    let mut made = Vec::new();
    while day <= last && made.len() < 40 {
        made.push(scene.visit(day));
        // A step of six days from a working day never goes back on itself when it falls on a weekend or holiday.
        day = scene.dates.workday(after(day, if day < reviewed { 7 } else { 20 }));
    }
    made
}

/// Some foster children had adoption as their plan, and it was given up because no family was found.
fn given_up(scene: &Scene<'_>) -> Value {
    let Some(day) = decided(scene).filter(|_| scene.dice.clone().chance(250)) else { return json!({}) };
    let mut made = decision(scene, day, false);
    let reversed = scene.dates.workday(after(day, 150));
    if let Some(members) = made.as_object_mut().filter(|_| scene.dates.past(reversed)) {
        members.insert("decision_reversed_date".into(), written(reversed));
        members.insert("decision_reversed_reason".into(), json!("RD3"));
    }
    json!({ "adoption": made })
}

/// Life story work: begun with the first review, the book and the letter given soon after the celebration.
pub(super) fn life_story(scene: &Scene<'_>) -> Value {
    if !matches!(scene.life.story, Story::ForAdoption | Story::LongTermFostered) {
        return Value::Null;
    }
    let Some(begun) = scene.life.reviews.first().map(|day| scene.dates.working(*day, 10)) else {
        return Value::Null;
    };
    let celebrated = scene.life.left.map(|left| scene.dates.workday(after(left, 24)));
    let given = celebrated.map_or(Value::Null, |day| scene.dates.done(scene.dates.working(day, 6)));
    json!({ "started_date": scene.dates.done(begun), "book_given_date": given, "later_life_letter_date": given })
}
