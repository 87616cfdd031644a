//! A layout as it is used: tables, parts and columns resolved against the record schema.
//!
//! `read` makes it of a mapping file; `recognise`, `values` and `assemble` follow it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::schema::CodeList;

/// What the tables of an extract mean.
#[derive(Debug)]
pub struct Layout {
    /// Its name, that of its file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where its columns are published.
    pub source: String,
    /// The column that holds the child's id.
    pub child: String,
    /// Its tables, in the order of the file.
    pub tables: Vec<LayoutTable>,
    pub(super) dates: Vec<DateForm>,
    pub(super) not_recorded: BTreeSet<String>,
}

/// A table of a layout.
#[derive(Debug)]
pub struct LayoutTable {
    /// Its name.
    pub name: String,
    /// Names of its file without ending, normalised, its own among them.
    pub(super) files: Vec<String>,
    /// Its columns; the first is the child's id.
    pub columns: Vec<LayoutColumn>,
    /// Whether a child without a row in it has none of what it lists.
    pub(super) complete: bool,
    /// Why its rows are about no child.
    pub(super) not_of_children: Option<String>,
    pub(super) parts: Vec<Part>,
}

/// A column of a table.
#[derive(Debug)]
pub struct LayoutColumn {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Why it has no place in the record, if it has none.
    pub unused: Option<String>,
    /// Whether it holds ids, which programs may have altered.
    pub(super) holds_ids: bool,
    /// Whether most rows have nothing here.
    pub(super) often_blank: bool,
}

/// A place in the record that rows fill.
#[derive(Debug)]
pub(super) struct Part {
    /// The names on the way from the record, each with whether a list stands there.
    pub(super) steps: Vec<(String, bool)>,
    /// As written, `cla_reviews[]`.
    pub(super) text: String,
    /// Whether each row is an item of a list.
    pub(super) many: bool,
    /// Whether only some items of the list are in the table: the latest, those of the last months.
    pub(super) partial: bool,
    pub(super) when: Option<When>,
    pub(super) sets: Vec<(Vec<String>, Value)>,
    pub(super) targets: Vec<Target>,
}

/// Which rows fill a part.
#[derive(Debug)]
pub(super) struct When {
    pub(super) column: usize,
    pub(super) is: Vec<String>,
    pub(super) none: Vec<String>,
}

/// A field that a column goes to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) column: usize,
    pub(super) names: Vec<String>,
    pub(super) kind: Kind,
    pub(super) take: Take,
    pub(super) values: BTreeMap<String, Value>,
    pub(super) earlier: BTreeMap<String, String>,
    pub(super) codes: Option<Arc<CodeList>>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Date,
    Code,
    Text,
    Id,
    Flag,
    WholeNumber,
}

/// Which part of a cell goes to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    Whole,
    First,
    Rest,
    IfCode,
    IfDate,
    Otherwise,
}

/// A form in which dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateForm {
    DayMonthYear,
    Iso,
    DayNameYear,
    ExcelSerial,
}

impl Kind {
    /// The kind that this word of a mapping file names.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "date" => Self::Date,
            "code" => Self::Code,
            "text" => Self::Text,
            "id" => Self::Id,
            "flag" => Self::Flag,
            "whole_number" => Self::WholeNumber,
            _ => return None,
        })
    }
}

impl Take {
    /// The part of a cell that this word names; all of it where none is written.
    pub(super) fn from_word(word: Option<&str>) -> Self {
        match word {
            Some("first") => Self::First,
            Some("rest") => Self::Rest,
            Some("if_code") => Self::IfCode,
            Some("if_date") => Self::IfDate,
            Some("otherwise") => Self::Otherwise,
            _ => Self::Whole,
        }
    }
}

impl DateForm {
    /// The form that this word names.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "dd/mm/yyyy" => Self::DayMonthYear,
            "yyyy-mm-dd" => Self::Iso,
            "d-mmm-yy" => Self::DayNameYear,
            "excel_serial" => Self::ExcelSerial,
            _ => return None,
        })
    }
}

impl Layout {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.name == name)
    }

    /// What the record is told by these columns of these tables: fields and lists as rules name them (`cla_reviews[].review_date`).
    /// `found` says whether a table is there and has a column.
    pub(super) fn supplied(&self, found: &dyn Fn(usize, usize) -> bool) -> BTreeSet<String> {
        let mut all = self.not_recorded.clone();
        all.insert("la_child_id".to_owned());
        for (at, table) in self.tables.iter().enumerate().filter(|(at, _)| found(*at, 0)) {
            for part in table.parts.iter().filter(|part| !part.partial) {
                if part.when.as_ref().is_some_and(|when| !found(at, when.column)) {
                    continue;
                }
                add_with_parents(&part.text, &mut all);
                for target in part.targets.iter().filter(|target| found(at, target.column)) {
                    add_with_parents(&part.path_of(&target.names), &mut all);
                }
                for (names, _) in &part.sets {
                    add_with_parents(&part.path_of(names), &mut all);
                }
            }
        }
        // Of what is in full nowhere, a part is not enough to go by.
        let parts = || self.tables.iter().flat_map(|table| &table.parts);
        for part in parts().filter(|part| part.partial) {
            if !parts().any(|other| !other.partial && other.text == part.text) {
                all.remove(&part.text);
            }
        }
        all
    }
}

impl Part {
    /// A field of this part as rules name it.
    pub(super) fn path_of(&self, names: &[String]) -> String {
        let field = names.join(".");
        if self.text == "record" { field } else { format!("{}.{field}", self.text) }
    }
}

/// A field, and the lists and objects that hold it.
fn add_with_parents(path: &str, into: &mut BTreeSet<String>) {
    let mut rest = Some(path);
    while let Some(path) = rest {
        into.insert(path.to_owned());
        rest = path.rsplit_once('.').map(|(parent, _)| parent);
    }
}
