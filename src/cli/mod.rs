//! The command line: arguments, settings, what is printed and how the program ends. This room alone reads the environment and the clock.
//!
//! A command is a file: arguments become options of a room below, and what comes back becomes words and an exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::Parser;
use clap::Subcommand;

mod calendar;
mod check;
mod check_run;
mod collect;
mod config;
mod coverage;
mod demo;
mod explain;
mod extracts;
mod impact;
mod jobs;
mod load;
mod mutate;
mod output;
mod progress;
mod results;
mod resumable;
mod rules;
mod schemas;
mod serve;
mod try_rule;

/// Checks case records of children in care against recording standards.
///
/// Exit codes: 0 all well; 1 findings at or over --fail-on, or problems in rules; 2 the program could not do its work (arguments, catalog,
/// files); 130 stopped by Ctrl-C, with what was done kept and marked as partial.
#[derive(Debug, Parser)]
#[command(name = "casecheck", version)]
struct Arguments {
    /// A folder with `schemas/` and `rules/` that replaces the built-in catalog.
    #[arg(long, global = true, value_name = "DIR", env = "CASECHECK_CATALOG")]
    catalog: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check files of case records, offline.
    Check(check::CheckArguments),
    /// Make a county of fictitious children, check it, and show it.
    Demo(demo::DemoArguments),
    /// Check, list, explain and try rules.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// The schemas of records and of rule files.
    #[command(subcommand)]
    Schemas(schemas::SchemasCommand),
    /// The working-day calendar.
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// Serve the interface and the pages.
    Serve(serve::ServeArguments),
    /// The settings of the service.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Why a command could not do its work: one sentence for people that says where and what to do.
pub(crate) type Failure = String;

/// Runs the program and says how it ended.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let catalog = arguments.catalog.as_deref();
    let result = match arguments.command {
        Command::Check(check) => check::run(&check, catalog),
        Command::Demo(demo) => demo::run(&demo, catalog),
        Command::Rules(command) => rules::run(command, catalog),
        Command::Schemas(command) => schemas::run(command, catalog),
        Command::Calendar(command) => calendar::run(command, catalog),
        Command::Serve(serve) => serve::run(&serve, catalog),
        Command::Config(command) => config::run(&command, catalog),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "casecheck", &mut anstream::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    result.unwrap_or_else(|failure| {
        output::err(&format!("casecheck: {failure}"));
        ExitCode::from(2)
    })
}
