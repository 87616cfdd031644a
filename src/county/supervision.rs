//! Supervision of the case: every four weeks, every two where the worker is newly qualified, each third time in a group.
//!
//! `record.rs` asks for it, and `episode.rs` whether the worker is newly qualified.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::life::Story;
use super::phrases;
use super::scene::Scene;
use crate::model::Day;

/// Whether the case is held by a worker in the first year of practice: one desk of those that hold children in need.
pub(super) fn newly_qualified(scene: &Scene<'_>) -> bool {
    scene.life.story == Story::InNeed && scene.team.worker("social_worker").0.ends_with('3')
}

/// The supervisions from the referral on; who met and what was to be done is kept of the last three months, when the chronology was looked at.
pub(super) fn supervisions(scene: &mut Scene<'_>) -> Vec<Value> {
    let until = scene.life.closed.unwrap_or(scene.dates.as_at);
    let step = if newly_qualified(scene) { 14 } else { 28 };
    let mut day = scene.dates.workday(after(scene.life.referral, step - 3));
    let mut made = Vec::new();
    while day <= until {
        let recent = day >= after(until, -90);
        made.push(supervision(scene, day, recent, made.len() % 3 == 2));
        if recent && scene.life.story != Story::Referral {
            scene.look(day, "supervision");
        }
        day = scene.dates.workday(after(day, step));
    }
    made
}

/// One supervision.
fn supervision(scene: &mut Scene<'_>, day: Day, recent: bool, group: bool) -> Value {
    let id = scene.id("SV");
    let actions = if recent { vec![scene.action(day, after(day, 20))] } else { Vec::new() };
    json!({
        "supervision_id": id, "date": written(day), "recorded_date": written(scene.dates.working(day, 1).min(scene.dates.as_at)),
        "by": recent.then(|| scene.team.person("team_manager")), "worker": recent.then(|| scene.team.person("social_worker")),
        "type": if group { "group" } else { "individual" }, "group_supervision_id": group.then(|| format!("G-{day}")),
        "outcome": group.then_some("Ask the school what the child enjoys, and build on it."),
        "discussion": scene.compose(&phrases::DISCUSSION),
        "reflective_flag": true, "child_experience_flag": true, "plan_progress_flag": true, "risk_flag": true,
        "chronology_checked_flag": true, "actions": actions,
    })
}
