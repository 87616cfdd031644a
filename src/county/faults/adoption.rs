//! Planned faults of adoption and special guardianship: decisions late or unexplained, reviews and visits missed, the
//! child's own story not told.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;
use crate::model::Day;

/// A fault for each standard of adoption and special guardianship, two where its rules ask for different things.
pub(super) const FAULTS: &[Fault] = &[
    ("ADP-001", Story::ForAdoption, |s| {
        let endorsed = months(s.day("/cla_reviews/1/review_date")?, 2);
        s.cut("~/adoption/panel_recommendation_date");
        s.cut("~/adoption/panel_minutes_received_date");
        s.date("~/adoption/initial_decision_date", s.dates.working(endorsed, 6))
    }),
    ("ADP-002", Story::ForAdoption, |s| {
        s.late("~/adoption/initial_decision_date", "~/adoption/panel_minutes_received_date", 11)?;
        s.cut("~/adoption/decision_reasons")
    }),
    ("ADP-003", Story::ForAdoption, |s| {
        s.late("~/adoption/parents_told_date", "~/adoption/initial_decision_date", 5)
    }),
    ("ADP-004", Story::ForAdoption, |s| s.cut("~/adoption/written_notice_date")),
    ("ADP-005", Story::ForAdoption, |s| matched_late(s, false)),
    ("ADP-005", Story::ForAdoption, |s| matched_late(s, true)),
    ("ADP-006", Story::ForAdoption, |s| {
        let order = s.day("~/adoption/placement_order_date")?;
        let placed = s.day("~/adoption/placed_date").unwrap_or(s.dates.as_at);
        (months(order, 3) < placed).then_some(())?;
        drop_reviews(s, order, placed)
    }),
    ("ADP-007", Story::ForAdoption, |s| {
        let order = s.day("~/adoption/placement_order_date")?;
        let placed = s.day("~/adoption/placed_date").unwrap_or(s.dates.as_at);
        let first = reviews_since(s, order).into_iter().find(|day| *day < placed)?;
        review_once(s, first, after(order, 2), placed)
    }),
    ("ADP-008", Story::ForAdoption, |s| {
        let placed = s.day("~/adoption/placed_date")?;
        let due = after(placed, 28);
        (due < s.dates.as_at).then_some(())?;
        drop_reviews(s, placed, after(due, 5))
    }),
    ("ADP-009", Story::ForAdoption, |s| {
        let placed = s.day("~/adoption/placed_date")?;
        let first = *reviews_since(s, placed).first()?;
        let due = months(first, 3);
        let end = s.day("~/adoption/returned_date").unwrap_or(s.dates.as_at);
        (due < end).then_some(())?;
        drop_reviews(s, after(first, 1), after(due, 1))
    }),
    ("ADP-010", Story::ForAdoption, |s| {
        let placed = s.day("~/adoption/placed_date")?;
        s.at("~/adoption/returned_date").is_none().then_some(())?;
        let reviews = reviews_since(s, placed);
        let (first, second) = (*reviews.first()?, *reviews.get(1)?);
        let end = s.day("~/adoption/order_date").unwrap_or(s.dates.as_at);
        review_once(s, second, after(first, 14), end)
    }),
    ("ADP-011", Story::ForAdoption, |s| {
        let week = after(s.day("~/adoption/placed_date")?, 8);
        (week < s.dates.as_at).then_some(())?;
        for list in ["~/adoption/visits", "/cla_visits"] {
            let text = week.to_string();
            let early = after(week, -10).to_string();
            s.list(list)?.retain(|visit| {
                let day = visit.get("visit_date").and_then(serde_json::Value::as_str).unwrap_or_default();
                day < early.as_str() || day > text.as_str()
            });
        }
        Some(())
    }),
    ("ADP-012", Story::ForAdoption, |s| s.cut("~/adoption/visits/0/recorded_at")),
    ("ADP-013", Story::ForAdoption, |s| {
        let late = after(s.entry()?, 440);
        not_reversed(s)?;
        s.cut("~/adoption/order_date");
        let stays = s.list("~/child_looked_after_placements")?;
        let last = stays.last_mut()?.as_object_mut()?;
        (last.get("placed_with") == Some(&json!("adopters"))).then_some(())?;
        last.insert("start_date".to_owned(), written(late));
        let before = stays.len().checked_sub(2)?;
        stays.get_mut(before)?.as_object_mut()?.insert("end_date".to_owned(), written(late));
        s.date("~/adoption/placed_date", late)
    }),
    ("ADP-014", Story::ForAdoption, |s| {
        not_reversed(s)?;
        s.shift("~/adoption/matched_date", "~/adoption/placement_order_date", 130)
    }),
    ("ADP-015", Story::ForAdoption, |s| {
        s.overdue("~/adoption/celebration_date", 10)?;
        s.cut("/life_story_work/book_given_date")
    }),
    ("ADP-016", Story::ForAdoption, |s| {
        s.late("/life_story_work/later_life_letter_date", "~/adoption/celebration_date", 16)
    }),
    ("ADP-017", Story::ForAdoption, |s| s.cut("/life_story_work/started_date")),
    ("ADP-018", Story::ForAdoption, |s| {
        s.shift("~/adoption/placement_plan_sent_date", "~/adoption/placed_date", 6)
    }),
    ("ADP-019", Story::LongTermFostered, |s| s.cut("~/adoption/decision_reversed_reason")),
    ("ADP-020", Story::ForAdoption, |s| s.shift("~/adoption/matched_date", "~/adoption/placed_date", 9)),
    ("ADP-020", Story::ForAdoption, |s| {
        let before = after(s.entry()?, -6);
        s.cut("~/adoption/panel_recommendation_date");
        s.cut("~/adoption/panel_minutes_received_date");
        s.put("~/adoption/initial_decision_date", written(before))
    }),
    ("ADP-021", Story::ForAdoption, |s| {
        let back = s.day("~/adoption/returned_date")?;
        let due = after(back, 43);
        (due < s.dates.as_at).then_some(())?;
        drop_reviews(s, after(back, 28), due)
    }),
    ("SGO-001", Story::LeftCare, |s| s.cut("/special_guardianship/support_plan_date")),
    ("SGO-002", Story::LeftCare, |s| {
        s.at("/special_guardianship/support_plan_date")?;
        s.put("/special_guardianship/support_plan_date", written(after(months(s.dates.as_at, -12), -20)))?;
        s.put("/special_guardianship/reviews", json!([]))
    }),
    ("SGO-003", Story::LeftCare, |s| {
        s.at("/special_guardianship/allowance_start_date")?;
        s.put("/special_guardianship/allowance_start_date", written(after(months(s.dates.as_at, -12), -9)))?;
        match s.list("/special_guardianship/reviews")?.first_mut().and_then(serde_json::Value::as_object_mut)
        {
            Some(review) => review.insert("financial_flag".to_owned(), json!(false)).map(|_| ()),
            None => Some(()),
        }
    }),
    ("SGO-003", Story::LeftCare, |s| s.cut("/special_guardianship/reviews/0/annual_statement_date")),
];

