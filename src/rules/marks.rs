//! What rules across records keep of each record while a run goes on: marks. A mark is a few numbers by which it is sorted, and bytes, written
//! once for all marks of a record, that are read where two marks have the same numbers or something is shown. Most are read never.
//!
//! `mark` takes them, `archive` sorts them in bounded memory and `across` walks them when the run ends.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use sha2::Digest as _;
use sha2::Sha256;

use crate::archive::Piece;
use crate::archive::Sortable;
use crate::model::Day;
use crate::model::Owners;
use crate::model::Place;
use crate::rules::mark_bytes::Reader;
use crate::rules::mark_bytes::numbers;
use crate::rules::mark_bytes::place;
use crate::rules::mark_bytes::put_bytes;
use crate::rules::mark_bytes::put_numbers;
use crate::rules::mark_bytes::put_place;
use crate::rules::mark_bytes::put_some;

/// Whatever their number, this many siblings of a child are compared.
pub(super) const MOST_SIBLINGS: usize = 64;

/// How marks begin that are kept: what an earlier form begins with is the place of a rule in the pack, of which there are not so many.
const FORM: [u8; 4] = [2, 0xff, 0xff, 0xff];

/// What a rule across records keeps of a place in a record. Marks are sorted by rule, key and part, then by child, pointer and the rest of
/// what they hold, which is made of the record alone.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The place of the rule in the pack.
    pub(super) rule: u32,
    /// A digest of what is compared: marks of one rule with one key are looked at together.
    pub(super) key: Key,
    /// What sort of mark it is, where a rule makes two: the child itself comes before those who name it.
    pub(super) part: u8,
    /// Where in the bytes that stands which the marks of a record have in common.
    record: u32,
    /// Where in the bytes that stands which is of this place alone.
    own: u32,
    bytes: Arc<Vec<u8>>,
}

/// The first 128 bits of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key([u64; 2]);

/// What the marks of a record have in common.
#[derive(Clone, Copy, Default)]
struct OfRecord<'m> {
    owners: [Option<&'m str>; 3],
    siblings: &'m [u8],
    at: &'m [u8],
}

/// What is of one place alone.
#[derive(Clone, Copy, Default)]
pub(super) struct Own<'m> {
    /// Whose entries it stands for, where entries are counted.
    pub(super) entries: Option<Entries<'m>>,
    /// What siblings must agree on: digests of fields, and whether conditions hold.
    facts: &'m [u8],
    at: &'m [u8],
}

/// The entries of a worker on a day in one record; the mark is at the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entries<'m> {
    pub(super) worker: &'m str,
    pub(super) day: Day,
    pub(super) many: u32,
}

impl Key {
    /// That of texts of which each has its end, a byte of nought, so that no two lists of texts look alike.
    pub(super) fn of(texts: &[u8]) -> Self {
        let digest = Sha256::digest(texts);
        let mut eights = digest.as_chunks::<8>().0.iter().map(|eight| u64::from_be_bytes(*eight));
        Self([eights.next().unwrap_or_default(), eights.next().unwrap_or_default()])
    }

    /// In hexadecimal.
    pub(super) fn text(self) -> String {
        let Self([first, second]) = self;
        format!("{first:016x}{second:016x}")
    }

    /// A short digest of one text.
    pub(super) fn short(self) -> u64 {
        let Self([first, _]) = self;
        first
    }
}

/// The key of one text.
pub(super) fn key_of(text: &str) -> Key {
    let mut bytes = Vec::with_capacity(text.len().saturating_add(1));
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    Key::of(&bytes)
}

/// A short digest of an id, by which a child is known among siblings.
pub(super) fn name_of(child: &str) -> u64 {
    key_of(child.trim()).short()
}

/// The marks of one record while they are taken.
#[derive(Default)]
pub(super) struct Taken {
    heads: Vec<(u32, Key, u8, (u32, u32))>,
    bytes: Vec<u8>,
    own: Vec<u8>,
}

