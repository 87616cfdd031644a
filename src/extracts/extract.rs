//! An extract whose files have been recognised: what it holds, what it lacks, and the way to its records.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::group::GroupError;
use crate::extracts::group::GroupLimits;
use crate::extracts::group::Grouped;
use crate::extracts::group::group;
use crate::extracts::layout::Layout;
use crate::extracts::recognise::Confirmed;
use crate::extracts::recognise::Recognised;
use crate::extracts::recognise::Sources;
use crate::extracts::recognise::Suggested;
use crate::extracts::recognise::Unrecognised;
use crate::extracts::recognise::recognise;

/// Rows that a table must have before it is said that nearly all of them are blank or at fault.
const ENOUGH: u64 = 20;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableFacts {
    /// The table of the layout that it is.
    pub table: String,
    /// The file.
    pub file: String,
    /// The sheet, where a file holds several tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How it is written: the encoding of text, or else `worksheet` and the like.
    pub encoding: &'static str,
    /// What stands between its cells, in text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Its rows, without those that hold nothing.
    pub rows: u64,
}

/// A file that is known and was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotUsed {
    /// The file.
    pub file: String,
    /// Why not.
    pub why: &'static str,
}

impl NotUsed {
    /// A file, and why it was not read.
    pub fn of(file: &str, why: &'static str) -> Self {
        Self { file: file.to_owned(), why }
    }
}

/// A column in which nearly nothing is recorded: probably a fault of the extract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MostlyBlank {
    /// The file.
    pub file: String,
    /// The column.
    pub column: String,
    /// Rows in which it is blank.
    pub blank: u64,
    /// All rows.
    pub rows: u64,
}

impl MostlyBlank {
    /// Whether more than nine in ten of at least twenty are so.
    pub fn is_worth_saying(so: u64, all: u64) -> bool {
        all >= ENOUGH && so.saturating_mul(10) > all.saturating_mul(9)
    }
}

/// What an extract lacks that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "lacks", content = "name")]
pub enum Lack {
    /// A table that was not given.
    Table(String),
    /// A column that a table does not have, `Reviews.REVIEW_CODE`.
    Column(String),
    /// An element that does not stand in the document.
    Element(String),
    /// A part of the record that no table of the layout holds.
    NeverHeld(String),
}

impl Lack {
    /// What is lacking, in words, for an extract of this layout: a part of the record by its first name.
    pub fn words(&self, layout: &str) -> String {
        match self {
            Self::Table(name) => format!("the table {name} was not given"),
            Self::Column(name) => format!("the column {name} is missing"),
            Self::Element(name) => format!("the file has no element {name}"),
            Self::NeverHeld(field) => {
                let section = field.split(['.', '[']).next().unwrap_or(field);
                format!("{layout} does not hold what they read in `{section}`")
            }
        }
    }
}

/// What an extract was and what had to be done to read it: part of the summary of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtractFacts {
    /// The layout by which it was read.
    pub layout: String,
    /// The files that were read.
    pub tables: Vec<TableFacts>,
    /// Files that no table of the layout is like; they were not read.
    pub not_recognised: Vec<String>,
    /// Files that are known and were not read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_used: Vec<NotUsed>,
    /// Columns that may be one of the layout's, and were not used.
    pub suggested: Vec<Suggested>,
    /// Columns in which nearly nothing is recorded.
    pub mostly_blank: Vec<MostlyBlank>,
    /// How many rules there are.
    pub rules_expected: usize,
    /// What is lacking, each with the rules that could not run for want of it.
    pub not_run: Vec<NotRun>,
    /// How often each kind of coercion.
    pub coercions: Vec<CoercionLine>,
}

/// Rules that could not run for want of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRun {
    /// What is lacking.
    #[serde(flatten)]
    pub lack: Lack,
    /// The rules.
    pub rules: BTreeSet<String>,
}

/// One kind of coercion in one column of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoercionLine {
    /// What was done.
    pub kind: Coercion,
    /// The file.
    pub file: String,
    /// The column; empty where it is about whole rows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// How often.
    pub count: u64,
    /// The lines of the first ten.
    pub lines: Vec<u64>,
}

impl CoercionLine {
    /// All of them, the gravest first.
    pub fn of(coercions: &Coercions) -> Vec<Self> {
        let line =
            |((kind, file, column), counted): (&crate::extracts::Key, &crate::extracts::Counted)| Self {
                kind: *kind,
                file: file.clone(),
                column: column.clone(),
                count: counted.count,
                lines: counted.lines.clone(),
            };
        coercions.all().map(line).collect()
    }
}

/// Files that have been recognised.
pub struct Extract<'l> {
    all: Recognised<'l>,
    supplied: BTreeSet<String>,
}

impl<'l> Extract<'l> {
    /// Tells what each file is: by the layout that is named, or by the one that alone knows the most of the files.
    pub fn recognise(
        layouts: &'l [Layout],
        named: Option<&str>,
        files: impl Into<Sources>,
        confirmed: &[Confirmed],
    ) -> Result<Self, Unrecognised> {
        let all = recognise(layouts, named, files.into(), confirmed)?;
        let supplied =
            all.layout.supplied(&|table| all.given(table), &|table, column| all.found(table, column));
        Ok(Self { all, supplied })
    }

    /// The layout by which it is read.
    pub fn layout(&self) -> &'l Layout {
        self.all.layout
    }

    /// Files that no table of the layout is like.
    pub fn strangers(&self) -> &[String] {
        &self.all.strangers
    }

    /// Columns that may be one of the layout's.
    pub fn suggested(&self) -> &[Suggested] {
        &self.all.suggested
    }

    /// What a rule that reads these parts of the record would lack. Nothing lacking: it can be judged.
    pub fn lacks(&self, reads: &BTreeSet<String>) -> BTreeSet<Lack> {
        reads.difference(&self.supplied).map(|read| self.lack(read)).collect()
    }

    fn lack(&self, read: &str) -> Lack {
        let lack = self.lack_of_table(read);
        if self.all.layout.xml.is_none() {
            return lack;
        }
        match lack {
            Lack::Table(name) => Lack::Element(name),
            Lack::Column(name) => Lack::Element(name.rsplit('.').next().unwrap_or_default().to_owned()),
            other => other,
        }
    }

    fn lack_of_table(&self, read: &str) -> Lack {
        let layout = self.all.layout;
        let (given, found) = (|table| self.all.given(table), |table, column| self.all.found(table, column));
        let mut lacking = None;
        for (at, table) in layout.tables.iter().enumerate() {
            for part in &table.parts {
                let target = part.targets.iter().find(|target| part.path_of(&target.names) == read);
                let here =
                    target.is_some() || part.text == read || part.text.starts_with(&format!("{read}."));
                if here && !given(at) {
                    return Lack::Table(table.name.clone());
                }
                if here
                    && part.under > 0
                    && let Some(lack) = layout.parent_lacks(at, &given, &found)
                {
                    return lack;
                }
                let column =
                    target.map(|target| target.column).or(part.when.as_ref().map(|when| when.column));
                if here && let Some(column) = column.and_then(|column| table.columns.get(column)) {
                    lacking = Some(Lack::Column(format!("{}.{}", table.name, column.name)));
                }
            }
        }
        lacking.unwrap_or_else(|| Lack::NeverHeld(read.to_owned()))
    }

    /// Reads the tables and brings the rows of each child together.
    pub fn group(self, limits: GroupLimits) -> Result<Grouped<'l>, GroupError> {
        group(self.all, limits)
    }
}
