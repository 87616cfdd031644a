//! The parser: one JSON document into one borrowed tree, strictly.
//!
//! `quick` reads what is plainly right. Where it gives up, `serde_json` reads the grammar; the seeds here build the tree in the
//! caller's arena, decide dates, and refuse what `serde_json` lets pass: a property written twice, a nesting too deep, a number that
//! loses digits. Every error knows its pointer, because each list and object adds its own step while the error goes out.

use std::fmt;

use bumpalo::Bump;
use serde::de::DeserializeSeed;
use serde::de::Deserializer;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::intake::Fault;
use crate::intake::Malformed;
use crate::intake::numbers;
use crate::intake::quick;
use crate::intake::seen::Seen;
use crate::model::Member;
use crate::model::Name;
use crate::model::Node;
use crate::model::Pointer;

/// Parses one JSON document into a tree in the arena, strictly. The arena may be reset once the tree is dropped.
pub fn parse<'a>(text: &'a [u8], arena: &'a Bump) -> Result<&'a Node<'a>, Malformed> {
    match std::str::from_utf8(text) {
        Ok(text) => quick::read(text, arena)
            .map_or_else(|| parse_thoroughly(text, arena), |node| Ok(arena.alloc(node))),
        Err(error) => Err(not_utf8(text, error.valid_up_to())),
    }
}

/// Parses a document as [`parse`] does, by the grammar of `serde_json` alone. Slower; what it says is what holds.
pub fn parse_thoroughly<'a>(text: &'a str, arena: &'a Bump) -> Result<&'a Node<'a>, Malformed> {
    let mut reading = Reading::new(arena);
    let node = read(text, &mut reading)?;
    if reading.floats > 0
        && let Some(at) = numbers::first_that_loses_digits(text, reading.floats)
    {
        return Err(Malformed { pointer: pointer_at(text, at), ..located(text, at, Fault::LosesDigits) });
    }
    Ok(arena.alloc(node))
}

