//! One child's document, with its place.

use crate::model::Node;

/// Where a record, or a value in it, came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, utoipa::ToSchema)]
pub struct Place {
    /// The file, as the caller named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// One child's document, parsed, with the bytes it was parsed from.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The content.
    pub root: &'a Node<'a>,
    /// The bytes of the document, for its digest.
    pub bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// The child's id in the authority's system, if it is there and is a string.
    pub fn child(&self) -> Option<&'a str> {
        self.root.get_str("la_child_id").and_then(Node::as_str)
    }
}
