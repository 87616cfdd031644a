//! Splits one long JSON list into its records without parsing them, in memory bounded by one record.
//!
//! It only follows strings and brackets. Whatever else is wrong with a record, the parser finds when it gets that record.

use crate::intake::Fault;
use crate::intake::chunk::Span;

/// Where the scan of a list stands. It is fed the bytes after the opening bracket, in pieces of any size.
pub(super) struct ArrayScan {
    line: u64,
    column: u64,
    /// Lists and objects open inside the current record.
    depth: usize,
    phase: Phase,
    /// Where the current record began, once its first byte was seen.
    began: Option<(u64, u64)>,
    /// A string of the current record was cut by a line break, so its brackets cannot be counted on.
    broken: bool,
    records: u64,
    /// Bytes kept of a record at most; one more than the limit, so that the excess is seen.
    keep: usize,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Plain,
    InString,
    AfterBackslash,
    AfterList,
    /// After the list, and the fault that something follows it was told.
    AfterListTold,
}

/// Records found, with their bytes.
#[derive(Default)]
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    pub(super) spans: Vec<Span>,
    /// Where the bytes of the unfinished record start.
    open_from: usize,
}

impl ArrayScan {
    /// A scan that starts after the bracket at this line and column.
    pub(super) fn after(line: u64, column: u64, record_bytes: usize) -> Self {
        Self {
            line,
            column: column + 1,
            depth: 0,
            phase: Phase::Plain,
            began: None,
            broken: false,
            records: 0,
            keep: record_bytes.saturating_add(1),
        }
    }

    /// The line that the scan has come to.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Takes the next bytes of the file.
    pub(super) fn feed(&mut self, piece: &[u8], found: &mut Found) {
        let mut from = 0;
        for (at, byte) in piece.iter().copied().enumerate() {
            match self.phase {
                Phase::Plain => {
                    if self.starts_anew(byte) {
                        self.keep(piece.get(from..at).unwrap_or_default(), found);
                        self.finish_record(false, found);
                    }
                    let between = self.depth == 0 && matches!(byte, b',' | b']');
                    if self.began.is_none() && !between && !byte.is_ascii_whitespace() {
                        self.began = Some((self.line, self.column));
                        from = at;
                    }
                    if between {
                        self.keep(piece.get(from..at).unwrap_or_default(), found);
                        self.finish_record(byte == b']', found);
                    } else {
                        self.step(byte);
                    }
                }
                Phase::InString => self.step_in_string(byte),
                Phase::AfterBackslash => self.phase = Phase::InString,
                Phase::AfterList if !byte.is_ascii_whitespace() => {
                    self.phase = Phase::AfterListTold;
                    self.refuse(Fault::TrailingContent, found);
                }
                Phase::AfterList | Phase::AfterListTold => {}
            }
            self.advance(byte);
        }
        self.keep(piece.get(from..).unwrap_or_default(), found);
    }

    /// Takes the end of the file.
    pub(super) fn finish(&mut self, found: &mut Found) {
        if matches!(self.phase, Phase::AfterList | Phase::AfterListTold) {
            return;
        }
        let between_records = self.depth == 0 && self.phase == Phase::Plain;
        if self.began.is_some() {
            self.finish_record(false, found);
        }
        if between_records {
            self.refuse(Fault::CutShort, found);
        }
        self.phase = Phase::AfterListTold;
    }

    fn step_in_string(&mut self, byte: u8) {
        match byte {
            b'\\' => self.phase = Phase::AfterBackslash,
            b'"' => self.phase = Phase::Plain,
            b'\n' => {
                self.phase = Phase::Plain;
                self.broken = true;
            }
            _ => {}
        }
    }

    /// Whether a record begins here although the one before it did not end: one quote that is missing must not swallow
    /// the rest of the file, and records mostly begin in one column.
    fn starts_anew(&self, byte: u8) -> bool {
        self.broken && byte == b'{' && self.began.is_some_and(|(_, column)| column == self.column)
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'"' => self.phase = Phase::InString,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn advance(&mut self, byte: u8) {
        if byte == b'\n' {
            self.line += 1;
            self.column = 1;
        } else if byte & 0xc0 != 0x80 {
            self.column += 1;
        }
    }

    fn keep(&self, bytes: &[u8], found: &mut Found) {
        let room = self.keep.saturating_sub(found.bytes.len() - found.open_from);
        let kept = bytes.get(..room).unwrap_or(bytes);
        if self.began.is_some() {
            found.bytes.extend_from_slice(kept);
        }
    }

    /// Ends the record at a comma or at the bracket that ends the list.
    fn finish_record(&mut self, list_ends: bool, found: &mut Found) {
        let (line, column) = self.began.take().unwrap_or((self.line, self.column));
        let empty_list = list_ends && self.records == 0 && found.bytes.len() == found.open_from;
        if !empty_list {
            found.spans.push(Span {
                line,
                column,
                content: Ok(found.open_from..found.bytes.len()),
                places: None,
            });
        }
        found.open_from = found.bytes.len();
        self.records += 1;
        self.depth = 0;
        self.broken = false;
        if list_ends {
            self.phase = Phase::AfterList;
        }
    }

    fn refuse(&self, fault: Fault, found: &mut Found) {
        found.spans.push(Span { line: self.line, column: self.column, content: Err(fault), places: None });
    }
}

impl Found {
    /// Bytes of the records that are complete.
    pub(super) fn finished_bytes(&self) -> usize {
        self.open_from
    }

    /// Takes the finished records out and leaves the unfinished one.
    pub(super) fn take(&mut self) -> (Vec<u8>, Vec<Span>) {
        let open = self.bytes.split_off(self.open_from);
        self.open_from = 0;
        (std::mem::replace(&mut self.bytes, open), std::mem::take(&mut self.spans))
    }
}
