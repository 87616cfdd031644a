//! The rows of one child that others belong to, and the items of the record that they made.

use std::collections::HashMap;

use crate::extracts::layout::By;
use crate::extracts::layout::FoundBy;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Part;
use crate::extracts::layout::Step;
use crate::extracts::sort::Entry;
use crate::extracts::values;
use crate::extracts::values::Dates;
use crate::model::Day;
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
    /// Table, column and the day in it.
    by_day: Vec<(usize, usize, Day, usize)>,
}

impl<'r> Parents<'r> {
    /// The rows that a row belongs to.
    pub(super) fn of(&self, table: &LayoutTable, entry: &Entry, dates: Dates<'_>) -> Vec<usize> {
        let Some(parent) = table.parent else { return Vec::new() };
        let cell = |column: usize| entry.cells.get(column).map_or("", String::as_str);
        match parent.by {
            By::Inside => self.by_number.get(&(parent.table, entry.inside)).copied().into_iter().collect(),
            By::Key(keys) => {
                self.by_key.get(&(parent.table, keys.theirs, cell(keys.own))).cloned().unwrap_or_default()
            }
            By::Day(keys, until) => {
                let Some(from) = values::day(cell(keys.own), dates) else { return Vec::new() };
                let until = until.and_then(|until| values::day(cell(until), dates));
                let holds = |day: Day| day >= from && until.is_none_or(|until| day < until);
                let rows = self.by_day.iter().filter(|(table, column, day, _)| {
                    (*table, *column) == (parent.table, keys.theirs) && holds(*day)
                });
                rows.map(|(.., row)| *row).collect()
            }
        }
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
        (entry, dates): (&'r Entry, Dates<'_>),
        parent: Option<usize>,
        made: Vec<(&'r Part, Pointer)>,
    ) {
        if table.children.is_empty() {
            return;
        }
        let at = self.rows.len();
        let number = usize::from(entry.table);
        let cell = |column: usize| entry.cells.get(column).map_or("", String::as_str);
        for found in &table.children {
            match *found {
                FoundBy::Inside => {
                    self.by_number.insert((number, entry.at), at);
                }
                FoundBy::Key(column) if !cell(column).is_empty() => {
                    self.by_key.entry((number, column, cell(column))).or_default().push(at);
                }
                FoundBy::Key(_) => {}
                FoundBy::Day(column) => {
                    let day = values::day(cell(column), dates);
                    self.by_day.extend(day.map(|day| (number, column, day, at)));
                }
            }
        }
        let made = made.into_iter().map(|(part, item)| (part.steps.as_slice(), item)).collect();
        self.rows.push(Above { parent, made });
    }
}
