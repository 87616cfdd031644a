//! The rows of one worksheet, cell by cell and in bounded memory. Its first rows are read when the workbook is opened; for the rest, when
//! somebody asks, a thread of its own reads the sheet again and hands rows on as they are taken.

use std::collections::VecDeque;
use std::io;
use std::io::BufReader;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread;

use calamine::DataRef;
use calamine::Xlsx;
use calamine::XlsxError;

use crate::archive::Spool;
use crate::tables::Limits;
use crate::tables::Row;
use crate::tables::RowSource;
use crate::tables::TableTrouble;
use crate::tables::cell::NOT_CALCULATED;
use crate::tables::cell_text::text_of;
use crate::tables::table::HEAD_BYTES;

/// Rows that are read when the workbook is opened, unless they are long: more than a header is looked for among.
const FIRST: usize = 32;

/// Rows, and bytes of cells, after which the thread hands on what it has.
const BATCH: (usize, usize) = (512, 256 << 10);

/// The library's reader of one workbook.
pub(super) type Book = Xlsx<BufReader<Spool>>;

/// A row, or what is wrong and where.
type Item = Result<Row, (TableTrouble, u64)>;

/// What the thread hands on.
enum Part {
    Rows(Vec<Item>),
    End,
}

/// The rows of a worksheet.
pub(super) struct SheetRows {
    spool: Spool,
    name: String,
    limits: Limits,
    held: VecDeque<Item>,
    /// How many rows were held at first: the thread passes over them.
    first: usize,
    /// Whether there are no more than those that are held.
    whole: bool,
    parts: Option<Receiver<Part>>,
}

impl SheetRows {
    /// Reads the first rows of a sheet.
    pub(super) fn open(
        book: &mut Book,
        spool: &Spool,
        name: &str,
        limits: &Limits,
    ) -> Result<Self, TableTrouble> {
        let mut held = VecDeque::new();
        let mut bytes = 0;
        let whole = each_row(book, name, limits, &mut |row| {
            bytes += row.as_ref().map_or(0, Row::bytes);
            held.push_back(row);
            held.len() < FIRST && bytes < HEAD_BYTES
        })?;
        let first = held.len();
        let (name, limits) = (name.to_owned(), *limits);
        Ok(Self { spool: spool.clone(), name, limits, held, first, whole, parts: None })
    }

    /// The part of the thread that comes next; the thread begins with the first.
    fn next_part(&mut self) -> Option<Part> {
        if self.parts.is_none() {
            let (to, parts) = sync_channel(2);
            let (spool, name, limits, passed) =
                (self.spool.clone(), self.name.clone(), self.limits, self.first);
            let work = move || read_on(&spool, &name, &limits, passed, &to);
            thread::Builder::new().name("worksheet".to_owned()).spawn(work).ok()?;
            self.parts = Some(parts);
        }
        self.parts.as_ref()?.recv().ok()
    }
}

impl RowSource for SheetRows {
    fn next_row(&mut self) -> Option<Item> {
        if let Some(row) = self.held.pop_front() {
            return Some(row);
        }
        while !self.whole {
            match self.next_part() {
                Some(Part::Rows(rows)) => self.held.extend(rows),
                Some(Part::End) => self.whole = true,
                // The thread could not begin, or did not come to the end.
                None => {
                    self.whole = true;
                    return Some(Err((TableTrouble::Damaged, 0)));
                }
            }
            if let Some(row) = self.held.pop_front() {
                return Some(row);
            }
        }
        None
    }
}

/// The work of the thread: every row behind those that are known, until nobody takes them.
fn read_on(spool: &Spool, name: &str, limits: &Limits, passed: usize, to: &SyncSender<Part>) {
    let (mut rows, mut bytes, mut seen) = (Vec::new(), 0, 0);
    let read = open_book(spool).and_then(|mut book| {
        each_row(&mut book, name, limits, &mut |row| {
            seen += 1;
            if seen <= passed {
                return true;
            }
            bytes += row.as_ref().map_or(0, Row::bytes);
            rows.push(row);
            if rows.len() < BATCH.0 && bytes < BATCH.1 {
                return true;
            }
            bytes = 0;
            to.send(Part::Rows(std::mem::take(&mut rows))).is_ok()
        })
    });
    if let Err(trouble) = read {
        rows.push(Err((trouble, 0)));
    }
    // When nobody takes them, nobody misses them.
    let _ = to.send(Part::Rows(rows));
    let _ = to.send(Part::End);
}

/// Opens a workbook that has been looked at.
pub(super) fn open_book(spool: &Spool) -> Result<Book, TableTrouble> {
    calamine::Reader::new(BufReader::new(spool.clone())).map_err(|error| of_book(&error))
}

/// Gives every row that has something in it, until one is the last to be taken; says whether the sheet ended by then.
fn each_row(
    book: &mut Book,
    name: &str,
    limits: &Limits,
    take: &mut dyn FnMut(Item) -> bool,
) -> Result<bool, TableTrouble> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| of_book(&error))?;
    let mut row: (u32, Vec<String>) = (0, Vec::new());
    let (mut seen, mut bytes): (u64, usize) = (0, 0);
    let line = |row: u32| u64::from(row) + 1;
    loop {
        let cell = match cells.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(error) => {
                take(Err((of_book(&error), line(row.0))));
                return Ok(true);
            }
        };
        let (at, column) = cell.pos;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let never_calculated = cell.formula.is_some() && cell.value == DataRef::Empty;
        let text = if never_calculated { NOT_CALCULATED.into() } else { text_of(&cell.value) };
        seen += 1;
        bytes = if at > row.0 { text.len() } else { bytes.saturating_add(text.len()) };
        let again = at == row.0 && row.1.get(column).is_some_and(|cell| !cell.is_empty());
        let trouble = match () {
            () if seen > limits.cells => Some(TableTrouble::TooManyCells(limits.cells)),
            () if at < row.0 || (again && !text.is_empty()) => Some(TableTrouble::Damaged),
            // One text may stand in many cells: what is kept once would be held as often.
            () if bytes > limits.line_bytes => Some(TableTrouble::LineTooLong(limits.line_bytes)),
            () if !text.is_empty() && column >= limits.columns => {
                Some(TableTrouble::TooManyColumns(limits.columns))
            }
            () => None,
        };
        if let Some(trouble) = trouble {
            take(Err((trouble, line(at))));
            return Ok(true);
        }
        if text.is_empty() {
            continue;
        }
        if at > row.0 {
            let (before, held) = std::mem::replace(&mut row, (at, Vec::new()));
            if !held.is_empty() && !take(Ok(Row::new(line(before), held))) {
                return Ok(false);
            }
        }
        if row.1.len() <= column {
            row.1.resize(column + 1, String::new());
        }
        if let Some(place) = row.1.get_mut(column) {
            *place = text.into_owned();
        }
    }
    let (before, held) = row;
    if !held.is_empty() {
        take(Ok(Row::new(line(before), held)));
    }
    Ok(true)
}

/// What the library says of a workbook that has been looked at: it is damaged, unless the system is at fault.
pub(super) fn of_book(error: &XlsxError) -> TableTrouble {
    match error {
        XlsxError::Io(error)
            if !matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
        {
            TableTrouble::Io(error.kind())
        }
        XlsxError::Password => TableTrouble::Encrypted,
        _ => TableTrouble::Damaged,
    }
}
