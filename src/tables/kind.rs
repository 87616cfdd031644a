//! Tells whether a file with a workbook's name is a workbook that can be read, before the workbook library sees a byte of it; and of
//! anything else what it is and what to do.

use std::io;
use std::io::BufReader;
use std::io::Read as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::archive::Archive;
use crate::archive::ArchiveLimits;
use crate::archive::ArchiveTrouble;
use crate::archive::Spool;
use crate::tables::Limits;
use crate::tables::TableTrouble;

/// Bytes that any part of a workbook but its sheets may have, unpacked: they are held in memory.
const PART_BYTES: u64 = 256 << 20;

/// Bytes of the markup of one cell, or of one text that cells share: Excel's longest, letter by letter in colours of its own, has fewer.
const CELL_BYTES: usize = 8 << 20;

/// Bytes that a reader has taken before it looks at them.
const HELD: usize = 64 << 10;

/// Files in a workbook.
const PARTS: usize = 5_000;

/// What files with a workbook's name are instead, and what to do.
const OTHERS: [(&[u8], &str); 5] = [
    (b"%PDF", "this is a PDF, not a workbook; export the table as .xlsx or CSV"),
    (b"<html", WEB_PAGE),
    (b"<table", WEB_PAGE),
    (b"<!doctype", WEB_PAGE),
    (b"<?xml", "this is XML under a workbook's name; open it and save it as an Excel workbook (.xlsx)"),
];

const WEB_PAGE: &str =
    "this is a web page under a workbook's name, as some systems export it; open it and save it as .xlsx";

/// What is wrong with a workbook, and the name of the part of it that it is about.
pub(super) type Wrong = (TableTrouble, Option<String>);

/// Checks a workbook: the archive's directory, then every part unpacked once, so that nothing in it is longer than it says and no cell of it
/// longer than can be held.
pub(super) fn check_workbook(spool: &Spool, limits: &Limits) -> io::Result<Result<(), Wrong>> {
    let start = spool.start(1024)?;
    if start.starts_with(b"PK") && spool.length() <= limits.total_bytes {
        return Ok(check_parts(spool, limits));
    }
    let trouble = if start.trim_ascii().is_empty() {
        TableTrouble::Empty
    } else if spool.length() > limits.total_bytes {
        TableTrouble::TooLong(limits.total_bytes)
    } else if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let encrypted = holds_utf16(spool.clone(), "EncryptedPackage")?;
        if encrypted { TableTrouble::Encrypted } else { TableTrouble::OldWorkbook }
    } else {
        TableTrouble::WrongKind(what_else(&start))
    };
    Ok(Err((trouble, None)))
}

/// What a file is that is no archive.
fn what_else(start: &[u8]) -> &'static str {
    let plain = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start).trim_ascii_start();
    let begins = |with: &[u8]| plain.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    if let Some((_, what)) = OTHERS.iter().find(|(signature, _)| begins(signature)) {
        return what;
    }
    if start.contains(&0) && !start.starts_with(&[0xff, 0xfe]) && !start.starts_with(&[0xfe, 0xff]) {
        return "this is no workbook; export it again as .xlsx or CSV";
    }
    "this is text under a workbook's name; give it the ending .csv, or save it as an Excel workbook (.xlsx)"
}

fn check_parts(spool: &Spool, limits: &Limits) -> Result<(), Wrong> {
    let whole = |trouble| (trouble, None);
    let allowed = ArchiveLimits {
        entries: PARTS,
        small_bytes: 8 << 20,
        entry_bytes: limits.total_bytes,
        total_bytes: limits.total_bytes,
        ..ArchiveLimits::default()
    };
    let mut archive = Archive::open(spool, &allowed).map_err(TableTrouble::Archive).map_err(whole)?;
    let holds = |folder: &str| archive.entries().iter().any(|entry| entry.name.starts_with(folder));
    if archive.has("xl/workbook.bin") {
        return Err(whole(TableTrouble::WrongKind(
            "this is a binary workbook (.xlsb); open it and save it as an Excel workbook (.xlsx)",
        )));
    }
    if !holds("xl/") {
        return Err(whole(TableTrouble::WrongKind(match () {
            () if holds("word/") => {
                "this is a Word document, not a workbook; export the table as .xlsx or CSV"
            }
            () if archive.has("content.xml") => {
                "this is an OpenDocument file; open it and save it as an Excel workbook (.xlsx)"
            }
            () => "this is a zip archive, not a workbook; give it the ending .zip if it holds tables",
        })));
    }
    let sheet = |name: &str| name.starts_with("xl/worksheets/");
    if archive.entries().iter().any(|entry| entry.length > PART_BYTES && !sheet(&entry.name)) {
        return Err(whole(TableTrouble::Archive(ArchiveTrouble::TooLong(PART_BYTES))));
    }
    let mut long = None;
    let proved = archive.prove(&mut |entry, part| {
        if long.is_none()
            && entry.length > CELL_BYTES as u64
            && is_markup(&entry.name)
            && has_long_cell(part)?
        {
            long = Some(entry.name.clone());
        }
        Ok(())
    });
    proved.map_err(TableTrouble::Archive).map_err(whole)?;
    long.map_or(Ok(()), |part| Err((TableTrouble::CellTooLong(CELL_BYTES), Some(part))))
}

fn is_markup(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    name.starts_with("xl/worksheets/")
        || ["xml", "rels"].iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// Whether a cell or a text of a part, or anything between two of them, is longer than can be held. What is not well formed is for the library
/// to say.
fn has_long_cell(part: &mut dyn io::Read) -> io::Result<bool> {
    let mut reader = Reader::from_reader(BufReader::new(Bounded { inner: part, left: CELL_BYTES + HELD }));
    reader.config_mut().check_end_names = false;
    let (mut held, mut inside) = (Vec::new(), false);
    loop {
        held.clear();
        let is_cell = |name: &str| matches!(name, "c" | "si");
        match reader.read_event_into(&mut held) {
            Ok(Event::Start(start)) if is_cell(start.local_name().into_inner()) => inside = true,
            Ok(Event::End(end)) if is_cell(end.local_name().into_inner()) => inside = false,
            Ok(Event::Eof) => return Ok(false),
            Ok(_) if inside => continue,
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
                return Ok(true);
            }
            Err(quick_xml::Error::Io(error)) => return Err(error.kind().into()),
            Err(_) => return Ok(false),
        }
        reader.get_mut().get_mut().left = CELL_BYTES + HELD;
    }
}

/// A stream that ends in an error once it is read on for too long.
struct Bounded<'b> {
    inner: &'b mut dyn io::Read,
    left: usize,
}

impl io::Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(length);
        Ok(length)
    }
}

/// Whether these letters stand in a file as UTF-16.
fn holds_utf16(mut spool: Spool, letters: &str) -> io::Result<bool> {
    let wanted: Vec<u8> = letters.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut held: Vec<u8> = Vec::new();
    loop {
        let kept = held.len().min(wanted.len());
        held.drain(..held.len() - kept);
        if spool.by_ref().take(64 << 10).read_to_end(&mut held)? == 0 {
            return Ok(false);
        }
        if held.windows(wanted.len()).any(|window| window == wanted) {
            return Ok(true);
        }
    }
}
