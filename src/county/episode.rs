//! The episode of social care: referral, assessment, enquiry, plans, court, transfer and closure.
//!
//! `record.rs` calls this first among the parts, since most events of the chronology begin here.

use serde_json::Value;
use serde_json::json;

use super::adoption;
use super::court::court;
use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::leaver;
use super::life::Story;
use super::placements::placements;
use super::protection;
use super::scene::Scene;
use super::supervision::newly_qualified;
use crate::model::Day;

/// The episode, with the placements as `stays` when they are written elsewhere.
pub(super) fn episode(scene: &mut Scene<'_>, stays: Option<Vec<Value>>) -> Value {
    let referral = scene.life.referral;
    scene.happen(referral, "contact_referral", "concern");
    let refused = scene.life.story == Story::Referral;
    // Some families move away when the child comes home.
    let away = scene.life.story == Story::LeftCare && scene.dice.chance(250);
    let mut made = json!({
        "social_care_episode_id": scene.id("SC"), "referral_date": written(referral),
        "referral_source": scene.dice.pick(&["1A", "2A", "3A", "3B", "6", "5D"]),
        "primary_need_code": scene.dice.pick(&["N1", "N1", "N4", "N5"]),
        "referral_no_further_action_flag": refused && scene.life.closed.is_some(), "duty_contact_only_flag": false,
        "referral_decision": { "date": written(scene.dates.working(referral, 1).min(scene.dates.as_at)),
            "by": scene.team.person("team_manager"),
            "decision": if refused { "Advice and Information or signpost to other services" } else { "Assessment required" } },
        "closure_date": scene.life.closed.map(written), "closure_reason": scene.life.closed.map(|_| closure_reason(scene, away)),
        "care_worker_details": workers(scene),
        "child_and_family_assessments": assessments(scene), "care_leavers": leaver::returned(scene),
    });
    let (protected, in_need) = protection::plans(scene);
    let stays = stays.unwrap_or_else(|| placements(scene));
    let parts =
        [protected, in_need, court(scene), adoption::adoption(scene), moved(scene), closed(scene, away)];
    if let Some(members) = made.as_object_mut() {
        members.insert("child_looked_after_placements".to_owned(), Value::Array(stays));
        members.extend(parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten());
    }
    made
}

