//! `casecheck rules …`: what data officers do with rules.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::book;
use crate::cli::explain;
use crate::cli::load;
use crate::cli::output;
use crate::cli::try_rule;
use crate::form;
use crate::report;
use crate::rules::KINDS;
use crate::rules::RULE;

/// The `$id` of the schema of rule files.
const RULE_SCHEMA_ID: &str = "https://schemas.casecheck.example/rule.schema.json";

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
    /// Show every standard as a rule or a registered reason; with a catalogue of standards, list what is neither.
    Coverage {
        /// A CSV file with the columns `id`, `area` and `title`.
        #[arg(long, value_name = "FILE")]
        standards: Option<PathBuf>,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Write the rule book: every rule in plain words, one HTML file that works offline and prints.
    Book {
        /// The file to write; standard output unless given.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// An overlay to lay over the pack.
        #[arg(long)]
        overlay: Option<String>,
    },
    /// Print the JSON Schema of rule files, for editors.
    Schema,
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
        RulesCommand::Try(arguments) => try_rule::run(&arguments, folder),
        RulesCommand::Coverage { standards, json } => {
            coverage(&load::catalog(folder, None)?, standards.as_deref(), json)
        }
        RulesCommand::Book { out, overlay } => {
            let catalog = load::catalog(folder, overlay.as_deref())?;
            let html = book::book(&catalog);
            match out {
                None => output::raw(&html),
                Some(path) => {
                    std::fs::write(&path, html).map_err(|error| {
                        format!("{} cannot be written ({})", path.display(), error.kind())
                    })?;
                    output::out(&format!("{} rules written to {}", catalog.pack.rules.len(), path.display()));
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        RulesCommand::Schema => {
            output::out(&rule_schema());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The JSON Schema of rule files, as text.
pub(super) fn rule_schema() -> String {
    let schema = form::json_schema(&RULE, KINDS, RULE_SCHEMA_ID);
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

fn check(
    folder: Option<&Path>,
    overlay: Option<&str>,
    allow_unused: bool,
    json: bool,
) -> Result<ExitCode, Failure> {
    let files = load::files(folder)?;
    let result = Catalog::load_with(files, overlay, allow_unused).and_then(|catalog| {
        let (tests, problems) = catalog.try_out();
        if problems.is_empty() { Ok((catalog.pack.rules.len(), tests)) } else { Err(problems) }
    });
    match result {
        Ok((rules, tests)) if json => {
            output::out(&json!({ "rules": rules, "tests": tests, "problems": [] }).to_string())
        }
        Ok((rules, tests)) => output::out(&format!("{rules} rules loaded, {tests} tests hold")),
        Err(problems) if json => {
            output::out(&json!({ "problems": report::problems_as_json(&problems) }).to_string());
            return Ok(ExitCode::from(1));
        }
        Err(problems) => {
            output::raw(&report::problems_as_text(&problems, output::ink().colour));
            output::out(&format!("{} problems: nothing was loaded", problems.len()));
            return Ok(ExitCode::from(1));
        }
    }
    Ok(ExitCode::SUCCESS)
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
    if json {
        let lines: Vec<_> = rules
            .iter()
            .map(|facts| json!({ "id": facts.id, "revision": facts.revision, "title": facts.title, "standard": facts.standard, "severity": facts.severity, "force": facts.force }))
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
        output::out(&format!("  {:<10}{:<9}{:<7}{}", facts.id, facts.severity, facts.force, facts.title));
    }
    Ok(ExitCode::SUCCESS)
}

/// The id of the standard that a rule answers: its own without the letter of a second rule.
fn row_of(id: &str) -> &str {
    id.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}

fn coverage(catalog: &Catalog, standards: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let mut rules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in &catalog.pack.ranks {
        rules.entry(row_of(id)).or_default().push(id);
    }
    let registered: BTreeMap<&str, &str> =
        catalog.register.iter().map(|entry| (entry.id.as_str(), entry.reason.as_str())).collect();
    let prefixes: BTreeSet<&str> = catalog
        .pack
        .standards
        .iter()
        .flat_map(|standard| standard.prefixes.iter().map(String::as_str))
        .collect();
    let rows: Vec<(String, String)> = match standards {
        Some(path) => read_rows(path)?
            .into_iter()
            .filter(|(id, _)| prefixes.iter().any(|prefix| id.starts_with(&format!("{prefix}-"))))
            .collect(),
        None => {
            let mut ids: BTreeSet<&str> = rules.keys().copied().collect();
            ids.extend(registered.keys().copied());
            ids.into_iter().map(|id| (id.to_owned(), String::new())).collect()
        }
    };
    let mut gaps = 0;
    let mut lines = Vec::new();
    for (id, title) in &rows {
        let how = match (rules.get(id.as_str()), registered.get(id.as_str())) {
            (Some(rules), _) => json!({ "id": id, "title": title, "rules": rules }),
            (None, Some(reason)) => json!({ "id": id, "title": title, "registered": reason }),
            (None, None) => {
                gaps += 1;
                json!({ "id": id, "title": title, "gap": true })
            }
        };
        lines.push(how);
    }
    if json {
        output::out(&serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else {
        for line in &lines {
            let text = |key: &str| line.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
            let how = match (line.get("rules"), line.get("registered")) {
                (Some(rules), _) => rules
                    .as_array()
                    .map(|rules| {
                        rules.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(", ")
                    })
                    .unwrap_or_default(),
                (None, Some(reason)) => format!("registered: {}", reason.as_str().unwrap_or_default()),
                (None, None) => "NEITHER a rule nor registered".to_owned(),
            };
            output::out(&format!("{:<10}{:<50} {how}", text("id"), text("title")));
        }
        let judged = lines.iter().filter(|line| line.get("rules").is_some()).count();
        output::out(&format!(
            "{} standards: {judged} by rules, {} registered, {gaps} gaps",
            lines.len(),
            lines.len() - judged - gaps
        ));
    }
    Ok(if gaps == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Reads ids and titles of a CSV file with a header; quoted cells may hold commas and line breaks.
fn read_rows(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read ({})", path.display(), error.kind()))?;
    let rows = cells(&text);
    let header = rows.first().ok_or_else(|| format!("{} is empty", path.display()))?;
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| cell == name)
            .ok_or_else(|| format!("{} has no column `{name}`", path.display()))
    };
    let (id, title) = (column("id")?, column("title")?);
    let pair = |row: &Vec<String>| Some((row.get(id)?.clone(), row.get(title)?.clone()));
    Ok(rows.iter().skip(1).filter_map(pair).filter(|(id, _)| !id.is_empty()).collect())
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                push(&mut rows, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => rows.last_mut().into_iter().for_each(|row| row.push(String::new())),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => push(&mut rows, other),
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    rows
}

fn push(rows: &mut [Vec<String>], letter: char) {
    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
        cell.push(letter);
    }
}
