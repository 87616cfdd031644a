//! Reads `results.ndjson` again, line by line, for the reports that are made of it: whatever they hold, it is what was answered.

use std::collections::BTreeMap;
use std::io;
use std::io::BufRead;

use serde::Deserialize;
use serde_json::Value;

use crate::model::Day;
use crate::model::Outcome;
use crate::model::Place;
use crate::model::Severity;

/// One line: the answer to a record, or why it could not be read.
#[derive(Debug)]
pub enum Row {
    /// An answer.
    Answered(Box<AnswerRow>),
    /// A record that could not be read.
    NotRead(NotReadRow),
    /// A finding across records.
    Across(Box<AcrossRow>),
}

/// What reports need of a finding across records.
#[derive(Debug, Deserialize)]
pub struct AcrossRow {
    /// Which records it is about.
    pub across: AcrossOf,
    /// The finding, alone in its list.
    pub findings: Vec<FindingRow>,
}

/// Which record a finding across records is told to.
#[derive(Debug, Deserialize)]
pub struct AcrossOf {
    /// The record, or the worker.
    pub record: RecordRow,
}

/// What reports need of an answer.
#[derive(Debug, Deserialize)]
pub struct AnswerRow {
    /// What was decided.
    pub decision: DecisionRow,
    /// The findings.
    pub findings: Vec<FindingRow>,
}

/// What reports need of a decision.
#[derive(Debug, Deserialize)]
pub struct DecisionRow {
    /// Which record.
    pub record: RecordRow,
    /// `pass`, `findings` or `not_checked`.
    pub verdict: String,
    /// Which rules ran.
    pub rules: RulesRow,
}

/// What reports need of how many rules ran.
#[derive(Debug, Default, Deserialize)]
pub struct RulesRow {
    /// The ids of those that did not.
    pub not_run: Vec<String>,
}

/// What reports need of a record.
#[derive(Debug, Default, Deserialize)]
pub struct RecordRow {
    /// The child's id.
    pub id: Option<String>,
    /// The locality.
    pub locality: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// The social worker's id.
    pub worker_id: Option<String>,
}

/// What reports need of a finding; the names are those of the answer.
#[derive(Debug, Deserialize)]
pub struct FindingRow {
    /// Its id.
    pub finding_id: String,
    /// The rule.
    pub rule: RuleRow,
    /// The standard.
    pub standard: String,
    /// What was found.
    pub outcome: Outcome,
    /// How bad.
    pub severity: Severity,
    /// `must` or `should`.
    pub force: String,
    /// How far to trust the rule.
    pub reliability: String,
    /// About what.
    pub subject: SubjectRow,
    /// The clock.
    pub timing: Option<TimingRow>,
    /// What people read.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// Where the standard is written.
    pub source: SourceRow,
    /// The names in the national returns.
    pub field_names: BTreeMap<String, String>,
    /// `new`, `still` or `changed`.
    pub change: Option<String>,
    /// A live waiver.
    pub waiver: Option<WaiverRow>,
    /// Where in the source.
    pub at: Option<Place>,
}

/// The rule of a finding.
#[derive(Debug, Deserialize)]
pub struct RuleRow {
    /// Its id.
    pub id: String,
    /// Its revision.
    pub revision: u32,
    /// One line.
    pub title: String,
}

/// The subject of a finding.
#[derive(Debug, Deserialize)]
pub struct SubjectRow {
    /// The pointer.
    pub path: String,
    /// What it is known by.
    pub key: BTreeMap<String, Value>,
}

/// The clock of a finding.
#[derive(Debug, Deserialize)]
pub struct TimingRow {
    /// The day the clock started.
    pub started_on: Option<Day>,
    /// The last day in time.
    pub due_on: Option<Day>,
    /// The day it was done.
    pub done_on: Option<Day>,
    /// How far past the due day.
    pub days_over: i64,
    /// `days` or `working days`.
    pub unit: String,
}

/// Where a standard is written.
#[derive(Debug, Deserialize)]
pub struct SourceRow {
    /// The act, regulations, guidance or policy.
    pub instrument: Option<String>,
    /// Where in it.
    pub paragraph: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// National, local, practice, judgement or schema.
    pub basis: Option<String>,
    /// Whether its text was read.
    pub verified: Option<bool>,
}

/// The waiver beside a finding.
#[derive(Debug, Deserialize)]
pub struct WaiverRow {
    /// Its id.
    pub id: String,
    /// What was decided.
    pub disposition: String,
}

/// A record that could not be read.
#[derive(Debug, Deserialize)]
pub struct NotReadRow {
    /// What is wrong.
    pub error: ErrorRow,
    /// Where.
    pub at: Place,
}

/// Why a record could not be read.
#[derive(Debug, Deserialize)]
pub struct ErrorRow {
    /// A word for it.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl SubjectRow {
    /// What it is known by, in one line: `name=value; …`.
    pub fn key_in_words(&self) -> String {
        let pairs = self.key.iter().map(|(name, value)| match value {
            Value::String(text) => format!("{name}={text}"),
            Value::Null => format!("{name}=not recorded"),
            other => format!("{name}={other}"),
        });
        pairs.collect::<Vec<_>>().join("; ")
    }
}

/// Calls back for each line. A line that is not an answer of this program is an error that says where.
pub fn each_row(
    results: impl BufRead,
    mut see: impl FnMut(&Row) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    for (number, line) in (1_u64..).zip(results.lines()) {
        let line = line?;
        see(&Row::read(&line).ok_or(ReportError::NotAnAnswer(number))?)?;
    }
    Ok(())
}

impl Row {
    /// Reads a line: an answer, as nearly all are, or what stands in the place of one.
    fn read(line: &str) -> Option<Self> {
        let answered = serde_json::from_str(line).map(|answer| Self::Answered(Box::new(answer)));
        let across = |_| serde_json::from_str(line).map(|across| Self::Across(Box::new(across)));
        answered.or_else(|_| serde_json::from_str(line).map(Self::NotRead)).or_else(across).ok()
    }
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Reading or writing failed.
    #[error("it cannot be read or written ({})", .0.kind())]
    Io(#[from] io::Error),
    /// The file was changed, or is another's.
    #[error("line {0} of results.ndjson is not an answer of this program; make the results again")]
    NotAnAnswer(u64),
    /// The summary was changed, or is another's.
    #[error("summary.json is not the summary of a run of this program; make the results again")]
    NotASummary,
    /// What was never read cannot be compared.
    #[error(
        "that run was stopped before its end, so what it did not read cannot be told from what was put right"
    )]
    Partial,
    /// Children need pseudonyms, and there is no key to make them.
    #[error(
        "the star's pseudonyms need a key: name its file with `--pseudonym-key FILE`, which is made where there is none"
    )]
    NoKey,
    /// A sheet has more rows than a workbook can hold, and so on.
    #[error("the workbook cannot be made: {0}")]
    Workbook(String),
}
