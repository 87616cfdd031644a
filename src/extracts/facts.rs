//! What an extract was, what it lacked and what had to be done to read it: the part of a summary that is about the files.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::coercion::Counted;
use crate::extracts::coercion::Key;
use crate::extracts::coercion::SHOWN;
use crate::extracts::opened::NotOfChildren;
use crate::extracts::opened::Opened;
use crate::extracts::opened::Suggested;
use crate::tables::TableForm;

/// Rows that a table must have before it is said that nearly all of them are blank or at fault.
const ENOUGH: u64 = 20;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFacts {
    /// The table of the layout that it is.
    pub table: String,
    /// The file.
    pub file: String,
    /// The sheet, where a file holds several tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How it is written: the encoding of text, or else `worksheet` and the like.
    pub encoding: String,
    /// What stands between its cells, in text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Its rows, without those that hold nothing.
    pub rows: u64,
    /// Columns that the layout reads and that are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Columns with a name that the layout does not know, which were not used: letters in a sheet, otherwise numbers from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl TableFacts {
    /// What is known of a table before its rows are read.
    pub(super) fn of(opened: &Opened, table: &str) -> Self {
        Self {
            table: table.to_owned(),
            file: opened.file.to_string(),
            sheet: opened.sheet.as_ref().map(|sheet| sheet.name.clone()),
            encoding: opened.form.words().to_owned(),
            delimiter: match opened.form {
                TableForm::Text { delimiter, .. } => Some(delimiter),
                TableForm::Xml(_) | TableForm::Sheet { .. } | TableForm::Named(_) => None,
            },
            rows: 0,
            missing: opened.missing.clone(),
            unknown: opened.unknown.clone(),
        }
    }
}

/// A file that is known and was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUsed {
    /// The file.
    pub file: String,
    /// Why not.
    pub why: String,
}

impl NotUsed {
    /// A file, and why it was not read.
    pub fn of(file: &str, why: &str) -> Self {
        Self { file: file.to_owned(), why: why.to_owned() }
    }
}

/// A column in which nearly nothing is recorded: probably a fault of the extract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MostlyBlank {
    /// The file.
    pub file: String,
    /// The sheet of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The column.
    pub column: String,
    /// Rows in which it is blank.
    pub blank: u64,
    /// All rows.
    pub rows: u64,
}

impl MostlyBlank {
    /// The table, for people.
    pub fn table(&self) -> String {
        table_name(&self.file, self.sheet.as_deref())
    }

    /// Whether more than nine in ten of at least twenty are so.
    pub fn is_worth_saying(so: u64, all: u64) -> bool {
        all >= ENOUGH && so.saturating_mul(10) > all.saturating_mul(9)
    }
}

/// What an extract lacks that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "lacks", content = "name")]
pub enum Lack {
    /// A table that was not given.
    Table(String),
    /// A column that a table does not have, `Reviews.REVIEW_CODE`.
    Column(String),
    /// An element that does not stand in the document.
    Element(String),
    /// A list of which the layout holds only a part.
    OnlyPart(String),
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
            Self::OnlyPart(field) => {
                let list = field.rsplit_once("[]").map_or(field.as_str(), |(list, _)| list).replace("[]", "");
                format!(
                    "{layout} holds only the latest of `{list}`, or those of the last months, and they need all"
                )
            }
            Self::NeverHeld(field) => {
                let section = field.split(['.', '[']).next().unwrap_or(field);
                format!("{layout} does not hold what they read in `{section}`")
            }
        }
    }
}

/// What an extract was and what had to be done to read it: part of the summary of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtractFacts {
    /// The layout by which it was read.
    pub layout: String,
    /// The files that were read.
    pub tables: Vec<TableFacts>,
    /// Files that no table of the layout is like; they were not read.
    pub not_recognised: Vec<String>,
    /// Files that are known and were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_used: Vec<NotUsed>,
    /// Tables of the layout that were not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_given: Vec<String>,
    /// Sheets beside the tables: without a column for the child's id, or with nothing in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_sheets: Vec<String>,
    /// Files and sheets whose rows are about no child; they were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_of_children: Vec<NotOfChildren>,
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

impl ExtractFacts {
    /// Whether every rule lacked something, so that only the form of values was checked.
    pub fn no_rule_ran(&self) -> bool {
        let rules: BTreeSet<&String> = self.not_run.iter().flat_map(|line| &line.rules).collect();
        rules.len() == self.rules_expected
    }
}

/// Rules that could not run for want of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRun {
    /// What is lacking.
    #[serde(flatten)]
    pub lack: Lack,
    /// The rules.
    pub rules: BTreeSet<String>,
}

/// One kind of coercion in one column of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoercionLine {
    /// What was done.
    pub kind: Coercion,
    /// The file.
    pub file: String,
    /// The sheet of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The column; empty where it is about whole rows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// How often.
    pub count: u64,
    /// The first ten lines on which it happened; in a sheet the numbers of their rows.
    pub lines: Vec<u64>,
    /// The cells on these lines, in a sheet: `H27`, or `27:27` for a whole row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
}

impl CoercionLine {
    /// All of them, the gravest first.
    pub fn of(coercions: &Coercions) -> Vec<Self> {
        let line = |((kind, name, column), counted): (&Key, &Counted)| {
            let (file, sheet) = match coercions.sheet(name) {
                Some((file, sheet)) => (file, Some(sheet)),
                None => (name.as_str(), None),
            };
            let letters = sheet.and_then(|sheet| sheet.letters_of(column));
            let cell = |line: &u64| match letters {
                Some(letters) => format!("{letters}{line}"),
                None => format!("{line}:{line}"),
            };
            Self {
                kind: *kind,
                file: file.to_owned(),
                sheet: sheet.map(|sheet| sheet.name.clone()),
                column: column.clone(),
                count: counted.count,
                lines: counted.lines.clone(),
                cells: sheet.iter().flat_map(|_| counted.lines.iter().map(cell)).collect(),
            }
        };
        coercions.all().map(line).collect()
    }

    /// The table, for people.
    pub fn table(&self) -> String {
        table_name(&self.file, self.sheet.as_deref())
    }

    /// Where the first of them are, up to so many, for people: `line 2, 5 …`, `List 8!H27, H31 …`, `List 8, row 27 …`.
    pub fn places(&self, most: usize) -> String {
        // Fewer lines than are kept are all of them.
        let unkept = self.lines.len() >= SHOWN && self.count > self.lines.len() as u64;
        let more = if self.lines.len() > most || unkept { " …" } else { "" };
        let lines = || self.lines.iter().take(most).map(u64::to_string).collect::<Vec<_>>().join(", ");
        match &self.sheet {
            Some(sheet) if self.column.is_empty() => format!("{sheet}, row {}{more}", lines()),
            Some(sheet) => {
                let cells: Vec<&str> = self.cells.iter().take(most).map(String::as_str).collect();
                format!("{sheet}!{}{more}", cells.join(", "))
            }
            None => format!("line {}{more}", lines()),
        }
    }
}

/// A file and its sheet as one name for people.
pub fn table_name(file: &str, sheet: Option<&str>) -> String {
    sheet.map_or_else(|| file.to_owned(), |sheet| format!("{file}, {sheet}"))
}
