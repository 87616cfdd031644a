//! Looked-after reviews, the care plans they shape, and the reviewing officer's checks and challenges.
//!
//! `record.rs` calls these after the placements are written. The days of the reviews are settled in `life.rs`.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::homes;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// The reviews, each with its decisions, its record and the talk with the child.
pub(super) fn reviews(scene: &mut Scene<'_>) -> Vec<Value> {
    let days = scene.life.reviews.clone();
    let mut due = match scene.life.story {
        Story::ShortBreaks => months(scene.life.turn, 3),
        _ => scene.dates.working(scene.life.turn, 20),
    };
    let mut earlier: Vec<String> = Vec::new();
    let mut made = Vec::new();
    for (number, day) in days.into_iter().enumerate() {
        let next = days_after(scene.life.story, number, day);
        scene.look(day, "cla_review");
        let decisions = [scene.action(day, after(day, 40)), scene.action(day, after(day, 75))];
        let ids: Vec<String> =
            decisions.iter().filter_map(|made| made.get("action_id")?.as_str()).map(str::to_owned).collect();
        let mut review = review(scene, day, number);
        let decided = homes::decided_at_review(scene, day);
        let endorsed = (number == 1 && scene.life.story == Story::ForAdoption).then_some(true);
        let followed: Vec<Value> =
            earlier.iter().map(|id| json!({ "action_id": id, "done_flag": true })).collect();
        if number >= 2 && scene.dice.chance(80) {
            adjourn(scene, day, &mut review);
        }
        if let Some(members) = review.as_object_mut() {
            members.insert("due_date".into(), written(due));
            members.insert("decisions".into(), json!(decisions));
            members.insert("earlier_decisions".into(), Value::Array(followed));
            members.insert("adoption_plan_endorsed_flag".into(), json!(endorsed));
            members.extend(decided);
        }
        made.push(review);
        (earlier, due) = (ids, next);
    }
    made
}

/// Makes a review one that was opened some days before and adjourned.
fn adjourn(scene: &Scene<'_>, day: Day, review: &mut Value) {
    let opened = scene.dates.workday(after(day, -9));
    let adjournment = json!({ "adjourned_date": written(opened), "adjourned_to_date": written(day), "by": scene.team.person("iro"),
        "reason": "The school's report had not come, and the child wished to wait for it." });
    if let Some(members) = review.as_object_mut() {
        members.insert("adjournment".into(), adjournment);
    }
}

/// Requests for an earlier review: one that the reviewing officer asked for, in some longer stories.
pub(super) fn requests(scene: &mut Scene<'_>) -> Vec<Value> {
    let third = scene.life.reviews.get(2).copied().filter(|_| scene.dice.chance(250));
    let one = |day: Day| json!({ "request_date": written(scene.dates.workday(after(day, -16))), "requested_by": scene.team.person("iro"), "reason": "iro_request" });
    third.map(one).into_iter().collect()
}

/// When the review after this one is due.
fn days_after(story: Story, number: usize, day: Day) -> Day {
    months(day, if number == 0 && story != Story::ShortBreaks { 3 } else { 6 })
}

/// One review without its decisions.
fn review(scene: &mut Scene<'_>, day: Day, number: usize) -> Value {
    let young = scene.life.age(day) < 4;
    let later = |count: u32| scene.dates.done(scene.dates.working(day, count));
    let (issued, completed, sent) = (later(3), later(11), later(15));
    let checked = scene.dates.workday(months(day, if number == 0 { 1 } else { 2 }));
    let settled = scene.life.stays.last().is_some_and(|stay| stay.legal.starts_with('V'));
    json!({
        "review_id": scene.id("R"), "review_type": if scene.life.story == Story::ShortBreaks { "short_break" } else { "ordinary" },
        "review_date": written(day), "cancelled_flag": false, "meeting_held_flag": true,
        "participation": if young { "PN0" } else { scene.dice.pick(&["PN1", "PN1", "PN2", "PN6"]) },
        "child_views": scene.views(after(day, -1)), "chaired_by": scene.team.person("iro"),
        "decisions_issued_date": issued, "record_completed_date": completed, "record_distributed_date": sent,
        "child_spoken_to_alone_flag": !young, "staying_put_considered_flag": (scene.life.age(day) >= 16).then_some(true),
        "not_alone_reason": young.then_some("Too young to talk apart from the carer; the officer watched a play session."),
        "permanence_considered_flag": true,
        "permanence_follow_up_date": (number >= 2).then(|| written(day)),
        "permanence_follow_up": (number >= 2).then_some("Steps of the permanence plan checked one by one; all done on time."),
        "legal_status_considered_flag": true,
        "legal_status_conclusion": if settled { "Accommodation remains right for now." } else { "The order is still needed." },
        "delegated_authority_checked_flag": true, "identity_needs_met_flag": true,
        "social_worker_contact_date": written(after(day, -7)), "report_received_date": written(scene.dates.workday(after(day, -7))),
        "mid_point_check_date": scene.dates.done(checked),
    })
}

/// The reviewing officer's checks between reviews.
pub(super) fn iro_contacts(scene: &mut Scene<'_>) -> Vec<Value> {
    let days = scene.life.reviews.clone();
    days.into_iter()
        .enumerate()
        .map(|(number, day)| scene.dates.workday(months(day, if number == 0 { 1 } else { 2 })))
        .filter(|day| scene.dates.past(*day))
        .map(|day| {
            json!({ "contact_date": written(day), "type": "mid_point_check", "by": scene.team.person("iro"),
                "finding": "Decisions on course; no delay found." })
        })
        .collect()
}

