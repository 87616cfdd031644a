//! One row of a table, and where rows come from: text, a worksheet, an XML document are sources that give the same rows.
//!
//! A source knows its format and gives rows with the line on which each begins; everything else (limits that hold for all, headers, rows
//! that hold nothing) is the business of `table`.

use crate::tables::TableTrouble;
use crate::tables::clean;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1; in a worksheet its number.
    pub line: u64,
    cells: csv::StringRecord,
}

impl Row {
    /// A row of these cells.
    pub fn new(line: u64, cells: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut held = csv::StringRecord::new();
        for cell in cells {
            held.push_field(cell.as_ref());
        }
        Self { line, cells: held }
    }

    /// A row as the CSV library has it.
    pub(super) fn of_record(line: u64, cells: csv::StringRecord) -> Self {
        Self { line, cells }
    }

    /// The cell at this index, as written.
    pub fn get(&self, index: usize) -> Option<&str> {
        self.cells.get(index)
    }

    /// Its cells, as written.
    pub fn cells(&self) -> impl Iterator<Item = &str> + Clone {
        self.cells.iter()
    }

    /// How many cells it has.
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    /// The bytes of its cells.
    pub(super) fn bytes(&self) -> usize {
        self.cells.as_slice().len()
    }

    /// Whether its cells are those of another row.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.cells == other.cells
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells().all(|cell| clean(cell).0.is_empty())
    }

    /// Whether this is a row of sums or the end of a report: its first word says so.
    pub(super) fn is_total(&self) -> bool {
        let first = self.cells().map(|cell| clean(cell).0).find(|cell| !cell.is_empty()).unwrap_or_default();
        let word = first.trim_end_matches([':', '.']).to_lowercase();
        ["total", "totals", "grand total", "sub total", "subtotal", "count", "row count", "end of report"]
            .contains(&word.as_str())
    }
}

/// Where the rows of one table come from, one after another and in bounded memory.
pub trait RowSource: Send {
    /// The next row in the order of the source; nothing at its end; or what is wrong and the line (0 when it is about the whole source).
    /// It is not asked again after an error.
    fn next_row(&mut self) -> Option<Result<Row, (TableTrouble, u64)>>;
}
