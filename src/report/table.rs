//! Findings as CSV: one finding a line.

use std::io;
use std::io::Write;

use crate::report::columns::COLUMNS;
use crate::report::columns::Cell;
use crate::report::columns::Told;
use crate::tables::TableWriter;

/// Writes findings as a table.
pub struct Table<W: Write>(TableWriter<W>);

impl<W: Write> Table<W> {
    /// Starts a table with the names of its columns.
    pub fn start(to: W) -> io::Result<Self> {
        Ok(Self(TableWriter::start(to, COLUMNS.iter().map(|column| column.name))?))
    }

    /// Goes on with a table that has been started.
    pub fn go_on(to: W) -> Self {
        Self(TableWriter::go_on(to))
    }

    /// Writes a finding.
    pub fn write(&mut self, finding: &Told<'_>) -> io::Result<()> {
        self.0.write(COLUMNS.iter().map(|column| as_text((column.cell)(finding))))
    }

    /// Ends it.
    pub fn finish(self) -> io::Result<()> {
        self.0.finish()
    }
}

fn as_text(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Date(day) => day.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}
