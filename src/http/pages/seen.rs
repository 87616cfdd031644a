//! What each file of an input was taken for, and the columns that somebody may confirm.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::extracts::Coercion;
use crate::extracts::ExtractFacts;
use crate::extracts::TableFacts;
use crate::extracts::no_table;
use crate::extracts::table_name;
use crate::http::pages::job_words::size_words;
use crate::jobs::Ask;
use crate::jobs::InputFile;
use crate::jobs::PreparedFacts;
use crate::report::counted;
use crate::sources::Inputs;
use crate::sources::Named;

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

/// Whether a name in places and messages is of a file: the file itself, a file of an archive, a sheet of a workbook.
fn is_of(name: &str, file: &str) -> bool {
    name.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ',', ':']))
}

/// What each file was taken for.
pub fn files(ask: &Ask, facts: &PreparedFacts) -> Vec<SeenFile> {
    let seen = |file: &InputFile| {
        let extract = facts.extract.as_ref();
        let (taken_for, left_out) = taken_for(ask, facts, &file.name);
        let notes = extract.map(|extract| notes(extract, &file.name)).unwrap_or_default();
        SeenFile { name: file.name.clone(), size: size_words(file.bytes), taken_for, left_out, notes }
    };
    ask.files.iter().map(seen).collect()
}

/// What a file was taken for, and whether it is left out.
fn taken_for(ask: &Ask, facts: &PreparedFacts, file: &str) -> (String, bool) {
    let tables = tables_of(facts.extract.as_ref(), file);
    let is_archive = file.to_lowercase().ends_with(".zip");
    let unused = facts.extract.iter().flat_map(|extract| &extract.not_used).find(|one| one.file == file);
    if let Some(unused) = unused {
        return (format!("known, and will not be read: {}", unused.why), true);
    }
    match (facts.extract.as_ref(), tables.as_slice()) {
        (Some(extract), [one]) => {
            let rows = counted(one.rows, "row");
            (format!("the table {} of {}: {rows}, {}", one.table, extract.layout, one.encoding), false)
        }
        (Some(extract), [_, _, ..]) => (format!("{} tables of {}", tables.len(), extract.layout), false),
        _ if !is_archive && is_records(ask, file) => ("case records".to_owned(), false),
        _ if is_archive && !facts.failures.iter().any(|words| is_of(words, file)) => {
            ("an archive of case records".to_owned(), false)
        }
        (Some(extract), []) => (format!("no table of {}: it will not be read", extract.layout), true),
        (None, _) => ("it cannot be told what it is: it will not be read".to_owned(), true),
    }
}

/// Whether a file that is no archive is one of records, told by its name as it is when it is read.
fn is_records(ask: &Ask, file: &str) -> bool {
    let mut inputs = Inputs::default();
    let named = Named { name: file.to_owned(), path: PathBuf::new() };
    inputs.file(named, ask.layout.is_some()).is_ok() && !inputs.records.is_empty()
}

fn tables_of<'e>(extract: Option<&'e ExtractFacts>, file: &str) -> Vec<&'e TableFacts> {
    extract.iter().flat_map(|extract| &extract.tables).filter(|table| is_of(&table.file, file)).collect()
}

/// What was done to find the tables, the header and its columns, and what of it is missing.
fn notes(extract: &ExtractFacts, file: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let tables = tables_of(Some(extract), file);
    for table in &tables {
        let name = table_name(&table.file, table.sheet.as_deref());
        if tables.len() > 1 {
            notes.push(format!("{name}: the table {}, {}", table.table, counted(table.rows, "row")));
        }
        if !table.missing.is_empty() {
            notes.push(format!(
                "columns of {} that are not there: {}",
                table.table,
                table.missing.join(", ")
            ));
        }
        if !table.unknown.is_empty() {
            notes.push(format!("columns not known and not used: {}", table.unknown.join(", ")));
        }
    }
    for one in extract.not_of_children.iter().filter(|one| is_of(&one.file, file)) {
        notes.push(format!("the table {} is not read: {}", one.table, one.why));
    }
    for one in extract.not_used.iter().filter(|one| one.file != file && is_of(&one.file, file)) {
        notes.push(format!("{} is not read: {}", one.file, one.why));
    }
    let of = |kind: Coercion| {
        extract.coercions.iter().filter(move |line| line.kind == kind && is_of(&line.file, file))
    };
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
    let strangers: Vec<String> =
        facts.extract.iter().flat_map(|extract| &extract.not_recognised).map(|file| no_table(file)).collect();
    facts.failures.iter().filter(|words| !strangers.contains(words)).cloned().collect()
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
