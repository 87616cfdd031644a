//! A rule file, and the rule that it becomes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::OnceLock;

use serde_json::json;

use crate::form;
use crate::form::Fields;
use crate::form::Problems;
use crate::form::Written;
use crate::model::Day;
use crate::model::Dimension;
use crate::model::Force;
use crate::model::OutcomeSet;
use crate::model::Problem;
use crate::model::Reliability;
use crate::model::Rendered;
use crate::model::RuleFacts;
use crate::model::RuleStage;
use crate::model::RuleWords;
use crate::model::Severity;
use crate::model::SourceFile;
use crate::rules::build::Build;
use crate::rules::build::Shared;
use crate::rules::kinds::Check;
use crate::rules::kinds::Missed;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::read_check;
use crate::rules::kinds::read_missed;
use crate::rules::overlay::RuleChange;
use crate::rules::params;
use crate::rules::params::Param;
use crate::rules::rule_forms::IF_MISSED;
use crate::rules::rule_forms::RULE;
use crate::rules::rule_forms::SOURCE;
use crate::rules::say::Say;
use crate::rules::texts::WordList;
use crate::rules::trial;
use crate::rules::trial::Trial;

/// A rule of the pack: what it is, and what it checks.
#[derive(Debug)]
pub struct Rule {
    /// What its findings say alike.
    pub facts: Arc<RuleFacts>,
    /// Why it matters.
    pub why: String,
    /// The recommendations it answers.
    pub answers: Vec<String>,
    /// Its first day in force.
    pub from: Option<Day>,
    /// Its last day in force.
    pub to: Option<Day>,
    /// How far it has been taken into use.
    pub stage: RuleStage,
    /// Why the overlay switched it off.
    pub off: Option<String>,
    /// Its parameters in force.
    pub params: Vec<Param>,
    /// What it says.
    pub say: Say,
    /// Windows in which the law eased the clock.
    pub relaxed: Vec<Relaxation>,
    /// What it checks.
    pub check: Check,
    /// The duty that starts when it is missed.
    pub missed: Option<MissedRule>,
    /// The lists and fields that it reads, from the record down: `cla_reviews[].review_date`.
    pub reads: BTreeSet<String>,
    /// Its tests, once they have been read.
    trials: OnceLock<Vec<Trial>>,
    /// Its file.
    pub file: Arc<SourceFile>,
    /// The number of its outcomes in tallies; those of `missed` have the next.
    pub rank: u32,
    /// Whether the pack has no other revision of it.
    pub(super) is_only: bool,
}

impl Rule {
    /// Its tests. Those of a pack that was proved before are read from its file when they are first asked for.
    pub fn trials(&self) -> &[Trial] {
        self.trials.get_or_init(|| trial::read_later(&self.file, self.check.is_across()))
    }

