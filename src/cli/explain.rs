//! A rule in plain words: what it asks, on whose authority, with which figures, what it says, how it was tested.

use serde_json::Value;
use serde_json::json;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::form;
use crate::form::What;
use crate::form::Written;
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
    Ok(if as_json {
        format!("{}\n", serde_json::to_string_pretty(&value(rule)).unwrap_or_default())
    } else {
        text(rule)
    })
}

/// A rule as JSON: everything that is known of it.
fn value(rule: &Rule) -> Value {
    let facts = &rule.facts;
    let raw = |raw: &Rendered| serde_json::from_str::<Value>(raw.get()).unwrap_or(Value::Null);
    json!({
        "id": facts.id, "revision": facts.revision, "title": facts.title, "standard": facts.standard, "why": rule.why,
        "severity": facts.severity, "force": facts.force, "dimension": facts.dimension, "reliability": facts.reliability,
        "kind": rule.check.key(), "asked": asked(rule), "source": raw(&facts.source), "params": raw(&facts.params), "answers": rule.answers,
        "effective": { "from": rule.from, "to": rule.to }, "stage": rule.stage, "off": rule.off, "fix": facts.fix,
        "says": rule.say.written().map(|(outcome, line)| (outcome.word().to_owned(), Value::from(line))).collect::<serde_json::Map<_, _>>(),
        "if_missed": rule.missed.as_ref().map(|missed| json!({ "id": missed.facts.id, "title": missed.facts.title })),
        "tests": rule.trials().iter().map(|trial| json!({ "name": trial.name, "as_at": trial.as_at, "given": trial.given(), "others": trial.others() })).collect::<Vec<_>>(),
        "file": rule.file.name,
    })
}

fn text(rule: &Rule) -> String {
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
        format!("Source   {}", source_line(facts.source.get())),
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
    lines.push(match rule.check.key() {
        "across" => "It asks of all records together:".to_owned(),
        kind => format!("It checks a {kind}:"),
    });
    lines.extend(check_as_written(rule));
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

/// Of what a rule is asked: of each `record`, or of the whole `run`.
pub(super) fn asked(rule: &Rule) -> &'static str {
    if rule.check.is_across() { "run" } else { "record" }
}

/// Where a standard is written, in a line.
pub(super) fn source_line(source: &str) -> String {
    let source: Value = serde_json::from_str(source).unwrap_or(Value::Null);
    let text = |key: &str| source.get(key).and_then(Value::as_str);
    let mut line = text("instrument").unwrap_or_default().to_owned();
    if let Some(paragraph) = text("paragraph") {
        line.push_str(", ");
        line.push_str(paragraph);
    }
    let basis = text("basis").unwrap_or_default();
    let figure = if text("figure") == Some("default") { ", the figure is a default of ours" } else { "" };
    let verified =
        if source.get("verified") == Some(&Value::Bool(true)) { "text read" } else { "text not yet read" };
    format!("{line} ({basis}{figure}; {verified})")
}

/// The check as its author wrote it, indented.
pub(super) fn check_as_written(rule: &Rule) -> Vec<String> {
    let Ok(written) = form::read(&rule.file) else { return Vec::new() };
    let check = written.entry("check").map(|entry| &entry.value);
    let Some(Written { what: What::Map(entries), .. }) = check else { return Vec::new() };
    let Some(kind) = entries.first() else { return Vec::new() };
    let mut lines = Vec::new();
    write(&kind.value, 1, &mut lines);
    lines
}

fn write(written: &Written, depth: usize, lines: &mut Vec<String>) {
    let space = "  ".repeat(depth);
    match &written.what {
        What::Map(entries) => {
            for entry in entries {
                match &entry.value.what {
                    What::Map(_) | What::List(_) => {
                        lines.push(format!("{space}{}", entry.key));
                        write(&entry.value, depth + 1, lines);
                    }
                    What::Text { text, .. } => lines.push(format!("{space}{}: {text}", entry.key)),
                    What::Nothing => lines.push(format!("{space}{}", entry.key)),
                }
            }
        }
        What::List(items) => {
            for item in items {
                match &item.what {
                    What::Text { text, .. } => lines.push(format!("{space}- {text}")),
                    _ => {
                        lines.push(format!("{space}-"));
                        write(item, depth + 1, lines);
                    }
                }
            }
        }
        What::Text { text, .. } => lines.push(format!("{space}{text}")),
        What::Nothing => {}
    }
}
