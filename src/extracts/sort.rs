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

use crate::archive::scratch;

/// One row on its way. Rows are sorted by these fields as they stand here.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The child's id, or the key by which it is looked for.
    pub(super) child: String,
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
    /// What it costs in memory, in bytes.
    pub(super) fn cost(&self) -> usize {
        let strings = self.cells.iter().map(|cell| cell.len() + size_of::<String>()).sum::<usize>();
        self.child.len() + size_of::<Self>() + strings + self.lines.len() * size_of::<u64>()
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.table.to_le_bytes())?;
        for number in [self.at, self.line, self.inside] {
            to.write_all(&number.to_le_bytes())?;
        }
        write_length(self.lines.len(), to)?;
        for line in &self.lines {
            to.write_all(&line.to_le_bytes())?;
        }
        write_length(self.cells.len(), to)?;
        for text in std::iter::once(&self.child).chain(&self.cells) {
            write_length(text.len(), to)?;
            to.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    /// The next entry of a run; nothing at its end.
    fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut two = [0; 2];
        match from.read_exact(&mut two) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let (at, line, inside) = (read_number(from)?, read_number(from)?, read_number(from)?);
        let lines = (0..read_length(from)?).map(|_| read_number(from)).collect::<io::Result<_>>()?;
        let count = read_length(from)?;
        let child = read_text(from)?;
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

/// Takes rows in any order.
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
    pub(super) fn push(&mut self, entry: Entry) -> io::Result<()> {
        self.cost += entry.cost();
        self.held.push(entry);
        if self.cost > self.budget { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let mut to = BufWriter::new(scratch()?);
        for entry in self.held.drain(..) {
            entry.write(&mut to)?;
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
        runs.extend(self.runs.into_iter().map(|file| Run::File(BufReader::new(file))));
        let mut sorted = Sorted { runs, heads: BinaryHeap::new() };
        for run in 0..sorted.runs.len() {
            sorted.refill(run)?;
        }
        Ok(sorted)
    }
}

enum Run {
    Memory(std::vec::IntoIter<Entry>),
    File(BufReader<File>),
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
            Some(Run::File(file)) => Entry::read(file)?,
            None => None,
        };
        self.heads.extend(entry.map(|entry| Head { entry, run }));
        Ok(())
    }

    /// The child whose rows come next.
    pub(super) fn child(&self) -> Option<&str> {
        self.heads.peek().map(|head| head.entry.child.as_str())
    }

    /// The next row.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(Head { entry, run }) = self.heads.pop() else { return Ok(None) };
        self.refill(run)?;
        Ok(Some(entry))
    }
}
