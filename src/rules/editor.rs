//! The JSON Schema of rule files, for editors: the forms of the language with the names that a catalog knows.

use serde_json::Value;

use crate::form;
use crate::form::Language;
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
    /// and these named events and periods.
    pub fn rule_schema(&self, event_names: Vec<String>, period_names: Vec<String>) -> Value {
        let mut lists: Vec<String> = self.plans.iter().skip(1).map(|plan| plan.text.clone()).collect();
        lists.sort();
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
