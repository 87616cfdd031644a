//! Where in a record, compiled: lists and fields as numbers and hashed names.
//!
//! `place` makes them of the words in rules; `facts` follows them at run time.

use std::sync::Arc;

use crate::calendar::Moment;
use crate::model::Name;
use crate::model::NameTable;

/// A list (or an object that is there or not) of the record, as a number in the pack's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(pub(super) u16);

impl ListId {
    /// The record itself, as a list of one.
    pub const RECORD: Self = Self(0);

    /// Its place in the table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How to reach the items of a list from the items of the list that holds it.
#[derive(Debug)]
pub struct ListPlan {
    /// The list whose items hold this one.
    pub parent: ListId,
    /// The names to follow from an item of the parent.
    pub steps: Vec<Name>,
    /// The column of the first step among those of the parent.
    pub column: usize,
    /// Whether a list stands there, or one object.
    pub many: bool,
    /// As written, `cla_reviews[].decisions[]`.
    pub text: String,
    /// What people call it.
    pub title: String,
    /// The first name from the record down: the section that a caller sends or leaves out. Nothing for the record.
    pub section: Option<Name>,
    /// The column of the section among those of the record.
    pub section_column: usize,
    /// The fields that an item is known by.
    pub key: Vec<KeyField>,
    /// The names that anything asks an item for: its columns.
    pub columns: NameTable,
}

/// A field that an item is known by. What it holds is shown in findings, so only what it is meant to hold.
#[derive(Debug)]
pub struct KeyField {
    /// The field.
    pub path: Path,
    /// Its codes, where it holds one.
    pub codes: Option<Vec<String>>,
}

impl KeyField {
    /// Whether words may be shown as they stand: a code of the list, a time, a year, an id; never anything else that somebody wrote there.
    pub fn may_show(&self, text: &str) -> bool {
        match self.path.leaf {
            Leaf::Date | Leaf::DateTime => Moment::parse(text).is_some(),
            Leaf::Code => self.codes.as_ref().is_some_and(|codes| codes.iter().any(|code| code == text)),
            Leaf::Text if self.path.words.text.ends_with("_id") => true,
            Leaf::Text => {
                text.len() <= "2025-2026".len()
                    && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/'))
            }
            Leaf::Flag | Leaf::Number | Leaf::Part => false,
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A date.
    Date,
    /// A date and time with its zone.
    DateTime,
    /// A code of a list.
    Code,
    /// Words.
    Text,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// An object or a list.
    Part,
}

/// From where a field is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The item at hand.
    Item,
    /// The item that holds it, this many floors up.
    Up(u8),
    /// What the rule judges.
    Subject,
    /// The record.
    Record,
}

/// A field of the record. Rules ask for thousands of them of each record, so what only people read stands apart.
#[derive(Clone, Debug)]
pub struct Path {
    /// From where.
    pub base: Base,
    /// What it holds.
    pub leaf: Leaf,
    /// The column of the first name in the list that it is looked up in.
    pub column: u32,
    /// The names to follow.
    pub names: Box<[Name]>,
    /// What people read of it.
    pub words: Arc<PathWords>,
}

/// What people read of a field.
#[derive(Debug)]
pub struct PathWords {
    /// As written.
    pub text: String,
    /// What the box is called.
    pub title: String,
    /// The code list, for codes.
    pub codes: Option<String>,
    /// What the national returns call it.
    pub field_names: Vec<(&'static str, String)>,
}

/// Which item and which subject a path is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The list whose item is at hand.
    pub item: ListId,
    /// The list whose item is judged.
    pub subject: ListId,
}

impl Scope {
    /// An item that is itself what is judged.
    pub const fn of(list: ListId) -> Self {
        Self { item: list, subject: list }
    }

    /// The same subject, seen from an item of another list.
    pub const fn inside(self, list: ListId) -> Self {
        Self { item: list, subject: self.subject }
    }
}
