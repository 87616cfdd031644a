//! Moments as the store keeps them.

use std::time::Duration;

/// The moment so long after another, both in microseconds since 1970.
pub(super) fn after(now_us: i64, duration: Duration) -> i64 {
    now_us.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
}
