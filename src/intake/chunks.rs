//! Reads a file of records, JSON or NDJSON, compressed or not, in chunks that hold whole documents.
//!
//! The format is decided by the content first and by the name of the file second. Memory is bounded by one chunk and one
//! record at any length of the file. A record that cannot be read is a document with a fault, and reading goes on.

use std::io;
use std::io::Read;
use std::path::Path;

use crate::intake::Bytes;
use crate::intake::Chunk;
use crate::intake::Fault;
use crate::intake::Progress;
use crate::intake::Trouble;
use crate::intake::Unreadable;
use crate::intake::array::ArrayScan;
use crate::intake::array::Found;
use crate::intake::chunk::Layout;
use crate::intake::chunk::Span;
use crate::intake::held::Held;
use crate::intake::sniff;
use crate::intake::sniff::Format;
use crate::intake::source::Source;

/// Bytes that one read asks for.
const READ: usize = 64 * 1024;

/// How many times as long as itself a compressed file may be: records that repeat each other shrink to a fiftieth.
const RATIO: u64 = 200;

/// How much may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record.
    pub record_bytes: usize,
    /// Bytes after which a chunk is handed on.
    pub chunk_bytes: usize,
    /// Bytes of a compressed file, decompressed, where it does not hold so many at an honest ratio: a file that is not compressed may be as
    /// long as it is, since memory does not grow with it.
    pub total_bytes: u64,
}

impl Default for Limits {
    /// Records and chunks of one mebibyte (2^20 bytes), compressed files of two gibibytes or 200 times their length.
    fn default() -> Self {
        Self { record_bytes: 1 << 20, chunk_bytes: 1 << 20, total_bytes: 2 << 30 }
    }
}

/// A file being read. After an error there are no more chunks.
pub struct Chunks {
    file: String,
    limits: Limits,
    format: Format,
    byte_order_mark: bool,
    reader: Box<dyn Read + Send>,
    compressed: bool,
    progress: Progress,
    /// Bytes read and not yet handed on.
    held: Held,
    total: u64,
    line: u64,
    sequence: u64,
    state: State,
    failed: Option<Unreadable>,
}

enum State {
    Lines,
    /// In a line that was too long; the rest of it is thrown away.
    SkippingLine,
    List(Box<(ArrayScan, Found)>),
    Whole,
    Done,
}

/// Opens a file of records by what it is called, which need not be where it lies, whatever its format.
pub fn open(name: &str, path: &Path, limits: &Limits) -> Result<Chunks, Unreadable> {
    let source = Source::open(path).map_err(|error| Unreadable {
        trouble: Trouble::Io(error.kind()),
        file: name.to_owned(),
        line: 0,
    })?;
    Chunks::start(source, name.to_owned(), limits)
}

/// Reads a stream of records, whatever its format; the name stands for the file in every message.
pub fn read(
    name: &str,
    reader: impl Read + Send + 'static,
    total: Option<u64>,
    limits: &Limits,
) -> Result<Chunks, Unreadable> {
    let source = Source::new(reader, total).map_err(|error| Unreadable {
        trouble: Trouble::Io(error.kind()),
        file: name.to_owned(),
        line: 0,
    })?;
    Chunks::start(source, name.to_owned(), limits)
}

impl Chunks {
    fn start(source: Source, file: String, limits: &Limits) -> Result<Self, Unreadable> {
        let mut chunks = Self {
            file,
            limits: *limits,
            format: Format::Ndjson,
            byte_order_mark: false,
            reader: source.reader,
            compressed: source.compressed,
            progress: source.progress,
            held: Held::default(),
            total: 0,
            line: 0,
            sequence: 0,
            state: State::Done,
            failed: None,
        };
        chunks.detect()?;
        Ok(chunks)
    }

    /// What the file holds.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether the file began with a UTF-8 byte order mark, which was taken off.
    pub fn had_byte_order_mark(&self) -> bool {
        self.byte_order_mark
    }

    /// A handle on how far reading has come, for another thread to watch.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Reads as much as it takes to tell the format.
    fn detect(&mut self) -> Result<(), Unreadable> {
        let name = self.file.clone();
        let sniffed = loop {
            let more = self.fill()?;
            if self.held.starts_with(&[0xef, 0xbb, 0xbf]) && !self.byte_order_mark {
                self.byte_order_mark = true;
                self.held.forget(3);
            }
            if let Some(sniffed) = sniff::sniff(&self.held, !more, self.limits.record_bytes, &name) {
                break sniffed;
            }
        };
        self.line = 1;
        self.format = match sniffed {
            Ok(format) => format,
            Err(trouble) => {
                self.line = 0;
                return Err(self.unreadable(trouble));
            }
        };
        self.state = match self.format {
            Format::Ndjson => State::Lines,
            Format::Json => State::Whole,
            Format::JsonArray => {
                let (line, column) = sniff::skip_to_bracket(&mut self.held);
                let scan = ArrayScan::after(line, column, self.limits.record_bytes);
                State::List(Box::new((scan, Found::default())))
            }
        };
        Ok(())
    }

    /// Reads some more; says whether there was more.
    fn fill(&mut self) -> Result<bool, Unreadable> {
        self.fill_with(READ)
    }

