//! Reads the calendar and the term dates that the pack counts by.

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::calendar::Holiday;
use crate::calendar::Term;
use crate::calendar::TermName;
use crate::calendar::Terms;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::field;
use crate::model::Problem;
use crate::model::SourceFile;

static CALENDAR: Form = Form {
    name: "a calendar",
    about: "The bank holidays of a country: what is not a working day beside Saturdays and Sundays.",
    fields: &[
        field!(needed "name", Takes::Text, "Its name."),
        field!(needed "version", Takes::Text, "Its version, the day it was made."),
        field!(needed "first_year", Takes::Number, "The first year it covers."),
        field!(needed "last_year", Takes::Number, "The last year it covers."),
        field!("source", Takes::Anything, "Where it comes from."),
        field!(needed "holidays", Takes::Many(&Takes::Form(&HOLIDAY)), "The bank holidays."),
    ],
};

static HOLIDAY: Form = Form {
    name: "a holiday",
    about: "A bank holiday.",
    fields: &[field!(needed "date", Takes::Date, "The day."), field!("name", Takes::Text, "Its name.")],
};

static TERMS: Form = Form {
    name: "term dates",
    about: "The school terms of an authority.",
    fields: &[
        field!(needed "authority", Takes::Text, "Whose terms they are."),
        field!("source", Takes::Anything, "Where they come from."),
        field!(needed "terms", Takes::Many(&Takes::Form(&TERM)), "The terms, in order."),
    ],
};

static TERM: Form = Form {
    name: "a term",
    about: "A school term.",
    fields: &[
        field!(needed "academic_year", Takes::Text, "`2025-26`."),
        field!(needed "name", Takes::Word(&["autumn", "spring", "summer"]), "Which term."),
        field!(needed "first_day", Takes::Date, "Its first day."),
        field!(needed "last_day", Takes::Date, "Its last day."),
    ],
};

/// Reads a calendar file and, if given, a file of term dates.
pub fn read_calendar(
    file: &Arc<SourceFile>,
    terms: Option<&Arc<SourceFile>>,
) -> Result<Calendar, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let Some(fields) = Fields::read(&written, &CALENDAR, &problems) else { return Err(problems.into_vec()) };
    let mut holidays = Vec::new();
    for item in fields.many("holidays") {
        let Some(holiday) = Fields::read(item, &HOLIDAY, &problems) else { continue };
        if let Some(date) = holiday.day("date") {
            holidays.push(Holiday { date, name: holiday.text("name").unwrap_or_default().to_owned() });
        }
    }
    let year = |key: &str| fields.text(key).and_then(|text| text.parse::<i32>().ok()).unwrap_or(0);
    let text = |key: &str| fields.text(key).unwrap_or_default();
    let (name, version, first, last) = (text("name"), text("version"), year("first_year"), year("last_year"));
    let mut found = problems.into_vec();
    let terms = match terms.map(read_terms) {
        Some(Err(problems)) => {
            found.extend(problems);
            None
        }
        Some(Ok(terms)) => Some(terms),
        None => None,
    };
    if !found.is_empty() {
        return Err(found);
    }
    Calendar::new(name, version, first, last, holidays, terms)
        .map_err(|faults| faults.iter().map(|fault| Problem::at(file, 0..0, fault.to_string())).collect())
}

fn read_terms(file: &Arc<SourceFile>) -> Result<Terms, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let Some(fields) = Fields::read(&written, &TERMS, &problems) else { return Err(problems.into_vec()) };
    let mut terms = Vec::new();
    for item in fields.many("terms") {
        let Some(term) = Fields::read(item, &TERM, &problems) else { continue };
        let name = term.text("name").and_then(|name| match name {
            "autumn" => Some(TermName::Autumn),
            "spring" => Some(TermName::Spring),
            "summer" => Some(TermName::Summer),
            _ => None,
        });
        if let (Some(name), Some(first_day), Some(last_day)) =
            (name, term.day("first_day"), term.day("last_day"))
        {
            let academic_year = term.text("academic_year").unwrap_or_default().to_owned();
            terms.push(Term { academic_year, name, first_day, last_day });
        }
    }
    let authority = fields.text("authority").unwrap_or_default().to_owned();
    let found = problems.into_vec();
    if found.is_empty() { Ok(Terms { authority, years: terms }) } else { Err(found) }
}
