//! `casecheck schemas …`: the schemas of records and of rule files.

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::Failure;
use crate::cli::load;
use crate::cli::output;
use crate::model::closest;

#[derive(Debug, Subcommand)]
pub(super) enum SchemasCommand {
    /// List the schemas.
    List,
    /// Print one.
    Show {
        /// Its name, such as `case-record` or `record/chronology`.
        name: String,
    },
}

pub(super) fn run(command: SchemasCommand, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let files = load::files(folder)?;
    let short = |name: &str| {
        name.trim_start_matches("schemas/").trim_end_matches(".json").trim_end_matches(".schema").to_owned()
    };
    let names: Vec<(String, &str)> =
        files.under("schemas/", ".json").map(|file| (short(&file.name), file.text.as_str())).collect();
    match command {
        SchemasCommand::List => names.iter().for_each(|(name, _)| output::out(name)),
        SchemasCommand::Show { name } => match names.iter().find(|(known, _)| *known == short(&name)) {
            Some((_, text)) => output::raw(text),
            None => {
                let near = closest(&name, names.iter().map(|(known, _)| known.as_str()));
                let help = near.map_or_else(
                    || "`casecheck schemas list` lists them".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(format!("there is no schema `{name}`; {help}"));
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}
