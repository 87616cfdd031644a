//! Tables are recognised as an extract, and what the extract cannot hold or needed is put beside its records.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs::File;

use crate::extracts::CoercionLine;
use crate::extracts::Confirmed;
use crate::extracts::Extract;
use crate::extracts::ExtractFacts;
use crate::extracts::Grouped;
use crate::extracts::Lack;
use crate::extracts::Layout;
use crate::extracts::NotRun;
use crate::extracts::Suggested;
use crate::rules::Pack;
use crate::sources::Named;
use crate::tables::Limits;
use crate::tables::Table;
use crate::tables::TableTrouble;
use crate::tables::UnreadableTable;

/// An extract that is about to be checked.
pub struct Opened<'l> {
    /// Its files, recognised.
    pub extract: Extract<'l>,
    /// Rules that are not asked, and what they lack.
    lacking: BTreeMap<Lack, BTreeSet<String>>,
}

/// Opens tables and tells what they are. Everything that is wrong with the files is said at once.
pub fn open_tables<'l>(
    files: &[Named],
    layouts: &'l [Layout],
    pack: &Pack,
    layout: Option<&str>,
    confirmed: &[Confirmed],
) -> Result<Option<Opened<'l>>, String> {
    if files.is_empty() {
        return Ok(None);
    }
    let mut tables = Vec::new();
    let mut wrong = Vec::new();
    for file in files {
        match open(file) {
            Ok(table) => tables.push(table),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let extract =
        Extract::recognise(layouts, layout, tables, confirmed).map_err(|error| error.to_string())?;
    let mut lacking: BTreeMap<Lack, BTreeSet<String>> = BTreeMap::new();
    for rule in pack.rules.iter().filter(|rule| rule.off.is_none()) {
        for lack in extract.lacks(&rule.reads) {
            lacking.entry(lack).or_default().insert(rule.facts.id.clone());
        }
    }
    Ok(Some(Opened { extract, lacking }))
}

fn open(file: &Named) -> Result<Table, UnreadableTable> {
    let told = |kind| UnreadableTable { trouble: TableTrouble::Io(kind), file: file.name.clone(), line: 0 };
    if file.path.is_dir() {
        return Err(told(std::io::ErrorKind::IsADirectory));
    }
    let opened = File::open(&file.path).map_err(|error| told(error.kind()))?;
    Table::read(&file.name, opened, &Limits::default())
}

impl Opened<'_> {
    /// The rules that are not asked.
    pub fn not_asked(&self) -> BTreeSet<String> {
        self.lacking.values().flatten().cloned().collect()
    }

    /// What the summary says before the tables are read.
    pub fn beginning(&self, pack: &Pack) -> Beginning {
        let rules = pack.rules.iter().filter(|rule| rule.off.is_none());
        let not_run =
            self.lacking.iter().map(|(lack, rules)| NotRun { lack: lack.clone(), rules: rules.clone() });
        Beginning {
            layout: self.extract.layout().name.clone(),
            strangers: self.extract.strangers().to_vec(),
            suggested: self.extract.suggested().to_vec(),
            rules: rules.map(|rule| rule.facts.id.as_str()).collect::<BTreeSet<_>>().len(),
            not_run: not_run.collect(),
        }
    }
}

/// What is known of an extract before its tables are read.
pub struct Beginning {
    layout: String,
    /// Files that are no table of the layout.
    pub strangers: Vec<String>,
    suggested: Vec<Suggested>,
    rules: usize,
    not_run: Vec<NotRun>,
}

impl Beginning {
    /// What the summary says once every record was taken.
    pub fn end(self, grouped: &Grouped<'_>) -> ExtractFacts {
        ExtractFacts {
            layout: self.layout,
            tables: grouped.tables().to_vec(),
            not_recognised: self.strangers,
            suggested: self.suggested,
            mostly_blank: grouped.mostly_blank().to_vec(),
            rules_expected: self.rules,
            not_run: self.not_run,
            coercions: CoercionLine::of(grouped.coercions()),
        }
    }
}
