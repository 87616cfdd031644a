//! Makes findings of what is wrong with the shape of a record: the same form, `rule.id` = `SCHEMA.<keyword>`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Dimension;
use crate::model::Finding;
use crate::model::Force;
use crate::model::KeyPart;
use crate::model::Outcome;
use crate::model::Reliability;
use crate::model::Rendered;
use crate::model::RuleFacts;
use crate::model::RuleWords;
use crate::model::Severity;
use crate::model::Subject;
use crate::schema::Fault;
use crate::validator::finding::finding_id;

/// Every keyword that a fault can have, with its line, its fix and how bad it is.
const KEYWORDS: &[(&str, &str, &str, Severity)] = &[
    ("type", "Value of the right type", "Write a value of the type that the box holds.", Severity::Error),
    (
        "format",
        "Date or time that can be read",
        "Write the date or time in the form that is asked for.",
        Severity::Error,
    ),
    ("required", "Property that must be there", "Add the property.", Severity::Error),
    (
        "minLength",
        "Box that is not empty",
        "Fill the box, or leave it out if nothing is recorded.",
        Severity::Warning,
    ),
    ("maxLength", "Text of the right length", "Shorten the text.", Severity::Warning),
    ("pattern", "Text of the right form", "Write the text in the form that the box allows.", Severity::Error),
    ("minimum", "Number in range", "Check the number.", Severity::Error),
    ("maximum", "Number in range", "Check the number.", Severity::Error),
    ("uniqueItems", "Nothing twice in a list", "Remove what stands twice.", Severity::Warning),
    ("maxItems", "List of the right length", "Shorten the list.", Severity::Warning),
    ("minItems", "List of the right length", "Add to the list.", Severity::Warning),
    ("shape", "Shape of the record", "Correct the shape of this part of the record.", Severity::Error),
    (
        "unknown_property",
        "Property that the schema knows",
        "Rename or remove the property.",
        Severity::Warning,
    ),
    (
        "unknown_code",
        "Code from its list",
        "Choose a code from the list; nothing is recoded for you.",
        Severity::Warning,
    ),
];

/// What findings of each keyword say alike, made once.
#[derive(Debug)]
pub(super) struct SchemaRules(BTreeMap<&'static str, Arc<RuleFacts>>);

impl SchemaRules {
    pub(super) fn new(schema_id: &str) -> Self {
        let source = serde_json::json!({ "instrument": "Record schema", "url": schema_id, "basis": "schema", "verified": true });
        let (source, params) = (Rendered::of(&source), Rendered::of(&serde_json::json!({})));
        let facts = KEYWORDS.iter().map(|(keyword, title, fix, severity)| {
            let words = RuleWords {
                id: format!("SCHEMA.{keyword}"),
                revision: 1,
                title: (*title).to_owned(),
                standard: "schema".to_owned(),
                severity: *severity,
                force: Force::Must,
                dimension: Dimension::Validity,
                reliability: Reliability::Exact,
                fix: (*fix).to_owned(),
                source: source.clone(),
                params: params.clone(),
            };
            (*keyword, Arc::new(RuleFacts::new(words)))
        });
        Self(facts.collect())
    }

    pub(super) fn finding(&self, fault: Fault, child: &str, rank: u32) -> Option<Finding> {
        let rule = self.0.get(fault.keyword).or_else(|| self.0.get("shape"))?;
        let key = vec![("path".to_owned(), KeyPart::Text(fault.pointer.to_string()))];
        Some(Finding {
            finding_id: finding_id(&rule.id, child, &key),
            rule: Arc::clone(rule),
            rank,
            outcome: Outcome::Breached,
            severity: rule.severity,
            subject: Subject { path: fault.pointer, key },
            timing: None,
            evidence: Vec::new(),
            message: fault.message,
            message_id: rule.id.clone(),
            args: fault.args,
            field_names: fault.names,
            caused_by: None,
            change: None,
            waiver: None,
            at: None,
        })
    }
}
