//! Findings as CSV: UTF-8 with a byte-order mark, so that a spreadsheet program takes it for what it is; one finding a line.

use std::io::Write;

use csv::Terminator;
use csv::Writer;
use csv::WriterBuilder;

use crate::report::columns::COLUMNS;
use crate::report::columns::Cell;
use crate::report::columns::Told;
use crate::report::rows::ReportError;

/// Writes findings as a table.
pub struct Table<W: Write>(Writer<W>);

impl<W: Write> Table<W> {
    /// Starts a table with the names of its columns.
    pub fn start(mut to: W) -> Result<Self, ReportError> {
        to.write_all("\u{feff}".as_bytes())?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to);
        writer.write_record(COLUMNS.iter().map(|column| column.name)).map_err(told)?;
        Ok(Self(writer))
    }

    /// Goes on with a table that has been started.
    pub fn go_on(to: W) -> Self {
        Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to))
    }

    /// Writes a finding.
    pub fn write(&mut self, finding: &Told<'_>) -> Result<(), ReportError> {
        self.0.write_record(COLUMNS.iter().map(|column| as_text((column.cell)(finding)))).map_err(told)
    }

    /// Ends it.
    pub fn finish(mut self) -> Result<(), ReportError> {
        Ok(self.0.flush()?)
    }

    /// Writes another table whole, in the same form.
    pub fn plain<const N: usize>(
        mut to: impl Write,
        names: [&str; N],
        rows: impl Iterator<Item = [String; N]>,
    ) -> Result<(), ReportError> {
        to.write_all("\u{feff}".as_bytes())?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to);
        writer.write_record(names).map_err(told)?;
        for row in rows {
            writer.write_record(row.map(without_formula)).map_err(told)?;
        }
        Ok(writer.flush()?)
    }
}

fn told(error: csv::Error) -> ReportError {
    ReportError::Io(error.into())
}

fn as_text(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => without_formula(text),
        Cell::Date(day) => day.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}

/// A spreadsheet program runs text that starts so as a formula; an apostrophe in front makes it text again.
pub(super) fn without_formula(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
