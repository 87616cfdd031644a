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

/// Due days, limits, moments and terms, against the catalogue's vectors and by property.
mod calendar;
/// Dates to day numbers and back, against chrono.
mod day;
/// The bank-holiday feed: what is refused, and what a good one changes.
mod feed;
/// The service, asked over HTTP on a free port.
mod http;
/// Strict JSON, and files of records.
mod intake;
/// Files of records: formats, compression, chunks, limits.
mod intake_files;
/// The floors and rooms of the house.
mod layering;
/// Fetching over HTTP from a server of our own.
mod outbound;
/// Public test material kept beside the project, when it is there.
mod shared;
