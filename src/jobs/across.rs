//! Ends a job with what only all of its records together show: the marks of its chunks are read one chunk after another, sorted, and what they
//! show is written down in parts that are the same whoever writes them.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::archive::Sorter;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::PreparedFacts;
use crate::jobs::basis::Basis;
use crate::jobs::judge::counts;
use crate::jobs::judge::finding_row;
use crate::model::AcrossAnswer;
use crate::model::Baseline;
use crate::model::Day;
use crate::model::Tally;
use crate::report::Gatherer;
use crate::rules::Mark;
use crate::store::DoneChunk;
use crate::store::FindingRow;
use crate::store::JobRow;
use crate::store::StoreError;
use crate::validator::AcrossOptions;
use crate::validator::MARKS_IN_MEMORY;

/// Findings of a part.
const PART: i64 = 200;

/// Parts that wait to be written down.
const WAITING: usize = 2;

/// Some of what all records show, in its order.
struct Part {
    /// The number of its first line, after all records of the job.
    first: i64,
    count: i64,
    lines: Vec<u8>,
    rows: Vec<FindingRow>,
    tally: Tally,
    gatherer: Gatherer,
}

/// What a job is ended with.
struct Ending {
    basis: Arc<Basis>,
    as_at: Day,
    facts: PreparedFacts,
    baseline: Option<Baseline>,
}

impl Part {
    fn after(first: i64, ending: &Ending) -> Self {
        let tally = ending.basis.validator.tally();
        let gatherer = Gatherer::default();
        Self { first, count: 0, lines: Vec::new(), rows: Vec::new(), tally, gatherer }
    }

    fn add(&mut self, answer: &AcrossAnswer) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.lines, answer)?;
        self.lines.push(b'\n');
        let record = &answer.across.record;
        let owners = (record.locality.clone(), record.team.clone(), record.worker_id.clone());
        self.rows.push(finding_row(self.first + self.count, 0, answer.finding(), owners));
        self.gatherer.see_across(answer);
        self.count += 1;
        Ok(())
    }
}

impl Ending {
    /// Walks the sorted marks and hands on parts; each but the last is full, and the last has all that is left.
    fn show(&self, marks: Sorter<Mark>, first: i64, parts: &mpsc::Sender<Part>) -> std::io::Result<()> {
        let nobody = || std::io::Error::other("nobody takes what the records show");
        let (mut part, mut counted) = (Part::after(first, self), self.basis.validator.tally());
        let options = AcrossOptions {
            as_at: self.as_at,
            baseline: self.baseline.as_ref(),
            not_asked: &self.facts.not_asked,
        };
        self.basis.validator.across(marks, &options, &mut counted, &mut |answer, counted| {
            part.add(&answer)?;
            if part.count < PART {
                return Ok(());
            }
            let next = Part::after(part.first + part.count, self);
            part.tally = std::mem::replace(counted, self.basis.validator.tally());
            parts.blocking_send(std::mem::replace(&mut part, next)).map_err(|_| nobody())
        })?;
        part.tally = counted;
        parts.blocking_send(part).map_err(|_| nobody())
    }
}

impl Jobs {
    /// Writes down what all records of a job show together. `false`: the job has ended meanwhile.
    pub(super) async fn across(&self, job: &JobRow, basis: &Arc<Basis>) -> Result<bool, JobError> {
        if !basis.validator.pack.asks_across() {
            return Ok(true);
        }
        let damaged =
            || JobError::Store(StoreError::Damaged("what a job was asked, or its number of records"));
        let ask = Ask::of_text(&job.ask).ok_or_else(damaged)?;
        let facts =
            job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok()).ok_or_else(damaged)?;
        let baseline = self.baseline_of(&ask).await?;
        let ending = Ending { basis: Arc::clone(basis), as_at: ask.as_at, facts, baseline };
        let mut marks = Sorter::new(MARKS_IN_MEMORY);
        let mut after = -1;
        while let Some((first, bytes)) = self.store.marks_after(job.job_no, after).await? {
            let of_chunk = Mark::read_all(bytes).ok_or(JobError::Store(StoreError::Damaged(
                "what was kept of records for rules across records (perhaps by an earlier version of casecheck)",
            )))?;
            of_chunk.into_iter().try_for_each(|mark| marks.push(mark))?;
            after = first;
        }
        // Behind all records: a job that is being ended knows how many it has.
        let first = job.records.ok_or_else(damaged)?;
        let (parts, mut waiting) = mpsc::channel(WAITING);
        let walking = tokio::task::spawn_blocking(move || ending.show(marks, first, &parts));
        while let Some(part) = waiting.recv().await {
            let done = DoneChunk {
                lines: self.store.sealed(&part.lines)?,
                counts: counts(&part.tally, part.gatherer),
                findings: part.rows,
                ..DoneChunk::default()
            };
            if !self.store.add_across(job.job_no, (part.first, part.count), &done).await? {
                return Ok(false);
            }
        }
        walking.await??;
        Ok(true)
    }
}
