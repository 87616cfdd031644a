//! A rule's tests: sparse records, the day, and what the rule must say. They run through the same engine as any record.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::form;
use crate::form::Fields;
use crate::form::Problems;
use crate::form::What;
use crate::form::Written;
use crate::form::merge;
use crate::form::to_json;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::model::SourceFile;
use crate::rules::rule_forms::EXPECT;
use crate::rules::rule_forms::RULE;
use crate::rules::rule_forms::TRIAL;

/// One test of a rule.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What it shows.
    pub name: String,
    /// The day.
    pub as_at: Day,
    /// The record that every test of the rule starts from, as JSON text.
    base: Arc<str>,
    /// What is laid over it for each record of the test, as JSON text; one for a rule that is asked of a record alone.
    patches: Vec<Box<str>>,
    /// What the rule must say.
    pub expect: Vec<Expect>,
    /// Where it is written.
    pub span: Range<usize>,
}

/// One result that a rule must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The outcome.
    pub outcome: Outcome,
    /// The id of the duty that started when the first was missed.
    pub rule: Option<String>,
    /// The pointer.
    pub subject: Option<String>,
    /// When the clock started.
    pub started_on: Option<Day>,
    /// When it was due.
    pub due_on: Option<Day>,
    /// When it was done.
    pub done_on: Option<Day>,
    /// How far past.
    pub days_over: Option<i64>,
    /// Whether it is due soon.
    pub due_soon: Option<bool>,
    /// The line.
    pub message: Option<String>,
    /// The two children, or the worker.
    pub about: Vec<String>,
}

impl Trial {
    /// The record; of a rule across records the first. It is put together when it is asked for: kept as trees, the records of thousands of
    /// tests would take half of the program's memory.
    pub fn given(&self) -> Value {
        self.record(0)
    }

    /// The other records of the run, for a rule across records.
    pub fn others(&self) -> Vec<Value> {
        (1..self.patches.len()).map(|at| self.record(at)).collect()
    }

    fn record(&self, at: usize) -> Value {
        let tree = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let mut record = tree(&self.base);
        if let Some(patch) = self.patches.get(at) {
            merge(&mut record, &tree(patch));
        }
        if let Value::Object(members) = &mut record {
            members.entry("la_child_id").or_insert_with(|| Value::String(format!("TEST{}", at + 1)));
        }
        record
    }
}

/// Reads the tests of a rule.
pub fn read(fields: &Fields<'_>, is_across: bool, problems: &Problems) -> Vec<Trial> {
    let base: Arc<str> =
        fields.get("given").map_or_else(|| "{}".into(), |given| to_json(given).to_string().into());
    fields
        .many("tests")
        .into_iter()
        .filter_map(|written| trial(written, &base, is_across, problems))
        .collect()
}

/// Reads the tests of a rule file that was proved before: nothing is wrong with it.
pub fn read_later(file: &Arc<SourceFile>, is_across: bool) -> Vec<Trial> {
    let problems = Problems::of(file);
    let written = form::read(file).ok();
    let fields = written.as_ref().and_then(|written| Fields::read(written, &RULE, &problems));
    fields.map(|fields| read(&fields, is_across, &problems)).unwrap_or_default()
}

fn trial(written: &Written, base: &Arc<str>, is_across: bool, problems: &Problems) -> Option<Trial> {
    let fields = Fields::read(written, &TRIAL, problems)?;
    let (wanted, other) = if is_across { ("records", "given") } else { ("given", "records") };
    if fields.get(other).is_some() {
        let help = if is_across { "a rule across records" } else { "a rule of one record" };
        problems.with_help(
            &fields.span(other),
            format!("a test of {help} has no `{other}`"),
            format!("write `{wanted}`"),
        );
    }
    let text = |patch: &Written| to_json(patch).to_string().into();
    let patches: Vec<Box<str>> = if is_across {
        fields.many("records").into_iter().map(text).collect()
    } else {
        vec![fields.get("given").map_or_else(|| "{}".into(), text)]
    };
    if patches.is_empty() {
        problems.with_help(
            &written.span,
            "a test of a rule across records needs records",
            "write `records: [ {..}, {..} ]`",
        );
        return None;
    }
    let expect = fields
        .many("expect")
        .into_iter()
        .map(|written| expectation(written, problems))
        .collect::<Option<Vec<_>>>()?;
    let place = match &written.what {
        What::Map(entries) => entries.first().map_or(written.span.clone(), |entry| entry.value.span.clone()),
        _ => written.span.clone(),
    };
    Some(Trial {
        name: fields.text("name")?.to_owned(),
        as_at: fields.day("as_at")?,
        base: Arc::clone(base),
        patches,
        expect,
        span: place,
    })
}

fn expectation(written: &Written, problems: &Problems) -> Option<Expect> {
    let fields = Fields::read(written, &EXPECT, problems)?;
    Some(Expect {
        outcome: fields.text("outcome").and_then(Outcome::from_word)?,
        rule: fields.text("rule").map(str::to_owned),
        subject: fields.text("subject").map(str::to_owned),
        started_on: fields.day("started_on"),
        due_on: fields.day("due_on"),
        done_on: fields.day("done_on"),
        days_over: fields.text("days_over").and_then(|text| text.parse().ok()),
        due_soon: fields.text("due_soon").map(|text| text == "true"),
        message: fields.text("message").map(str::to_owned),
        about: fields.many("about").into_iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
    })
}

/// Reports the outcomes that a rule can give and no test expects.
pub fn check_coverage(
    trials: &[Trial],
    id: &str,
    outcomes: OutcomeSet,
    missed: Option<(&str, OutcomeSet)>,
    span: &Range<usize>,
    is_across: bool,
    problems: &Problems,
) {
    let expected_of = |rule: Option<&str>| {
        trials.iter().flat_map(|trial| &trial.expect).filter(|expect| expect.rule.as_deref() == rule).fold(
            OutcomeSet::default(),
            |mut set, expect| {
                set.insert(expect.outcome);
                set
            },
        )
    };
    let report = |id: &str, lacking: OutcomeSet| {
        let words: Vec<&str> = lacking.iter().map(Outcome::word).collect();
        if !words.is_empty() {
            problems.with_help(
                span,
                format!("no test of {id} expects: {}", words.join(", ")),
                "a test for every outcome that the rule can give",
            );
        }
    };
    report(id, outcomes.without(expected_of(None)));
    if let Some((missed, outcomes)) = missed {
        report(missed, outcomes.without(expected_of(Some(missed))));
    }
    for trial in trials {
        for expect in trial.expect.iter().filter(|expect| expect.rule.is_none()) {
            let is_idle = is_across && expect.outcome == Outcome::NotApplicable;
            if !is_idle && !outcomes.contains(expect.outcome) {
                problems.at(&trial.span, format!("{id} cannot give `{}`", expect.outcome));
            }
        }
    }
}
