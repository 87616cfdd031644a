//! A rate: how much of what was due was done in time, how much at all, and how far it can be trusted.

use crate::measures::Interval;
use crate::measures::wilson;
use crate::model::Outcome;
use crate::model::OutcomeCounts;

/// Where a rate would lie if everything that cannot be told were failed, or met; in per cent.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Bounds {
    /// All failed.
    pub low: f64,
    /// All met.
    pub high: f64,
}

/// The rate of a standard or a rule, over whatever was counted.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Rate {
    /// Done in time, or held.
    pub met: u64,
    /// Done at all.
    pub done: u64,
    /// Was due: met, met late, overdue, breached.
    pub denominator: u64,
    /// `met` out of `denominator`, in per cent; nothing where nothing was due.
    pub done_in_time: Option<f64>,
    /// `done` out of `denominator`, in per cent.
    pub done_at_all: Option<f64>,
    /// What the next period might look like if nothing changed (Wilson, 95 %).
    pub interval: Option<Interval>,
    /// With everything that cannot be told taken as failed, or as met.
    pub bounds: Option<Bounds>,
    /// Results other than rule errors, out of all, in per cent.
    pub coverage: Option<f64>,
}

impl Rate {
    /// The rate of these counts.
    pub fn of(counts: &OutcomeCounts) -> Self {
        let met = counts.get(Outcome::Met);
        let done = met + counts.get(Outcome::MetLate);
        let denominator = counts.denominator();
        let open = counts.get(Outcome::CannotTell);
        let all = counts.total();
        let bounds = match (share(met, denominator + open), share(met + open, denominator + open)) {
            (Some(low), Some(high)) => Some(Bounds { low, high }),
            _ => None,
        };
        Self {
            met,
            done,
            denominator,
            done_in_time: share(met, denominator),
            done_at_all: share(done, denominator),
            interval: wilson(met, denominator, None),
            bounds,
            coverage: share(all - counts.get(Outcome::RuleError), all),
        }
    }
}

/// A share in per cent; nothing of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of children are far below 2^52")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}
