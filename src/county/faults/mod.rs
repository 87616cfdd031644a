//! How good records are spoiled: a table of planned faults, one or more for a standard, and blemishes of no one
//! standard.
//!
//! A row is the standard's id, the story of a child in whom it can be broken, and the function that breaks it. The function
//! gives nothing, and changes nothing that matters, when the record has nothing to spoil. `mod.rs` of the room draws from it.

mod adoption;
mod agreements;
mod assessments;
mod chronology;
mod court;
mod education;
mod health;
mod homes;
mod leaver;
mod pathway;
mod permanence;
mod plans;
mod protection;
mod recording;
mod reviews;
mod safeguarding;
mod school;
mod second;
mod visits;
mod voice;
mod writing;

use serde_json::Value;
use serde_json::json;

use super::dates::Dates;
use super::dates::after;
use super::dates::written;
use super::life::Story;
use super::random::Dice;
use crate::model::Day;

/// What breaks a standard in a record.
pub(super) type Spoiler = fn(&mut Spoil<'_>) -> Option<()>;

/// A planned fault: the standard, a story that has what it needs, and what breaks it.
pub(super) type Fault = (&'static str, Story, Spoiler);

/// The planned faults by area.
pub(super) const FAULTS: &[&[Fault]] = &[
    chronology::FAULTS,
    agreements::FAULTS,
    education::FAULTS,
    pathway::FAULTS,
    reviews::FAULTS,
    permanence::FAULTS,
    court::FAULTS,
    school::FAULTS,
    plans::FAULTS,
    visits::FAULTS,
    health::FAULTS,
    leaver::FAULTS,
    safeguarding::FAULTS,
    adoption::FAULTS,
    homes::FAULTS,
    assessments::FAULTS,
    protection::FAULTS,
    recording::FAULTS,
    writing::FAULTS,
    voice::FAULTS,
    second::FAULTS,
];

/// The beginning of every place within the episode.
const EPISODE: &str = "/social_care_episodes/0";

/// A record that is being spoiled. Places are written like pointers, with `-1` for the last item of a list and `~` for the
/// episode at the beginning.
pub(super) struct Spoil<'r> {
    pub(super) record: &'r mut Value,
    pub(super) dates: Dates<'r>,
}

impl Spoil<'_> {
    /// The value at a place.
    fn at(&mut self, place: &str) -> Option<&mut Value> {
        let place = place.replacen('~', EPISODE, 1);
        place.split('/').skip(1).try_fold(&mut *self.record, |value, step| match value {
            Value::Object(members) => members.get_mut(step),
            Value::Array(items) => {
                let last = items.len().checked_sub(1)?;
                items.get_mut(if step == "-1" { last } else { step.parse().ok()? })
            }
            _ => None,
        })
    }

    /// The date at a place.
    fn day(&mut self, place: &str) -> Option<Day> {
        Day::parse(self.at(place)?.as_str()?)
    }

    /// The items of the list at a place.
    fn list(&mut self, place: &str) -> Option<&mut Vec<Value>> {
        self.at(place)?.as_array_mut()
    }

    /// Puts another value in the place of the one there.
    fn put(&mut self, place: &str, value: Value) -> Option<()> {
        *self.at(place)? = value;
        Some(())
    }

    /// Puts a value into an object, whether or not it has that property.
    fn set(&mut self, place: &str, value: Value) -> Option<()> {
        let (object, name) = place.rsplit_once('/')?;
        self.at(object)?.as_object_mut()?.insert(name.to_owned(), value);
        Some(())
    }

    /// Takes out what is at a place.
    fn cut(&mut self, place: &str) -> Option<()> {
        let (object, name) = place.rsplit_once('/')?;
        self.at(object)?.as_object_mut()?.remove(name).map(|_| ())
    }

    /// Empties a list that has something.
    fn empty(&mut self, place: &str) -> Option<()> {
        let list = self.list(place).filter(|list| !list.is_empty())?;
        list.clear();
        Some(())
    }

    /// Takes out a property of every item of a list.
    fn cut_each(&mut self, list: &str, name: &str) -> Option<()> {
        let items = self.list(list)?;
        let found = items.iter_mut().filter_map(|item| item.as_object_mut()?.remove(name)).count();
        (found > 0).then_some(())
    }

    /// Dates something on a day, if that day has come.
    fn date(&mut self, place: &str, day: Day) -> Option<()> {
        self.dates.past(day).then_some(())?;
        self.put(place, written(day))
    }

    /// Dates something so many working days after another date, if that has come.
    fn late(&mut self, place: &str, from: &str, working_days: u32) -> Option<()> {
        let from = self.day(from)?;
        self.date(place, self.dates.working(from, working_days))
    }

    /// Dates something so many calendar days after another date, or before it when negative, if that has come.
    fn shift(&mut self, place: &str, from: &str, days: i32) -> Option<()> {
        let from = self.day(from)?;
        self.date(place, after(from, days))
    }

    /// The first day of care.
    fn entry(&mut self) -> Option<Day> {
        self.day("~/child_looked_after_placements/0/start_date")
    }

    /// Dates something so many working days after entry to care, if that has come.
    fn late_after_entry(&mut self, place: &str, working_days: u32) -> Option<()> {
        let entry = self.entry()?;
        self.date(place, self.dates.working(entry, working_days))
    }

    /// Whether something came at least so many working days ago, so that what follows it is overdue.
    fn overdue(&mut self, from: &str, working_days: u32) -> Option<()> {
        let from = self.day(from)?;
        let due = self.dates.working(from, working_days);
        (due < self.dates.as_at).then_some(())
    }
}

