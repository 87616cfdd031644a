//! What is wrong only when records are looked at together: one child in two records, an account in the record of a stranger, more entries or
//! visits than a day holds, a sibling who does not name the child back, a sibling in care whom the other's record denies.
//!
//! Six children near the beginning of the county hold it, so that a small county has it too. Each is made of its own number alone.

use serde_json::Value;
use serde_json::json;

use super::Child;
use super::County;
use super::life::STORIES;
use super::life::Story;
use super::record;

/// The child whose record is there twice.
const TWICE: usize = 1;

/// An account that stands in the records of two children who are no siblings.
const ACCOUNT: &str = "We walked home along the canal and counted the boats. At the lock the keeper waved, and after that the talk turned to \
     the summer, to the aunt in the hills, and to what it would be like to have a dog.";

/// The child of this number, where it is one whose fault shows only beside others.
pub(super) fn child(county: &County<'_>, number: usize) -> Option<Child> {
    let story = STORIES.get(TWICE / 8).map_or(Story::LookedAfter, |(story, _)| *story);
    let (from, story, broken): (usize, Story, &[&'static str]) = match number {
        3 => (TWICE, story, &["XRC-002", "XRC-003"]),
        5 => (number, Story::InNeed, &["XRC-004", "XRC-005"]),
        7 => (number, Story::InNeed, &["XRC-004", "XRC-007"]),
        11 => (number, Story::InNeed, &["XRC-008"]),
        13 => (number, Story::LookedAfter, &["XRC-008"]),
        15 => (number, Story::LookedAfter, &["XRC-006"]),
        _ => return None,
    };
    let mut record = record::good(county.dates(), county.dice(from, 0), number, story).0;
    match number {
        5 => {
            note(&mut record, 900, ACCOUNT)?;
            (901..=945).try_for_each(|note_number| {
                note(&mut record, note_number, "Typed in from the paper file.")
            })?;
        }
        7 => {
            note(&mut record, 900, ACCOUNT)?;
            *record.pointer_mut("/child_details/sibling_ids")? = json!([id(TWICE)]);
        }
        // The two name each other; the one who is not in care does not know that the other is.
        11 => {
            *record.pointer_mut("/child_details/sibling_ids")? = json!([id(13)]);
            *record.pointer_mut("/child_details/siblings_in_care_flag")? = json!(false);
        }
        13 => *record.pointer_mut("/child_details/sibling_ids")? = json!([id(11)]),
        15 => {
            let visits = record.get_mut("cla_visits")?.as_array_mut()?;
            let visit = visits.first()?.clone();
            visits.extend(std::iter::repeat_n(visit, 15));
        }
        _ => {}
    }
    Some(Child { record, broken: broken.to_vec(), misshapen: false })
}

/// The id of the child of this number.
fn id(number: usize) -> String {
    format!("CC{:06}", number + 1)
}

/// Adds a note that is written when the first one is, by the same worker.
fn note(record: &mut Value, number: usize, text: &str) -> Option<()> {
    let notes = record.get_mut("case_notes")?.as_array_mut()?;
    let mut note = notes.first()?.clone();
    let members = note.as_object_mut()?;
    members.insert("case_note_id".to_owned(), json!(format!("N{number}")));
    members.insert("text".to_owned(), json!(text));
    notes.push(note);
    Some(())
}
