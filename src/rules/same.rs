//! Whether two values say the same to a reader.

use crate::model::Node;

/// Whether two values are the same to a reader: letter case and white space aside.
pub fn same(left: &Node<'_>, right: &Node<'_>) -> bool {
    match (left, right) {
        (Node::Date(_, left), Node::Date(_, right)) => left == right,
        _ => match (left.as_str(), right.as_str()) {
            (Some(left), Some(right)) => {
                left == right || !start_apart(left, right) && letters(left).eq(letters(right))
            }
            _ => left == right,
        },
    }
}

/// Whether two texts plainly differ in their first letter.
fn start_apart(left: &str, right: &str) -> bool {
    match (left.as_bytes(), right.as_bytes()) {
        ([left, ..], [right, ..]) => {
            left.is_ascii_graphic() && right.is_ascii_graphic() && !left.eq_ignore_ascii_case(right)
        }
        _ => false,
    }
}

/// The letters of a text in lower case, runs of white space as one space.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.split_whitespace().flat_map(|word| word.chars().flat_map(char::to_lowercase).chain([' ']))
}
