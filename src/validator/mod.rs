//! One record, or a stream of them, through schema and rules. The one way in which anything is ever judged: at the save, in bulk, on
//! the command line, in a replay.
//!
//! `http`, `cli` and `jobs` hand bytes here; nothing here reads a clock, a file or the environment.

mod across;
mod answer;
mod finding;
mod impact;
mod room;
mod schema_findings;
mod stream;
mod told;
mod validate;
mod waivers;

pub use across::AcrossOptions;
pub use across::MARKS_IN_MEMORY;
pub use impact::Side;
pub use impact::see_impact;
pub use stream::StreamOptions;
pub use stream::Streamed;
pub use stream::check_part;
pub use stream::check_stream;
pub use stream::poison_line;
pub use validate::DueNoted;
pub use validate::Options;
pub use validate::Validator;
pub use waivers::Waivers;
