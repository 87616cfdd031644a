//! Working days, due days, limits, moments and terms: the catalogue's vectors, public month arithmetic, and properties.

use casecheck::calendar::Calendar;
use casecheck::calendar::CalendarFault;
use casecheck::calendar::Due;
use casecheck::calendar::Holiday;
use casecheck::calendar::Limit;
use casecheck::calendar::LimitRange;
use casecheck::calendar::Moment;
use casecheck::calendar::Term;
use casecheck::calendar::TermName;
use casecheck::calendar::Terms;
use casecheck::calendar::Unit;
use casecheck::calendar::Unknown;
use casecheck::calendar::render_yaml;
use casecheck::model::Day;
use chrono::DateTime;
use chrono::Datelike;
use chrono::FixedOffset;
use chrono::TimeZone;
use chrono::Utc;
use proptest::prelude::*;
use std::sync::LazyLock;

const ENGLAND: &str = include_str!("../../rules/calendars/england-and-wales.yaml");
const EXAMPLE_COUNTY: &str = include_str!("../../rules/terms/example-county.yaml");

/// The calendar file as it is written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    name: String,
    version: String,
    first_year: i32,
    last_year: i32,
    #[serde(rename = "source")]
    _source: Source,
    holidays: Vec<Holiday>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    #[serde(rename = "instrument")]
    _instrument: String,
    #[serde(rename = "url")]
    _url: String,
}

/// Makes the calendar that a calendar file describes.
pub(crate) fn from_yaml(text: &str, terms: Option<Terms>) -> Calendar {
    let file: CalendarFile = serde_saphyr::from_str(text).unwrap();
    Calendar::new(&file.name, &file.version, file.first_year, file.last_year, file.holidays, terms).unwrap()
}

/// The embedded calendar of England and Wales.
pub(crate) static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| from_yaml(ENGLAND, None));

/// The embedded calendar with the terms of the county of the demonstration.
static COUNTY: LazyLock<Calendar> = LazyLock::new(|| {
    let terms: Terms = serde_saphyr::from_str(EXAMPLE_COUNTY).unwrap();
    from_yaml(ENGLAND, Some(terms))
});

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn due_in(calendar: &Calendar, start: &str, limit: &str, beginning_with: bool) -> Result<Due, Unknown> {
    calendar.due(Moment::parse(start).unwrap(), Limit::parse(limit).unwrap(), beginning_with)
}

fn due(start: &str, limit: &str) -> Day {
    due_in(&CALENDAR, start, limit, false).unwrap().day
}

#[test]
fn working_day_limits_agree_with_every_vector_of_the_catalogue() {
    for (event, limit, excluded, inclusive) in [
        ("2025-12-15", "20 working days", "2026-01-15", "2026-01-14"),
        ("2022-05-30", "10 working days", "2022-06-15", "2022-06-14"),
        ("2022-09-12", "15 working days", "2022-10-04", "2022-10-03"),
        ("2023-04-28", "10 working days", "2023-05-16", "2023-05-15"),
        ("2020-04-27", "10 working days", "2020-05-12", "2020-05-11"),
        ("2024-03-21", "5 working days", "2024-03-28", "2024-03-27"),
        ("2026-12-18", "10 working days", "2027-01-06", "2027-01-05"),
        ("2025-01-06", "45 working days", "2025-03-10", "2025-03-07"),
        ("2025-07-19", "7 working days", "2025-07-29", "2025-07-29"),
        ("2022-12-23", "1 working day", "2022-12-28", "2022-12-23"),
        ("2025-04-11", "20 working days", "2025-05-14", "2025-05-13"),
    ] {
        assert_eq!(due(event, limit), day(excluded), "{event} + {limit}");
        let with_day = due_in(&CALENDAR, event, limit, true).unwrap();
        assert_eq!(with_day.day, day(inclusive), "{event} + {limit} inclusive");
        assert!(!with_day.approximate && with_day.second.is_none());
    }
}

