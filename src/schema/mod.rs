//! The record schema: whether a record has the shape it should, in our own words.
//!
//! `rules` resolve the fields they name against the [`Shape`]; `validator` asks [`RecordSchema::faults`] of every record. The
//! JSON Schema engine reads our tree as it is ([`Tree`]), so no second copy of a record is ever built.

mod cost;
mod fault;
mod record_schema;
mod shape;
mod tree;
mod walk;

pub use fault::Fault;
pub use record_schema::RecordSchema;
pub use shape::CodeList;
pub use shape::Shape;
pub use shape::ShapeKind;
pub use tree::Tree;
