//! A recorded time, read by hand because every date-time of every record passes here.
//!
//! `rules` reads the dates of a record through it; `due.rs` counts from it. Records that give a time of day must give its
//! zone: a time without one is not read, since in one hour of each autumn it would mean two instants.

use crate::model::Day;

use super::london::SECONDS_IN_DAY;
use super::london::SECONDS_IN_HOUR;
use super::london::london_day;

/// A recorded time: its London day, and the UTC instant (seconds since 1970) when a time of day was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day in London.
    pub day: Day,
    /// Seconds since 1970-01-01T00:00:00Z, fractions dropped; nothing when only a date was recorded.
    pub second: Option<i64>,
}

impl Moment {
    /// A day without a time of day.
    pub const fn of_day(day: Day) -> Self {
        Self { day, second: None }
    }

    /// The moment of an instant in seconds since 1970, if its London day can be written.
    pub fn of_second(second: i64) -> Option<Self> {
        Some(Self { day: london_day(second)?, second: Some(second) })
    }

    /// Reads `YYYY-MM-DD`, or a date and time with its zone as RFC 3339 writes them; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let day = Day::parse(date)?;
        if rest.is_empty() {
            return Some(Self::of_day(day));
        }
        let &[b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2, ref tail @ ..] = rest.as_bytes() else {
            return None;
        };
        let (hour, minute, second) = (pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let ahead = zone(after_fraction(tail)?)?;
        let midnight = i64::from(day.number()) * SECONDS_IN_DAY;
        let instant = midnight + hour * SECONDS_IN_HOUR + minute * 60 + second - ahead;
        if second == 60 && instant.rem_euclid(SECONDS_IN_DAY) != 0 {
            return None;
        }
        Self::of_second(instant)
    }
}

/// Two digits as a number.
fn pair(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// What follows a fraction of a second; all of it when there is no fraction.
fn after_fraction(tail: &[u8]) -> Option<&[u8]> {
    let [b'.', digits @ ..] = tail else {
        return Some(tail);
    };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then(|| digits.get(count..)).flatten()
}

/// Seconds ahead of UTC that a zone says: `Z`, or hours and minutes with a sign.
fn zone(text: &[u8]) -> Option<i64> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
            let ahead = hours * SECONDS_IN_HOUR + minutes * 60;
            (hours <= 23 && minutes <= 59).then_some(if sign == b'-' { -ahead } else { ahead })
        }
        _ => None,
    }
}
