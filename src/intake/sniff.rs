//! Tells JSON, a JSON list and NDJSON apart by the first bytes of a file, and by its name where the bytes leave it open.

use crate::intake::Trouble;
use crate::intake::held::Held;
use crate::intake::numbers;

/// What a file of records holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One record.
    Json,
    /// A list of records.
    JsonArray,
    /// One record a line.
    Ndjson,
}

/// The format of a file that starts so, or `None` when more of it is needed. `complete` says that there is no more.
pub(super) fn sniff(
    start: &[u8],
    complete: bool,
    enough: usize,
    name: &str,
) -> Option<Result<Format, Trouble>> {
    if matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{' | b'[', ..] | [b'{' | b'[', 0, ..]) {
        return Some(Err(Trouble::Utf16));
    }
    if start.starts_with(b"PK\x03\x04") {
        return Some(Err(Trouble::Zip));
    }
    let content = start.trim_ascii_start();
    let decided = complete || start.len() > enough;
    match content.first() {
        None if complete => Some(Err(Trouble::Empty)),
        None => decided.then_some(Err(Trouble::NotJson)),
        Some(b'[') => Some(Ok(Format::JsonArray)),
        Some(b'<') => Some(Err(Trouble::Xml)),
        Some(b'{') if named(name, &["ndjson", "jsonl"]) => Some(Ok(Format::Ndjson)),
        Some(b'{') => match content.iter().position(|byte| *byte == b'\n') {
            Some(end) if is_balanced(content.get(..end).unwrap_or_default()) => Some(Ok(Format::Ndjson)),
            Some(_) => Some(Ok(Format::Json)),
            None if decided && !complete && !named(name, &["json"]) => Some(Ok(Format::Ndjson)),
            None => decided.then_some(Ok(Format::Json)),
        },
        Some(_) if named(name, &["ndjson", "jsonl"]) => Some(Ok(Format::Ndjson)),
        Some(_) if named(name, &["json"]) => Some(Ok(Format::Json)),
        Some(_) => Some(Err(Trouble::NotJson)),
    }
}

/// Whether the file is named so, apart from the ending that says how it is compressed.
fn named(name: &str, endings: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// Whether every bracket of the line is closed in it.
fn is_balanced(line: &[u8]) -> bool {
    let mut depth: usize = 0;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        at += 1;
        match byte {
            b'"' => match numbers::end_of_string(line, at) {
                Some(end) => at = end,
                None => return false,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth == 0
}

/// Drops everything up to and with the first `[`; gives the bracket's line and column.
pub(super) fn skip_to_bracket(held: &mut Held) -> (u64, u64) {
    let at = held.iter().position(|byte| *byte == b'[').unwrap_or(0);
    let (mut line, mut column) = (1, 1);
    for byte in held.iter().take(at) {
        (line, column) = if *byte == b'\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    held.forget(at.saturating_add(1));
    (line, column)
}
