//! Keeps of a run what its reader will be shown: every answer of a small run, the worst findings of a large one.

use std::sync::Mutex;

use crate::model::AcrossAnswer;
use crate::model::Answer;
use crate::model::Finding;
use crate::model::Severity;
use crate::report::Gatherer;

/// Up to this many records are shown one by one.
pub(super) const SHOWN_RECORDS: usize = 50;

/// The findings that a large run shows.
const WORST: usize = 20;

/// Up to this many answers are kept for one JSON object.
pub(super) const KEPT_FOR_JSON: usize = 1_000;

/// What is kept while workers judge.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Answers with their place, not yet in order.
    pub answers: Vec<(usize, u64, Answer)>,
    /// How many answers there were.
    pub seen: usize,
    /// The worst findings: the severity first, then file and line.
    pub worst: Vec<(usize, u64, Option<String>, Finding)>,
    /// The place of the least of them, once there are as many as are shown.
    least: Option<Order>,
    /// What the summary needs.
    pub gatherer: Gatherer,
    /// The first findings across records.
    pub across: Vec<AcrossAnswer>,
    /// How many of them there were.
    pub across_seen: usize,
}

/// Shared between the workers.
#[derive(Debug)]
pub(super) struct Collector {
    keep: usize,
    state: Mutex<Collected>,
}

impl Collector {
    /// Keeps up to this many answers; for an extract, counts what is wrong with nearly all.
    pub(super) fn new(keep: usize, of_extract: bool) -> Self {
        let gatherer = if of_extract { Gatherer::of_extract() } else { Gatherer::default() };
        Self { keep, state: Mutex::new(Collected { gatherer, ..Collected::default() }) }
    }

    /// Takes in an answer of the file with this number.
    pub(super) fn see(&self, file: usize, answer: &Answer) {
        let Ok(mut state) = self.state.lock() else { return };
        let line = answer.at.as_ref().and_then(|at| at.line).unwrap_or(0);
        state.seen += 1;
        state.gatherer.see(answer);
        if state.answers.len() < self.keep {
            state.answers.push((file, line, answer.clone()));
        }
        for finding in answer.findings.iter().take(3) {
            // The most serious come first: one that is no worse than all that are kept is not copied, nor are those after it.
            let key = order(file, line, finding);
            if state.least.as_ref().is_some_and(|least| key >= *least) {
                break;
            }
            let id = answer.decision.record.id.clone();
            state.worst.push((file, line, id, finding.clone()));
        }
        if state.worst.len() > WORST * 10 {
            shorten(&mut state.worst);
            state.least = state.worst.last().map(|(file, line, _, finding)| order(*file, *line, finding));
        }
    }

    /// Takes in a finding across records.
    pub(super) fn see_across(&self, answer: AcrossAnswer) {
        let Ok(mut state) = self.state.lock() else { return };
        state.across_seen += 1;
        state.gatherer.see_across(&answer);
        if state.across.len() < KEPT_FOR_JSON {
            state.across.push(answer);
        }
    }

    /// Everything kept, in order.
    pub(super) fn finish(self) -> Collected {
        let mut state = self.state.into_inner().unwrap_or_default();
        state.answers.sort_by_key(|(file, line, _)| (*file, *line));
        shorten(&mut state.worst);
        state
    }
}

/// What decides the order of the worst findings: the severity first, then file, line and rule.
type Order = (std::cmp::Reverse<Severity>, usize, u64, u32);

fn order(file: usize, line: u64, finding: &Finding) -> Order {
    (std::cmp::Reverse(finding.severity), file, line, finding.rank)
}

fn shorten(worst: &mut Vec<(usize, u64, Option<String>, Finding)>) {
    worst.sort_by_key(|(file, line, _, finding)| order(*file, *line, finding));
    worst.truncate(WORST);
}