/// The care plan made within ten working days, and its update after each review.
pub(super) fn care_plans(scene: &mut Scene<'_>) -> Vec<Value> {
    let start = scene.life.turn;
    let mut days = vec![(scene.dates.working(start, 5), None)];
    let reviews = scene.life.reviews.clone();
    days.extend(reviews.iter().map(|day| (scene.dates.working(*day, 6), Some(*day))));
    // The final plan, which the court had before it when it made the care order.
    let order = scene.life.stays.iter().find(|stay| stay.legal == "C2").map(|stay| stay.start);
    let filed = order.map(|day| scene.dates.workday(after(day, -12)).max(after(scene.life.turn, 10)));
    days.extend(filed.map(|day| (day, None)));
    days.sort_unstable();
    days.dedup_by_key(|(day, _)| *day);
    days.retain(|(day, _)| scene.dates.past(*day));
    let changed = scene.dice.chance(350);
    days.iter()
        .enumerate()
        .map(|(number, (day, review))| {
            let next = days.get(number + 1).map(|(next, _)| *next);
            let mut plan = care_plan(scene, *day, next);
            if let (true, Some(members)) = (order.is_some(), plan.as_object_mut()) {
                let is_final = Some(*day) == filed;
                members.insert("court_final_flag".into(), json!(is_final));
                members.insert("permanence_provisions".into(), if is_final { provisions() } else { Value::Null });
            }
            if let (Some(review), true, Some(members)) = (review, changed, plan.as_object_mut()) {
                members.insert("proposed_changes".into(), json!([{
                    "proposed_date": written(after(*review, -12)), "change": "Family time to move to the grandmother's home.",
                    "made_date": scene.dates.done(after(*review, 4)),
                }]));
            }
            plan
        })
        .collect()
}

/// What the court looks at in the final plan.
fn provisions() -> Value {
    json!({
        "upbringing": "With long-term foster carers until adulthood, with family time each month.",
        "harm_impact": "Startles at raised voices and hides food; both come from the months before care.",
        "needs": "Calm, sleep and a patient school now; help to understand the story later.",
        "needs_met": "The carers keep quiet evenings; therapy weekly; life story work from next year.",
    })
}

/// One care plan, with every section filled.
fn care_plan(scene: &mut Scene<'_>, day: Day, end: Option<Day>) -> Value {
    let named = scene.dates.working(scene.life.turn, 3);
    let young = scene.life.story == Story::Unaccompanied;
    json!({
        "care_plan_id": scene.id("CP"), "date": written(day), "start_date": written(day), "end_date": end.map(written),
        "updated_date": written(day), "authorised": scene.approval("team_manager", day),
        "sections": {
            "permanence": "Stay with these carers while the permanence plan is settled at the second review.",
            "health": "Registered with the surgery; optician and dentist each half year.",
            "education": "Stay at the same school; education plan each term with the virtual school.",
            "emotional": "Weekly life story session; carers use the same words for big feelings.",
            "identity": "Family photographs, festivals and food from both sides of the family.",
            "family": "Saturday family time and telephone calls on Wednesdays.",
            "social_presentation": "Chooses own clothes; help to speak up in groups.",
            "self_care": "Washes and dresses alone; learning to cook one meal a month.",
            "placement": "Matched for the short walk to school and experience of this age.",
        },
        "pep_id": (3..18).contains(&scene.life.age(day)).then_some("PEP01"), "health_plan_date": written(day),
        "wishes": scene.views(after(day, -1)), "iro": scene.team.person("iro"), "iro_named_date": scene.dates.done(named),
        "actions": [scene.action(day, after(day, 45))],
        "contingency": "If the placement ends early the aunt, already assessed, will offer a bed while plans are made.",
        "uasc_needs": young.then_some("Solicitor for the asylum claim, interpreter and links with the community group."),
        "permanence_plan": "LTFOST18",
    })
}

/// A challenge by the reviewing officer, answered and settled, in about a third of longer stories.
pub(super) fn escalations(scene: &mut Scene<'_>) -> Vec<Value> {
    let Some(day) = scene.life.reviews.get(1).copied() else {
        return Vec::new();
    };
    let (answered, settled) = (scene.dates.working(day, 6), scene.dates.working(day, 13));
    if !scene.dates.past(settled) || !scene.dice.chance(350) {
        return Vec::new();
    }
    let stage = |stage: &str, from: Day, to: Day, role: &str| {
        json!({ "stage": stage, "started_date": written(from), "to": scene.team.person(role), "response_date": written(to),
            "response": "The plan and the dates were gone through together.", "outcome": "Steps agreed in writing." })
    };
    let stages =
        [stage("informal", day, day, "social_worker"), stage("formal", day, answered, "team_manager")];
    vec![json!({
        "escalation_id": scene.id("E"), "raised_date": written(day), "stage": "formal", "concern_type": "decision_not_implemented",
        "concern": "A decision of the first review on family time was not carried out by its date.",
        "raised_by": scene.team.person("iro"), "response_date": written(answered),
        "response": "The centre had closed; a new place is booked from next week and the family has been told.",
        "stages": stages, "resolved_date": written(settled), "outcome": "Family time resumed; the officer is satisfied.",
        "on_child_file_date": written(day),
    })]
}