    /// Reads so many bytes more; says whether there were any. An error is kept until what was read before it is handed on.
    fn fill_with(&mut self, most: usize) -> Result<bool, Unreadable> {
        if self.failed.is_some() {
            return Ok(false);
        }
        let before = self.held.len();
        let result = self.held.read(&mut self.reader, most);
        let length = self.held.len() - before;
        self.total += count(length);
        let trouble = match result {
            _ if self.swells() => Trouble::TooLong,
            Ok(()) => return Ok(length > 0),
            Err(error) => self.trouble_of(&error),
        };
        let error = self.unreadable(trouble);
        if self.line == 0 {
            return Err(error);
        }
        self.failed = Some(error);
        Ok(length > 0)
    }

    /// Whether what was compressed has become longer than a file of records does.
    fn swells(&self) -> bool {
        let honest = self.progress.read().saturating_mul(RATIO);
        self.compressed && self.total > self.limits.total_bytes.max(honest)
    }

    fn trouble_of(&self, error: &io::Error) -> Trouble {
        let kinds = [
            io::ErrorKind::UnexpectedEof,
            io::ErrorKind::InvalidInput,
            io::ErrorKind::InvalidData,
            io::ErrorKind::Other,
        ];
        if self.compressed && kinds.contains(&error.kind()) {
            return Trouble::Damaged;
        }
        Trouble::Io(error.kind())
    }

    fn unreadable(&self, trouble: Trouble) -> Unreadable {
        Unreadable { trouble, file: self.file.clone(), line: self.line }
    }

    fn chunk(&mut self, bytes: Bytes, layout: Layout) -> Chunk {
        let sequence = self.sequence;
        self.sequence += 1;
        Chunk { sequence, bytes, record_bytes: self.limits.record_bytes, layout }
    }

    /// The next whole lines.
    fn next_lines(&mut self) -> Result<Option<Chunk>, Unreadable> {
        let mut more = true;
        while more && self.held.len() < self.limits.chunk_bytes {
            more = self.fill_with(READ.max(self.limits.chunk_bytes - self.held.len()))?;
        }
        loop {
            let newline = memchr::memrchr(b'\n', &self.held);
            let cut_line = newline.is_none() && self.held.len() > self.limits.record_bytes;
            if newline.is_none() && more && !cut_line {
                more = self.fill()?;
                continue;
            }
            let last = !more && self.held.len() < self.limits.chunk_bytes;
            let end = newline.filter(|_| !last).map_or(self.held.len(), |newline| newline + 1);
            let mut bytes = self.held.cut(end, self.limits.chunk_bytes);
            if bytes.is_empty() {
                self.state = State::Done;
                return Ok(None);
            }
            let first = self.line;
            self.line += count(memchr::memchr_iter(b'\n', &bytes).count());
            if cut_line {
                bytes.truncate(self.limits.record_bytes.saturating_add(1));
                self.state = State::SkippingLine;
            }
            return Ok(Some(self.chunk(bytes, Layout::Lines(first))));
        }
    }

    /// Throws away the rest of a line that was too long.
    fn skip_line(&mut self) -> Result<(), Unreadable> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.held) {
                self.held.forget(at + 1);
                self.line += 1;
                self.state = State::Lines;
                return Ok(());
            }
            self.held.clear();
            if !self.fill()? {
                self.state = State::Done;
                return Ok(());
            }
        }
    }

    /// The next records of a list.
    fn next_of_list(
        &mut self,
        scan: &mut ArrayScan,
        found: &mut Found,
    ) -> Result<(Option<Chunk>, bool), Unreadable> {
        let mut more = true;
        while more && found.finished_bytes() < self.limits.chunk_bytes {
            if self.held.is_empty() {
                more = self.fill()?;
            }
            scan.feed(&self.held, found);
            self.held.clear();
            self.line = scan.line();
        }
        if !more {
            scan.finish(found);
        }
        let (bytes, spans) = found.take();
        let chunk = (!spans.is_empty()).then(|| self.chunk(bytes.into(), Layout::Spans(spans)));
        Ok((chunk, more))
    }

    /// The one record of the file.
    fn whole(&mut self) -> Result<Chunk, Unreadable> {
        while self.held.len() <= self.limits.record_bytes && self.fill()? {}
        let keep = self.limits.record_bytes.saturating_add(1);
        let bytes = self.held.cut(keep, 0);
        let span = Span {
            line: 1,
            column: 1,
            content: if bytes.len() == keep { Err(Fault::TooLarge) } else { Ok(0..bytes.len()) },
            places: None,
        };
        Ok(self.chunk(bytes, Layout::Spans(vec![span])))
    }

    fn advance(&mut self) -> Result<Option<Chunk>, Unreadable> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Lines => {
                    self.state = State::Lines;
                    return self.next_lines();
                }
                State::SkippingLine => self.skip_line()?,
                State::List(mut list) => {
                    let (scan, found) = list.as_mut();
                    let (chunk, more) = self.next_of_list(scan, found)?;
                    if more {
                        self.state = State::List(list);
                    }
                    if chunk.is_some() {
                        return Ok(chunk);
                    }
                }
                State::Whole => return self.whole().map(Some),
                State::Done => return Ok(None),
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Iterator for Chunks {
    type Item = Result<Chunk, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.advance() {
            Ok(Some(chunk)) => Some(Ok(chunk)),
            Ok(None) => self.failed.take().map(Err),
            Err(error) => Some(Err(error)),
        }
    }
}
