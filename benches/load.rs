//! The service under load beside a bare server as anyone would write it: run `cargo bench --bench load`.
//!
//! The bare server uses the system's allocator. `load_same_allocator` gives it the one that casecheck ships with.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench prints what it saw, and stops when it cannot go on"
)]

#[path = "shared/load.rs"]
mod load;
#[path = "shared/records.rs"]
mod records;

fn main() {
    load::run();
}
