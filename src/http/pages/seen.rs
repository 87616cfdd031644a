//! What each file of an input was taken for, and the columns that somebody may confirm.

use std::collections::BTreeMap;

use crate::extracts::Coercion;
use crate::extracts::ExtractFacts;
use crate::extracts::TableFacts;
use crate::http::pages::job_words::size_words;
use crate::jobs::Ask;
use crate::jobs::PreparedFacts;
use crate::report::counted;
use crate::sources;

/// A file and what it was taken for.
pub struct SeenFile {
    /// What it is called.
    pub name: String,
    /// How large it is.
    pub size: String,
    /// What it was taken for.
    pub taken_for: String,
    /// Whether it is not read.
    pub left_out: bool,
    /// What was done to recognise it.
    pub notes: Vec<String>,
}

/// A column that may be confirmed.
pub struct Tick {
    /// What is sent when it is ticked.
    pub value: String,
    /// What it says.
    pub words: String,
    /// Whether it is ticked: it was confirmed before.
    pub ticked: bool,
}

/// What each file was taken for.
pub fn files(ask: &Ask, facts: &PreparedFacts) -> Vec<SeenFile> {
    let seen = |file: &crate::jobs::InputFile| {
        let is_table = sources::is_of_tables(&file.name, ask.layout.is_some());
        let extract = facts.extract.as_ref();
        // A workbook holds a table a sheet, an archive one a file.
        let inside = format!("{}/", file.name);
        let tables: Vec<&TableFacts> = extract
            .iter()
            .flat_map(|extract| &extract.tables)
            .filter(|table| table.file == file.name || table.file.starts_with(&inside))
            .collect();
        let (taken_for, left_out) = match (tables.as_slice(), extract, is_table) {
            ([table], Some(extract), _) => {
                let rows = counted(table.rows, "row");
                (
                    format!("the table {} of {}: {rows}, {}", table.table, extract.layout, table.encoding),
                    false,
                )
            }
            ([_, ..], Some(extract), _) => {
                let names: Vec<&str> = tables.iter().map(|table| table.table.as_str()).collect();
                let rows = counted(tables.iter().map(|table| table.rows).sum(), "row");
                (
                    format!("{} tables of {} ({}): {rows}", names.len(), extract.layout, names.join(", ")),
                    false,
                )
            }
            (_, Some(extract), true) => {
                (format!("no table of {}: it will not be read", extract.layout), true)
            }
            (_, None, true) => ("it cannot be told what it is: it will not be read".to_owned(), true),
            (_, _, false) => ("case records".to_owned(), false),
        };
        let notes = extract.map(|extract| notes(extract, &file.name)).unwrap_or_default();
        SeenFile { name: file.name.clone(), size: size_words(file.bytes), taken_for, left_out, notes }
    };
    ask.files.iter().map(seen).collect()
}

/// What was done to find the header and its columns.
fn notes(extract: &ExtractFacts, file: &str) -> Vec<String> {
    let of =
        |kind: Coercion| extract.coercions.iter().filter(move |line| line.kind == kind && line.file == file);
    let mut notes = Vec::new();
    let titles: u64 = of(Coercion::TitleRow).map(|line| line.count).sum();
    if titles > 0 {
        notes.push(format!("{} above the header passed over", counted(titles, "title row")));
    }
    for kind in [Coercion::HeaderAlias, Coercion::HeaderNormalised] {
        let columns: Vec<&str> = of(kind).map(|line| line.column.as_str()).collect();
        if !columns.is_empty() {
            notes.push(format!("{}: {}", kind.words(), columns.join(", ")));
        }
    }
    notes
}

/// What could not be read of an input. A file that is no table is said beside the files, and not here.
pub fn troubles(facts: &PreparedFacts) -> Vec<String> {
    let strangers: Vec<&String> = facts.extract.iter().flat_map(|extract| &extract.not_recognised).collect();
    let is_stranger =
        |words: &&String| strangers.iter().any(|file| words.starts_with(&format!("{file} is no table")));
    facts.failures.iter().filter(|words| !is_stranger(words)).map(|words| without_switches(words)).collect()
}

/// Words of an input's trouble without the switches of the command line.
fn without_switches(words: &str) -> String {
    words
        .replace("give --layout", "choose the layout below")
        .replace("Then confirm it with --column", "Then say so below")
}

/// The columns that were confirmed or are suggested.
pub fn ticks(ask: &Ask, facts: &PreparedFacts) -> Vec<Tick> {
    let mut ticks: BTreeMap<String, Tick> = BTreeMap::new();
    for one in &ask.columns {
        let value = format!("{}={}", one.written, one.column);
        let words = format!("“{}” is the column {}", one.written, one.column);
        ticks.insert(value.clone(), Tick { value, words, ticked: true });
    }
    for one in facts.extract.iter().flat_map(|extract| &extract.suggested) {
        let value = format!("{}={}", one.written, one.column);
        let words =
            format!("“{}” in {} (column {}) is the column {}", one.written, one.file, one.number, one.column);
        ticks.entry(value.clone()).or_insert(Tick { value, words, ticked: false });
    }
    ticks.into_values().collect()
}