/// Why the case closed.
fn closure_reason(scene: &Scene<'_>, away: bool) -> &'static str {
    match scene.life.story {
        _ if scene.life.died.is_some() => "RC2",
        Story::Assessed if scene.life.sex == "F" => "RC9",
        Story::Assessed => "RC8",
        _ if away => "RC5",
        _ => "RC7",
    }
}

/// The workers who have held the case.
fn workers(scene: &Scene<'_>) -> Value {
    let role =
        if matches!(scene.life.story, Story::CareLeaver) { "personal_adviser" } else { "social_worker" };
    let (id, name) = scene.team.worker(role);
    json!([{ "worker_id": id, "name": name, "team": scene.team.name(), "role": role, "newly_qualified_flag": newly_qualified(scene),
        "start_date": written(scene.life.referral), "end_date": scene.life.closed.map(written) }])
}

/// The child and family assessments: the first within 45 working days of the referral, another after ten months of protection.
fn assessments(scene: &mut Scene<'_>) -> Value {
    if scene.life.story == Story::Referral {
        return json!([]);
    }
    let start = scene.dates.working(scene.life.referral, 1);
    let found = scene.life.story == Story::InNeed;
    let authorised = if found {
        scene.dates.workday(after(scene.life.turn, -8))
    } else {
        scene.dates.working(scene.life.referral, 30)
    };
    let mut made = vec![assessment(scene, start, authorised)];
    let again = scene.dates.workday(months(authorised, 10));
    if scene.life.story == Story::Protected && scene.life.closed.is_none() {
        let finished = scene.dates.working(again, 25);
        made.push(assessment(scene, again, finished));
    }
    json!(made)
}

/// One assessment, as far as it has come; null before it begins.
fn assessment(scene: &mut Scene<'_>, start: Day, authorised: Day) -> Value {
    if !scene.dates.past(start) {
        return Value::Null;
    }
    scene.look(authorised, "assessment");
    scene.happen(authorised, "assessment", "neutral");
    let seen = scene.dates.working(start, 3);
    let born = scene.life.born <= seen;
    let done = scene.dates.past(authorised);
    let alone = born && scene.life.age(seen) >= 4;
    let adults: Vec<Value> = [("Mother", "Lena"), ("Father", "Joss")]
        .into_iter()
        .map(|(relationship, first)| {
            let name = format!("{first} {}", scene.life.surname);
            json!({ "name": name, "relationship": relationship, "covered_flag": true })
        })
        .collect();
    let checkpoints: Vec<Value> = [8, 17]
        .into_iter()
        .map(|days| scene.dates.working(start, days))
        .filter(|day| scene.dates.past(*day))
        .map(|day| json!({ "date": written(day), "by": scene.team.person("team_manager") }))
        .collect();
    json!({
        "child_and_family_assessment_id": scene.id("AS"), "start_date": written(start), "authorisation_date": scene.dates.done(authorised),
        "authorised_by": done.then(|| scene.team.person("team_manager")), "child_seen_date": born.then(|| scene.dates.done(seen)),
        "child_seen_flag": born && scene.dates.past(seen), "child_seen_alone_flag": alone, "factors": ["3B", "4B"],
        "not_seen_alone_reason": (!alone).then_some("Too young to be apart from the carer; watched at play instead."),
        "analysis": done.then_some("Two adults who care and quarrel; the child copes by keeping quiet. Mornings are the hardest time."),
        "outcome": done.then_some(if scene.life.story == Story::Assessed { "No Further Action" } else { "Other" }), "child_in_need_flag": done.then_some(scene.life.story == Story::InNeed),
        "views": scene.views(seen), "diversity_considered_flag": true, "checkpoints": checkpoints,
        "adults": adults, "genogram_date": scene.dates.done(seen),
    })
}

/// A transfer between teams, in some longer stories.
fn moved(scene: &mut Scene<'_>) -> Value {
    let day = scene.dates.workday(after(scene.life.turn, 45));
    if scene.life.story == Story::Referral
        || after(day, 3) > scene.life.closed.unwrap_or(scene.dates.as_at)
        || !scene.dice.chance(350)
    {
        return json!({ "transfers": [] });
    }
    scene.look(day, "transfer");
    scene.happen(day, "case_transfer", "neutral");
    json!({ "transfers": [{ "date": written(day), "to_team": scene.team.name(), "joint_visit_date": written(after(day, -3)),
        "summary": "What has changed, what has not, who matters to the child and what is due next.",
        "summary_date": written(scene.dates.workday(after(day, -2))),
        "chronology_current_flag": true, "recordings_current_flag": true, "relationships_current_flag": true, "genogram_current_flag": true }] })
}

/// The closure, once the case is closed.
fn closed(scene: &mut Scene<'_>, away: bool) -> Value {
    let Some(day) = scene.life.closed else {
        return json!({});
    };
    scene.look(after(day, -1), "closure");
    scene.happen(day, "case_closure", "neutral");
    // What others go on with is not left with nobody.
    let handed_on = (scene.life.story == Story::LeftCare).then(|| {
        json!({ "action_id": scene.id("A"), "text": "Ask each month how mornings go.", "owner": "School nurse", "status": "open" })
    });
    json!({ "closure": { "decided_date": written(day), "authorised": scene.approval("team_manager", day),
        "summary": "Goals met; the family asks for no more and knows how to come back.", "child_and_family_told_date": written(day),
        "agencies_told_date": written(day), "agencies_told": ["education", "health"], "open_actions": Vec::from_iter(handed_on),
        "work_done": "Talks with both parents about mornings, and a plan for the weekend.", "outcome": "Calm mornings for three months.",
        "record_completed_date": written(day), "further_support_flag": true, "lead_professional": "School nurse",
        "views": { "text": "Glad that things are calm; knows whom to ring.", "how_gathered": "Closing talk at home", "date": written(day) },
        "new_area_referral_date": away.then(|| written(after(day, -5))),
        "new_area_acknowledged_date": away.then(|| written(after(day, -2))) } })
}
