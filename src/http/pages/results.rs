//! What came of a done job, in words: its figures, each with the page that shows what is behind it, and what they rest on.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::extracts::Coercion;
use crate::extracts::ExtractFacts;
use crate::extracts::Lack;
use crate::extracts::table_name;
use crate::measures::Rate;
use crate::model::Outcome;
use crate::model::OutcomeCounts;
use crate::model::Severity;
use crate::report;
use crate::report::KeptSummary;
use crate::rules::plain_date;

/// Places that are shown of one kind of coercion.
const PLACES: usize = 10;

/// Outcomes as columns of a table, with their short names.
pub const OUTCOMES: [(Outcome, &str); 6] = [
    (Outcome::Met, "Met"),
    (Outcome::MetLate, "Late"),
    (Outcome::Overdue, "Overdue"),
    (Outcome::Breached, "Breached"),
    (Outcome::NotYetDue, "Not yet due"),
    (Outcome::CannotTell, "Cannot tell"),
];

/// What an extract was, in words.
pub struct ExtractWords {
    /// The layout.
    pub layout: String,
    /// The tables: name, rows, file, encoding.
    pub tables: Vec<(String, u64, String, String)>,
    /// Files that were not read.
    pub strangers: Vec<String>,
    /// Files that are known and were not read, each with the reason.
    pub not_used: Vec<(String, String)>,
    /// Columns in which nearly nothing is recorded.
    pub blank: Vec<String>,
    /// How many rules could not run; empty when all could.
    pub not_run: Option<String>,
    /// What is lacking and could be sent, tables, columns and elements, with the rules.
    pub lacking: Vec<(String, Vec<String>)>,
    /// What no file of this layout holds, with the rules.
    pub never_held: Vec<(String, Vec<String>)>,
    /// What was done to read it: what, how often, where.
    pub coercions: Vec<(&'static str, u64, Vec<String>)>,
}

impl ExtractWords {
    /// An extract in words.
    pub fn of(extract: &ExtractFacts) -> Self {
        let own = |rules: BTreeSet<&str>| rules.into_iter().map(str::to_owned).collect();
        let lacking = report::lacking(extract).into_iter().map(|(what, rules)| (what, own(rules)));
        let can_be_sent = |what: &str| {
            let mut lines = extract.not_run.iter();
            lines.any(|line| {
                matches!(line.lack, Lack::Table(_) | Lack::Column(_) | Lack::Element(_))
                    && line.lack.words(&extract.layout) == what
            })
        };
        let (lacking, never_held) = lacking.partition(|(what, _)| can_be_sent(what));
        let mut kinds: BTreeMap<Coercion, Vec<_>> = BTreeMap::new();
        for line in &extract.coercions {
            kinds.entry(line.kind).or_default().push(line);
        }
        let coercions = kinds.into_iter().map(|(kind, lines)| {
            let count = lines.iter().map(|line| line.count).sum();
            let place = |line: &&crate::extracts::CoercionLine| {
                let column =
                    if line.column.is_empty() { String::new() } else { format!(" column {}", line.column) };
                format!("{}{column}: {}, {}", line.table(), line.count, line.places(PLACES))
            };
            (kind.words(), count, lines.iter().map(place).collect())
        });
        let table = |table: &crate::extracts::TableFacts| {
            (
                table.table.clone(),
                table.rows,
                table_name(&table.file, table.sheet.as_deref()),
                table.encoding.clone(),
            )
        };
        Self {
            layout: extract.layout.clone(),
            tables: extract.tables.iter().map(table).collect(),
            strangers: extract.not_recognised.clone(),
            not_used: extract.not_used.iter().map(|one| (one.file.clone(), one.why.clone())).collect(),
            blank: extract.mostly_blank.iter().map(report::blank_words).collect(),
            not_run: report::not_run_words(extract),
            lacking,
            never_held,
            coercions: coercions.collect(),
        }
    }
}

/// A figure and the page that shows what is behind it.
pub struct Figure {
    /// The number.
    pub count: u64,
    /// The address; nothing to open behind nothing.
    pub opens: Option<String>,
}

/// A line of a table of counts.
pub struct CountLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The counts, in the order of [`OUTCOMES`].
    pub counts: Vec<Figure>,
    /// Its rate in words.
    pub rate: String,
    /// How many of its rules were asked.
    pub asked: String,
}

impl CountLine {
    /// A standard or a rule with its counts; `opens` gives the page of an outcome.
    pub fn of(id: &str, title: &str, counts: &OutcomeCounts, opens: impl Fn(Outcome) -> String) -> Self {
        let rate = Rate::of(counts);
        let figure = |(outcome, _): &(Outcome, &str)| {
            let count = counts.get(*outcome);
            Figure { count, opens: (count > 0).then(|| opens(*outcome)) }
        };
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            counts: OUTCOMES.iter().map(figure).collect(),
            rate: report::rate_words(&rate),
            asked: String::new(),
        }
    }
}

