//! Accepted exceptions: they stand beside a finding and never change its outcome. One function applies them everywhere.

use crate::model::Day;
use crate::model::FindingId;
use crate::model::Waiver;
use crate::model::WaiverNote;

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

    /// The place of the first live waiver that fits a finding.
    pub fn find(&self, rule: &str, finding_id: FindingId, child: &str, as_at: Day) -> Option<usize> {
        self.0.iter().position(|waiver| {
            waiver.rule == rule
                && as_at <= waiver.expires_on
                && waiver.child.as_deref().is_none_or(|own| own == child)
                && waiver.finding_id.is_none_or(|id| id == finding_id)
        })
    }

    /// Whether the waiver at this place still holds when it fits so many findings: one more than it covers re-opens all of them.
    pub fn covers(&self, waiver: usize, findings: u64) -> bool {
        self.0.get(waiver).is_some_and(|waiver| waiver.covers.is_none_or(|covers| findings <= covers))
    }

    /// What is said beside a finding of the waiver at this place.
    pub fn note(&self, waiver: usize) -> Option<WaiverNote> {
        self.0.get(waiver).map(|waiver| WaiverNote {
            id: waiver.id.clone(),
            disposition: waiver.disposition.clone(),
            expires_on: waiver.expires_on,
            approved_by: waiver.approved_by.clone(),
        })
    }
}
