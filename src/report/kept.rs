//! The summary of a run as it was kept, read again: its figures stand as they were, whatever rules are in force by now.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::extracts::ExtractFacts;
use crate::model::Day;
use crate::model::OutcomeCounts;
use crate::model::WaiverState;
use crate::report::Comparison;
use crate::report::NearlyAll;
use crate::report::NotSent;

/// What pages show of a summary.
#[derive(Debug, Deserialize)]
pub struct KeptSummary {
    /// The day as at which records were judged.
    pub as_at: Day,
    /// Records read.
    pub records: u64,
    /// Records that could not be read.
    pub unreadable: u64,
    /// Records with at least one finding.
    pub records_with_findings: u64,
    /// Findings, by severity.
    pub findings: BTreeMap<String, u64>,
    /// The standards, in the order of the pack.
    pub standards: Vec<KeptStandard>,
    /// The rules, in the order of the pack.
    pub rules: Vec<KeptRule>,
    /// The parts of records that were not sent.
    pub not_sent: BTreeMap<String, NotSent>,
    /// The waivers, in the order of their files.
    pub waivers: Vec<KeptWaiver>,
    /// Against an earlier run, where one was given.
    pub comparison: Option<Comparison>,
    /// Rules that find fault with nearly every record of an extract.
    #[serde(default)]
    pub nearly_all: Vec<NearlyAll>,
    /// The extract that the records were made of.
    pub extract: Option<ExtractFacts>,
    /// The pack's name, version and digest.
    pub pack: [String; 3],
    /// The overlay.
    pub overlay: Option<String>,
    /// The calendar's name and version.
    pub calendar: String,
    /// The version of the program.
    pub engine: String,
}

/// A standard with its counts.
#[derive(Debug, Deserialize)]
pub struct KeptStandard {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// How often each outcome was given.
    pub counts: OutcomeCounts,
}

/// A rule with its counts.
#[derive(Debug, Deserialize)]
pub struct KeptRule {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The standard it belongs to.
    pub standard: String,
    /// How often each outcome was given.
    pub counts: OutcomeCounts,
}

/// A waiver, and what became of it.
#[derive(Debug, Deserialize)]
pub struct KeptWaiver {
    /// Its id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The last day on which it holds.
    pub expires_on: Day,
    /// How many findings it covers.
    pub covers: Option<u64>,
    /// How many it fitted.
    pub findings: u64,
    /// What became of it.
    pub state: WaiverState,
}

impl KeptSummary {
    /// Reads a summary that was kept; nothing when it is another program's.
    pub fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
