//! Limits of time as a rule file writes them: "10 working days", and the range within which an authority may move one.
//!
//! `rules` reads them while it checks a rule, and shows them back to people; `due.rs` counts with them.

use std::fmt;

use crate::model::closest;

/// What a limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Calendar days.
    Days,
    /// Days other than Saturdays, Sundays and bank holidays.
    WorkingDays,
    /// Days on which schools of the authority are open.
    SchoolDays,
    /// Seven calendar days each.
    Weeks,
    /// Calendar months, by the corresponding date.
    Months,
    /// Twelve calendar months each.
    Years,
    /// Sixty minutes each, across changes of the clock.
    Hours,
    /// Terms of the authority's schools, halves joined.
    SchoolTerms,
}

/// Every unit with its singular and plural, in the order in which they are offered to a writer.
const WORDS: [(Unit, &str, &str); 8] = [
    (Unit::Days, "day", "days"),
    (Unit::WorkingDays, "working day", "working days"),
    (Unit::SchoolDays, "school day", "school days"),
    (Unit::Weeks, "week", "weeks"),
    (Unit::Months, "month", "months"),
    (Unit::Years, "year", "years"),
    (Unit::Hours, "hour", "hours"),
    (Unit::SchoolTerms, "school term", "school terms"),
];

impl Unit {
    /// The plural word, as in "working days".
    pub const fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::WorkingDays => "working days",
            Self::SchoolDays => "school days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
            Self::Hours => "hours",
            Self::SchoolTerms => "school terms",
        }
    }

    /// The singular word, as in "working day".
    pub const fn one(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::WorkingDays => "working day",
            Self::SchoolDays => "school day",
            Self::Weeks => "week",
            Self::Months => "month",
            Self::Years => "year",
            Self::Hours => "hour",
            Self::SchoolTerms => "school term",
        }
    }

    /// The unit that a word names, singular or plural.
    pub fn from_word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, one, many)| word == *one || word == *many).map(|(unit, ..)| *unit)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// A length of time in one unit, such as 10 working days; nought is allowed and means the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How many of the unit.
    pub count: u32,
    /// What is counted.
    pub unit: Unit,
}

impl Limit {
    /// Reads a limit like `10 working days`; the error says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(|| {
            format!("write a number, a space and a unit, like `10 working days`{}", glued(text))
        })?;
        Ok(Self { count: read_count(count)?, unit: read_unit(unit)? })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.count == 1 { self.unit.one() } else { self.unit.word() };
        write!(out, "{} {word}", self.count)
    }
}

/// The limits that an authority may choose between, both ends in, such as `5..20 working days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LimitRange {
    /// The shortest that is allowed.
    pub from: u32,
    /// The longest that is allowed.
    pub to: u32,
    /// What both ends are counted in.
    pub unit: Unit,
}

impl LimitRange {
    /// Reads a range like `5..20 working days`; the error says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shape =
            || "write the shortest, two dots, the longest and a unit, like `5..20 working days`".to_owned();
        let (from, rest) = text.trim().split_once("..").ok_or_else(shape)?;
        let (to, unit) = rest.trim_start().split_once(char::is_whitespace).ok_or_else(shape)?;
        let (from, to) = (read_count(from.trim_end())?, read_count(to)?);
        if from > to {
            return Err(format!("the shortest comes first: write `{to}..{from}`"));
        }
        Ok(Self { from, to, unit: read_unit(unit)? })
    }

    /// Whether a limit has the same unit and lies between the ends, both in.
    pub fn contains(self, limit: Limit) -> bool {
        limit.unit == self.unit && (self.from..=self.to).contains(&limit.count)
    }
}

impl fmt::Display for LimitRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}..{} {}", self.from, self.to, self.unit.word())
    }
}

/// Reads a count written in digits alone.
fn read_count(text: &str) -> Result<u32, String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{text}` is not a whole number: write it in digits, like `10 working days`"));
    }
    text.parse().map_err(|_| format!("`{text}` is too large for a limit: write at most {}", u32::MAX))
}

/// Reads a unit, and says which it could have been when it is none.
fn read_unit(text: &str) -> Result<Unit, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let word = words.join(" ");
    if let Some(unit) = Unit::from_word(&word) {
        return Ok(unit);
    }
    let known = WORDS.iter().flat_map(|(_, one, many)| [*one, *many]);
    Err(match closest(&word.to_lowercase(), known) {
        Some(near) => format!("`{word}` is not a unit of time: did you mean `{near}`?"),
        None => format!("`{word}` is not a unit of time: write one of {}", listed()),
    })
}

/// The units that can be written, in one phrase.
fn listed() -> String {
    let words: Vec<&str> = WORDS.iter().map(|(.., many)| *many).collect();
    words.join(", ")
}

/// A suggestion for a number and a unit written without the space between them.
fn glued(text: &str) -> String {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.split_at_checked(digits) {
        Some((count, word)) if !count.is_empty() && Unit::from_word(word).is_some() => {
            format!(": did you mean `{count} {word}`?")
        }
        _ => String::new(),
    }
}
