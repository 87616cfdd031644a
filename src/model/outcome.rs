//! The closed lists of words that a judgement is made of.

/// Makes an enum whose variants are written in `snake_case` wherever they are read or shown.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is written in rules, requests and reports.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one that is written so, if any is.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { out.pad(self.word()) }
        }
    };
}

words! {
    /// What a rule says of one subject. Only `met` is ever a pass.
    Outcome {
        /// Done in time, or holds.
        Met => "met",
        /// Done after it was due.
        MetLate => "met_late",
        /// The clock runs.
        NotYetDue => "not_yet_due",
        /// Past due, not done, can still be done.
        Overdue => "overdue",
        /// Cannot be cured, or does not hold.
        Breached => "breached",
        /// Does not touch this child.
        NotApplicable => "not_applicable",
        /// A needed value is missing, unreadable or contradictory.
        CannotTell => "cannot_tell",
        /// The engine or the rule failed.
        RuleError => "rule_error",
    }
}

impl Outcome {
    /// The word as people read it: `met late`.
    pub fn spoken(self) -> String {
        self.word().replace('_', " ")
    }

    /// Its place in a table of counts.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether a reader is told of it as a finding: not met in time, undecided, or failed.
    pub const fn is_finding(self) -> bool {
        matches!(self, Self::MetLate | Self::Overdue | Self::Breached | Self::CannotTell | Self::RuleError)
    }
}

words! {
    /// How bad it is for the record.
    Severity {
        /// Worth knowing.
        Info => "info",
        /// Should be put right.
        Warning => "warning",
        /// Must be put right.
        Error => "error",
        /// A child may be at risk while it stands.
        Critical => "critical",
    }
}

words! {
    /// Whether the standard binds or advises.
    Force {
        /// Law or statutory guidance binds.
        Must => "must",
        /// Good practice or local policy advises.
        Should => "should",
    }
}

words! {
    /// The one dimension of data quality that a rule counts towards (Government Data Quality Framework, and traceability).
    Dimension {
        /// Something needed is not there.
        Completeness => "completeness",
        /// A value is not of its type, format, code list or range.
        Validity => "validity",
        /// The same thing is recorded twice.
        Uniqueness => "uniqueness",
        /// Two places disagree.
        Consistency => "consistency",
        /// Done, or recorded, late.
        Timeliness => "timeliness",
        /// The record may not match the world.
        Accuracy => "accuracy",
        /// Who decided, when, and on what evidence.
        Traceability => "traceability",
    }
}

words! {
    /// How far a machine can be trusted with this rule.
    Reliability {
        /// It finds what it says, no more and no less.
        Exact => "exact",
        /// It may find fault where a person would not.
        MayOverReport => "may_over_report",
        /// It may miss what a person would find.
        MayUnderReport => "may_under_report",
    }
}

words! {
    /// What the caller is told to do.
    Disposition {
        /// Nothing stands in the way.
        Proceed => "proceed",
        /// Show the findings and go on.
        Warn => "warn",
        /// Ask for a reason before going on; only where the profile says so.
        Hold => "hold",
    }
}

words! {
    /// How far the piece of work that is being saved has come.
    Stage {
        /// Still being written: completeness findings are information.
        Draft => "draft",
        /// Said to be complete.
        Complete => "complete",
        /// Being authorised.
        Authorised => "authorised",
        /// Being closed.
        Closed => "closed",
    }
}

words! {
    /// How far a rule has been taken into use.
    RuleStage {
        /// Judged and counted, never shown at the save.
        Shadow => "shadow",
        /// Shown.
        Advise => "advise",
        /// Shown, and may hold an authorisation where the profile says so.
        Enforce => "enforce",
    }
}

/// A set of outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeSet(u8);

impl OutcomeSet {
    /// The set of these outcomes.
    pub fn of(outcomes: &[Outcome]) -> Self {
        Self(outcomes.iter().fold(0, |bits, outcome| bits | 1 << outcome.index()))
    }

    /// Whether the outcome is in it.
    pub fn contains(self, outcome: Outcome) -> bool {
        self.0 & (1 << outcome.index()) != 0
    }

    /// Adds one.
    pub fn insert(&mut self, outcome: Outcome) {
        self.0 |= 1 << outcome.index();
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Its members, in the order of [`Outcome::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Outcome> {
        Outcome::ALL.iter().copied().filter(move |outcome| self.contains(*outcome))
    }
}
