//! One pass over a record beside its shape: properties that the schema does not know, codes that are not in their list.

use crate::model::Node;
use crate::model::Pointer;
use crate::model::closest;
use crate::schema::Fault;
use crate::schema::Shape;

/// A step of the way down, kept as it is until a fault needs a pointer.
enum Step<'s> {
    Key(&'s str),
    Index(usize),
}

/// Whether the record holds a property or a code that the schema does not know. Allocates nothing.
pub(super) fn is_known(node: &Node<'_>, shape: &Shape) -> bool {
    match node {
        Node::Object(members) => {
            members.iter().all(|member| match shape.property_hashed(member.hash, member.name) {
                Some(inner) => is_known(&member.value, inner),
                None => shape.kind() != crate::schema::ShapeKind::Object,
            })
        }
        Node::List(items) => shape.item().is_none_or(|inner| items.iter().all(|item| is_known(item, inner))),
        Node::Text(text) => is_known_code(text, shape),
        _ => true,
    }
}

fn is_known_code(text: &str, shape: &Shape) -> bool {
    shape.codes_judged_by_a_rule
        || text.is_empty()
        || shape.code_list().is_none_or(|codes| codes.contains(text))
}

/// All of them, in the order of the document, at most `room`.
pub(super) fn unknown(root: &Node<'_>, shape: &Shape, room: usize) -> Vec<Fault> {
    let mut found = Vec::new();
    descend(root, shape, &mut Vec::new(), room, &mut found);
    found
}

fn descend<'s>(node: &Node<'s>, shape: &Shape, way: &mut Vec<Step<'s>>, room: usize, found: &mut Vec<Fault>) {
    if found.len() >= room {
        return;
    }
    match node {
        Node::Object(members) => {
            for member in *members {
                match shape.property_hashed(member.hash, member.name) {
                    Some(inner) => {
                        way.push(Step::Key(member.name));
                        descend(&member.value, inner, way, room, found);
                        way.pop();
                    }
                    None if shape.kind() == crate::schema::ShapeKind::Object && found.len() < room => {
                        found.push(unknown_property(member.name, shape, way));
                    }
                    None => {}
                }
            }
        }
        Node::List(items) => {
            if let Some(inner) = shape.item() {
                for (index, item) in items.iter().enumerate() {
                    way.push(Step::Index(index));
                    descend(item, inner, way, room, found);
                    way.pop();
                }
            }
        }
        Node::Text(text) if !is_known_code(text, shape) => found.push(unknown_code(shape, way)),
        _ => {}
    }
}

fn pointer(way: &[Step<'_>]) -> Pointer {
    let mut pointer = Pointer::root();
    for step in way {
        match step {
            Step::Key(name) => pointer.push_key(name),
            Step::Index(index) => pointer.push_index(*index),
        }
    }
    pointer
}

fn unknown_property(name: &str, shape: &Shape, way: &[Step<'_>]) -> Fault {
    // A name that does not look like one of ours may be content put in the wrong place: it is not repeated.
    let plain = name.len() <= 60
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let near = closest(name, shape.properties());
    let message = match near {
        Some(near) => format!("Rename this property: did you mean `{near}`?"),
        None => "Remove this property, or ask for it to be added: the schema does not know it".to_owned(),
    };
    let here = pointer(way);
    Fault {
        keyword: "unknown_property",
        pointer: if plain { here.key(name) } else { here },
        message,
        args: near.map(|near| ("did_you_mean", near.to_owned())).into_iter().collect(),
        names: Vec::new(),
    }
}

fn unknown_code(shape: &Shape, way: &[Step<'_>]) -> Fault {
    let (name, title) = shape.code_list().map_or(("", ""), |list| (list.name.as_str(), list.title.as_str()));
    Fault {
        keyword: "unknown_code",
        pointer: pointer(way),
        message: format!("Choose a code from the list `{title}`").chars().take(90).collect(),
        args: vec![("code_list", name.to_owned())],
        names: shape.names().to_vec(),
    }
}
