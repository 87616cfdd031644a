//! The command line: arguments, settings, what is printed and how the program ends. This room alone reads the environment.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

mod rules;

/// Checks case records of children in care against recording standards.
#[derive(Debug, Parser)]
#[command(name = "casecheck", version, about)]
struct Arguments {
    /// A folder with `schemas/` and `rules/` that replaces the built-in catalog.
    #[arg(long, global = true, value_name = "DIR")]
    catalog: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check, list and explain rules.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
}

/// Runs the program and says how it ended: 0 well, 1 with findings, 2 when it could not do its work.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Rules(command) => rules::run(command, arguments.catalog.as_deref()),
    }
}
