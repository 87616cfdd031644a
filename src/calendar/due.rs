//! When a duty falls due, and how early something must be done to be in time for an event.
//!
//! `rules` calls these for every duty of every record. The conventions are those of the catalogue of standards: the day of
//! the event is left out unless the law says "beginning with"; a calendar limit that ends on a holiday does not roll on.

use crate::model::Day;

use super::limit::Limit;
use super::limit::Unit;
use super::london::SECONDS_IN_HOUR;
use super::moment::Moment;
use super::working::Calendar;

/// Months that stand in for a school term where term dates are not known.
const MONTHS_FOR_A_TERM: u32 = 4;

/// The last moment at which a duty is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day, in London.
    pub day: Day,
    /// The last instant in seconds since 1970, for limits in hours from a recorded time of day.
    pub second: Option<i64>,
    /// Whether the day stands in for one that the facts do not settle: no time of day, or no term dates.
    pub approximate: bool,
}

/// Why it cannot be told when a duty falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// A limit in working days starts or ends outside the years whose bank holidays are known.
    #[error("the limit leaves the years whose bank holidays are known: bring the calendar up to date")]
    BeyondCalendar,
    /// The limit ends on a day that cannot be written (years 1 to 9999).
    #[error("the limit ends outside the years 1 to 9999: check the date that it starts from")]
    BeyondDates,
}

impl Due {
    /// A day that the facts settle.
    const fn on(day: Day) -> Self {
        Self { day, second: None, approximate: false }
    }

    /// A day that stands in for one that the facts do not settle.
    const fn about(day: Day) -> Self {
        Self { day, second: None, approximate: true }
    }
}

impl Calendar {
    /// The last moment in time for a duty that starts at `start`. The day of the start is left out, unless `beginning_with`
    /// makes it the first day. A limit of nought ends on the day it starts. Hours run from the instant recorded; from a bare
    /// date they are whole days, rounded up and approximate. A number of school terms ends with the term of that number after
    /// the one in which, or before which, the start falls.
    pub fn due(&self, start: Moment, limit: Limit, beginning_with: bool) -> Result<Due, Unknown> {
        let (day, count) = (start.day, limit.count);
        match limit.unit {
            Unit::Hours => hours_after(start, count),
            Unit::SchoolTerms => self.terms_after(day, count),
            _ if count == 0 => Ok(Due::on(day)),
            Unit::Days => days_after(day, count, 1, beginning_with),
            Unit::Weeks => days_after(day, count, 7, beginning_with),
            Unit::Months => months_after(day, count, 1, beginning_with),
            Unit::Years => months_after(day, count, 12, beginning_with),
            Unit::WorkingDays => self.working_days_after(day, count, beginning_with).map(Due::on),
            Unit::SchoolDays => {
                let known =
                    self.schools().and_then(|schools| schools.days.nth_after(day, count, beginning_with));
                match known {
                    Some(last) => Ok(Due::on(last)),
                    None => self.working_days_after(day, count, beginning_with).map(Due::about),
                }
            }
        }
    }

    /// The latest day on which something must be done to be at least `limit` before `event`, whose own day is left out:
    /// the mirror of [`Calendar::due`]. School terms count back to the first day of the term of that number.
    pub fn latest_before(&self, event: Day, limit: Limit) -> Result<Due, Unknown> {
        let count = limit.count;
        let back = |factor: u32| step(count, factor).map(|steps| -steps);
        match limit.unit {
            Unit::Hours => move_days(event, -step(count.div_ceil(24), 1)?).map(Due::about),
            Unit::SchoolTerms => match self.schools().and_then(|schools| schools.term_before(event, count)) {
                Some(term) => Ok(Due::on(term.first_day)),
                None => move_months(event, back(MONTHS_FOR_A_TERM)?).map(Due::about),
            },
            _ if count == 0 => Ok(Due::on(event)),
            Unit::Days => move_days(event, back(1)?).map(Due::on),
            Unit::Weeks => move_days(event, back(7)?).map(Due::on),
            Unit::Months => move_months(event, back(1)?).map(Due::on),
            Unit::Years => move_months(event, back(12)?).map(Due::on),
            Unit::WorkingDays => self.working_days_back(event, count).map(Due::on),
            Unit::SchoolDays => {
                match self.schools().and_then(|schools| schools.days.nth_before(event, count)) {
                    Some(day) => Ok(Due::on(day)),
                    None => self.working_days_back(event, count).map(Due::about),
                }
            }
        }
    }

    /// The working day with this number after a day, or beginning with it.
    fn working_days_after(&self, day: Day, count: u32, beginning_with: bool) -> Result<Day, Unknown> {
        self.working().nth_after(day, count, beginning_with).ok_or(Unknown::BeyondCalendar)
    }

    /// The working day with this number before a day.
    fn working_days_back(&self, day: Day, count: u32) -> Result<Day, Unknown> {
        self.working().nth_before(day, count).ok_or(Unknown::BeyondCalendar)
    }

    /// The end of the school term with this number after the one that a day is in or before; four months a term otherwise.
    fn terms_after(&self, day: Day, count: u32) -> Result<Due, Unknown> {
        match self.schools().and_then(|schools| schools.term_after(day, count)) {
            Some(term) => Ok(Due::on(term.last_day)),
            None => move_months(day, step(count, MONTHS_FOR_A_TERM)?).map(Due::about),
        }
    }
}

/// The instant so many hours after a recorded time, or the day so many whole days after a bare date.
fn hours_after(start: Moment, count: u32) -> Result<Due, Unknown> {
    let Some(second) = start.second else {
        return move_days(start.day, step(count.div_ceil(24), 1)?).map(Due::about);
    };
    let end = second
        .checked_add(i64::from(count) * SECONDS_IN_HOUR)
        .and_then(Moment::of_second)
        .ok_or(Unknown::BeyondDates)?;
    Ok(Due { day: end.day, second: end.second, approximate: false })
}

/// The day so many days or weeks after a day, or of a span that begins with it.
fn days_after(day: Day, count: u32, factor: u32, beginning_with: bool) -> Result<Due, Unknown> {
    let steps = step(count, factor)?;
    move_days(day, steps - i32::from(beginning_with)).map(Due::on)
}

/// The corresponding day so many months later. A span that begins with a day ends on the eve of the corresponding day or,
/// where the month has no such day, with the month.
fn months_after(day: Day, count: u32, factor: u32, beginning_with: bool) -> Result<Due, Unknown> {
    let end = move_months(day, step(count, factor)?)?;
    let corresponds = end.ymd().2 == day.ymd().2;
    move_days(end, -i32::from(beginning_with && corresponds)).map(Due::on)
}

/// A count times a factor as a signed number of steps.
fn step(count: u32, factor: u32) -> Result<i32, Unknown> {
    count.checked_mul(factor).and_then(|steps| i32::try_from(steps).ok()).ok_or(Unknown::BeyondDates)
}

/// A day moved by days.
fn move_days(day: Day, days: i32) -> Result<Day, Unknown> {
    day.plus_days(days).ok_or(Unknown::BeyondDates)
}

/// A day moved by calendar months.
fn move_months(day: Day, months: i32) -> Result<Day, Unknown> {
    day.plus_months(months).ok_or(Unknown::BeyondDates)
}
