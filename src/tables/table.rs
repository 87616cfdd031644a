//! A table being read: its first rows at once, so that a header can be chosen, and then row by row in bounded memory, whatever its source.

use std::collections::VecDeque;
use std::io;
use std::io::Read;
use std::io::Seek;

use crate::tables::Encoding;
use crate::tables::Row;
use crate::tables::RowSource;
use crate::tables::TableTrouble;
use crate::tables::UnreadableTable;
use crate::tables::clean;
use crate::tables::text::TextRows;

/// Rows among which a header is looked for.
const HEAD: usize = 20;

/// Bytes of these rows after which no more of them are read.
pub(super) const HEAD_BYTES: usize = 256 << 10;

/// How much may be read of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one row, as UTF-8.
    pub line_bytes: usize,
    /// Cells of one row.
    pub columns: usize,
    /// Cells of the table.
    pub cells: u64,
    /// Bytes of the file.
    pub total_bytes: u64,
}

impl Default for Limits {
    /// Rows of one mebibyte, 2,000 columns, 20 million cells, files of two gibibytes.
    fn default() -> Self {
        Self { line_bytes: 1 << 20, columns: 2_000, cells: 20_000_000, total_bytes: 2 << 30 }
    }
}

/// Why a row holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// Every cell is empty.
    Blank,
    /// It is a row of sums.
    Total,
    /// It is the header once more.
    Header,
}

/// What stands on a line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableLine {
    /// A row.
    Row(Row),
    /// The line of a row that holds nothing, and why.
    Skipped(u64, Skip),
}

/// What the rows of a table come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Text: how its letters are written and what stands between its cells.
    Text {
        /// How letters are written.
        encoding: Encoding,
        /// What stands between cells.
        delimiter: char,
    },
    /// A sheet of a workbook.
    Sheet {
        /// Whether it is hidden.
        hidden: bool,
        /// Whether the workbook counts its days from 1904.
        since_1904: bool,
    },
    /// Elements of an XML document: how its letters are written.
    Xml(Encoding),
    /// Something else, by its name for people.
    Named(&'static str),
}

impl TableForm {
    /// Its name for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text { encoding, .. } | Self::Xml(encoding) => encoding.word(),
            Self::Sheet { hidden: false, .. } => "worksheet",
            Self::Sheet { hidden: true, .. } => "hidden worksheet",
            Self::Named(name) => name,
        }
    }
}

/// A table whose first rows have been read.
pub struct Table {
    file: String,
    sheet: Option<String>,
    form: TableForm,
    source: Box<dyn RowSource>,
    limits: Limits,
    cells: u64,
    head: VecDeque<Row>,
}

impl Table {
    /// Reads a stream of text as a table; the name stands for the file in every message and place.
    pub fn read(
        name: &str,
        source: impl Read + Seek + Send + 'static,
        limits: &Limits,
    ) -> Result<Self, UnreadableTable> {
        let whole = |trouble| UnreadableTable::of_file(trouble, name);
        let told = |error: io::Error| whole(TableTrouble::Io(error.kind()));
        let rows = TextRows::read(source, limits).map_err(told)?.map_err(whole)?;
        let form = TableForm::Text { encoding: rows.encoding, delimiter: char::from(rows.delimiter) };
        Self::of_rows(name, None, form, rows, limits)
    }

    /// Reads rows as a table; the file, and the sheet if it is one of several tables in the file, stand for it in every message and place.
    pub fn of_rows(
        file: &str,
        sheet: Option<&str>,
        form: TableForm,
        source: impl RowSource + 'static,
        limits: &Limits,
    ) -> Result<Self, UnreadableTable> {
        let mut table = Self {
            file: file.to_owned(),
            sheet: sheet.map(str::to_owned),
            form,
            source: Box::new(source),
            limits: *limits,
            cells: 0,
            head: VecDeque::new(),
        };
        let mut bytes = 0;
        while table.head.len() < HEAD && bytes < HEAD_BYTES {
            let Some(row) = table.next_row() else { break };
            let row = row?;
            bytes += row.bytes();
            table.head.push_back(row);
        }
        if table.head.iter().all(Row::is_blank) {
            return Err(table.unreadable(TableTrouble::Empty, 0));
        }
        Ok(table)
    }

    fn unreadable(&self, trouble: TableTrouble, line: u64) -> UnreadableTable {
        UnreadableTable { trouble, file: self.file.clone(), sheet: self.sheet.clone(), line }
    }

    /// The next row of the source, if it is within the limits.
    fn next_row(&mut self) -> Option<Result<Row, UnreadableTable>> {
        let row = match self.source.next_row()? {
            Ok(row) => row,
            Err((trouble, line)) => return Some(Err(self.unreadable(trouble, line))),
        };
        self.cells += u64::try_from(row.width()).unwrap_or(u64::MAX);
        let limits = &self.limits;
        let trouble = match () {
            () if row.bytes() > limits.line_bytes => TableTrouble::LineTooLong(limits.line_bytes),
            () if row.width() > limits.columns => TableTrouble::TooManyColumns(limits.columns),
            () if self.cells > limits.cells => TableTrouble::TooManyCells(limits.cells),
            () => return Some(Ok(row)),
        };
        Some(Err(self.unreadable(trouble, row.line)))
    }

    /// The file as the caller named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The sheet of the file, where a file holds several tables.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// The file and the sheet, for people.
    pub fn name(&self) -> String {
        self.sheet.as_ref().map_or_else(|| self.file.clone(), |sheet| format!("{}, {sheet}", self.file))
    }

    /// What its rows come from.
    pub fn form(&self) -> TableForm {
        self.form
    }

    /// Its first rows, title rows and header among them.
    pub fn head(&self) -> impl Iterator<Item = &Row> {
        self.head.iter()
    }

    /// Where among the first rows the header is: the row with the most known names, at least two of them or all of its own; failing
    /// that, the first row that is not blank.
    pub fn header(&self, known: &dyn Fn(&str) -> bool) -> usize {
        let names = |row: &Row| row.cells().filter(|cell| known(clean(cell).0)).count();
        let most = self.head().map(names).max().unwrap_or(0);
        let by_name = self.head().position(|row| most > 0 && names(row) == most);
        by_name.or_else(|| self.head().position(|row| !row.is_blank())).unwrap_or(0)
    }

    /// The row at this place among the first.
    pub fn head_row(&self, at: usize) -> Option<&Row> {
        self.head.get(at)
    }

    /// The rows beneath the header at this place among the first rows.
    pub fn rows(mut self, header: usize) -> Rows {
        let above: Vec<Row> = self.head.drain(..(header + 1).min(self.head.len())).collect();
        Rows { header: above.into_iter().next_back(), table: self, ended: false }
    }
}

/// The rows of a table, one after another. After an error there are no more.
pub struct Rows {
    table: Table,
    header: Option<Row>,
    ended: bool,
}

impl Iterator for Rows {
    type Item = Result<TableLine, UnreadableTable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = match self.table.head.pop_front() {
            Some(row) => row,
            None => match self.table.next_row()? {
                Ok(row) => row,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            },
        };
        let again = self.header.as_ref().is_some_and(|header| header.is_like(&row));
        Some(Ok(match () {
            () if row.is_blank() => TableLine::Skipped(row.line, Skip::Blank),
            () if again => TableLine::Skipped(row.line, Skip::Header),
            () if row.is_total() => TableLine::Skipped(row.line, Skip::Total),
            () => TableLine::Row(row),
        }))
    }
}
