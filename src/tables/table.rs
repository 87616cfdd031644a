//! A table being read: its first rows at once, so that a header can be chosen, and then row by row in bounded memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::path::Path;

use encoding_rs_io::DecodeReaderBytes;
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::tables::Encoding;
use crate::tables::TableTrouble;
use crate::tables::UnreadableTable;
use crate::tables::clean;
use crate::tables::delimiter;
use crate::tables::encoding;
use crate::tables::lines::Watched;

/// Rows among which a header is looked for.
const HEAD: usize = 20;
/// Bytes of the start by which the delimiter is told.
const START: u64 = 64 * 1024;

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

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    cells: csv::StringRecord,
}

impl Row {
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

    fn is_blank(&self) -> bool {
        self.cells().all(|cell| clean(cell).0.is_empty())
    }

    /// Whether this is a row of sums or the end of a report: its first word says so.
    fn is_total(&self) -> bool {
        let first = self.cells().map(|cell| clean(cell).0).find(|cell| !cell.is_empty()).unwrap_or_default();
        let word = first.trim_end_matches([':', '.']).to_lowercase();
        ["total", "totals", "grand total", "sub total", "subtotal", "count", "row count", "end of report"]
            .contains(&word.as_str())
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

/// A table whose first rows have been read.
pub struct Table {
    file: String,
    encoding: Encoding,
    delimiter: u8,
    reader: Reader,
    head: VecDeque<Row>,
}

/// Anything that bytes come from and that can be read twice.
trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

type Decoded = DecodeReaderBytes<Box<dyn Source>, Vec<u8>>;

/// The CSV reader with our limits.
struct Reader {
    csv: csv::Reader<Watched<Decoded>>,
    limits: Limits,
    cells: u64,
}

impl Table {
    /// Opens a file as a table.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, UnreadableTable> {
        let name = path.display().to_string();
        let told = |kind| UnreadableTable { trouble: TableTrouble::Io(kind), file: name.clone(), line: 0 };
        if path.is_dir() {
            return Err(told(io::ErrorKind::IsADirectory));
        }
        let file = File::open(path).map_err(|error| told(error.kind()))?;
        Self::read(&name, file, limits)
    }

    /// Reads a stream as a table; the name stands for the file in every message and place.
    pub fn read(
        name: &str,
        source: impl Read + Seek + Send + 'static,
        limits: &Limits,
    ) -> Result<Self, UnreadableTable> {
        let whole = |trouble| UnreadableTable { trouble, file: name.to_owned(), line: 0 };
        let told = |error: io::Error| whole(TableTrouble::Io(error.kind()));
        let mut source: Box<dyn Source> = Box::new(source);
        let length = source.seek(io::SeekFrom::End(0)).map_err(told)?;
        if length > limits.total_bytes {
            return Err(whole(TableTrouble::TooLong(limits.total_bytes)));
        }
        let encoding = encoding::detect(&mut source).map_err(told)?.map_err(whole)?;
        let mut start = Vec::new();
        decoder(&mut source, encoding).take(START).read_to_end(&mut start).map_err(told)?;
        source.rewind().map_err(told)?;
        let delimiter = delimiter::detect(&String::from_utf8_lossy(&start));
        let decoded = decoder(source, encoding);
        let csv = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Watched::new(decoded, limits.line_bytes));
        let mut table = Self {
            file: name.to_owned(),
            encoding,
            delimiter,
            reader: Reader { csv, limits: *limits, cells: 0 },
            head: VecDeque::new(),
        };
        while table.head.len() < HEAD {
            match table.reader.next() {
                Some(row) => {
                    let row = row.map_err(|(trouble, line)| table.unreadable(trouble, line))?;
                    table.head.push_back(row);
                }
                None => break,
            }
        }
        if table.head.iter().all(Row::is_blank) {
            return Err(table.unreadable(TableTrouble::Empty, 0));
        }
        Ok(table)
    }

    fn unreadable(&self, trouble: TableTrouble, line: u64) -> UnreadableTable {
        UnreadableTable { trouble, file: self.file.clone(), line }
    }

    /// The file as the caller named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How its letters are written.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// What stands between its cells.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
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

fn decoder<R: Read>(source: R, encoding: Encoding) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding.library()))
        .strip_bom(true)
        .bom_override(false)
        .build(source)
}

impl Reader {
    /// The next row that the library finds, with the line on which it begins.
    fn next(&mut self) -> Option<Result<Row, (TableTrouble, u64)>> {
        let from = self.csv.position().byte();
        let mut cells = csv::StringRecord::new();
        let result = self.csv.read_record(&mut cells);
        let to = self.csv.position().byte();
        let line = self.csv.get_mut().line_of(from);
        let trouble = match result {
            Ok(false) => return None,
            Ok(true) if cells.as_slice().len() > self.limits.line_bytes => {
                TableTrouble::LineTooLong(self.limits.line_bytes)
            }
            Ok(true) if cells.len() > self.limits.columns => {
                TableTrouble::TooManyColumns(self.limits.columns)
            }
            Ok(true) => {
                let quotes = self.csv.get_mut().passed(to);
                if quotes % 2 == 1
                    && self.csv.get_ref().ends_at(to)
                    && cells.iter().any(|cell| cell.contains('\n'))
                {
                    return Some(Err((TableTrouble::OpenQuote, line)));
                }
                self.cells += u64::try_from(cells.len()).unwrap_or(u64::MAX);
                if self.cells <= self.limits.cells {
                    return Some(Ok(Row { line, cells }));
                }
                TableTrouble::TooManyCells(self.limits.cells)
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    TableTrouble::LineTooLong(self.limits.line_bytes)
                }
                csv::ErrorKind::Io(error) => TableTrouble::Io(error.kind()),
                _ => TableTrouble::CutShort,
            },
        };
        Some(Err((trouble, line)))
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
            None => match self.table.reader.next()? {
                Ok(row) => row,
                Err((trouble, line)) => {
                    self.ended = true;
                    return Some(Err(self.table.unreadable(trouble, line)));
                }
            },
        };
        let again = self.header.as_ref().is_some_and(|header| header.cells == row.cells);
        Some(Ok(match () {
            () if row.is_blank() => TableLine::Skipped(row.line, Skip::Blank),
            () if again => TableLine::Skipped(row.line, Skip::Header),
            () if row.is_total() => TableLine::Skipped(row.line, Skip::Total),
            () => TableLine::Row(row),
        }))
    }
}
