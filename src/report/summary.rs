//! The summary of a run: counts of every rule and outcome, rates of every standard, and what the figures rest on.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

use crate::extracts::ExtractFacts;
use crate::extracts::MostlyBlank;
use crate::extracts::table_name;
use crate::measures::Rate;
use crate::model::AcrossAnswer;
use crate::model::Answer;
use crate::model::Baseline;
use crate::model::Day;
use crate::model::Finding;
use crate::model::OutcomeCounts;
use crate::model::Severity;
use crate::model::Tally;
use crate::model::Waiver;
use crate::model::WaiverState;
use crate::report::compare::Comparison;
use crate::report::compare::compare;
use crate::rules::NOT_SENT;
use crate::rules::Pack;

/// A part of the record that was not sent, so that rules could not be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSent {
    /// Records without it.
    pub records: u64,
    /// Rules that could not be judged for want of it.
    pub rules: std::collections::BTreeSet<String>,
}

/// The counts of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine<'p> {
    /// Its id.
    pub id: &'p str,
    /// Its title.
    pub title: &'p str,
    /// The standard it belongs to.
    pub standard: &'p str,
    /// How often each outcome was given.
    pub counts: OutcomeCounts,
}

/// The counts and rate of a standard.
#[derive(Clone, Debug, Serialize)]
pub struct StandardLine<'p> {
    /// Its id.
    pub id: &'p str,
    /// Its name for people.
    pub title: &'p str,
    /// How often each outcome was given.
    pub counts: OutcomeCounts,
    /// Its rate.
    pub rate: Rate,
}

/// A waiver, and what became of it. Its reason stays in its file: people write about children there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaiverLine<'p> {
    /// Its id.
    pub id: &'p str,
    /// The rule.
    pub rule: &'p str,
    /// What was decided.
    pub disposition: &'p str,
    /// The last day on which it holds.
    pub expires_on: Day,
    /// How many findings it covers.
    pub covers: Option<u64>,
    /// How many it fitted.
    pub findings: u64,
    /// What became of it.
    pub state: WaiverState,
}

/// The summary of a run.
#[derive(Debug, Serialize)]
pub struct Summary<'p> {
    /// The day as at which records were judged.
    pub as_at: Day,
    /// Whether the run was stopped before its end.
    pub partial: bool,
    /// Records read.
    pub records: u64,
    /// Records that could not be read.
    pub unreadable: u64,
    /// Records with at least one finding of their own.
    pub records_with_findings: u64,
    /// Findings, by severity.
    pub findings: BTreeMap<&'static str, u64>,
    /// The standards, in the order of the pack.
    pub standards: Vec<StandardLine<'p>>,
    /// The rules, in the order of the pack.
    pub rules: Vec<RuleLine<'p>>,
    /// The parts of records that were not sent.
    pub not_sent: BTreeMap<String, NotSent>,
    /// The waivers, in the order of their files.
    pub waivers: Vec<WaiverLine<'p>>,
    /// Against an earlier run, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// Rules that find fault with nearly every record of an extract: probably faults of the extract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearly_all: Vec<NearlyAll>,
    /// The extract that the records were made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extract: Option<ExtractFacts>,
    /// The pack's name, version and digest.
    pub pack: [&'p str; 3],
    /// The overlay.
    pub overlay: Option<String>,
    /// The calendar's name and version.
    pub calendar: String,
    /// SHA-256 over the schema files.
    pub schema_digest: &'p str,
    /// The version of this program.
    pub engine: &'static str,
}

/// What the figures of a run rest on.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'p> {
    /// The rules.
    pub pack: &'p Pack,
    /// The waivers, as the tally counts them.
    pub waivers: &'p [Waiver],
    /// SHA-256 over the schema files.
    pub schema_digest: &'p str,
    /// The earlier run to compare with.
    pub baseline: Option<&'p Baseline>,
}

fn waiver_lines<'p>(waivers: &'p [Waiver], tally: &Tally, as_at: Day) -> Vec<WaiverLine<'p>> {
    let line = |(waiver, findings): (&'p Waiver, &u64)| WaiverLine {
        id: &waiver.id,
        rule: &waiver.rule,
        disposition: &waiver.disposition,
        expires_on: waiver.expires_on,
        covers: waiver.covers,
        findings: *findings,
        state: waiver.state(*findings, as_at),
    };
    waivers.iter().zip(tally.waivers()).map(line).collect()
}

/// A rule that finds fault with nearly every record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearlyAll {
    /// Its id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// The file and column, where all of them are in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Records with such a finding.
    pub records: u64,
    /// All records.
    pub of: u64,
}

/// Rule, title, file and column of a finding.
type Sort = (String, String, Option<String>);

/// Gathers what a summary needs beside the tally.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Gatherer {
    not_sent: BTreeMap<String, NotSent>,
    /// How often each word stands in the `change` of a finding.
    changes: BTreeMap<String, u64>,
    /// Records with a finding of each sort; counted for extracts.
    #[serde(with = "pairs")]
    sorts: Option<BTreeMap<Sort, u64>>,
}

