//! The code lists of the standards, by name.

use std::collections::BTreeMap;

use crate::model::Name;
use crate::model::NameTable;

/// One list of codes, with what each means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// The name that schemas and rules use.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The publication it comes from.
    pub source: String,
    codes: NameTable,
    labels: Vec<(String, String)>,
}

/// A list as `code-lists.json` has it.
#[derive(serde::Deserialize)]
struct Entry {
    title: String,
    #[serde(default)]
    source: String,
}

impl CodeList {
    /// Makes a list of a title, a source and its codes in their order; `None` when a part is missing or is not text.
    pub(super) fn read(name: &str, written: &super::written::Written) -> Option<Self> {
        let entry: Entry = serde_json::from_value(written.to_value()).ok()?;
        let labels: Vec<(String, String)> = written
            .get("codes")?
            .as_object()?
            .iter()
            .map(|(code, label)| Some((code.clone(), label.as_str()?.to_owned())))
            .collect::<Option<_>>()?;
        Some(Self {
            name: name.to_owned(),
            title: entry.title,
            source: entry.source,
            codes: NameTable::new(labels.iter().map(|(code, _)| Name::new(code))),
            labels,
        })
    }

    /// The place of a list that cannot be read, so that only its own problem is told.
    pub(super) fn unread(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: String::new(),
            source: String::new(),
            codes: NameTable::default(),
            labels: Vec::new(),
        }
    }

    /// Whether this is one of its codes, letter for letter.
    pub fn contains(&self, code: &str) -> bool {
        self.codes.find(Name::hash_of(code), code).is_some()
    }

    /// The codes, in the order of the publication.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.labels().map(|(code, _)| code)
    }

    /// Each code with what it means, in the order of the publication.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(code, label)| (code.as_str(), label.as_str()))
    }

    /// What a code means.
    pub fn label(&self, code: &str) -> Option<&str> {
        self.labels().find(|(known, _)| *known == code).map(|(_, label)| label)
    }
}

/// All code lists by name.
pub(super) type CodeLists = BTreeMap<String, std::sync::Arc<CodeList>>;
