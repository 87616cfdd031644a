//! Chunks on a disk: each a line that says what it is, then its bytes, so that a piece of work can be taken up again anywhere.

use std::io;
use std::io::BufRead;
use std::io::Read as _;
use std::io::Write;
use std::ops::Range;

use serde::Deserialize;
use serde::Serialize;

use crate::intake::Chunk;
use crate::intake::Fault;
use crate::intake::chunk::Layout;
use crate::intake::chunk::Span;
use crate::model::PlaceTable;

/// The most that the line before a chunk, or a chunk, may have: more is no chunk of ours.
const MOST: u64 = 1 << 30;

#[derive(Serialize, Deserialize)]
struct Head<'c> {
    /// The file that the chunk is of, where its documents do not say it themselves.
    file: Option<String>,
    sequence: u64,
    bytes: u64,
    record_bytes: usize,
    /// The number of the first line, where each line is a document.
    lines: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spans: Vec<SpanHead<'c>>,
}

#[derive(Serialize, Deserialize)]
struct SpanHead<'c> {
    line: u64,
    column: u64,
    range: Option<Range<usize>>,
    fault: Option<std::borrow::Cow<'c, str>>,
    places: Option<Box<PlaceTable>>,
}

/// A chunk that was read back, with the file that it is of.
#[derive(Debug)]
pub struct Spooled {
    /// The chunk.
    pub chunk: Chunk,
    /// The file, as the caller named it, where the documents do not say it themselves.
    pub file: Option<String>,
}

fn damaged() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

impl Chunk {
    /// Writes the chunk behind what is there; says how many bytes that took.
    pub fn write_to(&self, out: &mut impl Write, file: Option<&str>) -> io::Result<u64> {
        let (lines, spans) = match &self.layout {
            Layout::Lines(first) => (Some(*first), [].as_slice()),
            Layout::Spans(spans) => (None, spans.as_slice()),
        };
        let spans = spans.iter().map(|span| SpanHead {
            line: span.line,
            column: span.column,
            range: span.content.as_ref().ok().cloned(),
            fault: span.content.as_ref().err().map(|fault| fault.code().into()),
            places: span.places.clone(),
        });
        let head = Head {
            file: file.map(str::to_owned),
            sequence: self.sequence,
            bytes: self.bytes.len() as u64,
            record_bytes: self.record_bytes,
            lines,
            spans: spans.collect(),
        };
        let mut line = serde_json::to_vec(&head)?;
        line.push(b'\n');
        out.write_all(&line)?;
        out.write_all(&self.bytes)?;
        Ok(line.len() as u64 + head.bytes)
    }
}

impl Spooled {
    /// Reads the chunk that [`Chunk::write_to`] wrote. What is no such chunk is [`io::ErrorKind::InvalidData`].
    pub fn read_from(input: &mut impl BufRead) -> io::Result<Self> {
        let mut line = Vec::new();
        input.by_ref().take(MOST).read_until(b'\n', &mut line)?;
        let head: Head<'_> = serde_json::from_slice(&line).map_err(|_| damaged())?;
        if head.bytes > MOST {
            return Err(damaged());
        }
        let mut bytes = Vec::new();
        input.by_ref().take(head.bytes).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != head.bytes {
            return Err(damaged());
        }
        let layout = match head.lines {
            Some(first) => Layout::Lines(first),
            None => Layout::Spans(head.spans.into_iter().map(span).collect::<io::Result<_>>()?),
        };
        let chunk =
            Chunk { sequence: head.sequence, bytes: bytes.into(), record_bytes: head.record_bytes, layout };
        Ok(Self { chunk, file: head.file })
    }
}

fn span(head: SpanHead<'_>) -> io::Result<Span> {
    let fault = |code: &str| Fault::ALL.into_iter().find(|fault| fault.code() == code);
    let content = match (head.range, head.fault) {
        (Some(range), None) => Ok(range),
        (None, Some(code)) => Err(fault(&code).ok_or_else(damaged)?),
        _ => return Err(damaged()),
    };
    Ok(Span { line: head.line, column: head.column, content, places: head.places })
}
