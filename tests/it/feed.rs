//! The government's feed of bank holidays: a good one changes the calendar, and a doubtful one is refused with every reason.

use std::fmt::Write;

use casecheck::calendar::Calendar;
use casecheck::calendar::FeedCalendar;
use casecheck::calendar::Holiday;
use casecheck::calendar::read_feed;
use casecheck::calendar::render_yaml;
use casecheck::model::Day;

use crate::calendar::CALENDAR;
use crate::calendar::day;
use crate::calendar::from_yaml;

/// A feed with these holidays in our division and one in another.
pub(crate) fn feed_of<'a>(holidays: impl IntoIterator<Item = &'a Holiday>) -> String {
    let events: Vec<_> = holidays
        .into_iter()
        .map(|Holiday { date, name }| {
            let title = name.replace(" (substitute day)", "");
            let notes = if title == *name { "" } else { "Substitute day" };
            serde_json::json!({ "title": title, "date": date, "notes": notes, "bunting": true })
        })
        .collect();
    let other =
        serde_json::json!([{ "title": "2nd January", "date": "2026-01-02", "notes": "", "bunting": true }]);
    serde_json::json!({
        "england-and-wales": { "division": "england-and-wales", "events": events },
        "scotland": { "division": "scotland", "events": other },
    })
    .to_string()
}

/// The holidays of the calendar in force from a year on.
pub(crate) fn since(year: i32) -> Vec<Holiday> {
    let all = CALENDAR.holidays().iter();
    all.filter(|holiday| holiday.date.ymd().0 >= year).cloned().collect()
}

fn holiday(date: &str, name: &str) -> Holiday {
    Holiday { date: day(date), name: name.to_owned() }
}

fn read(text: &str, confirmed: &[Day]) -> Result<FeedCalendar, Vec<String>> {
    read_feed(text, &CALENDAR, "2026-12-01", day("2026-12-01"), confirmed)
}

fn faults(text: &str) -> String {
    let mut lines = String::new();
    for fault in read(text, &[]).unwrap_err() {
        writeln!(lines, "{fault}").unwrap();
    }
    lines
}

/// Eight weekday holidays for a year that nobody has announced.
fn invented_year(year: i32) -> Vec<Holiday> {
    let days = (0..).filter_map(|offset| Day::from_ymd(year, 3, 1)?.plus_days(offset));
    days.filter(|day| day.weekday() < 5)
        .take(8)
        .map(|date| Holiday { date, name: "Bank holiday".to_owned() })
        .collect()
}

#[test]
fn a_feed_of_later_years_keeps_the_years_it_lacks_and_changes_nothing_else() {
    let found = read(&feed_of(&since(2019)), &[]).unwrap();
    assert_eq!(found.calendar.holidays(), CALENDAR.holidays());
    assert_eq!((found.added.len(), found.removed.len()), (0, 0));
    assert_eq!(found.calendar.version(), "2026-12-01");
    assert_eq!(found.calendar.first_day(), CALENDAR.first_day());
    let again: Calendar = from_yaml(&render_yaml(&found.calendar), None);
    assert_eq!(again.holidays(), found.calendar.holidays());
    assert_eq!((again.name(), again.version()), (found.calendar.name(), found.calendar.version()));
}

#[test]
fn a_new_year_and_a_new_holiday_are_added_in_order() {
    let mut holidays = invented_year(2029);
    holidays.extend(since(2021));
    holidays.push(holiday("2027-06-07", "A \"national\" day"));
    holidays.push(holiday("2027-06-05", "A Saturday"));
    let found = read(&feed_of(&holidays), &[]).unwrap();
    assert_eq!(found.calendar.last_day(), day("2029-12-31"));
    assert_eq!((found.added.len(), found.added[0].date), (9, day("2027-06-07")));
    assert!(found.calendar.holidays().is_sorted_by_key(|holiday| holiday.date));
    assert_eq!(found.calendar.is_working_day(day("2027-06-07")), Some(false));
    let again = from_yaml(&render_yaml(&found.calendar), None);
    assert_eq!(again.holidays(), found.calendar.holidays());
}

#[test]
fn a_year_given_in_part_at_either_end_is_left_to_the_calendar_in_force() {
    let mut holidays: Vec<Holiday> = since(2019).split_off(5);
    holidays.push(holiday("2029-01-01", "New Year's Day"));
    let found = read(&feed_of(&holidays), &[]).unwrap();
    assert_eq!(found.calendar.holidays(), CALENDAR.holidays());
    assert_eq!(found.calendar.last_day(), day("2028-12-31"));
}

#[test]
fn a_past_holiday_may_only_go_when_it_is_confirmed_and_a_future_one_may_move() {
    let gone = day("2022-09-19");
    let moved = day("2027-05-03");
    let mut holidays = since(2019);
    holidays.retain(|holiday| holiday.date != gone && holiday.date != moved);
    holidays.push(holiday("2027-05-10", "Early May bank holiday"));
    let text = feed_of(&holidays);
    insta::assert_snapshot!(faults(&text), @"");
    let found = read(&text, &[gone]).unwrap();
    let removed: Vec<Day> = found.removed.iter().map(|holiday| holiday.date).collect();
    assert_eq!(removed, [gone, moved]);
    assert_eq!(found.calendar.is_working_day(gone), Some(true));
}

#[test]
fn a_feed_that_loses_years_or_holidays_is_refused() {
    let mut stale = since(2019);
    stale.retain(|holiday| holiday.date.ymd().0 < 2028 && holiday.date.ymd() != (2024, 12, 26));
    insta::assert_snapshot!(faults(&feed_of(&stale)), @"");
    let later: Vec<Holiday> = [2031, 2032].into_iter().flat_map(invented_year).collect();
    insta::assert_snapshot!(faults(&feed_of(&later)), @"");
    insta::assert_snapshot!(faults(&feed_of(&[])), @"");
}

#[test]
fn events_that_cannot_be_trusted_are_each_named_by_their_place() {
    let events = r#"[
        { "title": "New Year's Day", "date": "1 January 2026", "notes": "", "bunting": true },
        { "title": "New Year's Day", "date": "2026-02-30" },
        { "title": "Good Friday", "date": "2026-04-03" },
        { "title": "Good Friday again", "date": "2026-04-03" },
        { "title": " ", "date": "2026-04-06" },
        { "title": "Two\nlines", "date": "2026-05-04" },
        { "title": "Far away", "date": "9999-12-31" }
    ]"#;
    let text =
        format!(r#"{{ "england-and-wales": {{ "division": "england-and-wales", "events": {events} }} }}"#);
    insta::assert_snapshot!(faults(&text), @"");
}

#[test]
fn a_text_that_is_not_the_feed_is_refused_with_what_to_check() {
    insta::assert_snapshot!(faults("<!doctype html>"), @"");
    insta::assert_snapshot!(faults("[]"), @"");
    insta::assert_snapshot!(faults(r#"{ "scotland": {} }"#), @"");
    insta::assert_snapshot!(faults(r#"{ "england-and-wales": { "events": "none" } }"#), @"");
    insta::assert_snapshot!(faults(r#"{ "england-and-wales": { "division": "scotland", "events": [] } }"#), @"");
}
