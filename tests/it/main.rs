//! The one integration test binary: a module for each room or promise.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

// Strict JSON, and files of records.
mod intake;
// Files of records: formats, compression, chunks, limits.
mod intake_files;
// Where the public corpora lie, for those tests that read them.
mod shared;
