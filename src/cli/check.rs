//! `casecheck check`: files of records through the engine, offline, into words, JSON and files.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::cli::Failure;
use crate::cli::check_run::Run;
use crate::cli::check_run::check_all;
use crate::cli::collect::KEPT_FOR_JSON;
use crate::cli::collect::SHOWN_RECORDS;
use crate::cli::extracts::ExtractArguments;
use crate::cli::load;
use crate::cli::output;
use crate::cli::results::Results;
use crate::cli::resumable;
use crate::cli::resumable::Ended;
use crate::cli::resumable::Wanted;
use crate::jobs::Ask;
use crate::jobs::Hold;
use crate::model::Answer;
use crate::model::Baseline;
use crate::model::Day;
use crate::model::Place;
use crate::model::Severity;
use crate::model::Stage;
use crate::report;
use crate::report::Form;
use crate::report::Summary;
use crate::sources::Inputs;
use crate::sources::open_tables;
use crate::store::Secret;
use crate::validator::DueNoted;
use crate::validator::StreamOptions;

/// What `check` is asked to do.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Files of records (JSON, a JSON list, NDJSON; plain, gzip or zstd), tables of an extract (CSV, XLSX, XML), folders or zip archives of
    /// either, or `-` for records on standard input.
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
    /// What to write; several with commas. csv, xlsx, sarif, junit, worklists and star go into the folder that `--out` names.
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
    /// The file of the key under which the star gives children pseudonyms; made where there is none. The same key gives the same ones.
    #[arg(long, value_name = "FILE")]
    pseudonym_key: Option<PathBuf>,
    /// Keep what is done as it is done, in the folder of `--out`: where this run is killed, the same command goes on with it.
    #[arg(long)]
    resumable: bool,
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
    Star,
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
            Self::Star => Some(Form::Star),
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

