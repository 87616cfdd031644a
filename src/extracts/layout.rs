//! A layout as it is used: tables, parts and columns resolved against the record schema.
//!
//! `read` makes it of a mapping file; `recognise`, `values` and `assemble` follow it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::extracts::facts::Lack;
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
    /// Its tables, in the order of the file: a table stands beneath those that its rows belong to.
    pub tables: Vec<LayoutTable>,
    /// How a document is known, where the extract is XML.
    pub(super) xml: Option<XmlLayout>,
    pub(super) dates: Vec<DateForm>,
    /// Words that the extract writes where nothing is recorded.
    pub(super) empty: Vec<String>,
    pub(super) not_recorded: BTreeSet<String>,
}

/// How an XML document is known, and where a child begins in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct XmlLayout {
    pub(super) roots: Vec<String>,
    /// The element that holds all of one child.
    pub(super) each: String,
    /// The element with the child's id.
    pub(super) id: String,
}

/// A table of a layout.
#[derive(Debug)]
pub struct LayoutTable {
    /// Its name.
    pub name: String,
    /// Names of its file without ending, normalised, its own among them.
    pub(super) files: Vec<String>,
    /// Its columns.
    pub columns: Vec<LayoutColumn>,
    /// The column that holds the child's id, if it has one.
    pub(super) child: Option<usize>,
    /// The table to whose rows its own belong.
    pub(super) parent: Option<Parent>,
    /// How rows of other tables find its own.
    pub(super) children: Vec<FoundBy>,
    /// Whether a child without a row in it has none of what it lists.
    pub(super) complete: bool,
    /// Why its rows are about no child.
    pub(super) not_of_children: Option<String>,
    /// What its rows fill; nothing where none of it has a place in the record.
    pub(super) parts: Vec<Part>,
}

/// To which rows of another table a row belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parent {
    /// The other table, which stands above.
    pub(super) table: usize,
    pub(super) by: By,
}

/// How a row finds those that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// It stands inside the other, as in XML.
    Inside,
    /// The other holds in one column what it holds in one of its own.
    Key(Keys),
    /// The other begins on a day on which it holds; it names the first column, the day on which it ends, and the other's.
    Day(Keys, Option<usize>),
}

/// The column of a row that names its parent, and the column of the parent that holds the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) own: usize,
    pub(super) theirs: usize,
}

impl Parent {
    /// The columns by which the two are brought together, if it is by columns.
    pub(super) fn keys(self) -> Option<Keys> {
        match self.by {
            By::Inside => None,
            By::Key(keys) | By::Day(keys, _) => Some(keys),
        }
    }

    /// The column of the day on which a row ends, if it is by days and rows end.
    pub(super) fn until(self) -> Option<usize> {
        match self.by {
            By::Day(_, until) => until,
            By::Inside | By::Key(_) => None,
        }
    }
}

/// How rows of other tables find the rows of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FoundBy {
    /// They stand inside.
    Inside,
    /// By what stands in a column.
    Key(usize),
    /// By the day in a column.
    Day(usize),
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

/// A name on the way to a place, and whether a list stands there.
pub(super) type Step = (String, bool);

/// A place in the record that rows fill.
#[derive(Debug)]
pub(super) struct Part {
    /// The way from the record.
    pub(super) steps: Vec<Step>,
    /// As written, `cla_reviews[]`.
    pub(super) text: String,
    /// Whether each row is an item of a list.
    pub(super) many: bool,
    /// How many of the steps lead to an item that the parent's row made, or one above it.
    pub(super) under: usize,
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
    /// Whether the field is a list of values, to which each row adds.
    pub(super) adds: bool,
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
    Each,
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
            Some("each") => Self::Each,
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
    /// `given` says whether a table is there, `found` whether it has a column.
    pub(super) fn supplied(
        &self,
        given: &dyn Fn(usize) -> bool,
        found: &dyn Fn(usize, usize) -> bool,
    ) -> BTreeSet<String> {
        let mut all = self.not_recorded.clone();
        all.insert("la_child_id".to_owned());
        for (at, table) in self.tables.iter().enumerate().filter(|(at, _)| given(*at)) {
            let placed = self.parent_lacks(at, given, found).is_none();
            for part in table.parts.iter().filter(|part| !part.partial && (part.under == 0 || placed)) {
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

    /// What is lacking for the rows of a table to find those that they belong to, up to the child's own.
    pub(super) fn parent_lacks(
        &self,
        table: usize,
        given: &dyn Fn(usize) -> bool,
        found: &dyn Fn(usize, usize) -> bool,
    ) -> Option<Lack> {
        let parent = self.tables.get(table)?.parent?;
        let above = self.tables.get(parent.table)?;
        if !given(parent.table) {
            return Some(Lack::Table(above.name.clone()));
        }
        let column = |table: usize, column: usize| {
            let of = self.tables.get(table)?;
            let name = &of.columns.get(column)?.name;
            (!found(table, column)).then(|| Lack::Column(format!("{}.{name}", of.name)))
        };
        let keys = parent
            .keys()
            .and_then(|keys| column(table, keys.own).or_else(|| column(parent.table, keys.theirs)));
        // Without its column nobody knows when a row ends.
        let keys = keys.or_else(|| parent.until().and_then(|until| column(table, until)));
        keys.or_else(|| self.parent_lacks(parent.table, given, found))
    }
}

impl LayoutColumn {
    /// Whether it goes to the record and is filled in most rows, so that a blank one is a sign of a fault.
    pub(super) fn is_expected(&self) -> bool {
        !self.often_blank && self.unused.is_none()
    }
}

impl LayoutTable {
    /// The columns by which a row finds its child: the child's own id, and what names the parent.
    pub(super) fn ids(&self) -> impl Iterator<Item = usize> {
        let own = self.parent.and_then(|parent| match parent.by {
            By::Key(keys) => Some(keys.own),
            // A day leads to a row of a child that is known already.
            By::Inside | By::Day(..) => None,
        });
        self.child.into_iter().chain(own)
    }

    /// Whether its rows fill anything, or others find their children through them.
    pub(super) fn is_used(&self) -> bool {
        !self.parts.is_empty() || !self.children.is_empty()
    }

    /// The name of a column.
    pub(super) fn name_of(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| column.name.as_str())
    }
}

impl Part {
    /// Whether a row that fills it makes an item, and does not only fill that of its parent.
    pub(super) fn makes_item(&self) -> bool {
        self.many && self.under < self.steps.len()
    }

    /// The steps to the item that the parent's row made, and those from there on.
    pub(super) fn split(&self) -> (&[Step], &[Step]) {
        self.steps.split_at_checked(self.under).unwrap_or_default()
    }

    /// The column by which rows are chosen for it; none where every row is.
    pub(super) fn chosen_by(&self) -> usize {
        self.when.as_ref().map_or(usize::MAX, |when| when.column)
    }

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
