//! How fast a job runs and how long it will take: an estimate for people, from when it began to run.

use crate::jobs::Jobs;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Progress;

/// How fast a job runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Records a second.
    pub rate: u64,
    /// Seconds left at that rate.
    pub seconds_left: u64,
}

impl Pace {
    /// The pace of so many records out of all in so many microseconds; none while it cannot be told.
    fn of(done: i64, all: i64, took_us: i64) -> Option<Self> {
        let (done, all) = (u64::try_from(done).ok()?, u64::try_from(all).ok()?);
        let took_us = u64::try_from(took_us).ok().filter(|took| *took > 0)?;
        if done == 0 {
            return None;
        }
        let rate = (done.saturating_mul(1_000_000) / took_us).max(1);
        Some(Self { rate, seconds_left: all.saturating_sub(done).div_ceil(rate) })
    }
}

impl Jobs {
    /// How fast a running job runs; none for another one, and while it cannot be told.
    pub fn pace(&self, job: &JobRow, progress: &Progress) -> Option<Pace> {
        let runs = job.state == JobState::Running;
        let pace = || Pace::of(progress.records_done, progress.records, self.now_us() - job.changed_us);
        runs.then(pace).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_pace_is_of_what_is_done_and_left() {
        assert_eq!(Pace::of(50, 200, 2_000_000), Some(Pace { rate: 25, seconds_left: 6 }));
        assert_eq!(Pace::of(0, 200, 2_000_000), None);
        assert_eq!(Pace::of(5, 200, 0), None);
    }
}
