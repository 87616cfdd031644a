//! An accepted exception, and what became of it in a run.

use crate::model::Day;
use crate::model::FindingId;

/// An accepted exception to a rule for a child.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Waiver {
    /// Its id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The child's id in the authority's system; without it every child.
    pub child: Option<String>,
    /// One finding only.
    pub finding_id: Option<FindingId>,
    /// What was decided: one of [`Self::DISPOSITIONS`].
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The last day on which it holds.
    pub expires_on: Day,
    /// How many findings of a run it covers; one more re-opens all.
    pub covers: Option<u64>,
}

/// How long before its last day a waiver is said to expire soon, in days.
const SOON: i32 = 30;

words! {
    /// What became of a waiver in a run. All but `used` need somebody to look at it.
    WaiverState {
        /// It stands beside findings.
        Used => "used",
        /// It stands beside findings, and expires within 30 days.
        ExpiresSoon => "expires_soon",
        /// No finding fits it.
        Unused => "unused",
        /// More findings fit than it covers: it is as if it were not there.
        Reopened => "reopened",
        /// Its last day is past.
        Expired => "expired",
    }
}

impl Waiver {
    /// What may be decided.
    pub const DISPOSITIONS: [&str; 4] =
        ["accepted_exception", "confirmed_correct", "disputed", "data_fix_pending"];

    /// What became of it in a run as at a day in which so many findings fitted it.
    pub fn state(&self, findings: u64, as_at: Day) -> WaiverState {
        if self.expires_on < as_at {
            WaiverState::Expired
        } else if self.covers.is_some_and(|covers| findings > covers) {
            WaiverState::Reopened
        } else if findings == 0 {
            WaiverState::Unused
        } else if self.expires_on.days_since(as_at) < SOON {
            WaiverState::ExpiresSoon
        } else {
            WaiverState::Used
        }
    }
}
