//! What was written: a file of the catalog as a tree with spans, read against a form, every problem at once.
//!
//! `rules` and `catalog` read their YAML through this room. A [`Form`] is the one list of a mapping's keys: from it come the
//! checks of unknown and missing keys, the JSON Schema that editors complete from, and the tables in the documentation.
//! What the values mean is left to the rooms above.

mod json;
mod reader;
mod schema;
mod tables;
mod written;

pub use json::merge;
pub use json::to_json;
pub use reader::Fields;
pub use reader::Problems;
pub use schema::Language;
pub use schema::json_schema;
pub use tables::Field;
pub use tables::Form;
pub use tables::Takes;
pub(crate) use tables::field;
pub use written::Entry;
pub use written::What;
pub use written::Written;
pub use written::read;
pub use written::read_up_to;
