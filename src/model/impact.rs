//! What a changed pack changes over some records: the findings that come and go, by rule, team and locality.

use std::collections::BTreeMap;

/// Findings that come and go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Moves {
    /// Findings that the changed pack has and the present one has not.
    pub newly_failing: u64,
    /// Findings that the present pack has and the changed one has not.
    pub no_longer_failing: u64,
    /// Findings that both have, with another outcome.
    pub other_outcome: u64,
}

impl Moves {
    /// How many findings differ.
    pub const fn total(&self) -> u64 {
        self.newly_failing + self.no_longer_failing + self.other_outcome
    }

    /// Adds others to them.
    pub const fn add(&mut self, other: Self) {
        self.newly_failing += other.newly_failing;
        self.no_longer_failing += other.no_longer_failing;
        self.other_outcome += other.other_outcome;
    }
}

/// What a changed pack changes over some records. Memory grows with rules, teams and localities, not with records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Records that were judged by both.
    pub records: u64,
    /// Records that could not be read.
    pub unreadable: u64,
    /// Records of which at least one finding differs.
    pub records_changed: u64,
    /// All rules together.
    pub all: Moves,
    /// By rule, those alone of which findings differ.
    pub rules: BTreeMap<String, Moves>,
    /// By team, likewise; a record may name none.
    pub teams: BTreeMap<Option<String>, Moves>,
    /// By locality, likewise.
    pub localities: BTreeMap<Option<String>, Moves>,
}
