//! Extracts: the tables of a return become case records, one a child. What a column means is data, a mapping file; here is how it is
//! read, checked against the record schema and followed.
//!
//! The way of an extract: `recognise` tells which file is which table (`opened` what its header says, `xml` what a document has), `reading`
//! cleans the rows, `group` brings those of a child together in bounded memory (`join` those that find it through another row), `assemble`
//! makes the record and the table of its places, `values` each value (`pieces` of a cell that lists several). Nothing is changed unsaid: `coercion` counts and locates. `sources` opens
//! the files; records go on as JSON, as though somebody had sent them.

mod assemble;
mod coercion;
mod extract;
mod facts;
mod forms;
mod group;
mod join;
mod layout;
mod opened;
mod parents;
mod pieces;
mod present;
mod read;
mod read_parent;
mod read_part;
mod reading;
mod recognise;
mod sort;
mod tree;
mod values;
mod xml;

pub use coercion::Coercion;
pub use coercion::Coercions;
pub use coercion::Counted;
pub use coercion::Key;
pub use extract::Extract;
pub use facts::CoercionLine;
pub use facts::ExtractFacts;
pub use facts::Lack;
pub use facts::MostlyBlank;
pub use facts::NotRun;
pub use facts::NotUsed;
pub use facts::TableFacts;
pub use facts::table_name;
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
pub use opened::NotOfChildren;
pub use opened::Suggested;
pub use read::read_layout;
pub use recognise::Confirmed;
pub use recognise::Sources;
pub use recognise::Unrecognised;
pub use recognise::no_table;
