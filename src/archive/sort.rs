//! Sorts more than memory holds: what does not fit waits in nameless temporary files, which the system takes away even when the program is
//! killed.
//!
//! `extracts` brings the rows of a child together with it, `rules` the marks of rules across records.

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

/// What can be sorted so. Its order is that of its fields, so that the order of arrival does not matter.
pub trait Sortable: Ord + Sized {
    /// What one may have in common with the next, so that it is held and written once.
    type Shared: Clone + Default + std::fmt::Debug;

    /// What it may have in common with the next.
    fn shared(&self) -> Self::Shared;

    /// Takes over what it has in common with the one that came before it, and gives what it costs in memory, in bytes.
    fn held_after(&mut self, before: Option<&Self>) -> usize;

    /// Writes it, without what it has in common with the one before.
    fn write(&self, before: &Self::Shared, to: &mut impl Write) -> io::Result<()>;

    /// The next of a run; nothing at its end.
    fn read(before: &Self::Shared, from: &mut impl Read) -> io::Result<Option<Self>>;
}

/// Takes what is to be sorted in any order.
#[derive(Debug)]
pub struct Sorter<T> {
    held: Vec<T>,
    cost: usize,
    budget: usize,
    runs: Vec<File>,
}

impl<T: Sortable> Sorter<T> {
    /// A sorter that keeps about this many bytes in memory.
    pub const fn new(budget: usize) -> Self {
        Self { held: Vec::new(), cost: 0, budget, runs: Vec::new() }
    }

    /// Takes one.
    pub fn push(&mut self, mut one: T) -> io::Result<()> {
        self.cost += one.held_after(self.held.last());
        self.held.push(one);
        if self.cost > self.budget { self.spill() } else { Ok(()) }
    }

    /// How many temporary files hold what did not fit.
    pub fn spilled(&self) -> usize {
        self.runs.len()
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let mut to = BufWriter::new(scratch()?);
        let mut before = T::Shared::default();
        for one in self.held.drain(..) {
            one.write(&before, &mut to)?;
            before = one.shared();
        }
        self.cost = 0;
        let mut file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }

    /// All of them in order.
    pub fn finish(mut self) -> io::Result<Sorted<T>> {
        self.held.sort_unstable();
        let mut runs: Vec<Run<T>> = vec![Run::Memory(self.held.into_iter())];
        runs.extend(self.runs.into_iter().map(|file| Run::File(BufReader::new(file), T::Shared::default())));
        let mut sorted = Sorted { runs, heads: BinaryHeap::new() };
        for run in 0..sorted.runs.len() {
            sorted.refill(run)?;
        }
        Ok(sorted)
    }
}

#[derive(Debug)]
enum Run<T: Sortable> {
    Memory(std::vec::IntoIter<T>),
    /// A temporary file, and what the last one that was read of it may have in common with the next.
    File(BufReader<File>, T::Shared),
}

/// The first of a run; the least is the greatest of the heap.
#[derive(Debug, PartialEq, Eq)]
struct Head<T> {
    one: T,
    run: usize,
}

impl<T: Ord> Ord for Head<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.one, other.run).cmp(&(&self.one, self.run))
    }
}

impl<T: Ord> PartialOrd for Head<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What was sorted, the least first.
#[derive(Debug)]
pub struct Sorted<T: Sortable> {
    runs: Vec<Run<T>>,
    heads: BinaryHeap<Head<T>>,
}

impl<T: Sortable> Sorted<T> {
    fn refill(&mut self, run: usize) -> io::Result<()> {
        let one = match self.runs.get_mut(run) {
            Some(Run::Memory(held)) => held.next(),
            Some(Run::File(file, before)) => {
                let one = T::read(before, file)?;
                if let Some(one) = &one {
                    *before = one.shared();
                }
                one
            }
            None => None,
        };
        self.heads.extend(one.map(|one| Head { one, run }));
        Ok(())
    }

    /// The next one, left where it is.
    pub fn peek(&self) -> Option<&T> {
        self.heads.peek().map(|head| &head.one)
    }

    /// Takes the next one.
    pub fn pop(&mut self) -> io::Result<Option<T>> {
        let Some(Head { one, run }) = self.heads.pop() else { return Ok(None) };
        self.refill(run)?;
        Ok(Some(one))
    }
}
