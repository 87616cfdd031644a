//! The one integration test binary: a module for each room or promise, each with a line on what it holds.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a step of a test that cannot be taken is a test that fails; clippy sees only the test functions themselves"
)]

/// What only a whole run shows: duplicates, shared accounts, impossible days, siblings; alike everywhere, in bounded memory.
mod across;
/// Annex A: workbooks and archives of tables, from the file to the finding.
mod annex_a;
/// The rule book: plain English, clocks, examples.
mod book;
/// What the book says of a check, held against what the engine does.
mod book_words;
/// Every clock of the shipped rules around its due day, from awkward starts.
mod boundaries;
/// Due days, limits, moments and terms, against the catalogue's vectors and by property.
mod calendar;
/// The command line by its front door.
mod cli;
/// Two runs beside each other.
mod compare;
/// The county of fictitious children: it repeats, fits the schema and holds what was planned.
mod county;
/// Dates to day numbers and back, against chrono.
mod day;
/// Extracts by the front door: tables in, findings with their places out, and nothing that could not run counted as passed.
mod extracts;
/// The bank-holiday feed: what is refused, and what a good one changes.
mod feed;
/// The service, asked over HTTP on a free port.
mod http;
/// What a changed catalog would change.
mod impact;
/// Strict JSON, and files of records.
mod intake;
/// Files of records: formats, compression, chunks, limits.
mod intake_files;
/// Bulk jobs on both databases: run, resumed, compared, stopped; callbacks.
mod jobs;
/// A bench for rules: the tests' own small catalog, and one rule at a time.
mod lab;
/// The floors and rooms of the house.
mod layering;
/// Extracts by their layouts: messy tables, records, places, rules that could not run.
mod layouts;
/// Mapping files: their problems, and the shipped one.
mod mapping_files;
/// Mess and malice in extracts: nothing lost unsaid, nothing without a limit.
mod mess;
/// Mutation: what survives is found, and no limit does.
mod mutation;
/// Rows beneath rows: parents in the language of layouts, and the Standard Safeguarding Dataset.
mod nesting;
/// Fetching over HTTP from a server of our own.
mod outbound;
/// Rules that need not be asked count as if they had been.
mod passed_over;
/// The quick way through the record schema against the library.
mod plainly_valid;
/// Nothing of a record's content comes out again.
mod privacy;
/// The program as a process: its start, signals, its end.
mod process;
/// What must hold of any record.
mod properties;
/// The reports of a run as files: tables, a workbook, worklists, SARIF, JUnit.
mod reports;
/// The rule language, kind by kind, to the letter.
mod rule_language;
/// What is wrong with rules, said when they are loaded.
mod rule_problems;
/// The same answers at the save, in a stream, on the command line.
mod same_everywhere;
/// Faults of records, shapes, codes, limits.
mod schema;
/// The public test suite of JSON Schema, through our parse and our tree.
mod schema_suite;
/// Public test material kept beside the project, when it is there.
mod shared;
/// The shipped catalog: it loads, its tests hold, it is what the standards say.
mod shipped;
/// One child's story under the shipped rules.
mod story;
/// Files of tables: encodings, delimiters, headers, places, limits.
mod tables;
/// Waivers over a run.
mod waivers;
/// Workbooks into rows: cells, sheets, what is refused.
mod workbooks;
/// XML documents: the census and the return, broken ones, and ones that mean harm.
mod xml;
