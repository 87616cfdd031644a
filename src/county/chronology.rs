//! The chronology: what the other parts said happened, in order, with the quiet months filled and the whole made sense of.
//!
//! `record.rs` calls this last. No more than three months pass without an entry or a note that nothing happened.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::spoken;
use super::dates::written;
use super::life::Story;
use super::phrases;
use super::scene::Scene;
use super::words;
use crate::model::Day;

/// Most days without an entry: a little under three months, and under six weeks while a protection plan may run.
const QUIET_DAYS: i32 = 84;
const QUIET_DAYS_PROTECTED: i32 = 40;

/// The chronology, from the opening of the case.
pub(super) fn chronology(scene: &mut Scene<'_>) -> Value {
    let opened = scene.dates.working(scene.life.referral, 3);
    if scene.life.story == Story::Referral || !scene.dates.past(opened) {
        return json!({ "entries": [], "shared_with": [] });
    }
    let until = scene.life.closed.unwrap_or(scene.dates.as_at);
    add_good_news(scene, until);
    scene.events.sort_by_key(|(day, ..)| *day);
    let quiet = quiet_days(scene, until);
    let events = scene.events.clone();
    let entries: Vec<Value> =
        events.iter().enumerate().map(|(number, event)| entry(scene, number, *event)).collect();
    routine_reviews(scene, opened, until);
    let looked_at = scene.looked_at.clone();
    let reviews: Vec<Value> = looked_at
        .iter()
        .map(|(day, trigger)| json!({ "review_date": written(*day), "trigger": trigger }))
        .collect();
    let (last, trigger) = looked_at.last().copied().unwrap_or((opened, "routine"));
    let nil: Vec<Value> = quiet
        .into_iter()
        .map(|day| json!({ "date": written(day), "by": scene.team.person("social_worker"), "note": "Looked at: nothing of significance since the last entry." }))
        .collect();
    let shared = if scene.dice.chance(400) {
        json!([{ "agency": "Cafcass", "date": written(last), "risk_check": "Names of the neighbour and the caller taken out first." }])
    } else {
        json!([])
    };
    let earlier = earlier_analyses(scene, &looked_at);
    json!({
        "opened_date": written(opened), "last_reviewed_date": written(last), "last_reviewed_by": scene.team.person("social_worker"),
        "review_trigger": trigger, "reviews": reviews, "nil_reviews": nil,
        "overall_analysis": { "text": scene.told(&words::ANALYSES), "date": written(last), "author": scene.team.person("social_worker") },
        "earlier_analyses": earlier, "shared_with": shared, "entries": entries,
    })
}

/// What was made of the chronology at its routine reviews before the last, for a third of the children; null for the others.
fn earlier_analyses(scene: &mut Scene<'_>, looked_at: &[(Day, &'static str)]) -> Option<Vec<Value>> {
    let last = looked_at.last()?.0;
    if !scene.dice.chance(330) {
        return None;
    }
    let routine = looked_at.iter().filter(|(day, trigger)| *trigger == "routine" && *day < last);
    let one = |(number, (day, _)): (usize, &(Day, &'static str))| {
        let text = words::ANALYSES.get(number % words::ANALYSES.len()).copied().unwrap_or_default();
        json!({ "text": text, "date": written(*day), "author": scene.team.person("social_worker") })
    };
    Some(routine.enumerate().map(one).collect())
}

/// Adds what went well and one health event, so that strengths are on the record too.
fn add_good_news(scene: &mut Scene<'_>, until: Day) {
    let mut day = scene.dates.workday(after(scene.life.referral, 55));
    let mut number = 0;
    while day <= until {
        let kinds = [
            ("achievement_positive", "positive"),
            ("health_event", "protective"),
            ("family_time_change", "positive"),
        ];
        if let Some((kind, significance)) = kinds.get(number % kinds.len()) {
            scene.happen(day, kind, significance);
        }
        number += 1;
        day = scene.dates.workday(after(day, 150));
    }
}

/// Days for notes that nothing happened, so that no gap between entries is long.
fn quiet_days(scene: &Scene<'_>, until: Day) -> Vec<Day> {
    let ends = scene.events.iter().map(|(day, ..)| *day).chain([until]);
    let mut last = scene.events.first().map_or(until, |(day, ..)| *day);
    let mut quiet = Vec::new();
    let most = if scene.life.story == Story::Protected { QUIET_DAYS_PROTECTED } else { QUIET_DAYS };
    for end in ends {
        while end.days_since(last) > most {
            last = scene.dates.workday(after(last, most - 3));
            quiet.push(last);
        }
        last = end.max(last);
    }
    quiet
}

/// One entry, written within three working days of the event.
fn entry(
    scene: &mut Scene<'_>,
    number: usize,
    (day, kind, significance): (Day, &'static str, &'static str),
) -> Value {
    let [description, impact, outcome, agency] = words::event(kind);
    let recorded =
        scene.dates.working(day, u32::try_from(scene.dice.between(0, 3)).unwrap_or(0)).min(scene.dates.as_at);
    let note = format!("N{:03}", number + 1);
    let detailed = number < 2;
    let heard = scene.compose(&phrases::HEARD);
    let told = format!("{} {heard} on {}.", scene.say(description), spoken(recorded));
    let precision = if kind == "domestic_abuse" { "estimated" } else { "day" };
    let same_day = scene.events.iter().filter(|(other, ..)| *other == day).count() > 1;
    json!({
        "entry_id": format!("CH{:03}", number + 1), "event_date": written(day), "date_precision": precision, "sequence": same_day.then_some(number + 1),
        "recorded_at": scene.dates.stamp(recorded, 1010 + scene.dice.between(0, 90)), "author": scene.team.person("social_worker"),
        "event_type": kind, "person_affected": "child", "family_history_flag": false, "routine_contact_flag": false,
        "description": told, "source": if agency == "social_care" { "Social worker's own record" } else { "Report to the duty team" },
        "source_agency": agency, "impact_on_child": scene.say(impact), "action_or_outcome": scene.say(outcome),
        "significance": significance, "case_note_id": detailed.then_some(note),
        "document_id": (!detailed).then(|| format!("D{:03}", number + 1)),
    })
}

/// Looks at the chronology every ten weeks, so that its analysis is never old, and puts the reviews in order.
fn routine_reviews(scene: &mut Scene<'_>, opened: Day, until: Day) {
    let mut day = months(opened, 2);
    while day <= until {
        scene.looked_at.push((scene.dates.workday(day), "routine"));
        day = after(day, 70);
    }
    if scene.life.closed.is_some_and(|closed| after(closed, -1) < day) {
        scene.looked_at.retain(|(day, _)| *day <= until);
    }
    scene.looked_at.sort_by_key(|(day, _)| *day);
}