/// Matches a child, given up as a baby or not, three weeks after the match was due.
fn matched_late(s: &mut Spoil<'_>, baby: bool) -> Option<()> {
    not_reversed(s)?;
    (s.at("~/adoption/relinquished_under_six_months_flag")? == &json!(baby)).then_some(())?;
    let limit = months(s.day("~/adoption/initial_decision_date")?, if baby { 3 } else { 6 });
    s.date("~/adoption/matched_date", after(limit, 20))
}

/// Whether adoption is still the plan.
fn not_reversed(s: &mut Spoil<'_>) -> Option<()> {
    s.at("~/adoption/initial_decision_date")?;
    s.at("~/adoption/decision_reversed_date").is_none().then_some(())
}

/// The days of the reviews from this day on.
fn reviews_since(s: &mut Spoil<'_>, from: Day) -> Vec<Day> {
    let reviews = s.list("/cla_reviews").map(|list| list.clone()).unwrap_or_default();
    let days = reviews.iter().filter_map(|review| Day::parse(review.get("review_date")?.as_str()?));
    days.filter(|day| *day >= from).collect()
}

/// Takes out the reviews from one day to another, both in; gives nothing when there were none.
fn drop_reviews(s: &mut Spoil<'_>, from: Day, to: Day) -> Option<()> {
    let list = s.list("/cla_reviews")?;
    let before = list.len();
    list.retain(|review| {
        let day = review.get("review_date").and_then(serde_json::Value::as_str).and_then(Day::parse);
        day.is_none_or(|day| day < from || to < day)
    });
    (list.len() < before).then_some(())
}

/// Holds a review earlier than it was held, and none after it until the placement ends more than half a year later.
fn review_once(s: &mut Spoil<'_>, held: Day, early: Day, end: Day) -> Option<()> {
    (months(early, 6) < end).then_some(())?;
    drop_reviews(s, after(held, 1), end);
    let list = s.list("/cla_reviews")?;
    let review = list.iter_mut().find(|review| review.get("review_date") == Some(&written(held)))?;
    review.as_object_mut()?.insert("review_date".to_owned(), written(early));
    Some(())
}
