//! Audits of the record: graded on the scale of inspections, moderated, and followed by actions.
//!
//! `record.rs` calls this for children who are known for longer than a referral.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::scene::Scene;
use crate::model::Day;

/// One audit in nearly half of the records.
pub(super) fn audits(scene: &mut Scene<'_>) -> Vec<Value> {
    let day = scene.dates.workday(after(scene.dates.as_at, -scene.dice.between(3, 220)));
    if !scene.dice.chance(450) || day < after(scene.life.referral, 10) {
        return Vec::new();
    }
    let permanence = scene.life.story.in_care() && scene.dice.chance(400);
    let grade = scene.dice.pick(&[
        "good",
        "good",
        "requires_improvement",
        "requires_improvement",
        "inadequate",
        "outstanding",
    ]);
    let kind = if permanence {
        "permanence"
    } else {
        scene.dice.pick(&["case_file", "case_file", "dip_sample", "thematic"])
    };
    let evidenced = scene.dice.chance(700);
    let inadequate = grade == "inadequate";
    vec![json!({
        "audit_id": scene.id("AU"), "date": written(day), "type": kind, "auditor": scene.team.person("service_manager"),
        "grade": grade, "evidence": "The plan, twelve months of notes, two visits and a talk with the worker.",
        "strengths": "The child is known well and is quoted in each review.",
        "three_tests_checked_flag": permanence.then_some(true), "three_tests_evidenced_flag": permanence.then_some(evidenced),
        "manager_alerted_date": (permanence && !evidenced).then(|| written(day)),
        "manager_review_date": inadequate.then(|| scene.dates.done(scene.dates.working(day, 3))),
        "actions": actions(scene, day), "moderated": moderated(scene, day, grade),
    })]
}

/// Two things that the audit asked for, one of them without a date of its own.
fn actions(scene: &mut Scene<'_>, day: Day) -> Vec<Value> {
    let dated = scene.action(day, after(day, 25));
    let done = scene.dates.working(day, 9);
    let owner = scene.team.worker("social_worker").1;
    let open = json!({ "action_id": scene.id("A"), "text": "Bring the family tree up to date.", "owner": owner,
        "outcome": "Whoever reads the record sees who matters to the child.",
        "status": if scene.dates.past(done) { "completed" } else { "open" }, "completed_date": scene.dates.done(done) });
    vec![dated, open]
}

/// The second look, once it has come; in some the grade changed, and the reason is there.
fn moderated(scene: &mut Scene<'_>, day: Day, grade: &str) -> Value {
    let looked = scene.dates.working(day, 12);
    let changed = grade == "good" && scene.dice.chance(250);
    if !scene.dates.past(looked) {
        return Value::Null;
    }
    json!({ "grade": if changed { "requires_improvement" } else { grade }, "by": scene.team.person("head_of_service"),
        "date": written(looked), "reason": changed.then_some("No visit was written up in the last month of the period.") })
}