#[test]
fn calendar_limits_agree_with_every_vector_of_the_catalogue() {
    for (event, limit, beginning_with, expected) in [
        ("2024-11-30", "3 months", false, "2025-02-28"),
        ("2023-12-31", "2 months", false, "2024-02-29"),
        ("2024-02-29", "12 months", false, "2025-02-28"),
        ("2025-08-31", "6 months", false, "2026-02-28"),
        ("2025-01-06", "6 weeks", false, "2025-02-17"),
        ("2025-12-01", "26 weeks", true, "2026-05-31"),
        ("2024-02-01", "26 weeks", true, "2024-07-31"),
    ] {
        let found = due_in(&CALENDAR, event, limit, beginning_with).unwrap();
        assert_eq!(found.day, day(expected), "{event} + {limit}");
    }
}

#[test]
fn a_leap_day_counts_and_its_anniversary_is_the_last_of_february() {
    assert_eq!(due("2024-02-28", "1 day"), day("2024-02-29"));
    assert_eq!(due("2023-02-28", "1 day"), day("2023-03-01"));
    assert_eq!(due("2024-02-28", "1 working day"), day("2024-02-29"));
    assert_eq!(due("2024-02-29", "1 year"), day("2025-02-28"));
    assert_eq!(due("2024-02-29", "4 years"), day("2028-02-29"));
    assert_eq!(due("2024-01-31", "1 month"), day("2024-02-29"));
}

#[test]
fn calendar_limits_that_end_on_a_holiday_do_not_roll_on() {
    assert_eq!(due("2025-12-18", "7 days"), day("2025-12-25"));
    assert_eq!(due("2025-11-25", "1 month"), day("2025-12-25"));
    assert_eq!(due("2025-12-20", "1 week"), day("2025-12-27"), "a Saturday");
}

#[test]
fn a_span_of_months_beginning_with_a_day_ends_on_the_eve_of_the_corresponding_day() {
    let ends = |start, limit| due_in(&CALENDAR, start, limit, true).unwrap().day;
    assert_eq!(ends("2025-03-15", "6 months"), day("2025-09-14"));
    assert_eq!(ends("2025-01-31", "1 month"), day("2025-02-28"), "no 31 February: the month's end");
    assert_eq!(ends("2025-01-01", "1 year"), day("2025-12-31"));
    assert_eq!(ends("2025-01-01", "1 day"), day("2025-01-01"));
}

#[test]
fn a_limit_of_nought_ends_on_the_day_it_starts() {
    for unit in ["days", "working days", "school days", "weeks", "months", "years", "hours"] {
        for beginning_with in [false, true] {
            let found = due_in(&CALENDAR, "2025-07-19", &format!("0 {unit}"), beginning_with).unwrap();
            assert_eq!(found.day, day("2025-07-19"), "{unit}");
        }
    }
}

#[test]
fn working_day_limits_that_leave_the_calendar_are_unknown() {
    let (first, last) = (CALENDAR.first_day(), CALENDAR.last_day());
    assert_eq!((first, last), (day("2010-01-01"), day("2028-12-31")));
    assert_eq!(due("2028-12-28", "1 working day"), day("2028-12-29"));
    for start in ["2028-12-29", "2029-01-02", "2009-12-31"] {
        assert_eq!(due_in(&CALENDAR, start, "1 working day", false), Err(Unknown::BeyondCalendar), "{start}");
        assert_eq!(due_in(&CALENDAR, start, "1 school day", false), Err(Unknown::BeyondCalendar), "{start}");
    }
    assert_eq!(due("2028-12-29", "1 month"), day("2029-01-29"), "months need no holidays");
    let back = CALENDAR.latest_before(day("2010-01-04"), Limit::parse("1 working day").unwrap());
    assert_eq!(back, Err(Unknown::BeyondCalendar));
    assert_eq!(CALENDAR.is_working_day(day("2029-01-01")), None);
    assert_eq!(CALENDAR.working_days_between(day("2028-12-29"), day("2029-01-02")), None);
}

