//! The calendar room: the embedded calendar, which the other modules count with, and what a calendar is refused for.

mod due;
mod properties;
mod reading;
mod terms;

use std::sync::LazyLock;

use casecheck::calendar::Calendar;
use casecheck::calendar::CalendarFault;
use casecheck::calendar::Due;
use casecheck::calendar::Holiday;
use casecheck::calendar::Limit;
use casecheck::calendar::Moment;
use casecheck::calendar::Terms;
use casecheck::calendar::Unknown;
use casecheck::calendar::render_yaml;
use casecheck::model::Day;

const ENGLAND: &str = include_str!("../../../rules/calendars/england-and-wales.yaml");

const EXAMPLE_COUNTY: &str = include_str!("../../../rules/terms/example-county.yaml");

/// The calendar file as it is written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    name: String,
    version: String,
    first_year: i32,
    last_year: i32,
    #[serde(rename = "source")]
    _source: Source,
    holidays: Vec<Holiday>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    #[serde(rename = "instrument")]
    _instrument: String,
    #[serde(rename = "url")]
    _url: String,
}

/// Makes the calendar that a calendar file describes.
pub(crate) fn from_yaml(text: &str, terms: Option<Terms>) -> Calendar {
    let file: CalendarFile = serde_saphyr::from_str(text).unwrap();
    Calendar::new(&file.name, &file.version, file.first_year, file.last_year, file.holidays, terms).unwrap()
}

/// The embedded calendar of England and Wales.
pub(crate) static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| from_yaml(ENGLAND, None));

/// The embedded calendar with the terms of the county of the demonstration.
static COUNTY: LazyLock<Calendar> = LazyLock::new(|| {
    let terms: Terms = serde_saphyr::from_str(EXAMPLE_COUNTY).unwrap();
    from_yaml(ENGLAND, Some(terms))
});

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn due_in(calendar: &Calendar, start: &str, limit: &str, beginning_with: bool) -> Result<Due, Unknown> {
    calendar.due(Moment::parse(start).unwrap(), Limit::parse(limit).unwrap(), beginning_with)
}

fn due(start: &str, limit: &str) -> Day {
    due_in(&CALENDAR, start, limit, false).unwrap().day
}

#[test]
fn a_calendar_that_does_not_hold_together_is_refused_with_every_reason() {
    let holiday = |text| Holiday { date: day(text), name: "Holiday".to_owned() };
    let made = Calendar::new("", "1", 2020, 2019, Vec::new(), None);
    assert_eq!(made.err(), Some(vec![CalendarFault::Years { first: 2020, last: 2019 }]));
    let made = Calendar::new(
        "",
        " ",
        2020,
        2020,
        vec![holiday("2020-12-25"), holiday("2021-01-01"), holiday("2020-12-25")],
        None,
    );
    let expected = vec![
        CalendarFault::Blank("name"),
        CalendarFault::Blank("version"),
        CalendarFault::HolidayOutside(day("2021-01-01")),
        CalendarFault::HolidayTwice(day("2020-12-25")),
    ];
    assert_eq!(made.err(), Some(expected));
    let weekend =
        Calendar::new("x", "1", 2020, 2020, vec![holiday("2020-12-26"), holiday("2020-01-01")], None)
            .unwrap();
    assert_eq!(weekend.holidays(), [holiday("2020-01-01")], "Boxing Day was a Saturday");
}

#[test]
fn the_embedded_holidays_are_those_of_the_shared_list() {
    let Some(csv) = crate::shared::text("standards/england_bank_holidays.csv") else {
        return;
    };
    let listed: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let ours: Vec<String> = CALENDAR.holidays().iter().map(|holiday| holiday.date.to_string()).collect();
    assert_eq!(ours.len(), 157);
    assert_eq!(ours, listed);
}

#[test]
fn the_embedded_calendar_is_written_as_an_update_would_write_it() {
    assert_eq!(render_yaml(&CALENDAR), ENGLAND);
}
