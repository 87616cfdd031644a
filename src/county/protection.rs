//! Plans that protect a child, and plans for children in need: discussions, enquiries, conferences, meetings and visits.
//!
//! `episode.rs` puts them in the episode. When a protection plan ended, and whether it began before birth, is settled in `life.rs`.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// Whether a mother was unwell after the birth, so that the meeting came later: for boys.
fn unwell(scene: &Scene<'_>) -> bool {
    scene.life.sex == "M"
}

/// The plans of the child's story: those that protect, and those for a child in need.
pub(super) fn plans(scene: &mut Scene<'_>) -> (Value, Value) {
    let (start, today) = (scene.life.turn, scene.dates.as_at);
    match scene.life.story {
        Story::Protected => {
            let protected = protection(scene);
            let after = scene.life.in_need_after(scene.dates);
            (protected, after.map_or_else(|| json!({}), |(start, end)| need(scene, start, Some(end), end)))
        }
        Story::InNeed | Story::ShortBreaks => (json!({}), need(scene, start, None, today)),
        _ => (json!({}), json!({})),
    }
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
    if let Some(end) = scene.life.protected_until {
        scene.happen(end, "cp_plan_end", "positive");
    }
    let id = scene.id("S47");
    let seen = scene.life.born <= strategy;
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
            "strategy_discussion_date": written(strategy), "child_seen_date": seen.then(|| written(strategy)), "not_seen_reason": (!seen).then_some("Not yet born."), "icpc_required_flag": true,
            "icpc_target_date": written(scene.dates.working(strategy, 15)), "icpc_date": written(start),
            "icpc_reports_shared_date": written(scene.dates.workday(after(start, -3))), "icpc_outcome_cp_flag": true, "end_date": written(start) }],
        "child_protection_plans": [protection_plan(scene, start)],
    })
}

/// The protection plan with its core groups, reviews and visits.
fn protection_plan(scene: &mut Scene<'_>, start: Day) -> Value {
    let today = scene.life.protected_until.unwrap_or(scene.dates.as_at);
    let steps = |first: Day, gap: i32| -> Vec<Day> {
        (0..60)
            .map(|number| scene.dates.workday(after(first, number * gap)))
            .take_while(|day| *day <= today)
            .collect()
    };
    let mut met = steps(scene.dates.working(start, 8), 28);
    let born = scene.life.born;
    if start < born {
        // The meeting after the birth; none sooner where the mother was unwell.
        let ill = unwell(scene);
        met.retain(|day| !ill || *day < born || after(born, 11) < *day);
        met.extend(
            Some(scene.dates.workday(after(born, if ill { 16 } else { 7 }))).filter(|day| *day <= today),
        );
        met.sort_unstable();
        met.dedup();
    }
    let groups: Vec<Value> = met.into_iter().map(|day| json!({ "date": written(day) })).collect();
    let mut review = scene.dates.workday(after(months(start, 3), -8));
    let mut reviews = Vec::new();
    let mut due = months(start, 3);
    while review <= today {
        scene.look(review, "cp_conference");
        reviews.push(json!({ "review_date": written(review), "due_date": written(due), "quorate_flag": true,
            "outcome_continue_flag": scene.life.protected_until.is_none_or(|end| after(end, -100) > review), "participation": if scene.life.age(review) < 4 { "PN0" } else { "PN6" },
            "reports_shared_date": written(scene.dates.workday(after(review, -8))) }));
        due = months(review, 6);
        review = scene.dates.workday(after(due, -9));
    }
    let long = months(start, 14);
    let again = scene.dates.past(after(start, 35)) && scene.dice.chance(200);
    let challenge = |day: Day, concern: &str| {
        json!({ "date": written(day), "by": scene.team.person("conference_chair"), "concern": concern,
            "response": "Legal planning meeting called.", "outcome": "Steps agreed and dated." })
    };
    let mut challenges = Vec::new();
    if again {
        challenges
            .push(challenge(after(start, 30), "The second plan within three years, for the same quarrels."));
    }
    if long <= today {
        challenges.push(challenge(long, "Fourteen months without lasting change."));
    }
    let visits = visited(scene, start, today);
    let mut plan = json!({
        "child_protection_plan_id": "CPP01", "start_date": written(start), "end_date": scene.life.protected_until.map(written), "initial_category_of_abuse": "EMO",
        "latest_category_of_abuse": "EMO", "number_of_previous_plans": u8::from(again), "pre_birth_flag": start < born,
        "mother_unwell_after_birth_flag": (start < born).then(|| unwell(scene)),
        "authorised": scene.approval("conference_chair", start), "concerns": "Quarrels and broken sleep in a home with violence.",
        "changes_needed": "No violence in the home and calm mornings for three months.",
        "actions": [scene.action(start, after(start, 40)), scene.action(start, after(start, 80))],
        "contingency": "If violence returns, a legal planning meeting is called within five days.", "views": scene.views(after(start, -2)),
        "core_groups": groups, "reviews": reviews, "chair_challenges": challenges, "senior_review_date": (long <= today).then(|| written(long)),
    });
    if let (Some(members), Value::Object(visits)) = (plan.as_object_mut(), visits) {
        members.extend(visits);
    }
    plan
}

/// Visits that see the child every three weeks, and before the birth a manager's reason why there are none.
fn visited(scene: &mut Scene<'_>, start: Day, last: Day) -> Value {
    let born = scene.life.born;
    let first = after(start, 4).max(after(born, 3));
    let excepted: Vec<Value> = (0..8)
        .map(|number| scene.dates.workday(after(start, 4 + number * 14)))
        .take_while(|day| *day < born)
        .map(|day| json!({ "date": written(day), "reason": "The child is not yet born; the mother was seen.", "agreed_by": scene.team.person("team_manager") }))
        .collect();
    let mut visits = scene.visits(first, 20, last);
    for visit in visits.iter_mut().filter_map(Value::as_object_mut) {
        visit.insert("statutory_flag".to_owned(), json!(true));
    }
    json!({ "visits": visits, "visit_exceptions": if excepted.is_empty() { Value::Null } else { json!(excepted) } })
}

/// The child in need plan with its meetings and visits.
fn need(scene: &mut Scene<'_>, start: Day, end: Option<Day>, last_day: Day) -> Value {
    let id = scene.id("CIN");
    scene.happen(start, "cin_plan_start", "neutral");
    scene.look(start, "cin_meeting");
    if let Some(end) = end {
        scene.happen(end, "cin_plan_end", "positive");
    }
    let mut day = scene.dates.workday(after(start, 28));
    let (mut reviews, mut last) = (Vec::new(), None);
    while day <= last_day {
        scene.look(day, "cin_meeting");
        reviews.push(json!({ "review_date": written(day) }));
        last = Some(day).filter(|day| after(*day, 10) > scene.dates.as_at);
        day = scene.dates.workday(after(day, 42));
    }
    // Just after a review the next one is not set yet.
    let next = last.unwrap_or(day);
    let senior = scene.dates.workday(months(start, 8));
    json!({ "child_in_need_plans": [{
        "child_in_need_plan_id": id, "start_date": written(start), "authorised": scene.approval("team_manager", start),
        "actions": [scene.action(start, after(start, 42)), scene.action(start, after(start, 70))],
        "contingency": "If mornings do not improve the plan goes back to the manager within a week.",
        "views": scene.views(start), "meetings": [{ "date": written(start) }], "reviews": reviews, "end_date": end.map(written),
        "next_review_date": end.is_none().then(|| written(next)), "senior_review_date": (senior <= last_day).then(|| written(senior)),
        "visits": scene.visits(after(start, 6), 26, last_day),
    }] })
}
