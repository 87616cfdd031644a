//! The government's feed of bank holidays: read, doubted, compared with the calendar in force, and written as a calendar file.
//!
//! `cli` fetches the text through `outbound` and hands it here; a feed with anything wrong is refused whole, so the calendar
//! in force stays. The years that the feed does not reach back to are kept from the calendar in force.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write;

use crate::model::Day;

use super::working::Calendar;
use super::working::Holiday;

/// The division of the feed whose holidays count for England.
const DIVISION: &str = "england-and-wales";
/// Weekday holidays that every full year has, substitute days included.
const HOLIDAYS_IN_YEAR: usize = 8;
/// Years by which a feed may reach beyond the calendar in force at either end.
const REACH: i32 = 20;
/// The longest title of a holiday, in characters.
const LONGEST_TITLE: usize = 80;

/// A calendar brought up to date from a feed, and what changed on the way.
#[derive(Clone, Debug)]
pub struct FeedCalendar {
    /// The calendar with the feed's years in place of its own.
    pub calendar: Calendar,
    /// Weekday holidays that the feed has and the calendar in force had not, in order.
    pub added: Vec<Holiday>,
    /// Weekday holidays that the calendar in force had and the feed has not, in order.
    pub removed: Vec<Holiday>,
}

#[derive(serde::Deserialize)]
struct Division {
    division: String,
    events: Vec<Event>,
}

#[derive(serde::Deserialize)]
struct Event {
    title: String,
    date: String,
    #[serde(default)]
    notes: String,
}

/// The full years that a feed gives, and its weekday holidays.
struct Given {
    first: i32,
    last: i32,
    holidays: BTreeMap<Day, String>,
}

impl Given {
    fn covers(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day.ymd().0)
    }
}

/// Reads the feed's text and makes a calendar named as `present`, with `version` and without school terms, or says all that
/// is wrong with the feed. A holiday of `present` that lies before `today` may only be missing from the feed when it is one
/// of `confirmed`.
pub fn read_feed(
    text: &str,
    present: &Calendar,
    version: &str,
    today: Day,
    confirmed: &[Day],
) -> Result<FeedCalendar, Vec<String>> {
    let mut faults = Vec::new();
    let events = division(text).map_err(|fault| vec![fault])?;
    let holidays = holidays_in(&events, present, &mut faults);
    let years = full_years(&holidays, &mut faults);
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        faults.push(format!("the feed has no full year of {DIVISION}: keep the calendar in force"));
        return Err(faults);
    };
    let given = Given { first, last, holidays };
    faults.extend(lost_years(&given, present));
    let removed: Vec<Holiday> = present
        .holidays()
        .iter()
        .filter(|held| given.covers(held.date) && !given.holidays.contains_key(&held.date))
        .cloned()
        .collect();
    let past = removed.iter().map(|gone| gone.date).filter(|date| *date < today);
    faults.extend(past.filter(|date| !confirmed.contains(date)).map(|date| {
        format!("the feed no longer has the past holiday of {date}, which would move past due dates: confirm that date or keep the calendar in force")
    }));
    if !faults.is_empty() {
        return Err(faults);
    }
    merge(&given, present, version, removed)
}

/// The calendar of the feed's years and of those of `present` that the feed lacks.
fn merge(
    given: &Given,
    present: &Calendar,
    version: &str,
    removed: Vec<Holiday>,
) -> Result<FeedCalendar, Vec<String>> {
    let first = given.first.min(present.first_day().ymd().0);
    let last = given.last;
    let held = present.holidays().iter();
    let mut holidays: Vec<Holiday> = held.filter(|held| !given.covers(held.date)).cloned().collect();
    let mut new: Vec<Holiday> = given
        .holidays
        .iter()
        .filter(|(date, _)| given.covers(**date))
        .map(|(&date, name)| Holiday { date, name: name.clone() })
        .collect();
    let unknown = |date: &Day| present.holidays().binary_search_by_key(date, |held| held.date).is_err();
    let added = new.iter().filter(|holiday| unknown(&holiday.date)).cloned().collect();
    holidays.append(&mut new);
    let calendar = Calendar::new(present.name(), version, first, last, holidays, None)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    Ok(FeedCalendar { calendar, added, removed })
}

/// Faults when the feed ends before the calendar in force, or begins after it with years between.
fn lost_years(given: &Given, present: &Calendar) -> Vec<String> {
    let (first, last, ends) = (given.first, given.last, present.last_day().ymd().0);
    let mut faults = Vec::new();
    if last < ends {
        faults.push(format!("the feed's last full year is {last}, and the calendar in force goes to {ends}: wait for a newer feed"));
    }
    if first > ends + 1 {
        faults.push(format!("the feed's first full year is {first}, and the calendar in force ends with {ends}: the years between are missing"));
    }
    faults
}

