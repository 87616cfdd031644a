//! The rows of all tables on their way to their children, sorted in bounded memory by `archive`.

use std::io;
use std::io::Read as _;
use std::sync::Arc;

use crate::archive;
use crate::archive::Piece;
use crate::archive::Sortable;
use crate::archive::read_length;
use crate::archive::read_number;
use crate::archive::read_text;
use crate::archive::write_length;
use crate::archive::write_number;
use crate::archive::write_text;

/// Takes rows in any order. Rows of one child that come one after another share its id.
pub(super) type Sorter = archive::Sorter<Entry>;

/// Rows by child, then table, then their order in the file.
pub(super) type Sorted = archive::Sorted<Entry>;

/// One row on its way. Rows are sorted by these fields as they stand here.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The child's id, or the key by which it is looked for.
    pub(super) child: Arc<str>,
    pub(super) table: u16,
    /// Its number among the rows of its file.
    pub(super) at: u64,
    pub(super) line: u64,
    /// The number of the row inside which it stands; 0 for none.
    pub(super) inside: u64,
    /// Its cells, in the order of the layout's columns.
    pub(super) cells: Vec<String>,
    /// The line of each cell, where they have lines of their own.
    pub(super) lines: Vec<u64>,
}

impl Entry {
    /// What it costs in memory, in bytes, without its child's id, which rows share.
    pub(super) fn cost(&self) -> usize {
        let strings = self.cells.iter().map(|cell| cell.len() + size_of::<String>()).sum::<usize>();
        size_of::<Self>() + strings + self.lines.len() * size_of::<u64>()
    }
}

impl Sortable for Entry {
    /// The child's id.
    type Shared = Arc<str>;

    fn shared(&self) -> Arc<str> {
        Arc::clone(&self.child)
    }

    fn held_after(&mut self, before: Option<&Self>) -> usize {
        match before.map(|before| &before.child).filter(|child| **child == self.child) {
            Some(child) => {
                self.child = Arc::clone(child);
                self.cost()
            }
            None => self.child.len() + self.cost(),
        }
    }

    fn write(&self, before: &Arc<str>, to: &mut Vec<u8>) -> io::Result<()> {
        to.extend_from_slice(&self.table.to_le_bytes());
        for number in [self.at, self.line, self.inside] {
            write_number(number, to)?;
        }
        write_length(self.lines.len(), to)?;
        for line in &self.lines {
            write_number(*line, to)?;
        }
        write_length(self.cells.len(), to)?;
        let again = self.child == *before;
        to.push(u8::from(again));
        let child = (!again).then_some(&*self.child);
        for text in child.into_iter().chain(self.cells.iter().map(String::as_str)) {
            write_text(text, to)?;
        }
        Ok(())
    }

    fn read(before: &Arc<str>, from: &mut Piece) -> io::Result<Self> {
        let mut two = [0; 2];
        from.read_exact(&mut two)?;
        let (at, line, inside) = (read_number(from)?, read_number(from)?, read_number(from)?);
        let lines = (0..read_length(from)?).map(|_| read_number(from)).collect::<io::Result<_>>()?;
        let count = read_length(from)?;
        let mut again = [0];
        from.read_exact(&mut again)?;
        let child = if again == [1] { Arc::clone(before) } else { Arc::from(read_text(from)?) };
        let cells = (0..count).map(|_| read_text(from)).collect::<io::Result<_>>()?;
        Ok(Self { child, table: u16::from_le_bytes(two), at, line, inside, cells, lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(child: &Arc<str>, many: u64) -> impl Iterator<Item = Entry> {
        (0..many).map(|at| Entry {
            child: Arc::from(&**child),
            at,
            cells: vec!["x".to_owned()],
            ..Entry::default()
        })
    }

    #[test]
    fn rows_of_one_child_share_its_id_in_memory_and_in_temporary_files() {
        for (budget, runs) in [(400_000, 0), (200_000, 1)] {
            share(budget, runs);
        }
    }

    fn share(budget: usize, runs: usize) {
        let (long, other): (Arc<str>, Arc<str>) = ("n".repeat(100_000).into(), "z".into());
        let mut sorter = Sorter::new(budget);
        for entry in rows(&long, 1_000).chain(rows(&other, 10)) {
            sorter.push(entry).unwrap();
        }
        // A thousand copies of the id would be a hundred megabytes.
        assert_eq!(sorter.spilled(), runs);
        let mut sorted = sorter.finish().unwrap();
        let (mut before, mut copies) = (sorted.peek().unwrap().shared(), 1);
        for at in 0..1_000 {
            let entry = sorted.pop().unwrap().unwrap();
            copies += usize::from(!Arc::ptr_eq(&entry.child, &before));
            before = entry.shared();
            assert_eq!(entry.at, at);
            let mut written = Vec::new();
            entry.write(&before, &mut written).unwrap();
            assert!(written.len() < 100, "{}", written.len());
        }
        assert_eq!(copies, runs + 1);
        let last: Vec<String> =
            std::iter::from_fn(|| sorted.pop().unwrap()).map(|entry| entry.child.to_string()).collect();
        assert_eq!(last, vec!["z"; 10]);
    }
}
