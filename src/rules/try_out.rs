//! Runs the tests of rules through the engine, and says where one does not hold.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bumpalo::Bump;

use crate::archive::Sorter;
use crate::intake;
use crate::model::Node;
use crate::model::Outcome;
use crate::model::Problem;
use crate::model::Record;
use crate::model::Timing;
use crate::rules::across::FoundAcross;
use crate::rules::across::Shown;
use crate::rules::evaluate::Judged;
use crate::rules::evaluate::Siblings;
use crate::rules::facts::Facts;
use crate::rules::judgement::Arg;
use crate::rules::mark::Marked;
use crate::rules::pack::Pack;
use crate::rules::rule::Rule;
use crate::rules::trial::Expect;
use crate::rules::trial::Trial;
use crate::schema::RecordSchema;

/// One result that a rule gave for a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The rule, or the duty that started when it was missed.
    pub rule: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The pointer to what it is about.
    pub subject: String,
    /// Its clock.
    pub timing: Option<Timing>,
    /// The limit of the clock in words.
    pub limit: Option<String>,
    /// The line that people read.
    pub message: String,
    /// The children or the worker that a rule across records speaks of.
    pub about: Vec<String>,
}

/// Bytes of marks that a test keeps in memory.
const TRIAL_MEMORY: usize = 1 << 20;

impl Pack {
    /// Runs every test of every rule with the figures in force; each that does not hold is a problem at its place. Returns how many were run.
    pub fn try_out(&self, schema: &RecordSchema) -> (usize, Vec<Problem>) {
        let mut run = 0;
        let mut problems = Vec::new();
        for (at, rule) in self.rules.iter().enumerate() {
            for trial in rule.trials() {
                run += 1;
                let tried = self.answers_at(at, rule, trial, schema);
                if let Err(message) = tried.and_then(|got| compare(&rule.facts.id, &trial.expect, &got)) {
                    let title = format!("the test \"{}\" does not hold: {message}", trial.name);
                    problems.push(Problem::at(&rule.file, trial.span.clone(), title));
                }
            }
        }
        (run, problems)
    }

    /// What a rule of this pack says now of the records of one of its tests; an error says why they cannot be judged.
    pub fn answers(
        &self,
        rule: &Rule,
        trial: &Trial,
        schema: &RecordSchema,
    ) -> Result<Vec<Answered>, String> {
        let at = self.rules.iter().position(|other| std::ptr::eq(other, rule));
        self.answers_at(at.ok_or("the rule is not in the pack")?, rule, trial, schema)
    }

    fn answers_at(
        &self,
        at: usize,
        rule: &Rule,
        trial: &Trial,
        schema: &RecordSchema,
    ) -> Result<Vec<Answered>, String> {
        if rule.check.is_across() {
            return self.answers_across(at, rule, trial, schema);
        }
        let text = serde_json::to_vec(&trial.given()).map_err(|error| error.to_string())?;
        let arena = Bump::new();
        let root = parsed(&text, &arena, schema)?;
        let facts = self.facts(root, trial.as_at, true);
        Ok(said(rule, || self.siblings(at), &facts))
    }

    /// Asks a rule across records of the records of a test, as at the end of a run of them.
    fn answers_across(
        &self,
        at: usize,
        rule: &Rule,
        trial: &Trial,
        schema: &RecordSchema,
    ) -> Result<Vec<Answered>, String> {
        let told = |error: std::io::Error| error.to_string();
        let mut sorter = Sorter::new(TRIAL_MEMORY);
        for record in std::iter::once(trial.given()).chain(trial.others()) {
            let text = serde_json::to_vec(&record).map_err(|error| error.to_string())?;
            let arena = Bump::new();
            let root = parsed(&text, &arena, schema)?;
            let record = Record { root, bytes: &text };
            let child = record.child().unwrap_or("");
            let of = Marked { child, owners: record.owners(), at: None, places: None };
            let (facts, mut marks) = (self.facts(root, trial.as_at, true), Vec::new());
            self.mark_for(&[at], &facts, &of, &BTreeSet::new(), &mut marks);
            marks.into_iter().try_for_each(|mark| sorter.push(mark)).map_err(told)?;
        }
        let (mut got, mut holds) = (Vec::new(), false);
        let mut show = |shown: Shown<'_>| {
            match shown {
                Shown::Holds(_) => holds = true,
                Shown::Found(found) if found.is_first => got.push(across(rule, &found)),
                Shown::Found(_) => {}
            }
            Ok(())
        };
        self.across(sorter.finish().map_err(told)?, &mut show).map_err(told)?;
        if got.is_empty() {
            let outcome = if holds { Outcome::Met } else { Outcome::NotApplicable };
            let message = rule.say.render(outcome, &[]);
            got.push(Answered {
                rule: rule.facts.id.clone(),
                outcome,
                subject: String::new(),
                timing: None,
                limit: None,
                message,
                about: Vec::new(),
            });
        }
        Ok(got)
    }
}

impl Trial {
    /// Whether these answers are what the test expects of the rule; an error says what was said instead.
    pub fn holds(&self, rule: &Rule, answers: &[Answered]) -> Result<(), String> {
        compare(&rule.facts.id, &self.expect, answers)
    }
}

fn parsed<'a>(text: &'a [u8], arena: &'a Bump, schema: &RecordSchema) -> Result<&'a Node<'a>, String> {
    let root = intake::parse(text, arena).map_err(|malformed| malformed.to_string())?;
    match schema.faults(root, 1).first() {
        Some(fault) => Err(format!("its record has a fault at `{}`: {}", fault.pointer, fault.message)),
        None => Ok(root),
    }
}

