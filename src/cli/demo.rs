//! `casecheck demo`: a county of fictitious children, checked, and shown.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::Failure;

/// What `demo` is asked to do.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// How many children.
    #[arg(long, default_value_t = 300)]
    children: usize,
    /// The seed: the same seed makes the same county.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the records to this file (NDJSON), and do not serve.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(_arguments: &DemoArguments, _folder: Option<&Path>) -> Result<ExitCode, Failure> {
    Err("not yet".to_owned())
}
