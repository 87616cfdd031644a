//! `Day` is worked out by hand; chrono is asked whether it is right, over its whole range.

use casecheck::model::Day;
use chrono::Datelike;
use chrono::Duration;
use chrono::Months;
use chrono::NaiveDate;
use proptest::prelude::*;

fn by_chrono(number: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Duration::days(i64::from(number))
}

#[test]
fn every_sampled_day_of_ten_thousand_years_agrees_with_chrono() {
    let numbers = (Day::FIRST.number()..=Day::LAST.number()).step_by(13);
    for number in numbers.chain([Day::FIRST.number(), -1, 0, 1, Day::LAST.number()]) {
        let (day, date) = (Day::from_number(number).unwrap(), by_chrono(number));
        assert_eq!(day.ymd(), (date.year(), date.month(), date.day()));
        assert_eq!(Day::from_ymd(date.year(), date.month(), date.day()), Some(day));
        assert_eq!(day.weekday(), date.weekday().num_days_from_monday());
        assert_eq!(day.to_string(), date.format("%Y-%m-%d").to_string());
        assert_eq!(Day::parse(&day.to_string()), Some(day));
    }
}

#[test]
fn days_beyond_the_range_cannot_be_made() {
    assert_eq!(Day::from_number(Day::FIRST.number() - 1), None);
    assert_eq!(Day::from_number(Day::LAST.number() + 1), None);
    assert_eq!(Day::LAST.plus_days(1), None);
    assert_eq!(Day::LAST.plus_days(i32::MAX), None);
    assert_eq!(Day::FIRST.plus_months(-1), None);
    assert_eq!(Day::LAST.plus_months(i32::MAX), None);
    assert_eq!(Day::FIRST.to_string(), "0001-01-01");
    assert_eq!(Day::LAST.to_string(), "9999-12-31");
}

#[test]
fn a_day_that_does_not_exist_is_not_read() {
    for text in
        ["2025-02-29", "1900-02-29", "2025-00-10", "2025-13-01", "2025-04-31", "2025-01-00", "0000-01-01"]
    {
        assert_eq!(Day::parse(text), None, "{text}");
    }
    for text in [
        "",
        "2025-1-01",
        "20250101",
        "2025-01-01 ",
        " 2025-01-01",
        "2025/01/01",
        "+025-01-01",
        "２０２５-01-01",
    ] {
        assert_eq!(Day::parse(text), None, "{text}");
    }
    assert!(Day::parse("2000-02-29").is_some() && Day::parse("2024-02-29").is_some());
}

#[test]
fn ages_turn_on_the_birthday_and_leap_day_births_on_28_february() {
    let day = |text| Day::parse(text).unwrap();
    assert_eq!(day("2025-06-14").age_since(day("2020-06-15")), 4);
    assert_eq!(day("2025-06-15").age_since(day("2020-06-15")), 5);
    assert_eq!(day("2025-02-27").age_since(day("2020-02-29")), 4);
    assert_eq!(day("2025-02-28").age_since(day("2020-02-29")), 5);
    assert_eq!(day("2024-02-28").age_since(day("2020-02-29")), 3);
}

proptest! {
    #[test]
    fn months_are_added_as_chrono_adds_them(number in Day::FIRST.number()..=Day::LAST.number(), months in -1_500_i32..1_500) {
        let moved = Day::from_number(number).unwrap().plus_months(months);
        let step = Months::new(months.unsigned_abs());
        let date = by_chrono(number);
        let expected = if months < 0 { date.checked_sub_months(step) } else { date.checked_add_months(step) };
        let expected = expected.filter(|date| (1..=9999).contains(&date.year()));
        prop_assert_eq!(moved.map(Day::ymd), expected.map(|date| (date.year(), date.month(), date.day())));
    }

    #[test]
    fn adding_months_never_passes_the_end_of_the_month(number in -200_000_i32..200_000, months in -600_i32..600) {
        let day = Day::from_number(number).unwrap();
        let moved = day.plus_months(months).unwrap();
        let ((year, month, from), (to_year, to_month, to)) = (day.ymd(), moved.ymd());
        let index = |year: i32, month: u32| year * 12 + i32::try_from(month).unwrap() - 1;
        prop_assert_eq!(index(to_year, to_month), index(year, month) + months);
        let last_of_month = moved.plus_days(1).unwrap().ymd().1 != to_month;
        prop_assert!(to == from || (to < from && last_of_month));
    }

    #[test]
    fn only_what_chrono_reads_is_a_day(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
        let expected = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|date| date.year() >= 1);
        let read = Day::parse(&text).map(Day::ymd);
        prop_assert_eq!(read, expected.map(|date| (date.year(), date.month(), date.day())));
    }
}
