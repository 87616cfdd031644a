//! What could have been written instead of an event or a period: others of the vocabulary that read the same list, the other end.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::form::What;
use crate::form::Written;
use crate::model::SourceFile;
use crate::rules::mutation::edit::mapping;
use crate::rules::mutation::edit::plain;

/// The most that are tried in one place.
const MOST: usize = 3;

/// The events and periods of a vocabulary, by what they read.
#[derive(Debug, Default)]
pub struct Neighbours {
    events: BTreeMap<String, What>,
    periods: BTreeMap<String, String>,
}

impl Neighbours {
    /// Those that the files of a vocabulary define.
    pub fn of(vocabulary: &[(&Arc<SourceFile>, Written)]) -> Self {
        let mut found = Self::default();
        for (_, tree) in vocabulary {
            for (group, is_event) in [("events", true), ("periods", false)] {
                let Some(What::Map(entries)) = tree.entry(group).map(|entry| &entry.value.what) else {
                    continue;
                };
                for entry in entries {
                    if is_event {
                        found.events.insert(entry.key.clone(), entry.value.what.clone());
                    } else if let Some(each) = text_of(&entry.value.what, "each") {
                        found.periods.insert(entry.key.clone(), each.to_owned());
                    }
                }
            }
        }
        found
    }

    /// Whether this is the name of a period.
    pub fn is_period(&self, name: &str) -> bool {
        self.periods.contains_key(name)
    }

    /// Other periods of the same list.
    pub fn of_period(&self, name: &str) -> Vec<What> {
        let each = self.periods.get(name);
        let others = self.periods.iter().filter(|(other, list)| *other != name && Some(*list) == each);
        others.take(MOST).map(|(other, _)| plain(other)).collect()
    }

    /// What could stand instead of a named event: others of the same list, the other end of its period, one of several alone.
    pub fn of_event(&self, name: &str) -> Vec<What> {
        self.events.get(name).map_or_else(Vec::new, |what| self.instead_of(what, name))
    }

    /// What could stand instead of an event that was written on the spot; `name` is its own, if it has one.
    pub fn instead_of(&self, what: &What, name: &str) -> Vec<What> {
        for (key, other) in [("start_of", "end_of"), ("end_of", "start_of")] {
            if let Some(period) = text_of(what, key) {
                return vec![mapping(other, plain(period))];
            }
        }
        if let What::Map(entries) = what
            && let Some(any_of) = entries.iter().find(|entry| entry.key == "any_of")
            && let What::List(items) = &any_of.value.what
        {
            return items.iter().take(MOST).map(|item| item.what.clone()).collect();
        }
        let Some(each) = text_of(what, "each") else { return Vec::new() };
        let others = self
            .events
            .iter()
            .filter(|(other, tree)| *other != name && text_of(tree, "each") == Some(each) && *tree != what);
        others.take(MOST).map(|(other, _)| plain(other)).collect()
    }
}

fn text_of<'w>(what: &'w What, key: &str) -> Option<&'w str> {
    match what {
        What::Map(entries) => entries.iter().find(|entry| entry.key == key)?.value.text(),
        _ => None,
    }
}
