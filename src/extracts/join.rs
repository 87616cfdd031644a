//! Tables without the child's id: a row finds its child through the row of another table that it belongs to. Both sides are sorted by the
//! key that they share, in memory and then in temporary files, so that neither has to fit into memory.

use std::io;
use std::sync::Arc;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::layout::By;
use crate::extracts::layout::Keys;
use crate::extracts::layout::Layout;
use crate::extracts::opened::Opened;
use crate::extracts::sort::Entry;
use crate::extracts::sort::Sorter;

/// A row that others belong to comes before them.
const PARENT: u16 = 0;
/// A row that looks for its child.
const ROW: u16 = 1;

/// One table whose rows look for their children.
struct Join {
    table: usize,
    parent: usize,
    keys: Keys,
    /// The file and the sheet, for people.
    name: Arc<str>,
    /// The column that names the parent.
    column: String,
    sorter: Sorter,
}

/// All of them, each beneath the tables that its rows belong to.
pub(super) struct Joins {
    all: Vec<Join>,
}

impl Joins {
    /// The tables among these that need it; gives the bytes of memory that are left for everything else.
    pub(super) fn of(layout: &Layout, opened: &[Opened], memory_bytes: usize) -> (Self, usize) {
        let mut all = Vec::new();
        for file in opened {
            let Some(of) = layout.tables.get(file.table) else { continue };
            let Some(parent) = of.parent else { continue };
            let By::Key(keys) = parent.by else { continue };
            if of.child.is_some_and(|child| file.has(child)) {
                continue;
            }
            all.push(Join {
                table: file.table,
                parent: parent.table,
                keys,
                name: Arc::clone(&file.name),
                column: of.columns.get(keys.own).map_or_else(String::new, |column| column.name.clone()),
                sorter: Sorter::new(0),
            });
        }
        let share = memory_bytes / (all.len() + 1);
        for join in &mut all {
            join.sorter = Sorter::new(share);
        }
        (Self { all }, share)
    }

    /// Whether the rows of a table find their children so.
    pub(super) fn waits(&self, table: usize) -> bool {
        self.all.iter().any(|join| join.table == table)
    }

    /// Tells the child of a row, for those that belong to it.
    pub(super) fn tell(&mut self, table: usize, child: &str, cells: &[String]) -> io::Result<()> {
        for join in self.all.iter_mut().filter(|join| join.parent == table) {
            if let Some(key) = cells.get(join.keys.theirs).filter(|key| !key.is_empty()) {
                let cells = vec![child.to_owned()];
                join.sorter.push(Entry {
                    child: Arc::from(key.as_str()),
                    table: PARENT,
                    cells,
                    ..Entry::default()
                })?;
            }
        }
        Ok(())
    }

    /// Takes a row whose child is not yet known.
    pub(super) fn wait(&mut self, table: usize, entry: Entry) -> io::Result<()> {
        let Some(join) = self.all.iter_mut().find(|join| join.table == table) else { return Ok(()) };
        let key = entry.cells.get(join.keys.own).map_or("", String::as_str);
        join.sorter.push(Entry { child: Arc::from(key), table: ROW, ..entry })
    }

    /// Brings every row to its child. A row that belongs to none, or to rows of two children, is said.
    pub(super) fn finish(mut self, to: &mut Sorter, coercions: &mut Coercions) -> io::Result<()> {
        for at in 0..self.all.len() {
            let Some(join) = self.all.get_mut(at) else { break };
            let (table, name, column) = (join.table, Arc::clone(&join.name), join.column.clone());
            let mut sorted = std::mem::replace(&mut join.sorter, Sorter::new(0)).finish()?;
            let number = u16::try_from(table).unwrap_or(u16::MAX);
            // The key at hand, and the child that it leads to if it is one only.
            let mut known: (Arc<str>, Option<Arc<str>>) = Default::default();
            while let Some(entry) = sorted.pop()? {
                if entry.table == PARENT {
                    let child = entry.cells.into_iter().next().map(Arc::from);
                    known = match known {
                        (key, before) if key == entry.child => {
                            (key, before.filter(|one| child.as_ref() == Some(one)))
                        }
                        _ => (entry.child, child),
                    };
                    continue;
                }
                let (key, child) = &known;
                let found = child.as_ref().filter(|_| !key.is_empty() && *key == entry.child);
                let Some(child) = found else {
                    coercions.note(Coercion::RowWithoutParent, &name, &column, entry.line);
                    continue;
                };
                self.tell(table, child, &entry.cells)?;
                to.push(Entry { child: Arc::clone(child), table: number, ..entry })?;
            }
        }
        Ok(())
    }
}
