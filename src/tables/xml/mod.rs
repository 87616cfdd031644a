//! Tables that are XML: each element of one name holds one child, and elements inside it are rows, of which one stands inside another.
//!
//! A document is read twice: once whole, so that nothing of a broken one is used and its elements are known; then row by row. `pieces` reads
//! markup within limits (`seen` says what each piece may be), `rows` makes rows of it. Nothing is resolved that a document brings along: no DTD, no entities.

mod document;
mod pieces;
mod rows;
mod seen;
mod trouble;

pub use document::Document;
pub use rows::Noticed;
pub use rows::XmlCell;
pub use rows::XmlItem;
pub use rows::XmlPlan;
pub use rows::XmlRecord;
pub use rows::XmlRow;
pub use rows::XmlRows;
pub use rows::XmlTable;
pub use trouble::XmlTrouble;
