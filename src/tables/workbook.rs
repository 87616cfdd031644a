//! A file of tables by what it is called: a workbook, of which each worksheet is a table of its own, known by its sheet's name; an XML document;
//! or text. Hidden sheets are read and said to be hidden.

use std::fs::File;
use std::io;
use std::path::Path;

use calamine::Reader as _;
use calamine::SheetType;
use calamine::SheetVisible;

use crate::archive::Spool;
use crate::tables::Document;
use crate::tables::Limits;
use crate::tables::Table;
use crate::tables::TableForm;
use crate::tables::TableTrouble;
use crate::tables::UnreadableTable;
use crate::tables::kind::check_workbook;
use crate::tables::worksheet::SheetRows;
use crate::tables::worksheet::open_book;

/// The endings of workbooks, those that are refused with what to do among them.
const ENDINGS: [&str; 6] = ["xlsx", "xlsm", "xltx", "xls", "xlsb", "ods"];

/// Worksheets of a workbook: the first rows of each are held at once.
const SHEETS: usize = 250;

/// The tables of a file.
#[derive(Default)]
pub struct Sheets {
    /// Its tables: one, or those of its worksheets in their order.
    pub tables: Vec<Table>,
    /// The document that it is, where it is XML.
    pub document: Option<Document>,
    /// Sheets in which nothing stands, as people see them: `annex.xlsx, Sheet2`.
    pub empty: Vec<String>,
    /// What cannot be read.
    pub unreadable: Vec<UnreadableTable>,
}

/// Opens a file of tables by what it is called, which need not be where it lies: a workbook, XML, or text.
pub fn open(name: &str, path: &Path, limits: &Limits) -> Sheets {
    let told = |error: io::Error| UnreadableTable::of_file(TableTrouble::Io(error.kind()), name);
    if path.is_dir() {
        return Sheets::of(Err(told(io::ErrorKind::IsADirectory.into())));
    }
    match File::open(path).and_then(Spool::of) {
        Ok(spool) => open_spool(name, &spool, limits),
        Err(error) => Sheets::of(Err(told(error))),
    }
}

/// Opens what is called so as tables: a workbook or XML if it is called that, or text.
pub fn open_spool(name: &str, spool: &Spool, limits: &Limits) -> Sheets {
    if is_workbook(name) {
        workbook(name, spool, limits).unwrap_or_else(|error| Sheets::of(Err(error)))
    } else if is_xml(name) {
        match Document::read(name, spool.clone(), limits) {
            Ok(document) => Sheets { document: Some(document), ..Sheets::default() },
            Err(error) => Sheets::of(Err(error)),
        }
    } else {
        Sheets::of(Table::read(name, spool.clone(), limits))
    }
}

/// Whether a file is called as a workbook is.
pub fn is_workbook(name: &str) -> bool {
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending(name)))
}

/// Whether a file is called as an XML document is.
pub fn is_xml(name: &str) -> bool {
    ending(name).eq_ignore_ascii_case("xml")
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// The letters of a column of a worksheet by its index: `A`, `Z`, `AA`.
pub fn column_letters(index: usize) -> String {
    let mut letters = String::new();
    let mut left = index + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters
}

impl Sheets {
    fn of(table: Result<Table, UnreadableTable>) -> Self {
        match table {
            Ok(table) => Self { tables: vec![table], ..Self::default() },
            Err(error) => Self { unreadable: vec![error], ..Self::default() },
        }
    }
}

fn workbook(name: &str, spool: &Spool, limits: &Limits) -> Result<Sheets, UnreadableTable> {
    let whole = |trouble| UnreadableTable::of_file(trouble, name);
    let in_part = |(trouble, part)| UnreadableTable { sheet: part, ..whole(trouble) };
    let checked = check_workbook(spool, limits).map_err(|error| whole(TableTrouble::Io(error.kind())))?;
    checked.map_err(in_part)?;
    let mut book = open_book(spool).map_err(whole)?;
    let since_1904 = book.has_1904_epoch();
    let mut found = Sheets::default();
    let sheets = book.sheets_metadata().to_vec();
    let sheets: Vec<_> = sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    if sheets.len() > SHEETS {
        return Err(whole(TableTrouble::TooManySheets(SHEETS)));
    }
    let any = !sheets.is_empty();
    for sheet in sheets {
        // What people see, and what cannot steer a terminal.
        let shown: String = sheet.name.chars().filter(|letter| !letter.is_control()).collect();
        let form = TableForm::Sheet { hidden: sheet.visible != SheetVisible::Visible, since_1904 };
        let table = SheetRows::open(&mut book, spool, &sheet.name, limits)
            .map_err(|trouble| UnreadableTable {
                sheet: Some(shown.clone()),
                ..UnreadableTable::of_file(trouble, name)
            })
            .and_then(|rows| Table::of_rows(name, Some(&shown), form, rows, limits));
        match table {
            Ok(table) => found.tables.push(table),
            Err(error) if error.trouble == TableTrouble::Empty => {
                found.empty.push(format!("{name}, {shown}"));
            }
            Err(error) => found.unreadable.push(error),
        }
    }
    match () {
        () if !any => Err(whole(TableTrouble::NoSheets)),
        () if found.tables.is_empty() && found.unreadable.is_empty() => Err(whole(TableTrouble::Empty)),
        () => Ok(found),
    }
}
