//! What keeps a file in order: case notes of several kinds, the summary, offers of an advocate, how the family was told of
//! the records, and until when the file is kept.
//!
//! `record.rs` puts these in the record. The first notes are those that the chronology rests on.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::spoken;
use super::dates::written;
use super::life::Story;
use super::scene::Scene;
use super::words;
use crate::model::Day;

/// Months from birth until the file of a child in care, of any other child, and from an order that of an adopted child may be destroyed.
const CARE_KEPT: i32 = 75 * 12;
const FILE_KEPT: i32 = 25 * 12;
const ADOPTION_KEPT: i32 = 100 * 12;

/// The parts of the record that this file writes.
pub(super) fn parts(scene: &mut Scene<'_>) -> Value {
    if scene.life.story == Story::Referral {
        return json!({ "family_told_of_records": {}, "retention": retention(scene), "advocacy_offers": [] });
    }
    json!({
        "case_notes": case_notes(scene), "case_summary": summary(scene), "advocacy_offers": advocacy(scene),
        "family_told_of_records": told(scene), "retention": retention(scene),
    })
}

/// The last day of the file, or the day it is.
fn until(scene: &Scene<'_>) -> Day {
    scene.life.closed.unwrap_or(scene.dates.as_at)
}

/// The notes that the chronology rests on, and a few of other kinds.
fn case_notes(scene: &mut Scene<'_>) -> Vec<Value> {
    let first = scene.events.iter().take(2).enumerate();
    let mut notes: Vec<Value> = first
        .map(|(number, (day, kind, _))| {
            let [text, ..] = words::event(kind);
            let text = format!("{} Written up on {}.", scene.say(text), spoken(*day));
            json!({ "case_note_id": format!("N{:03}", number + 1), "event_date": written(*day), "recorded_at": scene.dates.stamp(*day, 1020),
                "author": scene.team.person("social_worker"), "note_type": "contact", "text": text })
        })
        .collect();
    let later = |days: u32| scene.dates.working(scene.life.referral, days);
    let last = until(scene);
    let mut dice = scene.dice.clone();
    let mut add = |id: &str, day: Day, recorded: Day, note: Value| {
        let (true, Value::Object(members)) = (recorded <= last && dice.chance(550), note) else { return };
        let mut made = json!({ "case_note_id": id, "event_date": written(day), "recorded_at": scene.dates.stamp(recorded, 990),
            "author": scene.team.person("social_worker") });
        if let Some(made) = made.as_object_mut() {
            made.extend(members);
        }
        notes.push(made);
    };
    let known = later(9);
    add("N101", later(8), known, safeguarding(scene, known));
    add(
        "N102",
        later(12),
        later(17),
        json!({ "note_type": "management_oversight",
        "text": scene.say("Read the file and asked that the grandmother of {name} be seen before the next meeting."),
        "late_reason": "Written from the notebook after a week of training." }),
    );
    add("N103", later(15), later(16), taken_by_another(scene));
    add("N104", later(19), later(19), amended(scene, later(20)));
    notes
}

/// Something that worried the school, known at once or a day later, of which the manager was told.
fn safeguarding(scene: &Scene<'_>, known: Day) -> Value {
    let late = scene.life.surname.len().is_multiple_of(2);
    json!({
        "note_type": "safeguarding", "safeguarding_flag": true, "known_date": late.then(|| written(known)), "manager_alerted_at": scene.dates.stamp(known, 930),
        "text": scene.say("The school rang: a bruise on the knee of {name}, seen at sport. {name} said it came from the climbing frame."),
    })
}

/// A call that a colleague took, with what the writer makes of it kept apart.
fn taken_by_another(scene: &Scene<'_>) -> Value {
    json!({
        "note_type": "phone_call", "done_by": scene.team.person("personal_adviser"), "source": "Told by the colleague who took the call",
        "text": scene.say("The health visitor rang about the eye test of {name}. It seems that the letter went to the old address."),
        "analysis": "The address has to be put right with the surgery before the next letter goes out.",
    })
}

/// A meeting whose note was put right on another day.
fn amended(scene: &Scene<'_>, day: Day) -> Value {
    let changes = json!([{ "amended_at": scene.dates.stamp(day, 600), "by": scene.team.person("social_worker"),
        "old_text": "Met the aunt at the centre.", "reason": "The aunt asked to have her own words." }]);
    json!({
        "note_type": "meeting", "amendments": if scene.dates.past(day) { changes } else { Value::Null },
        "text": scene.say("Met the aunt of {name} at the family centre. In her words, a bed is there whenever it is needed."),
    })
}

/// The summary of an open case, of the last two months.
fn summary(scene: &mut Scene<'_>) -> Value {
    let day = scene.dates.workday(after(until(scene), -scene.dice.between(6, 60))).max(scene.life.referral);
    json!({ "date": written(day), "text": scene.told(&words::SUMMARIES) })
}

/// The offer of an advocate, before the first meeting that decides about the child.
fn advocacy(scene: &mut Scene<'_>) -> Vec<Value> {
    let (turn, dates) = (scene.life.turn, scene.dates);
    let day = match scene.life.story {
        Story::Assessed | Story::InNeed => return Vec::new(),
        Story::Protected => dates.workday(after(turn, -4)),
        _ => dates.working(turn, 6),
    };
    if scene.life.age(day) < 4 || !dates.past(day) {
        return Vec::new();
    }
    let occasion = if scene.life.story == Story::Protected { "Conference" } else { "First review" };
    vec![json!({ "date": written(day), "accepted_flag": scene.dice.chance(400), "occasion": occasion })]
}

/// How the family was told of the records kept about them; nothing yet while the day has not come.
fn told(scene: &mut Scene<'_>) -> Value {
    let day = scene.dates.working(scene.life.referral, 12);
    if day > until(scene) {
        return json!({});
    }
    let how = scene.told(&[
        "Leaflet gone through at home",
        "Shown their file at the office",
        "Explained on a visit, with a letter",
    ]);
    json!({ "date": written(day), "how": how })
}

/// Until when the file is kept.
fn retention(scene: &Scene<'_>) -> Value {
    let care = !scene.life.stays.is_empty() || scene.life.story == Story::ShortBreaks;
    let kept = months(scene.life.born, if care { CARE_KEPT } else { FILE_KEPT });
    let adopted = scene.life.left.filter(|_| scene.life.story == Story::ForAdoption);
    json!({
        "keep_until_date": written(after(kept, 1)),
        "adoption_keep_until_date": adopted.map(|day| written(after(months(day, ADOPTION_KEPT), 1))),
    })
}
