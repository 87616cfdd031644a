//! The binary: everything is in the library.

use std::process::ExitCode;

/// Checking a record makes many small short-lived values; this allocator is quicker at that (`docs/PERFORMANCE.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    casecheck::cli::main()
}
