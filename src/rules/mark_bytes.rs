//! Lengths, texts, numbers and places as `marks` keeps them in bytes.

use crate::model::Place;

/// From this length on a length has four bytes more.
const LONG: u8 = 0xff;

/// Puts a length behind what is there.
pub(super) fn put_length(length: usize, into: &mut Vec<u8>) {
    match u8::try_from(length) {
        Ok(short) if short < LONG => into.push(short),
        _ => {
            into.push(LONG);
            // A record of some mebibytes has nothing longer.
            into.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        }
    }
}

/// Puts bytes after their length.
pub(super) fn put_bytes(bytes: &[u8], into: &mut Vec<u8>) {
    put_length(bytes.len(), into);
    into.extend_from_slice(bytes);
}

/// Puts numbers after the length that they have together.
pub(super) fn put_numbers(numbers: &[u64], into: &mut Vec<u8>) {
    put_length(std::mem::size_of_val(numbers), into);
    for number in numbers {
        into.extend_from_slice(&number.to_le_bytes());
    }
}

/// Puts texts of which some may be missing: first which are there.
pub(super) fn put_some<const MANY: usize>(texts: [Option<&str>; MANY], into: &mut Vec<u8>) {
    let there = texts.iter().rev().fold(0, |there, text| (there << 1) | u8::from(text.is_some()));
    into.push(there);
    texts.into_iter().flatten().for_each(|text| put_bytes(text.as_bytes(), into));
}

/// Puts a place, or that there is none.
pub(super) fn put_place(place: Option<&Place>, into: &mut Vec<u8>) {
    let Some(place) = place else {
        return put_length(0, into);
    };
    let mut bytes = Vec::with_capacity(64);
    let Place { file, sheet, line, column, cell } = place;
    put_some([file, sheet, column, cell].map(Option::as_deref), &mut bytes);
    if let Some(line) = line {
        bytes.extend_from_slice(&line.to_le_bytes());
    }
    put_bytes(&bytes, into);
}

/// The numbers that [`put_numbers`] put.
pub(super) fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<8>().0.iter().map(|eight| u64::from_le_bytes(*eight))
}

/// The place that [`put_place`] put, from the bytes behind its length; nothing where there is none.
pub(super) fn place(bytes: &[u8]) -> Option<Place> {
    let mut reader = Reader(bytes);
    let [file, sheet, column, cell] = reader.some()?.map(|text| text.map(str::to_owned));
    Some(Place { file, sheet, line: reader.array().map(u64::from_le_bytes), column, cell })
}

/// Reads what was put; nothing where there is no such thing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next bytes, as many as there are asked for.
    pub(super) fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// The bytes behind the next length.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let [short] = self.array()?;
        let length = if short < LONG { u32::from(short) } else { u32::from_le_bytes(self.array()?) };
        self.take(usize::try_from(length).ok()?)
    }

    /// The text behind the next length.
    pub(super) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// The texts that [`put_some`] put.
    pub(super) fn some<const MANY: usize>(&mut self) -> Option<[Option<&'b str>; MANY]> {
        let [there] = self.array()?;
        let mut texts = [None; MANY];
        for (_, text) in texts.iter_mut().enumerate().filter(|(at, _)| there & (1 << at) != 0) {
            *text = Some(self.text()?);
        }
        Some(texts)
    }
}
