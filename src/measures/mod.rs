//! How every figure is computed: rates with their numerators, bounds, intervals and coverage. Pure arithmetic over counts.

mod rate;
mod wilson;

pub use rate::Bounds;
pub use rate::Rate;
pub use wilson::Interval;
pub use wilson::wilson;
