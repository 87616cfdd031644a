//! What an extract was, in plain words for a terminal: probable faults first, then what was done to read it and what could not be judged.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::extracts::Coercion;
use crate::extracts::CoercionLine;
use crate::extracts::ExtractFacts;
use crate::extracts::NotUsed;
use crate::extracts::TableFacts;
use crate::extracts::table_name;
use crate::report::Ink;
use crate::report::Summary;
use crate::report::words::COERCIONS;
use crate::report::words::PROBABLE_FAULTS;
use crate::report::words::blank_words;
use crate::report::words::lacking;
use crate::report::words::nearly_all_words;
use crate::report::words::not_run_words;

/// Lines shown of one place list.
const SHOWN: usize = 3;

/// Columns shown of one kind of coercion.
const COLUMNS: usize = 6;

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
    let files: BTreeSet<&str> = extract.tables.iter().map(|table| table.file.as_str()).collect();
    // The sheets of one workbook and the elements of one document are told apart by their names; the file is said once.
    let several = extract.tables.len() > 1 || extract.tables.iter().all(|table| table.sheet.is_some());
    let only = files.first().copied().filter(|_| files.len() == 1 && several);
    let of = only.map_or_else(String::new, |file| format!(": {file}"));
    let _ = writeln!(text, "\n{}", ink.bold(&format!("Read as {}{of}", extract.layout)));
    let shown = Shown { extract, ink, only };
    shown.tables(&mut text);
    shown.coercions(&mut text);
    not_run(extract, ink, &mut text);
    text
}

/// What is shown of an extract, with the file that need not be repeated.
struct Shown<'e> {
    extract: &'e ExtractFacts,
    ink: Ink,
    only: Option<&'e str>,
}

impl Shown<'_> {
    /// A name without the file that was said.
    fn short(&self, name: &str) -> String {
        let rest = self.only.and_then(|file| name.strip_prefix(file)?.strip_prefix(", "));
        rest.unwrap_or(name).to_owned()
    }

    /// What a table is read from, and how that is written.
    fn source(&self, table: &TableFacts) -> String {
        if table.sheet.is_none() && self.only == Some(table.file.as_str()) {
            return table.encoding.clone();
        }
        format!("{} ({})", self.short(&table_name(&table.file, table.sheet.as_deref())), table.encoding)
    }

    fn tables(&self, text: &mut String) {
        let extract = self.extract;
        let wide = extract.tables.iter().map(|table| table.table.len() + 2).max().unwrap_or(0).max(16);
        let under = wide + 17;
        for table in &extract.tables {
            let source = self.source(table);
            let _ = writeln!(text, "  {:<wide$}{:>8} rows  {source}", table.table, table.rows);
            if !table.missing.is_empty() {
                let missing = self.ink.dim(&table.missing.join(", "));
                let _ = writeln!(text, "{:>under$}not there: {missing}", "");
            }
            if !table.unknown.is_empty() {
                let unknown = table.unknown.join(", ");
                let _ = writeln!(text, "{:>under$}not known, not used: column {unknown}", "");
            }
        }
        if !extract.not_given.is_empty() {
            let _ = writeln!(text, "  not given: {}", extract.not_given.join(", "));
        }
        for one in &extract.not_of_children {
            let file = self.short(&one.file);
            let _ = writeln!(text, "  {:<wide$}    not read  {file} ({})", one.table, one.why);
        }
        if !extract.other_sheets.is_empty() {
            let sheets: Vec<String> = extract.other_sheets.iter().map(|name| self.short(name)).collect();
            let _ = writeln!(text, "  no tables of children, not read: {}", sheets.join("; "));
        }
        for file in &extract.not_recognised {
            let _ = writeln!(text, "  not read: {} is no table of this layout", self.short(file));
        }
        for NotUsed { file, why } in &extract.not_used {
            let _ = writeln!(text, "  not read: {}: {why}", self.short(file));
        }
        for one in &extract.suggested {
            let _ = writeln!(
                text,
                "  not used: {} column {} may be {}: confirm it with --column \"{}={}\"",
                self.short(&table_name(&one.file, one.sheet.as_deref())),
                one.number,
                one.column,
                one.written,
                one.column
            );
        }
    }

    fn coercions(&self, text: &mut String) {
        let (extract, ink) = (self.extract, self.ink);
        if extract.coercions.is_empty() {
            return;
        }
        let _ = writeln!(text, "{}", ink.bold(COERCIONS));
        let mut kinds: BTreeMap<Coercion, Vec<&CoercionLine>> = BTreeMap::new();
        for line in &extract.coercions {
            kinds.entry(line.kind).or_default().push(line);
        }
        let order = |line: &CoercionLine| {
            extract.tables.iter().position(|table| table.file == line.file && table.sheet == line.sheet)
        };
        for (kind, mut lines) in kinds {
            let count: u64 = lines.iter().map(|line| line.count).sum();
            let _ = writeln!(text, "  {count:>7} {}", kind.words());
            lines.sort_by_key(|line| order(line));
            for line in lines.iter().take(COLUMNS) {
                let _ = writeln!(text, "          {}", ink.dim(&self.coercion(line)));
            }
            if lines.len() > COLUMNS {
                let rest: u64 = lines.iter().skip(COLUMNS).map(|line| line.count).sum();
                let more = format!(
                    "… and {rest} in {} more columns: all are in the files that --out writes",
                    lines.len() - COLUMNS
                );
                let _ = writeln!(text, "          {}", ink.dim(&more));
            }
        }
    }

    /// One kind in one column: the table, the column, how often, where.
    fn coercion(&self, line: &CoercionLine) -> String {
        let places = line.places(SHOWN);
        let in_column = if line.column.is_empty() { String::new() } else { format!(" in {}", line.column) };
        let column = if line.column.is_empty() { String::new() } else { format!(" column {}", line.column) };
        match &line.sheet {
            _ if self.only == Some(line.file.as_str()) => format!("{places}: {}{in_column}", line.count),
            // The place says the sheet.
            Some(_) => format!("{}, {places}: {}{in_column}", line.file, line.count),
            None => format!("{}{column}: {}, {places}", line.file, line.count),
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
