//! `casecheck check`: files of records through the engine, offline, into words, JSON and files.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use clap::Args;

use crate::cli::Failure;
use crate::cli::collect::Collected;
use crate::cli::collect::Collector;
use crate::cli::collect::KEPT_FOR_JSON;
use crate::cli::collect::SHOWN_RECORDS;
use crate::cli::extracts;
use crate::cli::extracts::ExtractArguments;
use crate::cli::extracts::Opened;
use crate::cli::inputs::Input;
use crate::cli::inputs::inputs;
use crate::cli::load;
use crate::cli::output;
use crate::cli::progress::Bar;
use crate::cli::progress::stop_on_interrupt;
use crate::cli::results::Results;
use crate::extracts::ExtractFacts;
use crate::extracts::GroupLimits;
use crate::intake::Chunk;
use crate::model::Answer;
use crate::model::Baseline;
use crate::model::Day;
use crate::model::Severity;
use crate::model::Stage;
use crate::model::Tally;
use crate::report;
use crate::report::Form;
use crate::report::Summary;
use crate::validator::StreamOptions;
use crate::validator::Validator;
use crate::validator::check_stream;

/// What `check` is asked to do.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Files of records (JSON, a JSON list, NDJSON; plain, gzip or zstd), tables of an extract (CSV, XML), folders of either, or `-` for
    /// records on standard input.
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
    /// The day as at which records are judged; today in London unless given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = load::parse_day)]
    as_at: Option<Day>,
    /// An overlay to lay over the pack, such as `lancashire`.
    #[arg(long)]
    overlay: Option<String>,
    /// How far the work has come: draft, complete, authorised or closed.
    #[arg(long, value_parser = parse_stage)]
    stage: Option<Stage>,
    /// What to write; several with commas. csv, xlsx, sarif, junit and worklists go into the folder that `--out` names.
    #[arg(long, value_delimiter = ',', default_value = "text")]
    report: Vec<Report>,
    /// Write results.ndjson and summary.json to this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Findings only, or every outcome.
    #[arg(long, default_value = "findings")]
    include: Include,
    /// End with 1 when there is a finding this bad or worse.
    #[arg(long, default_value = "error", value_name = "SEVERITY")]
    fail_on: FailOn,
    /// One JSON object on standard output, for machines: the same as `--report json`.
    #[arg(long)]
    json: bool,
    /// The folder of an earlier run (its results.ndjson and summary.json): says what is new, still there, changed, fixed and gone.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    extract: ExtractArguments,
    /// Worker threads; one for each core unless given.
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Report {
    Text,
    Json,
    Ndjson,
    Csv,
    Xlsx,
    Sarif,
    Junit,
    Worklists,
}

