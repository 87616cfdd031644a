//! Tables written: CSV in UTF-8 with a byte-order mark, so that a spreadsheet program takes it for what it is, lines as the format has them.

use std::io;
use std::io::Write;

use csv::Terminator;
use csv::Writer;
use csv::WriterBuilder;

/// Writes rows of cells.
#[derive(Debug)]
pub struct TableWriter<W: Write>(Writer<W>);

impl<W: Write> TableWriter<W> {
    /// Starts a table with the names of its columns.
    pub fn start<'n>(mut to: W, names: impl IntoIterator<Item = &'n str>) -> io::Result<Self> {
        to.write_all("\u{feff}".as_bytes())?;
        let mut table = Self::go_on(to);
        table.0.write_record(names)?;
        Ok(table)
    }

    /// Goes on with a table that has been started.
    pub fn go_on(to: W) -> Self {
        Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to))
    }

    /// Writes a row. What a spreadsheet program would run stands as text: with an apostrophe in front.
    pub fn write(&mut self, cells: impl IntoIterator<Item = String>) -> io::Result<()> {
        Ok(self.0.write_record(cells.into_iter().map(without_formula))?)
    }

    /// Ends it.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A spreadsheet program runs text that starts so as a formula; an apostrophe in front makes it text again.
fn without_formula(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
