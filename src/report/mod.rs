//! What was found, for a reader: on a terminal, as JSON, as NDJSON, as tables, a workbook and worklists; and the problems of rule files
//! with their lines.
//!
//! `text`, `summary` and `problems` are pure functions from answers to text; `words` holds sentences that pages say too, who read a summary
//! again through `kept`. `files` makes the other reports of the results of a run:
//! `rows` reads them, `columns` says what stands in a table.

mod columns;
mod compare;
mod extract;
mod figures;
mod files;
mod impact;
mod junit;
mod kept;
mod mutation;
#[cfg(feature = "parquet")]
mod parquet;
mod problems;
mod rows;
mod sarif;
mod star;
mod summary;
mod table;
mod text;
mod words;
mod workbook;
mod worklists;

pub use compare::Changes;
pub use compare::Comparison;
pub use compare::compare;
pub use compare::mark_found;
pub use compare::read_baseline;
pub use compare::write_left;
pub use files::Form;
pub use files::write_reports;

pub use extract::extract_as_text;
pub use extract::probable_faults_as_text;
pub use impact::ImpactReport;
pub use impact::impact_as_text;
pub use kept::KeptRule;
pub use kept::KeptStandard;
pub use kept::KeptSummary;
pub use kept::KeptWaiver;
pub use mutation::Fates;
pub use mutation::MutationScore;
pub use problems::problems_as_json;
pub use problems::problems_as_text;
pub use rows::FindingRow;
pub use rows::RecordRow;
pub use rows::ReportError;
pub use rows::TimingRow;
pub use summary::Basis;
pub use summary::Gatherer;
pub use summary::NearlyAll;
pub use summary::NotSent;
pub use summary::RuleLine;
pub use summary::StandardLine;
pub use summary::Summary;
pub use summary::WaiverLine;
pub use summary::section_not_sent;
pub use text::Ink;
pub use text::across_as_text;
pub use text::finding_as_text;
pub use text::record_as_text;
pub use text::summary_as_text;
pub use words::COERCIONS;
pub use words::PROBABLE_FAULTS;
pub use words::blank_words;
pub use words::comparison_words;
pub use words::counted;
pub use words::lacking;
pub use words::nearly_all_words;
pub use words::not_run_words;
pub use words::not_sent_words;
pub use words::rate_words;
pub use words::waiver_words;