impl Report {
    /// The form of the file, for those that are files.
    fn form(self) -> Option<Form> {
        match self {
            Self::Text | Self::Json | Self::Ndjson => None,
            Self::Csv => Some(Form::Csv),
            Self::Xlsx => Some(Form::Xlsx),
            Self::Sarif => Some(Form::Sarif),
            Self::Junit => Some(Form::Junit),
            Self::Worklists => Some(Form::Worklists),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Include {
    Findings,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Critical,
    Error,
    Warning,
    Info,
    Never,
}

fn parse_stage(text: &str) -> Result<Stage, String> {
    Stage::from_word(text).ok_or_else(|| "write draft, complete, authorised or closed".to_owned())
}

/// What came of all files together.
struct Run {
    tally: Tally,
    collected: Collected,
    failures: Vec<String>,
    stopped: bool,
    extract: Option<ExtractFacts>,
}

pub(super) fn run(arguments: &CheckArguments, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let forms: Vec<Form> = arguments.report.iter().filter_map(|report| report.form()).collect();
    if arguments.out.is_none() && !forms.is_empty() {
        return Err("these reports are files: say with `--out DIR` where they go".into());
    }
    let inputs = inputs(&arguments.files, arguments.extract.names_a_layout())?;
    let catalog = load::catalog(folder, arguments.overlay.as_deref())?;
    let validator = load::validator(&catalog);
    let opened = extracts::open(&inputs, &catalog.layouts, &validator.pack, &arguments.extract)?;
    let as_at = arguments.as_at.unwrap_or_else(load::today);
    let threads = arguments
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let options = StreamOptions {
        as_at,
        stage: arguments.stage,
        include_all: arguments.include == Include::All,
        file: None,
        with_places: true,
        threads,
        baseline: arguments.baseline()?,
        not_asked: Arc::default(),
    };
    let to_stdout = arguments.wants(Report::Ndjson) && arguments.out.is_none();
    let mut results = Results::open(arguments.out.as_deref(), to_stdout)?;
    let run = check_all(
        &validator,
        (&inputs.records, opened),
        &options,
        &mut results,
        arguments.wants(Report::Json),
    );
    let basis = load::basis(&validator, options.baseline.as_deref());
    let mut summary = run.collected.gatherer.summary(&run.tally, &basis, as_at, run.stopped);
    summary.extract.clone_from(&run.extract);
    results.finish(&summary)?;
    if let Some(folder) = &arguments.out {
        let told = |error| format!("the reports in {} are not whole: {error}", folder.display());
        report::write_reports(folder, &forms, &validator.pack, &summary).map_err(told)?;
        if let Some(baseline) = &options.baseline {
            report::write_left(folder, baseline, &validator.pack).map_err(told)?;
        }
    }
    show(arguments, &run, &summary);
    for failure in &run.failures {
        output::err(&format!("casecheck: {failure}"));
    }
    Ok(arguments.ending(&run))
}

impl CheckArguments {
    fn wants(&self, report: Report) -> bool {
        self.report.contains(&report) || (report == Report::Json && self.json)
    }

    fn baseline(&self) -> Result<Option<Arc<Baseline>>, Failure> {
        let read = |folder: &PathBuf| {
            report::read_baseline(folder).map(Arc::new).map_err(|error| {
                format!("the earlier run in {} cannot be compared with: {error}", folder.display())
            })
        };
        self.baseline.as_ref().map(read).transpose()
    }

    fn ending(&self, run: &Run) -> ExitCode {
        let least = match self.fail_on {
            FailOn::Critical => Some(Severity::Critical),
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        };
        let bad = least.is_some_and(|least| {
            Severity::ALL
                .iter()
                .zip(run.tally.findings)
                .any(|(severity, count)| *severity >= least && count > 0)
        });
        match () {
            () if run.stopped => ExitCode::from(130),
            () if !run.failures.is_empty() || run.tally.unreadable > 0 => ExitCode::from(2),
            () if bad => ExitCode::from(1),
            () => ExitCode::SUCCESS,
        }
    }
}

/// A run while its sources are checked one after another.
struct Running<'r> {
    validator: &'r Arc<Validator>,
    options: &'r StreamOptions,
    results: &'r mut Results,
    collector: Collector,
    stop: Arc<AtomicBool>,
    tally: Tally,
    failures: Vec<String>,
}

impl Running<'_> {
    /// Checks the records of one source.
    fn stream(
        &mut self,
        number: usize,
        options: &StreamOptions,
        bar: &Bar,
        chunks: impl Iterator<Item = Result<Chunk, String>>,
    ) {
        let stop = Arc::clone(&self.stop);
        let collector = &self.collector;
        let results = &mut *self.results;
        let watch = |answer: &Answer| {
            collector.see(number, answer);
            if let Some(baseline) = &options.baseline {
                baseline.see(answer);
            }
            bar.inc_findings(answer.findings.len());
        };
        let stopping = chunks.take_while(|_| !stop.load(Ordering::Relaxed));
        let (part, result) = check_stream(self.validator, stopping, options, &watch, |streamed| {
            bar.update(streamed.tally.records);
            results.write(streamed)
        });
        bar.finish();
        self.tally.merge(&part);
        self.failures.extend(result.err());
    }

    /// Checks a file of records. One that cannot be read does not stop the others.
    fn file(&mut self, number: usize, input: &Input) {
        let chunks = match input.open() {
            Ok(chunks) => chunks,
            Err(error) => {
                self.failures.push(error.to_string());
                return;
            }
        };
        let bar = Bar::of(Some(chunks.progress()), &input.name());
        let options = StreamOptions { file: Some(input.name()), ..self.options.clone() };
        self.stream(number, &options, &bar, chunks.map(|chunk| chunk.map_err(|error| error.to_string())));
    }

    /// Checks the records of an extract.
    fn extract(&mut self, number: usize, opened: Opened<'_>) -> Option<ExtractFacts> {
        let beginning = opened.beginning(&self.validator.pack);
        let options = StreamOptions { not_asked: Arc::new(opened.not_asked()), ..self.options.clone() };
        for file in &beginning.strangers {
            self.failures.push(format!("{file} is no table of the layout, and was not read"));
        }
        let mut grouped = match opened.extract.group(GroupLimits::default()) {
            Ok(grouped) => grouped,
            Err(error) => {
                self.failures.push(error.to_string());
                return None;
            }
        };
        let chunks = grouped.by_ref().map(|chunk| chunk.map_err(|error| error.to_string()));
        self.stream(number, &options, &Bar::of(None, "extract"), chunks);
        Some(beginning.end(&grouped))
    }
}

/// Checks every file of records in turn, then the extract.
fn check_all(
    validator: &Arc<Validator>,
    (inputs, opened): (&[Input], Option<Opened<'_>>),
    options: &StreamOptions,
    results: &mut Results,
    for_json: bool,
) -> Run {
    let keep = if for_json { KEPT_FOR_JSON + 1 } else { SHOWN_RECORDS + 1 };
    let mut running = Running {
        validator,
        options,
        results,
        collector: Collector::new(keep, opened.is_some()),
        stop: stop_on_interrupt(),
        tally: validator.tally(),
        failures: Vec::new(),
    };
    for (number, input) in inputs.iter().enumerate() {
        if !running.stop.load(Ordering::Relaxed) {
            running.file(number, input);
        }
    }
    let extract = opened.and_then(|opened| running.extract(inputs.len(), opened));
    let stopped = running.stop.load(Ordering::Relaxed);
    Run {
        tally: running.tally,
        collected: running.collector.finish(),
        failures: running.failures,
        stopped,
        extract,
    }
}

fn show(arguments: &CheckArguments, run: &Run, summary: &Summary<'_>) {
    if arguments.wants(Report::Json) {
        output::out(&as_json(run, summary));
        return;
    }
    let for_people = arguments.report.iter().any(|report| *report == Report::Text || report.form().is_some());
    if !for_people || (arguments.wants(Report::Ndjson) && arguments.out.is_none()) {
        return;
    }
    if run.tally.records == 0 && !run.failures.is_empty() {
        // Figures of nothing would look like good ones; what stood in the way is said instead.
        return;
    }
    let ink = output::ink();
    output::raw(&report::probable_faults_as_text(summary, ink));
    if run.collected.seen <= SHOWN_RECORDS {
        for (_, _, answer) in run
            .collected
            .answers
            .iter()
            .filter(|(_, _, answer)| !answer.findings.is_empty() || !answer.due_soon.is_empty())
        {
            output::out(&report::record_as_text(answer, ink));
        }
    } else if !run.collected.worst.is_empty() {
        output::out(&ink.bold("The most serious findings"));
        for (_, line, child, finding) in &run.collected.worst {
            let at = finding.at.as_ref();
            let file = at.and_then(|at| at.file.clone()).unwrap_or_default();
            let line = at.and_then(|at| at.line).unwrap_or(*line);
            output::out(
                &ink.dim(&format!("{file}, line {line}, child {}", child.as_deref().unwrap_or("without id"))),
            );
            output::raw(&report::finding_as_text(finding, ink));
        }
        if arguments.out.is_none() {
            output::out("\nEvery finding is in the files that `--out DIR` writes.\n");
        }
    }
    if let Some(extract) = &summary.extract {
        output::out(&report::extract_as_text(extract, ink));
    }
    output::raw(&report::summary_as_text(summary, ink));
    if let Some(folder) = &arguments.out {
        let forms = arguments.report.iter().filter_map(|report| report.form()).map(Form::file);
        let files: Vec<String> = ["results.ndjson", "summary.json"]
            .into_iter()
            .chain(forms)
            .map(|file| folder.join(file).display().to_string())
            .collect();
        output::out(&format!("written: {}", files.join(", ")));
    }
}

fn as_json(run: &Run, summary: &Summary<'_>) -> String {
    let answers: Vec<&Answer> = run.collected.answers.iter().map(|(_, _, answer)| answer).collect();
    let value = if run.collected.seen > KEPT_FOR_JSON {
        serde_json::json!({ "summary": summary, "answers": null, "note": "more than 1,000 records: give --out DIR for every answer", "failures": run.failures })
    } else {
        serde_json::json!({ "summary": summary, "answers": answers, "failures": run.failures })
    };
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
