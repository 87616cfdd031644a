//! The content of a record: one borrowed tree in an arena, read by the schema and by every rule.
//!
//! `intake` fills it in one parse; nothing else builds one. Keys carry a hash and dates carry their day, so that a rule
//! compares numbers and never reads a name or a date twice.

use crate::model::Day;

/// A value of a record. Everything in it borrows from the input or from the arena that the parse was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node<'a> {
    /// JSON `null`: not recorded.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits with its sign.
    Int(i64),
    /// A whole number beyond [`i64::MAX`] that fits 64 bits.
    Big(u64),
    /// Any other number.
    Float(f64),
    /// A string that is not a date.
    Text(&'a str),
    /// A string of the form `YYYY-MM-DD` that is a real day, with that day.
    Date(&'a str, Day),
    /// A list.
    List(&'a [Node<'a>]),
    /// An object, its members in the order of the document.
    Object(&'a [Member<'a>]),
}

/// One property of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member<'a> {
    /// [`Name::hash_of`] the name.
    pub hash: u32,
    /// The name as written, escapes resolved.
    pub name: &'a str,
    /// Its value.
    pub value: Node<'a>,
}

/// A property name with its hash, made once when a schema or a rule is compiled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    hash: u32,
    text: Box<str>,
}

impl Name {
    /// A name ready for look-up.
    pub fn new(text: &str) -> Self {
        Self { hash: Self::hash_of(text), text: text.into() }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its hash.
    pub const fn hash(&self) -> u32 {
        self.hash
    }

    /// The hash that members carry: it only has to be quick and to tell the names of a schema apart, since a hit compares the
    /// names too. Eight bytes are taken at a time; the last eight may overlap those before them.
    pub fn hash_of(text: &str) -> u32 {
        const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
        let bytes = text.as_bytes();
        let mix = |sum: u64, part: u64| (sum ^ part).wrapping_mul(MULTIPLIER).rotate_left(29);
        let length = bytes.len() as u64;
        let sum = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(_), Some(last)) => {
                let (whole, _) = bytes.as_chunks::<8>();
                let sum = whole.iter().fold(length, |sum, part| mix(sum, u64::from_le_bytes(*part)));
                mix(sum, u64::from_le_bytes(*last))
            }
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(first), Some(last)) => {
                    let part =
                        u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
                    mix(length, part)
                }
                _ => bytes.iter().fold(length, |sum, byte| mix(sum, u64::from(*byte))),
            },
        };
        let folded = sum.wrapping_mul(MULTIPLIER) >> 32;
        u32::try_from(folded).unwrap_or(0)
    }
}

/// Whether the bytes of two texts are the same. Names and codes are short, so that a call for each would cost more than the comparison.
#[inline]
pub fn is_same_text(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    if left.len() < 8 {
        return match (left.first_chunk::<4>(), left.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                right.first_chunk() == Some(first) && right.last_chunk() == Some(last)
            }
            _ => left.iter().eq(right),
        };
    }
    let ((mine, _), (theirs, _)) = (left.as_chunks::<8>(), right.as_chunks::<8>());
    left.last_chunk::<8>() == right.last_chunk::<8>() && mine.iter().eq(theirs)
}

/// Names with their places, for finding a place by a name at once: an open table of hashes, at most half full. The letters of all names
/// stand together, so that a look at one is a look at memory that was looked at before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameTable {
    slots: Box<[Slot]>,
    letters: Box<[u8]>,
    count: usize,
}

/// A name in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    hash: u32,
    /// `u32::MAX` for an empty slot.
    place: u32,
    /// Where its letters start and end.
    start: u32,
    end: u32,
}

