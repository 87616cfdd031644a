//! Tells what stands between the cells: the delimiter by which most rows of the start of a file have the same number of cells.

use std::collections::BTreeMap;

/// The delimiters that are looked for, the likeliest first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows looked at.
const ROWS: usize = 40;

/// The delimiter of a table that starts with this text. A first line `sep=;`, as Excel writes it, decides.
pub(super) fn detect(start: &str) -> u8 {
    let first = start.lines().next().unwrap_or_default();
    if let Some([named]) = first.strip_prefix("sep=").map(str::as_bytes) {
        return *named;
    }
    let mut best = (0, b',');
    for candidate in CANDIDATES {
        let score = score(start, candidate);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

/// How many cells there are in the rows that have the commonest number of them; 0 when that is one.
fn score(start: &str, delimiter: u8) -> usize {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(start.as_bytes());
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for record in reader.records().take(ROWS).flatten() {
        *widths.entry(record.len()).or_default() += 1;
    }
    widths.iter().filter(|(width, _)| **width > 1).map(|(width, rows)| width * rows).max().unwrap_or(0)
}
