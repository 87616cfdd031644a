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
        "closure_date": scene.life.closed.map(written), "closure_reason": scene.life.closed.map(|_| if away { "RC5" } else { "RC7" }),
        "care_worker_details": workers(scene),
        "child_and_family_assessments": assessments(scene), "care_leavers": leaver::returned(scene),
    });
    let protected = if scene.life.story == Story::Protected { protection(scene) } else { json!({}) };
    let in_need =
        if matches!(scene.life.story, Story::InNeed | Story::ShortBreaks) { need(scene) } else { json!({}) };
    let stays = stays.unwrap_or_else(|| placements(scene));
    let parts =
        [protected, in_need, court(scene), adoption::adoption(scene), moved(scene), closed(scene, away)];
    if let Some(members) = made.as_object_mut() {
        members.insert("child_looked_after_placements".to_owned(), Value::Array(stays));
        members.extend(parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten());
    }
    made
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
    if scene.life.story == Story::Protected {
        let again = scene.dates.workday(months(authorised, 10));
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
    let done = scene.dates.past(authorised);
    let alone = scene.life.age(seen) >= 4;
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
        "authorised_by": done.then(|| scene.team.person("team_manager")), "child_seen_date": scene.dates.done(seen),
        "child_seen_flag": scene.dates.past(seen), "child_seen_alone_flag": alone, "factors": ["3B", "4B"],
        "not_seen_alone_reason": (!alone).then_some("Too young to be apart from the carer; watched at play instead."),
        "analysis": done.then_some("Two adults who care and quarrel; the child copes by keeping quiet. Mornings are the hardest time."),
        "outcome": done.then_some("Other"), "child_in_need_flag": done.then_some(scene.life.story == Story::InNeed),
        "views": scene.views(seen), "diversity_considered_flag": true, "checkpoints": checkpoints,
        "adults": adults, "genogram_date": scene.dates.done(seen),
    })
}

/// Strategy discussion, enquiry and protection plan.
fn protection(scene: &mut Scene<'_>) -> Value {
    let start = scene.life.turn;
    let strategy =
        (1..=12).rev().map(|days| after(start, -days)).find(|day| scene.dates.working(*day, 8) == start);
    let strategy =
        scene.dates.workday(strategy.unwrap_or_else(|| after(start, -12)).max(scene.life.referral));
    for (day, kind) in [
        (strategy, "strategy_discussion"),
        (strategy, "s47_enquiry"),
        (start, "cp_conference"),
        (start, "cp_plan_start"),
        (after(strategy, -2).max(scene.life.referral), "domestic_abuse"),
    ] {
        scene.happen(day, kind, "concern");
    }
    scene.look(start, "cp_conference");
    let id = scene.id("S47");
    let attended: Vec<Value> = [
        ("social_care", "team_manager"),
        ("police", "police_officer"),
        ("health", "school_nurse"),
        ("education", "teacher"),
    ]
    .into_iter()
    .map(|(agency, role)| json!({ "agency": agency, "role": role }))
    .collect();
    json!({
        "strategy_discussions": [{ "date": written(strategy), "agencies": ["social_care", "police", "health", "education"],
            "outcome": "joint_section_47", "reasons": "A mark on the arm and a clear account from the child.",
            "attendees": attended, "section_47_assessment_id": id,
            "trigger": "Telephone call from the school", "trigger_date": written(strategy), "recorded_at": scene.dates.stamp(strategy, 900),
            "actions": [scene.action(strategy, after(strategy, 3))] }],
        "section_47_assessments": [{ "section_47_assessment_id": id, "start_date": written(strategy),
            "strategy_discussion_date": written(strategy), "child_seen_date": written(strategy), "icpc_required_flag": true,
            "icpc_target_date": written(scene.dates.working(strategy, 15)), "icpc_date": written(start),
            "icpc_reports_shared_date": written(scene.dates.workday(after(start, -3))), "icpc_outcome_cp_flag": true, "end_date": written(start) }],
        "child_protection_plans": [protection_plan(scene, start)],
    })
}

/// The protection plan with its core groups, reviews and visits.
fn protection_plan(scene: &mut Scene<'_>, start: Day) -> Value {
    let today = scene.dates.as_at;
    let steps = |first: Day, gap: i32| -> Vec<Day> {
        (0..60)
            .map(|number| scene.dates.workday(after(first, number * gap)))
            .take_while(|day| *day <= today)
            .collect()
    };
    let groups: Vec<Value> = steps(scene.dates.working(start, 8), 28)
        .into_iter()
        .map(|day| json!({ "date": written(day) }))
        .collect();
    let mut review = scene.dates.workday(after(months(start, 3), -8));
    let mut reviews = Vec::new();
    let mut due = months(start, 3);
    while scene.dates.past(review) {
        scene.look(review, "cp_conference");
        reviews.push(json!({ "review_date": written(review), "due_date": written(due), "quorate_flag": true,
            "outcome_continue_flag": true, "participation": if scene.life.age(review) < 4 { "PN0" } else { "PN6" },
            "reports_shared_date": written(scene.dates.workday(after(review, -8))) }));
        due = months(review, 6);
        review = scene.dates.workday(after(due, -9));
    }
    let long = months(start, 14);
    let challenges = if scene.dates.past(long) {
        json!([{ "date": written(long), "by": scene.team.person("conference_chair"), "concern": "Fourteen months without lasting change.",
            "response": "Legal planning meeting called.", "outcome": "Steps agreed and dated." }])
    } else {
        json!([])
    };
    json!({
        "child_protection_plan_id": "CPP01", "start_date": written(start), "initial_category_of_abuse": "EMO",
        "latest_category_of_abuse": "EMO", "number_of_previous_plans": 0, "pre_birth_flag": false,
        "authorised": scene.approval("conference_chair", start), "concerns": "Quarrels and broken sleep in a home with violence.",
        "changes_needed": "No violence in the home and calm mornings for three months.",
        "actions": [scene.action(start, after(start, 40)), scene.action(start, after(start, 80))],
        "contingency": "If violence returns, a legal planning meeting is called within five days.", "views": scene.views(after(start, -2)),
        "core_groups": groups, "reviews": reviews, "chair_challenges": challenges, "senior_review_date": scene.dates.done(long), "visits": scene.visits(after(start, 4), 20, today),
    })
}

/// The child in need plan with its meetings and visits.
fn need(scene: &mut Scene<'_>) -> Value {
    let start = scene.life.turn;
    let id = scene.id("CIN");
    scene.happen(start, "cin_plan_start", "neutral");
    let mut day = scene.dates.workday(after(start, 28));
    let (mut reviews, mut last) = (Vec::new(), None);
    while scene.dates.past(day) {
        scene.look(day, "cin_meeting");
        reviews.push(json!({ "review_date": written(day) }));
        last = Some(day).filter(|day| after(*day, 10) > scene.dates.as_at);
        day = scene.dates.workday(after(day, 42));
    }
    // Just after a review the next one is not set yet.
    let next = last.unwrap_or(day);
    json!({ "child_in_need_plans": [{
        "child_in_need_plan_id": id, "start_date": written(start), "authorised": scene.approval("team_manager", start),
        "actions": [scene.action(start, after(start, 42)), scene.action(start, after(start, 70))],
        "contingency": "If mornings do not improve the plan goes back to the manager within a week.",
        "views": scene.views(start), "meetings": [{ "date": written(start) }], "reviews": reviews, "next_review_date": written(next),
        "senior_review_date": scene.dates.done(scene.dates.workday(months(start, 8))),
        "visits": scene.visits(after(start, 6), 26, scene.dates.as_at),
    }] })
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
