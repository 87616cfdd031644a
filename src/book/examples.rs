//! A rule's tests as examples: each is run through the engine now, and what it says now is shown.

use serde_json::Value;

use crate::catalog::Catalog;
use crate::model::Day;
use crate::model::Outcome;
use crate::rules::Answered;
use crate::rules::Rule;
use crate::rules::plain_date;

/// A test that was run.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The day as at which it was judged.
    pub as_at: Day,
    /// What the engine says of it now.
    pub answers: Vec<Answered>,
    /// How that differs from what the test expects.
    pub differs: Option<String>,
    /// The records, as JSON: one, unless the rule asks of several together.
    pub records: Vec<Value>,
}

impl Example {
    /// Runs the tests of a rule.
    pub fn all(catalog: &Catalog, rule: &Rule) -> Vec<Self> {
        let pack = &catalog.pack;
        let run = |trial: &crate::rules::Trial| {
            let (answers, differs) = match pack.answers(rule, trial, &catalog.schema) {
                Ok(answers) => {
                    let differs = trial.holds(rule, &answers).err();
                    (answers, differs)
                }
                Err(message) => (Vec::new(), Some(message)),
            };
            let records = std::iter::once(trial.given()).chain(trial.others()).collect();
            Self { name: trial.name.clone(), as_at: trial.as_at, answers, differs, records }
        };
        rule.trials().iter().map(run).collect()
    }

    /// What was said in words, a line each; that the rule does not apply only where that is all.
    pub fn lines(&self, rule: &Rule) -> Vec<String> {
        let speaks = |answer: &&Answered| answer.outcome != Outcome::NotApplicable;
        let mut lines: Vec<String> =
            self.answers.iter().filter(speaks).map(|answer| line(rule, answer)).collect();
        if lines.is_empty() {
            let word =
                if self.differs.is_some() && self.answers.is_empty() { "nothing" } else { "not applicable" };
            lines.push(word.to_owned());
        }
        lines
    }
}

/// An answer in a line: outcome, the words that people read, its clock.
fn line(rule: &Rule, answer: &Answered) -> String {
    let mut line = answer.outcome.spoken();
    if answer.rule != rule.facts.id {
        line = format!("{}: {line}", answer.rule);
    }
    if answer.outcome != Outcome::Met {
        line.push_str(&format!(": “{}”", answer.message));
    }
    let timing = answer.timing.as_ref();
    let days = [
        ("started", timing.and_then(|timing| timing.started_on)),
        ("due", timing.and_then(|timing| timing.due_on)),
        ("done", timing.and_then(|timing| timing.done_on)),
    ];
    let days: Vec<String> =
        days.into_iter().filter_map(|(name, day)| Some(format!("{name} {}", plain_date(day?)))).collect();
    if !days.is_empty() {
        line.push_str(&format!(" ({})", days.join(", ")));
    }
    if timing.is_some_and(|timing| timing.due_soon) {
        line.push_str(", due soon");
    }
    if !answer.about.is_empty() {
        line.push_str(&format!(" – about {}", answer.about.join(" and ")));
    }
    line
}
