//! Exact counts of every outcome, by rule.

use crate::model::Outcome;

/// How often each outcome was given, in the order of [`Outcome::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts([u64; 8]);

impl OutcomeCounts {
    /// How often this outcome was given.
    pub fn get(&self, outcome: Outcome) -> u64 {
        self.0.get(outcome.index()).copied().unwrap_or(0)
    }

    /// Counts one more.
    pub fn add(&mut self, outcome: Outcome) {
        self.add_many(outcome, 1);
    }

    /// Counts so many more.
    pub fn add_many(&mut self, outcome: Outcome, times: u64) {
        if let Some(count) = self.0.get_mut(outcome.index()) {
            *count += times;
        }
    }

    /// Adds another table to this one.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// All outcomes together.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Judged and due: the denominator of a rate (`measures.md`).
    pub fn denominator(&self) -> u64 {
        [Outcome::Met, Outcome::MetLate, Outcome::Overdue, Outcome::Breached]
            .iter()
            .map(|outcome| self.get(*outcome))
            .sum()
    }
}

impl serde::Serialize for OutcomeCounts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Outcome::ALL.iter().map(|outcome| (outcome.word(), self.get(*outcome))))
    }
}

impl<'de> serde::Deserialize<'de> for OutcomeCounts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let counts = std::collections::BTreeMap::<Outcome, u64>::deserialize(deserializer)?;
        let count = |outcome: &Outcome| counts.get(outcome).copied().unwrap_or(0);
        let mut all = Self::default();
        all.0.iter_mut().zip(Outcome::ALL).for_each(|(own, outcome)| *own = count(outcome));
        Ok(all)
    }
}

/// The counts of a run: records, findings, and every outcome of every rule. Sums, so that tallies of parts can be merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records read, whether or not they could be checked.
    pub records: u64,
    /// Records that could not be read at all.
    pub unreadable: u64,
    /// Records with at least one finding.
    pub records_with_findings: u64,
    /// Findings, by severity in the order of `Severity::ALL`.
    pub findings: [u64; 4],
    rules: Vec<OutcomeCounts>,
    /// How often each rule did not apply, which is not in `rules`: most of what is counted, and so it stands close together.
    not_applicable: Vec<u64>,
    /// Findings that each waiver fitted, in the order of the waivers.
    waivers: Vec<u64>,
}

impl Tally {
    /// An empty tally for this many rules and waivers.
    pub fn new(rules: usize, waivers: usize) -> Self {
        let (not_applicable, waivers) = (vec![0; rules], vec![0; waivers]);
        Self { rules: vec![OutcomeCounts::default(); rules], not_applicable, waivers, ..Self::default() }
    }

    /// Counts a finding that the waiver at this place fitted.
    pub fn count_waived(&mut self, waiver: usize) {
        if let Some(count) = self.waivers.get_mut(waiver) {
            *count += 1;
        }
    }

    /// How many findings each waiver fitted, in the order of the waivers.
    pub fn waivers(&self) -> &[u64] {
        &self.waivers
    }

    /// Counts an outcome of the rule at this place in the pack.
    pub fn count(&mut self, rule: usize, outcome: Outcome) {
        self.count_many(rule, outcome, 1);
    }

    /// Counts so many outcomes of the rule at this place in the pack.
    pub fn count_many(&mut self, rule: usize, outcome: Outcome, times: u64) {
        if outcome == Outcome::NotApplicable {
            self.count_not_applicable(std::iter::once(rule), times);
        } else if let Some(counts) = self.rules.get_mut(rule) {
            counts.add_many(outcome, times);
        }
    }

    /// Counts that each of these rules so often did not apply.
    pub fn count_not_applicable(&mut self, rules: impl Iterator<Item = usize>, times: u64) {
        if self.not_applicable.is_empty() {
            return;
        }
        for rule in rules {
            if let Some(count) = self.not_applicable.get_mut(rule) {
                *count += times;
            }
        }
    }

    /// The counts of each rule, in the order of the pack.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = OutcomeCounts> {
        self.rules.iter().zip(&self.not_applicable).map(|(counts, not_applicable)| {
            let mut all = *counts;
            all.add_many(Outcome::NotApplicable, *not_applicable);
            all
        })
    }

    /// All rules together.
    pub fn total(&self) -> OutcomeCounts {
        let mut sum = OutcomeCounts::default();
        for counts in self.rules() {
            sum.merge(&counts);
        }
        sum
    }

    /// Every number of it in one order, for keeping: [`Tally::of_numbers`] reads them again.
    pub fn numbers(&self) -> Vec<u64> {
        let heads = [self.records, self.unreadable, self.records_with_findings];
        let rules = self.rules().flat_map(|counts| counts.0);
        heads.into_iter().chain(self.findings).chain(rules).chain(self.waivers.iter().copied()).collect()
    }

    /// The tally of these numbers, for so many rules and waivers; nothing if they are not as many as it takes.
    pub fn of_numbers(rules: usize, waivers: usize, numbers: &[u64]) -> Option<Self> {
        let mut tally = Self::new(rules, waivers);
        let (heads, rest) = numbers.split_first_chunk::<3>()?;
        [tally.records, tally.unreadable, tally.records_with_findings] = *heads;
        let (findings, rest) = rest.split_first_chunk::<4>()?;
        tally.findings = *findings;
        let (counts, waived) = rest.split_at_checked(rules * 8)?;
        for (rule, kept) in counts.as_chunks::<8>().0.iter().enumerate() {
            for (outcome, times) in Outcome::ALL.iter().zip(kept) {
                tally.count_many(rule, *outcome, *times);
            }
        }
        tally.waivers = waived.to_vec();
        (tally.waivers.len() == waivers).then_some(tally)
    }

    /// Adds the tally of another part of the same run.
    pub fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.unreadable += other.unreadable;
        self.records_with_findings += other.records_with_findings;
        for (mine, theirs) in self.findings.iter_mut().zip(other.findings) {
            *mine += theirs;
        }
        if self.rules.len() < other.rules.len() {
            self.rules.resize(other.rules.len(), OutcomeCounts::default());
            self.not_applicable.resize(other.rules.len(), 0);
        }
        for (mine, theirs) in self.rules.iter_mut().zip(&other.rules) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.not_applicable.iter_mut().zip(&other.not_applicable) {
            *mine += theirs;
        }
        if self.waivers.len() < other.waivers.len() {
            self.waivers.resize(other.waivers.len(), 0);
        }
        for (mine, theirs) in self.waivers.iter_mut().zip(&other.waivers) {
            *mine += theirs;
        }
    }
}
