//! `casecheck rules …`: what data officers do with rules.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::book::Book;
use crate::book::Vocabulary;
use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::coverage;
use crate::cli::explain;
use crate::cli::impact;
use crate::cli::load;
use crate::cli::mutate;
use crate::cli::output;
use crate::cli::try_rule;
use crate::model::RuleFacts;
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
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// List the rules.
    List {
        /// One standard only, such as `pep`.
        #[arg(long)]
        standard: Option<String>,
        /// An overlay to lay over the pack.
        #[arg(long)]
        overlay: Option<String>,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Explain a rule in plain words.
    Explain {
        /// Its id, such as `PEP-001`.
        id: String,
        /// An overlay to lay over the pack.
        #[arg(long)]
        overlay: Option<String>,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Try a rule file, in the pack or not yet, on a record.
    Try(try_rule::TryArguments),
    /// Change each rule in one place at a time, and say which changes no test of its own catches.
    Mutate(mutate::MutateArguments),
    /// Show every standard as a rule or a registered reason; with a catalogue of standards, list what is neither.
    Coverage {
        /// A CSV file with the columns `id`, `area` and `title`.
        #[arg(long, value_name = "FILE")]
        standards: Option<PathBuf>,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Say what a changed catalog would find that the one in use does not, and the other way round, over records of one's own.
    Impact(impact::ImpactArguments),
    /// Write the rule book: every rule in plain words, one HTML file that works offline and prints.
    Book {
        /// The file to write; standard output unless given.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// An overlay to lay over the pack.
        #[arg(long)]
        overlay: Option<String>,
    },
    /// Print the JSON Schema of rule files, for editors: with the events, the periods and the lists that this catalog knows.
    Schema,
    /// Write the catalog to a new folder, to be changed and given back with --catalog.
    Export {
        /// The folder; it must not be there yet, or be empty.
        folder: PathBuf,
    },
}

pub(super) fn run(command: RulesCommand, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::Check { overlay, allow_unused, json } => {
            check(folder, overlay.as_deref(), allow_unused, json)
        }
        RulesCommand::List { standard, overlay, json } => {
            list(folder, standard.as_deref(), overlay.as_deref(), json)
        }
        RulesCommand::Explain { id, overlay, json } => {
            let catalog = load::catalog(folder, overlay.as_deref())?;
            output::raw(&explain::explain(&catalog, &id, json)?);
            Ok(ExitCode::SUCCESS)
        }
        RulesCommand::Mutate(arguments) => mutate::run(&arguments, folder),
        RulesCommand::Try(arguments) => try_rule::run(&arguments, folder),
        RulesCommand::Coverage { standards, json } => {
            coverage::run(&load::catalog(folder, None)?, standards.as_deref(), json)
        }
        RulesCommand::Impact(arguments) => impact::run(&arguments),
        RulesCommand::Book { out, overlay } => {
            let catalog = load::catalog(folder, overlay.as_deref())?;
            let html = Book::of(&catalog).whole(&catalog);
            match out {
                None => output::raw(&html),
                Some(path) => {
                    std::fs::write(&path, html.as_bytes()).map_err(|error| {
                        format!("{} cannot be written ({})", path.display(), error.kind())
                    })?;
                    output::out(&format!("{} rules written to {}", catalog.pack.rules.len(), path.display()));
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        RulesCommand::Schema => {
            output::out(&rule_schema(&load::catalog(folder, None)?));
            Ok(ExitCode::SUCCESS)
        }
        RulesCommand::Export { folder: target } => {
            let files = load::files(folder)?;
            files.write_to(&target).map_err(|error| error.to_string())?;
            let (all, target) = (files.all().len(), target.display());
            output::out(&format!(
                "{all} files written to {target}; check them with: casecheck rules check --catalog {target}"
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The JSON Schema of rule files, as text.
fn rule_schema(catalog: &Catalog) -> String {
    serde_json::to_string_pretty(&Vocabulary::rule_schema(catalog)).unwrap_or_default()
}

fn check(
    folder: Option<&Path>,
    overlay: Option<&str>,
    allow_unused: bool,
    json: bool,
) -> Result<ExitCode, Failure> {
    let files = load::files(folder)?.to_be_proved();
    let result = Catalog::load_with(files, overlay, allow_unused).and_then(|catalog| {
        let (tests, problems) = catalog.try_out();
        if problems.is_empty() { Ok((catalog.pack.rules.len(), tests)) } else { Err(problems) }
    });
    match result {
        Ok((rules, tests)) if json => {
            output::out(&json!({ "rules": rules, "tests": tests, "problems": [] }).to_string());
        }
        Ok((rules, tests)) => {
            let hold = if tests == 1 { "holds" } else { "hold" };
            output::out(&format!("{} loaded, {} {hold}", many(rules, "rule"), many(tests, "test")));
        }
        Err(problems) if json => {
            output::out(&json!({ "problems": report::problems_as_json(&problems) }).to_string());
            return Ok(ExitCode::from(1));
        }
        Err(problems) => {
            output::raw(&report::problems_as_text(&problems, output::ink().colour));
            output::out(&format!("{}: nothing was loaded", many(problems.len(), "problem")));
            return Ok(ExitCode::from(1));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn many(number: usize, what: &str) -> String {
    report::counted(u64::try_from(number).unwrap_or(u64::MAX), what)
}

fn list(
    folder: Option<&Path>,
    standard: Option<&str>,
    overlay: Option<&str>,
    json: bool,
) -> Result<ExitCode, Failure> {
    let catalog = load::catalog(folder, overlay)?;
    if let Some(name) = standard.filter(|name| catalog.pack.standard(name).is_none()) {
        let names: Vec<&str> = catalog.pack.standards.iter().map(|standard| standard.id.as_str()).collect();
        return Err(format!("there is no standard `{name}`; there are: {}", names.join(", ")));
    }
    let rules: Vec<_> = catalog
        .pack
        .ranks
        .iter()
        .filter_map(|id| catalog.pack.facts_of(id))
        .filter(|facts| standard.is_none_or(|name| facts.standard == name))
        .collect();
    let asked = |facts: &RuleFacts| catalog.pack.rule(&facts.id).map_or("record", explain::asked);
    if json {
        let lines: Vec<_> = rules
            .iter()
            .map(|facts| json!({ "id": facts.id, "revision": facts.revision, "title": facts.title, "standard": facts.standard, "severity": facts.severity, "force": facts.force, "asked": asked(facts) }))
            .collect();
        output::out(&serde_json::to_string_pretty(&lines).unwrap_or_default());
        return Ok(ExitCode::SUCCESS);
    }
    let ink = output::ink();
    let mut shown = "";
    for facts in &rules {
        if facts.standard != shown {
            shown = &facts.standard;
            let title = catalog.pack.standard(shown).map_or(shown, |standard| &standard.title);
            output::out(&format!("\n{}", ink.bold(title)));
        }
        let of_a_run = if asked(facts) == "run" { ink.dim(" (over a run)") } else { String::new() };
        output::out(&format!(
            "  {:<10}{:<9}{:<7}{}{of_a_run}",
            facts.id, facts.severity, facts.force, facts.title
        ));
    }
    Ok(ExitCode::SUCCESS)
}
