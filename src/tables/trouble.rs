//! Why a file is no table that can be read, or not to its end.

use std::fmt;
use std::io;

use crate::archive::ArchiveTrouble;
use crate::tables::XmlTrouble;
use crate::tables::column_letters;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableTrouble {
    /// The operating system does not let us open or read it.
    Io(io::ErrorKind),
    /// It holds nothing but white space.
    Empty,
    /// It is something else than text: what it is, and what to do instead.
    NotText(&'static str),
    /// It says by its first bytes that it is UTF-8 or UTF-16, and not every letter of it is.
    NotUnicode,
    /// It ends inside a letter: it was cut short.
    CutShort,
    /// The file is longer than [`crate::tables::Limits::total_bytes`].
    TooLong(u64),
    /// A row is longer than [`crate::tables::Limits::line_bytes`]: mostly a quote that is never closed.
    LineTooLong(usize),
    /// A row has more cells than [`crate::tables::Limits::columns`].
    TooManyColumns(usize),
    /// The table has more cells than [`crate::tables::Limits::cells`].
    TooManyCells(u64),
    /// A quote opens in the last row, runs over its line and is never closed.
    OpenQuote,
    /// A workbook that is damaged or was cut short.
    Damaged,
    /// A workbook that is protected by a password.
    Encrypted,
    /// A workbook in the form that Excel wrote until 2003.
    OldWorkbook,
    /// It has a workbook's name and is something else: what it is, and what to do.
    WrongKind(&'static str),
    /// A cell or a text of a workbook is longer than so many bytes.
    CellTooLong(usize),
    /// A workbook has more worksheets than this.
    TooManySheets(usize),
    /// A workbook without a worksheet.
    NoSheets,
    /// The archive that a workbook is, is not unpacked.
    Archive(ArchiveTrouble),
    /// It is no XML that can be read.
    Xml(XmlTrouble),
}

impl From<XmlTrouble> for TableTrouble {
    fn from(trouble: XmlTrouble) -> Self {
        Self::Xml(trouble)
    }
}

impl TableTrouble {
    /// The stable word for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "file_unreadable",
            Self::Empty => "file_empty",
            Self::NotText(_) => "file_not_text",
            Self::NotUnicode => "file_not_unicode",
            Self::CutShort => "file_cut_short",
            Self::TooLong(_) => "file_too_long",
            Self::LineTooLong(_) | Self::CellTooLong(_) => "line_too_long",
            Self::TooManyColumns(_) => "too_many_columns",
            Self::TooManyCells(_) => "too_many_cells",
            Self::OpenQuote => "quote_not_closed",
            Self::Damaged => "workbook_damaged",
            Self::Encrypted => "workbook_encrypted",
            Self::OldWorkbook => "workbook_old",
            Self::WrongKind(_) => "file_wrong_kind",
            Self::TooManySheets(_) => "too_many_sheets",
            Self::NoSheets => "workbook_without_sheets",
            Self::Archive(trouble) => trouble.code(),
            Self::Xml(trouble) => trouble.code(),
        }
    }

    /// What is said of a workbook; nothing of anything else.
    fn of_workbook(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => out.write_str(
                ": the workbook is damaged or was cut short; open it, save it under a new name and give that",
            ),
            Self::Encrypted => out.write_str(
                ": the workbook is protected by a password; open it, take the password off and save a copy",
            ),
            Self::OldWorkbook => out.write_str(
                ": this is a workbook of Excel 97 to 2003 (.xls); open it and save it as an Excel workbook (.xlsx)",
            ),
            Self::CellTooLong(limit) => {
                let limit = limit >> 20;
                write!(out, ": a cell or a text in it is longer than {limit} MiB; take out what is no data")
            }
            Self::TooManySheets(limit) => write!(
                out,
                ": the workbook has more than {limit} worksheets; take out those that hold no tables"
            ),
            Self::NoSheets => {
                out.write_str(": the workbook has no worksheet; export it again with its tables")
            }
            _ => Ok(()),
        }
    }
}

/// A file that cannot be read as a table. Its message says where and what to do, never what stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableTable {
    /// What is wrong.
    pub trouble: TableTrouble,
    /// The file as the caller named it.
    pub file: String,
    /// The sheet, where a file holds several tables.
    pub sheet: Option<String>,
    /// The line on which the row begins, from 1; 0 when it is about the whole file.
    pub line: u64,
}

impl UnreadableTable {
    /// Trouble with a whole file.
    pub fn of_file(trouble: TableTrouble, file: &str) -> Self {
        Self { trouble, file: file.to_owned(), sheet: None, line: 0 }
    }
}

impl fmt::Display for UnreadableTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(out, ", {sheet}")?;
        }
        if self.line > 0 {
            write!(out, ", {} {}", if self.sheet.is_some() { "row" } else { "line" }, self.line)?;
        }
        match &self.trouble {
            TableTrouble::Io(io::ErrorKind::NotFound) => {
                out.write_str(": there is no such file; check its name")
            }
            TableTrouble::Io(kind) => {
                write!(out, ": it cannot be read ({kind}); check that it is a file and that you may read it")
            }
            TableTrouble::Empty => out.write_str(": the file is empty; export it again"),
            TableTrouble::NotText(what) | TableTrouble::WrongKind(what) => write!(out, ": {what}"),
            TableTrouble::NotUnicode => out.write_str(
                ": it says by its first bytes that it is Unicode, and not all of it is; export it again as UTF-8",
            ),
            TableTrouble::CutShort => {
                out.write_str(": the file ends inside a letter; copy or export it again")
            }
            TableTrouble::TooLong(limit) => {
                write!(out, ": the file is longer than {} MiB; split it", limit >> 20)
            }
            TableTrouble::LineTooLong(limit) if self.sheet.is_some() => {
                let limit = limit >> 10;
                write!(out, ": the cells of this row hold more than {limit} KiB; take out what is no data")
            }
            TableTrouble::LineTooLong(limit) => write!(
                out,
                ": the row that begins here is longer than {} KiB; is a quote never closed?",
                limit >> 10
            ),
            TableTrouble::TooManyColumns(limit) if self.sheet.is_some() => write!(
                out,
                ": something stands beyond column {limit}, {}; clear the cells there and save",
                column_letters(limit.saturating_sub(1))
            ),
            TableTrouble::TooManyColumns(limit) => {
                write!(out, ": this row has more than {limit} columns; is it the right delimiter?")
            }
            TableTrouble::TooManyCells(limit) => {
                write!(out, ": the table has more than {limit} cells; split the file")
            }
            TableTrouble::Xml(trouble) => write!(out, ": {trouble}"),
            TableTrouble::OpenQuote => out.write_str(
                ": the quote that opens in this row is never closed; copy or export the file again",
            ),
            TableTrouble::Archive(trouble) => write!(out, ": {trouble}"),
            of_book => of_book.of_workbook(out),
        }
    }
}

impl std::error::Error for UnreadableTable {}
