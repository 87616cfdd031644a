//! A YAML file as a tree in which everything knows where it was written. The only user of the YAML library.
//!
//! Plain scalars keep their spelling (`01`, `no`, `2026-05-01`), because a code is not a number and a date is not yet a day.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::Deserialize;
use serde::de::Deserializer;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde_saphyr::Spanned;

use crate::model::Problem;
use crate::model::SourceFile;

/// A value and the bytes it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Byte offsets into the file.
    pub span: Range<usize>,
    /// The value.
    pub what: What,
}

/// The three things that a file can hold, and nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Nothing was written (`key:`), or `null` or `~`.
    Nothing,
    /// A scalar as spelled, quotes and escapes resolved.
    Text {
        /// Its spelling.
        text: String,
        /// It stood in quotes, or as a block.
        quoted: bool,
    },
    /// A list.
    List(Vec<Written>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// One key of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: Written,
}

impl Written {
    /// The entry of a mapping by its key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.what {
            What::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The scalar as spelled.
    pub fn text(&self) -> Option<&str> {
        match &self.what {
            What::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What it is called in a message.
    pub fn kind(&self) -> &'static str {
        match self.what {
            What::Nothing => "nothing",
            What::Text { .. } => "a single value",
            What::List(_) => "a list",
            What::Map(_) => "a mapping",
        }
    }
}

thread_local! {
    /// The text that is being read, so that a typed scalar can be given back its spelling.
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Reads one YAML file: one document, no duplicate keys, no includes. What is wrong comes back as a problem at its place.
pub fn read(file: &Arc<SourceFile>) -> Result<Written, Problem> {
    read_text(file, &file.text)
}

/// Reads one YAML file up to a key of its top level, for whoever has no use for what follows: that key is there with an empty list. A file
/// without such a key is read whole.
pub fn read_up_to(file: &Arc<SourceFile>, key: &str) -> Result<Written, Problem> {
    let start = file.text.match_indices(key).map(|(at, _)| at).find(|at| {
        let (before, from) = file.text.split_at_checked(*at).unwrap_or_default();
        before.ends_with('\n') && from.get(key.len()..).is_some_and(|rest| rest.starts_with(':'))
    });
    let Some(start) = start else { return read(file) };
    let mut written = read_text(file, file.text.get(..start).unwrap_or_default())?;
    if let What::Map(entries) = &mut written.what {
        let (key_span, end) = (start..start + key.len(), file.text.len());
        let value = Written { span: key_span.end..end, what: What::List(Vec::new()) };
        entries.push(Entry { key: key.to_owned(), key_span, value });
    }
    Ok(written)
}

/// Reads a file's text, or its beginning.
fn read_text(file: &Arc<SourceFile>, text: &str) -> Result<Written, Problem> {
    let options = serde_saphyr::options! { strict_booleans: true };
    TEXT.with_borrow_mut(|kept| text.clone_into(kept));
    let result = serde_saphyr::from_str_with_options::<Written>(text, options);
    result.map_err(|error| {
        let place = error.location().and_then(|place| offset_of(&file.text, place.line(), place.column()));
        let start = place.unwrap_or(0);
        let message = error.without_snippet().to_string();
        Problem::at(file, start..start, first_sentence(&message))
            .help("the file must be readable YAML with one document")
    })
}

/// The library's words up to its own place, which we show in our way.
fn first_sentence(message: &str) -> String {
    let line = message.lines().next().unwrap_or("this is not readable YAML");
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let cut = [" at line ", ", set "].iter().filter_map(|mark| line.find(mark)).min();
    cut.and_then(|end| line.get(..end)).unwrap_or(line).to_owned()
}

/// The byte offset of a line and column, both from 1, the column in characters.
fn offset_of(text: &str, line: u64, column: u64) -> Option<usize> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..)?;
    Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Raw>::deserialize(deserializer)?;
        let span = byte_range(&spanned.referenced);
        let what = match spanned.value {
            Raw::Spelled => TEXT.with_borrow(|text| spelled(text.get(span.clone()).unwrap_or(""))),
            Raw::Text(value) => TEXT.with_borrow(|text| {
                let first = text.as_bytes().get(span.start).copied();
                What::Text { text: value, quoted: matches!(first, Some(b'"' | b'\'' | b'|' | b'>')) }
            }),
            Raw::List(items) => What::List(items),
            Raw::Map(entries) => What::Map(entries),
        };
        Ok(Self { span, what })
    }
}

/// A plain scalar that the library would have made a number, a truth value or nothing of.
fn spelled(source: &str) -> What {
    let source = source.trim();
    if matches!(source, "" | "~" | "null" | "Null" | "NULL") {
        return What::Nothing;
    }
    What::Text { text: source.to_owned(), quoted: false }
}

fn byte_range(location: &serde_saphyr::Location) -> Range<usize> {
    let span = location.span();
    let start = span.byte_offset().and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    let length = span.byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    start..start + length
}

/// A value before it is joined with its span.
enum Raw {
    Spelled,
    Text(String),
    List(Vec<Written>),
    Map(Vec<Entry>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value, a list or a mapping")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let key_span = byte_range(&key.referenced);
            entries.push(Entry { key: key.value, key_span, value: map.next_value()? });
        }
        Ok(Raw::Map(entries))
    }
}
