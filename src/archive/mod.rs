//! Zip archives and the nameless files that they are unpacked into. What an archive says of itself (how many entries, how long, how far they
//! shrink, whether they are encrypted) is looked at before a byte is unpacked, and bytes are counted while they are.
//!
//! `tables` has workbooks looked at here, which are zip archives; `cli` opens archives of tables and records; `extracts` sorts in temporary
//! files. Nothing of an archive's names is ever used as a path.

mod pieces;
mod sort;
mod spool;
mod trouble;
mod write;
mod zipped;

pub use pieces::Piece;
pub use pieces::read_length;
pub use pieces::read_number;
pub use pieces::read_text;
pub use pieces::write_length;
pub use pieces::write_number;
pub use pieces::write_text;
pub use sort::Sortable;
pub use sort::Sorted;
pub use sort::Sorter;
pub use spool::Spool;
pub use spool::scratch;
pub use trouble::ArchiveTrouble;
pub use write::zip_of;
pub use zipped::Archive;
pub use zipped::ArchiveLimits;
pub use zipped::Entry;
pub use zipped::Look;
