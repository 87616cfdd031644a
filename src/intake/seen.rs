//! The properties that an object has had so far, so that none is written twice. Both readers of `intake` ask it.

use std::collections::HashSet;

use crate::model::Member;

/// Objects with more properties than this look for repeated ones in a set.
const SMALL_OBJECT: usize = 64;

/// A bit for each hash, and a set once there are many.
#[derive(Default)]
pub(super) struct Seen<'a> {
    bits: [u64; 4],
    many: Option<HashSet<&'a str>>,
}

impl<'a> Seen<'a> {
    /// Whether the name is among the earlier ones; takes note of it.
    #[inline]
    pub(super) fn has(&mut self, hash: u32, name: &'a str, earlier: &[Member<'a>]) -> bool {
        let bit = 1 << (hash & 63);
        let Some(bits) = self.bits.get_mut((hash >> 6) as usize & 3) else { return false };
        let perhaps = *bits & bit != 0;
        *bits |= bit;
        (perhaps || earlier.len() >= SMALL_OBJECT) && self.is_among(hash, name, earlier)
    }

    #[cold]
    fn is_among(&mut self, hash: u32, name: &'a str, earlier: &[Member<'a>]) -> bool {
        if earlier.len() < SMALL_OBJECT {
            return earlier.iter().any(|member| member.hash == hash && member.name == name);
        }
        let many = self.many.get_or_insert_with(|| earlier.iter().map(|member| member.name).collect());
        !many.insert(name)
    }
}