/// A table whose keys are no text, kept as a list of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::Deserialize as _;
    use serde::Deserializer;
    use serde::Serialize as _;
    use serde::Serializer;

    use super::Sort;

    #[expect(clippy::ref_option, reason = "serde gives it so")]
    pub fn serialize<S: Serializer>(sorts: &Option<BTreeMap<Sort, u64>>, to: S) -> Result<S::Ok, S::Error> {
        sorts.as_ref().map(|sorts| sorts.iter().collect::<Vec<_>>()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<BTreeMap<Sort, u64>>, D::Error> {
        let pairs = Option::<Vec<(Sort, u64)>>::deserialize(from)?;
        Ok(pairs.map(|pairs| pairs.into_iter().collect()))
    }
}

/// The section that a finding could not be judged for want of.
pub fn section_not_sent(finding: &crate::model::Finding) -> Option<String> {
    let trace = finding.evidence.iter().find(|trace| trace.because == Some(NOT_SENT))?;
    trace.path.segments().next()
}

fn sort_of(finding: &Finding) -> Sort {
    let column = finding.at.as_ref().and_then(|at| {
        let table = table_name(at.file.as_ref()?, at.sheet.as_deref());
        Some(format!("{table} column {}", at.column.as_ref()?))
    });
    (finding.rule.id.clone(), finding.rule.title.clone(), column)
}

impl Gatherer {
    /// One that also counts which rules find fault with nearly all.
    pub fn of_extract() -> Self {
        Self { sorts: Some(BTreeMap::new()), ..Self::default() }
    }

    fn nearly_all(&self, of: u64) -> Vec<NearlyAll> {
        let all =
            self.sorts.iter().flatten().filter(|(_, records)| MostlyBlank::is_worth_saying(**records, of));
        let line = |((rule, title, place), records): (&Sort, &u64)| NearlyAll {
            rule: rule.clone(),
            title: title.clone(),
            place: place.clone(),
            records: *records,
            of,
        };
        all.map(line).collect()
    }

    /// Takes in what was gathered of another part of the same run.
    pub fn merge(&mut self, other: &Self) {
        for (section, theirs) in &other.not_sent {
            let line = self.not_sent.entry(section.clone()).or_default();
            line.records += theirs.records;
            line.rules.extend(theirs.rules.iter().cloned());
        }
        for (word, count) in &other.changes {
            *self.changes.entry(word.clone()).or_default() += count;
        }
        if let Some(theirs) = &other.sorts {
            let mine = self.sorts.get_or_insert_default();
            for (sort, records) in theirs {
                *mine.entry(sort.clone()).or_default() += records;
            }
        }
    }

    /// Takes in one answer.
    pub fn see(&mut self, answer: &Answer) {
        if let Some(sorts) = &mut self.sorts {
            let here: BTreeSet<Sort> = answer.findings.iter().map(sort_of).collect();
            for sort in here {
                *sorts.entry(sort).or_default() += 1;
            }
        }
        let mut sections: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for finding in &answer.findings {
            if let Some(change) = finding.change {
                *self.changes.entry(change.to_owned()).or_default() += 1;
            }
            if let Some(section) = section_not_sent(finding) {
                sections.entry(section).or_default().push(&finding.rule.id);
            }
        }
        for (section, rules) in sections {
            let line = self.not_sent.entry(section).or_default();
            line.records += 1;
            line.rules.extend(rules.into_iter().map(str::to_owned));
        }
    }

    /// Takes in a finding across records.
    pub fn see_across(&mut self, answer: &AcrossAnswer) {
        if let Some(change) = answer.finding().change {
            *self.changes.entry(change.to_owned()).or_default() += 1;
        }
    }

    /// The summary of a run.
    pub fn summary<'p>(&self, tally: &Tally, basis: &Basis<'p>, as_at: Day, partial: bool) -> Summary<'p> {
        let Basis { pack, waivers, schema_digest, baseline } = *basis;
        let rules: Vec<RuleLine<'p>> = pack
            .ranks
            .iter()
            .zip(tally.rules())
            .filter_map(|(id, counts)| {
                let facts = pack.facts_of(id)?;
                Some(RuleLine { id, title: &facts.title, standard: &facts.standard, counts })
            })
            .collect();
        let standards = pack.standards.iter().map(|standard| {
            let mut counts = OutcomeCounts::default();
            for line in rules.iter().filter(|line| line.standard == standard.id) {
                counts.merge(&line.counts);
            }
            StandardLine { id: &standard.id, title: &standard.title, counts, rate: Rate::of(&counts) }
        });
        Summary {
            as_at,
            partial,
            records: tally.records,
            unreadable: tally.unreadable,
            records_with_findings: tally.records_with_findings,
            findings: Severity::ALL
                .iter()
                .zip(tally.findings)
                .map(|(severity, count)| (severity.word(), count))
                .collect(),
            standards: standards.collect(),
            rules,
            not_sent: self.not_sent.clone(),
            waivers: waiver_lines(waivers, tally, as_at),
            comparison: baseline.map(|baseline| compare(baseline, &self.changes, tally.records, pack)),
            nearly_all: self.nearly_all(tally.records),
            extract: None,
            pack: [&pack.name, &pack.version, &pack.digest],
            overlay: pack.overlay.as_ref().map(|(name, version)| format!("{name} {version}")),
            calendar: format!("{} {}", pack.calendar.name(), pack.calendar.version()),
            schema_digest,
            engine: concat!("casecheck ", env!("CARGO_PKG_VERSION")),
        }
    }
}
