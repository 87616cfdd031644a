//! Written agreements: used exceptionally, approved first, understood and signed by all, kept short, watched and ended.
//!
//! `record.rs` calls this for some families of children in need, on protection plans or newly in care.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::scene::Scene;
use crate::model::Day;

/// The agreements made about the child, linked to the plan of this identifier; each ends when a meeting or an assessment of
/// these days takes over.
pub(super) fn agreements(scene: &mut Scene<'_>, plan_id: &str, overtaken: &[Day]) -> Vec<Value> {
    let start = scene.dates.workday(after(scene.life.referral, 18));
    if !scene.dates.past(start) || !scene.dice.chance(550) {
        return Vec::new();
    }
    let superseded = scene.dice.chance(300);
    let second = scene.dates.workday(after(start, 20));
    let end_of = |start: Day, most: Day| {
        overtaken.iter().copied().filter(|day| *day > start).min().map_or(most, |day| day.min(most))
    };
    let until = end_of(start, scene.dates.working(start, 24));
    let superseded = superseded && second < until && scene.dates.past(second);
    let first_end = if superseded { second } else { until };
    let mut made = vec![agreement(scene, "WA01", plan_id, start, first_end)];
    if superseded {
        if let Some(members) = made.first_mut().and_then(Value::as_object_mut) {
            members.insert("status".into(), json!("superseded"));
            members.insert("end_reason".into(), json!("superseded"));
            members.insert("superseded_by_id".into(), json!("WA02"));
            members.remove("absorbed_in_plan_id");
        }
        let end = end_of(second, scene.dates.working(second, 15));
        made.push(agreement(scene, "WA02", plan_id, second, end));
    }
    made
}

/// One agreement.
fn agreement(scene: &mut Scene<'_>, id: &str, plan_id: &str, start: Day, end: Day) -> Value {
    let abuse = scene.dice.chance(600);
    let ended = scene.dates.past(end);
    let mut made = json!({
        "written_agreement_id": id, "status": if ended { "ended" } else { "authorised" },
        "purpose": "Keep the home calm and safe while the assessment is finished.",
        "reason_exceptional": "The partner returned without warning and the next meeting was two weeks away.",
        "why_plan_not_enough": "The plan had no terms about visitors and could not be changed sooner.",
        "linked_plan_id": plan_id, "domestic_abuse_flag": abuse,
        "manager_approval": scene.approval("team_manager", scene.dates.workday(after(start, -1))),
        "start_date": written(start), "review_date": written(scene.dates.working(start, 14).min(end)), "end_date": scene.dates.done(end),
        "end_reason": ended.then_some("absorbed_in_plan"), "absorbed_in_plan_id": ended.then_some(plan_id),
        "family_involved_how": "Terms drafted at the kitchen table and read aloud twice.",
        "family_words": "We want mornings without shouting and somebody to ring.",
        "child_view": scene.say("{name} asked that nobody shouts after bedtime."),
        "contingency_plan": "If a term cannot be kept, the grandmother has the child that night and the duty team is rung.",
        "consequences_of_breach": "The manager will decide within a day whether to call a strategy discussion.",
        "parties": parties(scene, start, abuse), "terms": terms(scene, start, abuse),
        "authority_commitments": [{ "text": "Family support worker on two mornings a week", "owner": scene.team.worker("social_worker").1,
            "due_date": written(after(start, 7)) }],
    });
    let watched = [watch(scene, start), change_of_carer(scene, start)];
    if let Some(members) = made.as_object_mut() {
        members.extend(watched.into_iter().filter_map(|part| part.as_object().cloned()).flatten());
    }
    made
}

/// Mother, the other adult and the social worker, each with signature, understanding and consent.
fn parties(scene: &Scene<'_>, start: Day, abuse: bool) -> Value {
    let (worker, surname) = (scene.team.worker("social_worker").1, scene.life.surname);
    let party = |name: String, relationship: &str, role: &str, carer: bool| {
        json!({
            "name": name, "relationship": relationship, "role": role, "child_flag": false, "cares_for_child_flag": carer,
            "parental_responsibility_flag": relationship == "Mother", "victim_flag": abuse && relationship == "Mother",
            "alleged_perpetrator_flag": abuse && relationship == "Mother's partner",
            "safe_contact": "By text in school hours", "signed_date": written(start), "language": "English",
            "interpreter_used_flag": false, "literacy_need": "None found when asked",
            "learning_need": "None found when asked", "support_given": "Read aloud and explained",
            "understanding": { "checked_flag": true, "how": "Asked to explain each term back", "own_words": "If he turns up I ring you and go to nan's." },
            "capacity_considered_flag": true, "capacity_in_doubt_flag": false, "free_consent_flag": true,
            "legal_advice_date": written(after(start, -1)), "copy_given_date": written(start),
        })
    };
    json!([
        party(format!("Lena {surname}"), "Mother", "parent", true),
        party("Curtis Pikestone".to_owned(), "Mother's partner", "partner", true),
        party(worker, "Social worker", "social_worker", false),
    ])
}

/// What each has agreed to do.
fn terms(scene: &Scene<'_>, start: Day, abuse: bool) -> Value {
    let due = written(after(start, 21));
    let term = |text: &str, owner: String, checked: &str| {
        json!({ "text": text, "owner": owner, "due_date": due, "how_checked": checked, "measure": "Kept on every visit",
            "duty_to_control_another_flag": false })
    };
    let partner = if abuse {
        "Stays away from the home and attends the change programme"
    } else {
        "Sleeps at his sister's on school nights"
    };
    json!([
        term(
            "Takes the child to breakfast club each school day",
            format!("Lena {}", scene.life.surname),
            "School register each Friday"
        ),
        term(partner, "Curtis Pikestone".to_owned(), "Programme worker's weekly report"),
    ])
}

/// How the agreement was watched, with at times a breach and what the manager decided.
fn watch(scene: &mut Scene<'_>, start: Day) -> Value {
    let watched: Vec<Value> = [6, 13]
        .into_iter()
        .map(|days| scene.dates.working(start, days))
        .filter(|day| scene.dates.past(*day))
        .map(|day| json!({ "date": written(day), "by": scene.team.person("social_worker"), "finding": "Terms kept; register seen." }))
        .collect();
    let breach = scene.dates.working(start, 9);
    let decided = scene.dates.working(breach, 1);
    let breaches = if scene.dates.past(decided) && scene.dice.chance(400) {
        json!([{ "date": written(breach), "detail": "The partner was at the home on one evening.",
            "decision": "Warned in writing; visits doubled for two weeks.", "decision_date": written(decided),
            "decided_by": scene.team.person("team_manager") }])
    } else {
        json!([])
    };
    json!({ "monitoring": watched, "breaches": breaches })
}

/// Where the agreement amounts to a change of carer, the legal steps that were thought about.
fn change_of_carer(scene: &mut Scene<'_>, start: Day) -> Value {
    if !scene.dice.chance(350) {
        return json!({});
    }
    json!({ "legal_step": { "change_of_carer_flag": true, "section_20_considered_flag": true, "kinship_considered_flag": true,
        "legal_advice_date": written(after(start, -1)), "note": "Two nights at the grandmother's only; advice was that section 20 is not needed." } })
}
