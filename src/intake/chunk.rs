//! A piece of a file that holds whole documents, and the documents in it.
//!
//! `chunks` cuts the file; a worker takes one chunk, goes through its documents and parses each.

use std::ops::Range;

use crate::intake::Bytes;
use crate::intake::Fault;
use crate::intake::Malformed;
use crate::model::PlaceTable;
use crate::model::Pointer;

/// Some documents of a file, in their order.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The number of the chunk in its file, from 0.
    pub sequence: u64,
    /// The content. One record a line, or records one after another where the file is not NDJSON.
    pub bytes: Bytes,
    pub(super) record_bytes: usize,
    pub(super) layout: Layout,
}

/// Where the documents of a chunk lie.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    /// One a line; the first line has this number.
    Lines(u64),
    /// Found one by one by the reader.
    Spans(Vec<Span>),
}

/// One document that the reader found.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) content: Result<Range<usize>, Fault>,
    pub(super) places: Option<Box<PlaceTable>>,
}

/// One document of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'c> {
    /// The line of the file on which it starts, from 1.
    pub line: u64,
    /// The character of that line at which it starts, from 1.
    pub column: u64,
    /// Its text, or why it has none; the place of the fault is that in the document.
    pub text: Result<&'c [u8], Malformed>,
    /// Where its values came from, when it was made of tables.
    pub places: Option<&'c PlaceTable>,
}

impl Chunk {
    /// A chunk of records that were made of tables, each with the places of its values; a record longer than this is not read.
    pub fn of_records(sequence: u64, records: Vec<(Vec<u8>, PlaceTable)>, record_bytes: usize) -> Self {
        let mut bytes = Vec::new();
        let mut spans = Vec::new();
        for (record, places) in records {
            let start = bytes.len();
            bytes.extend_from_slice(&record);
            let content = Ok(start..bytes.len());
            spans.push(Span { line: 1, column: 1, content, places: Some(Box::new(places)) });
        }
        Self { sequence, bytes: bytes.into(), record_bytes, layout: Layout::Spans(spans) }
    }

    /// The documents, in their order. Blank lines are none.
    pub fn documents(&self) -> impl Iterator<Item = Document<'_>> {
        let (first_line, spans) = match &self.layout {
            Layout::Lines(first) => (Some(*first), [].as_slice()),
            Layout::Spans(spans) => (None, spans.as_slice()),
        };
        let lines = first_line.into_iter().flat_map(|first| {
            (first..)
                .zip(lines(&self.bytes))
                .map(|(line, text)| (line, text.strip_suffix(b"\r").unwrap_or(text)))
                .filter(|(_, text)| !text.trim_ascii_start().is_empty())
                .map(|(line, text)| Document {
                    line,
                    column: 1,
                    text: self.within_the_limit(text),
                    places: None,
                })
        });
        lines.chain(spans.iter().map(|span| Document {
            line: span.line,
            column: span.column,
            places: span.places.as_deref(),
            text: match &span.content {
                Ok(range) => self.within_the_limit(self.bytes.get(range.clone()).unwrap_or_default()),
                Err(fault) => Err(at_the_start(*fault)),
            },
        }))
    }

    fn within_the_limit<'c>(&self, text: &'c [u8]) -> Result<&'c [u8], Malformed> {
        if text.len() > self.record_bytes {
            return Err(at_the_start(Fault::TooLarge));
        }
        Ok(text)
    }
}

/// The lines of a text without their ends; after the last end of a line comes one more, which may be empty.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', text).chain(std::iter::once(text.len()));
    ends.scan(0, move |start, end| text.get(std::mem::replace(start, end + 1)..end))
}

fn at_the_start(fault: Fault) -> Malformed {
    Malformed { fault, pointer: Pointer::root(), line: 1, column: 1 }
}

impl Document<'_> {
    /// The same fault with its place in the file instead of its place in this document.
    #[must_use]
    pub fn in_file(&self, mut malformed: Malformed) -> Malformed {
        if malformed.line == 1 {
            malformed.column += self.column - 1;
        }
        malformed.line += self.line - 1;
        malformed
    }
}
