//! Planned faults of chronologies: not kept, not sourced, not made sense of, or not looked at when it matters.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::written;
use crate::county::life::Story;

/// One fault for each chronology standard.
pub(super) const FAULTS: &[Fault] = &[
    ("CHR-001", Story::InNeed, |s| s.shift("/chronology/opened_date", "~/referral_date", 40)),
    ("CHR-002", Story::InNeed, |s| {
        let day = s.day("/chronology/entries/0/event_date")?;
        let recorded = s.dates.working(day, 12);
        let stamp = s.dates.stamp(recorded, 1015);
        s.dates.past(recorded).then_some(())?;
        s.put("/chronology/entries/0/recorded_at", stamp)
    }),
    ("CHR-003", Story::LookedAfter, long_gap),
    ("CHR-004", Story::InNeed, |s| {
        let entries = s.list("/chronology/entries").filter(|entries| entries.len() > 2)?;
        let different = entries.first()?.get("event_date") != entries.get(1)?.get("event_date");
        different.then(|| entries.swap(0, 1))
    }),
    ("CHR-005", Story::InNeed, |s| s.put("/chronology/entries/0/date_precision", json!("roughly"))),
    ("CHR-006", Story::InNeed, |s| {
        s.cut("/chronology/entries/1/source_agency")?;
        s.cut("/chronology/entries/1/document_id").or(Some(()))?;
        s.cut("/chronology/entries/1/source")
    }),
    ("CHR-007", Story::InNeed, |s| s.put("/chronology/entries/0/event_type", json!("stuff_happened"))),
    ("CHR-008", Story::InNeed, |s| {
        let text = s.at("/chronology/entries/0/description")?.clone();
        s.put("/chronology/entries/0/impact_on_child", text)
    }),
    ("CHR-009", Story::InNeed, |s| s.cut("/chronology/entries/0/action_or_outcome")),
    ("CHR-010", Story::InNeed, |s| {
        let text = s.at("/chronology/entries/0/description")?.as_str()?.to_owned();
        s.put("/chronology/entries/0/description", json!([text.as_str(); 9].join(" ")))
    }),
    ("CHR-011", Story::LookedAfter, |s| {
        let entries = s.list("/chronology/entries").filter(|entries| entries.len() > 3)?;
        let half = entries.len() / 2;
        entries
            .iter_mut()
            .take(half)
            .filter_map(|entry| entry.get_mut("routine_contact_flag"))
            .for_each(|flag| *flag = json!(true));
        Some(())
    }),
    ("CHR-012", Story::LookedAfter, |s| {
        s.overdue("~/referral_date", 135)?;
        let good = |entry: &Value| {
            matches!(entry.get("significance").and_then(Value::as_str), Some("positive" | "protective"))
        };
        let entries = s.list("/chronology/entries").filter(|entries| entries.iter().any(good))?;
        entries.iter_mut().filter(|entry| good(entry)).for_each(|entry| {
            entry.as_object_mut().map(|members| members.insert("significance".to_owned(), json!("neutral")));
        });
        Some(())
    }),
    ("CHR-013", Story::InNeed, |s| {
        let from = written(s.day("~/child_and_family_assessments/0/start_date")?);
        let to = s.at("~/child_and_family_assessments/0/authorisation_date")?.clone();
        unlook(s, |day| (from.as_str()..=to.as_str()).contains(&day))
    }),
    ("CHR-014", Story::Protected, |s| {
        unlook_before(s, "~/child_protection_plans/0/reviews/0/review_date", 30)
    }),
    ("CHR-015", Story::InNeed, |s| unlook_before(s, "~/transfers/0/date", 60)),
    ("CHR-016", Story::LeftCare, |s| unlook_before(s, "~/closure/decided_date", 90)),
    ("CHR-017", Story::InNeed, |s| {
        s.list("/supervisions").filter(|list| list.len() > 2)?;
        s.cut_each("/supervisions", "chronology_checked_flag")
    }),
    ("CHR-018", Story::LookedAfter, |s| {
        let entry = s.entry()?;
        let (from, to) = (written(entry), written(s.dates.working(entry, 25)));
        s.overdue("~/child_looked_after_placements/0/start_date", 26)?;
        unlook(s, |day| (from.as_str()..=to.as_str()).contains(&day))
    }),
    ("CHR-019", Story::LookedAfter, |s| {
        s.put("~/legal_planning_meetings/0/chronology_available_flag", json!(false))
    }),
    ("CHR-020", Story::InNeed, |s| {
        let entries = s.list("/chronology/entries")?;
        let mut twin = entries.first()?.clone();
        twin.as_object_mut()?.insert("entry_id".to_owned(), json!("CH900"));
        entries.insert(1, twin);
        Some(())
    }),
    ("CHR-021", Story::LookedAfter, |s| {
        s.overdue("/chronology/opened_date", 70)?;
        s.cut("/chronology/overall_analysis")
    }),
    ("CHR-022", Story::LookedAfter, |s| {
        let entries = s.list("/chronology/entries")?;
        let entry = entries
            .iter()
            .position(|entry| entry.get("event_type") == Some(&json!("becomes_looked_after")))?;
        entries.remove(entry);
        Some(())
    }),
    ("CHR-023", Story::InNeed, |s| s.cut("/chronology/shared_with/0/risk_check")),
    ("CHR-024", Story::InNeed, |s| s.cut("/chronology/entries/0/case_note_id")),
];

/// Keeps only entries and notes of the first days, long before the day it is.
fn long_gap(s: &mut Spoil<'_>) -> Option<()> {
    let until = after(s.dates.as_at, -150);
    let keep = |item: &Value, name: &str| {
        item.get(name).and_then(Value::as_str).is_some_and(|day| day < until.to_string().as_str())
    };
    let entries = s.list("/chronology/entries")?;
    let before = entries.len();
    entries.retain(|entry| keep(entry, "event_date"));
    let after = entries.len();
    s.list("/chronology/nil_reviews")?.retain(|note| keep(note, "date"));
    (after > 0 && after < before).then_some(())
}

/// Takes out the chronology's reviews on days of this kind, and any later trace that would stand for them.
fn unlook(s: &mut Spoil<'_>, gone: impl Fn(Option<&str>) -> bool) -> Option<()> {
    let reviews = s.list("/chronology/reviews")?;
    let before = reviews.len();
    reviews.retain(|review| !gone(review.get("review_date").and_then(Value::as_str)));
    let last = reviews.last().and_then(|review| review.get("review_date")).cloned();
    let changed = reviews.len() < before;
    match last {
        Some(day) => s.put("/chronology/last_reviewed_date", day)?,
        None => s.cut("/chronology/last_reviewed_date")?,
    }
    changed.then_some(())
}

/// Takes out the chronology's reviews in the days up to something that should have had one.
fn unlook_before(s: &mut Spoil<'_>, event: &str, days: i32) -> Option<()> {
    let event = s.day(event)?;
    let (from, to) = (written(after(event, -days)), written(event));
    unlook(s, |day| (from.as_str()..=to.as_str()).contains(&day))
}
