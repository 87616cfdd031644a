//! What the vocabulary of a pack defines, as it was written: the events and periods that rules name.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::form;
use crate::form::What;
use crate::form::Written;

/// The events and periods of a pack by their names.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// What happens.
    pub events: BTreeMap<String, Written>,
    /// What lasts.
    pub periods: BTreeMap<String, Written>,
}

impl Vocabulary {
    /// Reads the vocabulary of a catalog that was loaded.
    pub fn of(files: &Files) -> Self {
        let mut all = Self::default();
        for file in files.under("rules/vocabulary/", ".yaml") {
            let Ok(written) = form::read(file) else { continue };
            for (group, kept) in [("events", &mut all.events), ("periods", &mut all.periods)] {
                if let Some(What::Map(entries)) = written.entry(group).map(|entry| &entry.value.what) {
                    kept.extend(entries.iter().map(|entry| (entry.key.clone(), entry.value.clone())));
                }
            }
        }
        all
    }

    /// The JSON Schema of the rule files of a catalog, with the names that its vocabulary defines.
    pub fn rule_schema(catalog: &Catalog) -> Value {
        let all = Self::of(&catalog.files);
        let names = |named: BTreeMap<String, Written>| named.into_keys().collect();
        catalog.pack.rule_schema(names(all.events), names(all.periods))
    }
}
