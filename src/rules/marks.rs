//! What rules across records keep of each record while a run goes on: marks, small and nearly of one size, that are sorted by `archive` in
//! bounded memory and walked by `across` when the run ends.

use std::io;
use std::io::Read;
use std::io::Write;

use sha2::Digest as _;
use sha2::Sha256;

use crate::archive::Sortable;
use crate::archive::read_length;
use crate::archive::read_number;
use crate::archive::read_text;
use crate::archive::write_length;
use crate::archive::write_number;
use crate::archive::write_text;
use crate::model::Day;
use crate::model::Place;

/// What a rule across records keeps of a place in a record. Marks are sorted by these fields as they stand here, which are made of the record
/// alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The place of the rule in the pack.
    pub rule: u32,
    /// A digest of what is compared: marks of one rule with one key are looked at together.
    pub key: u128,
    /// What sort of mark it is, where a rule makes two: the child itself comes before those who name it.
    pub part: u8,
    /// The child's id.
    pub child: String,
    /// The JSON Pointer to the place in the child's record.
    pub pointer: String,
    /// The worker whose entry it is, where entries are counted.
    pub worker: Option<String>,
    /// The day of the entry, where entries are counted.
    pub day: Option<Day>,
    /// Digests of the ids of the child's siblings.
    pub siblings: Vec<u64>,
    /// What siblings must agree on: digests of fields, and whether conditions hold.
    pub facts: Vec<u64>,
    /// The locality, the team and the social worker of the record.
    pub owners: [Option<String>; 3],
    /// Where the place is in the source.
    pub at: Option<Place>,
}

/// Whatever their number, this many siblings of a child are compared.
pub(super) const MOST_SIBLINGS: usize = 64;

/// A digest of texts, each with its end, so that no two lists of texts look alike.
pub(super) fn digest_of<T: AsRef<[u8]>>(texts: impl IntoIterator<Item = T>) -> u128 {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

/// A short digest of an id, by which a child is known among siblings.
pub(super) fn name_of(child: &str) -> u64 {
    u64::try_from(digest_of([child.trim()]) >> 64).unwrap_or_default()
}

fn write_maybe(text: Option<&str>, to: &mut impl Write) -> io::Result<()> {
    to.write_all(&[u8::from(text.is_some())])?;
    text.map_or(Ok(()), |text| write_text(text, to))
}

fn read_maybe(from: &mut impl Read) -> io::Result<Option<String>> {
    let mut there = [0];
    from.read_exact(&mut there)?;
    (there != [0]).then(|| read_text(from)).transpose()
}

fn write_numbers(numbers: &[u64], to: &mut impl Write) -> io::Result<()> {
    write_length(numbers.len(), to)?;
    numbers.iter().try_for_each(|number| write_number(*number, to))
}

fn read_numbers(from: &mut impl Read) -> io::Result<Vec<u64>> {
    (0..read_length(from)?).map(|_| read_number(from)).collect()
}

impl Mark {
    /// Writes marks one after another, for keeping.
    pub fn write_all<'m>(marks: impl IntoIterator<Item = &'m Self>, to: &mut impl Write) -> io::Result<()> {
        marks.into_iter().try_for_each(|mark| mark.write(&(), to))
    }

    /// Reads marks that [`Mark::write_all`] wrote.
    pub fn read_all(mut from: impl Read) -> impl Iterator<Item = io::Result<Self>> {
        std::iter::from_fn(move || Self::read(&(), &mut from).transpose())
    }

    fn write_place(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&[u8::from(self.at.is_some())])?;
        let Some(at) = &self.at else { return Ok(()) };
        for text in [&at.file, &at.sheet, &at.column, &at.cell] {
            write_maybe(text.as_deref(), to)?;
        }
        write_number(at.line.map_or(0, |line| line.saturating_add(1)), to)
    }

    fn read_place(from: &mut impl Read) -> io::Result<Option<Place>> {
        let mut there = [0];
        from.read_exact(&mut there)?;
        if there == [0] {
            return Ok(None);
        }
        let (file, sheet) = (read_maybe(from)?, read_maybe(from)?);
        let (column, cell) = (read_maybe(from)?, read_maybe(from)?);
        Ok(Some(Place { file, sheet, line: read_number(from)?.checked_sub(1), column, cell }))
    }
}

impl Sortable for Mark {
    type Shared = ();

    fn shared(&self) {}

    fn held_after(&mut self, _: Option<&Self>) -> usize {
        let place = self.at.iter().flat_map(|at| [&at.file, &at.sheet, &at.column, &at.cell]);
        let texts = self.owners.iter().chain([&self.worker]).chain(place).flatten();
        let bytes: usize = texts.chain([&self.child, &self.pointer]).map(String::capacity).sum();
        size_of::<Self>() + bytes + (self.siblings.len() + self.facts.len()) * size_of::<u64>()
    }

    fn write(&self, (): &(), to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.rule.to_le_bytes())?;
        to.write_all(&self.key.to_le_bytes())?;
        to.write_all(&[self.part])?;
        write_text(&self.child, to)?;
        write_text(&self.pointer, to)?;
        write_maybe(self.worker.as_deref(), to)?;
        to.write_all(&[u8::from(self.day.is_some())])?;
        to.write_all(&self.day.map_or(0, Day::number).to_le_bytes())?;
        write_numbers(&self.siblings, to)?;
        write_numbers(&self.facts, to)?;
        self.owners.iter().try_for_each(|owner| write_maybe(owner.as_deref(), to))?;
        self.write_place(to)
    }

    fn read((): &(), from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut rule = [0; 4];
        match from.read_exact(&mut rule) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let (mut key, mut part, mut day) = ([0; 16], [0], [0; 4]);
        from.read_exact(&mut key)?;
        from.read_exact(&mut part)?;
        let (child, pointer, worker) = (read_text(from)?, read_text(from)?, read_maybe(from)?);
        let mut dated = [0];
        from.read_exact(&mut dated)?;
        from.read_exact(&mut day)?;
        let day = Day::from_number(i32::from_le_bytes(day)).filter(|_| dated != [0]);
        let (siblings, facts) = (read_numbers(from)?, read_numbers(from)?);
        let owners = [read_maybe(from)?, read_maybe(from)?, read_maybe(from)?];
        let (rule, key, [part]) = (u32::from_le_bytes(rule), u128::from_le_bytes(key), part);
        let at = Self::read_place(from)?;
        Ok(Some(Self { rule, key, part, child, pointer, worker, day, siblings, facts, owners, at }))
    }
}