/// Reads a document without looking at the digits of its numbers.
fn read<'a>(text: &'a str, reading: &mut Reading<'a>) -> Result<Node<'a>, Malformed> {
    if text.starts_with('\u{feff}') {
        return Err(located(text, 0, Fault::ByteOrderMark));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Value { reading: &mut *reading };
    let outcome = value.deserialize(&mut deserializer).and_then(|node| deserializer.end().map(|()| node));
    outcome.map_err(|error| {
        let fault = reading.fault.unwrap_or_else(|| fault_of(&error));
        let only_space = fault == Fault::CutShort && text.bytes().all(|byte| byte.is_ascii_whitespace());
        let (line, column) = line_and_column(text, error.line(), error.column());
        Malformed {
            fault: if only_space { Fault::Empty } else { fault },
            pointer: reading.pointer(),
            line,
            column,
        }
    })
}

/// What `serde_json` complains of. Its messages for the grammar are fixed words, which a test holds against this table.
fn fault_of(error: &serde_json::Error) -> Fault {
    if error.is_eof() {
        return Fault::CutShort;
    }
    let words = error.to_string();
    let starts = |start: &str| words.starts_with(start);
    match () {
        () if starts("trailing characters") => Fault::TrailingContent,
        () if starts("number out of range") => Fault::LosesDigits,
        () if starts("lone leading surrogate") || starts("unexpected end of hex escape") => {
            Fault::LoneSurrogate
        }
        () if starts("control character") => Fault::ControlCharacter,
        () if starts("recursion limit") => Fault::TooDeep,
        () => Fault::Syntax,
    }
}

/// The fault of a document that is UTF-8 only up to a byte: that of its readable part if it has one, else [`Fault::NotUtf8`].
fn not_utf8(text: &[u8], readable: usize) -> Malformed {
    let (start, _) = text.split_at_checked(readable).unwrap_or((text, &[]));
    let start = std::str::from_utf8(start).unwrap_or_default();
    let here = located(start, start.len(), Fault::NotUtf8);
    match read(start, &mut Reading::new(&Bump::new())) {
        Err(Malformed { fault: Fault::CutShort | Fault::Empty, pointer, .. }) => {
            Malformed { pointer, ..here }
        }
        Err(earlier) => earlier,
        Ok(_) => here,
    }
}

/// The pointer of the value that starts at this byte of a readable document.
fn pointer_at(text: &str, at: usize) -> Pointer {
    // A letter in the place of the value makes the parser stop there, with its pointer.
    let spoilt = [text.get(..at).unwrap_or(text), "x"].concat();
    read(&spoilt, &mut Reading::new(&Bump::new())).map_or_else(|error| error.pointer, |_| Pointer::root())
}

/// A fault at a byte of the document, at no pointer.
fn located(text: &str, at: usize, fault: Fault) -> Malformed {
    let before = text.get(..at).unwrap_or(text);
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    Malformed {
        fault,
        pointer: Pointer::root(),
        line: count(before.matches('\n').count() + 1),
        column: count(column),
    }
}

/// Line and column in characters, from the parser's line and its column in bytes.
fn line_and_column(text: &str, line: usize, bytes: usize) -> (u64, u64) {
    if bytes == 0 && line > 1 {
        // It stopped at a line break, and calls that the start of the next line.
        let content = text.split('\n').nth(line - 2).unwrap_or("");
        return (count(line - 1), count(content.chars().count() + 1));
    }
    let content = text.split('\n').nth(line.saturating_sub(1)).unwrap_or("");
    let characters = content.char_indices().take_while(|(at, _)| *at < bytes).count();
    (count(line.max(1)), count(characters.max(1)))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A step of the pointer of an error.
enum Step {
    Key(String),
    Index(usize),
}

/// What the seeds of one document share.
struct Reading<'a> {
    arena: &'a Bump,
    /// The items of the lists that are open; each list moves its own into the arena when it closes.
    items: Vec<Node<'a>>,
    /// The same for the properties of the objects that are open.
    members: Vec<Member<'a>>,
    depth: usize,
    /// Values begun, so that a container can tell a fault inside a value from one between values.
    values: usize,
    /// Numbers that are not 64-bit integers.
    floats: usize,
    fault: Option<Fault>,
    /// The steps to the fault, innermost first.
    steps: Vec<Step>,
}

impl<'a> Reading<'a> {
    fn new(arena: &'a Bump) -> Self {
        Self {
            arena,
            items: Vec::new(),
            members: Vec::new(),
            depth: 0,
            values: 0,
            floats: 0,
            fault: None,
            steps: Vec::new(),
        }
    }

    fn refuse<E: serde::de::Error>(&mut self, fault: Fault) -> E {
        self.fault = Some(fault);
        E::custom(fault.code())
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.depth == Fault::DEEPEST {
            return Err(self.refuse(Fault::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    fn pointer(&mut self) -> Pointer {
        let mut pointer = Pointer::root();
        for step in self.steps.drain(..).rev() {
            match step {
                Step::Key(name) => pointer.push_key(&name),
                Step::Index(index) => pointer.push_index(index),
            }
        }
        pointer
    }
}

/// Reads any value.
struct Value<'r, 'a> {
    reading: &'r mut Reading<'a>,
}

impl<'a> DeserializeSeed<'a> for Value<'_, 'a> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Node<'a>, D::Error> {
        self.reading.values += 1;
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Value<'_, 'a> {
    type Value = Node<'a>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'a>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'a>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node<'a>, E> {
        Ok(Node::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node<'a>, E> {
        Ok(i64::try_from(number).map_or(Node::Big(number), Node::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node<'a>, E> {
        self.reading.floats += 1;
        Ok(Node::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Node<'a>, E> {
        Ok(Node::of_text(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'a>, E> {
        Ok(Node::of_text(self.reading.arena.alloc_str(text)))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut access: A) -> Result<Node<'a>, A::Error> {
        let reading = self.reading;
        reading.enter()?;
        let start = reading.items.len();
        loop {
            let begun = reading.values;
            let next = access.next_element_seed(Value { reading: &mut *reading });
            match next {
                Ok(Some(node)) => reading.items.push(node),
                Ok(None) => break,
                Err(error) => {
                    if reading.values != begun {
                        reading.steps.push(Step::Index(reading.items.len() - start));
                    }
                    // The list that holds this one counts its own items only.
                    reading.items.truncate(start);
                    return Err(error);
                }
            }
        }
        let items = reading.arena.alloc_slice_copy(reading.items.get(start..).unwrap_or_default());
        reading.items.truncate(start);
        reading.depth -= 1;
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut access: A) -> Result<Node<'a>, A::Error> {
        let reading = self.reading;
        reading.enter()?;
        let start = reading.members.len();
        let mut seen = Seen::default();
        while let Some(name) = access.next_key_seed(Key { arena: reading.arena })? {
            let hash = Name::hash_of(name);
            if seen.has(hash, name, reading.members.get(start..).unwrap_or_default()) {
                reading.steps.push(Step::Key(name.to_owned()));
                return Err(reading.refuse(Fault::DuplicateKey));
            }
            let value = Value { reading: &mut *reading };
            match access.next_value_seed(value) {
                Ok(value) => reading.members.push(Member { hash, name, value }),
                Err(error) => {
                    reading.steps.push(Step::Key(name.to_owned()));
                    return Err(error);
                }
            }
        }
        let members = reading.arena.alloc_slice_copy(reading.members.get(start..).unwrap_or_default());
        reading.members.truncate(start);
        reading.depth -= 1;
        Ok(Node::Object(members))
    }
}

/// Reads the name of a property.
struct Key<'a> {
    arena: &'a Bump,
}

impl<'a> DeserializeSeed<'a> for Key<'a> {
    type Value = &'a str;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<&'a str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key<'a> {
    type Value = &'a str;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a property")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<&'a str, E> {
        Ok(text)
    }

    fn visit_str<E>(self, text: &str) -> Result<&'a str, E> {
        Ok(self.arena.alloc_str(text))
    }
}
