//! What a record looks like field by field, references resolved: kinds, titles, code lists, names in the standards.
//!
//! `build` makes it of the schemas; rules check their field names against it, and `walk` goes through each record with it.

use std::sync::Arc;

use crate::model::Name;
use crate::model::NameTable;
use crate::model::Pointer;
use crate::schema::CodeList;
use crate::schema::plain::Plain;

/// What kind of value belongs in a field. `null` is allowed beside it everywhere and means not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// Properties.
    Object,
    /// Items of one shape.
    List,
    /// Words or a code.
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// RFC 3339 with a zone.
    DateTime,
    /// `true` or `false`.
    Boolean,
    /// Any number.
    Number,
    /// A whole number.
    Integer,
}

impl ShapeKind {
    /// The word for messages, with its article where it has one.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::List => "a list",
            Self::Text => "text",
            Self::Date => "a date",
            Self::DateTime => "a date and time",
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::Integer => "a whole number",
        }
    }
}

/// A field of the record, or the record itself.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// `None` where the schema leaves it open, or comes back to itself.
    pub(super) kind: Option<ShapeKind>,
    pub(super) title: Option<Box<str>>,
    pub(super) description: Option<Box<str>>,
    pub(super) names: Vec<(&'static str, String)>,
    pub(super) code_list: Option<Arc<CodeList>>,
    /// A rule judges the codes here, so the schema says nothing about them.
    pub(super) codes_left_to_rules: bool,
    pub(super) item: Option<Box<Shape>>,
    /// Other properties than these are allowed.
    pub(super) open: bool,
    pub(super) properties: Vec<(Name, Shape)>,
    /// The places of the names in `properties`.
    pub(super) index: NameTable,
    /// What is plainly right here; nothing where only the schema library can tell.
    pub(super) plain: Option<Plain>,
}

impl Shape {
    /// What kind of value belongs here; text where the schema leaves it open.
    pub fn kind(&self) -> ShapeKind {
        self.kind.unwrap_or(ShapeKind::Text)
    }

    /// What people call the field.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// What it means.
    pub fn description(&self) -> &str {
        self.description.as_deref().unwrap_or_default()
    }

    /// What the standards call it, by standard: `ssd`, `ssda903`, `cin`, `annex_a`.
    pub fn names(&self) -> &[(&'static str, String)] {
        &self.names
    }

    /// The codes that belong here.
    pub fn code_list(&self) -> Option<&CodeList> {
        self.code_list.as_deref()
    }

    /// The field of this name, when this is an object that has it.
    pub fn property(&self, name: &str) -> Option<&Self> {
        self.find(Name::hash_of(name), name)
    }

    /// The names of the fields of an object, in the order of the schema.
    pub fn properties(&self) -> impl Iterator<Item = &str> + Clone {
        self.properties.iter().map(|(name, _)| name.as_str())
    }

    /// The items of a list.
    pub fn item(&self) -> Option<&Self> {
        self.item.as_deref()
    }

    /// The shape of the value at a pointer into a record.
    pub fn at(&self, pointer: &Pointer) -> Option<&Self> {
        pointer.segments().try_fold(self, |shape, part| match shape.kind {
            Some(ShapeKind::List) => shape.item(),
            _ => shape.property(&part),
        })
    }

    /// Whether a property beyond those of the schema is a fault here.
    pub(super) fn is_closed(&self) -> bool {
        self.kind == Some(ShapeKind::Object) && !self.open && !self.properties.is_empty()
    }

    /// Whether a text is one of the codes that belong here, or none is asked for.
    #[inline]
    pub(super) fn knows_code(&self, text: &str) -> bool {
        self.codes_left_to_rules || self.code_list.as_ref().is_none_or(|list| list.contains(text))
    }

    /// Looks a field up by the hash that the record carries.
    pub(super) fn find(&self, hash: u32, name: &str) -> Option<&Self> {
        self.index.find(hash, name).and_then(|place| self.properties.get(place)).map(|(_, shape)| shape)
    }

    /// Leaves the codes of a field (`permanence_plans[].plan_type`) to the rules; says whether there is such a field.
    pub(super) fn leave_codes(&mut self, path: &str) -> bool {
        if self.kind == Some(ShapeKind::List)
            && let Some(item) = self.item.as_deref_mut()
        {
            return item.leave_codes(path);
        }
        if path.is_empty() {
            self.codes_left_to_rules = self.code_list.is_some();
            return self.codes_left_to_rules;
        }
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let first = first.trim_end_matches("[]");
        self.properties
            .iter_mut()
            .find(|(name, _)| name.as_str() == first)
            .is_some_and(|(_, shape)| shape.leave_codes(rest))
    }
}
