//! What stands in a cell of a worksheet, as text: whole numbers whole, real dates in ISO form whatever the workbook counts them from,
//! errors as they show. Nothing is rounded; a number that has lost digits is written so that it is seen.

use std::borrow::Cow;

use calamine::DataRef;
use calamine::ExcelDateTime;

/// From here on a spreadsheet keeps no last digit of a whole number.
const DIGITS_LOST: f64 = 1e15;

/// The last day that a spreadsheet knows, and one.
const DAYS: f64 = 2_958_466.0;

/// The text of a cell; empty when nothing stands in it.
pub(super) fn text_of<'c>(value: &'c DataRef<'_>) -> Cow<'c, str> {
    match value {
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => number_text(*number).into(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.as_str().into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(moment) => moment_text(*moment).into(),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).into(),
        DataRef::Error(error) => error.to_string().into(),
        DataRef::Empty => "".into(),
    }
}

/// A number as it was entered; one with more digits than are kept as a spreadsheet shows it, so that an id is seen to be altered.
fn number_text(number: f64) -> String {
    match () {
        () if number == 0.0 => "0".to_owned(),
        () if number.fract() == 0.0 && number.abs() >= DIGITS_LOST => {
            format!("{number:E}").replacen('E', "E+", 1)
        }
        () if number.fract() == 0.0 => format!("{number:.0}"),
        () => number.to_string(),
    }
}

/// A day, with its time unless that is midnight; a time alone; hours that have passed.
fn moment_text(moment: ExcelDateTime) -> String {
    let value = moment.as_f64();
    if !(0.0..DAYS).contains(&value) {
        return number_text(value);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match () {
        () if moment.is_duration() => {
            format!("{:.0}:{minute:02}:{second:02}", (value.floor() * 24.0) + f64::from(hour))
        }
        () if value < 1.0 => time,
        () if (hour, minute, second) == (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        () => format!("{year:04}-{month:02}-{day:02}T{time}"),
    }
}
