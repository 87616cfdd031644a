//! School terms and school days of the county of the demonstration, and terms that do not hold together.

use casecheck::calendar::Calendar;
use casecheck::calendar::Due;
use casecheck::calendar::Limit;
use casecheck::calendar::Term;
use casecheck::calendar::TermName;
use casecheck::calendar::Terms;
use casecheck::calendar::Unit;

use super::CALENDAR;
use super::COUNTY;
use super::day;
use super::due;
use super::due_in;

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
    insta::assert_debug_snapshot!(faults_of(vec![autumn(), spring(), later, backwards, odd]), @r#"
    [
        "the autumn term of 2025-26 that starts on 2025-12-01 ends before it: correct one of the two days",
        "`2025/26` is not an academic year: write it like `2025-26`",
        "the term that starts on 2025-04-04 begins before the one in front of it has ended: correct the days",
    ]
    "#);
    let summer = term("2024-25", Summer, "2025-04-24", "2025-07-20");
    let elsewhere = term("2026-27", Autumn, "2025-09-02", "2025-12-18");
    let outside = term("2026-27", Spring, "2027-01-05", "2027-04-01");
    insta::assert_debug_snapshot!(faults_of(vec![autumn(), summer, elsewhere, outside]), @r#"
    [
        "the autumn term that starts on 2025-09-02 is not within 1 August to 31 August of 2026-27: correct the year or the days",
        "the term that starts on 2027-01-05 is outside the years of the bank holidays: bring the calendar up to date first, or take the term out",
        "a term seems to be missing before the summer term that starts on 2025-04-24: list autumn, spring and summer in order",
        "a term seems to be missing before the autumn term that starts on 2025-09-02: list autumn, spring and summer in order",
    ]
    "#);
}