impl Taken {
    fn end(&self) -> u32 {
        // A record of some mebibytes has no marks of gibibytes.
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// Writes what marks of the record have in common, and gives where it stands.
    pub(super) fn record(
        &mut self,
        child: &str,
        owners: Owners<'_>,
        siblings: &[u64],
        at: Option<&Place>,
    ) -> u32 {
        let place = self.end();
        let Owners { locality, team, worker } = owners;
        self.own.clear();
        put_bytes(child.as_bytes(), &mut self.own);
        put_some([locality, team, worker], &mut self.own);
        put_numbers(siblings, &mut self.own);
        put_place(at, &mut self.own);
        put_bytes(&self.own, &mut self.bytes);
        place
    }

    /// Writes what is of one place alone, and gives where it stands.
    pub(super) fn place(
        &mut self,
        pointer: &str,
        entries: Option<Entries<'_>>,
        facts: &[u64],
        at: Option<&Place>,
    ) -> u32 {
        let place = self.end();
        self.own.clear();
        put_bytes(pointer.as_bytes(), &mut self.own);
        put_some([entries.map(|entries| entries.worker)], &mut self.own);
        if let Some(Entries { day, many, .. }) = entries {
            self.own.extend_from_slice(&day.number().to_le_bytes());
            self.own.extend_from_slice(&many.to_le_bytes());
        }
        put_numbers(facts, &mut self.own);
        put_place(at, &mut self.own);
        put_bytes(&self.own, &mut self.bytes);
        place
    }

    /// Takes a mark of a record at a place, which were written before.
    pub(super) fn mark(&mut self, rule: u32, (key, part): (Key, u8), (record, own): (u32, u32)) {
        self.heads.push((rule, key, part, (record, own)));
    }

    /// Puts them behind others.
    pub(super) fn finish(self, into: &mut Vec<Mark>) {
        let bytes = Arc::new(self.bytes.as_slice().to_vec());
        into.extend(self.heads.into_iter().map(|(rule, key, part, (record, own))| Mark {
            rule,
            key,
            part,
            record,
            own,
            bytes: Arc::clone(&bytes),
        }));
    }
}

impl Mark {
    fn reader(&self, at: u32) -> Reader<'_> {
        Reader(usize::try_from(at).ok().and_then(|at| self.bytes.get(at..)).unwrap_or_default())
    }

    fn read_record(&self) -> Option<OfRecord<'_>> {
        let mut of = Reader(self.reader(self.record).bytes()?);
        // The child, which stands first, is read by itself.
        of.text()?;
        Some(OfRecord { owners: of.some()?, siblings: of.bytes()?, at: of.bytes()? })
    }

    fn read_own(&self) -> Option<Own<'_>> {
        let mut own = Reader(self.reader(self.own).bytes()?);
        let (_, [worker]) = (own.text()?, own.some()?);
        let entries = match worker {
            Some(worker) => Some(Entries {
                worker,
                day: Day::from_number(i32::from_le_bytes(own.array()?))?,
                many: u32::from_le_bytes(own.array()?),
            }),
            None => None,
        };
        Some(Own { entries, facts: own.bytes()?, at: own.bytes()? })
    }

    fn of_record(&self) -> OfRecord<'_> {
        self.read_record().unwrap_or_default()
    }

    /// What is of its place alone.
    pub(super) fn own(&self) -> Own<'_> {
        self.read_own().unwrap_or_default()
    }

    /// The child's id.
    pub fn child(&self) -> &str {
        let of = self.reader(self.record).bytes().and_then(|of| Reader(of).text());
        of.unwrap_or_default()
    }

    /// The JSON Pointer to the place in the child's record, which stands first in what is of the place.
    pub fn pointer(&self) -> &str {
        let own = self.reader(self.own).bytes().and_then(|own| Reader(own).text());
        own.unwrap_or_default()
    }

    /// The locality, the team and the social worker of the record.
    pub fn owners(&self) -> [Option<&str>; 3] {
        self.of_record().owners
    }

    /// Where the place is in the source.
    pub fn at(&self) -> Option<Place> {
        place(self.own().at).or_else(|| place(self.of_record().at))
    }

    /// Whether the child names one of this name as a sibling.
    pub(super) fn names(&self, name: u64) -> bool {
        numbers(self.of_record().siblings).any(|sibling| sibling == name)
    }

    /// What siblings must agree on.
    pub(super) fn facts(&self) -> impl Iterator<Item = u64> {
        numbers(self.own().facts)
    }

    fn head(&self) -> (u32, Key, u8) {
        (self.rule, self.key, self.part)
    }

    /// In what order two are whose numbers, child and pointer are the same: one child came twice.
    #[inline(never)]
    fn by_the_rest(&self, other: &Self) -> Ordering {
        let (own, others) = (self.own(), other.own());
        let (of, of_other) = (self.of_record(), other.of_record());
        let who = |own: &Own<'_>| own.entries.map(|entries| (entries.worker.to_owned(), entries.day));
        let many = |own: &Own<'_>| own.entries.map(|entries| entries.many);
        who(&own)
            .cmp(&who(&others))
            .then_with(|| numbers(of.siblings).cmp(numbers(of_other.siblings)))
            .then_with(|| numbers(own.facts).cmp(numbers(others.facts)))
            .then_with(|| of.owners.cmp(&of_other.owners))
            .then_with(|| self.at().cmp(&other.at()))
            .then_with(|| many(&own).cmp(&many(&others)))
    }

    /// Writes marks one after another, for keeping.
    pub fn write_all<'m>(marks: impl IntoIterator<Item = &'m Self>, to: &mut Vec<u8>) -> io::Result<()> {
        to.extend_from_slice(&FORM);
        marks.into_iter().try_for_each(|mark| mark.write(&(), to))
    }

    /// Reads marks that [`Mark::write_all`] wrote; nothing where these are no such marks, perhaps those of an earlier version.
    pub fn read_all(bytes: Vec<u8>) -> Option<Vec<Self>> {
        bytes.starts_with(&FORM).then_some(())?;
        let mut piece = Piece::of(Arc::new(bytes));
        piece.skip(FORM.len());
        let mut marks = Vec::new();
        while !piece.rest().is_empty() {
            let mark = Self::read(&(), &mut piece).ok()?;
            mark.read_record().zip(mark.read_own())?;
            marks.push(mark);
        }
        Some(marks)
    }
}

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Mark {}