/// Poor recording that breaks no one standard: placeholders, no owner, copied words. Each is as likely as the slips say.
pub(super) fn blemish(record: &mut Value, dice: &mut Dice, slips: u32) {
    let texts = [
        "/care_plans/0/contingency",
        "/cla_visits/0/note",
        "/personal_education_plans/0/carer_views",
        "/pathway_plans/0/sections/identity",
        "/social_care_episodes/0/child_in_need_plans/0/contingency",
        "/social_care_episodes/0/child_protection_plans/0/contingency",
        "/supervisions/0/discussion",
    ];
    for place in texts {
        if let Some(text) = record.pointer_mut(place).filter(|_| dice.chance(slips)) {
            *text = json!(dice.pick(&["TBC", "n/a", "As above", "See case notes", "ongoing", "-"]));
        }
    }
    for list in ["/cla_visits", "/social_care_episodes/0/child_protection_plans/0/visits"] {
        let Some(visits) = record.pointer_mut(list).and_then(Value::as_array_mut) else { continue };
        let note = visits.first().and_then(|visit| visit.get("note")).cloned().unwrap_or_default();
        if dice.chance(slips * 2) {
            visits
                .iter_mut()
                .filter_map(|visit| visit.get_mut("note"))
                .for_each(|place| *place = note.clone());
        }
    }
    for place in ["/care_plans/0/actions/0", "/social_care_episodes/0/child_in_need_plans/0/actions/0"] {
        if let Some(action) =
            record.pointer_mut(place).and_then(Value::as_object_mut).filter(|_| dice.chance(slips * 2))
        {
            action.remove("owner");
        }
    }
}

/// Makes a record miss its schema, or lack or blank a part: an unknown code, a misspelt property, an unreadable date, a null.
pub(super) fn misshape(record: &mut Value, dice: &mut Dice) -> Option<()> {
    let details = record.get_mut("child_details")?.as_object_mut()?;
    match dice.below(6) {
        0 => details.insert("ethnicity".to_owned(), json!("ZZZZ")).map(|_| ()),
        1 => {
            let born = details.remove("date_of_birth")?;
            details.insert("date_of_brith".to_owned(), born);
            Some(())
        }
        2 => details.insert("date_of_birth".to_owned(), json!("31/02/2026")).map(|_| ()),
        3 => details.insert("sex".to_owned(), Value::Null).map(|_| ()),
        4 => record.as_object_mut()?.remove("chronology").map(|_| ()),
        _ => record.as_object_mut()?.insert("case_notes".to_owned(), Value::Null).map(|_| ()),
    }
}
