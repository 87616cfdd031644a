//! The rows of every table, brought together by child, into chunks of records in the order of the children's ids.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::extracts::assemble::assemble;
use crate::extracts::coercion::Coercions;
use crate::extracts::facts::MostlyBlank;
use crate::extracts::facts::NotUsed;
use crate::extracts::facts::TableFacts;
use crate::extracts::join::Joins;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::opened::Recognised;
use crate::extracts::present::Present;
use crate::extracts::reading::Reading;
use crate::extracts::sort::Entry;
use crate::extracts::sort::Sorted;
use crate::extracts::sort::Sorter;
use crate::intake::Chunk;
use crate::tables::UnreadableTable;

/// How much is held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLimits {
    /// Bytes of rows that are sorted in memory; what is beyond waits in a temporary file.
    pub memory_bytes: usize,
    /// Bytes of the rows of one child.
    pub child_bytes: usize,
    /// Bytes of records after which a chunk is handed on.
    pub chunk_bytes: usize,
    /// Bytes of one record.
    pub record_bytes: usize,
}

impl Default for GroupLimits {
    /// 24 MiB of rows in memory, 8 MiB of them for one child; chunks of 64 KiB, records of 1 MiB.
    fn default() -> Self {
        Self { memory_bytes: 24 << 20, child_bytes: 8 << 20, chunk_bytes: 64 << 10, record_bytes: 1 << 20 }
    }
}

/// Why the tables of an extract cannot be grouped. The message says where and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupError {
    /// A table cannot be read to its end.
    Unreadable(UnreadableTable),
    /// The temporary files cannot be written or read.
    Temporary(io::ErrorKind),
    /// The rows of one child are too many: the place at which the limit was reached.
    TooMuch(String),
    /// The header of another table stands among the rows: its place, and whether that is a sheet.
    SecondTable(String, bool),
}

impl fmt::Display for GroupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(out),
            Self::Temporary(kind) => {
                write!(out, "the temporary files for sorting cannot be used ({kind}): is the disk full?")
            }
            Self::TooMuch(place) => {
                write!(out, "{place}: one child has too many rows; is the child's id the same everywhere?")
            }
            Self::SecondTable(place, in_sheet) => {
                let own = if *in_sheet { "sheet" } else { "file" };
                write!(out, "{place}: the header of a second table begins here; make it a {own} of its own")
            }
        }
    }
}

impl std::error::Error for GroupError {}

impl From<UnreadableTable> for GroupError {
    fn from(error: UnreadableTable) -> Self {
        Self::Unreadable(error)
    }
}

impl From<io::Error> for GroupError {
    fn from(error: io::Error) -> Self {
        Self::Temporary(error.kind())
    }
}

/// Records on their way. After an error there are no more.
pub struct Grouped<'l> {
    layout: &'l Layout,
    limits: GroupLimits,
    present: Vec<Option<Present>>,
    sorted: Sorted,
    coercions: Coercions,
    tables: Vec<TableFacts>,
    blank: Vec<MostlyBlank>,
    not_used: Vec<NotUsed>,
    sequence: u64,
    ended: bool,
}

impl Grouped<'_> {
    /// What had to be done so far; whole once every record was taken.
    pub fn coercions(&self) -> &Coercions {
        &self.coercions
    }

    /// The files that were read.
    pub fn tables(&self) -> &[TableFacts] {
        &self.tables
    }

    /// Columns in which nearly nothing is recorded.
    pub fn mostly_blank(&self) -> &[MostlyBlank] {
        &self.blank
    }

    /// Files of which nothing has a place in the record.
    pub fn not_used(&self) -> &[NotUsed] {
        &self.not_used
    }

    fn next_chunk(&mut self) -> Result<Option<Chunk>, GroupError> {
        let mut records = Vec::new();
        let mut bytes = 0;
        while bytes < self.limits.chunk_bytes {
            let Some(child) = self.sorted.peek().map(|row| Arc::clone(&row.child)) else { break };
            let entries = self.rows_of(&child)?;
            let (record, places) =
                assemble(self.layout, &self.present, &child, &entries, &mut self.coercions);
            let text = record.to_string().into_bytes();
            bytes += text.len();
            records.push((text, places));
        }
        if records.is_empty() {
            return Ok(None);
        }
        let chunk = Chunk::of_records(self.sequence, records, self.limits.record_bytes);
        self.sequence += 1;
        Ok(Some(chunk))
    }

    fn rows_of(&mut self, child: &Arc<str>) -> Result<Vec<Entry>, GroupError> {
        let mut entries = Vec::new();
        let mut cost = child.len();
        while self.sorted.peek().is_some_and(|row| row.child == *child) {
            let Some(entry) = self.sorted.pop()? else { break };
            cost += entry.cost();
            if cost > self.limits.child_bytes {
                let file = self.present.get(usize::from(entry.table)).and_then(Option::as_ref);
                let place = |there: &Present| place_of(&there.name, there.sheet.is_some(), entry.line);
                return Err(GroupError::TooMuch(file.map(place).unwrap_or_default()));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

impl Iterator for Grouped<'_> {
    type Item = Result<Chunk, GroupError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_chunk();
        self.ended = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

/// Reads every table and sorts its rows.
pub(super) fn group(all: Recognised<'_>, limits: GroupLimits) -> Result<Grouped<'_>, GroupError> {
    let layout = all.layout;
    let (joins, memory_bytes) = Joins::of(layout, &all.opened, limits.memory_bytes);
    let mut reading = Reading::new(layout, Sorter::new(memory_bytes), joins, all.coercions);
    let present = Present::all(layout, &all.opened);
    let mut not_used = Vec::new();
    if let Some(document) = all.document {
        reading.document(document, &all.opened)?;
    }
    for opened in all.opened.into_iter().filter(|opened| opened.rows.is_some()) {
        if layout.tables.get(opened.table).is_some_and(LayoutTable::is_used) {
            reading.table(opened)?;
        } else {
            not_used.push(NotUsed::of(&opened.name, "nothing of it has a place in the record"));
        }
    }
    reading.joins.finish(&mut reading.sorter, &mut reading.coercions)?;
    Ok(Grouped {
        layout,
        limits,
        present,
        sorted: reading.sorter.finish()?,
        coercions: reading.coercions,
        tables: reading.tables,
        blank: reading.blank,
        not_used,
        sequence: 0,
        ended: false,
    })
}

/// A row of a table, for people.
pub(super) fn place_of(table: &str, in_sheet: bool, line: u64) -> String {
    format!("{table}, {} {line}", if in_sheet { "row" } else { "line" })
}
