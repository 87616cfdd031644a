//! The nouns that every room shares. This room imports nothing of ours.
//!
//! A [`Record`] is one child's document and its [`Place`]; its content is a borrowed tree of [`Node`]s. A rule judges a
//! subject and gives one of eight [`Outcome`]s; what a reader should act on becomes a [`Finding`]. What is wrong with a
//! rule, schema or mapping file is a [`Problem`]. The [`Tally`] counts every outcome; a run is one validation of one input.

mod across;
mod answer;
mod baseline;
mod day;
mod finding;
mod finding_form;
mod hex;
mod impact;
mod node;
#[macro_use]
mod outcome;
mod place_table;
mod pointer;
mod problem;
mod record;
mod rendered;
mod suggest;
mod tally;
mod waiver;

pub use across::AcrossAnswer;
pub use across::AcrossFacts;
pub use across::OwnedBy;
pub use across::PlaceWith;
pub use answer::Answer;
pub use answer::Change;
pub use answer::Decision;
pub use answer::DueSoon;
pub use answer::FallsDue;
pub use answer::PackFacts;
pub use answer::RecordFacts;
pub use answer::RuleCount;
pub use answer::Verdict;
pub use baseline::Baseline;
pub use baseline::KnownFinding;
pub use baseline::Left;
pub use day::Day;
pub use finding::Cause;
pub use finding::Evidence;
pub use finding::Finding;
pub use finding::FindingId;
pub use finding::KeyPart;
pub use finding::RuleFacts;
pub use finding::RuleWords;
pub use finding::Subject;
pub use finding::Timing;
pub use finding::WaiverNote;
pub use hex::hex;
pub use impact::Impact;
pub use impact::Moves;
pub use node::Member;
pub use node::Name;
pub use node::NameTable;
pub use node::Node;
pub use node::is_same_text;
pub use outcome::Dimension;
pub use outcome::Disposition;
pub use outcome::Force;
pub use outcome::Outcome;
pub use outcome::OutcomeSet;
pub use outcome::Reliability;
pub use outcome::RuleStage;
pub use outcome::Severity;
pub use outcome::Stage;
pub use place_table::PlaceTable;
pub use place_table::PlacedRow;
pub use place_table::PlacedSheet;
pub use pointer::Pointer;
pub use problem::Problem;
pub use problem::SourceFile;
pub use record::Owners;
pub use record::Place;
pub use record::Record;
pub use rendered::Rendered;
pub use suggest::closest;
pub use tally::OutcomeCounts;
pub use tally::Tally;
pub use waiver::Waiver;
pub use waiver::WaiverState;
