//! `casecheck rules …`: what data officers do with rules.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::report;

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Load every rule and run its tests; say everything that is wrong.
    Check {
        /// An overlay to lay over the pack.
        #[arg(long)]
        overlay: Option<String>,
        /// Let pass what the vocabulary defines and no rule uses, while rules are being written.
        #[arg(long)]
        allow_unused: bool,
    },
}

pub(super) fn run(command: RulesCommand, folder: Option<&Path>) -> ExitCode {
    let RulesCommand::Check { overlay, allow_unused } = command;
    let mut out = anstream::stdout();
    let files = match folder.map_or_else(|| Ok(Files::embedded()), Files::of_folder) {
        Ok(files) => files,
        Err(error) => {
            let _ = writeln!(out, "{error}");
            return ExitCode::from(2);
        }
    };
    let result = Catalog::load_with(files, overlay.as_deref(), allow_unused).and_then(|catalog| {
        let (run, problems) = catalog.pack.try_out(&catalog.schema);
        if problems.is_empty() { Ok((catalog.pack.rules.len(), run)) } else { Err(problems) }
    });
    match result {
        Ok((rules, tests)) => {
            let _ = writeln!(out, "{rules} rules loaded, {tests} tests hold");
            ExitCode::SUCCESS
        }
        Err(problems) => {
            let _ = writeln!(out, "{}{} problems", report::problems_as_text(&problems, true), problems.len());
            ExitCode::from(1)
        }
    }
}
