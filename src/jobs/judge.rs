//! Judges a chunk: the same engine as everywhere, and beside each answer what is kept so that it can be looked for. Knows no database.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;

use crate::intake::Spooled;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::PreparedFacts;
use crate::jobs::basis::Basis;
use crate::model::Answer;
use crate::model::Baseline;
use crate::model::FallsDue;
use crate::model::Finding;
use crate::model::Outcome;
use crate::model::Tally;
use crate::report::Gatherer;
use crate::rules::Mark;
use crate::store::ClaimedChunk;
use crate::store::DoneChunk;
use crate::store::DueRow;
use crate::store::FindingRow;
use crate::store::RecordRow;
use crate::store::Secret;
use crate::store::Store;
use crate::store::pack;
use crate::validator::DueNoted;
use crate::validator::StreamOptions;
use crate::validator::check_part;
use crate::validator::poison_line;

/// What a chunk is judged with; the same for every chunk of a job.
pub(super) struct Judging {
    pub(super) basis: Arc<Basis>,
    pub(super) ask: Ask,
    pub(super) facts: PreparedFacts,
    pub(super) baseline: Option<Arc<Baseline>>,
}

/// The counts of a chunk, as they are kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) tally: Vec<u64>,
    pub(super) gatherer: Gatherer,
}

/// The letters of outcomes in the order of [`Outcome::ALL`], for keeping every outcome of a record in a line.
pub(super) const LETTERS: [char; 8] = ['m', 'l', 'n', 'o', 'b', 'a', 'c', 'e'];

/// What is kept of every record while a chunk is judged.
struct Keeping<'k> {
    secret: &'k Secret,
    next: i64,
    gatherer: Gatherer,
    records: Vec<RecordRow>,
    findings: Vec<FindingRow>,
    due: Vec<DueRow>,
    failed: Option<JobError>,
}

impl Judging {
    fn gatherer(&self) -> Gatherer {
        if self.facts.extract.is_some() { Gatherer::of_extract() } else { Gatherer::default() }
    }

    fn options(&self, spooled: &Spooled) -> StreamOptions {
        // Only records that were made of tables cannot hold what the tables do not.
        let not_asked = if spooled.file.is_none() { self.facts.not_asked.clone() } else { BTreeSet::new() };
        StreamOptions {
            as_at: self.ask.as_at,
            stage: self.ask.stage,
            include_all: self.ask.include_all,
            file: spooled.file.clone(),
            with_places: true,
            threads: 1,
            baseline: self.baseline.clone(),
            not_asked: Arc::new(not_asked),
            across: true,
            due: DueNoted::Every,
        }
    }

    /// Judges the records of a claimed chunk.
    pub(super) fn judge(
        &self,
        spooled: &Spooled,
        claim: &ClaimedChunk,
        store: &Store,
    ) -> Result<DoneChunk, JobError> {
        let from = usize::try_from(claim.skip).unwrap_or(0);
        let part = from..from.saturating_add(usize::try_from(claim.records).unwrap_or(0));
        let mut keeping = Keeping {
            secret: &store.secret,
            next: claim.first_record,
            gatherer: self.gatherer(),
            records: Vec::new(),
            findings: Vec::new(),
            due: Vec::new(),
            failed: None,
        };
        let mut outcomes = String::new();
        let validator = &self.basis.validator;
        let (lines, tally, marks) = check_part(
            validator,
            &spooled.chunk,
            part,
            &self.options(spooled),
            &mut |answer| keeping.see(answer),
            &mut |tally| write_outcomes(tally, &mut outcomes),
        );
        if let Some(error) = keeping.failed {
            return Err(error);
        }
        let mut marked = Vec::new();
        Mark::write_all(&marks, &mut marked)?;
        Ok(DoneChunk {
            marks: (!marks.is_empty()).then(|| store.sealed(&marked)).transpose()?,
            lines: pack(&lines),
            outcomes: pack(outcomes.as_bytes()),
            counts: counts(&tally, keeping.gatherer),
            records: keeping.records,
            findings: keeping.findings,
            due: keeping.due,
        })
    }

    /// What is written down for a record that ends the program.
    pub(super) fn poison(&self, spooled: &Spooled, claim: &ClaimedChunk) -> Option<DoneChunk> {
        let line = poison_line(&spooled.chunk, usize::try_from(claim.skip).ok()?, &self.options(spooled))?;
        let mut tally = self.basis.validator.tally();
        (tally.records, tally.unreadable) = (1, 1);
        Some(DoneChunk {
            lines: pack(&line),
            outcomes: pack(b"\n"),
            counts: counts(&tally, self.gatherer()),
            records: vec![not_read(claim.first_record)],
            findings: Vec::new(),
            due: Vec::new(),
            marks: None,
        })
    }
}

