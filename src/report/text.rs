//! Findings and tables as plain words for a terminal, with colour if asked for.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::extracts::ExtractFacts;
use crate::model::AcrossAnswer;
use crate::model::Answer;
use crate::model::Finding;
use crate::model::Outcome;
use crate::model::Severity;
use crate::report::Comparison;
use crate::report::StandardLine;
use crate::report::Summary;
use crate::report::WaiverLine;
use crate::report::summary::section_not_sent;
use crate::report::words::comparison_words;
use crate::report::words::counted;
use crate::report::words::not_sent_words;
use crate::report::words::rate_words;
use crate::report::words::severity_words;
use crate::report::words::waiver_words;
use crate::rules::plain_date;

/// Colours by the escape codes that every terminal knows; nothing when they are not wanted.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Whether to colour at all.
    pub colour: bool,
}

impl Ink {
    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn severity(self, severity: Severity) -> String {
        let code = match severity {
            Severity::Critical => "1;37;41",
            Severity::Error => "1;31",
            Severity::Warning => "33",
            Severity::Info => "36",
        };
        self.paint(code, &format!("{severity:<8}"))
    }

    /// Bold text.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Text that stands back.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// One record and its findings.
pub fn record_as_text(answer: &Answer, ink: Ink) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", ink.bold(&heading(answer)));
    let (not_sent, findings): (Vec<&Finding>, Vec<&Finding>) =
        answer.findings.iter().partition(|finding| section_not_sent(finding).is_some());
    for finding in findings {
        text.push_str(&finding_as_text(finding, ink));
    }
    let mut sections: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (section, finding) in
        not_sent.into_iter().filter_map(|finding| Some((section_not_sent(finding)?, finding)))
    {
        sections.entry(section).or_default().insert(&finding.rule.id);
    }
    for (section, rules) in sections {
        let _ = writeln!(
            text,
            "  {} `{section}` is not in this record: {} could not be judged",
            ink.dim("not sent"),
            counted(rules.len() as u64, "rule")
        );
    }
    for due in &answer.due_soon {
        let _ = writeln!(
            text,
            "  {} {} ({}, {} {} left)",
            ink.paint("34", "due soon"),
            due.message,
            due.rule,
            due.days_left,
            due.unit
        );
    }
    text
}

/// The most findings across records that a terminal shows.
const ACROSS_SHOWN: usize = 20;

/// What all records together show: whom it is about, then the finding as any other. `all` is how many there are.
pub fn across_as_text(answers: &[AcrossAnswer], all: usize, ink: Ink) -> String {
    let mut text = String::new();
    if answers.is_empty() {
        return text;
    }
    let _ = writeln!(text, "{}", ink.bold("Across records"));
    for answer in answers.iter().take(ACROSS_SHOWN) {
        let across = &answer.across;
        let place = answer.finding().at.as_ref().map_or_else(String::new, |at| format!("{}, ", at.words()));
        let whose = match (&across.record.id, &across.record.worker_id) {
            (Some(child), _) => format!("child {child}"),
            (None, Some(worker)) => format!("worker {worker}"),
            (None, None) => "a record without la_child_id".to_owned(),
        };
        let others: std::collections::BTreeSet<&str> =
            across.with.iter().filter_map(|with| with.record.id.as_deref()).collect();
        let (first, more) = (others.first().map_or("", |id| id), others.len().saturating_sub(1));
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let with = if first.is_empty() { String::new() } else { format!(" with child {first}{more}") };
        let _ = writeln!(text, "{}", ink.dim(&format!("{place}{whose}{with}")));
        text.push_str(&finding_as_text(answer.finding(), ink));
    }
    if let Some(more) = all.checked_sub(ACROSS_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(
            text,
            "and {} more, in the files that `--out DIR` writes",
            counted(more as u64, "finding")
        );
    }
    text.push('\n');
    text
}

fn heading(answer: &Answer) -> String {
    let mut words = Vec::new();
    if let Some(at) = &answer.at {
        words.push(at.words());
    }
    words.push(match &answer.decision.record.id {
        Some(id) => format!("child {id}"),
        None => "a record without la_child_id".to_owned(),
    });
    words.join(", ")
}

/// One finding: what to do, by which rule, where, since when.
pub fn finding_as_text(finding: &Finding, ink: Ink) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  {} {}", ink.severity(finding.severity), finding.message);
    let _ = writeln!(text, "           {} {}", ink.dim(&finding.rule.id), ink.dim(&finding.rule.title));
    let mut place = if finding.subject.path.as_str().is_empty() {
        "the record".to_owned()
    } else {
        finding.subject.path.to_string()
    };
    // The name of the column in the file itself is nearer than the name of the field in a return.
    let has_column = finding.at.as_ref().is_some_and(|at| at.column.is_some());
    if let Some((standard, name)) = finding.field_names.first().filter(|_| !has_column) {
        let _ = write!(place, " ({standard} {name})");
    }
    if let Some(clock) = clock(finding) {
        let _ = write!(place, " · {clock}");
    }
    let _ = writeln!(text, "           {}", ink.dim(&place));
    if let Some(source) = source(finding) {
        let _ = writeln!(text, "           {}", ink.dim(&source));
    }
    if let Some(trace) = finding
        .evidence
        .iter()
        .find(|trace| finding.outcome == Outcome::CannotTell && trace.role == "missing")
    {
        let _ = writeln!(
            text,
            "           cannot tell: {} at {}",
            trace.because.unwrap_or("a value is missing"),
            trace.path
        );
    }
    let _ = writeln!(text, "           → {}", finding.rule.fix);
    if let Some(cause) = &finding.caused_by {
        let _ = writeln!(text, "           {}", ink.dim(&format!("follows from {}", cause.rule)));
    }
    if let Some(waiver) = &finding.waiver {
        let _ = writeln!(
            text,
            "           {}",
            ink.dim(&format!("waived ({}) until {}", waiver.disposition, waiver.expires_on))
        );
    }
    text
}

