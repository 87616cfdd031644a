//! The rows of every table, cleaned and brought together by child, into chunks of records in the order of the children's ids.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::extracts::assemble::Present;
use crate::extracts::assemble::assemble;
use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::extract::MostlyBlank;
use crate::extracts::extract::NotUsed;
use crate::extracts::extract::TableFacts;
use crate::extracts::join::Joins;
use crate::extracts::layout::By;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::recognise::Opened;
use crate::extracts::recognise::OpenedRows;
use crate::extracts::recognise::Recognised;
use crate::extracts::sort::Entry;
use crate::extracts::sort::Sorted;
use crate::extracts::sort::Sorter;
use crate::extracts::values::id_was_altered;
use crate::intake::Chunk;
use crate::tables::Mess;
use crate::tables::Row;
use crate::tables::Skip;
use crate::tables::TableForm;
use crate::tables::TableLine;
use crate::tables::UnreadableTable;
use crate::tables::clean;
use crate::tables::normalised;

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
    /// The rows of one child are too many: the file and the line at which the limit was reached.
    TooMuch(Arc<str>, u64),
    /// The header of another table stands among the rows.
    SecondTable(Arc<str>, u64),
}

impl fmt::Display for GroupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(out),
            Self::Temporary(kind) => {
                write!(out, "the temporary files for sorting cannot be used ({kind}): is the disk full?")
            }
            Self::TooMuch(file, line) => {
                write!(
                    out,
                    "{file}, line {line}: one child has too many rows; is the child's id the same everywhere?"
                )
            }
            Self::SecondTable(file, line) => {
                write!(
                    out,
                    "{file}, line {line}: the header of a second table begins here; make it a file of its own"
                )
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
            let Some(child) = self.sorted.child().map(str::to_owned) else { break };
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

    fn rows_of(&mut self, child: &str) -> Result<Vec<Entry>, GroupError> {
        let mut entries = Vec::new();
        let mut cost = 0;
        while self.sorted.child() == Some(child) {
            let Some(entry) = self.sorted.next()? else { break };
            cost += entry.cost();
            if cost > self.limits.child_bytes {
                let file = self.present.get(usize::from(entry.table)).and_then(Option::as_ref);
                return Err(GroupError::TooMuch(
                    file.map_or_else(|| Arc::from(""), |there| Arc::clone(&there.file)),
                    entry.line,
                ));
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
    let mut reading = Reading {
        layout,
        sorter: Sorter::new(memory_bytes),
        joins,
        coercions: all.coercions,
        tables: Vec::new(),
        blank: Vec::new(),
    };
    let present = Present::all(layout, &all.opened);
    let mut not_used = Vec::new();
    if let Some(document) = all.document {
        reading.document(document, &all.opened)?;
    }
    for opened in all.opened.into_iter().filter(|opened| opened.rows.is_some()) {
        if layout.tables.get(opened.table).is_some_and(LayoutTable::is_used) {
            reading.table(opened)?;
        } else {
            not_used.push(NotUsed::of(&opened.file, "nothing of it has a place in the record"));
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

/// Tables while they are read.
pub(super) struct Reading<'l> {
    pub(super) layout: &'l Layout,
    pub(super) sorter: Sorter,
    joins: Joins,
    pub(super) coercions: Coercions,
    pub(super) tables: Vec<TableFacts>,
    pub(super) blank: Vec<MostlyBlank>,
}

impl Reading<'_> {
    fn table(&mut self, opened: Opened) -> Result<(), GroupError> {
        let Opened { table, file, rows, columns } = opened;
        let (Some(of), Some(rows)) = (self.layout.tables.get(table), rows) else { return Ok(()) };
        let OpenedRows { rows, header, width } = rows;
        let mut facts = TableFacts {
            table: of.name.clone(),
            file: file.to_string(),
            sheet: rows.sheet().map(str::to_owned),
            encoding: rows.form().words(),
            delimiter: match rows.form() {
                TableForm::Text { delimiter, .. } => Some(delimiter),
                TableForm::Named(_) => None,
            },
            rows: 0,
        };
        let mut blanks = vec![0_u64; columns.len()];
        let number = u16::try_from(table).unwrap_or(u16::MAX);
        for line in rows.rows(header) {
            let row = match line? {
                TableLine::Row(row) => row,
                TableLine::Skipped(line, why) => {
                    self.coercions.note(of_skip(why), &file, "", line);
                    continue;
                }
            };
            if self.is_header(&row) {
                return Err(GroupError::SecondTable(file, row.line));
            }
            facts.rows += 1;
            self.check_width(&row, width, &file);
            let mut cells = Vec::with_capacity(columns.len());
            for ((index, column), blank) in columns.iter().zip(&of.columns).zip(&mut blanks) {
                let written = index.and_then(|index| row.get(index)).unwrap_or_default();
                let value = self.clean(written, &file, &column.name, row.line);
                *blank += u64::from(value.is_empty());
                cells.push(value);
            }
            self.row(
                of,
                &file,
                Entry { table: number, at: row.line, line: row.line, cells, ..Entry::default() },
            )?;
        }
        for ((column, index), blank) in of.columns.iter().zip(&columns).zip(blanks) {
            if index.is_some() && column.is_expected() && MostlyBlank::is_worth_saying(blank, facts.rows) {
                let file = file.to_string();
                self.blank.push(MostlyBlank { file, column: column.name.clone(), blank, rows: facts.rows });
            }
        }
        self.tables.push(facts);
        Ok(())
    }

    /// A cell without what is no value; what was taken off it is counted.
    pub(super) fn clean(&mut self, written: &str, file: &str, column: &str, line: u64) -> String {
        let (value, mess) = clean(written);
        let empty = self.layout.empty.iter().any(|word| word.eq_ignore_ascii_case(value));
        if let Some(mess) = mess.or(empty.then_some(Mess::EmptyMarker)) {
            self.coercions.note(of_mess(mess), file, column, line);
        }
        if empty { String::new() } else { value.to_owned() }
    }

    /// Takes a row to its child, or to where it will find it.
    fn row(&mut self, of: &LayoutTable, file: &str, mut entry: Entry) -> Result<(), GroupError> {
        let table = usize::from(entry.table);
        let own = of.parent.and_then(|parent| match parent.by {
            By::Key(keys) => Some(keys.own),
            By::Inside | By::Day(..) => None,
        });
        for id in [of.child, own].into_iter().flatten() {
            if entry.cells.get(id).is_some_and(|id| id_was_altered(id)) {
                self.coercions.note(Coercion::AlteredByExcel, file, of.name_of(id), entry.line);
            }
        }
        if self.joins.waits(table) {
            return Ok(self.joins.wait(table, entry)?);
        }
        let child = of.child.and_then(|child| entry.cells.get(child)).cloned().unwrap_or_default();
        if child.is_empty() {
            let column = of.child.map_or("", |child| of.name_of(child));
            self.coercions.note(Coercion::RowWithoutChild, file, column, entry.line);
            return Ok(());
        }
        self.joins.tell(table, &child, &entry.cells)?;
        entry.child = child;
        Ok(self.sorter.push(entry)?)
    }

    fn check_width(&mut self, row: &Row, width: usize, file: &str) {
        let beyond = row.cells().skip(width).any(|cell| !clean(cell).0.is_empty());
        if beyond {
            self.coercions.note(Coercion::RowTooLong, file, "", row.line);
        } else if row.width() < width {
            self.coercions.note(Coercion::RowTooShort, file, "", row.line);
        }
    }

    /// Whether every cell of a row is the name of a column of the layout.
    fn is_header(&self, row: &Row) -> bool {
        let mut names = 0;
        for cell in row.cells().map(|cell| clean(cell).0).filter(|cell| !cell.is_empty()) {
            let plain = normalised(cell);
            let mut columns = self.layout.tables.iter().flat_map(|table| &table.columns);
            if !columns.any(|column| normalised(&column.name) == plain) {
                return false;
            }
            names += 1;
        }
        names >= 2
    }
}

fn of_skip(why: Skip) -> Coercion {
    match why {
        Skip::Blank => Coercion::BlankRow,
        Skip::Total => Coercion::TotalRow,
        Skip::Header => Coercion::HeaderAgain,
    }
}

fn of_mess(mess: Mess) -> Coercion {
    match mess {
        Mess::Spaces => Coercion::Spaces,
        Mess::EmptyMarker => Coercion::EmptyMarker,
    }
}