/// The events of our division.
fn division(text: &str) -> Result<Vec<Event>, String> {
    let feed: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).map_err(|error| {
        format!(
            "the feed is not a JSON object (line {}, column {}): check that its address is that of the bank-holiday feed",
            error.line(),
            error.column()
        )
    })?;
    let Some(value) = feed.get(DIVISION) else {
        return Err(format!(
            "the feed has no division {DIVISION}: check that its address is that of the bank-holiday feed"
        ));
    };
    let Division { division, events } = <Division as serde::Deserialize>::deserialize(value)
        .map_err(|_| format!("/{DIVISION} is not a division with its events, each with a title and a date: the feed has changed its shape"))?;
    if division != DIVISION {
        return Err(format!("/{DIVISION}/division names another division: the feed contradicts itself"));
    }
    Ok(events)
}

/// The weekday holidays of the events by date; what cannot be read goes to `faults`.
fn holidays_in(events: &[Event], present: &Calendar, faults: &mut Vec<String>) -> BTreeMap<Day, String> {
    let earliest = present.first_day().ymd().0 - REACH;
    let latest = present.last_day().ymd().0 + REACH;
    let mut seen = BTreeSet::new();
    let mut holidays = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let at = format!("/{DIVISION}/events/{place}");
        let Some(date) = Day::parse(&event.date) else {
            faults.push(format!("{at}/date is not a day written YYYY-MM-DD"));
            continue;
        };
        if !(earliest..=latest).contains(&date.ymd().0) {
            faults.push(format!(
                "{at}/date is outside {earliest} to {latest}: too far from the calendar in force"
            ));
            continue;
        }
        if !seen.insert(date) {
            faults.push(format!("{at}/date is {date}, which an event before it has too"));
            continue;
        }
        let title = event.title.trim();
        if title.is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
            faults.push(format!(
                "{at}/title is empty, longer than {LONGEST_TITLE} characters, or not plain text"
            ));
            continue;
        }
        if date.weekday() < 5 {
            let substitute = event.notes.trim().eq_ignore_ascii_case("substitute day");
            let note = if substitute { " (substitute day)" } else { "" };
            holidays.insert(date, format!("{title}{note}"));
        }
    }
    holidays
}

/// The years that the feed gives in full, in order. Its first and last years may be given in part and are then left out;
/// a year between with too few holidays is a fault.
fn full_years(given: &BTreeMap<Day, String>, faults: &mut Vec<String>) -> Vec<i32> {
    let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
    for day in given.keys() {
        *counts.entry(day.ymd().0).or_default() += 1;
    }
    let (Some((&first, _)), Some((&last, _))) = (counts.first_key_value(), counts.last_key_value()) else {
        return Vec::new();
    };
    let count = |year: i32| counts.get(&year).copied().unwrap_or(0);
    let short = (first + 1..last).filter(|year| count(*year) < HOLIDAYS_IN_YEAR);
    faults.extend(short.map(|year| {
        format!(
            "the feed has {} weekday holidays for {year}, and every year has at least {HOLIDAYS_IN_YEAR}: some are missing",
            count(year)
        )
    }));
    (first..=last).filter(|year| count(*year) >= HOLIDAYS_IN_YEAR).collect()
}

/// Writes a calendar as the file that `catalog` reads, `rules/calendars/<name>.yaml`.
pub fn render_yaml(calendar: &Calendar) -> String {
    let mut out = String::from(
        "# Bank holidays that are not working days. `casecheck calendar update` rewrites this file from the government's feed.\n\
         # Only weekdays are listed. A limit in working days that leaves these years cannot be told, and is not guessed.\n",
    );
    let (first, last) = (calendar.first_day().ymd().0, calendar.last_day().ymd().0);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "name: {}\nversion: {}\nfirst_year: {first}\nlast_year: {last}\n\
         source: {{ instrument: \"Banking and Financial Dealings Act 1971, section 1\", url: \"https://www.gov.uk/bank-holidays\" }}\n\
         holidays:\n",
        calendar.name(),
        quoted(calendar.version()),
    );
    for Holiday { date, name } in calendar.holidays() {
        let _ = writeln!(out, "  - {{ date: {date}, name: {} }}", quoted(name));
    }
    out
}

/// A text in double quotes, as both JSON and YAML read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
