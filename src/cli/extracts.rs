//! Tables on the command line: files are recognised as an extract, its records are checked like any others, and what the extract could
//! not hold or needed is put beside the result.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::Failure;
use crate::cli::inputs::Inputs;
use crate::cli::inputs::is_xml;
use crate::extracts::CoercionLine;
use crate::extracts::Confirmed;
use crate::extracts::Extract;
use crate::extracts::ExtractFacts;
use crate::extracts::Grouped;
use crate::extracts::Lack;
use crate::extracts::Layout;
use crate::extracts::NotRun;
use crate::extracts::NotUsed;
use crate::extracts::Sources;
use crate::extracts::Suggested;
use crate::rules::Pack;
use crate::tables::Document;
use crate::tables::Limits;
use crate::tables::Table;

/// How tables are read.
#[derive(Debug, Args)]
pub(super) struct ExtractArguments {
    /// The layout of the tables, such as `ssda903`; told by file names and columns unless given.
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// Confirms that a column of the tables is one of the layout's: the name in the file, then the layout's.
    #[arg(long = "column", value_name = "WRITTEN=COLUMN", value_parser = parse_confirmed)]
    columns: Vec<Confirmed>,
}

fn parse_confirmed(text: &str) -> Result<Confirmed, String> {
    let (written, column) =
        text.split_once('=').ok_or("write the name in the file, `=`, and the column of the layout")?;
    Ok(Confirmed { written: written.to_owned(), column: column.to_owned() })
}

impl ExtractArguments {
    /// Whether a layout is named, so that every file is a table.
    pub(super) fn names_a_layout(&self) -> bool {
        self.layout.is_some()
    }
}

/// An extract that is about to be checked.
pub(super) struct Opened<'l> {
    /// Its files, recognised.
    pub(super) extract: Extract<'l>,
    /// Rules that are not asked, and what they lack.
    lacking: BTreeMap<Lack, BTreeSet<String>>,
    left: Vec<PathBuf>,
}

/// Opens tables and tells what they are. Everything that is wrong with the files is said at once.
pub(super) fn open<'l>(
    inputs: &Inputs,
    layouts: &'l [Layout],
    pack: &Pack,
    arguments: &ExtractArguments,
) -> Result<Option<Opened<'l>>, Failure> {
    if inputs.tables.is_empty() {
        return Ok(None);
    }
    let mut sources = Sources::default();
    let mut wrong = Vec::new();
    for file in &inputs.tables {
        let limits = Limits::default();
        let opened = if is_xml(file) {
            Document::open(file, &limits).map(|document| sources.documents.push(document))
        } else {
            Table::open(file, &limits).map(|table| sources.tables.push(table))
        };
        wrong.extend(opened.err().map(|error| error.to_string()));
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let extract = Extract::recognise(layouts, arguments.layout.as_deref(), sources, &arguments.columns)
        .map_err(|error| error.to_string())?;
    let mut lacking: BTreeMap<Lack, BTreeSet<String>> = BTreeMap::new();
    for rule in pack.rules.iter().filter(|rule| rule.off.is_none()) {
        for lack in extract.lacks(&rule.reads) {
            lacking.entry(lack).or_default().insert(rule.facts.id.clone());
        }
    }
    Ok(Some(Opened { extract, lacking, left: inputs.left.clone() }))
}

impl Opened<'_> {
    /// The rules that are not asked.
    pub(super) fn not_asked(&self) -> BTreeSet<String> {
        self.lacking.values().flatten().cloned().collect()
    }

    /// What the summary says before the tables are read.
    pub(super) fn beginning(&self, pack: &Pack) -> Beginning {
        let rules = pack.rules.iter().filter(|rule| rule.off.is_none());
        let not_run =
            self.lacking.iter().map(|(lack, rules)| NotRun { lack: lack.clone(), rules: rules.clone() });
        Beginning {
            layout: self.extract.layout().name.clone(),
            strangers: self.extract.strangers().to_vec(),
            left: self.left.clone(),
            suggested: self.extract.suggested().to_vec(),
            rules: rules.map(|rule| rule.facts.id.as_str()).collect::<BTreeSet<_>>().len(),
            not_run: not_run.collect(),
        }
    }
}

fn beside(file: &Path) -> NotUsed {
    NotUsed::of(
        &file.display().to_string(),
        "tables stand beside it in the folder; give the file itself to read it",
    )
}

/// What is known of an extract before its tables are read.
pub(super) struct Beginning {
    layout: String,
    pub(super) strangers: Vec<String>,
    /// Documents beside tables in a folder.
    left: Vec<PathBuf>,
    suggested: Vec<Suggested>,
    rules: usize,
    not_run: Vec<NotRun>,
}

impl Beginning {
    /// What the summary says once every record was taken.
    pub(super) fn end(self, grouped: &Grouped<'_>) -> ExtractFacts {
        ExtractFacts {
            layout: self.layout,
            tables: grouped.tables().to_vec(),
            not_recognised: self.strangers,
            not_used: grouped
                .not_used()
                .iter()
                .cloned()
                .chain(self.left.iter().map(|file| beside(file)))
                .collect(),
            suggested: self.suggested,
            mostly_blank: grouped.mostly_blank().to_vec(),
            rules_expected: self.rules,
            not_run: self.not_run,
            coercions: CoercionLine::of(grouped.coercions()),
        }
    }
}