impl NameTable {
    /// A table in which each name has its place in `names`.
    pub fn new(names: impl IntoIterator<Item = Name>) -> Self {
        const EMPTY: Slot = Slot { hash: 0, place: u32::MAX, start: 0, end: 0 };
        let names: Vec<Name> = names.into_iter().collect();
        let size = (names.len() * 2).next_power_of_two();
        let mut slots = vec![EMPTY; if names.is_empty() { 0 } else { size }];
        let mut letters = Vec::new();
        let length = |letters: &Vec<u8>| u32::try_from(letters.len()).unwrap_or(u32::MAX);
        for (place, name) in (0_u32..).zip(&names) {
            let start = length(&letters);
            letters.extend_from_slice(name.text.as_bytes());
            let mut at = name.hash as usize & (size - 1);
            while slots.get(at).is_some_and(|slot| *slot != EMPTY) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = Slot { hash: name.hash, place, start, end: length(&letters) };
            }
        }
        Self { slots: slots.into(), letters: letters.into(), count: names.len() }
    }

    /// How many names there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The place of a name, by its hash and its letters.
    #[inline]
    pub fn find(&self, hash: u32, name: &str) -> Option<usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot.place == u32::MAX {
                return None;
            }
            if slot.hash == hash {
                let own = self.letters.get(slot.start as usize..slot.end as usize)?;
                if is_same_text(own, name.as_bytes()) {
                    return Some(slot.place as usize);
                }
            }
            at = (at + 1) & mask;
        }
    }
}

impl<'a> Node<'a> {
    /// A string, with its day when it is a date.
    #[inline]
    pub fn of_text(text: &'a str) -> Self {
        if text.len() == 10
            && let Some(day) = Day::parse(text)
        {
            return Node::Date(text, day);
        }
        Node::Text(text)
    }

    /// The property of this name, if this is an object that has it.
    pub fn get(&self, name: &Name) -> Option<&'a Node<'a>> {
        match self {
            Node::Object(members) => members
                .iter()
                .find(|member| {
                    member.hash == name.hash && is_same_text(member.name.as_bytes(), name.text.as_bytes())
                })
                .map(|member| &member.value),
            _ => None,
        }
    }

    /// The property of this name, for callers that look up once and compile nothing.
    pub fn get_str(&self, name: &str) -> Option<&'a Node<'a>> {
        match self {
            Node::Object(members) => {
                members.iter().find(|member| member.name == name).map(|member| &member.value)
            }
            _ => None,
        }
    }

    /// The string, whether or not it is a date.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Node::Text(text) | Node::Date(text, _) => Some(text),
            _ => None,
        }
    }

    /// The day, when this is a readable date.
    pub fn as_day(&self) -> Option<Day> {
        match self {
            Node::Date(_, day) => Some(*day),
            _ => None,
        }
    }

    /// The items, when this is a list.
    pub fn as_list(&self) -> Option<&'a [Node<'a>]> {
        match self {
            Node::List(items) => Some(items),
            _ => None,
        }
    }

    /// The members, when this is an object.
    pub fn as_object(&self) -> Option<&'a [Member<'a>]> {
        match self {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The number, when this is one; whole numbers beyond 2^53 lose digits here, so compare ids as text.
    #[expect(clippy::cast_precision_loss, reason = "thresholds in rules are small numbers")]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Node::Int(number) => Some(*number as f64),
            Node::Big(number) => Some(*number as f64),
            Node::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// What JSON calls this kind of value, for messages: `null`, `boolean`, `number`, `string`, `array` or `object`.
    pub fn kind(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "boolean",
            Node::Int(_) | Node::Big(_) | Node::Float(_) => "number",
            Node::Text(_) | Node::Date(..) => "string",
            Node::List(_) => "array",
            Node::Object(_) => "object",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_same_text;

    #[test]
    fn texts_of_every_length_are_the_same_to_the_letter_only() {
        let text = b"abcdefghijklmnopqrstuvwxyz0123456789";
        for length in 0..=text.len() {
            let (own, longer) = (&text[..length], &text[..(length + 1).min(text.len())]);
            assert!(is_same_text(own, &text.to_vec()[..length]));
            assert_eq!(is_same_text(own, longer), own == longer);
            for at in 0..length {
                let mut other = own.to_vec();
                other[at] = b'!';
                assert!(!is_same_text(own, &other), "{length} bytes, at {at}");
            }
        }
    }
}
