//! `casecheck rules try`: a rule file, in the pack or not yet, over a record.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use bumpalo::Bump;
use clap::Args;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::load;
use crate::cli::output;
use crate::intake;
use crate::model::Day;
use crate::model::Record;
use crate::report;
use crate::validator::Options;

/// What `rules try` is asked to do.
#[derive(Debug, Args)]
pub(super) struct TryArguments {
    /// The rule file.
    file: PathBuf,
    /// A record to try it on; without one only its tests are run.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// The day as at which the record is judged; today in London unless given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = load::parse_day)]
    as_at: Option<Day>,
    /// The standard it belongs to; the name of its folder unless given.
    #[arg(long)]
    standard: Option<String>,
}

pub(super) fn run(arguments: &TryArguments, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let path = &arguments.file;
    let read = |path: &Path| {
        std::fs::read_to_string(path)
            .map_err(|error| format!("{} cannot be read ({})", path.display(), error.kind()))
    };
    let text = read(path)?;
    let own_folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let standard = arguments.standard.clone().or(own_folder).unwrap_or_default();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = load::files(folder)?;
    let (catalog, at) = match Catalog::load_one_rule(&files, &standard, &name, text) {
        Ok(loaded) => loaded,
        Err(problems) => {
            output::raw(&report::problems_as_text(&problems, output::ink().colour));
            output::out(&format!("problems: {}", problems.len()));
            return Ok(ExitCode::from(1));
        }
    };
    let (tests, problems) = catalog.try_out();
    output::raw(&report::problems_as_text(&problems, output::ink().colour));
    output::out(&format!("{} of {tests} tests hold", tests - problems.len()));
    let across = catalog.pack.rule(&at).is_some_and(|rule| rule.check.is_across());
    if arguments.record.is_some() && across {
        return Err("this rule is asked of all records of a run together: its tests say what it finds, and `check` asks it".to_owned());
    }
    if let Some(record) = &arguments.record {
        try_on(&catalog, &at, &read(record)?, record, arguments.as_at.unwrap_or_else(load::today))?;
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn try_on(catalog: &Catalog, id: &str, text: &str, path: &Path, as_at: Day) -> Result<(), Failure> {
    let arena = Bump::new();
    let root = intake::parse(text.as_bytes(), &arena)
        .map_err(|malformed| format!("{}: {malformed}", path.display()))?;
    let validator = catalog.validator();
    let options = Options { include_all: true, ..Options::as_at(as_at) };
    let answer = validator.check(&Record { root, bytes: text.as_bytes() }, &options, &mut validator.tally());
    let ink = output::ink();
    let mine = answer.findings.iter().chain(&answer.outcomes).filter(|finding| {
        finding.rule.id.starts_with("SCHEMA.")
            || catalog.pack.rule(&finding.rule.id).is_some_and(|rule| rule.facts.id == id)
    });
    for finding in mine {
        output::out(&format!("{} as at {as_at}", ink.bold(finding.outcome.word())));
        output::raw(&report::finding_as_text(finding, ink));
        for place in &finding.evidence {
            let because = place.because.map_or_else(String::new, |because| format!(": {because}"));
            output::out(&format!("           {} {}{because}", place.role, place.path));
        }
    }
    Ok(())
}
