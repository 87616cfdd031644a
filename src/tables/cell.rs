//! One cell: what people and programs put around or in place of a value.
//!
//! Only what is no value is taken away, and the caller is told of it. A value is never changed here.

/// What was taken off a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mess {
    /// Spaces, non-breaking ones included, before or after the value.
    Spaces,
    /// A word that a program writes where nothing is recorded: `NULL`, `#N/A`.
    EmptyMarker,
    /// A formula that was never calculated, so that nothing is known of its value.
    NotCalculated,
}

/// What stands for a formula without a value.
pub(super) const NOT_CALCULATED: &str = "#CALC!";

/// The words that programs write where nothing is recorded.
const EMPTY_MARKERS: [&str; 4] = ["NULL", "(null)", "#N/A", "#N/A N/A"];

/// The value of a cell, and what was taken off it. An empty cell is empty, whatever spaces stand in it.
pub fn clean(cell: &str) -> (&str, Option<Mess>) {
    let value = cell.trim_matches(is_space);
    if EMPTY_MARKERS.iter().any(|marker| marker.eq_ignore_ascii_case(value)) {
        return ("", Some(Mess::EmptyMarker));
    }
    if value == NOT_CALCULATED {
        return ("", Some(Mess::NotCalculated));
    }
    let mess = (!value.is_empty() && value.len() < cell.len()).then_some(Mess::Spaces);
    (value, mess)
}

/// Everything that shows as nothing: Unicode white space (which holds U+00A0), zero-width space, byte order mark.
pub(super) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}')
}
