//! The Wilson score interval, with a correction for samples that take in a good part of their frame.

/// An interval of a share, both ends in per cent.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The 97.5th percentile of the normal distribution: two sides of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % interval of `hits` out of `trials`; nothing for no trials. With a frame, a sample of more than 5 % of it is corrected
/// (`n_eff = n(N−1)/(N−n)`), and one that takes in the whole frame has no interval.
#[expect(clippy::cast_precision_loss, reason = "counts of children are far below 2^52")]
pub fn wilson(hits: u64, trials: u64, frame: Option<u64>) -> Option<Interval> {
    if trials == 0 || hits > trials || frame.is_some_and(|frame| frame <= trials) {
        return None;
    }
    let share = hits as f64 / trials as f64;
    let mut count = trials as f64;
    if let Some(frame) = frame.map(|frame| frame as f64).filter(|frame| count > frame * 0.05) {
        count = count * (frame - 1.0) / (frame - count);
    }
    let spread = Z * Z / count;
    let centre = (share + spread / 2.0) / (1.0 + spread);
    let half = Z / (1.0 + spread) * (share * (1.0 - share) / count + spread / (4.0 * count)).sqrt();
    Some(Interval { low: ((centre - half) * 100.0).max(0.0), high: ((centre + half) * 100.0).min(100.0) })
}
