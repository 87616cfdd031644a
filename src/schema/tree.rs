//! Lets the JSON Schema engine read our tree: the only implementation of its traits.

use std::borrow::Cow;

use jsonschema::json;
use jsonschema::json::Json;
use jsonschema::json::JsonNumber;
use jsonschema::json::NodeIdentity;
use jsonschema::types::JsonType;
use serde_json::Number;
use serde_json::Value;

use crate::model::Member;
use crate::model::Name;
use crate::model::Node;

/// Our tree as a representation of JSON.
#[derive(Clone, Copy, Debug)]
pub struct Tree;

impl Json for Tree {
    type Node<'a> = &'a Node<'a>;
    type PreparedKey = Name;
    type StringBuffer = ();

    const KEYS_PER_LOOKUP: usize = 1;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Name {
        Name::new(key)
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Self::Node<'_>) -> T) -> T {
        f(&Node::Text(string))
    }
}

impl<'a> json::Node<'a, Tree> for &'a Node<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = Digits;

    fn as_object(&self) -> Option<Members<'a>> {
        Node::as_object(self).map(Members)
    }

    fn as_array(&self) -> Option<Items<'a>> {
        self.as_list().map(Items)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Digits> {
        match self {
            Node::Int(number) => Some(Digits::Int(*number)),
            Node::Big(number) => Some(Digits::Big(*number)),
            Node::Float(number) => Some(Digits::Float(*number)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Node::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Node::Null)
    }

    fn json_type(&self) -> JsonType {
        match self {
            Node::Null => JsonType::Null,
            Node::Bool(_) => JsonType::Boolean,
            Node::Int(_) | Node::Big(_) | Node::Float(_) => JsonType::Number,
            Node::Text(_) | Node::Date(..) => JsonType::String,
            Node::List(_) => JsonType::Array,
            Node::Object(_) => JsonType::Object,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let text = self.as_str()?;
        let bytes = text.len() as u64;
        let fewest = bytes.div_ceil(4);
        if bytes < min || fewest > max {
            return Some(false);
        }
        if min <= fewest && bytes <= max {
            return Some(true);
        }
        Some((min..=max).contains(&(text.chars().count() as u64)))
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(value_of(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node<'a>>(self).addr()))
    }
}

fn value_of(node: &Node<'_>) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Bool(flag) => Value::Bool(*flag),
        Node::Int(number) => Value::from(*number),
        Node::Big(number) => Value::from(*number),
        Node::Float(number) => Value::from(*number),
        Node::Text(text) | Node::Date(text, _) => Value::from(*text),
        Node::List(items) => Value::Array(items.iter().map(value_of).collect()),
        Node::Object(members) => Value::Object(
            members.iter().map(|member| (member.name.to_owned(), value_of(&member.value))).collect(),
        ),
    }
}

/// The members of an object.
#[derive(Clone, Copy, Debug)]
pub struct Members<'a>(&'a [Member<'a>]);

impl<'a> json::Object<'a, Tree> for Members<'a> {
    type Node = &'a Node<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &Name) -> Option<&'a Node<'a>> {
        let hash = key.hash();
        let found = self.0.iter().find(|member| member.hash == hash && member.name == key.as_str());
        found.map(|member| &member.value)
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter(self.0.iter())
    }
}

/// Walks the members of an object.
#[derive(Clone, Debug)]
pub struct MembersIter<'a>(std::slice::Iter<'a, Member<'a>>);

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, &'a Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|member| (member.name, &member.value))
    }
}

/// The items of a list.
#[derive(Clone, Copy, Debug)]
pub struct Items<'a>(&'a [Node<'a>]);

impl<'a> json::Array<'a, Tree> for Items<'a> {
    type Node = &'a Node<'a>;
    type ElementsIter = std::slice::Iter<'a, Node<'a>>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.0.iter()
    }
}

/// A number of the tree.
#[derive(Clone, Copy, Debug)]
pub enum Digits {
    /// With a sign.
    Int(i64),
    /// Beyond `i64`.
    Big(u64),
    /// With a fraction or an exponent.
    Float(f64),
}

impl JsonNumber for Digits {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Int(number) => u64::try_from(*number).ok(),
            Self::Big(number) => Some(*number),
            Self::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Big(_) | Self::Float(_) => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the engine asks for the nearest float")]
    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Big(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::Int(number) => number.to_string(),
            Self::Big(number) => number.to_string(),
            Self::Float(number) => serde_json::to_string(number).unwrap_or_default(),
        })
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(match self {
            Self::Int(number) => Number::from(*number),
            Self::Big(number) => Number::from(*number),
            Self::Float(number) => Number::from_f64(*number).unwrap_or_else(|| Number::from(0)),
        })
    }

    fn is_integer(&self) -> bool {
        match self {
            Self::Int(_) | Self::Big(_) => true,
            Self::Float(number) => number.fract() == 0.0,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        !matches!(self, Self::Float(_))
    }
}
