//! Reads tables: a file of bytes becomes rows of cells, each with its line, whatever program wrote the file. Each format is a
//! [`RowSource`] of its own; a [`Table`] is the same to those who use it.
//!
//! Encodings, delimiters, title rows, blank and total rows and headers are settled here. What a column means is no business of this
//! room: `extracts` asks for columns by name and makes case records of the rows. A cell is text, spelled as it was written.

mod cell;
mod cell_text;
mod delimiter;
mod encoding;
mod header;
mod kind;
mod lines;
mod row;
mod table;
mod text;
mod trouble;
mod workbook;
mod worksheet;
mod writer;
mod xml;

pub use cell::Mess;
pub use cell::clean;
pub use encoding::Encoding;
pub use header::Found;
pub use header::How;
pub use header::Wanted;
pub use header::match_columns;
pub use header::normalised;
pub use row::Row;
pub use row::RowSource;
pub use table::Limits;
pub use table::Rows;
pub use table::Skip;
pub use table::Table;
pub use table::TableForm;
pub use table::TableLine;
pub use trouble::TableTrouble;
pub use trouble::UnreadableTable;
pub use workbook::Sheets;
pub use workbook::column_letters;
pub use workbook::is_workbook;
pub use workbook::is_xml;
pub use workbook::open;
pub use workbook::open_spool;
pub use writer::TableWriter;
pub use xml::Document;
pub use xml::Noticed;
pub use xml::XmlCell;
pub use xml::XmlItem;
pub use xml::XmlPlan;
pub use xml::XmlRecord;
pub use xml::XmlRow;
pub use xml::XmlRows;
pub use xml::XmlTable;
pub use xml::XmlTrouble;
