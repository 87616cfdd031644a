//! Tables that are text: CSV and its like, decoded and read row by row.

use std::io;
use std::io::Read;
use std::io::Seek;

use encoding_rs_io::DecodeReaderBytes;
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::tables::Encoding;
use crate::tables::Limits;
use crate::tables::Row;
use crate::tables::RowSource;
use crate::tables::TableTrouble;
use crate::tables::delimiter;
use crate::tables::encoding;
use crate::tables::lines::Watched;

/// Bytes of the start by which the delimiter is told.
const START: u64 = 64 * 1024;

/// Anything that bytes come from and that can be read twice.
pub(super) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

type Decoded = DecodeReaderBytes<Box<dyn Source>, Vec<u8>>;

/// The CSV reader with our limits.
pub(super) struct TextRows {
    csv: csv::Reader<Watched<Decoded>>,
    line_bytes: usize,
    pub(super) encoding: Encoding,
    pub(super) delimiter: u8,
}

impl TextRows {
    /// Tells the encoding and the delimiter and goes back to the start. The inner error says why this is no table of text.
    pub(super) fn read(
        source: impl Read + Seek + Send + 'static,
        limits: &Limits,
    ) -> io::Result<Result<Self, TableTrouble>> {
        let mut source: Box<dyn Source> = Box::new(source);
        let length = source.seek(io::SeekFrom::End(0))?;
        if length > limits.total_bytes {
            return Ok(Err(TableTrouble::TooLong(limits.total_bytes)));
        }
        let encoding = match encoding::detect(&mut source, false)? {
            Ok(encoding) => encoding,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let mut start = Vec::new();
        decoder(&mut source, encoding).take(START).read_to_end(&mut start)?;
        source.rewind()?;
        let start = String::from_utf8_lossy(&start);
        if is_markup(&start) {
            return Ok(Err(TableTrouble::NotText(encoding::XML)));
        }
        let delimiter = delimiter::detect(&start);
        let csv = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Watched::new(decoder(source, encoding), limits.line_bytes));
        Ok(Ok(Self { csv, line_bytes: limits.line_bytes, encoding, delimiter }))
    }
}

/// Whether text begins as XML does: a declaration, or an element.
fn is_markup(start: &str) -> bool {
    let start = start.trim_start();
    let element = start.strip_prefix('<').and_then(|rest| rest.chars().next());
    start.starts_with("<?xml")
        || (element.is_some_and(|letter| letter.is_alphabetic() || letter == '!') && start.contains("</"))
}

pub(super) fn decoder<R: Read>(source: R, encoding: Encoding) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding.codec()))
        .strip_bom(true)
        .bom_override(false)
        .build(source)
}

impl RowSource for TextRows {
    fn next_row(&mut self) -> Option<Result<Row, (TableTrouble, u64)>> {
        let from = self.csv.position().byte();
        let mut cells = csv::StringRecord::new();
        let result = self.csv.read_record(&mut cells);
        let to = self.csv.position().byte();
        let line = self.csv.get_mut().line_of(from);
        let trouble = match result {
            Ok(false) => return None,
            Ok(true) => {
                let quotes = self.csv.get_mut().passed(to);
                let open = quotes % 2 == 1
                    && self.csv.get_ref().ends_at(to)
                    && cells.iter().any(|cell| cell.contains('\n'));
                if !open {
                    return Some(Ok(Row::of_record(line, cells)));
                }
                TableTrouble::OpenQuote
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    TableTrouble::LineTooLong(self.line_bytes)
                }
                csv::ErrorKind::Io(error) => TableTrouble::Io(error.kind()),
                _ => TableTrouble::CutShort,
            },
        };
        Some(Err((trouble, line)))
    }
}