fn across(rule: &Rule, found: &FoundAcross<'_>) -> Answered {
    let mut about: Vec<String> = match found.worker {
        Some(worker) => vec![worker.to_owned()],
        None => found.with.iter().chain([&found.mark]).map(|mark| mark.child().to_owned()).collect(),
    };
    about.sort();
    Answered {
        rule: rule.facts.id.clone(),
        outcome: Outcome::Breached,
        subject: found.mark.pointer().to_owned(),
        timing: None,
        limit: None,
        message: rule.say.render(Outcome::Breached, &found.args),
        about,
    }
}

/// Whether a rule says of the record of a test what the test expects; an error says what it said instead.
pub(super) fn holds<'p>(
    rule: &'p Rule,
    siblings: impl Fn() -> Siblings,
    facts: &Facts<'p, '_>,
    trial: &Trial,
) -> Result<(), String> {
    compare(&rule.facts.id, &trial.expect, &said(rule, siblings, facts))
}

fn said<'p>(rule: &'p Rule, siblings: impl Fn() -> Siblings, facts: &Facts<'p, '_>) -> Vec<Answered> {
    let mut got = Vec::new();
    rule.ask(siblings, facts, |judged| got.push(seen(facts, &judged)));
    got
}

fn seen(facts: &Facts<'_, '_>, judged: &Judged<'_>) -> Answered {
    let subject = judged.judgement.subject;
    let args = &judged.judgement.details().args;
    let limit = args.iter().find_map(|(name, value)| match value {
        Arg::Words(words) if *name == "limit" => Some(words.clone()),
        _ => None,
    });
    Answered {
        rule: judged.rule().id.clone(),
        outcome: judged.judgement.outcome,
        subject: facts.pointer(subject.list, subject.item).to_string(),
        timing: judged.judgement.timing().copied(),
        limit,
        message: judged.say().render(judged.judgement.outcome, args),
        about: Vec::new(),
    }
}

/// Every result other than `not_applicable` must be expected, one for one; `not_applicable` is expected alone. Results of the duty that
/// follows a missed one are compared only where a test speaks of it.
fn compare(id: &str, expect: &[Expect], got: &[Answered]) -> Result<(), String> {
    let rules = expect.iter().map(|expect| expect.rule.as_deref().unwrap_or(id));
    let mut names: Vec<&str> = rules.collect();
    names.dedup();
    for name in names {
        let wanted: Vec<&Expect> =
            expect.iter().filter(|expect| expect.rule.as_deref().unwrap_or(id) == name).collect();
        let mine = got.iter().filter(|got| got.rule == name);
        let (idle, mut speaking): (Vec<&Answered>, Vec<&Answered>) =
            mine.partition(|got| got.outcome == Outcome::NotApplicable);
        let mut idle_left = idle;
        for want in &wanted {
            let pool = if want.outcome == Outcome::NotApplicable { &mut idle_left } else { &mut speaking };
            match pool.iter().position(|got| fits(want, got)) {
                Some(found) => {
                    pool.remove(found);
                }
                None => {
                    return Err(format!(
                        "expected {} of {name}, but it said {}",
                        described(want),
                        told(got, name)
                    ));
                }
            }
        }
        if !speaking.is_empty() {
            return Err(format!("{name} also said {}", told(got, name)));
        }
    }
    Ok(())
}

fn fits(want: &Expect, got: &Answered) -> bool {
    let timing = got.timing;
    let day = |wanted: Option<crate::model::Day>, found: Option<crate::model::Day>| {
        wanted.is_none() || wanted == found
    };
    want.outcome == got.outcome
        && want.subject.as_ref().is_none_or(|subject| *subject == got.subject)
        && want.message.as_ref().is_none_or(|message| *message == got.message)
        && (want.about.is_empty() || want.about == got.about)
        && day(want.started_on, timing.and_then(|timing| timing.started_on))
        && day(want.due_on, timing.and_then(|timing| timing.due_on))
        && day(want.done_on, timing.and_then(|timing| timing.done_on))
        && want.days_over.is_none_or(|over| timing.is_some_and(|timing| timing.days_over == over))
        && want.due_soon.is_none_or(|soon| timing.is_some_and(|timing| timing.due_soon == soon))
}

fn described(want: &Expect) -> String {
    let mut text = format!("`{}`", want.outcome);
    for (name, day) in [("started", want.started_on), ("due", want.due_on), ("done", want.done_on)] {
        if let Some(day) = day {
            let _ = write!(text, " {name} {day}");
        }
    }
    if let Some(over) = want.days_over {
        let _ = write!(text, " {over} over");
    }
    if let Some(soon) = want.due_soon {
        text.push_str(if soon { " due soon" } else { " not due soon" });
    }
    if let Some(subject) = &want.subject {
        let _ = write!(text, " at `{subject}`");
    }
    if !want.about.is_empty() {
        let _ = write!(text, " about {}", want.about.join(" and "));
    }
    if let Some(message) = &want.message {
        let _ = write!(text, " saying \"{message}\"");
    }
    text
}

fn told(got: &[Answered], name: &str) -> String {
    let said: Vec<String> = got
        .iter()
        .filter(|got| got.rule == name)
        .map(|got| {
            let day =
                |day: Option<crate::model::Day>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let clock = got.timing.map_or_else(String::new, |timing| {
                let (started, due, done) = (day(timing.started_on), day(timing.due_on), day(timing.done_on));
                let soon = if timing.due_soon { " due soon" } else { "" };
                format!(" started {started} due {due} done {done} {} over{soon}", timing.days_over)
            });
            let about = if got.about.is_empty() {
                String::new()
            } else {
                format!(" about {}", got.about.join(" and "))
            };
            format!("`{}` at `{}`{about}{clock} saying \"{}\"", got.outcome, got.subject, got.message)
        })
        .collect();
    if said.is_empty() { "nothing".to_owned() } else { said.join("; ") }
}
