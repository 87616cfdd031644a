//! Why a whole file cannot be read, as opposed to one document in it.

use std::fmt;
use std::io;

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The operating system does not let us open or read it.
    Io(io::ErrorKind),
    /// It holds nothing but white space.
    Empty,
    /// It is neither JSON nor NDJSON.
    NotJson,
    /// It is a zip archive, as workbooks are too.
    Zip,
    /// It is XML.
    Xml,
    /// It is UTF-16.
    Utf16,
    /// Its gzip or zstd wrapping is damaged or cut short.
    Damaged,
    /// It is longer than [`crate::intake::Limits::total_bytes`].
    TooLong,
}

impl Trouble {
    /// The stable word for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Io(_) => "file_unreadable",
            Self::Empty => "file_empty",
            Self::NotJson => "file_not_json",
            Self::Zip => "file_zip",
            Self::Xml => "file_xml",
            Self::Utf16 => "file_utf16",
            Self::Damaged => "file_damaged",
            Self::TooLong => "file_too_long",
        }
    }
}

/// A file that cannot be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub trouble: Trouble,
    /// The file as the caller named it.
    pub file: String,
    /// The line that reading had come to, from 1; 0 before the first.
    pub line: u64,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if self.line > 0 {
            write!(out, ", line {}", self.line)?;
        }
        match self.trouble {
            Trouble::Io(io::ErrorKind::NotFound) => out.write_str(": there is no such file; check its name"),
            Trouble::Io(kind) => {
                write!(out, ": it cannot be read ({kind}); check that it is a file and that you may read it")
            }
            Trouble::Empty => out.write_str(": the file is empty; export it again"),
            Trouble::NotJson => out.write_str(
                ": this is neither JSON nor NDJSON; give one record, a list of records, or one record a line",
            ),
            Trouble::Zip => out.write_str(
                ": this is a workbook or a zip archive; give it the ending .xlsx or .zip that it should have",
            ),
            Trouble::Xml => {
                out.write_str(": this is XML; name it .xml and it is read as a document of an extract")
            }
            Trouble::Utf16 => out.write_str(": this file is UTF-16; save it as UTF-8"),
            Trouble::Damaged => {
                out.write_str(": the compressed file is damaged or cut short here; copy or export it again")
            }
            Trouble::TooLong => out.write_str(
                ": the file unpacks to more than the limit, and to more than 200 times its length; split it",
            ),
        }
    }
}

impl std::error::Error for Unreadable {}