#[test]
fn limits_that_leave_the_dates_that_can_be_written_are_unknown() {
    for limit in ["1 day", "1 week", "1 month", "1 year", "24 hours", "1 school term", "4294967295 weeks"] {
        assert_eq!(due_in(&CALENDAR, "9999-12-31", limit, false), Err(Unknown::BeyondDates), "{limit}");
    }
    let late = Moment::parse("9999-12-31T23:00:00Z").unwrap();
    assert_eq!(CALENDAR.due(late, Limit::parse("1 hour").unwrap(), false), Err(Unknown::BeyondDates));
    let hours = Limit::parse("4294967295 hours").unwrap();
    assert_eq!(CALENDAR.due(late, hours, false), Err(Unknown::BeyondDates));
    let early = CALENDAR.latest_before(Day::FIRST, Limit::parse("1 day").unwrap());
    assert_eq!(early, Err(Unknown::BeyondDates));
}

#[test]
fn seventy_two_hours_are_exact_across_both_changes_of_the_clock() {
    for (start, expected) in [
        ("2025-03-29T12:00:00+00:00", "2025-04-01T13:00:00+01:00"),
        ("2025-03-28T23:30:00Z", "2025-04-01T00:30:00+01:00"),
        ("2025-10-25T12:00:00+01:00", "2025-10-28T11:00:00+00:00"),
        ("2025-10-24T00:30:00+01:00", "2025-10-26T23:30:00+00:00"),
    ] {
        let found = due_in(&CALENDAR, start, "72 hours", false).unwrap();
        let end = DateTime::parse_from_rfc3339(expected).unwrap();
        assert_eq!(found.second, Some(end.timestamp()), "{start}");
        assert_eq!(found.day, day(&expected[..10]), "{start}");
        assert!(!found.approximate);
    }
}

#[test]
fn hours_from_a_bare_date_are_whole_days_and_approximate() {
    for (limit, expected) in
        [("72 hours", "2025-03-31"), ("73 hours", "2025-04-01"), ("1 hour", "2025-03-29")]
    {
        let found = due_in(&CALENDAR, "2025-03-28", limit, false).unwrap();
        assert_eq!((found.day, found.second, found.approximate), (day(expected), None, true), "{limit}");
    }
}

#[test]
fn counting_back_leaves_out_the_day_of_the_event() {
    let before = |event, limit| CALENDAR.latest_before(day(event), Limit::parse(limit).unwrap()).unwrap();
    assert_eq!(before("2025-04-22", "1 working day").day, day("2025-04-17"), "over Easter");
    assert_eq!(before("2025-07-19", "1 working day").day, day("2025-07-18"), "from a Saturday");
    assert_eq!(before("2025-03-31", "1 month").day, day("2025-02-28"));
    assert_eq!(before("2025-03-10", "2 weeks").day, day("2025-02-24"));
    let hours = before("2025-03-10", "25 hours");
    assert_eq!((hours.day, hours.approximate), (day("2025-03-08"), true));
    let term = before("2025-03-10", "1 school term");
    assert_eq!((term.day, term.approximate), (day("2024-11-10"), true), "no terms known");
}

#[test]
fn terms_end_a_limit_in_school_terms() {
    for (start, limit, expected, approximate) in [
        ("2025-10-10", "1 school term", "2026-03-27", false),
        ("2025-10-28", "1 school term", "2026-03-27", false),
        ("2025-10-10", "0 school terms", "2025-12-19", false),
        ("2025-12-29", "1 school term", "2026-07-21", false),
        ("2025-08-20", "3 school terms", "2026-12-18", false),
        ("2028-06-30", "1 school term", "2028-10-30", true),
        ("2024-08-30", "1 school term", "2024-12-30", true),
    ] {
        let found = due_in(&COUNTY, start, limit, false).unwrap();
        assert_eq!((found.day, found.approximate), (day(expected), approximate), "{start} + {limit}");
    }
    let none = due_in(&CALENDAR, "2025-10-31", "2 school terms", false).unwrap();
    assert_eq!((none.day, none.approximate), (day("2026-06-30"), true));
    let back = |event, count| {
        let limit = Limit { count, unit: Unit::SchoolTerms };
        COUNTY.latest_before(day(event), limit).unwrap()
    };
    assert_eq!(back("2026-02-01", 1), Due { day: day("2025-09-02"), second: None, approximate: false });
    assert!(back("2024-10-01", 1).approximate);
}

