//! As `load`, with the bare server in the allocator that casecheck ships with: run `cargo bench --bench load_same_allocator`.
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

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    load::run();
}
