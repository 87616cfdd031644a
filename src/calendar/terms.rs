//! School terms of one authority: which term a day is in, the terms after and before it, and the days schools are open.
//!
//! `catalog` reads `rules/terms/<authority>.yaml` into [`Terms`]; `working.rs` checks them with the bank holidays. A term
//! with a half-term holiday is given as two entries with the same year and name, and counts as one term.

use std::fmt;

use crate::model::Day;

use super::fault::CalendarFault;
use super::table::DayTable;

/// One of the three terms of an academic year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TermName {
    /// From September to December.
    Autumn,
    /// From January to Easter.
    Spring,
    /// From Easter to July.
    Summer,
}

impl fmt::Display for TermName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Autumn => "autumn",
            Self::Spring => "spring",
            Self::Summer => "summer",
        })
    }
}

/// A term, or the part of one on either side of its half-term holiday.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The academic year, such as `2025-26`.
    pub academic_year: String,
    /// Which term of the year.
    pub name: TermName,
    /// The first day on which schools are open.
    pub first_day: Day,
    /// The last day on which schools are open.
    pub last_day: Day,
}

/// The terms of one authority's schools, as its term file gives them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The authority whose schools they are.
    pub authority: String,
    /// The terms, or their parts, in any order.
    #[serde(rename = "terms")]
    pub years: Vec<Term>,
}

/// Terms that hold together, with a table of school days.
#[derive(Clone, Debug)]
pub(super) struct SchoolYears {
    authority: String,
    whole: Vec<Term>,
    pub(super) days: DayTable,
}

impl SchoolYears {
    /// Checks the terms and counts their weekdays less the days that `is_holiday` names.
    pub(super) fn new(
        terms: Terms,
        covered: (Day, Day),
        is_holiday: impl Fn(Day) -> bool,
    ) -> Result<Self, Vec<CalendarFault>> {
        let Terms { authority, years: mut parts } = terms;
        parts.sort_by_key(|part| part.first_day);
        let whole = join(&parts);
        let mut faults: Vec<CalendarFault> =
            parts.iter().filter_map(|part| fault_in(part, covered)).collect();
        faults.extend(parts.windows(2).filter_map(overlap));
        faults.extend(whole.windows(2).filter_map(missing));
        let (Some(first), Some(last)) = (whole.first(), whole.last()) else {
            return Err(vec![CalendarFault::NoTerms(authority)]);
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let days = DayTable::new(first.first_day, last.last_day, |day| {
            let part = parts.partition_point(|part| part.last_day < day);
            let open = parts.get(part).is_some_and(|part| part.first_day <= day);
            open && day.weekday() < 5 && !is_holiday(day)
        });
        Ok(Self { authority, whole, days })
    }

    /// The authority whose terms they are.
    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// The term that a day is in, half-term holidays included.
    pub(super) fn term_of(&self, day: Day) -> Option<&Term> {
        let term = self.whole.get(self.reached(day))?;
        (term.first_day <= day).then_some(term)
    }

    /// The term with this number after the one that the day is in, or is before; nothing outside the terms known.
    pub(super) fn term_after(&self, day: Day, number: u32) -> Option<&Term> {
        if day < self.whole.first()?.first_day {
            return None;
        }
        let here = self.reached(day);
        self.whole.get(here)?;
        self.whole.get(here.checked_add(usize::try_from(number).ok()?)?)
    }

    /// The term with this number before the one that the day is in, or is after; nothing outside the terms known.
    pub(super) fn term_before(&self, day: Day, number: u32) -> Option<&Term> {
        if day > self.whole.last()?.last_day {
            return None;
        }
        let here = self.whole.partition_point(|term| term.first_day <= day).checked_sub(1)?;
        self.whole.get(here.checked_sub(usize::try_from(number).ok()?)?)
    }

    /// The place of the first term that has not ended before the day.
    fn reached(&self, day: Day) -> usize {
        self.whole.partition_point(|term| term.last_day < day)
    }
}

/// Joins the parts of each term, in order of their first days.
fn join(parts: &[Term]) -> Vec<Term> {
    let mut whole: Vec<Term> = Vec::new();
    for part in parts {
        match whole.last_mut() {
            Some(last) if last.name == part.name && last.academic_year == part.academic_year => {
                last.last_day = part.last_day;
            }
            _ => whole.push(part.clone()),
        }
    }
    whole
}

/// What is wrong with one term, or part of one, by itself.
fn fault_in(part: &Term, (first, last): (Day, Day)) -> Option<CalendarFault> {
    let Some(start) = start_year(&part.academic_year) else {
        return Some(CalendarFault::AcademicYear(part.academic_year.clone()));
    };
    if part.last_day < part.first_day {
        return Some(CalendarFault::TermBackwards {
            academic_year: part.academic_year.clone(),
            name: part.name,
            first_day: part.first_day,
        });
    }
    let (opens, closes) = (Day::from_ymd(start, 8, 1)?, Day::from_ymd(start + 1, 8, 31)?);
    if part.first_day < opens || part.last_day > closes {
        return Some(CalendarFault::TermElsewhere {
            academic_year: part.academic_year.clone(),
            name: part.name,
            first_day: part.first_day,
        });
    }
    (part.first_day < first || part.last_day > last).then_some(CalendarFault::TermOutside(part.first_day))
}

/// The calendar year in which an academic year written like `2025-26` starts.
fn start_year(text: &str) -> Option<i32> {
    let (start, end) = text.split_once('-')?;
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(start, 4) || !digits(end, 2) {
        return None;
    }
    let (start, end): (i32, i32) = (start.parse().ok()?, end.parse().ok()?);
    ((start + 1) % 100 == end && (1..9999).contains(&start)).then_some(start)
}

/// A fault when the second of two parts starts before the first has ended.
fn overlap(pair: &[Term]) -> Option<CalendarFault> {
    let [before, after] = pair else { return None };
    (after.first_day <= before.last_day).then_some(CalendarFault::TermsOverlap(after.first_day))
}

/// A fault when the second of two terms is not the one that follows the first.
fn missing(pair: &[Term]) -> Option<CalendarFault> {
    let [before, after] = pair else { return None };
    let place = |term: &Term| Some(start_year(&term.academic_year)? * 3 + term.name as i32);
    (place(before)? + 1 != place(after)?)
        .then_some(CalendarFault::TermMissing { name: after.name, first_day: after.first_day })
}
