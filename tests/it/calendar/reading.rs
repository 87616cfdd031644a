//! Limits, ranges and moments as they are written.

use casecheck::calendar::Limit;
use casecheck::calendar::LimitRange;
use casecheck::calendar::Moment;
use casecheck::calendar::Unit;

use super::day;

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
    insta::assert_snapshot!(wrong("10 workng days"), @"`workng days` is not a unit of time: did you mean `working days`?");
    insta::assert_snapshot!(wrong("10 Working Days"), @"`Working Days` is not a unit of time: did you mean `working days`?");
    insta::assert_snapshot!(wrong("10 fortnights"), @"`fortnights` is not a unit of time: write one of days, working days, school days, weeks, months, years, hours, school terms");
    insta::assert_snapshot!(wrong("ten days"), @"`ten` is not a whole number: write it in digits, like `10 working days`");
    insta::assert_snapshot!(wrong("-3 days"), @"`-3` is not a whole number: write it in digits, like `10 working days`");
    insta::assert_snapshot!(wrong("99999999999 days"), @"`99999999999` is too large for a limit: write at most 4294967295");
    insta::assert_snapshot!(wrong("10days"), @"write a number, a space and a unit, like `10 working days`: did you mean `10 days`?");
    insta::assert_snapshot!(wrong(""), @"write a number, a space and a unit, like `10 working days`");
    let range = |text| LimitRange::parse(text).unwrap_err();
    insta::assert_snapshot!(range("5 working days"), @"write the shortest, two dots, the longest and a unit, like `5..20 working days`");
    insta::assert_snapshot!(range("20..5 days"), @"the shortest comes first: write `5..20`");
    insta::assert_snapshot!(range("5..20"), @"write the shortest, two dots, the longest and a unit, like `5..20 working days`");
    insta::assert_snapshot!(range("5..20 workdays"), @"`workdays` is not a unit of time: write one of days, working days, school days, weeks, months, years, hours, school terms");
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