/// The counts of a chunk, packed.
pub(super) fn counts(tally: &Tally, gatherer: Gatherer) -> Vec<u8> {
    let counts = Counts { tally: tally.numbers(), gatherer };
    pack(&serde_json::to_vec(&counts).unwrap_or_default())
}

/// What is kept of a finding so that it can be looked for.
pub(super) fn finding_row(
    record_no: i64,
    finding_no: i64,
    finding: &Finding,
    (locality, team, worker): (Option<String>, Option<String>, Option<String>),
) -> FindingRow {
    FindingRow {
        record_no,
        finding_no,
        rule: finding.rule.id.clone(),
        standard: finding.rule.standard.clone(),
        outcome: finding.outcome.word(),
        severity: finding.severity.word(),
        locality,
        team,
        worker,
        due_on: finding.timing.and_then(|timing| timing.due_on).map(|due_on| due_on.to_string()),
        change: finding.change,
    }
}

/// What is kept of something that falls due.
fn due_row(
    record_no: i64,
    due_no: i64,
    due: &FallsDue,
    (locality, team, worker): (Option<String>, Option<String>, Option<String>),
) -> DueRow {
    DueRow {
        record_no,
        due_no,
        rule: due.rule.id.clone(),
        standard: due.rule.standard.clone(),
        severity: due.rule.severity.word(),
        locality,
        team,
        worker,
        subject: due.subject.to_string(),
        started_on: due.started_on,
        due_on: due.due_on,
        approximate: due.approximate,
    }
}

fn not_read(record_no: i64) -> RecordRow {
    RecordRow {
        record_no,
        child: None,
        sealed: None,
        locality: None,
        team: None,
        worker: None,
        verdict: "not_checked",
        findings: 0,
    }
}

/// One line: for each rule with any outcome its place in the pack, and each outcome's letter with its count where that is not one.
fn write_outcomes(tally: &Tally, into: &mut String) {
    use std::fmt::Write as _;
    for (rank, counts) in tally.rules().enumerate().filter(|(_, counts)| counts.total() > 0) {
        // Writing to a string cannot fail.
        let _ = write!(into, "{rank}");
        for (outcome, letter) in Outcome::ALL.iter().zip(LETTERS) {
            match counts.get(*outcome) {
                0 => {}
                1 => into.push(letter),
                many => {
                    let _ = write!(into, "{letter}{many}");
                }
            }
        }
        into.push(' ');
    }
    into.push('\n');
}

impl Keeping<'_> {
    /// Takes note of an answer, and puts the child's pseudonym in the place of its id.
    fn see(&mut self, answer: Option<&mut Answer>) {
        let record_no = self.next;
        self.next += 1;
        let Some(answer) = answer else {
            self.records.push(not_read(record_no));
            return;
        };
        self.gatherer.see(answer);
        let record = &mut answer.decision.record;
        let id = record.id.take();
        record.id = id.as_deref().map(|id| self.secret.pseudonym(id));
        let sealed = id.as_deref().map(|id| self.secret.seal(id)).transpose();
        let sealed = sealed.unwrap_or_else(|error| {
            self.failed = Some(error.into());
            None
        });
        let (locality, team, worker) =
            (record.locality.clone(), record.team.clone(), record.worker_id.clone());
        for (finding_no, finding) in (0..).zip(&answer.findings) {
            let owners = (locality.clone(), team.clone(), worker.clone());
            self.findings.push(finding_row(record_no, finding_no, finding, owners));
        }
        for (due_no, due) in (0..).zip(std::mem::take(&mut answer.falls_due)) {
            let owners = (locality.clone(), team.clone(), worker.clone());
            self.due.push(due_row(record_no, due_no, &due, owners));
        }
        self.records.push(RecordRow {
            record_no,
            child: record.id.clone(),
            sealed,
            locality,
            team,
            worker,
            verdict: match answer.decision.verdict {
                crate::model::Verdict::Pass => "pass",
                crate::model::Verdict::Findings => "findings",
                crate::model::Verdict::NotChecked => "not_checked",
            },
            findings: i64::try_from(answer.findings.len()).unwrap_or(i64::MAX),
        });
    }
}
