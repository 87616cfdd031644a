//! Ids with which a supplier tests its own handling of what may go wrong. They work with a test key only, and are matched before
//! anything of the record is asked.

use crate::model::Record;

/// What a sandbox id asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// `sim-hold`: the answer asks the caller to hold.
    Hold,
    /// `sim-slow`: the answer comes a second after the deadline, with nothing checked.
    Slow,
    /// `sim-503`: the service cannot answer.
    Unavailable,
    /// `sim-not-checked`: no rule runs.
    NotChecked,
}

impl Sandbox {
    /// What this record asks for, if it carries a sandbox id.
    pub fn of(record: &Record<'_>) -> Option<Self> {
        match record.child()? {
            "sim-hold" => Some(Self::Hold),
            "sim-slow" => Some(Self::Slow),
            "sim-503" => Some(Self::Unavailable),
            "sim-not-checked" => Some(Self::NotChecked),
            _ => None,
        }
    }
}
