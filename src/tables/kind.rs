//! Tells whether a file with a workbook's name is a workbook that can be read, before the workbook library sees a byte of it; and of
//! anything else what it is and what to do.

use std::io;
use std::io::Read as _;

use crate::archive::Archive;
use crate::archive::ArchiveLimits;
use crate::archive::ArchiveTrouble;
use crate::archive::Spool;
use crate::tables::Limits;
use crate::tables::TableTrouble;

/// Bytes that any part of a workbook but its sheets may have, unpacked: they are held in memory.
const PART_BYTES: u64 = 256 << 20;

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

/// Checks a workbook: the archive's directory, then every part unpacked once, so that nothing in it is longer than it says.
pub(super) fn check_workbook(spool: &Spool, limits: &Limits) -> io::Result<Result<(), TableTrouble>> {
    let start = spool.start(1024)?;
    if start.trim_ascii().is_empty() {
        return Ok(Err(TableTrouble::Empty));
    }
    if spool.length() > limits.total_bytes {
        return Ok(Err(TableTrouble::TooLong(limits.total_bytes)));
    }
    if start.starts_with(b"PK") {
        return Ok(check_parts(spool, limits));
    }
    if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let encrypted = holds_utf16(spool.clone(), "EncryptedPackage")?;
        return Ok(Err(if encrypted { TableTrouble::Encrypted } else { TableTrouble::OldWorkbook }));
    }
    Ok(Err(TableTrouble::WrongKind(what_else(&start))))
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

fn check_parts(spool: &Spool, limits: &Limits) -> Result<(), TableTrouble> {
    let allowed = ArchiveLimits {
        entries: PARTS,
        small_bytes: 8 << 20,
        entry_bytes: limits.total_bytes,
        total_bytes: limits.total_bytes,
        ..ArchiveLimits::default()
    };
    let mut archive = Archive::open(spool, &allowed).map_err(TableTrouble::Archive)?;
    let holds = |folder: &str| archive.entries().iter().any(|entry| entry.name.starts_with(folder));
    if archive.has("xl/workbook.bin") {
        return Err(TableTrouble::WrongKind(
            "this is a binary workbook (.xlsb); open it and save it as an Excel workbook (.xlsx)",
        ));
    }
    if !holds("xl/") {
        return Err(TableTrouble::WrongKind(match () {
            () if holds("word/") => {
                "this is a Word document, not a workbook; export the table as .xlsx or CSV"
            }
            () if archive.has("content.xml") => {
                "this is an OpenDocument file; open it and save it as an Excel workbook (.xlsx)"
            }
            () => "this is a zip archive, not a workbook; give it the ending .zip if it holds tables",
        }));
    }
    let sheet = |name: &str| name.starts_with("xl/worksheets/");
    if archive.entries().iter().any(|entry| entry.length > PART_BYTES && !sheet(&entry.name)) {
        return Err(TableTrouble::Archive(ArchiveTrouble::TooLong(PART_BYTES)));
    }
    archive.prove().map_err(TableTrouble::Archive)
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
