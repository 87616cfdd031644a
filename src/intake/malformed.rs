//! Why a document cannot be read: a fault, its place, and what to do about it.
//!
//! [`crate::intake::parse`] makes these; they are shown to callers as they are, so they never quote the document.

use std::fmt;

use crate::model::Pointer;

/// What is wrong with a document that is not JSON as this system reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// There is nothing but white space.
    Empty,
    /// It starts with a byte order mark.
    ByteOrderMark,
    /// It holds bytes that are not UTF-8.
    NotUtf8,
    /// It breaks the grammar of JSON.
    Syntax,
    /// It ends in the middle.
    CutShort,
    /// More follows after its end.
    TrailingContent,
    /// An object has the same property twice.
    DuplicateKey,
    /// Lists and objects lie in one another more than [`Fault::DEEPEST`] deep.
    TooDeep,
    /// A number has more digits than 64 bits hold.
    LosesDigits,
    /// A string holds half of a surrogate pair.
    LoneSurrogate,
    /// A string holds a raw control character, such as a line break.
    ControlCharacter,
    /// It is longer than the limit that the caller set.
    TooLarge,
}

impl Fault {
    /// How deep lists and objects may lie in one another.
    pub const DEEPEST: usize = 64;

    /// Every fault, in the order of the declaration.
    pub const ALL: [Self; 12] = [
        Self::Empty,
        Self::ByteOrderMark,
        Self::NotUtf8,
        Self::Syntax,
        Self::CutShort,
        Self::TrailingContent,
        Self::DuplicateKey,
        Self::TooDeep,
        Self::LosesDigits,
        Self::LoneSurrogate,
        Self::ControlCharacter,
        Self::TooLarge,
    ];

    /// The stable word for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::ByteOrderMark => "byte_order_mark",
            Self::NotUtf8 => "not_utf8",
            Self::Syntax => "syntax",
            Self::CutShort => "cut_short",
            Self::TrailingContent => "trailing_content",
            Self::DuplicateKey => "duplicate_key",
            Self::TooDeep => "too_deep",
            Self::LosesDigits => "loses_digits",
            Self::LoneSurrogate => "lone_surrogate",
            Self::ControlCharacter => "control_character",
            Self::TooLarge => "too_large",
        }
    }

    /// What is wrong and what to do, without the place.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Empty => "there is no record here; send one JSON object",
            Self::ByteOrderMark => "the record starts with a byte order mark; send UTF-8 without one",
            Self::NotUtf8 => "these bytes are not UTF-8; export the record as UTF-8",
            Self::Syntax => {
                "this is not JSON; write a value, comma, colon or closing bracket as JSON has them"
            }
            Self::CutShort => "the record ends before it is complete; send all of it",
            Self::TrailingContent => "something follows the end of the record; send one record alone",
            Self::DuplicateKey => "this property is written twice in one object; keep one of the two",
            Self::TooDeep => "lists and objects lie more than 64 deep here; send a flatter record",
            Self::LosesDigits => {
                "this number has more digits than can be kept; shorten it, or send it as a string"
            }
            Self::LoneSurrogate => {
                "this string holds half of a two-part character (\\ud800 to \\udfff alone); send both parts"
            }
            Self::ControlCharacter => {
                "this string holds a line break, a tab or another control character; write it as \\n, \\t or \\u00XX"
            }
            Self::TooLarge => {
                "this record is longer than the limit; send it in smaller parts or raise the limit"
            }
        }
    }
}

/// A document that cannot be read, with the place of the first fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong.
    pub fault: Fault,
    /// The value that is wrong, or the list or object around it.
    pub pointer: Pointer,
    /// The line of the document, from 1.
    pub line: u64,
    /// The character of the line, from 1.
    pub column: u64,
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}", self.line, self.column)?;
        if self.pointer != Pointer::root() {
            write!(out, ", at {}", self.pointer)?;
        }
        write!(out, ": {}", self.fault.advice())
    }
}

impl std::error::Error for Malformed {}
