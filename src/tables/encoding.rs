//! Tells how the letters of a file are written. The whole file is looked at once, because one byte in its last row decides.

use std::io;
use std::io::BufReader;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;

use crate::tables::TableTrouble;

/// How letters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 behind a byte order mark, as Excel writes it.
    Utf8Marked,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, the Western European code page: what is not UTF-8.
    Windows1252,
}

/// What files begin with that are no text, and what to say of them.
const SIGNATURES: [(&[u8], &str); 7] = [
    (
        b"PK\x03\x04",
        "this is a workbook or a zip archive, not a table of text; give it the ending .xlsx or .zip that it should have",
    ),
    (
        &[0xd0, 0xcf, 0x11, 0xe0],
        "this is an old or an encrypted Office file, not a table of text; open it and save each sheet as CSV",
    ),
    (b"%PDF", "this is a PDF, not a table of text; export the table as CSV"),
    (&[0x1f, 0x8b], "this is a gzip file; unpack it first"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "this is a zstd file; unpack it first"),
    (b"<?xml", XML),
    (b"{", "this is JSON, not a table of text"),
];

/// What to say of XML where a table of text is looked for.
pub(super) const XML: &str = "this is XML, not a table of text; name it .xml and it is read as what it is";

/// Bytes looked at for signatures and zero bytes.
const START: u64 = 4096;

impl Encoding {
    /// Its name for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Marked => "UTF-8 with a byte order mark",
            Self::Utf16Le => "UTF-16 (little endian)",
            Self::Utf16Be => "UTF-16 (big endian)",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// What the decoding library calls it.
    pub(super) fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 | Self::Utf8Marked => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }
}

/// Tells the encoding of a stream and goes back to its start. The inner error says why the stream is no table, or no XML where that is
/// looked for.
pub(super) fn detect(
    source: &mut (impl Read + Seek),
    xml: bool,
) -> io::Result<Result<Encoding, TableTrouble>> {
    let length = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut start = Vec::new();
    source.by_ref().take(START).read_to_end(&mut start)?;
    source.rewind()?;
    let found = match of_start(&start, length, xml) {
        Some(Ok(wide)) => whole_pairs(source, wide)?,
        Some(Err(trouble)) => Err(trouble),
        None => scan(source)?,
    };
    source.rewind()?;
    Ok(found)
}

/// What the first bytes decide, if they do.
fn of_start(start: &[u8], length: u64, xml: bool) -> Option<Result<Encoding, TableTrouble>> {
    let wide = |encoding| if length.is_multiple_of(2) { Ok(encoding) } else { Err(TableTrouble::CutShort) };
    if start.starts_with(&[0xff, 0xfe]) {
        return Some(wide(Encoding::Utf16Le));
    }
    if start.starts_with(&[0xfe, 0xff]) {
        return Some(wide(Encoding::Utf16Be));
    }
    let known = SIGNATURES.iter().filter(|(_, what)| !xml || *what != XML);
    if let Some((_, what)) = known.into_iter().find(|(signature, _)| start.starts_with(signature)) {
        return Some(Err(TableTrouble::NotText(what)));
    }
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Text of mostly Latin letters has a zero in every other byte.
    match (even * 8 > start.len(), odd * 8 > start.len()) {
        (false, true) => Some(wide(Encoding::Utf16Le)),
        (true, false) => Some(wide(Encoding::Utf16Be)),
        _ if even + odd > 0 => Some(Err(TableTrouble::NotText(
            "this is not text but some other kind of file; export the table as CSV",
        ))),
        _ => None,
    }
}

/// Looks at every letter of UTF-16: half of one would be read as something else.
fn whole_pairs(source: &mut impl Read, encoding: Encoding) -> io::Result<Result<Encoding, TableTrouble>> {
    let mut source = BufReader::new(source);
    let (mut two, mut high) = ([0; 2], false);
    loop {
        match source.read_exact(&mut two) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            other => other?,
        }
        let big = encoding == Encoding::Utf16Be;
        let unit = if big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) };
        if high != (0xdc00..0xe000).contains(&unit) {
            return Ok(Err(TableTrouble::NotUnicode));
        }
        high = (0xd800..0xdc00).contains(&unit);
    }
    Ok(if high { Err(TableTrouble::NotUnicode) } else { Ok(encoding) })
}

/// Looks at every byte: valid UTF-8, or Windows-1252; cut short when only its last letter is not whole.
fn scan(source: &mut impl Read) -> io::Result<Result<Encoding, TableTrouble>> {
    let mut held: Vec<u8> = Vec::new();
    let (mut marked, mut first, mut blank) = (false, true, true);
    loop {
        let before = held.len();
        source.by_ref().take(64 * 1024).read_to_end(&mut held)?;
        let ended = held.len() == before;
        if first {
            marked = held.starts_with(&[0xef, 0xbb, 0xbf]);
            first = false;
        }
        let text =
            if marked && blank { held.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&held) } else { &held };
        blank = blank && text.trim_ascii().is_empty();
        let valid = encoding_rs::Encoding::utf8_valid_up_to(&held);
        if held.len() - valid > 3 {
            return Ok(if marked { Err(TableTrouble::NotUnicode) } else { Ok(Encoding::Windows1252) });
        }
        held.drain(..valid);
        if ended {
            return Ok(match (held.as_slice(), blank, marked) {
                ([], true, _) => Err(TableTrouble::Empty),
                ([], false, true) => Ok(Encoding::Utf8Marked),
                ([], false, false) => Ok(Encoding::Utf8),
                (rest, ..) if marked && is_lead(rest) => Err(TableTrouble::CutShort),
                _ if marked => Err(TableTrouble::NotUnicode),
                _ => Ok(Encoding::Windows1252),
            });
        }
    }
}

/// Whether these bytes are the beginning of a letter of several bytes.
fn is_lead(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
