//! What can be wrong with a calendar or a table of terms when it is made.
//!
//! `catalog` turns these into problems with the file and line; `feed.rs` adds them to what is wrong with a feed.

use crate::model::Day;

use super::terms::TermName;

/// One thing wrong with the facts from which a calendar would be made, saying what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// The name or the version is blank.
    #[error("the calendar has no {0}: give it one, since every result names the calendar it was counted by")]
    Blank(&'static str),
    /// The years do not run forwards within 1 to 9999.
    #[error(
        "the years {first} to {last} do not run forwards within 1 to 9999: put the earlier year in `first_year`"
    )]
    Years {
        /// The first year given.
        first: i32,
        /// The last year given.
        last: i32,
    },
    /// A holiday lies outside the years that the calendar says it covers.
    #[error(
        "the holiday on {0} is outside the calendar's years: widen `first_year` and `last_year`, or take it out"
    )]
    HolidayOutside(Day),
    /// Two holidays are on one day.
    #[error("there are two holidays on {0}: keep one")]
    HolidayTwice(Day),
    /// There is no term.
    #[error("{0} has no school terms: list them, or leave the term file out")]
    NoTerms(String),
    /// An academic year is not written like `2025-26`.
    #[error("`{0}` is not an academic year: write it like `2025-26`")]
    AcademicYear(String),
    /// A term, or a half of one, ends before it begins.
    #[error(
        "the {name} term of {academic_year} that starts on {first_day} ends before it: correct one of the two days"
    )]
    TermBackwards {
        /// The academic year, such as 2025-26.
        academic_year: String,
        /// Which term of it.
        name: TermName,
        /// The day it is said to start.
        first_day: Day,
    },
    /// A term does not lie in the academic year that it is said to belong to.
    #[error(
        "the {name} term that starts on {first_day} is not within 1 August to 31 August of {academic_year}: correct the year or the days"
    )]
    TermElsewhere {
        /// The academic year, such as 2025-26.
        academic_year: String,
        /// Which term of it.
        name: TermName,
        /// The day it starts.
        first_day: Day,
    },
    /// A term starts before the one in front of it has ended.
    #[error("the term that starts on {0} begins before the one in front of it has ended: correct the days")]
    TermsOverlap(Day),
    /// The terms jump over one that must be missing.
    #[error(
        "a term seems to be missing before the {name} term that starts on {first_day}: list autumn, spring and summer in order"
    )]
    TermMissing {
        /// The term in front of which one is missing.
        name: TermName,
        /// The day it starts.
        first_day: Day,
    },
    /// A term lies outside the years whose bank holidays are known.
    #[error(
        "the term that starts on {0} is outside the years of the bank holidays: bring the calendar up to date first, or take the term out"
    )]
    TermOutside(Day),
}