pub(super) fn run(arguments: &CheckArguments, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let forms: Vec<Form> = arguments.report.iter().filter_map(|report| report.form()).collect();
    if arguments.out.is_none() && !forms.is_empty() {
        return Err("these reports are files: say with `--out DIR` where they go".into());
    }
    let secret = arguments.secret(&forms)?;
    if arguments.resumable {
        return arguments.run_resumable(&forms, secret, folder);
    }
    let inputs = Inputs::of_arguments(&arguments.files, arguments.extract.names_a_layout())?;
    let catalog = load::catalog(folder, arguments.overlay.as_deref())?;
    let validator = load::validator(&catalog);
    let (layout, columns) = (arguments.extract.layout.as_deref(), &arguments.extract.columns);
    let opened = open_tables(&inputs, &catalog.layouts, &validator.pack, layout, columns)?;
    let as_at = arguments.as_at.unwrap_or_else(load::today);
    let options = StreamOptions {
        as_at,
        stage: arguments.stage,
        include_all: arguments.include == Include::All,
        file: None,
        with_places: true,
        threads: arguments.threads(),
        baseline: arguments.baseline()?,
        not_asked: Arc::default(),
        across: true,
        due: DueNoted::Soon,
    };
    let to_stdout = arguments.wants(Report::Ndjson) && arguments.out.is_none();
    let mut results = Results::open(arguments.out.as_deref(), to_stdout)?;
    let sources = (inputs.records.as_slice(), opened);
    let run = check_all(&validator, sources, &options, &mut results, arguments.wants(Report::Json));
    let basis = load::basis(&validator, options.baseline.as_deref());
    let mut summary = run.collected.gatherer.summary(&run.tally, &basis, as_at, run.stopped);
    summary.extract.clone_from(&run.extract);
    results.finish(&summary)?;
    if let Some(folder) = &arguments.out {
        let told = |error| format!("the reports in {} are not whole: {error}", folder.display());
        report::write_reports(folder, &forms, &validator.pack, &summary, secret.as_ref()).map_err(told)?;
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

    /// The key of pseudonyms, where a report needs it.
    fn secret(&self, forms: &[Form]) -> Result<Option<Arc<Secret>>, Failure> {
        if !forms.contains(&Form::Star) {
            return Ok(None);
        }
        let file = self.pseudonym_key.as_deref().ok_or_else(|| report::ReportError::NoKey.to_string())?;
        Secret::of_file(file).map(|secret| Some(Arc::new(secret))).map_err(|error| error.to_string())
    }

    fn baseline(&self) -> Result<Option<Arc<Baseline>>, Failure> {
        let read = |folder: &PathBuf| {
            report::read_baseline(folder).map(Arc::new).map_err(|error| {
                format!("the earlier run in {} cannot be compared with: {error}", folder.display())
            })
        };
        self.baseline.as_ref().map(read).transpose()
    }

    /// The same check, kept as it is done.
    fn run_resumable(
        &self,
        forms: &[Form],
        secret: Option<Arc<Secret>>,
        folder: Option<&Path>,
    ) -> Result<ExitCode, Failure> {
        let out = self.out.as_deref().ok_or("`--resumable` needs `--out DIR`: what is done is kept there")?;
        if self.baseline.is_some() {
            return Err("`--resumable` and `--baseline` do not go together: check first, then compare".into());
        }
        let catalog = load::catalog(folder, self.overlay.as_deref())?;
        let ask = Ask {
            as_at: self.as_at.unwrap_or_else(load::today),
            stage: self.stage,
            include_all: self.include == Include::All,
            layout: self.extract.layout.clone(),
            columns: self.extract.columns.clone(),
            baseline: None,
            callback: None,
            hold: Hold::Never,
            files: Vec::new(),
            left: Vec::new(),
        };
        let wanted = Wanted {
            files: &self.files,
            ask,
            dated: self.as_at.is_some(),
            out,
            forms,
            secret,
            threads: self.threads(),
        };
        let Ended::Done(findings, unread, failures) = resumable::run(wanted, &catalog)? else {
            output::err("casecheck: stopped; the same command goes on where it was");
            return Ok(ExitCode::from(130));
        };
        for failure in &failures {
            output::err(&format!("casecheck: {failure}"));
        }
        let bad = |severity: &Severity| findings.get(severity.word()).is_some_and(|count| *count > 0);
        Ok(self.code(false, !failures.is_empty() || unread > 0, &bad))
    }

    fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }

    fn ending(&self, run: &Run) -> ExitCode {
        let counts: Vec<(Severity, u64)> = Severity::ALL.iter().copied().zip(run.tally.findings).collect();
        let bad = |severity: &Severity| counts.iter().any(|(own, count)| own == severity && *count > 0);
        self.code(run.stopped, !run.failures.is_empty() || run.tally.unreadable > 0, &bad)
    }

    /// How the program ends; `bad` says whether there is a finding of a severity.
    fn code(&self, stopped: bool, failed: bool, bad: &dyn Fn(&Severity) -> bool) -> ExitCode {
        let least = match self.fail_on {
            FailOn::Critical => Some(Severity::Critical),
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        };
        let bad = least
            .is_some_and(|least| Severity::ALL.iter().any(|severity| *severity >= least && bad(severity)));
        match () {
            () if stopped => ExitCode::from(130),
            () if failed => ExitCode::from(2),
            () if bad => ExitCode::from(1),
            () => ExitCode::SUCCESS,
        }
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
            let place = at.map_or_else(|| format!("line {line}"), Place::words);
            output::out(&ink.dim(&format!("{place}, child {}", child.as_deref().unwrap_or("without id"))));
            output::raw(&report::finding_as_text(finding, ink));
        }
        if arguments.out.is_none() {
            output::out("\nEvery finding is in the files that `--out DIR` writes.\n");
        }
    }
    output::raw(&report::across_as_text(&run.collected.across, run.collected.across_seen, ink));
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
    let across = &run.collected.across;
    let value = if run.collected.seen > KEPT_FOR_JSON || run.collected.across_seen > across.len() {
        serde_json::json!({ "summary": summary, "answers": null, "across": null, "note": "more than 1,000 records, or findings across them: give --out DIR for every answer", "failures": run.failures })
    } else {
        serde_json::json!({ "summary": summary, "answers": answers, "across": across, "failures": run.failures })
    };
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
