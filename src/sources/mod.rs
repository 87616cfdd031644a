//! What is to be judged, as it lies on a disk: files of records, and the tables of an extract that become records, in archives or not.
//!
//! `cli` and `jobs` name files; this room tells records from tables, opens both, and says which rules an extract cannot answer.

mod extract;
mod files;

pub use extract::Beginning;
pub use extract::Opened;
pub use extract::open_tables;
pub use files::FolderFiles;
pub use files::Input;
pub use files::Inputs;
pub use files::Named;
pub use files::TableFile;
