//! Goes through a record with its shape, and finds what JSON Schema does not look for: properties and codes that are not known.
//!
//! This runs on every record, so it allocates nothing until it finds something.

use crate::model::Member;
use crate::model::Node;
use crate::model::Pointer;
use crate::schema::Shape;

/// Something that the shape does not know.
pub(super) enum Stranger<'s> {
    /// A property; the shape is that of the object around it.
    Property(&'s Shape),
    /// A code; the shape is that of the field.
    Code(&'s Shape),
}

/// The way to where the walk is, on the stack.
#[derive(Clone, Copy)]
pub(super) struct Trail<'t> {
    before: Option<&'t Trail<'t>>,
    step: Step<'t>,
}

#[derive(Clone, Copy)]
enum Step<'t> {
    Root,
    Key(&'t str),
    Index(usize),
}

impl Trail<'_> {
    /// The trail as a pointer.
    pub(super) fn pointer(&self) -> Pointer {
        let mut pointer = self.before.map(Trail::pointer).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(name) => pointer.push_key(name),
            Step::Index(index) => pointer.push_index(index),
        }
        pointer
    }

    /// The pointer to what is around the end of the trail.
    pub(super) fn around(&self) -> Pointer {
        self.before.map(Trail::pointer).unwrap_or_default()
    }

    /// The name of the property that the trail ends at.
    pub(super) fn name(&self) -> &str {
        match self.step {
            Step::Key(name) => name,
            Step::Root | Step::Index(_) => "",
        }
    }
}

/// Told of each stranger; answers whether to go on.
type Tell<'a, 's> = dyn FnMut(Stranger<'s>, &Trail<'_>) -> bool + 'a;

/// Goes through the record in its order; `false` when `tell` ended it.
pub(super) fn walk<'s>(root: &Node<'_>, shape: &'s Shape, tell: &mut Tell<'_, 's>) -> bool {
    let trail = Trail { before: None, step: Step::Root };
    value(root, shape, &trail, tell)
}

fn value<'s>(node: &Node<'_>, shape: &'s Shape, trail: &Trail<'_>, tell: &mut Tell<'_, 's>) -> bool {
    match node {
        Node::Object(members) => object(members, shape, trail, tell),
        Node::List(items) => {
            let Some(item) = shape.item() else {
                return true;
            };
            items.iter().enumerate().all(|(index, node)| {
                let trail = Trail { before: Some(trail), step: Step::Index(index) };
                value(node, item, &trail, tell)
            })
        }
        Node::Text(text) | Node::Date(text, _) if !shape.knows_code(text) => {
            tell(Stranger::Code(shape), trail)
        }
        _ => true,
    }
}

fn object<'s>(members: &[Member<'_>], shape: &'s Shape, trail: &Trail<'_>, tell: &mut Tell<'_, 's>) -> bool {
    if shape.properties.is_empty() {
        return true;
    }
    members.iter().all(|member| {
        let trail = Trail { before: Some(trail), step: Step::Key(member.name) };
        match shape.find(member.hash, member.name) {
            Some(known) => value(&member.value, known, &trail, tell),
            None if shape.is_closed() => tell(Stranger::Property(shape), &trail),
            None => true,
        }
    })
}
