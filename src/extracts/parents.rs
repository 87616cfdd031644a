//! The rows of one child that others belong to, and the items of the record that they made.

use std::collections::HashMap;

use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Part;
use crate::extracts::layout::Step;
use crate::extracts::sort::Entry;
use crate::model::Pointer;

/// A row that others may belong to.
struct Above<'r> {
    /// The row that it belongs to itself.
    parent: Option<usize>,
    /// The places whose items it made, each with the item.
    made: Vec<(&'r [Step], Pointer)>,
}

/// All of them, in the order in which they were placed.
#[derive(Default)]
pub(super) struct Parents<'r> {
    rows: Vec<Above<'r>>,
    /// By table, column and what stands in it.
    by_key: HashMap<(usize, usize, &'r str), Vec<usize>>,
    /// By table and the number of the row in its file.
    by_number: HashMap<(usize, u64), usize>,
}

impl<'r> Parents<'r> {
    /// The rows that a row belongs to.
    pub(super) fn of(&self, table: &LayoutTable, entry: &Entry) -> Vec<usize> {
        let Some(parent) = table.parent else { return Vec::new() };
        let Some(keys) = parent.by else {
            return self.by_number.get(&(parent.table, entry.inside)).copied().into_iter().collect();
        };
        let key = entry.cells.get(keys.own).map_or("", String::as_str);
        self.by_key.get(&(parent.table, keys.theirs, key)).cloned().unwrap_or_default()
    }

    /// The items of a place that rows made, or those that they belong to.
    pub(super) fn items(&self, rows: &[usize], place: &[Step]) -> Vec<Pointer> {
        rows.iter().filter_map(|row| self.item(*row, place)).collect()
    }

    fn item(&self, row: usize, place: &[Step]) -> Option<Pointer> {
        let mut here = self.rows.get(row);
        while let Some(above) = here {
            if let Some((_, item)) = above.made.iter().find(|(made, _)| *made == place) {
                return Some(item.clone());
            }
            here = above.parent.and_then(|parent| self.rows.get(parent));
        }
        None
    }

    /// Keeps a row that others may belong to.
    pub(super) fn add(
        &mut self,
        table: &'r LayoutTable,
        entry: &'r Entry,
        parent: Option<usize>,
        made: Vec<(&'r Part, Pointer)>,
    ) {
        if table.children.is_empty() {
            return;
        }
        let at = self.rows.len();
        for column in &table.children {
            let number = usize::from(entry.table);
            match column {
                None => {
                    self.by_number.insert((number, entry.at), at);
                }
                Some(column) => {
                    let key = entry.cells.get(*column).map_or("", String::as_str);
                    if !key.is_empty() {
                        self.by_key.entry((number, *column, key)).or_default().push(at);
                    }
                }
            }
        }
        let made = made.into_iter().map(|(part, item)| (part.steps.as_slice(), item)).collect();
        self.rows.push(Above { parent, made });
    }
}
