//! Placements: each stay of the child's life as the record lists it, with its plan, notices and approvals.
//!
//! `episode.rs` puts them in the episode. The chain itself is settled in `life.rs`.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::homes;
use super::life::Stay;
use super::life::Story;
use super::people::postcode;
use super::scene::Scene;
use crate::model::Day;

/// The child's placements in order.
pub(super) fn placements(scene: &mut Scene<'_>) -> Vec<Value> {
    let stays = scene.life.stays.clone();
    let mut postcode_now = postcode(&mut scene.dice);
    let mut written_stays = Vec::new();
    for (number, stay) in stays.iter().enumerate() {
        if stay.reason != "L" && number > 0 {
            postcode_now = postcode(&mut scene.dice);
        }
        tell(scene, stay);
        written_stays.push(placement(scene, stay, &postcode_now));
    }
    written_stays
}

/// Tells the chronology how the stay began and ended.
fn tell(scene: &mut Scene<'_>, stay: &Stay) {
    match stay.reason {
        "S" => {
            scene.happen(stay.start, "becomes_looked_after", "concern");
            let looked = scene.dates.working(stay.start, 6);
            scene.look(looked, "routine");
        }
        "L" => scene.happen(stay.start, "legal_order", "neutral"),
        _ => scene.happen(stay.start, "placement_change", "neutral"),
    }
    if let (Some(end), Some("E4A" | "E5" | "E11" | "E45")) = (stay.end, stay.end_reason) {
        scene.happen(end, "placement_end", "neutral");
    }
}

/// One placement under one legal status.
fn placement(scene: &mut Scene<'_>, stay: &Stay, postcode: &str) -> Value {
    let planned = after(stay.start, -3);
    let moved = stay.reason != "L";
    let notified = scene.dates.working(stay.start, 2);
    let notices: Vec<Value> = ["Parent", "School", "General practitioner", "Health visitor or school nurse"]
        .iter()
        .map(|recipient| json!({ "recipient": recipient, "date": scene.dates.done(notified) }))
        .collect();
    // Some offices send one notice to all and keep its date only.
    let each = moved && !scene.dice.chance(120);
    let ended = stay.end.filter(|_| stay.end_reason != Some("X1"));
    let mut made = json!({
        "child_looked_after_placement_id": scene.id("P"), "start_date": written(stay.start), "start_reason": stay.reason,
        "legal_status": stay.legal, "category_of_need": if scene.life.story == Story::Unaccompanied { "N8" } else { "N1" },
        "placement_type": stay.kind, "arranged_by_other_flag": (stay.kind == "U4" && scene.life.born.ymd().2 % 8 == 1).then_some(true),
        "placement_provider": provider(stay), "postcode": postcode, "placed_with": stay.with,
        "urn": (stay.with == "residential").then_some("SC99001"),
        "end_date": stay.end.map(written), "end_reason": stay.end_reason,
        "change_reason": stay.end.filter(|_| stay.end_reason == Some("X1")).map(|_| "CARPL"),
        "planned_entry_flag": scene.life.planned && stay.start == scene.life.turn, "immediate_placement_flag": homes::is_immediate(scene, stay), "short_break_flag": false,
        "long_term_flag": stay.kind == "U4", "approval": scene.approval("nominated_officer", planned.max(scene.life.referral)),
        "placement_plan": if moved { placement_plan(scene, stay) } else { Value::Null },
        "notification_date": moved.then(|| scene.dates.done(notified)), "notifications": if each { json!(notices) } else { Value::Null },
        "ceased_looked_after_approval": ended.map(|end| scene.approval("director", after(end, -7))),
    });
    extras(scene, stay, &mut made);
    made
}

/// Who provides the placement.
fn provider(stay: &Stay) -> &'static str {
    match stay.with {
        "parent" => "PR0",
        "residential" | "semi_independent" => "PR4",
        _ => "PR1",
    }
}

/// The placement plan: agreed and signed within five working days, with what the carer may decide.
fn placement_plan(scene: &mut Scene<'_>, stay: &Stay) -> Value {
    let day = scene.dates.working(stay.start, 1 + u32::from(scene.dice.chance(400)));
    // A parent has the plan before the child moves in, unless the child moves in at once.
    let before = stay.with == "parent" && !homes::is_immediate(scene, stay);
    let day = if before { scene.dates.workday(after(stay.start, -4)) } else { day };
    if !scene.dates.past(day) {
        return Value::Null;
    }
    let holder = if stay.with == "residential" { "appropriate_person" } else { "foster_carer" };
    let areas = ["medical_dental", "education", "leisure_home_life", "faith", "social_media", "other"];
    let delegated: Vec<Value> = areas
        .iter()
        .map(|area| json!({ "area": area, "decided_by": if *area == "medical_dental" { "authority" } else { holder } }))
        .collect();
    let carer = json!({ "id": "C2041", "name": "Robin Thistlebank", "role": "foster_carer" });
    json!({
        "date": written(day), "agreed_date": written(day), "signed": [scene.team.person("social_worker"), carer],
        "signed_date": written(day), "views": scene.views(day), "iro_informed_date": scene.dates.done(scene.dates.working(day, 1)),
        "delegated_authority": delegated,
    })
}