impl PartialOrd for Mark {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Mark {
    fn cmp(&self, other: &Self) -> Ordering {
        self.head()
            .cmp(&other.head())
            .then_with(|| self.child().cmp(other.child()))
            .then_with(|| self.pointer().cmp(other.pointer()))
            .then_with(|| self.by_the_rest(other))
    }
}

/// Bytes of the numbers of a mark, as they are written.
const HEAD: usize = 21;

impl Sortable for Mark {
    type Shared = ();

    fn shared(&self) {}

    fn held_after(&mut self, before: Option<&Self>) -> usize {
        let is_held = before.is_some_and(|before| Arc::ptr_eq(&before.bytes, &self.bytes));
        let bytes = if is_held { 0 } else { self.bytes.capacity() + size_of::<Vec<u8>>() };
        size_of::<Self>() + bytes
    }

    fn write(&self, (): &(), to: &mut Vec<u8>) -> io::Result<()> {
        to.extend_from_slice(&self.rule.to_le_bytes());
        let Key(eights) = self.key;
        for eight in eights {
            to.extend_from_slice(&eight.to_le_bytes());
        }
        to.push(self.part);
        for at in [self.record, self.own] {
            put_bytes(self.reader(at).bytes().unwrap_or_default(), to);
        }
        Ok(())
    }

    fn read((): &(), from: &mut Piece) -> io::Result<Self> {
        let found = (|| {
            let mut reader = Reader(from.rest());
            let rule = u32::from_le_bytes(reader.array()?);
            let key = Key([u64::from_le_bytes(reader.array()?), u64::from_le_bytes(reader.array()?)]);
            let [part] = reader.array()?;
            let before = reader.0.len();
            reader.bytes()?;
            let record = before - reader.0.len();
            reader.bytes()?;
            let length = before - reader.0.len();
            let at = from.at().checked_add(HEAD)?;
            let (own, record) = (u32::try_from(at.checked_add(record)?).ok()?, u32::try_from(at).ok()?);
            Some((Self { rule, key, part, record, own, bytes: Arc::clone(from.bytes()) }, HEAD + length))
        })();
        let (mark, length) = found.ok_or(io::ErrorKind::InvalidData)?;
        from.skip(length);
        Ok(mark)
    }
}
