//! Mutation of rules: each is changed in one place at a time, and some test of its own must then fail. What survives shows a figure,
//! a condition or an event that no test holds.
//!
//! `walk` makes the mutants of what was written, `edit` makes the changed tree, `run` compiles it with all that the pack shares and
//! asks it of the rule's own tests. `catalog` calls it with its files; the score is for `report`.

mod edit;
mod neighbours;
mod run;
mod walk;
mod walk_condition;
mod walk_event;

pub use run::mutate;

use edit::Edit;
use edit::Place;

/// What kind of change makes a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// A length of time, or the default of a parameter that is one, one of its unit shorter or longer.
    Limit,
    /// The same of a length of time that only warns (`warn_before`).
    Warning,
    /// A number, one less or one more in its last place.
    Number,
    /// A date in the rule, the day before or the day after.
    Date,
    /// A part of a condition, a clause or an item of a list, left out.
    Dropped,
    /// An event or a period, another that reads the same list, or the other end of it.
    Event,
    /// A comparison turned: the edge in or out, a code less, `all` for `any`, a test negated.
    Turned,
    /// A flag negated.
    Flag,
}

impl Operator {
    /// All, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::Limit,
        Self::Warning,
        Self::Number,
        Self::Date,
        Self::Dropped,
        Self::Event,
        Self::Turned,
        Self::Flag,
    ];

    /// Its name in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Warning => "warning",
            Self::Number => "number",
            Self::Date => "date",
            Self::Dropped => "dropped",
            Self::Event => "event",
            Self::Turned => "turned",
            Self::Flag => "flag",
        }
    }

    /// What it changes, in words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Limit => "a length of time ± 1 of its unit",
            Self::Warning => "a length of time that only warns ± 1 of its unit",
            Self::Number => "a number ± 1 in its last place",
            Self::Date => "a date in the rule ± 1 day",
            Self::Dropped => "a part of a condition, a clause or an item of a list left out",
            Self::Event => "another event or period of the same list, or the other end",
            Self::Turned => "an edge in or out, a code less, `all` for `any`, a test negated",
            Self::Flag => "a flag negated",
        }
    }
}

/// A rule with one change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The kind of change.
    pub operator: Operator,
    /// Where, by the keys from the top: `check.deadline.within`.
    pub place: String,
    /// What became what: `10 working days → 9 working days`.
    pub change: String,
    /// The byte of the file at which the changed value starts.
    pub start: usize,
    edits: Vec<(Place, Edit)>,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A test of the rule failed; its name.
    Killed(String),
    /// Every test still holds.
    Survived,
    /// No test can fail, because the changed rule is the same as the rule; why.
    Equivalent(String),
    /// The loader refused it, so that no test was asked.
    NotLoaded,
}

/// A mutant that was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The place of its rule in the pack.
    pub rule: usize,
    /// The change.
    pub mutant: Mutant,
    /// What became of it.
    pub fate: Fate,
}
