//! Compares a run with an earlier one: new, still, changed, fixed and gone, by the ids that findings keep. Gone is never fixed.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;

use crate::model::Baseline;
use crate::model::Day;
use crate::model::FindingId;
use crate::model::KnownFinding;
use crate::model::Left;
use crate::report::rows::ReportError;
use crate::report::rows::Row;
use crate::report::rows::each_row;
use crate::rules::Pack;
use crate::tables::TableWriter;

/// Warn when the number of children moves by this share, in per cent (`measures.md`).
const CHILDREN_MOVE: u64 = 15;

/// What became of the findings of an earlier run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Comparison {
    /// The day as at which the earlier run was.
    #[schema(value_type = Option<String>)]
    pub baseline_as_at: Option<Day>,
    /// Found now, not then.
    pub new: u64,
    /// Found then and now, with the same outcome.
    pub still: u64,
    /// Found then and now, with another outcome.
    pub changed: u64,
    /// Found then; the child is here, the rule was judged, and it is found no more.
    pub fixed: u64,
    /// Found then; the child is not here any more, or the rule has been withdrawn.
    pub gone: u64,
    /// Found then; the rule could not be judged now.
    pub not_judged: u64,
    /// Children of the earlier run.
    pub children_before: u64,
    /// Of those, how many are here too.
    pub children_still_here: u64,
    /// What makes the comparison doubtful.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct EarlierSummary {
    as_at: Day,
    partial: bool,
    pack: [String; 3],
}

/// Reads the results of an earlier run from its folder.
pub fn read_baseline(folder: &Path) -> Result<Baseline, ReportError> {
    let mut baseline = Baseline::default();
    let summary: EarlierSummary =
        serde_json::from_reader(BufReader::new(File::open(folder.join("summary.json"))?))
            .map_err(|_| ReportError::NotASummary)?;
    if summary.partial {
        return Err(ReportError::Partial);
    }
    let [_, _, digest] = summary.pack;
    (baseline.as_at, baseline.pack_digest) = (Some(summary.as_at), Some(digest));
    let mut rules: BTreeSet<Arc<str>> = BTreeSet::new();
    let results = BufReader::with_capacity(1 << 20, File::open(folder.join("results.ndjson"))?);
    each_row(results, |row| {
        let (record, findings, across) = match row {
            Row::Answered(answer) => (&answer.decision.record, &answer.findings, false),
            Row::Across(answer) => (&answer.across.record, &answer.findings, true),
            Row::NotRead(_) => return Ok(()),
        };
        let child = record.id.as_deref().unwrap_or("");
        if !across {
            baseline.add_child(child);
        }
        for finding in findings {
            let Some(id) = FindingId::parse(&finding.finding_id) else { continue };
            let rule = rules.get(finding.rule.id.as_str()).cloned().unwrap_or_else(|| {
                let rule: Arc<str> = Arc::from(finding.rule.id.as_str());
                rules.insert(Arc::clone(&rule));
                rule
            });
            let known = KnownFinding { id, outcome: Some(finding.outcome) };
            if across {
                baseline.add_across(child, &rule, known);
            } else {
                baseline.add(child, &rule, known);
            }
        }
        Ok(())
    })?;
    Ok(baseline)
}

/// Counts what changed. `changes` is how often each word stands in `change` of this run's findings.
pub fn compare(
    baseline: &Baseline,
    changes: &BTreeMap<String, u64>,
    records: u64,
    pack: &Pack,
) -> Comparison {
    let count = |word: &str| changes.get(word).copied().unwrap_or(0);
    let mut comparison = Comparison {
        baseline_as_at: baseline.as_at,
        new: count("new"),
        still: count("still"),
        changed: count("changed"),
        fixed: 0,
        gone: 0,
        not_judged: 0,
        children_before: baseline.children(),
        children_still_here: baseline.children_seen(),
        warnings: Vec::new(),
    };
    for (_, rule, _, left) in baseline.left() {
        match left_of(rule, left, pack) {
            Left::Fixed => comparison.fixed += 1,
            Left::ChildGone => comparison.gone += 1,
            Left::NotJudged => comparison.not_judged += 1,
        }
    }
    let before = comparison.children_before;
    if before.abs_diff(records) * 100 > before * CHILDREN_MOVE {
        let warning = format!("{before} children then and {records} records now: is the extract whole?");
        comparison.warnings.push(warning);
    }
    if baseline.pack_digest.as_deref().is_some_and(|digest| digest != pack.digest) {
        comparison
            .warnings
            .push("the rules have changed since: a finding may be new or fixed by that alone".to_owned());
    }
    comparison
}

/// How often each word stands for the findings of a run against an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(pub BTreeMap<String, u64>);

/// Marks in an earlier run what the answers of this one, one a line, have found again, and counts what is new, still there and changed.
pub fn mark_found(
    baseline: &Baseline,
    results: impl BufRead,
    changes: &mut Changes,
) -> Result<(), ReportError> {
    each_row(results, |row| {
        let answer = match row {
            Row::Answered(answer) => answer,
            Row::Across(answer) => {
                let child = answer.across.record.id.as_deref().unwrap_or("");
                for id in answer.findings.iter().filter_map(|finding| FindingId::parse(&finding.finding_id)) {
                    let word = if baseline.see_across(child, id) { "still" } else { "new" };
                    *changes.0.entry(word.to_owned()).or_default() += 1;
                }
                return Ok(());
            }
            Row::NotRead(_) => return Ok(()),
        };
        let child = answer.decision.record.id.as_deref().unwrap_or("");
        let ids = answer.findings.iter().filter_map(|finding| FindingId::parse(&finding.finding_id));
        let ids: BTreeSet<FindingId> = ids.collect();
        baseline.see_child(child, |id| ids.contains(&id), &answer.decision.rules.not_run);
        for finding in &answer.findings {
            let id = FindingId::parse(&finding.finding_id);
            let known = baseline.of(child).iter().find(|known| Some(known.id) == id);
            let word = match known {
                None => "new",
                Some(known) if known.outcome.is_some_and(|before| before != finding.outcome) => "changed",
                Some(_) => "still",
            };
            *changes.0.entry(word.to_owned()).or_default() += 1;
        }
        Ok(())
    })
}

/// A finding of a rule that is no more is gone, not fixed.
fn left_of(rule: &str, left: Left, pack: &Pack) -> Left {
    let withdrawn = !rule.starts_with("SCHEMA.") && pack.facts_of(rule).is_none();
    if withdrawn { Left::ChildGone } else { left }
}

/// Writes `comparison.csv`: every finding of the earlier run that this one does not have, and why.
pub fn write_left(folder: &Path, baseline: &Baseline, pack: &Pack) -> Result<(), ReportError> {
    let unfinished = folder.join("comparison.csv.unfinished");
    let mut file = BufWriter::new(File::create(&unfinished)?);
    let mut table = TableWriter::start(&mut file, ["change", "child_id", "rule", "finding_id"])?;
    for (child, rule, id, left) in baseline.left() {
        let change = left_of(rule, left, pack).word().to_owned();
        table.write([change, child.to_owned(), rule.to_owned(), id.to_string()])?;
    }
    table.finish()?;
    file.flush()?;
    Ok(std::fs::rename(unfinished, folder.join("comparison.csv"))?)
}
