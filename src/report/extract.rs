//! What an extract was, in plain words for a terminal: probable faults first, then what was done to read it and what could not be judged.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::extracts::Coercion;
use crate::extracts::ExtractFacts;
use crate::report::Ink;
use crate::report::Summary;
use crate::report::words::COERCIONS;
use crate::report::words::PROBABLE_FAULTS;
use crate::report::words::blank_words;
use crate::report::words::lacking;
use crate::report::words::nearly_all_words;
use crate::report::words::not_run_words;
use crate::report::words::places_words;

/// Lines shown of one place list.
const SHOWN: usize = 3;

/// What is probably a fault of the extract and not of the records; nothing when there is none.
pub fn probable_faults_as_text(summary: &Summary<'_>, ink: Ink) -> String {
    let mut text = String::new();
    let blank = summary.extract.iter().flat_map(|extract| &extract.mostly_blank);
    for column in blank {
        let _ = writeln!(text, "  {}", blank_words(column));
    }
    for nearly_all in &summary.nearly_all {
        let _ = writeln!(text, "  {}", nearly_all_words(nearly_all));
    }
    if text.is_empty() {
        return text;
    }
    format!("{}\n{text}\n", ink.bold(PROBABLE_FAULTS))
}

/// The files, the coercions, the rules that could not run.
pub fn extract_as_text(extract: &ExtractFacts, ink: Ink) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\n{}", ink.bold(&format!("Read as {}", extract.layout)));
    for table in &extract.tables {
        let _ = writeln!(
            text,
            "  {:<16}{:>8} rows  {} ({})",
            table.table, table.rows, table.file, table.encoding
        );
    }
    for file in &extract.not_recognised {
        let _ = writeln!(text, "  not read: {file} is no table of this layout");
    }
    for one in &extract.suggested {
        let _ = writeln!(
            text,
            "  not used: {} column {} may be {}: confirm it with --column \"{}={}\"",
            one.file, one.number, one.column, one.written, one.column
        );
    }
    coercions(extract, ink, &mut text);
    not_run(extract, ink, &mut text);
    text
}

fn coercions(extract: &ExtractFacts, ink: Ink, text: &mut String) {
    if extract.coercions.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}", ink.bold(COERCIONS));
    let mut kinds: BTreeMap<Coercion, Vec<_>> = BTreeMap::new();
    for line in &extract.coercions {
        kinds.entry(line.kind).or_default().push(line);
    }
    for (kind, lines) in kinds {
        let count: u64 = lines.iter().map(|line| line.count).sum();
        let _ = writeln!(text, "  {count:>7} {}", kind.words());
        for line in lines {
            let column =
                if line.column.is_empty() { String::new() } else { format!(" column {}", line.column) };
            let place = places_words(line, SHOWN);
            let _ = writeln!(
                text,
                "          {}",
                ink.dim(&format!("{}{column}: {}, {place}", line.file, line.count))
            );
        }
    }
}

/// What is lacking, a part of the record a line, with how many rules could not run for want of it.
fn not_run(extract: &ExtractFacts, ink: Ink, text: &mut String) {
    let Some(head) = not_run_words(extract) else { return };
    let _ = writeln!(text, "{}", ink.bold(&head));
    for (what, ids) in lacking(extract) {
        let shown: Vec<&str> = ids.iter().copied().take(SHOWN).collect();
        let more = if ids.len() > SHOWN { ", …" } else { "" };
        let _ =
            writeln!(text, "  {:>4} {what} {}", ids.len(), ink.dim(&format!("({}{more})", shown.join(", "))));
    }
}
