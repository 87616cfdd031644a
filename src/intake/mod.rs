//! Reads bytes into trees: one strict JSON parser, and the files that records come in.
//!
//! `validator` and the rooms above hand bytes in and get [`crate::model::Node`]s out, each with its place. What a record
//! ought to hold is no business of this room: it only says whether the bytes are a document, and exactly where they are not.

mod array;
mod chunk;
mod chunks;
mod held;
mod json;
mod malformed;
mod numbers;
mod quick;
mod seen;
mod sniff;
mod source;
mod spool;
mod unreadable;

pub use chunk::Chunk;
pub use chunk::Document;
pub use chunks::Chunks;
pub use chunks::Limits;
pub use chunks::open;
pub use chunks::read;
pub use held::Bytes;
pub use json::parse;
pub use json::parse_thoroughly;
pub use malformed::Fault;
pub use malformed::Malformed;
pub use sniff::Format;
pub use source::Progress;
pub use spool::Spooled;
pub use unreadable::Trouble;
pub use unreadable::Unreadable;
