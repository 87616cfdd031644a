//! The calendar of working days: bank holidays, the years for which they are known, and an authority's school terms.
//!
//! `catalog` makes one from `rules/calendars/` and `rules/terms/`; `rules` asks it. What a limit comes to is in `due.rs`.

use std::collections::HashSet;

use crate::model::Day;

use super::fault::CalendarFault;
use super::table::DayTable;
use super::terms::SchoolYears;
use super::terms::Term;
use super::terms::Terms;

/// A bank holiday.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day on which it is kept.
    pub date: Day,
    /// What it is called, such as Good Friday.
    pub name: String,
}

/// Working days over whole years, and school terms where they are known.
#[derive(Clone, Debug)]
pub struct Calendar {
    name: String,
    version: String,
    first_day: Day,
    last_day: Day,
    holidays: Vec<Holiday>,
    working: DayTable,
    schools: Option<SchoolYears>,
}

impl Calendar {
    /// Makes the calendar of the years from `first_year` to `last_year`, both in, or says all that is wrong with its facts.
    /// Holidays come in any order; those on Saturdays and Sundays are dropped, since nobody works then anyway.
    pub fn new(
        name: &str,
        version: &str,
        first_year: i32,
        last_year: i32,
        mut holidays: Vec<Holiday>,
        terms: Option<Terms>,
    ) -> Result<Self, Vec<CalendarFault>> {
        let span = Day::from_ymd(first_year, 1, 1).zip(Day::from_ymd(last_year, 12, 31));
        let Some((first_day, last_day)) = span.filter(|(first, last)| first < last) else {
            return Err(vec![CalendarFault::Years { first: first_year, last: last_year }]);
        };
        holidays.sort_by_key(|holiday| holiday.date);
        let mut faults = faults_in(name, version, &holidays, (first_day, last_day));
        holidays.retain(|holiday| holiday.date.weekday() < 5);
        let dates: HashSet<Day> = holidays.iter().map(|holiday| holiday.date).collect();
        let schools = terms
            .map(|terms| SchoolYears::new(terms, (first_day, last_day), |day| dates.contains(&day)))
            .transpose()
            .unwrap_or_else(|more| {
                faults.extend(more);
                None
            });
        if !faults.is_empty() {
            return Err(faults);
        }
        let working = DayTable::new(first_day, last_day, |day| day.weekday() < 5 && !dates.contains(&day));
        Ok(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            first_day,
            last_day,
            holidays,
            working,
            schools,
        })
    }

    /// What the calendar is called, such as `england-and-wales`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of its holidays, usually the day on which they were checked.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The first day whose working days are known: a first of January.
    pub const fn first_day(&self) -> Day {
        self.first_day
    }

    /// The last day whose working days are known: a thirty-first of December.
    pub const fn last_day(&self) -> Day {
        self.last_day
    }

    /// The bank holidays on weekdays, in order.
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// The authority whose school terms the calendar knows, if any.
    pub fn authority(&self) -> Option<&str> {
        self.schools.as_ref().map(SchoolYears::authority)
    }

    /// Whether a day is a working day; nothing outside the calendar's years.
    pub fn is_working_day(&self, day: Day) -> Option<bool> {
        self.working.is_counted(day)
    }

    /// Working days after `from` up to and including `to`, negative when `to` is earlier; nothing outside the calendar's
    /// years. Takes the same few steps however far apart the days are.
    pub fn working_days_between(&self, from: Day, to: Day) -> Option<i64> {
        self.working.between(from, to)
    }

    /// The school term that a day is in, half-term holidays included; nothing in other holidays or beyond the terms known.
    pub fn term_of(&self, day: Day) -> Option<&Term> {
        self.schools.as_ref()?.term_of(day)
    }

    /// The table of working days.
    pub(super) const fn working(&self) -> &DayTable {
        &self.working
    }

    /// The school terms, where they are known.
    pub(super) const fn schools(&self) -> Option<&SchoolYears> {
        self.schools.as_ref()
    }
}

/// What is wrong with the name, the version and the sorted holidays.
fn faults_in(
    name: &str,
    version: &str,
    holidays: &[Holiday],
    (first, last): (Day, Day),
) -> Vec<CalendarFault> {
    let blank = [("name", name), ("version", version)];
    let mut faults: Vec<CalendarFault> = blank
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(what, _)| CalendarFault::Blank(what))
        .collect();
    let outside = holidays.iter().filter(|holiday| holiday.date < first || holiday.date > last);
    faults.extend(outside.map(|holiday| CalendarFault::HolidayOutside(holiday.date)));
    faults.extend(holidays.windows(2).filter_map(|pair| match pair {
        [one, two] if one.date == two.date => Some(CalendarFault::HolidayTwice(one.date)),
        _ => None,
    }));
    faults
}
