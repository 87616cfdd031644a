//! Permanence: the plan agreed by the second review, its three tests, its meetings, and the head of service's tracker.
//!
//! `record.rs` calls these for children who are looked after.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::homes;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// The permanence plans, from the first planning meeting on.
pub(super) fn plans(scene: &mut Scene<'_>) -> Vec<Value> {
    let start = scene.life.turn;
    let met = scene.dates.working(start, 8);
    if !scene.dates.past(met) {
        return Vec::new();
    }
    let second = scene.life.reviews.get(1).copied();
    let agreed =
        second.map_or_else(|| scene.dates.working(start, 40), |day| scene.dates.workday(after(day, -8)));
    let agreed = scene.dates.workday(agreed.min(after(start, 110)));
    let third = scene.life.reviews.get(2).copied();
    let carried_out = third.map(|day| scene.dates.workday(after(day, -20)));
    if scene.dates.past(agreed) {
        scene.happen(agreed, "permanence_decision", "positive");
    }
    let meetings: Vec<Value> = [met, agreed]
        .into_iter()
        .filter(|day| scene.dates.past(*day))
        .map(|day| json!({ "date": written(day), "chaired_by": scene.team.person("service_manager") }))
        .collect();
    let plan_type = plan_type(scene.life.story, scene.life.fork);
    let mut plan = json!({
        "permanence_plan_id": scene.id("PM"), "planning_meetings": meetings, "plan_type": plan_type,
        "agreed_date": scene.dates.done(agreed), "status": if carried_out.is_some() { "carried_out" } else { "planned" },
        "carried_out_date": carried_out.map(written),
        "pathway_plan_id": serves(scene).then_some("PW01"),
    });
    if scene.dates.past(agreed) {
        fill(scene, agreed, carried_out, &mut plan);
    }
    vec![plan]
}

/// Whether the pathway plan serves as the permanence plan: for those who came into care at fifteen or over.
pub(super) fn serves(scene: &Scene<'_>) -> bool {
    scene.life.story.has_pathway() && scene.life.age(scene.life.turn) >= 15
}

/// The kind of plan that the story leads to.
fn plan_type(story: Story, forked: bool) -> &'static str {
    match story {
        Story::ForAdoption => "adoption",
        Story::Infant => "special_guardianship",
        Story::LeftCare if forked => "special_guardianship",
        Story::WithParents | Story::LeftCare => "return_home",
        _ => "long_term_fostering",
    }
}

/// The tests, the parallel plan, the actions and what was decided on discharge.
fn fill(scene: &mut Scene<'_>, agreed: Day, carried_out: Option<Day>, plan: &mut Value) {
    let test = |evidence: &str| json!({ "met_flag": true, "evidence": evidence });
    let due = carried_out.unwrap_or_else(|| after(agreed, 120));
    let actions = [scene.action(agreed, due), scene.action(agreed, due)];
    let discharge = homes::discharge(scene);
    let Some(members) = plan.as_object_mut() else { return };
    members.insert("tests".into(), json!({
        "emotionally_warm": test("Carer notices upset early, uses the child's own words and keeps every promise made."),
        "physically_safe": test("Home checked in spring; no visitors who worry the child; medicines locked away."),
        "legally_secure": test("The order settles who decides, and nobody has applied to change it."),
        "legally_correct": test("Counsel's advice of the planning meeting followed and recorded."),
    }));
    members.insert(
        "parallel_plan".into(),
        json!("If this plan fails by the third review, the aunt will apply for special guardianship."),
    );
    // Where all is done, some offices keep the plan without its steps.
    let kept = carried_out.is_none() || !scene.dice.clone().chance(120);
    members.insert("actions".into(), if kept { json!(actions) } else { json!([]) });
    members.insert("sibling_assessment_date".into(), scene.dates.done(after(agreed, -10)));
    members.insert("sibling_assessment_outcome".into(), json!("together"));
    if let Some(discharge) = discharge {
        members.insert("discharge".into(), discharge);
    }
}

/// The entry on the tracker of children who should have a permanence plan.
pub(super) fn tracker(scene: &Scene<'_>) -> Value {
    let entered = scene.dates.working(scene.life.turn, 4);
    if !scene.dates.past(entered) {
        return Value::Null;
    }
    let last = scene.life.reviews.last().copied().unwrap_or(entered).max(entered);
    json!({
        "entered_date": written(entered), "head_of_service": scene.team.person("head_of_service"),
        "last_reviewed_date": written(last),
    })
}
