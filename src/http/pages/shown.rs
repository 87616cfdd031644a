//! What pages show of findings and outcomes, in words for people.

use std::fmt::Write as _;

use crate::model::Answer;
use crate::model::Day;
use crate::model::Evidence;
use crate::model::Finding;
use crate::model::Outcome;
use crate::model::Place;
use crate::report::FindingRow;
use crate::report::RecordRow;
use crate::report::TimingRow;
use crate::rules::plain_date;

/// A finding or another outcome.
pub struct Shown {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// The outcome in words.
    pub outcome: String,
    /// The style of its tag.
    pub tag: &'static str,
    /// How bad.
    pub severity: &'static str,
    /// What to do, from the rule.
    pub message: String,
    /// How to put it right.
    pub fix: String,
    /// Whether the rule has a page: faults of form have none.
    pub has_page: bool,
    /// Whose it is and where it stands, in pairs of a name and a value.
    pub about: Vec<(&'static str, String)>,
    /// Whether it is a finding.
    pub is_finding: bool,
    /// Where, as a JSON Pointer.
    pub path: String,
    /// The clock, in pairs of a name and a value.
    pub timing: Vec<(&'static str, String)>,
    /// The places it rests on.
    pub evidence: Vec<String>,
}

impl Shown {
    /// A finding as people read it.
    pub fn of(finding: &Finding) -> Self {
        let outcome = finding.outcome;
        Self {
            rule: finding.rule.id.clone(),
            title: finding.rule.title.clone(),
            outcome: outcome.spoken(),
            tag: tag(outcome),
            has_page: has_page(&finding.rule.id),
            about: Vec::new(),
            severity: finding.severity.word(),
            message: if outcome == Outcome::NotApplicable || outcome == Outcome::Met {
                String::new()
            } else {
                finding.message.clone()
            },
            fix: if outcome.is_finding() { finding.rule.fix.clone() } else { String::new() },
            is_finding: outcome.is_finding(),
            path: shown_path(finding.subject.path.as_str()),
            timing: timing(finding),
            evidence: finding.evidence.iter().map(evidence).collect(),
        }
    }

    /// A finding of a job as people read it, with its record.
    pub fn of_row(record: &RecordRow, finding: &FindingRow) -> Self {
        let outcome = finding.outcome;
        let child = record.id.clone().unwrap_or_else(|| "not named in the record".to_owned());
        let mut about = vec![("Child", child)];
        let own = |name, text: &Option<String>| text.clone().map(|text| (name, text));
        about.extend(own("Team", &record.team));
        about.extend(own("Locality", &record.locality));
        about.extend(own("Worker", &record.worker_id));
        about.extend(finding.at.as_ref().and_then(place).map(|place| ("In", place)));
        about.extend(own("Since the earlier job", &finding.change));
        let waiver = finding.waiver.as_ref();
        about.extend(waiver.map(|waiver| ("Waiver", format!("{} ({})", waiver.id, waiver.disposition))));
        let timing = finding.timing.as_ref();
        let clock = |clock: &TimingRow| {
            let over = (clock.days_over > 0).then_some((clock.days_over, clock.unit.as_str()));
            clock_words(clock.started_on, clock.due_on, clock.done_on, over)
        };
        Self {
            rule: finding.rule.id.clone(),
            title: finding.rule.title.clone(),
            outcome: outcome.spoken(),
            tag: tag(outcome),
            has_page: has_page(&finding.rule.id),
            about,
            severity: finding.severity.word(),
            message: finding.message.clone(),
            fix: finding.fix.clone(),
            is_finding: true,
            path: shown_path(&finding.subject.path),
            timing: timing.map(clock).unwrap_or_default(),
            evidence: Vec::new(),
        }
    }

    /// Findings and, after them, the other outcomes of an answer.
    pub fn all(answer: &Answer) -> Vec<Self> {
        answer.findings.iter().chain(&answer.outcomes).map(Self::of).collect()
    }
}

fn tag(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met | Outcome::NotApplicable => "good",
        Outcome::NotYetDue => "soon",
        Outcome::Overdue | Outcome::Breached | Outcome::RuleError => "bad",
        Outcome::MetLate | Outcome::CannotTell => "unsure",
    }
}

fn has_page(rule: &str) -> bool {
    !rule.starts_with("SCHEMA.")
}

/// File, sheet, line or cell, and column.
fn place(at: &Place) -> Option<String> {
    at.file.as_ref()?;
    let column = at.column.as_ref().map_or_else(String::new, |column| format!(", column {column}"));
    Some(format!("{}{column}", at.words()))
}

fn shown_path(path: &str) -> String {
    if path.is_empty() { "the record".to_owned() } else { path.to_owned() }
}

fn timing(finding: &Finding) -> Vec<(&'static str, String)> {
    let Some(timing) = finding.timing else { return Vec::new() };
    let unit = timing.unit.to_string();
    let over = (timing.days_over > 0).then_some((timing.days_over, unit.as_str()));
    let mut shown = clock_words(timing.started_on, timing.due_on, timing.done_on, over);
    if let Some(left) = timing.days_left {
        shown.push(("Left", format!("{left} {}", timing.unit)));
    }
    shown
}

/// The days of a clock and how far it is over.
fn clock_words(
    started: Option<Day>,
    due: Option<Day>,
    done: Option<Day>,
    over: Option<(i64, &str)>,
) -> Vec<(&'static str, String)> {
    let day = |name, day: Option<Day>| day.map(|day| (name, plain_date(day)));
    let days = [day("Clock started", started), day("Due", due), day("Done", done)];
    let over = over.map(|(count, unit)| ("Over by", format!("{count} {unit}")));
    days.into_iter().flatten().chain(over).collect()
}

fn evidence(evidence: &Evidence) -> String {
    let role = evidence.role.replace('_', " ");
    // Writing to a string cannot fail.
    let mut text = format!("{role}: {}", shown_path(evidence.path.as_str()));
    if let (Some(considered), Some(matched)) = (evidence.considered, evidence.matched) {
        let _ = write!(text, " ({considered} considered, {matched} matched)");
    }
    if let Some(because) = evidence.because {
        let _ = write!(text, " ({because})");
    }
    text
}
