//! The JSON Schema of rule files, for editors: the forms of the language with the names that a catalog knows.

use serde_json::Value;

use crate::form;
use crate::form::Language;
use crate::form::What;
use crate::model::SourceFile;
use crate::rules::condition_forms::CONDITION;
use crate::rules::condition_forms::TESTS;
use crate::rules::kinds::KINDS;
use crate::rules::kinds::NTH;
use crate::rules::pack::Pack;
use crate::rules::rule_forms::RULE;
use crate::rules::vocabulary::EVENT;

/// The `$id` of the schema of rule files.
const ID: &str = "https://schemas.casecheck.example/rule.schema.json";

impl Pack {
    /// The JSON Schema of rule files. An editor that knows it completes keys and outcomes, the words of conditions, the lists of the record,
    /// and the events and periods that these files of the vocabulary define.
    pub fn rule_schema<'f>(&self, vocabulary: impl Iterator<Item = &'f std::sync::Arc<SourceFile>>) -> Value {
        let (mut event_names, mut period_names) = (Vec::new(), Vec::new());
        for written in vocabulary.filter_map(|file| form::read(file).ok()) {
            for (group, names) in [("events", &mut event_names), ("periods", &mut period_names)] {
                if let Some(What::Map(entries)) = written.entry(group).map(|entry| &entry.value.what) {
                    names.extend(entries.iter().map(|entry| entry.key.clone()));
                }
            }
        }
        let mut lists: Vec<String> = self.plans.iter().skip(1).map(|plan| plan.text.clone()).collect();
        for names in [&mut event_names, &mut period_names, &mut lists] {
            names.sort();
        }
        let language = Language {
            condition: &CONDITION,
            tests: &TESTS,
            events: vec![&EVENT, &NTH],
            event_names,
            period_names,
            lists,
        };
        form::json_schema(&RULE, KINDS, &language, ID)
    }
}