/// What only some placements have: long-term terms, placement with parents, notice of an ending, a key stage 4 move.
fn extras(scene: &mut Scene<'_>, stay: &Stay, made: &mut Value) {
    let mut add = |name: &str, value: Value| {
        if let Some(members) = made.as_object_mut() {
            members.insert(name.to_owned(), value);
        }
    };
    let after_start = |days: u32| scene.dates.done(scene.dates.working(stay.start, days));
    if stay.kind == "U4" {
        add(
            "designated_long_term",
            json!({
                "agreed_by_carer_flag": true, "confirmed_date": after_start(2), "confirmed_to": ["carer", "parent", "child"],
                "iro_consulted_date": written(after(stay.start, -10)), "child_agreed_fewer_visits_flag": scene.life.born.ymd().2.is_multiple_of(3),
            }),
        );
    }
    if stay.with == "parent" {
        add("parent_placement", homes::parent_placement(scene, stay));
    }
    if stay.kind == "U6" && stay.reason == "S" && scene.dice.clone().chance(80) {
        add(
            "emergency_outside_terms",
            json!({ "start_date": written(stay.start), "terms_changed_date": after_start(4) }),
        );
    }
    if let Some(end) = stay.end {
        let given = scene.dates.working(end, 3);
        if scene.dice.chance(500) {
            add(
                "ending_notice",
                json!({ "given_date": written(after(end, -15)), "given_to": ["Parent", "Child", "Reviewing officer"] }),
            );
        } else {
            add(
                "ending_notice",
                json!({ "given_date": scene.dates.done(given), "given_to": ["Parent", "Child", "Reviewing officer"] }),
            );
        }
    }
    if stay.reason == "P" && in_key_stage_four(scene.life.born, stay.start) {
        let asked = written(after(stay.start, -14));
        add(
            "key_stage_4_change",
            json!({
                "approval": scene.approval("nominated_officer", after(stay.start, -9)),
                "designated_teacher_consulted_date": asked, "iro_consulted_date": asked,
            }),
        );
    }
}

/// Whether a child born on this day is in year 10 or 11 on that day: aged 14 or 15 on the first of September before.
pub(super) fn in_key_stage_four(born: Day, day: Day) -> bool {
    let (year, month, _) = day.ymd();
    let september = Day::from_ymd(if month >= 9 { year } else { year - 1 }, 8, 31).unwrap_or(day);
    (14..=15).contains(&september.age_since(born))
}

/// The terms of family time, with at times one emergency departure from them.
pub(super) fn family_time(scene: &mut Scene<'_>) -> Value {
    let Some(agreed) = scene.life.stays.first().map(|stay| scene.dates.working(stay.start, 4)) else {
        return json!({ "departures": [] });
    };
    if !scene.dates.past(agreed) || scene.life.left.is_some() {
        return json!({ "departures": [] });
    }
    let departed = scene.dates.workday(after(agreed, 40));
    let told = scene.dates.working(departed, 3);
    let departures = if scene.dates.past(told) && scene.dice.chance(400) {
        json!([{
            "departure_date": written(departed), "reason": "Illness in the household the night before the visit.",
            "written_notice_date": written(told), "notified": ["Parent", "Child", "Grandparent"],
        }])
    } else {
        json!([])
    };
    json!({ "agreed_date": written(agreed), "terms": "Two hours each Saturday at the family centre.", "departures": departures })
}

/// A series of short breaks, as placements and as breaks.
pub(super) fn short_breaks(scene: &mut Scene<'_>) -> (Vec<Value>, Vec<Value>) {
    let (mut stays, mut breaks) = (Vec::new(), Vec::new());
    let postcode = postcode(&mut scene.dice);
    let mut start = scene.life.turn;
    while scene.dates.past(after(start, 2)) && stays.len() < 11 {
        let end = after(start, 2);
        stays.push(json!({
            "child_looked_after_placement_id": scene.id("P"), "start_date": written(start), "start_reason": "S",
            "legal_status": "V4", "category_of_need": "N2", "placement_type": "U6", "placement_provider": "PR1",
            "postcode": postcode, "placed_with": "foster_carer", "planned_entry_flag": true, "short_break_flag": true,
            "end_date": written(end), "end_reason": "E4A",
            "ending_notice": { "given_date": written(start), "given_to": ["Parent", "Child"] },
        }));
        scene.happen(start, "placement_start", "neutral");
        scene.happen(end, "return_home", "neutral");
        breaks.push(json!({ "start_date": written(start), "end_date": written(end), "intended_days": 2, "series_id": "SB01" }));
        start = scene.dates.workday(months(start, 1));
    }
    (stays, breaks)
}