    /// Whether it is in force on a day.
    pub(super) fn is_in_force(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Lets its tests go.
    pub(super) fn forget_trials(&mut self) {
        self.trials = OnceLock::from(Vec::new());
    }
}

/// A duty that starts when a rule's own is missed.
#[derive(Debug)]
pub struct MissedRule {
    /// What its findings say alike.
    pub facts: Arc<RuleFacts>,
    /// What it says.
    pub say: Say,
    /// Its clock.
    pub missed: Missed,
}

/// The key of a rule's tests, which stands last in its file.
pub(super) const TESTS: &str = "tests";

/// Reads a rule file but for its tests.
pub(super) fn read_head(file: &Arc<SourceFile>) -> Result<Written, Problem> {
    form::read_up_to(file, TESTS)
}

/// Reads one rule file. `standard` is the name of its folder; `change` is what an overlay says of it.
pub fn read(
    shared: &Shared<'_>,
    file: &Arc<SourceFile>,
    written: &Written,
    standard: &str,
    verbs: &WordList,
    change: Option<&RuleChange>,
    problems: &Problems,
) -> Option<Rule> {
    let fields = Fields::read(written, &RULE, problems)?;
    let mut params = params::read(fields.get("params"), problems);
    if let Some(change) = change {
        change.set_params(&mut params);
    }
    let used_params = RefCell::new(BTreeSet::new());
    let build = Build { shared, problems, params: &params, used_params: &used_params };
    let _ = shared.places.borrow_mut().take_reads();
    let check = fields.get("check").and_then(|written| read_check(written, &build));
    let outcomes = check.as_ref().map_or_else(OutcomeSet::default, Check::outcomes);
    let say = match &check {
        Some(check) => {
            Say::read(fields.get("say"), outcomes, check.gaps(), check.has_clock(), verbs, problems)
        }
        None => {
            Say::look_over(fields.get("say"), verbs, problems);
            Say::default()
        }
    };
    let facts = rule_facts(&fields, standard, &params, change, problems);
    let missed =
        fields.get("if_missed").and_then(|written| read_if_missed(written, &build, facts.as_ref(), verbs));
    if missed.is_some() && !matches!(check, Some(Check::Deadline(_)) | None) {
        problems.at(&fields.span("if_missed"), "only a deadline can be missed");
    }
    if check.is_some() {
        report_unused(&fields, &params, &used_params.borrow(), problems);
    }
    let is_across = check.as_ref().is_some_and(Check::is_across);
    let relaxed = read_relaxed(&fields);
    let read = (!shared.tests_later).then(|| trial::read(&fields, is_across, problems));
    let trials = read.map(OnceLock::from).unwrap_or_default();
    check_default_is_not_law(&fields, problems);
    let facts = facts?;
    if let (Some(read), Some(_)) = (trials.get(), &check) {
        let missed = missed.as_ref().map(|missed| (missed.facts.id.as_str(), Missed::outcomes()));
        trial::check_coverage(read, &facts.id, outcomes, missed, &fields.span(TESTS), is_across, problems);
    }
    let reads = shared.places.borrow_mut().take_reads();
    let edge = |key| fields.get("effective").and_then(|written| day_of(written, key));
    let stage = fields.text("stage").and_then(RuleStage::from_word).unwrap_or(RuleStage::Advise);
    Some(Rule {
        why: fields.text("why").unwrap_or_default().to_owned(),
        answers: texts(&fields, "answers"),
        from: edge("from"),
        to: edge("to"),
        stage: change.and_then(|change| change.stage).unwrap_or(stage),
        off: change.and_then(|change| change.off.clone()),
        facts: Arc::new(facts),
        say,
        relaxed,
        check: check?,
        missed,
        reads,
        trials,
        file: Arc::clone(file),
        rank: 0,
        is_only: false,
        params,
    })
}

/// The day that stands under a key of a mapping.
fn day_of(written: &Written, key: &str) -> Option<Day> {
    Day::parse(written.entry(key)?.value.text()?)
}

/// The words of a list.
fn texts(fields: &Fields<'_>, key: &str) -> Vec<String> {
    fields.many(key).into_iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

/// A parameter that nothing uses is a mistake in one of the two places.
fn report_unused(fields: &Fields<'_>, params: &[Param], used: &BTreeSet<String>, problems: &Problems) {
    for param in params.iter().filter(|param| !used.contains(&param.name)) {
        let message = format!("nothing uses the parameter `{}`", param.name);
        let entry = fields.get("params").and_then(|params| params.entry(&param.name));
        let span = entry.map_or_else(|| fields.span("params"), |entry| entry.key_span.clone());
        problems.with_help(&span, message, "take it out, or use it");
    }
}

fn rule_facts(
    fields: &Fields<'_>,
    standard: &str,
    params: &[Param],
    change: Option<&RuleChange>,
    problems: &Problems,
) -> Option<RuleFacts> {
    let source = raw_source(fields.get("source"), problems);
    let id = fields.text("id")?;
    check_id(id, fields, problems);
    let severity = fields.text("severity").and_then(Severity::from_word);
    let revision = fields.text("revision").map_or(Ok(1), str::parse);
    if revision.is_err() {
        problems.at(&fields.span("revision"), "`revision` takes a whole number");
    }
    Some(RuleFacts::new(RuleWords {
        id: id.to_owned(),
        revision: revision.unwrap_or(1),
        title: fields.text("title")?.to_owned(),
        standard: standard.to_owned(),
        severity: change.and_then(|change| change.severity).or(severity)?,
        force: fields.text("force").and_then(Force::from_word)?,
        dimension: fields.text("dimension").and_then(Dimension::from_word)?,
        reliability: fields.text("reliability").and_then(Reliability::from_word)?,
        fix: fields.text("fix")?.to_owned(),
        source,
        params: raw_params(params),
    }))
}

fn check_id(id: &str, fields: &Fields<'_>, problems: &Problems) {
    let shape = id.split_once('-').is_some_and(|(area, number)| {
        let digits = number.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
        area.len() >= 2
            && area.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == 3
            && digits.parse::<u16>().is_ok()
    });
    if !shape {
        problems.with_help(
            &fields.span("id"),
            "this is not the id of a standard",
            "write it as in the catalogue: `PEP-001`, or `PEP-001b` for a second rule",
        );
    }
    let stem = problems.file().name.rsplit('/').next().unwrap_or("").to_owned();
    if !stem.starts_with(&format!("{}-", id.to_lowercase())) {
        problems.with_help(
            &fields.span("id"),
            "the file is named after another rule",
            format!("name it `{}-<defect>.yaml`", id.to_lowercase()),
        );
    }
}

fn raw_source(written: Option<&Written>, problems: &Problems) -> Rendered {
    let Some(fields) = written.and_then(|written| Fields::read(written, &SOURCE, problems)) else {
        return Rendered::of(&json!({}));
    };
    Rendered::of(&json!({
        "instrument": fields.text("instrument"), "paragraph": fields.text("paragraph"), "url": fields.text("url"),
        "basis": fields.text("basis"), "figure": fields.text("figure").unwrap_or("stated"),
        "verified": fields.yes("verified"), "confidence": fields.text("confidence"), "checked_on": fields.text("checked_on"),
    }))
}

fn raw_params(params: &[Param]) -> Rendered {
    let pairs = params.iter().map(|param| {
        (param.name.clone(), json!({ "value": param.value.to_string(), "set_by": param.set_by }))
    });
    Rendered::of(&serde_json::Value::Object(pairs.collect()))
}

/// A figure of ours is never worded as law.
fn check_default_is_not_law(fields: &Fields<'_>, problems: &Problems) {
    let is_default =
        fields.get("source").and_then(|source| source.entry("figure")).and_then(|entry| entry.value.text())
            == Some("default");
    if !is_default {
        return;
    }
    let mut texts: Vec<&Written> =
        ["title", "why", "fix"].into_iter().filter_map(|key| fields.get(key)).collect();
    if let Some(Written { what: crate::form::What::Map(lines), .. }) = fields.get("say") {
        texts.extend(lines.iter().map(|line| &line.value));
    }
    for written in texts {
        let text = written.text().unwrap_or_default().to_lowercase();
        let words = ["statutory", "by law", "legal limit", "legally required", "the law"];
        if let Some(word) = words.iter().find(|word| text.contains(*word)) {
            problems.with_help(
                &written.span,
                format!("a default figure of ours is worded as law (`{word}`)"),
                "the source gives a duty and no figure: say it without that, or `figure: stated` if the source does state it",
            );
        }
    }
}

fn read_relaxed(fields: &Fields<'_>) -> Vec<Relaxation> {
    let windows = fields.many("relaxed").into_iter().filter_map(|written| {
        let by = written.entry("by")?.value.text()?.to_owned();
        Some(Relaxation { from: day_of(written, "from")?, to: day_of(written, "to")?, by })
    });
    windows.collect()
}

fn read_if_missed(
    written: &Written,
    build: &Build<'_, '_>,
    first: Option<&RuleFacts>,
    verbs: &WordList,
) -> Option<MissedRule> {
    let fields = Fields::read(written, &IF_MISSED, build.problems)?;
    let missed = fields.get("deadline").and_then(|written| read_missed(written, build));
    let say = Say::read(fields.get("say"), Missed::outcomes(), &[], true, verbs, build.problems);
    let first = first?;
    let facts = RuleFacts::new(RuleWords {
        id: fields.text("id")?.to_owned(),
        title: fields.text("title")?.to_owned(),
        standard: fields.text("standard").unwrap_or(&first.standard).to_owned(),
        severity: fields.text("severity").and_then(Severity::from_word).unwrap_or(first.severity),
        fix: fields.text("fix")?.to_owned(),
        source: fields
            .get("source")
            .map_or_else(|| first.source.clone(), |source| raw_source(Some(source), build.problems)),
        ..RuleWords::clone(first)
    });
    Some(MissedRule { facts: Arc::new(facts), say, missed: missed? })
}
