//! Loads the catalog that a command works with, and says in full what is wrong with it.

use std::path::Path;
use std::sync::Arc;

use crate::calendar::Moment;
use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::cli::Failure;
use crate::cli::output;
use crate::model::Baseline;
use crate::model::Day;
use crate::report;
use crate::report::Basis;
use crate::validator::Validator;

/// The files of a catalog folder, or those in the binary.
pub(super) fn files(folder: Option<&Path>) -> Result<Files, Failure> {
    folder.map_or_else(|| Ok(Files::embedded()), Files::of_folder).map_err(|error| error.to_string())
}

/// Loads the catalog; its problems are shown, each with its line, before the command fails.
pub(super) fn catalog(folder: Option<&Path>, overlay: Option<&str>) -> Result<Catalog, Failure> {
    let files = files(folder)?;
    if let Some(name) = overlay {
        check_overlay(&files, name)?;
    }
    Catalog::load(files, overlay).map_err(|problems| {
        output::err(&report::problems_as_text(&problems, output::ink().colour));
        format!("the catalog was not loaded (problems: {})", problems.len())
    })
}

fn check_overlay(files: &Files, name: &str) -> Result<(), Failure> {
    let names: Vec<&str> = files
        .under("rules/overlays/", ".yaml")
        .filter_map(|file| file.name.rsplit('/').next())
        .map(|name| name.trim_end_matches(".yaml"))
        .collect();
    if names.contains(&name) {
        return Ok(());
    }
    let there = if names.is_empty() {
        "there is none".to_owned()
    } else {
        format!("there are: {}", names.join(", "))
    };
    Err(format!("there is no overlay `{name}`; {there}"))
}

/// The catalog as something that judges records.
pub(super) fn validator(catalog: &Catalog) -> Arc<Validator> {
    Arc::new(catalog.validator())
}

/// Microseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock comes in")]
pub(super) fn now_us() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Today in London.
pub(super) fn today() -> Day {
    Moment::of_second(now_us() / 1_000_000).map_or(Day::LAST, |moment| moment.day)
}

/// Reads a day from the command line.
pub(super) fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a date that exists as YYYY-MM-DD".to_owned())
}

/// What the figures of a run with this validator rest on.
pub(super) fn basis<'p>(validator: &'p Validator, baseline: Option<&'p Baseline>) -> Basis<'p> {
    Basis {
        pack: &validator.pack,
        waivers: validator.waivers.all(),
        schema_digest: validator.schema.digest(),
        baseline,
    }
}
