//! Reads in a mapping file to which rows of another table the rows of a table belong.

use crate::extracts::forms::PARENT;
use crate::extracts::layout::By;
use crate::extracts::layout::FoundBy;
use crate::extracts::layout::Keys;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Parent;
use crate::extracts::read::Columns;
use crate::extracts::read::Reader;
use crate::form::Fields;
use crate::form::Written;

impl Reader<'_> {
    /// The table to whose rows those of a table belong; the columns by which they are brought together become columns of both.
    pub(super) fn parent(
        &self,
        written: &Written,
        in_xml: bool,
        above: &mut [LayoutTable],
        columns: &mut Columns,
    ) -> Option<Parent> {
        let fields = Fields::read(written, &PARENT, self.problems)?;
        let name = fields.text("table")?;
        let Some(table) = above.iter().position(|table| table.name == name) else {
            let known: Vec<&str> = above.iter().map(|table| table.name.as_str()).collect();
            self.problems.unknown(&fields.span("table"), "table above this one:", name, known);
            return None;
        };
        let other = above.get_mut(table)?;
        let (by, found) = if in_xml {
            self.no_columns(&fields);
            (By::Inside, FoundBy::Inside)
        } else if let Some(from) = fields.text("from") {
            let theirs = self.other_column(&fields, "on", other)?;
            let keys = Keys { own: columns.index(from), theirs };
            (By::Day(keys, fields.text("until").map(|until| columns.index(until))), FoundBy::Day(theirs))
        } else {
            let theirs = self.other_column(&fields, "is", other)?;
            let own = columns.index(fields.text("column").unwrap_or_default());
            (By::Key(Keys { own, theirs }), FoundBy::Key(theirs))
        };
        if !other.children.contains(&found) {
            other.children.push(found);
        }
        Some(Parent { table, by })
    }

    fn no_columns(&self, fields: &Fields<'_>) {
        for key in ["column", "is", "from", "until", "on"] {
            if fields.get(key).is_some() {
                let message = "in XML a row belongs to the one inside which it stands";
                self.problems.with_help(&fields.span(key), message, format!("leave out `{key}`"));
            }
        }
    }

    /// The column of the other table, where this table's own is named too.
    fn other_column(&self, fields: &Fields<'_>, key: &str, other: &LayoutTable) -> Option<usize> {
        let named = fields.get("column").is_some() != fields.get("from").is_some();
        let Some(column) = fields.text(key).filter(|_| named) else {
            let message = "a parent needs `column` and `is`, or `from` and `on`";
            let help = "write the column of each table that hold the same, or the days";
            self.problems.with_help(&fields.written.span, message, help);
            return None;
        };
        let found = other.columns.iter().position(|known| known.name == column);
        if found.is_none() {
            let known: Vec<&str> = other.columns.iter().map(|column| column.name.as_str()).collect();
            self.problems.unknown(&fields.span(key), &format!("column of `{}`:", other.name), column, known);
        }
        found
    }
}
