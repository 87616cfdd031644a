//! Due days: the catalogue's vectors, public month arithmetic, hours over changes of the clock, and where counting ends.

use chrono::DateTime;

use casecheck::calendar::Limit;
use casecheck::calendar::Moment;
use casecheck::calendar::Unknown;
use casecheck::model::Day;

use super::CALENDAR;
use super::day;
use super::due;
use super::due_in;

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
        assert_eq!(found.day, day(&end.date_naive().to_string()), "{start}");
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