#[test]
fn school_days_leave_out_half_terms_and_holidays_and_are_approximate_without_terms() {
    let known = due_in(&COUNTY, "2025-10-23", "3 school days", false).unwrap();
    assert_eq!((known.day, known.approximate), (day("2025-11-04"), false));
    let may_day = due_in(&COUNTY, "2025-05-02", "1 school day", false).unwrap();
    assert_eq!(may_day.day, day("2025-05-06"));
    let summer = due_in(&COUNTY, "2025-08-01", "1 school day", true).unwrap();
    assert_eq!((summer.day, summer.approximate), (day("2025-09-02"), false));
    for (calendar, start) in [(&*COUNTY, "2028-07-20"), (&*CALENDAR, "2028-07-20"), (&*COUNTY, "2024-08-20")]
    {
        let found = due_in(calendar, start, "5 school days", false).unwrap();
        assert_eq!((found.day, found.approximate), (due(start, "5 working days"), true), "{start}");
    }
    let back = COUNTY.latest_before(day("2025-11-04"), Limit::parse("2 school days").unwrap()).unwrap();
    assert_eq!((back.day, back.approximate), (day("2025-10-24"), false));
}

#[test]
fn a_day_is_in_its_term_through_half_term_and_in_none_between_terms() {
    let name = |text| COUNTY.term_of(day(text)).map(|term| (term.academic_year.as_str(), term.name));
    assert_eq!(name("2025-10-28"), Some(("2025-26", TermName::Autumn)));
    assert_eq!(name("2026-01-05"), Some(("2025-26", TermName::Spring)));
    assert_eq!(name("2025-12-25"), None);
    assert_eq!(name("2023-10-10"), None);
    assert_eq!(name("2028-07-22"), None);
    assert_eq!(CALENDAR.term_of(day("2025-10-10")), None);
    assert_eq!(COUNTY.authority(), Some("Example County"));
}

fn term(year: &str, name: TermName, first: &str, last: &str) -> Term {
    Term { academic_year: year.to_owned(), name, first_day: day(first), last_day: day(last) }
}

