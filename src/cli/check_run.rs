//! A run of `check`: every file of records in turn, then the extract, each through the same validator. What was asked is in `check`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::archive::Sorter;
use crate::cli::collect::Collected;
use crate::cli::collect::Collector;
use crate::cli::collect::KEPT_FOR_JSON;
use crate::cli::collect::SHOWN_RECORDS;
use crate::cli::progress::Bar;
use crate::cli::progress::stop_on_interrupt;
use crate::cli::results::Results;
use crate::extracts::ExtractFacts;
use crate::extracts::GroupLimits;
use crate::extracts::no_table;
use crate::intake::Chunk;
use crate::intake::Limits;
use crate::model::Answer;
use crate::model::Tally;
use crate::rules::Mark;
use crate::sources::Input;
use crate::sources::Opened;
use crate::validator::AcrossOptions;
use crate::validator::MARKS_IN_MEMORY;
use crate::validator::StreamOptions;
use crate::validator::Validator;
use crate::validator::check_stream;

/// What came of all files together.
pub(super) struct Run {
    pub(super) tally: Tally,
    pub(super) collected: Collected,
    pub(super) failures: Vec<String>,
    pub(super) stopped: bool,
    pub(super) extract: Option<ExtractFacts>,
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
    /// The marks of rules across records.
    marks: Sorter<Mark>,
    /// Rules that the extract cannot answer.
    not_asked: Arc<BTreeSet<String>>,
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
        let (results, marks) = (&mut *self.results, &mut self.marks);
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
            streamed
                .marks
                .drain(..)
                .try_for_each(|mark| marks.push(mark))
                .map_err(|error| unsorted(&error))?;
            results.write(&streamed.lines)
        });
        bar.finish();
        self.tally.merge(&part);
        self.failures.extend(result.err());
    }

    /// Checks a file of records. One that cannot be read does not stop the others.
    fn file(&mut self, number: usize, input: &Input) {
        // Answers can be twenty times as long as records: small chunks keep what is in hand small.
        let chunks = match input.open(&Limits { chunk_bytes: 256 << 10, ..Limits::default() }) {
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
        self.not_asked = Arc::new(opened.not_asked());
        let options = StreamOptions { not_asked: Arc::clone(&self.not_asked), ..self.options.clone() };
        self.failures.extend(beginning.strangers.iter().map(|file| no_table(file)));
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

    /// Says what all records together show, after their answers.
    fn across(&mut self) {
        let marks = std::mem::replace(&mut self.marks, Sorter::new(0));
        let options = AcrossOptions {
            as_at: self.options.as_at,
            baseline: self.options.baseline.as_deref(),
            not_asked: &self.not_asked,
        };
        let (collector, results) = (&self.collector, &mut *self.results);
        let mut failed = None;
        let ended = self.validator.across(marks, &options, &mut self.tally, &mut |answer, _| {
            let mut line = serde_json::to_vec(&answer)?;
            line.push(b'\n');
            collector.see_across(answer);
            results.write(&line).map_err(|words| {
                failed = Some(words);
                std::io::Error::other("the results cannot be written")
            })
        });
        self.failures.extend(ended.err().map(|error| failed.unwrap_or_else(|| unsorted(&error))));
    }
}

fn unsorted(error: &std::io::Error) -> String {
    format!(
        "what is compared across records cannot be kept ({}): is the disk for temporary files full?",
        error.kind()
    )
}

/// Checks every file of records in turn, then the extract.
pub(super) fn check_all(
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
        marks: Sorter::new(MARKS_IN_MEMORY),
        not_asked: Arc::default(),
    };
    for (number, input) in inputs.iter().enumerate() {
        if !running.stop.load(Ordering::Relaxed) {
            running.file(number, input);
        }
    }
    let extract = opened.and_then(|opened| running.extract(inputs.len(), opened));
    let stopped = running.stop.load(Ordering::Relaxed);
    if !stopped {
        running.across();
    }
    Run {
        tally: running.tally,
        collected: running.collector.finish(),
        failures: running.failures,
        stopped,
        extract,
    }
}
