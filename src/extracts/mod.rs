//! Extracts: the tables of a return become case records, one a child. What a column means is data, a mapping file; here is how it is
//! read, checked against the record schema and followed.
//!
//! The way of an extract: `recognise` tells which file is which table, `group` cleans the rows and brings those of a child together in
//! bounded memory, `assemble` makes the record and the table of its places, `values` each value. Nothing is changed unsaid: `coercion`
//! counts and locates. `cli` runs it; records go on as JSON, as though somebody had sent them.

mod assemble;
mod coercion;
mod extract;
mod forms;
mod group;
mod join;
mod layout;
mod parents;
mod read;
mod read_parent;
mod read_part;
mod recognise;
mod sort;
mod tree;
mod values;
mod xml;

pub use coercion::Coercion;
pub use coercion::Coercions;
pub use coercion::Counted;
pub use coercion::Key;
pub use extract::CoercionLine;
pub use extract::Extract;
pub use extract::ExtractFacts;
pub use extract::Lack;
pub use extract::MostlyBlank;
pub use extract::NotRun;
pub use extract::NotUsed;
pub use extract::TableFacts;
pub use forms::COLUMN;
pub use forms::LAYOUT;
pub use forms::PARENT;
pub use forms::PART;
pub use forms::TABLE;
pub use forms::UNUSED;
pub use forms::WHEN;
pub use forms::XML;
pub use group::GroupError;
pub use group::GroupLimits;
pub use group::Grouped;
pub use layout::Layout;
pub use layout::LayoutColumn;
pub use layout::LayoutTable;
pub use read::read_layout;
pub use recognise::Confirmed;
pub use recognise::Sources;
pub use recognise::Suggested;
pub use recognise::Unrecognised;
