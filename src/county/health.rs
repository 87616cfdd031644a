//! The health of a looked-after child: assessments, questionnaires, the dentist, immunisations, consent.
//!
//! `record.rs` puts it in the record. Limits: 20 working days for the first assessment, then 6 or 12 months.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::scene::Scene;
use crate::model::Day;

/// Months between two questionnaires, dental checks or answers about immunisations.
const YEARLY: i32 = 11;

/// The part of the record about health.
pub(super) fn health(scene: &Scene<'_>) -> Value {
    let asked = |first: i32| yearly(scene, after(scene.life.turn, first));
    let questionnaires: Vec<Value> = asked(90)
        .into_iter()
        .filter(|day| (4..17).contains(&scene.life.age(*day)))
        .map(|day| json!({ "date": written(day), "score": 9 + scene.life.age(day) % 7 }))
        .collect();
    let dentist: Vec<Value> = asked(60).into_iter().map(|day| json!({ "date": written(day) })).collect();
    let mut answers: Vec<Value> =
        asked(14).into_iter().map(|day| json!({ "date": written(day), "up_to_date_flag": true })).collect();
    let mut immunisations = answers.pop();
    if let Some(last) = immunisations.as_mut().and_then(Value::as_object_mut) {
        last.insert("earlier".to_owned(), Value::Array(answers));
    }
    json!({
        "health_assessments": assessments(scene), "sdq_assessments": questionnaires, "dental_checks": dentist,
        "immunisations": immunisations, "substance_misuse": [],
        "consent": { "date": written(scene.life.turn), "given_by": format!("Lena {}, mother", scene.life.surname) },
    })
}

/// Working days about eleven months apart, while the child is in care.
fn yearly(scene: &Scene<'_>, first: Day) -> Vec<Day> {
    let until = scene.life.care_until(scene.dates);
    let mut days = Vec::new();
    let mut day = scene.dates.workday(first);
    while day <= until && days.len() < 20 {
        days.push(day);
        day = scene.dates.workday(months(day, YEARLY));
    }
    days
}

/// The doctor's first assessment, then reviews by a nurse, every six months under the age of five.
fn assessments(scene: &Scene<'_>) -> Vec<Value> {
    let until = scene.life.care_until(scene.dates);
    let first = scene.dates.working(scene.life.turn, 15);
    let arranged = scene.dates.working(scene.life.turn, 4);
    let mut made = Vec::new();
    if scene.dates.past(arranged) {
        let done = scene.dates.past(first);
        let reported = scene.dates.done(scene.dates.working(first, 10));
        made.push(json!({
            "type": "initial", "arranged_date": written(arranged), "date": scene.dates.done(first),
            "status": if done { "Completed" } else { "Planned" }, "report_date": reported,
            "by": { "name": "Dr Ines Mossgill", "role": "doctor" },
        }));
    }
    let next = |day: Day| {
        let gap = if scene.life.age(day) < 5 { 5 } else { YEARLY };
        scene.dates.workday(months(day, gap))
    };
    let mut day = next(first);
    while day <= until && made.len() < 12 {
        made.push(json!({ "type": "review", "date": written(day), "status": "Completed",
            "by": { "name": "Cora Wrenfold", "role": "nurse" } }));
        day = next(day);
    }
    made
}