fn faults_of(years: Vec<Term>) -> Vec<String> {
    let terms = Terms { authority: "Example County".to_owned(), years };
    let made = Calendar::new("x", "1", 2024, 2026, Vec::new(), Some(terms));
    made.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn terms_that_do_not_hold_together_are_refused_with_every_reason() {
    use TermName::{Autumn, Spring, Summer};
    let autumn = || term("2024-25", Autumn, "2024-09-03", "2024-12-20");
    let spring = || term("2024-25", Spring, "2025-01-06", "2025-04-04");
    assert!(faults_of(vec![spring(), autumn()]).is_empty(), "any order will do");
    insta::assert_debug_snapshot!(faults_of(Vec::new()), @r#"
    [
        "Example County has no school terms: list them, or leave the term file out",
    ]
    "#);
    let later = term("2024-25", Summer, "2025-04-04", "2025-07-20");
    let backwards = term("2025-26", Autumn, "2025-12-01", "2025-09-01");
    let odd = term("2025/26", Spring, "2026-01-06", "2026-04-01");
    insta::assert_debug_snapshot!(faults_of(vec![autumn(), spring(), later, backwards, odd]), @"");
    let summer = term("2024-25", Summer, "2025-04-24", "2025-07-20");
    let elsewhere = term("2026-27", Autumn, "2025-09-02", "2025-12-18");
    let outside = term("2026-27", Spring, "2027-01-05", "2027-04-01");
    insta::assert_debug_snapshot!(faults_of(vec![autumn(), summer, elsewhere, outside]), @"");
}

#[test]
fn a_calendar_that_does_not_hold_together_is_refused_with_every_reason() {
    let holiday = |text| Holiday { date: day(text), name: "Holiday".to_owned() };
    let made = Calendar::new("", "1", 2020, 2019, Vec::new(), None);
    assert_eq!(made.err(), Some(vec![CalendarFault::Years { first: 2020, last: 2019 }]));
    let made = Calendar::new(
        "",
        " ",
        2020,
        2020,
        vec![holiday("2020-12-25"), holiday("2021-01-01"), holiday("2020-12-25")],
        None,
    );
    let expected = vec![
        CalendarFault::Blank("name"),
        CalendarFault::Blank("version"),
        CalendarFault::HolidayOutside(day("2021-01-01")),
        CalendarFault::HolidayTwice(day("2020-12-25")),
    ];
    assert_eq!(made.err(), Some(expected));
    let weekend =
        Calendar::new("x", "1", 2020, 2020, vec![holiday("2020-12-26"), holiday("2020-01-01")], None)
            .unwrap();
    assert_eq!(weekend.holidays(), [holiday("2020-01-01")], "Boxing Day was a Saturday");
}

#[test]
fn the_embedded_holidays_are_those_of_the_shared_list() {
    let Some(csv) = crate::shared::text("standards/england_bank_holidays.csv") else {
        return;
    };
    let listed: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let ours: Vec<String> = CALENDAR.holidays().iter().map(|holiday| holiday.date.to_string()).collect();
    assert_eq!(ours.len(), 157);
    assert_eq!(ours, listed);
}

#[test]
fn the_embedded_calendar_is_written_as_an_update_would_write_it() {
    assert_eq!(render_yaml(&CALENDAR), ENGLAND);
}

#[test]
fn month_arithmetic_agrees_with_the_public_corpus() {
    for (file, column) in [("exact_computations.csv", 2), ("ambiguous_computations.csv", 3)] {
        let Some(csv) = crate::shared::text(&format!("corpora/dates-calc/{file}")) else {
            return;
        };
        let mut checked = 0;
        for line in csv.lines().skip(1) {
            let cells: Vec<&str> = line.split(';').map(str::trim).collect();
            let steps: Vec<&str> = cells[1].trim_matches(['[', ']']).split(", ").collect();
            let mut found = cells[0].to_owned();
            for step in steps.iter().filter(|step| !step.starts_with("0 ")) {
                found = due(&found, step).to_string();
            }
            assert_eq!(found, cells[column], "{line}");
            checked += 1;
        }
        assert!(checked >= 11, "{file}");
    }
}

#[test]
fn limits_are_read_and_written_back() {
    for text in [
        "10 working days",
        "1 working day",
        "0 days",
        "26 weeks",
        "6 months",
        "1 year",
        "72 hours",
        "1 school term",
        "20 school days",
    ] {
        assert_eq!(Limit::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Limit::parse(" 1   working  days ").unwrap().to_string(), "1 working day");
    for unit in [
        Unit::Days,
        Unit::WorkingDays,
        Unit::SchoolDays,
        Unit::Weeks,
        Unit::Months,
        Unit::Years,
        Unit::Hours,
        Unit::SchoolTerms,
    ] {
        assert_eq!(Unit::from_word(unit.word()), Some(unit));
        assert_eq!(Unit::from_word(unit.one()), Some(unit));
    }
    let range = LimitRange::parse("5..20 working days").unwrap();
    assert_eq!(range.to_string(), "5..20 working days");
    assert_eq!(LimitRange::parse("5 .. 20 working days"), Ok(range));
    for (limit, inside) in [
        ("5 working days", true),
        ("20 working days", true),
        ("4 working days", false),
        ("21 working days", false),
        ("10 days", false),
    ] {
        assert_eq!(range.contains(Limit::parse(limit).unwrap()), inside, "{limit}");
    }
}

#[test]
fn a_limit_that_cannot_be_read_says_what_to_write_instead() {
    let wrong = |text| Limit::parse(text).unwrap_err();
    insta::assert_snapshot!(wrong("10 workng days"), @"");
    insta::assert_snapshot!(wrong("10 Working Days"), @"");
    insta::assert_snapshot!(wrong("10 fortnights"), @"");
    insta::assert_snapshot!(wrong("ten days"), @"");
    insta::assert_snapshot!(wrong("-3 days"), @"");
    insta::assert_snapshot!(wrong("99999999999 days"), @"");
    insta::assert_snapshot!(wrong("10days"), @"");
    insta::assert_snapshot!(wrong(""), @"");
    let range = |text| LimitRange::parse(text).unwrap_err();
    insta::assert_snapshot!(range("5 working days"), @"");
    insta::assert_snapshot!(range("20..5 days"), @"");
    insta::assert_snapshot!(range("5..20"), @"");
    insta::assert_snapshot!(range("5..20 workdays"), @"");
}

#[test]
fn a_moment_is_read_with_its_london_day() {
    for (text, london) in [
        ("2025-06-30T23:30:00Z", "2025-07-01"),
        ("2025-12-31T23:30:00Z", "2025-12-31"),
        ("2025-07-01T00:30:00+01:00", "2025-07-01"),
        ("2025-07-01T00:30:00.123456+05:00", "2025-06-30"),
        ("2025-07-01t00:30:00z", "2025-07-01"),
        ("1970-01-31T23:30:00Z", "1970-02-01"),
        ("1941-06-15T22:30:00Z", "1941-06-16"),
        ("2016-12-31T23:59:60Z", "2017-01-01"),
    ] {
        let moment = Moment::parse(text).unwrap();
        assert_eq!(moment.day, day(london), "{text}");
        assert!(moment.second.is_some());
    }
    assert_eq!(Moment::parse("2025-07-01"), Some(Moment::of_day(day("2025-07-01"))));
    for text in [
        "",
        "2025-07-01T",
        "2025-07-01T10:00:00",
        "2025-07-01 10:00:00Z",
        "2025-07-01T10:00Z",
        "2025-07-01T24:00:00Z",
        "2025-07-01T10:60:00Z",
        "2025-07-01T10:00:60Z",
        "2025-07-01T10:00:00+0100",
        "2025-07-01T10:00:00+24:00",
        "2025-07-01T10:00:00.Z",
        "2025-07-01T10:00:00Zx",
        "2025-02-29T10:00:00Z",
        "2025-07-0１T10:00:00Z",
        "0001-01-01T00:00:00+01:00",
    ] {
        assert_eq!(Moment::parse(text), None, "{text}");
    }
}

/// A day that the calendar covers.
fn covered() -> impl Strategy<Value = Day> {
    let (first, last) = (CALENDAR.first_day().number(), CALENDAR.last_day().number());
    (first..=last).prop_map(|number| Day::from_number(number).unwrap())
}

/// Working days after `from` up to and including `to`, counted one by one from the list of holidays.
fn counted(from: Day, to: Day) -> i64 {
    if to < from {
        return -counted(to, from);
    }
    let days = (from.number() + 1..=to.number()).filter_map(Day::from_number);
    let working = days
        .filter(|day| day.weekday() < 5 && CALENDAR.holidays().iter().all(|holiday| holiday.date != *day));
    i64::try_from(working.count()).unwrap()
}

proptest! {
    #[test]
    fn working_days_between_agrees_with_counting_one_by_one(from in covered(), length in -400_i32..400) {
        let to = from.plus_days(length).unwrap();
        let expected = CALENDAR.is_working_day(to).map(|_| counted(from, to));
        prop_assert_eq!(CALENDAR.working_days_between(from, to), expected);
    }

    #[test]
    fn due_and_working_days_between_are_inverses(start in covered(), count in 1_u32..800) {
        let limit = Limit { count, unit: Unit::WorkingDays };
        match CALENDAR.due(Moment::of_day(start), limit, false) {
            Ok(due) => {
                prop_assert_eq!(CALENDAR.working_days_between(start, due.day), Some(i64::from(count)));
                prop_assert_eq!(CALENDAR.is_working_day(due.day), Some(true));
            }
            Err(unknown) => {
                prop_assert_eq!(unknown, Unknown::BeyondCalendar);
                prop_assert!(counted(start, CALENDAR.last_day()) < i64::from(count));
            }
        }
    }

    #[test]
    fn counting_back_mirrors_counting_on(event in covered(), count in 1_u32..300) {
        let limit = Limit { count, unit: Unit::WorkingDays };
        if let Ok(latest) = CALENDAR.latest_before(event, limit) {
            let eve = event.plus_days(-1).unwrap();
            prop_assert_eq!(CALENDAR.is_working_day(latest.day), Some(true));
            prop_assert_eq!(counted(latest.day, eve), i64::from(count) - 1);
            if CALENDAR.is_working_day(event) == Some(true) {
                let on = CALENDAR.due(Moment::of_day(latest.day), limit, false).unwrap();
                prop_assert_eq!(on.day, event);
            }
        } else {
            prop_assert!(counted(CALENDAR.first_day(), event) <= i64::from(count));
        }
    }

    #[test]
    fn what_is_done_by_the_latest_day_is_in_time_for_the_event(
        event in covered(),
        count in 0_u32..60,
        unit in prop_oneof![Just(Unit::Days), Just(Unit::Weeks), Just(Unit::Months), Just(Unit::Years)],
    ) {
        let limit = Limit { count, unit };
        let latest = CALENDAR.latest_before(event, limit).unwrap().day;
        let reached = CALENDAR.due(Moment::of_day(latest), limit, false).unwrap().day;
        prop_assert!(reached <= event);
        if matches!(unit, Unit::Days | Unit::Weeks) {
            prop_assert_eq!(reached, event);
        }
    }

    #[test]
    fn beginning_with_a_day_is_never_later_and_at_most_a_day_earlier_in_calendar_units(
        start in covered(),
        count in 1_u32..60,
        unit in prop_oneof![Just(Unit::Days), Just(Unit::Weeks), Just(Unit::Months), Just(Unit::Years)],
    ) {
        let of = |with| CALENDAR.due(Moment::of_day(start), Limit { count, unit }, with).unwrap().day;
        prop_assert!((0..=1).contains(&of(false).days_since(of(true))));
    }

    #[test]
    fn moments_agree_with_chrono_tz_from_1900_to_2037(second in -2_208_988_800_i64..2_145_916_800, zone_minutes in -1_439_i32..=1_439) {
        let utc = Utc.timestamp_opt(second, 0).unwrap();
        let london = utc.with_timezone(&chrono_tz::Europe::London).date_naive();
        let expected = Day::from_ymd(london.year(), london.month(), london.day()).unwrap();
        let zone = FixedOffset::east_opt(zone_minutes * 60).unwrap();
        for text in [utc.to_rfc3339(), utc.with_timezone(&zone).to_rfc3339()] {
            prop_assert_eq!(Moment::parse(&text), Some(Moment { day: expected, second: Some(second) }), "{}", text);
        }
    }

    #[test]
    fn any_text_at_all_is_read_or_refused_without_a_fall(text in "\\PC{0,40}") {
        let _ = (Limit::parse(&text), LimitRange::parse(&text));
        if let Some(moment) = Moment::parse(&text) {
            prop_assert!(text.starts_with(|letter: char| letter.is_ascii_digit()) && moment.day >= Day::FIRST);
        }
    }
}

#[test]
fn moments_agree_with_chrono_tz_around_every_change_of_the_clock() {
    for year in 1960..=2037 {
        for month in [2, 3, 4, 10, 11] {
            let midnight = Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).unwrap().timestamp();
            for hour in 0..28 * 24 + 96 {
                let second = midnight + hour * 3_600 - 1;
                let london = Utc
                    .timestamp_opt(second, 0)
                    .unwrap()
                    .with_timezone(&chrono_tz::Europe::London)
                    .date_naive();
                let found = Moment::of_second(second).unwrap().day;
                assert_eq!(found.ymd(), (london.year(), london.month(), london.day()), "{second}");
            }
        }
    }
}
