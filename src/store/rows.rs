//! What is kept of each record and finding so that it can be looked for: codes, dates and pseudonyms. The words are in the packed answers.

use crate::model::Day;

/// A record that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its number in the job, from 0.
    pub record_no: i64,
    /// The child's pseudonym; none where the record names no child.
    pub child: Option<String>,
    /// The child's id, sealed.
    pub sealed: Option<Vec<u8>>,
    /// The locality that the record names.
    pub locality: Option<String>,
    /// The team that the record names.
    pub team: Option<String>,
    /// The social worker's id.
    pub worker: Option<String>,
    /// `pass`, `findings` or `not_checked`.
    pub verdict: &'static str,
    /// How many findings it has.
    pub findings: i64,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// The record, by its number.
    pub record_no: i64,
    /// Its number in the record's answer, from 0.
    pub finding_no: i64,
    /// The rule's id.
    pub rule: String,
    /// The standard's id.
    pub standard: String,
    /// What was found.
    pub outcome: &'static str,
    /// How bad.
    pub severity: &'static str,
    /// The locality, team and worker of its record.
    pub locality: Option<String>,
    /// The team of its record.
    pub team: Option<String>,
    /// The social worker of its record.
    pub worker: Option<String>,
    /// The day by which it was due.
    pub due_on: Option<String>,
    /// Against the earlier run.
    pub change: Option<&'static str>,
}

/// Something that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The record, by its number.
    pub record_no: i64,
    /// Its number among what falls due of the record, from 0.
    pub due_no: i64,
    /// The rule's id.
    pub rule: String,
    /// The standard's id.
    pub standard: String,
    /// How bad it is once it is missed.
    pub severity: &'static str,
    /// The locality of its record.
    pub locality: Option<String>,
    /// The team of its record.
    pub team: Option<String>,
    /// The social worker of its record.
    pub worker: Option<String>,
    /// What the rule was asked about, as a JSON Pointer.
    pub subject: String,
    /// The day the clock started.
    pub started_on: Option<Day>,
    /// The last day on which it is in time.
    pub due_on: Day,
    /// The limit could only be approximated.
    pub approximate: bool,
}
