//! Reads bytes into trees: one strict JSON parser, and the files that records come in.
//!
//! `validator` and the rooms above hand bytes in and get [`crate::model::Node`]s out, each with its place. What a record
//! ought to hold is no business of this room: it only says whether the bytes are a document, and exactly where they are not.

mod json;
mod malformed;
mod numbers;

pub use json::parse;
pub use malformed::Fault;
pub use malformed::Malformed;
