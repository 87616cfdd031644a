//! One fault of a record against the schema, in our own words.

use crate::model::Pointer;

/// What is wrong with one value of a record. It names properties and lists of the schema, never what the record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// One of [`Fault::KEYWORDS`]; it is part of the finding's rule id.
    pub keyword: &'static str,
    /// The value; for `required`, the object that lacks the property.
    pub pointer: Pointer,
    /// What to do, in at most [`Fault::LONGEST`] characters.
    pub message: String,
    /// The facts of the schema in the message, for templates: `expected`, `limit`, `property`, `did_you_mean`, `code_list`.
    pub args: Vec<(&'static str, String)>,
    /// What the standards call the field, by standard: `ssd`, `ssda903`, `cin`, `annex_a`.
    pub names: Vec<(&'static str, String)>,
}

impl Fault {
    /// The longest message, in characters.
    pub const LONGEST: usize = 90;

    /// Every keyword that a fault can have: those of JSON Schema that people meet, `shape` for its others, and our own two.
    pub const KEYWORDS: [&str; 14] = [
        "type",
        "format",
        "required",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "uniqueItems",
        "maxItems",
        "minItems",
        "shape",
        "unknown_property",
        "unknown_code",
    ];

    /// A fault without facts.
    pub(super) fn new(keyword: &'static str, pointer: Pointer, message: impl Into<String>) -> Self {
        Self { keyword, pointer, message: message.into(), args: Vec::new(), names: Vec::new() }
    }

    /// Puts another message in the place of one that came out too long.
    #[must_use]
    pub(super) fn or_shorter(mut self, shorter: &str) -> Self {
        if self.message.chars().count() > Self::LONGEST {
            shorter.clone_into(&mut self.message);
        }
        self
    }

    /// Adds a fact of the schema.
    #[must_use]
    pub(super) fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Where this fault stands among several at one value: the first tells most, and the others follow from it.
    pub(super) fn rank(&self) -> Option<usize> {
        ["type", "minLength", "unknown_code", "maxLength", "format", "pattern", "enum"]
            .iter()
            .position(|keyword| *keyword == self.keyword)
    }
}
