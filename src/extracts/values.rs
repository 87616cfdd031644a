//! One cell into one value of a record: its date form, its code behind a label, its flag. What cannot be read passes as it stands,
//! so that the schema finds it; what was read in another form than the extract's own is said, to be counted.

use serde_json::Value;

use crate::extracts::coercion::Coercion;
use crate::extracts::layout::DateForm;
use crate::extracts::layout::Kind;
use crate::extracts::layout::Take;
use crate::extracts::layout::Target;
use crate::model::Day;
use crate::tables::TableForm;
use crate::tables::normalised;

/// How the dates of a table are written.
#[derive(Clone, Copy)]
pub(super) struct Dates<'l> {
    /// The forms of the layout, its own first.
    pub(super) forms: &'l [DateForm],
    /// What the table is: a real date of a worksheet comes in ISO form, and a workbook has its own first day.
    pub(super) table: TableForm,
}

impl Dates<'_> {
    /// Whether dates in this form are the table's own, so that nothing has to be said.
    fn owns(self, form: DateForm) -> bool {
        let in_sheet = matches!(self.table, TableForm::Sheet { .. });
        self.forms.first() == Some(&form) || (in_sheet && form == DateForm::Iso)
    }
}

/// The value that a cell gives a field, and what had to be done for it. `cell` is clean and not empty; `taken` says whether a field
/// before this one took it.
pub(super) fn value(
    target: &Target,
    cell: &str,
    dates: Dates<'_>,
    taken: bool,
) -> Option<(Value, Option<Coercion>)> {
    let part = match target.take {
        Take::First => first_letter(cell).0,
        Take::Rest => first_letter(cell).1,
        Take::IfCode => target.codes.as_ref().filter(|codes| codes.contains(cell)).map(|_| cell)?,
        Take::IfDate => date(cell, dates).map(|_| cell)?,
        Take::Otherwise if taken => return None,
        Take::Whole | Take::Each | Take::Otherwise => cell,
    };
    if part.is_empty() {
        return None;
    }
    if let Some((value, coercion)) = written_as(target, part) {
        // What says that it is not known is not recorded.
        return (!value.is_null()).then(|| (value.clone(), coercion));
    }
    let as_text = || (Value::from(part), None);
    Some(match target.kind {
        Kind::Date => match date(part, dates) {
            Some((day, form)) => {
                let own = dates.owns(form.0) && form.1 == Time::None;
                (Value::from(day.to_string()), (!own).then_some(coercion_of(form)))
            }
            None => as_text(),
        },
        Kind::Code => code(target, part),
        Kind::WholeNumber => {
            part.parse::<i64>().map_or_else(|_| as_text(), |number| (Value::from(number), None))
        }
        Kind::Id if altered_by_excel(part) => (Value::from(part), Some(Coercion::AlteredByExcel)),
        Kind::Text | Kind::Id | Kind::Flag => as_text(),
    })
}

/// What a layout writes for a value: as it stands, behind a mark such as `a)`, or but for capitals, spaces and punctuation.
fn written_as<'t>(target: &'t Target, cell: &str) -> Option<(&'t Value, Option<Coercion>)> {
    if let Some(value) = target.values.get(cell) {
        return Some((value, None));
    }
    if !matches!(target.kind, Kind::Code | Kind::Flag) {
        return None;
    }
    let (bare, marked) = without_mark(cell);
    if let Some(value) = target.values.get(bare).filter(|_| marked) {
        return Some((value, Some(Coercion::CodeWithLabel)));
    }
    let (plain, bare) = (normalised(cell), normalised(bare));
    let known = |name: &String| {
        let name = normalised(name);
        !name.is_empty() && (name == plain || name == bare)
    };
    let (_, value) = target.values.iter().find(|(name, _)| known(name))?;
    Some((value, Some(Coercion::OtherSpelling)))
}

/// A cell without the mark of a list before its value: `a) Yes`, `g)Police`.
fn without_mark(cell: &str) -> (&str, bool) {
    match cell.split_once(')') {
        Some((mark, rest))
            if (1..=3).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (rest.trim(), true)
        }
        _ => (cell, false),
    }
}

fn first_letter(cell: &str) -> (&str, &str) {
    let end = cell.chars().next().map_or(0, char::len_utf8);
    cell.split_at_checked(end).unwrap_or((cell, ""))
}

/// A code as it stands, out of the label beside it, or of an earlier year. Any other passes as it stands.
fn code(target: &Target, cell: &str) -> (Value, Option<Coercion>) {
    let Some(codes) = &target.codes else { return (Value::from(cell), None) };
    if codes.contains(cell) {
        return (Value::from(cell), None);
    }
    if let Some(now) = target.earlier.get(cell) {
        return (Value::from(now.as_str()), Some(Coercion::EarlierCode));
    }
    let known = |code: &str| codes.contains(code) || target.values.contains_key(code);
    let (bare, marked) = without_mark(cell);
    let (code, label) = split_label(bare).unwrap_or((bare, ""));
    // A label that belongs to another code contradicts the code: nobody can say which is meant.
    let contradicts = !label.is_empty()
        && codes.labels().any(|(other, said)| other != code && normalised(said) == normalised(label));
    if (marked || !label.is_empty()) && known(code) && !contradicts {
        let value = target.values.get(code).cloned().unwrap_or_else(|| Value::from(code));
        return (value, Some(Coercion::CodeWithLabel));
    }
    (Value::from(cell), None)
}

