//! Planned faults of words: abbreviations that nobody explained, placeholders, and texts copied from one entry to the next.
//!
//! The table is read by `faults/mod.rs`. Each kind of entry has a row of its own.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::life::Story;

/// The lists of entries, and in which property their words are.
const NOTES: (&str, &str) = ("/case_notes", "text");
const ENTRIES: (&str, &str) = ("/chronology/entries", "description");
const IN_CARE: (&str, &str) = ("/cla_visits", "note");
const PROTECTED: (&str, &str) = ("~/child_protection_plans/0/visits", "note");
const IN_NEED: (&str, &str) = ("~/child_in_need_plans/0/visits", "note");
const SUPERVISIONS: (&str, &str) = ("/supervisions", "discussion");

/// The faults of each standard of recording that are about words.
pub(super) const FAULTS: &[Fault] = &[
    ("REC-011", Story::InNeed, |s| abbreviated(s, NOTES)),
    ("REC-011", Story::InNeed, |s| abbreviated(s, ENTRIES)),
    ("REC-011", Story::LookedAfter, |s| abbreviated(s, IN_CARE)),
    ("REC-011", Story::Protected, |s| abbreviated(s, PROTECTED)),
    ("REC-011", Story::InNeed, |s| abbreviated(s, IN_NEED)),
    ("REC-012", Story::InNeed, |s| placeholder(s, NOTES)),
    ("REC-012", Story::LookedAfter, |s| placeholder(s, IN_CARE)),
    ("REC-012", Story::Protected, |s| placeholder(s, PROTECTED)),
    ("REC-012", Story::InNeed, |s| placeholder(s, IN_NEED)),
    ("REC-012", Story::InNeed, |s| placeholder(s, SUPERVISIONS)),
    ("REC-013", Story::InNeed, |s| copied(s, NOTES)),
    ("REC-013", Story::LookedAfter, |s| copied(s, IN_CARE)),
    ("REC-013", Story::Protected, |s| copied(s, PROTECTED)),
    ("REC-013", Story::InNeed, |s| copied(s, IN_NEED)),
    ("REC-013", Story::InNeed, |s| copied(s, ENTRIES)),
    ("REC-013", Story::InNeed, |s| copied(s, SUPERVISIONS)),
];

/// Writes the first entry in letters that nobody explains.
fn abbreviated(s: &mut Spoil<'_>, (list, words): (&str, &str)) -> Option<()> {
    s.put(
        &format!("{list}/0/{words}"),
        json!("Met with the QXT and the VZK at noon; they will write to the family by Friday."),
    )
}

/// Leaves a placeholder in the first entry.
fn placeholder(s: &mut Spoil<'_>, (list, words): (&str, &str)) -> Option<()> {
    s.put(&format!("{list}/0/{words}"), json!("TBC"))
}

/// Copies the words of the first entry into the second.
fn copied(s: &mut Spoil<'_>, (list, words): (&str, &str)) -> Option<()> {
    let text = s.at(&format!("{list}/0/{words}"))?.clone();
    s.put(&format!("{list}/1/{words}"), text)
}
