//! The register of standards that no machine can judge, each with its reason and the question that a person answers instead.

use std::sync::Arc;

use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::field;
use crate::model::Problem;
use crate::model::SourceFile;

static REGISTER: Form = Form {
    name: "the register",
    about: "The standards that no machine can judge.",
    fields: &[field!(needed "registered", Takes::Many(&Takes::Form(&REGISTERED)), "The standards.")],
};

static REGISTERED: Form = Form {
    name: "a registered standard",
    about: "A standard that no machine can judge, with its reason and the audit question.",
    fields: &[
        field!(needed "id", Takes::Text, "Its id in the catalogue."),
        field!(needed "standard", Takes::Text, "The standard that it belongs to."),
        field!(needed "title", Takes::Text, "One line."),
        field!(needed "reason", Takes::Text, "Why no machine can judge it."),
        field!(needed "audit_question", Takes::Text, "What a person answers instead."),
    ],
};

/// A standard that no machine can judge.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Registered {
    /// Its id in the catalogue.
    pub id: String,
    /// The standard that it belongs to.
    pub standard: String,
    /// One line.
    pub title: String,
    /// Why no machine can judge it.
    pub reason: String,
    /// What a person answers instead.
    pub audit_question: String,
}

/// Reads a file of `register/`.
pub(super) fn read(file: &Arc<SourceFile>) -> Result<Vec<Registered>, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let Some(fields) = Fields::read(&written, &REGISTER, &problems) else { return Err(problems.into_vec()) };
    let mut found: Vec<Registered> = Vec::new();
    for item in fields.many("registered") {
        let Some(entry) = Fields::read(item, &REGISTERED, &problems) else { continue };
        let text = |key: &str| entry.text(key).unwrap_or_default().to_owned();
        let one = Registered {
            id: text("id"),
            standard: text("standard"),
            title: text("title"),
            reason: text("reason"),
            audit_question: text("audit_question"),
        };
        if found.iter().any(|other| other.id == one.id) {
            problems.at(&entry.span("id"), format!("{} is registered twice", one.id));
        }
        found.push(one);
    }
    let wrong = problems.into_vec();
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
