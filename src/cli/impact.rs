//! `casecheck rules impact`: what a changed catalog would find that the present one does not, before it is taken into use.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::extracts::ExtractArguments;
use crate::cli::load;
use crate::cli::output;
use crate::cli::progress::Bar;
use crate::extracts::GroupLimits;
use crate::intake::Chunk;
use crate::intake::Limits;
use crate::model::Day;
use crate::model::Impact;
use crate::report::ImpactReport;
use crate::report::impact_as_text;
use crate::sources::Inputs;
use crate::sources::open_tables;
use crate::validator::DueNoted;
use crate::validator::Side;
use crate::validator::StreamOptions;
use crate::validator::Validator;
use crate::validator::see_impact;

/// What stands for the catalog in the binary.
const BUILT_IN: &str = "built-in";

/// What is compared, and over what.
#[derive(Debug, Args)]
pub(super) struct ImpactArguments {
    /// The folder of the catalog in use, or `built-in`.
    present: PathBuf,
    /// The folder of the changed catalog, or `built-in`.
    changed: PathBuf,
    /// Files of records or tables of an extract, as `check` takes them; nothing leaves this machine.
    #[arg(long, required = true, num_args = 1.., value_name = "FILES")]
    over: Vec<PathBuf>,
    /// The day as at which records are judged by both; today in London unless given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = load::parse_day)]
    as_at: Option<Day>,
    /// An overlay to lay over both packs.
    #[arg(long)]
    overlay: Option<String>,
    #[command(flatten)]
    extract: ExtractArguments,
    /// For machines.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &ImpactArguments) -> Result<ExitCode, Failure> {
    let inputs = Inputs::of_arguments(&arguments.over, arguments.extract.names_a_layout())?;
    let load = |folder: &Path| {
        let folder = Some(folder).filter(|folder| *folder != Path::new(BUILT_IN));
        load::catalog(folder, arguments.overlay.as_deref())
    };
    let (present, changed) = (load(&arguments.present)?, load(&arguments.changed)?);
    let as_at = arguments.as_at.unwrap_or_else(load::today);
    let (validators, mut run) = ((present.validator(), changed.validator()), Run::default());
    run.records(&inputs, &validators, as_at);
    run.extract(&inputs, (&present, &changed), &validators, arguments, as_at)?;
    let report = ImpactReport::of(&run.impact, &present.pack, &changed.pack, as_at);
    if arguments.json {
        output::out(&serde_json::to_string_pretty(&report).unwrap_or_default());
    } else if run.impact.records > 0 || run.failures.is_empty() {
        output::raw(&impact_as_text(&report, output::ink()));
    }
    for failure in &run.failures {
        output::err(&format!("casecheck: {failure}"));
    }
    let whole = run.failures.is_empty() && run.impact.unreadable == 0;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// What has come of the files so far.
#[derive(Default)]
struct Run {
    impact: Impact,
    failures: Vec<String>,
}

impl Run {
    /// Compares the packs over every file of records. One that cannot be read does not stop the others.
    fn records(&mut self, inputs: &Inputs, validators: &(Validator, Validator), as_at: Day) {
        let sides = (side(&validators.0, as_at), side(&validators.1, as_at));
        for input in &inputs.records {
            match input.open(&Limits::default()) {
                Ok(chunks) => {
                    let bar = Bar::of(Some(chunks.progress()), &input.name());
                    let chunks = chunks.map(|chunk| chunk.map_err(|error| error.to_string()));
                    self.see((&sides.0, &sides.1), chunks, &bar);
                }
                Err(error) => self.failures.push(error.to_string()),
            }
        }
    }

    /// Compares the packs over an extract, where there is one. What it cannot hold is not asked by either.
    fn extract(
        &mut self,
        inputs: &Inputs,
        (present, changed): (&Catalog, &Catalog),
        validators: &(Validator, Validator),
        arguments: &ImpactArguments,
        as_at: Day,
    ) -> Result<(), Failure> {
        let (layout, columns) = (arguments.extract.layout.as_deref(), &arguments.extract.columns);
        let open = |catalog: &Catalog| {
            let opened = open_tables(inputs, &present.layouts, &catalog.pack, layout, columns)?;
            Ok::<_, Failure>(opened.map(|opened| opened.not_asked()))
        };
        let (Some(before), Some(after)) = (open(present)?, open(changed)?) else { return Ok(()) };
        let with = |validator, not_asked| {
            let own = side(validator, as_at);
            Side {
                options: StreamOptions { not_asked: std::sync::Arc::new(not_asked), ..own.options },
                ..own
            }
        };
        let sides = (with(&validators.0, before), with(&validators.1, after));
        let Some(opened) = open_tables(inputs, &present.layouts, &present.pack, layout, columns)? else {
            return Ok(());
        };
        match opened.extract.group(GroupLimits::default()) {
            Ok(mut grouped) => {
                let chunks = grouped.by_ref().map(|chunk| chunk.map_err(|error| error.to_string()));
                self.see((&sides.0, &sides.1), chunks, &Bar::of(None, "extract"));
            }
            Err(error) => self.failures.push(error.to_string()),
        }
        Ok(())
    }

    fn see(
        &mut self,
        sides: (&Side<'_>, &Side<'_>),
        chunks: impl Iterator<Item = Result<Chunk, String>>,
        bar: &Bar,
    ) {
        for chunk in chunks {
            match chunk {
                Ok(chunk) => see_impact(sides, &chunk, &mut self.impact),
                Err(failure) => {
                    self.failures.push(failure);
                    break;
                }
            }
            bar.update(self.impact.records);
        }
        bar.finish();
    }
}

/// A pack that is asked every rule.
fn side(validator: &Validator, as_at: Day) -> Side<'_> {
    let options = StreamOptions {
        as_at,
        stage: None,
        include_all: false,
        file: None,
        with_places: false,
        threads: 1,
        baseline: None,
        not_asked: std::sync::Arc::default(),
        across: false,
        due: DueNoted::Soon,
    };
    Side { validator, options }
}
