//! What a record may look like: the JSON Schemas of the catalog, compiled once, and every fault of a record against them.
//!
//! `catalog` compiles a [`RecordSchema`]; `validator` asks it about each record; rules look up the [`Shape`] of a field. This
//! room never repeats a word of the schema library about a record, because those words quote the record.

mod build;
mod check;
mod codes;
mod fault;
mod files;
mod letters;
mod locate;
mod plain;
mod record_schema;
mod shape;
mod tree;
mod walk;
mod wording;
mod written;

pub use codes::CodeList;
pub use fault::Fault;
pub use record_schema::RecordSchema;
pub use shape::Shape;
pub use shape::ShapeKind;
pub use tree::Tree;
