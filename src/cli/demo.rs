//! `casecheck demo`: a county of fictitious children, made, checked, and shown.

use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::Mutex;

use clap::Args;

use crate::archive::Sorter;
use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::load;
use crate::cli::output;
use crate::cli::serve;
use crate::cli::serve::Demo;
use crate::county::County;
use crate::county::Options;
use crate::http::DemoRecord;
use crate::intake;
use crate::intake::Limits;
use crate::model::Answer;
use crate::model::Day;
use crate::report;
use crate::report::Gatherer;
use crate::validator::AcrossOptions;
use crate::validator::DueNoted;
use crate::validator::MARKS_IN_MEMORY;
use crate::validator::StreamOptions;
use crate::validator::check_stream;

/// What `demo` is asked to do.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// How many children.
    #[arg(long, default_value_t = County::planned().count() * 2)]
    children: usize,
    /// The seed: the same seed makes the same county.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day as at which the county is looked at; today in London unless given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = load::parse_day)]
    as_at: Option<Day>,
    /// Write the records to this file (NDJSON), and do not serve.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// An overlay to lay over the pack.
    #[arg(long)]
    overlay: Option<String>,
    /// The port to serve on; 0 for any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Only make and check the county.
    #[arg(long)]
    no_serve: bool,
}

pub(super) fn run(arguments: &DemoArguments, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let catalog = load::catalog(folder, arguments.overlay.as_deref())?;
    let as_at = arguments.as_at.unwrap_or_else(load::today);
    let options = Options { children: arguments.children, seed: arguments.seed, as_at };
    let county = County::new(options, &catalog.pack.calendar);
    if let Some(path) = &arguments.out {
        write(&county, path)?;
        output::out(&format!(
            "{} fictitious children as at {as_at} written to {}",
            arguments.children,
            path.display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let records = records(&county)?;
    output::out(&format!(
        "A county of {} fictitious children (seed {}):\n",
        arguments.children, arguments.seed
    ));
    output::raw(&check(&catalog, &records, as_at)?);
    if arguments.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    output::out("");
    let overlay = arguments.overlay.clone();
    serve::serve_demo(Demo { records, overlay, port: arguments.port, as_at: Some(as_at) }, folder)
}

/// The children as the pages show them.
fn records(county: &County<'_>) -> Result<Vec<DemoRecord>, Failure> {
    let one = |child: serde_json::Value| {
        let text =
            |key: &str| child.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let title = format!("{}, {}, {}", text("la_child_id"), text("locality"), text("team"));
        let bytes = serde_json::to_vec(&child).map_err(|error| error.to_string())?;
        Ok(DemoRecord { title, bytes })
    };
    county.children().map(one).collect()
}

fn write(county: &County<'_>, path: &Path) -> Result<(), Failure> {
    let told = |error: std::io::Error| format!("{} cannot be written ({})", path.display(), error.kind());
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(told)?);
    for child in county.children() {
        serde_json::to_writer(&mut file, &child).map_err(|error| error.to_string())?;
        file.write_all(b"\n").map_err(told)?;
    }
    file.flush().map_err(told)
}

/// Checks the county and gives the table by standard.
fn check(catalog: &Catalog, records: &[DemoRecord], as_at: Day) -> Result<String, Failure> {
    let lines =
        records.iter().flat_map(|record| record.bytes.iter().copied().chain([b'\n'])).collect::<Vec<u8>>();
    let validator = Arc::new(catalog.validator());
    let chunks = intake::read("the county", std::io::Cursor::new(lines), None, &Limits::default())
        .map_err(|error| error.to_string())?
        .map(|chunk| chunk.map_err(|error| error.to_string()));
    let options = StreamOptions {
        as_at,
        stage: None,
        include_all: false,
        file: None,
        with_places: true,
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        baseline: None,
        not_asked: std::sync::Arc::default(),
        across: true,
        due: DueNoted::Soon,
    };
    let gatherer = Mutex::new(Gatherer::default());
    let watch = |answer: &Answer| {
        if let Ok(mut gatherer) = gatherer.lock() {
            gatherer.see(answer);
        }
    };
    let mut marks = Sorter::new(MARKS_IN_MEMORY);
    let (mut tally, result) = check_stream(&validator, chunks, &options, &watch, |streamed| {
        streamed.marks.drain(..).try_for_each(|mark| marks.push(mark)).map_err(|error| error.to_string())
    });
    result?;
    let mut gatherer = gatherer.into_inner().unwrap_or_default();
    let across = AcrossOptions { as_at, baseline: None, not_asked: &options.not_asked };
    let ended = validator.across(marks, &across, &mut tally, &mut |answer, _| {
        gatherer.see_across(&answer);
        Ok(())
    });
    ended.map_err(|error| error.to_string())?;
    let summary = gatherer.summary(&tally, &load::basis(&validator, None), as_at, false);
    Ok(report::summary_as_text(&summary, output::ink()))
}
