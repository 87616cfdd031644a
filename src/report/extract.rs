//! What an extract was, in plain words for a terminal: probable faults first, then what was done to read it and what could not be judged.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::extracts::Coercion;
use crate::extracts::ExtractFacts;
use crate::extracts::NotUsed;
use crate::report::Ink;
use crate::report::NearlyAll;
use crate::report::Summary;

/// Lines shown of one place list.
const SHOWN: usize = 3;

/// What is probably a fault of the extract and not of the records; nothing when there is none.
pub fn probable_faults_as_text(summary: &Summary<'_>, ink: Ink) -> String {
    let mut text = String::new();
    let blank = summary.extract.iter().flat_map(|extract| &extract.mostly_blank);
    for column in blank {
        let _ = writeln!(
            text,
            "  {} column {} is blank in {} of {} rows: was it left out of the export?",
            column.file, column.column, column.blank, column.rows
        );
    }
    for NearlyAll { rule, title, place, records, of } in &summary.nearly_all {
        let place = place.as_ref().map_or_else(String::new, |place| format!(" ({place})"));
        let _ = writeln!(text, "  {rule} finds fault with {records} of {of} records{place}: {title}");
    }
    if text.is_empty() {
        return text;
    }
    format!("{}\n{text}\n", ink.bold("Probably faults of the extract: look at these first"))
}

/// The files, the coercions, the rules that could not run.
pub fn extract_as_text(extract: &ExtractFacts, ink: Ink) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\n{}", ink.bold(&format!("Read as {}", extract.layout)));
    let wide = extract.tables.iter().map(|table| table.table.len() + 2).max().unwrap_or(0).max(16);
    for table in &extract.tables {
        let _ = writeln!(
            text,
            "  {:<wide$}{:>8} rows  {} ({})",
            table.table, table.rows, table.file, table.encoding
        );
    }
    for file in &extract.not_recognised {
        let _ = writeln!(text, "  not read: {file} is no table of this layout");
    }
    for NotUsed { file, why } in &extract.not_used {
        let _ = writeln!(text, "  not read: {file}: {why}");
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
    let _ = writeln!(text, "{}", ink.bold("What was done to read it"));
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
            let shown: Vec<String> = line.lines.iter().take(SHOWN).map(ToString::to_string).collect();
            let more = if line.count > SHOWN as u64 { " …" } else { "" };
            let _ = writeln!(
                text,
                "          {}",
                ink.dim(&format!("{}{column}: {}, line {}{more}", line.file, line.count, shown.join(", ")))
            );
        }
    }
}

/// What is lacking, a part of the record a line, with how many rules could not run for want of it.
fn not_run(extract: &ExtractFacts, ink: Ink, text: &mut String) {
    let mut rules: BTreeSet<&str> = BTreeSet::new();
    let mut lacking: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for line in &extract.not_run {
        let what = line.lack.words(&extract.layout);
        let ids = line.rules.iter().map(String::as_str);
        rules.extend(ids.clone());
        lacking.entry(what).or_default().extend(ids);
    }
    if rules.is_empty() {
        return;
    }
    let head = format!(
        "{} of {} rules could not run, and no record counts as passed",
        rules.len(),
        extract.rules_expected
    );
    let _ = writeln!(text, "{}", ink.bold(&head));
    for (what, ids) in lacking {
        let shown: Vec<&str> = ids.iter().copied().take(SHOWN).collect();
        let more = if ids.len() > SHOWN { ", …" } else { "" };
        let _ =
            writeln!(text, "  {:>4} {what} {}", ids.len(), ink.dim(&format!("({}{more})", shown.join(", "))));
    }
}
