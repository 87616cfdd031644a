//! Chance that repeats itself: a small generator of numbers, seeded by the county's seed, the child and the attempt.
//!
//! Every part of the room draws from one [`Dice`] a child, so a child is the same whatever other children there are.
//! The method is `SplitMix64` (Steele, Lea and Flood, 2014), written out here; it is for stories, never for secrets.

/// A sequence of numbers that its beginning settles.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

const GAP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// The sequence of one attempt at one child.
    pub(super) fn new(seed: u64, child: usize, attempt: u32) -> Self {
        let mut mixed = Self(seed);
        mixed.0 = mixed.next() ^ u64::try_from(child).unwrap_or(u64::MAX).wrapping_mul(GAP);
        mixed.0 = mixed.next() ^ u64::from(attempt).wrapping_mul(GAP);
        mixed
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from nought to one less than `count`; nought when `count` is nought.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    /// A number from `low` to `high`, both in; `low` when `high` is lower.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = usize::try_from(high.saturating_sub(low)).unwrap_or(0);
        low.saturating_add(i32::try_from(self.below(width + 1)).unwrap_or(0))
    }

    /// Whether something happens that happens this many times in a thousand.
    pub(super) fn chance(&mut self, in_a_thousand: u32) -> bool {
        self.next() % 1000 < u64::from(in_a_thousand)
    }

    /// One of a list; an empty text when the list is empty.
    pub(super) fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }
}