/// The comparison with an earlier job.
pub struct ComparisonWords {
    /// The earlier job's id.
    pub with: String,
    /// What changed.
    pub words: String,
    /// Changes that can be looked at: the word, how many.
    pub opens: Vec<(&'static str, u64)>,
    /// Findings that could not be judged again.
    pub not_judged: u64,
    /// What makes it doubtful.
    pub warnings: Vec<String>,
}

/// What came of a job.
pub struct Results {
    /// Probable faults of the extract.
    pub faults: Vec<String>,
    /// Findings by severity, the gravest first: the word, how many.
    pub severities: Vec<(Severity, u64)>,
    /// Records, and those with findings.
    pub records: (u64, u64),
    /// Records that could not be read.
    pub unreadable: u64,
    /// The standards.
    pub standards: Vec<CountLine>,
    /// What an extract was.
    pub extract: Option<ExtractWords>,
    /// Parts of records that were not sent.
    pub not_sent: Vec<String>,
    /// Waivers that need a look: id, rule, why.
    pub waivers: Vec<(String, String, String)>,
    /// Against an earlier job.
    pub comparison: Option<ComparisonWords>,
    /// What the figures rest on: a name and a value.
    pub rests_on: Vec<(&'static str, String)>,
}

impl Results {
    /// The results of a job; `baseline` is the job that it was compared with.
    pub fn of(job_id: &str, summary: &KeptSummary, baseline: Option<&str>) -> Self {
        let severity =
            |severity: &Severity| (*severity, summary.findings.get(severity.word()).copied().unwrap_or(0));
        let not_run = not_run(summary);
        let standard = |line: &report::KeptStandard| {
            let id = &line.id;
            let rules = summary.rules.iter().filter(|rule| rule.standard == *id);
            let asked = rules.clone().filter(|rule| !not_run.contains(rule.id.as_str())).count();
            let asked = format!("{asked} of {}", rules.count());
            let counted = CountLine::of(id, &line.title, &line.counts, |outcome| {
                if outcome.is_finding() {
                    format!("/jobs/{job_id}/findings?standard={id}&outcome={}", outcome.word())
                } else {
                    format!("/jobs/{job_id}/rules?standard={id}")
                }
            });
            CountLine { asked, ..counted }
        };
        let blank = summary.extract.iter().flat_map(|extract| &extract.mostly_blank).map(report::blank_words);
        let not_sent = summary.not_sent.iter().map(|(section, lack)| {
            report::not_sent_words(section, lack.records, summary.records, lack.rules.len() as u64)
        });
        let waiver = |line: &report::KeptWaiver| {
            let why = report::waiver_words(line.state, line.expires_on, line.covers, line.findings)?;
            Some((line.id.clone(), line.rule.clone(), why))
        };
        Self {
            faults: blank.chain(summary.nearly_all.iter().map(report::nearly_all_words)).collect(),
            severities: Severity::ALL.iter().rev().map(severity).collect(),
            records: (summary.records, summary.records_with_findings),
            unreadable: summary.unreadable,
            standards: summary.standards.iter().map(standard).collect(),
            extract: summary.extract.as_ref().map(ExtractWords::of),
            not_sent: not_sent.collect(),
            waivers: summary.waivers.iter().filter_map(waiver).collect(),
            comparison: summary
                .comparison
                .as_ref()
                .zip(baseline)
                .map(|(comparison, with)| compared(comparison, with)),
            rests_on: rests_on(summary),
        }
    }
}

/// The rules that an extract could not answer.
pub fn not_run(summary: &KeptSummary) -> BTreeSet<&str> {
    let lines = summary.extract.iter().flat_map(|extract| &extract.not_run);
    lines.flat_map(|line| &line.rules).map(String::as_str).collect()
}

fn compared(comparison: &report::Comparison, with: &str) -> ComparisonWords {
    let all = [("new", comparison.new), ("still", comparison.still), ("changed", comparison.changed)];
    ComparisonWords {
        with: with.to_owned(),
        words: report::comparison_words(comparison),
        opens: all.into_iter().filter(|(_, count)| *count > 0).collect(),
        not_judged: comparison.not_judged,
        warnings: comparison.warnings.clone(),
    }
}

fn rests_on(summary: &KeptSummary) -> Vec<(&'static str, String)> {
    let [name, version, digest] = &summary.pack;
    let short = digest.get(..12).unwrap_or(digest);
    let mut lines =
        vec![("As at", plain_date(summary.as_at)), ("Rules", format!("{name} {version} ({short})"))];
    lines.extend(summary.overlay.clone().map(|overlay| ("Overlay", overlay)));
    lines.push(("Calendar", summary.calendar.clone()));
    lines.push(("Made by", summary.engine.clone()));
    lines
}
