//! Sorts more than memory holds: what does not fit waits in nameless temporary files, which the system takes away even when the program is
//! killed.
//!
//! `extracts` brings the rows of a child together with it, `rules` the marks of rules across records.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::Write as _;
use std::sync::Arc;

use crate::archive::Piece;
use crate::archive::scratch;

/// Bytes after which what is written to a temporary file is handed to the system, and as much is read back at once.
const PIECE: usize = 32 << 10;

/// What can be sorted so. Its order is that of its fields, so that the order of arrival does not matter.
pub trait Sortable: Ord + Sized {
    /// What one may have in common with the next, so that it is held and written once.
    type Shared: Clone + Default + std::fmt::Debug;

    /// What it may have in common with the next.
    fn shared(&self) -> Self::Shared;

    /// Takes over what it has in common with the one that came before it, and gives what it costs in memory, in bytes.
    fn held_after(&mut self, before: Option<&Self>) -> usize;

    /// Writes it behind those of its piece, without what it has in common with the one before.
    fn write(&self, before: &Self::Shared, to: &mut Vec<u8>) -> io::Result<()>;

    /// The next of a piece, which has more.
    fn read(before: &Self::Shared, from: &mut Piece) -> io::Result<Self>;
}

/// Takes what is to be sorted in any order.
#[derive(Debug)]
pub struct Sorter<T: Sortable> {
    held: Vec<T>,
    cost: usize,
    budget: usize,
    runs: Vec<Written<T>>,
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
        let mut file = scratch()?;
        let (mut bytes, mut lengths) = (Vec::with_capacity(PIECE + PIECE / 4), Vec::new());
        let mut before = T::Shared::default();
        let mut held = self.held.drain(..).peekable();
        while let Some(one) = held.next() {
            one.write(&before, &mut bytes)?;
            before = one.shared();
            if bytes.len() >= PIECE || held.peek().is_none() {
                file.write_all(&bytes)?;
                lengths.push(bytes.len());
                bytes.clear();
            }
        }
        drop(held);
        self.cost = 0;
        file.rewind()?;
        self.runs.push(Written {
            file,
            lengths: lengths.into_iter(),
            piece: Piece::default(),
            before: T::Shared::default(),
        });
        Ok(())
    }

    /// All of them in order.
    pub fn finish(mut self) -> io::Result<Sorted<T>> {
        self.held.sort_unstable();
        let mut runs: Vec<Run<T>> = vec![Run::Memory(self.held.into_iter())];
        runs.extend(self.runs.into_iter().map(Run::File));
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (number, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next()?.map(|one| Head { one, run: number }));
        }
        Ok(Sorted { runs, heads })
    }
}

/// What lies sorted in a temporary file.
#[derive(Debug)]
struct Written<T: Sortable> {
    file: File,
    /// The lengths of the pieces that were not read yet.
    lengths: std::vec::IntoIter<usize>,
    piece: Piece,
    /// What the last one that was read may have in common with the next.
    before: T::Shared,
}

impl<T: Sortable> Written<T> {
    fn next(&mut self) -> io::Result<Option<T>> {
        if self.piece.rest().is_empty() {
            let Some(length) = self.lengths.next() else { return Ok(None) };
            let mut bytes = std::mem::take(&mut self.piece).into_bytes();
            bytes.resize(length, 0);
            self.file.read_exact(&mut bytes)?;
            self.piece = Piece::of(Arc::new(bytes));
        }
        let one = T::read(&self.before, &mut self.piece)?;
        self.before = one.shared();
        Ok(Some(one))
    }
}

#[derive(Debug)]
enum Run<T: Sortable> {
    Memory(std::vec::IntoIter<T>),
    File(Written<T>),
}

impl<T: Sortable> Run<T> {
    fn next(&mut self) -> io::Result<Option<T>> {
        match self {
            Self::Memory(held) => Ok(held.next()),
            Self::File(written) => written.next(),
        }
    }
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
    /// The next one, left where it is.
    pub fn peek(&self) -> Option<&T> {
        self.heads.peek().map(|head| &head.one)
    }

    /// Takes the next one.
    pub fn pop(&mut self) -> io::Result<Option<T>> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let next = self.runs.get_mut(head.run).map_or(Ok(None), Run::next)?;
        Ok(Some(match next {
            Some(next) => std::mem::replace(&mut head.one, next),
            None => PeekMut::pop(head).one,
        }))
    }
}
