//! Lets the schema library read our borrowed tree as it stands, so that no second copy of a record is ever built.
//!
//! Only `record_schema` builds validators over it; `tests/it/schema_suite.rs` holds it against the library's own tree.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::Array;
use jsonschema::json::Json;
use jsonschema::json::Node as JsonNode;
use jsonschema::json::NodeIdentity;
use jsonschema::json::Object;
use jsonschema::json::cmp;
use serde_json::Number;
use serde_json::Value;

use crate::model::Member;
use crate::model::Name;
use crate::model::Node;
use crate::schema::plain::has_length;

/// The representation of records for the schema library: nodes are references into the arena.
#[derive(Debug)]
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

/// The record's number as the library wants it.
fn number(node: &Node<'_>) -> Option<Number> {
    match node {
        Node::Int(number) => Some(Number::from(*number)),
        Node::Big(number) => Some(Number::from(*number)),
        Node::Float(number) => Number::from_f64(*number),
        _ => None,
    }
}

/// A copy for the library's rare paths: `enum` with lists, `uniqueItems`, errors.
fn copy(node: &Node<'_>) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Bool(value) => Value::Bool(*value),
        Node::Int(_) | Node::Big(_) | Node::Float(_) => number(node).map_or(Value::Null, Value::Number),
        Node::Text(text) | Node::Date(text, _) => Value::from(*text),
        Node::List(items) => items.iter().map(copy).collect(),
        Node::Object(members) => {
            members.iter().map(|member| (member.name.to_owned(), copy(&member.value))).collect()
        }
    }
}

impl<'a> JsonNode<'a, Tree> for &'a Node<'a> {
    type Object = &'a [Member<'a>];
    type Array = &'a [Node<'a>];
    type Number = Number;

    fn as_object(&self) -> Option<&'a [Member<'a>]> {
        Node::as_object(self)
    }

    fn as_array(&self) -> Option<&'a [Node<'a>]> {
        Node::as_list(self)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        Node::as_str(self).map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number> {
        number(self)
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Node::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Node::Null)
    }

    fn is_number(&self) -> bool {
        matches!(self, Node::Int(_) | Node::Big(_) | Node::Float(_))
    }

    fn is_string(&self) -> bool {
        matches!(self, Node::Text(_) | Node::Date(..))
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
        let text = Node::as_str(self)?;
        Some(has_length(text, min, max))
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self, expected) {
            (Node::Null, Value::Null) => true,
            (Node::Bool(mine), Value::Bool(theirs)) => mine == theirs,
            (Node::Text(mine) | Node::Date(mine, _), Value::String(theirs)) => mine == theirs,
            (Node::Int(_) | Node::Big(_) | Node::Float(_), Value::Number(theirs)) => {
                number(self).is_some_and(|mine| cmp::equal_numbers(&mine, theirs))
            }
            (Node::List(_), Value::Array(_)) | (Node::Object(_), Value::Object(_)) => {
                cmp::equal(&copy(self), expected)
            }
            _ => false,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(copy(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node<'_>>(*self).addr()))
    }
}

/// The members of an object, as pairs.
pub struct Members<'a>(std::slice::Iter<'a, Member<'a>>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|member| (member.name, &member.value))
    }
}

impl<'a> Object<'a, Tree> for &'a [Member<'a>] {
    type Node = &'a Node<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        <[Member<'a>]>::len(self)
    }

    fn get(&self, key: &Name) -> Option<&'a Node<'a>> {
        Node::Object(self).get(key)
    }

    fn members(&self) -> Members<'a> {
        Members(self.iter())
    }
}

impl<'a> Array<'a, Tree> for &'a [Node<'a>] {
    type Node = &'a Node<'a>;
    type ElementsIter = std::slice::Iter<'a, Node<'a>>;

    fn len(&self) -> usize {
        <[Node<'a>]>::len(self)
    }

    fn elements(&self) -> std::slice::Iter<'a, Node<'a>> {
        self.iter()
    }
}
