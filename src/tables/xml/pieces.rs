//! Markup piece by piece, each with its line: starts and ends of elements and the text between, within limits.

use std::io;
use std::io::BufReader;
use std::io::Read;

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytes;
use quick_xml::Reader;

use crate::tables::Limits;
use crate::tables::TableTrouble;
use crate::tables::lines::Watched;
use crate::tables::text::decoder;
use crate::tables::xml::XmlTrouble;
use crate::tables::xml::seen::Seen;

/// How many elements may stand inside one another.
const DEPTH: usize = 64;

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// An element begins: its name without a prefix.
    Start(String),
    /// The innermost element ends.
    End,
    /// Text, or a part of it.
    Text(String),
}

/// The encoding that a document says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    encoding: &'static Encoding,
    /// Whether it only says that it is UTF-16, whichever byte comes first.
    either: bool,
}

impl Declared {
    /// Whether a document in this encoding is written as it says. Letters that are ASCII are the same bytes in UTF-8 and in the code pages.
    pub(super) fn is_true_of(self, own: &'static Encoding, ascii: bool) -> bool {
        let wide = self.either && own == encoding_rs::UTF_16BE;
        let same = ascii && own == encoding_rs::UTF_8 && self.encoding == encoding_rs::WINDOWS_1252;
        self.encoding == own || wide || same
    }
}

/// The document as UTF-8, its lines watched.
type Decoded<R> = BufReader<Watched<DecodeReaderBytes<R, Vec<u8>>>>;

/// What is wrong, and the line.
pub(super) type Wrong = (TableTrouble, u64);

/// The pieces of a document, one after another. After an error there are no more.
pub(super) struct Pieces<R: Read> {
    reader: Reader<Decoded<R>>,
    buffer: Vec<u8>,
    limits: Limits,
    depth: usize,
    begun: bool,
    ends: u64,
    /// The encoding that the document says it has.
    pub(super) declared: Option<Declared>,
    /// Whether all of it was ASCII so far.
    pub(super) ascii: bool,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(source: R, encoding: crate::tables::Encoding, limits: Limits) -> Self {
        let watched = Watched::new(decoder(source, encoding), limits.line_bytes);
        let mut reader = Reader::from_reader(BufReader::new(watched));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            limits,
            depth: 0,
            begun: false,
            ends: 0,
            declared: None,
            ascii: true,
        }
    }

    /// Bytes of the document, as UTF-8, up to the end of the last piece.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The next piece with the line on which it begins.
    pub(super) fn next(&mut self) -> Result<Option<(Piece, u64)>, Wrong> {
        loop {
            let from = self.reader.buffer_position();
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let seen = event.map(Seen::of);
            self.ascii &= self.buffer.is_ascii();
            let line = self.reader.get_mut().get_mut().line_of(from);
            let seen = match seen {
                Ok(seen) => seen.map_err(|trouble| (trouble.into(), line))?,
                Err(error) => return Err((self.trouble(&error), line)),
            };
            let to = self.reader.buffer_position();
            self.reader.get_mut().get_mut().passed(to);
            if seen == Seen::Eof {
                let trouble = if self.depth > 0 { XmlTrouble::CutShort } else { XmlTrouble::NotXml };
                let whole = self.depth == 0 && self.begun;
                return if whole { Ok(None) } else { Err((trouble.into(), line)) };
            }
            if let Some(piece) = self.piece(seen).map_err(|trouble| (trouble.into(), line))? {
                let line = if let Piece::Text(text) = &piece { line + lines_before(text) } else { line };
                return Ok(Some((piece, line)));
            }
        }
    }

    fn piece(&mut self, seen: Seen) -> Result<Option<Piece>, XmlTrouble> {
        match seen {
            Seen::Start(_) if self.depth == 0 && self.begun => Err(XmlTrouble::Behind),
            Seen::Start(_) if self.depth >= DEPTH => Err(XmlTrouble::TooDeep(DEPTH)),
            Seen::Start(name) => {
                self.depth += 1;
                self.begun = true;
                Ok(Some(Piece::Start(name)))
            }
            Seen::End => {
                self.depth = self.depth.saturating_sub(1);
                self.ends += 1;
                Ok(Some(Piece::End))
            }
            Seen::Text(text) if self.depth == 0 && !text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {
                Err(if self.begun { XmlTrouble::Behind } else { XmlTrouble::NotXml })
            }
            Seen::Text(text) if self.depth > 0 => Ok(Some(Piece::Text(text))),
            Seen::Declared(label) => {
                let found = Encoding::for_label(label.as_bytes()).ok_or(XmlTrouble::Encoding)?;
                let read = [
                    encoding_rs::UTF_8,
                    encoding_rs::UTF_16LE,
                    encoding_rs::UTF_16BE,
                    encoding_rs::WINDOWS_1252,
                ];
                let either = found == encoding_rs::UTF_16LE && !label.eq_ignore_ascii_case("utf-16le");
                self.declared = Some(Declared { encoding: found, either });
                if read.contains(&found) { Ok(None) } else { Err(XmlTrouble::Encoding) }
            }
            Seen::Text(_) | Seen::Nothing | Seen::Eof => Ok(None),
        }
    }

    /// How many elements have ended.
    pub(super) fn ends(&self) -> u64 {
        self.ends
    }

    fn trouble(&self, error: &quick_xml::Error) -> TableTrouble {
        match error {
            quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                XmlTrouble::TooLong(self.limits.line_bytes).into()
            }
            quick_xml::Error::Io(error) => TableTrouble::Io(error.kind()),
            // Markup that runs to the end of the file was cut off there.
            quick_xml::Error::Syntax(_) => XmlTrouble::CutShort.into(),
            _ => XmlTrouble::Malformed.into(),
        }
    }
}

/// Line breaks before the first letter of a text, beyond those with which it begins.
fn lines_before(text: &str) -> u64 {
    let blank = text.len() - text.trim_start().len();
    let before = text.get(..blank).unwrap_or_default().trim_start_matches(['\n', '\r']);
    u64::try_from(before.matches('\n').count()).unwrap_or(0)
}