/// Where in the tables that the record was made of: file, line, column.
fn source(finding: &Finding) -> Option<String> {
    let at = finding.at.as_ref()?;
    let of_table = at.column.is_some() || finding.evidence.iter().any(|evidence| evidence.at.is_some());
    let column = at.column.as_ref().map_or_else(String::new, |column| format!(", column {column}"));
    (of_table && at.line.is_some()).then(|| format!("{}{column}", at.words()))
}

fn clock(finding: &Finding) -> Option<String> {
    let timing = finding.timing?;
    let due = plain_date(timing.due_on?);
    let about = if timing.approximate { " (approximate)" } else { "" };
    Some(match (timing.done_on, timing.days_over) {
        (Some(done), over) if over > 0 => {
            format!("due {due}, done {}, {over} {} late{about}", plain_date(done), timing.unit)
        }
        (None, over) if over > 0 => format!("due {due}, {over} {} over{about}", timing.unit),
        _ => format!("due {due}{about}"),
    })
}

/// One line of the table.
fn standard_as_text(line: &StandardLine<'_>, summary: &Summary<'_>, text: &mut String) {
    let extract = summary.extract.iter().flat_map(|extract| &extract.not_run);
    let not_run: BTreeSet<&str> = extract.flat_map(|line| &line.rules).map(String::as_str).collect();
    let mut rules = summary.rules.iter().filter(|rule| rule.standard == line.id);
    if line.counts.total() == 0 && rules.any(|rule| not_run.contains(rule.id)) {
        let _ =
            writeln!(text, "{:<26}       –   no rule of it could judge anything in this extract", line.title);
        return;
    }
    let count = |outcome: Outcome| line.counts.get(outcome);
    let rate = rate_words(&line.rate);
    let _ = writeln!(
        text,
        "{:<26}{:>8}{:>8}{:>9}{:>10}{:>9}{:>8}   {rate}",
        line.title,
        count(Outcome::Met),
        count(Outcome::MetLate),
        count(Outcome::Overdue),
        count(Outcome::Breached),
        count(Outcome::NotYetDue),
        count(Outcome::CannotTell),
    );
}

/// What changed against an earlier run.
fn comparison_as_text(comparison: &Comparison, ink: Ink) -> String {
    let mut text = format!("{} {}\n", ink.dim("compared"), comparison_words(comparison));
    if comparison.not_judged > 0 {
        text.push_str(&format!("         {} could not be judged again\n", comparison.not_judged));
    }
    for warning in &comparison.warnings {
        text.push_str(&format!("{} {warning}\n", ink.bold("doubtful")));
    }
    text
}

/// What somebody should look at in a waiver; nothing for one that does what it is for.
fn waiver_as_text(line: &WaiverLine<'_>, ink: Ink) -> Option<String> {
    let what = waiver_words(line.state, line.expires_on, line.covers, line.findings)?;
    Some(format!("{} {} ({}) {what}\n", ink.dim("waiver  "), line.id, line.rule))
}

/// The table by standard, and the totals.
pub fn summary_as_text(summary: &Summary<'_>, ink: Ink) -> String {
    let mut text = String::new();
    // A table of noughts would look as though something had been looked into.
    if !summary.extract.as_ref().is_some_and(ExtractFacts::no_rule_ran) {
        let head = format!(
            "{:<26}{:>8}{:>8}{:>9}{:>10}{:>9}{:>8}   {}",
            "standard", "met", "late", "overdue", "breached", "not yet", "unsure", "done in time"
        );
        let _ = writeln!(text, "{}", ink.bold(&head));
        summary.standards.iter().for_each(|line| standard_as_text(line, summary, &mut text));
        let _ = writeln!(text);
    }
    for (section, lack) in &summary.not_sent {
        let words = not_sent_words(section, lack.records, summary.records, lack.rules.len() as u64);
        let _ = writeln!(text, "{} {words}", ink.dim("not sent"));
    }
    summary.waivers.iter().filter_map(|line| waiver_as_text(line, ink)).for_each(|line| text.push_str(&line));
    if let Some(comparison) = &summary.comparison {
        text.push_str(&comparison_as_text(comparison, ink));
    }
    let found = severity_words(|severity| summary.findings.get(severity.word()).copied().unwrap_or(0));
    let found: Vec<String> = found.into_iter().map(|(_, words)| words).collect();
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    let records = counted(summary.records, "record");
    let _ = writeln!(text, "{records} as at {}: {found}", summary.as_at);
    if summary.unreadable > 0 {
        let _ = writeln!(text, "{} of them could not be read, and were not checked", summary.unreadable);
    }
    let overlay = summary.overlay.as_ref().map_or_else(String::new, |overlay| format!(", overlay {overlay}"));
    let [name, version, digest] = summary.pack;
    let short = digest.get(..12).unwrap_or(digest);
    let _ = writeln!(
        text,
        "{}",
        ink.dim(&format!(
            "pack {name} {version} ({short}){overlay}, calendar {}, {}",
            summary.calendar, summary.engine
        ))
    );
    if summary.partial {
        let _ = writeln!(
            text,
            "{}",
            ink.bold("The run was stopped: these figures are of the records that were read.")
        );
    }
    text
}
