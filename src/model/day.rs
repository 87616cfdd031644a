//! A calendar day as a number, read and written by hand because every date of every record passes here.
//!
//! `intake` makes days while it parses; `calendar` counts with them; `chrono` stays at the edges.

use std::fmt;

/// A day of the proleptic Gregorian calendar, counted from 1970-01-01 (day 0). Years 0001 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

const DAYS_IN_ERA: i32 = 146_097;
const EPOCH_SHIFT: i32 = 719_468;

impl Day {
    /// The first day that can be written, 0001-01-01.
    pub const FIRST: Self = Self(-719_162);
    /// The last day that can be written, 9999-12-31.
    pub const LAST: Self = Self(2_932_896);

    /// The day with this number (days since 1970-01-01), if its year is 1 to 9999.
    pub fn from_number(number: i32) -> Option<Self> {
        let day = Self(number);
        (Self::FIRST..=Self::LAST).contains(&day).then_some(day)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day of this year, month (1–12) and day of the month, or nothing if there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || day < 1
            || (day > 28 && day > days_in_month(year, month))
        {
            return None;
        }
        // From 1 March on, so that a leap day is the last of its year; every part of the sum is at least nought.
        let year = (if month <= 2 { year - 1 } else { year }).unsigned_abs();
        let leap_days = year / 4 - year / 100 + year / 400;
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let number = i32::try_from(year * 365 + leap_days + day_of_year).ok()?;
        Some(Self(number - EPOCH_SHIFT))
    }

    /// Year, month (1–12) and day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        let shifted = self.0 + EPOCH_SHIFT;
        let era = shifted.div_euclid(DAYS_IN_ERA);
        let day_of_era = shifted.rem_euclid(DAYS_IN_ERA);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month.unsigned_abs(), day.unsigned_abs())
    }

    /// Reads exactly `YYYY-MM-DD`; anything else, and a day that does not exist, is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return None;
        };
        let all = [y1, y2, y3, y4, m1, m2, d1, d2];
        if !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let two = |tens: u8, ones: u8| u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
        let year = i32::try_from(two(y1, y2) * 100 + two(y3, y4)).ok()?;
        Self::from_ymd(year, two(m1, m2), two(d1, d2))
    }

    /// The day this many days later (earlier when negative), if it can be written.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        self.0.checked_add(days).and_then(Self::from_number)
    }

    /// Days from `earlier` to this day: 0 on the same day, negative when this day comes first.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The day this many calendar months later: the same day of the month, or the month's last day where there is none.
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let (year, month, day) = self.ymd();
        let index = year.checked_mul(12)?.checked_add(i32::try_from(month).ok()? - 1)?.checked_add(months)?;
        let (to_year, to_month) = (index.div_euclid(12), index.rem_euclid(12).unsigned_abs() + 1);
        Self::from_ymd(to_year, to_month, day.min(days_in_month(to_year, to_month)))
    }

    /// The day of the week: 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7).unsigned_abs()
    }

    /// The Monday of its week; the first day of all where that would be before it.
    #[must_use]
    pub fn monday(self) -> Self {
        let back = i32::try_from(self.weekday()).unwrap_or(0);
        self.plus_days(-back).unwrap_or(Self::FIRST)
    }

    /// Whole years from a birth on `born` to this day. A birthday is the day itself; one born on 29 February has it on
    /// 28 February in common years (`standards.md` A3).
    pub fn age_since(self, born: Self) -> i32 {
        let ((year, ..), (born_year, ..)) = (self.ymd(), born.ymd());
        let years = year - born_year;
        match born.plus_months(years.saturating_mul(12)) {
            Some(birthday) if birthday <= self => years,
            _ => years - 1,
        }
    }
}

/// Days in a month of the Gregorian calendar; `month` is 1–12.
fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Day {
    /// `YYYY-MM-DD`, as every answer writes it.
    pub fn letters(self) -> [u8; 10] {
        let (year, month, day) = self.ymd();
        let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or(0);
        let year = year.unsigned_abs();
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ]
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(std::str::from_utf8(&self.letters()).unwrap_or_default())
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.letters()).unwrap_or_default())
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a date is written YYYY-MM-DD"))
    }
}
