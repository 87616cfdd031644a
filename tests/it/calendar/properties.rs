//! Properties of counting, each held against a slow or a foreign way to the same answer.

use chrono::Datelike;
use chrono::FixedOffset;
use chrono::TimeZone;
use chrono::Utc;
use proptest::prelude::*;

use casecheck::calendar::Limit;
use casecheck::calendar::LimitRange;
use casecheck::calendar::Moment;
use casecheck::calendar::Unit;
use casecheck::calendar::Unknown;
use casecheck::model::Day;

use super::CALENDAR;

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
