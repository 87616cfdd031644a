//! Days as the county counts them: forwards and backwards from the day the county is looked at, on working days.
//!
//! Every part of the room writes its dates through [`Dates`], so that nothing done is ever dated after the day it is.

use serde_json::Value;

use crate::calendar::Calendar;
use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::calendar::Unit;
use crate::model::Day;

/// The calendar and the day on which the county is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dates<'c> {
    pub(super) calendar: &'c Calendar,
    pub(super) as_at: Day,
}

impl Dates<'_> {
    /// So many working days later; about as many weekdays where the bank holidays are not known.
    pub(super) fn working(self, day: Day, count: u32) -> Day {
        let limit = Limit { count, unit: Unit::WorkingDays };
        let weeks = i32::try_from(count).unwrap_or(0) * 7 / 5;
        self.calendar.due(Moment::of_day(day), limit, false).map_or_else(|_| after(day, weeks), |due| due.day)
    }

    /// The day itself if it is a working day, else the last working day before it.
    pub(super) fn workday(self, day: Day) -> Day {
        (0..7)
            .map(|back| after(day, -back))
            .find(|earlier| self.calendar.is_working_day(*earlier).unwrap_or(earlier.weekday() < 5))
            .unwrap_or(day)
    }

    /// Whether the day has come.
    pub(super) fn past(self, day: Day) -> bool {
        day <= self.as_at
    }

    /// The date of something done: null, and so not written, while the day has not come.
    pub(super) fn done(self, day: Day) -> Value {
        if self.past(day) { written(day) } else { Value::Null }
    }

    /// The moment at which something was recorded, in universal time: null while the day has not come.
    pub(super) fn stamp(self, day: Day, minute_of_day: i32) -> Value {
        if !self.past(day) {
            return Value::Null;
        }
        let minute = minute_of_day.rem_euclid(1440);
        Value::String(format!("{day}T{:02}:{:02}:00Z", minute / 60, minute % 60))
    }
}

/// So many days later, or earlier when negative.
pub(super) fn after(day: Day, days: i32) -> Day {
    day.plus_days(days).unwrap_or(day)
}

/// So many months later, or earlier when negative.
pub(super) fn months(day: Day, count: i32) -> Day {
    day.plus_months(count).unwrap_or(day)
}

/// A date as a record writes it.
pub(super) fn written(day: Day) -> Value {
    Value::String(day.to_string())
}

/// A date as people say it, such as 4 March.
pub(super) fn spoken(day: Day) -> String {
    let (_, month, date) = day.ymd();
    let names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let place = usize::try_from(month).unwrap_or(1).saturating_sub(1);
    format!("{date} {}", names.get(place).copied().unwrap_or_default())
}
