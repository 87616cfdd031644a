//! The day that it is in London at an instant.
//!
//! `moment.rs` and `due.rs` ask. Since 1996 summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the
//! last Sunday of October (SI 2002/262 and its forerunners), which is worked out here; earlier years, with their wartime
//! and all-year summer times, come from the time-zone database.

use chrono::DateTime;
use chrono::Offset;
use chrono::TimeZone;

use crate::model::Day;

pub(super) const SECONDS_IN_HOUR: i64 = 3_600;
pub(super) const SECONDS_IN_DAY: i64 = 86_400;

/// 1996-01-01T00:00:00Z, from when the rule has been the present one.
const PRESENT_RULE: i64 = 820_454_400;

/// An instant in microseconds since 1970 as RFC 3339 writes it, in UTC to the millisecond; empty for one that cannot be written.
pub fn written_utc(microseconds: i64) -> String {
    let at = DateTime::from_timestamp_micros(microseconds);
    at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)).unwrap_or_default()
}

/// The London day of an instant in seconds since 1970, if it can be written.
pub(super) fn london_day(second: i64) -> Option<Day> {
    let local = second.checked_add(offset(second)?)?;
    Day::from_number(i32::try_from(local.div_euclid(SECONDS_IN_DAY)).ok()?)
}

/// Seconds by which London's clocks are ahead of UTC at an instant.
fn offset(second: i64) -> Option<i64> {
    if second < PRESENT_RULE {
        let utc = DateTime::from_timestamp(second, 0)?.naive_utc();
        let fixed = chrono_tz::Europe::London.offset_from_utc_datetime(&utc).fix();
        return Some(i64::from(fixed.local_minus_utc()));
    }
    let utc_day = Day::from_number(i32::try_from(second.div_euclid(SECONDS_IN_DAY)).ok()?)?;
    let (year, month, _) = utc_day.ymd();
    let summer = match month {
        4..=9 => true,
        3 => second >= change(year, 3)?,
        10 => second < change(year, 10)?,
        _ => false,
    };
    Some(if summer { SECONDS_IN_HOUR } else { 0 })
}

/// 01:00 UTC on the last Sunday of a month with 31 days, in seconds since 1970.
fn change(year: i32, month: u32) -> Option<i64> {
    let last = Day::from_ymd(year, month, 31)?;
    let after_sunday = i32::try_from((last.weekday() + 1) % 7).ok()?;
    let sunday = last.plus_days(-after_sunday)?;
    Some(i64::from(sunday.number()) * SECONDS_IN_DAY + SECONDS_IN_HOUR)
}
