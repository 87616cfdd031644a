//! Rows of all tables in the order of their children, in bounded memory: what does not fit waits in nameless temporary files, which the
//! system takes away even when the program is killed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Read;
use std::io::Seek as _;
use std::io::Write;
use std::sync::Arc;

use crate::archive::scratch;

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

    /// Writes it; its child's id only if that is not the one before.
    fn write(&self, before: &str, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.table.to_le_bytes())?;
        for number in [self.at, self.line, self.inside] {
            to.write_all(&number.to_le_bytes())?;
        }
        write_length(self.lines.len(), to)?;
        for line in &self.lines {
            to.write_all(&line.to_le_bytes())?;
        }
        write_length(self.cells.len(), to)?;
        let again = *self.child == *before;
        to.write_all(&[u8::from(again)])?;
        let child = (!again).then_some(&*self.child);
        for text in child.into_iter().chain(self.cells.iter().map(String::as_str)) {
            write_length(text.len(), to)?;
            to.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    /// The next entry of a run; nothing at its end.
    fn read(before: &Arc<str>, from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut two = [0; 2];
        match from.read_exact(&mut two) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let (at, line, inside) = (read_number(from)?, read_number(from)?, read_number(from)?);
        let lines = (0..read_length(from)?).map(|_| read_number(from)).collect::<io::Result<_>>()?;
        let count = read_length(from)?;
        let mut again = [0];
        from.read_exact(&mut again)?;
        let child = if again == [1] { Arc::clone(before) } else { Arc::from(read_text(from)?) };
        let cells = (0..count).map(|_| read_text(from)).collect::<io::Result<_>>()?;
        Ok(Some(Self { child, table: u16::from_le_bytes(two), at, line, inside, cells, lines }))
    }
}

fn write_length(length: usize, to: &mut impl Write) -> io::Result<()> {
    to.write_all(&u32::try_from(length).map_err(io::Error::other)?.to_le_bytes())
}

fn read_length(from: &mut impl Read) -> io::Result<usize> {
    let mut four = [0; 4];
    from.read_exact(&mut four)?;
    usize::try_from(u32::from_le_bytes(four)).map_err(io::Error::other)
}

fn read_number(from: &mut impl Read) -> io::Result<u64> {
    let mut eight = [0; 8];
    from.read_exact(&mut eight)?;
    Ok(u64::from_le_bytes(eight))
}

fn read_text(from: &mut impl Read) -> io::Result<String> {
    let mut bytes = vec![0; read_length(from)?];
    from.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Takes rows in any order. Rows of one child that come one after another share its id.
pub(super) struct Sorter {
    held: Vec<Entry>,
    cost: usize,
    budget: usize,
    runs: Vec<File>,
}

impl Sorter {
    /// A sorter that keeps about this many bytes in memory.
    pub(super) fn new(budget: usize) -> Self {
        Self { held: Vec::new(), cost: 0, budget, runs: Vec::new() }
    }

    /// Takes a row.
    pub(super) fn push(&mut self, mut entry: Entry) -> io::Result<()> {
        let last = self.held.last().map(|last| &last.child);
        match last.filter(|last| **last == entry.child) {
            Some(last) => entry.child = Arc::clone(last),
            None => self.cost += entry.child.len(),
        }
        self.cost += entry.cost();
        self.held.push(entry);
        if self.cost > self.budget { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let mut to = BufWriter::new(scratch()?);
        let mut before: Arc<str> = Arc::default();
        for entry in self.held.drain(..) {
            entry.write(&before, &mut to)?;
            before = entry.child;
        }
        self.cost = 0;
        let mut file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }

    /// All rows in order.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        self.held.sort_unstable();
        let mut runs: Vec<Run> = vec![Run::Memory(self.held.into_iter())];
        runs.extend(self.runs.into_iter().map(|file| Run::File(BufReader::new(file), Arc::default())));
        let mut sorted = Sorted { runs, heads: BinaryHeap::new() };
        for run in 0..sorted.runs.len() {
            sorted.refill(run)?;
        }
        Ok(sorted)
    }
}

enum Run {
    Memory(std::vec::IntoIter<Entry>),
    /// A temporary file, and the id of the last child that was read of it.
    File(BufReader<File>, Arc<str>),
}

/// The first row of a run; the least is the greatest of the heap.
#[derive(PartialEq, Eq)]
struct Head {
    entry: Entry,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.entry, other.run).cmp(&(&self.entry, self.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Rows by child, then table, then their order in the file.
pub(super) struct Sorted {
    runs: Vec<Run>,
    heads: BinaryHeap<Head>,
}

impl Sorted {
    fn refill(&mut self, run: usize) -> io::Result<()> {
        let entry = match self.runs.get_mut(run) {
            Some(Run::Memory(entries)) => entries.next(),
            Some(Run::File(file, before)) => {
                let entry = Entry::read(before, file)?;
                if let Some(entry) = &entry {
                    *before = Arc::clone(&entry.child);
                }
                entry
            }
            None => None,
        };
        self.heads.extend(entry.map(|entry| Head { entry, run }));
        Ok(())
    }

    /// The child whose rows come next.
    pub(super) fn child(&self) -> Option<&Arc<str>> {
        self.heads.peek().map(|head| &head.entry.child)
    }

    /// The next row.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(Head { entry, run }) = self.heads.pop() else { return Ok(None) };
        self.refill(run)?;
        Ok(Some(entry))
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
        let (long, other): (Arc<str>, Arc<str>) = ("n".repeat(100_000).into(), "z".into());
        let mut sorter = Sorter::new(400_000);
        for entry in rows(&long, 1_000).chain(rows(&other, 10)) {
            sorter.push(entry).unwrap();
        }
        // A thousand copies of the id would be a hundred megabytes.
        let written: u64 = sorter.runs.iter().map(|file| file.metadata().unwrap().len()).sum();
        assert!(sorter.runs.is_empty() && sorter.cost < 300_000, "{} {written}", sorter.cost);
        sorter.spill().unwrap();
        let written = sorter.runs[0].metadata().unwrap().len();
        assert!(written < 200_000, "{written}");
        let mut sorted = sorter.finish().unwrap();
        let first = sorted.next().unwrap().unwrap().child;
        for at in 1..1_000 {
            let entry = sorted.next().unwrap().unwrap();
            assert!(entry.at == at && Arc::ptr_eq(&entry.child, &first));
        }
        let last: Vec<String> =
            std::iter::from_fn(|| sorted.next().unwrap()).map(|entry| entry.child.to_string()).collect();
        assert_eq!(last, vec!["z"; 10]);
    }
}
