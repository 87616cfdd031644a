//! The rows of one child that others belong to, and the items of the record that they made.

use std::collections::HashMap;

use crate::extracts::layout::By;
use crate::extracts::layout::FoundBy;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Part;
use crate::extracts::layout::Step;
use crate::extracts::present::Present;
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

/// The rows that a row belongs to, or the column of a day that is there and cannot be read.
pub(super) type Belongs = Result<Vec<usize>, usize>;

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
    pub(super) fn of(
        &self,
        table: &LayoutTable,
        entry: &Entry,
        there: &Present,
        dates: Dates<'_>,
    ) -> Belongs {
        let Some(parent) = table.parent else { return Ok(Vec::new()) };
        let cell = |column: usize| entry.cells.get(column).map_or("", String::as_str);
        match parent.by {
            By::Inside => {
                Ok(self.by_number.get(&(parent.table, entry.inside)).copied().into_iter().collect())
            }
            By::Key(keys) => {
                Ok(self.by_key.get(&(parent.table, keys.theirs, cell(keys.own))).cloned().unwrap_or_default())
            }
            // Without the column nobody knows when it ends.
            By::Day(_, Some(until)) if !there.has(until) => Ok(Vec::new()),
            By::Day(keys, until) => {
                let day = |column: usize| match cell(column) {
                    "" => Ok(None),
                    written => values::day(written, dates).map(Some).ok_or(column),
                };
                let from = day(keys.own)?;
                let until = until.map_or(Ok(None), day)?;
                let Some(from) = from else { return Ok(Vec::new()) };
                let holds = |day: Day| day >= from && until.is_none_or(|until| day < until);
                let rows = self.by_day.iter().filter(|(table, column, day, _)| {
                    (*table, *column) == (parent.table, keys.theirs) && holds(*day)
                });
                Ok(rows.map(|(.., row)| *row).collect())
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

    /// Keeps a row that others may belong to; gives the column of a day by which they would find it, if it cannot be read.
    pub(super) fn add(
        &mut self,
        table: &'r LayoutTable,
        (entry, dates): (&'r Entry, Dates<'_>),
        parent: Option<usize>,
        made: Vec<(&'r Part, Pointer)>,
    ) -> Option<usize> {
        if table.children.is_empty() {
            return None;
        }
        let mut unread = None;
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
                    unread = unread.or((day.is_none() && !cell(column).is_empty()).then_some(column));
                    self.by_day.extend(day.map(|day| (number, column, day, at)));
                }
            }
        }
        let made = made.into_iter().map(|(part, item)| (part.steps.as_slice(), item)).collect();
        self.rows.push(Above { parent, made });
        unread
    }
}
