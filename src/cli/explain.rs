//! A rule in plain words: what it asks, on whose authority, with which figures, what it says, how it was tested.

use serde_json::Value;
use serde_json::json;

use crate::book::Book;
use crate::book::InWords;
use crate::book::Said;
use crate::book::Source;
use crate::book::check_as_written;
use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::model::Rendered;
use crate::model::closest;
use crate::rules::Rule;

/// The rule of this id, as text or JSON; a registered standard is explained by its reason.
pub(super) fn explain(catalog: &Catalog, id: &str, as_json: bool) -> Result<String, Failure> {
    let id = id.to_uppercase();
    let known = |known: &&str| known.eq_ignore_ascii_case(&id);
    let mut ids: Vec<&str> = catalog.pack.ranks.iter().map(String::as_str).collect();
    ids.extend(catalog.register.iter().map(|entry| entry.id.as_str()));
    let Some(found) = ids.iter().find(|other| known(other)).copied() else {
        let near = closest(&id, ids.iter().copied());
        let help = near.map_or_else(
            || "`casecheck rules list` lists them".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(format!("there is no rule {id}; {help}"));
    };
    if let Some(entry) = catalog.register.iter().find(|entry| entry.id == found) {
        return Ok(if as_json {
            format!("{}\n", serde_json::to_string_pretty(entry).unwrap_or_default())
        } else {
            let (title, reason, question) = (&entry.title, &entry.reason, &entry.audit_question);
            format!("{found} {title}\n\nNo machine can judge it: {reason}\nAn auditor answers: {question}\n")
        });
    }
    let rule = catalog.pack.rule(found).ok_or("the rule is not in the pack")?;
    let words = Book::of(catalog).words(catalog, rule);
    Ok(if as_json {
        format!("{}\n", serde_json::to_string_pretty(&value(rule, &words)).unwrap_or_default())
    } else {
        text(rule, &words)
    })
}

/// A rule as JSON: everything that is known of it.
fn value(rule: &Rule, words: &InWords) -> Value {
    let facts = &rule.facts;
    let raw = |raw: &Rendered| serde_json::from_str::<Value>(raw.get()).unwrap_or(Value::Null);
    json!({
        "id": facts.id, "revision": facts.revision, "title": facts.title, "standard": facts.standard, "why": rule.why,
        "severity": facts.severity, "force": facts.force, "dimension": facts.dimension, "reliability": facts.reliability,
        "kind": rule.check.key(), "in_words": lines(&words.check, 0), "asked": asked(rule), "source": raw(&facts.source), "params": raw(&facts.params), "answers": rule.answers,
        "effective": { "from": rule.from, "to": rule.to }, "stage": rule.stage, "off": rule.off, "fix": facts.fix,
        "says": rule.say.written().map(|(outcome, line)| (outcome.word().to_owned(), Value::from(line))).collect::<serde_json::Map<_, _>>(),
        "if_missed": rule.missed.as_ref().map(|missed| json!({ "id": missed.facts.id, "title": missed.facts.title })),
        "tests": rule.trials().iter().map(|trial| json!({ "name": trial.name, "as_at": trial.as_at, "given": trial.given(), "others": trial.others() })).collect::<Vec<_>>(),
        "file": rule.file.name,
    })
}

fn text(rule: &Rule, words: &InWords) -> String {
    let facts = &rule.facts;
    let mut lines = vec![
        format!("{} {}", facts.id, facts.title),
        format!(
            "{}, {}, {}, {}, revision {}",
            facts.standard, facts.force, facts.severity, facts.dimension, facts.revision
        ),
        String::new(),
        format!("Why      {}", rule.why),
        format!("Fix      {}", facts.fix),
        format!("Source   {}", Source::of(&facts.source).line()),
    ];
    if let Some(from) = rule.from {
        lines.push(format!("Since    {from}"));
    }
    if rule.check.is_across() {
        lines.push("Asked    of all records of a run together, at its end; never of one record".to_owned());
    }
    for window in &rule.relaxed {
        lines.push(format!("Eased    {} to {} by {}", window.from, window.to, window.by));
    }
    if let Some(reason) = &rule.off {
        lines.push(format!("OFF      {reason}"));
    }
    for param in &rule.params {
        let allowed =
            param.allowed.as_ref().map_or_else(String::new, |allowed| format!(", may be {allowed}"));
        lines.push(format!("Figure   {} = {} (set by {}{allowed})", param.name, param.value, param.set_by));
    }
    lines.push(String::new());
    lines.extend(asks(rule, words));
    lines.push(String::new());
    lines.push("It says".to_owned());
    lines.extend(rule.say.written().map(|(outcome, line)| format!("  {:<14}{line}", outcome.word())));
    if let Some(missed) = &rule.missed {
        lines.push(String::new());
        lines.push(format!("If it is missed: {} {}", missed.facts.id, missed.facts.title));
        lines.extend(missed.say.written().map(|(outcome, line)| format!("  {:<14}{line}", outcome.word())));
    }
    lines.push(String::new());
    lines.push(format!("Its {} tests", rule.trials().len()));
    for trial in rule.trials() {
        let expected: Vec<&str> = trial.expect.iter().map(|expect| expect.outcome.word()).collect();
        lines.push(format!("  {} as at {}: {}", trial.name, trial.as_at, expected.join(", ")));
    }
    lines.push(String::new());
    lines.push(format!("It stands in {}", rule.file.name));
    lines.push(String::new());
    lines.join("\n")
}

/// The check in plain English, with the words that are used, and as it was written.
fn asks(rule: &Rule, words: &InWords) -> Vec<String> {
    let mut all = vec!["What it asks".to_owned()];
    all.extend(lines(&words.check, 1));
    if !words.terms.is_empty() {
        all.extend([String::new(), "In these words".to_owned()]);
        for (term, said) in &words.terms {
            let meant = Said { words: format!("{term}: {}", said.words), under: said.under.clone() };
            meant.lines(1, &mut all);
        }
    }
    all.extend([String::new(), "As written".to_owned()]);
    all.extend(check_as_written(&rule.file.text).lines().map(|line| format!("  {line}")));
    all
}

/// Statements as lines of text.
fn lines(all: &[Said], depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for said in all {
        said.lines(depth, &mut lines);
    }
    lines
}

/// Of what a rule is asked: of each `record`, or of the whole `run`.
pub(super) fn asked(rule: &Rule) -> &'static str {
    if rule.check.is_across() { "run" } else { "record" }
}
