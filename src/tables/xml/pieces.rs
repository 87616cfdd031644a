//! Markup piece by piece, each with its line: starts and ends of elements and the text between, within limits.

use std::io;
use std::io::BufReader;
use std::io::Read;

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytes;
use quick_xml::Reader;
use quick_xml::events::BytesRef;
use quick_xml::events::Event;

use crate::tables::Limits;
use crate::tables::TableTrouble;
use crate::tables::lines::Watched;
use crate::tables::text::decoder;
use crate::tables::xml::XmlTrouble;

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
    pub(super) declared: Option<&'static Encoding>,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(source: R, encoding: crate::tables::Encoding, limits: Limits) -> Self {
        let watched = Watched::new(decoder(source, encoding), limits.line_bytes);
        let mut reader = Reader::from_reader(BufReader::new(watched));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), limits, depth: 0, begun: false, ends: 0, declared: None }
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
            let event = event.map(Seen::of);
            let line = self.reader.get_mut().get_mut().line_of(from);
            let seen = match event {
                Ok(seen) => seen,
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
            Seen::Text(text) if self.depth == 0 && !text.trim().is_empty() => {
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
                self.declared = Some(found);
                if read.contains(&found) { Ok(None) } else { Err(XmlTrouble::Encoding) }
            }
            Seen::Doctype => Err(XmlTrouble::Doctype),
            Seen::Entity => Err(XmlTrouble::Entity),
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

/// An event as it concerns us, free of the buffer.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Start(String),
    End,
    Text(String),
    Declared(String),
    Doctype,
    Entity,
    Nothing,
    Eof,
}

impl Seen {
    fn of(event: Event<'_>) -> Self {
        match event {
            Event::Start(start) | Event::Empty(start) => {
                Self::Start(start.local_name().into_inner().to_owned())
            }
            Event::End(_) => Self::End,
            Event::Text(text) => Self::Text(text.xml10_content().into_owned()),
            Event::CData(text) => Self::Text(text.xml10_content().into_owned()),
            Event::GeneralRef(name) => {
                resolved(&name).map_or(Self::Entity, |letter| Self::Text(letter.into()))
            }
            Event::Decl(declaration) => match declaration.encoding() {
                Some(Ok(label)) => Self::Declared(label.into_owned()),
                _ => Self::Nothing,
            },
            Event::DocType(_) => Self::Doctype,
            Event::Comment(_) | Event::PI(_) => Self::Nothing,
            Event::Eof => Self::Eof,
        }
    }
}

/// One of XML's own five entities, or a letter by its number.
fn resolved(name: &BytesRef<'_>) -> Option<char> {
    let name = name.xml10_content();
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(number) => u32::from_str_radix(number, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|letter| *letter != '\0');
    }
    Some(match &*name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
