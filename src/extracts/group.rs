//! The rows of every table, cleaned and brought together by child, into chunks of records in the order of the children's ids.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::extracts::assemble::Present;
use crate::extracts::assemble::assemble;
use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::extract::MostlyBlank;
use crate::extracts::extract::TableFacts;
use crate::extracts::layout::Layout;
use crate::extracts::opened::Opened;
use crate::extracts::opened::Recognised;
use crate::extracts::sort::Entry;
use crate::extracts::sort::Sorted;
use crate::extracts::sort::Sorter;
use crate::extracts::values::id_was_altered;
use crate::intake::Chunk;
use crate::tables::Mess;
use crate::tables::Row;
use crate::tables::Skip;
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
    let mut reading = Reading {
        layout,
        sorter: Sorter::new(limits.memory_bytes),
        coercions: all.coercions,
        tables: Vec::new(),
        blank: Vec::new(),
    };
    let mut present: Vec<Option<Present>> = layout.tables.iter().map(|_| None).collect();
    for opened in all.opened {
        if let Some(place) = present.get_mut(opened.table) {
            let columns = opened.columns.iter().map(Option::is_some).collect();
            *place = Some(Present {
                file: Arc::clone(&opened.file),
                sheet: opened.sheet.clone(),
                name: Arc::clone(&opened.name),
                form: opened.rows.form(),
                columns,
            });
        }
        reading.table(opened)?;
    }
    Ok(Grouped {
        layout,
        limits,
        present,
        sorted: reading.sorter.finish()?,
        coercions: reading.coercions,
        tables: reading.tables,
        blank: reading.blank,
        sequence: 0,
        ended: false,
    })
}

/// A row of a table, for people.
fn place_of(table: &str, in_sheet: bool, line: u64) -> String {
    format!("{table}, {} {line}", if in_sheet { "row" } else { "line" })
}

/// Tables while they are read.
struct Reading<'l> {
    layout: &'l Layout,
    sorter: Sorter,
    coercions: Coercions,
    tables: Vec<TableFacts>,
    blank: Vec<MostlyBlank>,
}

impl Reading<'_> {
    fn table(&mut self, opened: Opened) -> Result<(), GroupError> {
        let Some(of) = self.layout.tables.get(opened.table) else { return Ok(()) };
        let mut facts = TableFacts::of(&opened, &of.name);
        let Opened { table, sheet, name, rows, header, width, columns, .. } = opened;
        let mut blanks = vec![0_u64; columns.len()];
        let number = u16::try_from(table).unwrap_or(u16::MAX);
        for line in rows.rows(header) {
            let row = match line? {
                TableLine::Row(row) => row,
                TableLine::Skipped(line, why) => {
                    self.coercions.note(of_skip(why), &name, "", line);
                    continue;
                }
            };
            if self.is_header(&row) {
                let place = place_of(&name, sheet.is_some(), row.line);
                return Err(GroupError::SecondTable(place, sheet.is_some()));
            }
            facts.rows += 1;
            self.check_width(&row, width, sheet.is_some(), &name);
            let mut cells = Vec::with_capacity(columns.len());
            for ((index, column), blank) in columns.iter().zip(&of.columns).zip(&mut blanks) {
                let written = index.and_then(|index| row.get(index)).unwrap_or_default();
                let (value, mess) = clean(written);
                if let Some(mess) = mess {
                    self.coercions.note(of_mess(mess), &name, &column.name, row.line);
                }
                *blank += u64::from(value.is_empty());
                cells.push(value.to_owned());
            }
            let child = cells.first().cloned().unwrap_or_default();
            if child.is_empty() {
                self.coercions.note(Coercion::RowWithoutChild, &name, &self.layout.child, row.line);
                continue;
            }
            if id_was_altered(&child) {
                self.coercions.note(Coercion::AlteredByExcel, &name, &self.layout.child, row.line);
            }
            self.sorter.push(Entry { child, table: number, line: row.line, cells })?;
        }
        for ((column, index), blank) in of.columns.iter().zip(&columns).zip(blanks) {
            let counts = index.is_some() && !column.often_blank && column.unused.is_none();
            if counts && MostlyBlank::is_worth_saying(blank, facts.rows) {
                let (file, sheet, rows) = (facts.file.clone(), facts.sheet.clone(), facts.rows);
                self.blank.push(MostlyBlank { file, sheet, column: column.name.clone(), blank, rows });
            }
        }
        self.tables.push(facts);
        Ok(())
    }

    /// A worksheet keeps no cells behind the last in which something stands, so that only a row of text can be too short.
    fn check_width(&mut self, row: &Row, width: usize, in_sheet: bool, file: &str) {
        let beyond = row.cells().skip(width).any(|cell| !clean(cell).0.is_empty());
        if beyond {
            self.coercions.note(Coercion::RowTooLong, file, "", row.line);
        } else if row.width() < width && !in_sheet {
            self.coercions.note(Coercion::RowTooShort, file, "", row.line);
        }
    }

    /// Whether every cell of a row is the name of a column of the layout.
    fn is_header(&self, row: &Row) -> bool {
        let mut names = 0;
        for cell in row.cells().map(|cell| clean(cell).0).filter(|cell| !cell.is_empty()) {
            let plain = normalised(cell);
            let mut columns = self.layout.tables.iter().flat_map(|table| &table.columns);
            let named = |name: &String| normalised(name) == plain;
            if !columns.any(|column| named(&column.name) || column.aliases.iter().any(named)) {
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
        Mess::NotCalculated => Coercion::NotCalculated,
    }
}
