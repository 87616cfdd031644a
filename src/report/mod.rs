//! What was found, for a reader: on a terminal, as JSON, as NDJSON; and the problems of rule files with their lines.
//!
//! Pure functions from answers to text; `cli` and `http` decide where it goes.

mod problems;
mod summary;
mod text;

pub use problems::problems_as_json;
pub use problems::problems_as_text;
pub use summary::Basis;
pub use summary::Gatherer;
pub use summary::NotSent;
pub use summary::RuleLine;
pub use summary::StandardLine;
pub use summary::Summary;
pub use summary::WaiverLine;
pub use summary::section_not_sent;
pub use text::Ink;
pub use text::finding_as_text;
pub use text::record_as_text;
pub use text::summary_as_text;
