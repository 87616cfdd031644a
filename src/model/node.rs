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

    /// The hash that members carry (FNV-1a, 32 bits): it only has to be quick, since a hit compares the names too.
    pub fn hash_of(text: &str) -> u32 {
        text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

impl<'a> Node<'a> {
    /// The property of this name, if this is an object that has it.
    pub fn get(&self, name: &Name) -> Option<&'a Node<'a>> {
        match self {
            Node::Object(members) => members
                .iter()
                .find(|member| member.hash == name.hash && member.name == name.as_str())
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
