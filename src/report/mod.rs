//! What was found, for a reader: on a terminal, as JSON, as NDJSON; and the problems of rule files with their lines.
//!
//! Pure functions from answers to text; `cli` and `http` decide where it goes.

mod problems;

pub use problems::problems_as_json;
pub use problems::problems_as_text;
