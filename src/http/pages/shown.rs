//! What pages show of findings and outcomes, in words for people.

use std::fmt::Write as _;

use crate::model::Answer;
use crate::model::Day;
use crate::model::Evidence;
use crate::model::Finding;
use crate::model::Outcome;
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
            outcome: outcome.word().replace('_', " "),
            tag: match outcome {
                Outcome::Met | Outcome::NotApplicable => "good",
                Outcome::NotYetDue => "soon",
                Outcome::Overdue | Outcome::Breached | Outcome::RuleError => "bad",
                Outcome::MetLate | Outcome::CannotTell => "unsure",
            },
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

    /// Findings and, after them, the other outcomes of an answer.
    pub fn all(answer: &Answer) -> Vec<Self> {
        answer.findings.iter().chain(&answer.outcomes).map(Self::of).collect()
    }
}

fn shown_path(path: &str) -> String {
    if path.is_empty() { "the record".to_owned() } else { path.to_owned() }
}

fn timing(finding: &Finding) -> Vec<(&'static str, String)> {
    let Some(timing) = finding.timing else { return Vec::new() };
    let day = |name, day: Option<Day>| day.map(|day| (name, plain_date(day)));
    let mut shown: Vec<(&'static str, String)> =
        [day("Clock started", timing.started_on), day("Due", timing.due_on), day("Done", timing.done_on)]
            .into_iter()
            .flatten()
            .collect();
    if timing.days_over > 0 {
        shown.push(("Over by", format!("{} {}", timing.days_over, timing.unit)));
    }
    if let Some(left) = timing.days_left {
        shown.push(("Left", format!("{left} {}", timing.unit)));
    }
    shown
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
