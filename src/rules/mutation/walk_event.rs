//! Mutants of events: another that reads the same list, the other end, another turn, a part of what makes it.

use crate::form::Entry;
use crate::form::What;
use crate::form::Written;
use crate::rules::mutation::Operator;
use crate::rules::mutation::edit::Edit;
use crate::rules::mutation::edit::Place;
use crate::rules::mutation::edit::plain;
use crate::rules::mutation::edit::shown;
use crate::rules::mutation::walk::Walk;

impl Walk<'_> {
    /// An event: a name, several, or one written on the spot; also the start of a clock, and its end.
    pub fn event(&mut self, node: &Written, place: &Place) {
        match &node.what {
            What::Text { text, .. } => {
                for other in self.neighbours.of_event(text) {
                    self.replace(Operator::Event, node, place, other);
                }
            }
            What::List(items) => {
                self.less_one(Operator::Dropped, node, place);
                for (at, item) in (0..).zip(items) {
                    self.event(item, &place.item(at));
                }
            }
            What::Map(entries) => {
                let on_the_spot = entries.iter().any(|entry| entry.key == "on");
                if on_the_spot {
                    for other in self.neighbours.instead_of(&node.what, "") {
                        self.replace(Operator::Event, node, place, other);
                    }
                }
                for (at, entry) in (0..).zip(entries) {
                    self.event_part(entry, &place.key(at, &entry.key));
                }
            }
            What::Nothing => {}
        }
    }

    fn event_part(&mut self, entry: &Entry, place: &Place) {
        let value = &entry.value;
        match entry.key.as_str() {
            "event" | "any_of" => self.event(value, place),
            "nth" | "birthday" => self.number(value, place),
            "plus" => {
                self.limit(Operator::Limit, value, place);
                self.remove(Operator::Dropped, value, place);
            }
            "later_of" => {
                self.rename(Operator::Turned, entry, place, "earlier_of");
                self.event(value, place);
            }
            "earlier_of" => {
                self.rename(Operator::Turned, entry, place, "later_of");
                self.event(value, place);
            }
            "start_of" => self.rename(Operator::Event, entry, place, "end_of"),
            "end_of" => self.rename(Operator::Event, entry, place, "start_of"),
            "ignore_undated" => self.flag(value, place),
            "on" => self.other_end(value, place),
            "where" => {
                if matches!(&value.what, What::Map(parts) if parts.len() == 1) {
                    self.remove(Operator::Dropped, value, place);
                }
                self.condition(value, place);
            }
            _ => {}
        }
    }

    /// A date that says which end it is, at the other end.
    fn other_end(&mut self, node: &Written, place: &Place) {
        let Some(text) = node.text() else { return };
        for (from, to) in [("start", "end"), ("end_", "start_"), ("began", "ended"), ("opened", "closed")] {
            if text.contains(from) {
                self.replace(Operator::Event, node, place, plain(text.replace(from, to)));
                return;
            }
        }
    }

    /// An entry with another key and another value.
    pub fn replace_entry(&mut self, entry: &Entry, place: &Place, key: &str, what: What) {
        let from = format!("{}: {}", entry.key, shown(&entry.value.what));
        let to = format!("{key}: {}", shown(&what));
        let edits = vec![(place.clone(), Edit::Replace(what)), (place.clone(), Edit::Rename(key.to_owned()))];
        self.note_all(Operator::Turned, &entry.value, place, (&from, &to), edits);
    }
}
