//! Where a standard is written, and how far that was verified.

use serde_json::Value;

use crate::model::Rendered;

/// The source of a rule, read from its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The act, regulations, guidance or policy.
    pub instrument: String,
    /// Where in it.
    pub paragraph: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// `national`, `local`, `practice` or `judgement`.
    pub basis: String,
    /// Whether the figure is a default of ours.
    pub is_default: bool,
    /// Whether the provision's own text was read.
    pub is_verified: bool,
    /// How sure the reading is.
    pub confidence: Option<String>,
    /// When it was last checked.
    pub checked_on: Option<String>,
}

impl Source {
    /// Reads the source of a rule's facts.
    pub fn of(source: &Rendered) -> Self {
        let source: Value = serde_json::from_str(source.get()).unwrap_or(Value::Null);
        let text = |key: &str| source.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            instrument: text("instrument").unwrap_or_default(),
            paragraph: text("paragraph"),
            url: text("url"),
            basis: text("basis").unwrap_or_default(),
            is_default: text("figure").as_deref() == Some("default"),
            is_verified: source.get("verified") == Some(&Value::Bool(true)),
            confidence: text("confidence"),
            checked_on: text("checked_on"),
        }
    }

    /// Instrument and paragraph.
    pub fn place(&self) -> String {
        match &self.paragraph {
            Some(paragraph) => format!("{}, {paragraph}", self.instrument),
            None => self.instrument.clone(),
        }
    }

    /// The basis in words.
    pub fn basis_in_words(&self) -> &'static str {
        match self.basis.as_str() {
            "national" => "national law or guidance",
            "local" => "a local policy",
            "practice" => "another authority's practice",
            _ => "our judgement",
        }
    }

    /// How far it was verified, in words.
    pub const fn verified_in_words(&self) -> &'static str {
        if self.is_verified {
            "the text itself was read"
        } else {
            "the text itself was not read: taken from a summary"
        }
    }

    /// Whose the figure is, in words.
    pub const fn figure_in_words(&self) -> &'static str {
        if self.is_default { "a default of ours, not of the source" } else { "as the source states it" }
    }

    /// All of it in a line.
    pub fn line(&self) -> String {
        let figure = if self.is_default { ", the figure is a default of ours" } else { "" };
        let verified = if self.is_verified { "text read" } else { "text not yet read" };
        format!("{} ({}{figure}; {verified})", self.place(), self.basis)
    }
}
