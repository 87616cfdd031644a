//! Tables are recognised as an extract, and what the extract cannot hold or needed is put beside its records.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::extracts::CoercionLine;
use crate::extracts::Confirmed;
use crate::extracts::Extract;
use crate::extracts::ExtractFacts;
use crate::extracts::Grouped;
use crate::extracts::Lack;
use crate::extracts::Layout;
use crate::extracts::NotOfChildren;
use crate::extracts::NotRun;
use crate::extracts::NotUsed;
use crate::extracts::Sources;
use crate::extracts::Suggested;
use crate::rules::Pack;
use crate::sources::Inputs;
use crate::tables::Limits;

/// Why a document beside tables is left.
const BESIDE: &str = "tables stand beside it; give the file by itself to read it";

/// An extract that is about to be checked.
pub struct Opened<'l> {
    /// Its files, recognised.
    pub extract: Extract<'l>,
    /// Rules that are not asked, and what they lack.
    lacking: BTreeMap<Lack, BTreeSet<String>>,
    /// Sheets in which nothing stands.
    empty_sheets: Vec<String>,
    /// Documents beside tables.
    left: Vec<String>,
}

/// Opens tables and tells what they are. Everything that is wrong with the files is said at once.
pub fn open_tables<'l>(
    inputs: &Inputs,
    layouts: &'l [Layout],
    pack: &Pack,
    layout: Option<&str>,
    confirmed: &[Confirmed],
) -> Result<Option<Opened<'l>>, String> {
    if inputs.tables.is_empty() {
        return Ok(None);
    }
    let mut sources = Sources::default();
    let (mut wrong, mut empty_sheets) = (Vec::new(), Vec::new());
    for file in &inputs.tables {
        let sheets = file.open(&Limits::default());
        sources.tables.extend(sheets.tables);
        sources.documents.extend(sheets.document);
        empty_sheets.extend(sheets.empty);
        wrong.extend(sheets.unreadable.iter().map(ToString::to_string));
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let extract =
        Extract::recognise(layouts, layout, sources, confirmed).map_err(|error| error.to_string())?;
    let mut lacking: BTreeMap<Lack, BTreeSet<String>> = BTreeMap::new();
    for rule in pack.rules.iter().filter(|rule| rule.off.is_none()) {
        for lack in extract.lacks(&rule.reads) {
            lacking.entry(lack).or_default().insert(rule.facts.id.clone());
        }
    }
    Ok(Some(Opened { extract, lacking, empty_sheets, left: inputs.left.clone() }))
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
            left: self.left.clone(),
            other_sheets: self.extract.other_sheets().iter().chain(&self.empty_sheets).cloned().collect(),
            not_given: self.extract.not_given(),
            not_of_children: self.extract.not_of_children().to_vec(),
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
    left: Vec<String>,
    other_sheets: Vec<String>,
    not_given: Vec<String>,
    not_of_children: Vec<NotOfChildren>,
    suggested: Vec<Suggested>,
    rules: usize,
    not_run: Vec<NotRun>,
}

impl Beginning {
    /// What the summary says once every record was taken.
    pub fn end(self, grouped: &Grouped<'_>) -> ExtractFacts {
        let beside = self.left.iter().map(|file| NotUsed::of(file, BESIDE));
        ExtractFacts {
            layout: self.layout,
            tables: grouped.tables().to_vec(),
            not_recognised: self.strangers,
            not_used: grouped.not_used().iter().cloned().chain(beside).collect(),
            other_sheets: self.other_sheets,
            not_given: self.not_given,
            not_of_children: self.not_of_children,
            suggested: self.suggested,
            mostly_blank: grouped.mostly_blank().to_vec(),
            rules_expected: self.rules,
            not_run: self.not_run,
            coercions: CoercionLine::of(grouped.coercions()),
        }
    }
}
