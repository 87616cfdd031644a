//! What keeps children safe beside their plans: missing episodes and what was asked afterwards, the risk of exploitation, concerns
//! about forced marriage, private fostering, and what managers decided.
//!
//! `record.rs` calls this before the chronology, which tells of the episodes and the concerns.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// Days by which everything that follows an event of this file has been done.
const SETTLED: i32 = 14;

/// The parts of the record that this file writes.
pub(super) fn parts(scene: &mut Scene<'_>) -> Value {
    let days = missing_days(scene);
    let assessed = exploitation(scene, days.last().copied());
    json!({
        "missing_episodes": missing_episodes(scene, &days), "exploitation_assessments": assessed,
        "forced_marriage_hba": forced_marriage(scene), "private_fostering": private_fostering(scene),
        "management_decisions": decisions(scene),
    })
}

/// The days on which an older child went missing: none for most, three within a month for a few.
fn missing_days(scene: &mut Scene<'_>) -> Vec<Day> {
    let story = scene.life.story;
    let may =
        matches!(story, Story::Protected | Story::LookedAfter | Story::LongTermFostered | Story::Eligible);
    let first = after(scene.life.turn, scene.dice.between(8, 60));
    if !may || scene.life.age(first) < 10 || !scene.dice.chance(350) {
        return Vec::new();
    }
    let often = scene.dice.chance(500);
    let days = if often { vec![0, 9, 20] } else { vec![0] };
    let settled = |day: &Day| scene.dates.past(after(*day, SETTLED));
    days.into_iter().map(|days| after(first, days)).take_while(settled).collect()
}

/// The episodes, each with an interview within 72 hours; the second time the child said no.
fn missing_episodes(scene: &mut Scene<'_>, days: &[Day]) -> Vec<Value> {
    let mut made = Vec::new();
    for (number, day) in days.iter().copied().enumerate() {
        scene.happen(day, "missing_episode", "concern");
        let (back, asked) = (after(day, 1), after(day, 3));
        let declined = number == 1;
        let third = number == 2;
        let interview = if declined {
            json!({ "offered_flag": true, "accepted_flag": false, "declined_reason": "Did not want to talk about it again.",
                "carer_view": "Was with an older friend by the station." })
        } else {
            json!({ "offered_flag": true, "accepted_flag": true, "date": written(asked), "held_at": scene.dates.stamp(asked, 900),
                "independent_flag": true })
        };
        made.push(json!({
            "missing_id": scene.id("MI"), "type": if declined { "away" } else { "missing" },
            "start_at": scene.dates.stamp(day, 1290), "start_date": written(day), "end_at": scene.dates.stamp(back, 150),
            "end_date": written(back), "return_interview": interview, "repeat_threshold_flag": third,
            "strategy_meeting_date": third.then(|| written(scene.dates.working(day, 3))),
        }));
    }
    made
}

/// The risk tool after the last episode, reviewed within six weeks.
fn exploitation(scene: &mut Scene<'_>, concern: Option<Day>) -> Vec<Value> {
    let Some(concern) = concern else {
        return Vec::new();
    };
    scene.happen(concern, "exploitation_concern", "concern");
    let done = scene.dates.working(concern, 3);
    let review = scene.dates.workday(after(done, 35));
    vec![json!({
        "trigger_date": written(concern), "date": written(done), "score": "medium", "learning_disability_flag": false,
        "in_plan_flag": true, "reviewed_date": scene.dates.done(review),
    })]
}

/// A concern about forced marriage, for a few older children.
fn forced_marriage(scene: &mut Scene<'_>) -> Vec<Value> {
    let may = matches!(scene.life.story, Story::InNeed | Story::Protected);
    let day = scene.dates.workday(after(scene.life.turn, scene.dice.between(4, 30)));
    let old_enough = scene.life.age(day) >= 12 && scene.dates.past(after(day, SETTLED));
    if !may || !old_enough || !scene.dice.chance(200) {
        return Vec::new();
    }
    scene.happen(day, "forced_marriage_hba", "concern");
    let next = scene.dates.working(day, 1);
    vec![json!({
        "concern_date": written(day), "seen_alone_date": written(day), "strategy_discussion_date": written(next),
        "safety_decision_date": written(next), "family_contacted_flag": false, "mediation_attempted_flag": false,
        "restricted_flag": true, "safe_contact_method": "Through the school nurse, with the word agreed.",
        "confirmed_date": written(scene.dates.working(day, 6)), "protection_order_considered_flag": true,
    })]
}

/// A private arrangement of some children in need: begun at the referral, proposed ahead, long known, or a short stay.
fn private_fostering(scene: &mut Scene<'_>) -> Vec<Value> {
    let young = scene.life.age(scene.dates.as_at) < 15;
    if scene.life.story != Story::InNeed || !young || !scene.dice.chance(200) {
        return Vec::new();
    }
    let referral = scene.life.referral;
    let known = if scene.dice.chance(300) { scene.dates.workday(after(referral, -420)) } else { referral };
    let known = if known < after(scene.life.born, 60) { referral } else { known };
    let proposed = scene.dice.chance(300);
    let short_stay = !proposed && scene.dice.chance(400);
    let end = short_stay.then(|| after(known, 30));
    let visits = scene.visits(scene.dates.working(known, 4), 38, end.unwrap_or(scene.dates.as_at));
    vec![json!({
        "notified_date": written(known), "notice_type": if proposed { "proposal" } else { "existing" },
        "notice_complete_flag": true, "disabled_flag": false, "aware_date": written(known),
        "arranged_date": (!proposed).then(|| written(known)), "short_notice_flag": !proposed,
        "arrangement_start_date": written(if proposed { after(known, 45) } else { known }),
        "intended_days": if short_stay { 21 } else { 400 }, "end_date": end.map(written),
        "status_reviewed_date": short_stay.then(|| written(after(known, 22))),
        "initial_enquiries": { "premises_visited_flag": true, "carer_spoken_to_flag": true, "household_spoken_to_flag": true,
            "child_spoken_to_flag": true, "parents_spoken_to_flag": false,
            "parents_not_reached_reason": "Both abroad; called twice and written to." },
        "visits": visits, "report_date": written(scene.dates.working(known, 6)),
        "decision_date": (!short_stay).then(|| written(scene.dates.working(known, 30))),
        "decision": (!short_stay).then_some("suitable"),
    })]
}

/// What a manager decided when the case was taken on, and when it closed.
fn decisions(scene: &mut Scene<'_>) -> Vec<Value> {
    let taken_on = scene.dates.working(scene.life.referral, 1);
    let told = [
        (
            Some(taken_on),
            "Take the case on.",
            "The referral tells of harm that goes on.",
            "Visit within five days.",
        ),
        (
            scene.life.closed,
            "Close the case.",
            "What was asked for is done.",
            "Write to the family and the school.",
        ),
    ];
    let mut made = Vec::new();
    for (day, decision, why, next) in told {
        let Some(day) = day.filter(|day| scene.dates.past(*day)) else { continue };
        made.push(json!({ "decision_id": scene.id("MD"), "date": written(day), "by": scene.team.person("team_manager"),
            "decision": decision, "rationale": why, "next_action": next }));
    }
    made
}