/// A code and the label behind the first dash, colon or equals sign.
fn split_label(text: &str) -> Option<(&str, &str)> {
    let between = [" – ", " — ", " - ", ": ", " = ", "–", " -", "- "];
    let first = between.iter().filter_map(|mark| Some((text.find(mark)?, mark))).min_by_key(|(at, _)| *at)?;
    text.split_once(first.1).map(|(code, label)| (code.trim(), label.trim()))
}

/// Whether a spreadsheet has made a number of an id: digits lost to an exponent, or `.0` behind it.
fn altered_by_excel(id: &str) -> bool {
    let upper = id.to_ascii_uppercase();
    let exponent = upper.split_once("E+").is_some_and(|(number, power)| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && power.bytes().all(|byte| byte.is_ascii_digit())
    });
    let decimal = upper
        .strip_suffix(".0")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    exponent || decimal
}

/// Whether a child's id was altered so.
pub(super) fn id_was_altered(id: &str) -> bool {
    altered_by_excel(id)
}

/// The day that a cell names.
pub(super) fn day(cell: &str, dates: Dates<'_>) -> Option<Day> {
    date(cell, dates).map(|(day, _)| day)
}

/// What stood behind a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    None,
    Midnight,
    OfDay,
}

/// The day that a cell names, by the first form that reads it, and what time stood behind it.
fn date(cell: &str, dates: Dates<'_>) -> Option<(Day, (DateForm, Time))> {
    let parts = cell.split_once([' ', 'T']).and_then(|(day, time)| Some((day, time_of(time)?)));
    let (day, time) = parts.unwrap_or((cell, Time::None));
    dates.forms.iter().find_map(|form| Some((read_date(day, *form, dates.table)?, (*form, time))))
}

/// A time of day: hours and minutes, perhaps seconds and parts of them.
fn time_of(text: &str) -> Option<Time> {
    let plain = text.strip_suffix('Z').unwrap_or(text);
    let (plain, parts) = plain.split_once('.').unwrap_or((plain, "0"));
    let mut numbers = plain.split(':').map(number);
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    let digits = !parts.is_empty() && parts.bytes().all(|byte| byte.is_ascii_digit());
    if numbers.next().is_some() || !digits || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let midnight = (hour, minute, second) == (0, 0, 0) && parts.bytes().all(|byte| byte == b'0');
    Some(if midnight { Time::Midnight } else { Time::OfDay })
}

fn read_date(text: &str, form: DateForm, table: TableForm) -> Option<Day> {
    match form {
        DateForm::Iso => Day::parse(text),
        DateForm::DayMonthYear => {
            let (day, month, year) = three(text, '/')?;
            if year.len() != 4 {
                return None;
            }
            Day::from_ymd(number(year)?, number(month)?.try_into().ok()?, number(day)?.try_into().ok()?)
        }
        DateForm::DayNameYear => {
            let (day, month, year) = three(text, '-')?;
            let year = match (year.len(), number(year)?) {
                (4, year) => year,
                // Excel shows years in two digits; it reads them back so.
                (2, year) if year < 30 => 2000 + year,
                (2, year) => 1900 + year,
                _ => return None,
            };
            Day::from_ymd(year, month_named(month)?, number(day)?.try_into().ok()?)
        }
        DateForm::ExcelSerial => {
            // Day 1 is 1900-01-01 and the 29 February 1900 that never was has the number 60: from March 1900 the count starts at
            // 1899-12-30; a workbook may count from 1904-01-01. Up to 2099, so that a code or an id is not taken for a day.
            let serial = (text.len() == 5).then(|| number(text)).flatten()?;
            let later = if matches!(table, TableForm::Sheet { since_1904: true, .. }) { 1_462 } else { 0 };
            (serial <= 73_050).then(|| Day::from_ymd(1899, 12, 30)?.plus_days(serial + later)).flatten()
        }
    }
}

fn three(text: &str, mark: char) -> Option<(&str, &str, &str)> {
    let mut parts = text.split(mark);
    let found = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(found)
}

fn number(text: &str) -> Option<i32> {
    let digits = !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn month_named(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let short = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    u32::try_from(short + 1).ok()
}

fn coercion_of((form, time): (DateForm, Time)) -> Coercion {
    match (form, time) {
        (_, Time::OfDay) => Coercion::TimeLeftOut,
        (DateForm::DayNameYear, _) => Coercion::DateAsExcelShowsIt,
        (DateForm::ExcelSerial, _) => Coercion::DateAsSerialNumber,
        (_, Time::Midnight) => Coercion::DateWithTime,
        (_, Time::None) => Coercion::DateInOtherForm,
    }
}
