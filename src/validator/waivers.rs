//! Accepted exceptions: they stand beside a finding and never change its outcome. One function applies them everywhere.

use crate::model::Day;
use crate::model::Finding;
use crate::model::FindingId;
use crate::model::WaiverNote;

/// An accepted exception to a rule for a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The child's id in the authority's system; without it every child.
    pub child: Option<String>,
    /// One finding only.
    pub finding_id: Option<FindingId>,
    /// `accepted_exception`, `confirmed_correct`, `disputed` or `data_fix_pending`.
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

/// The waivers in force.
#[derive(Clone, Debug, Default)]
pub struct Waivers(Vec<Waiver>);

impl Waivers {
    /// These waivers.
    pub fn new(waivers: Vec<Waiver>) -> Self {
        Self(waivers)
    }

    /// All of them, live or not.
    pub fn all(&self) -> &[Waiver] {
        &self.0
    }

    /// The first live waiver that fits a finding.
    pub fn find(&self, rule: &str, finding_id: FindingId, child: &str, as_at: Day) -> Option<&Waiver> {
        self.0.iter().find(|waiver| {
            waiver.rule == rule
                && as_at <= waiver.expires_on
                && waiver.child.as_deref().is_none_or(|own| own == child)
                && waiver.finding_id.is_none_or(|id| id == finding_id)
        })
    }

    /// Puts the first live waiver that fits beside the finding.
    pub fn apply(&self, finding: &mut Finding, child: &str, as_at: Day) {
        let found = self.find(&finding.rule.id, finding.finding_id, child, as_at);
        finding.waiver = found.map(|waiver| WaiverNote {
            id: waiver.id.clone(),
            disposition: waiver.disposition.clone(),
            expires_on: waiver.expires_on,
            approved_by: waiver.approved_by.clone(),
        });
    }
}
