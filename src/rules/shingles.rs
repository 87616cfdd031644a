//! How alike two texts are, by their runs of three words.
//!
//! Each text is read once into numbers, one for each run; a glance tells most pairs apart, and comparing two stops as soon as it is known that
//! they are not alike enough.

use std::cell::OnceCell;

/// The runs of three words of a text: a number for each different run. Letter case and all that is neither letter nor digit are left aside.
/// A text of one or two words is one run.
#[derive(Debug, Default, Clone)]
pub struct Shingles {
    /// One for each run, as they stand in the text.
    runs: Vec<u64>,
    /// Each different one once, in order; made when a glance does not tell.
    different: OnceCell<Vec<u64>>,
    /// A bit for each run, by eight bits of it: a bit that the other text has not stands for a run that it has not.
    bits: [u64; 4],
}

impl Shingles {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        let mut runs = Vec::with_capacity(text.len() / 5);
        let (mut first, mut second, mut count) = (0, 0, 0_usize);
        each_word(text, |third| {
            if count > 1 {
                runs.push(run(first, second, third));
            }
            (first, second) = (second, third);
            count += 1;
        });
        if (1..3).contains(&count) {
            runs.push(run(first, second, 0));
        }
        let mut bits = [0; 4];
        for run in &runs {
            let [bit, place, ..] = run.to_le_bytes();
            if let Some(word) = bits.get_mut(usize::from(place % 4)) {
                *word |= 1 << (bit % 64);
            }
        }
        Self { runs, different: OnceCell::new(), bits }
    }

    fn different(&self) -> &[u64] {
        self.different.get_or_init(|| {
            let mut runs = self.runs.clone();
            runs.sort_unstable();
            runs.dedup();
            runs
        })
    }

    /// Whether a glance shows that they are not alike enough. Of all different runs at most (100 - p) / (100 + p) may stand in one text only, and
    /// there are at most as many different ones as there are runs.
    fn are_plainly_apart(&self, other: &Self, per_cent: f64) -> bool {
        let apart =
            self.bits.iter().zip(other.bits).map(|(mine, theirs)| (mine ^ theirs).count_ones() as usize);
        let all = count(self.runs.len() + other.runs.len());
        apart.sum::<usize>() > floor(all * (100.0 - per_cent).max(0.0) / (100.0 + per_cent)) + 1
    }

    /// Whether the share of their runs that both have is at least so many per cent. Texts without words are not alike.
    pub fn are_alike(&self, other: &Self, per_cent: f64) -> bool {
        if self.are_plainly_apart(other, per_cent) {
            return false;
        }
        let (left, right) = (self.different(), other.different());
        let both = left.len() + right.len();
        let enough = |shared: usize| both > 0 && count(shared) * 100.0 >= count(both - shared) * per_cent;
        // Fewer shared runs are not enough, by one to spare: where no more can come, the rest need not be read.
        let least = floor(count(both) * per_cent / (100.0 + per_cent)).saturating_sub(1);
        let (mut here, mut there, mut shared) = (0, 0, 0);
        while let (Some(mine), Some(theirs)) = (left.get(here), right.get(there)) {
            if shared + (left.len() - here).min(right.len() - there) < least {
                return false;
            }
            shared += usize::from(mine == theirs);
            let on = (mine <= theirs, theirs <= mine);
            here += usize::from(on.0);
            there += usize::from(on.1);
        }
        enough(shared)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a narrative has far fewer than 2^52 words")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is positive and at most the number of words"
)]
fn floor(number: f64) -> usize {
    number as usize
}

/// The lower case of each ASCII letter and digit; 0 for what is neither.
static FOLDED: [u8; 128] = {
    let (mut folded, mut byte) = ([0; 128], 0);
    while byte < 128_u8 {
        if byte.is_ascii_alphanumeric() {
            #[expect(clippy::indexing_slicing, reason = "both have the same length")]
            {
                folded[byte as usize] = byte.to_ascii_lowercase();
            }
        }
        byte += 1;
    }
    folded
};

/// Calls back with a number for each word of a text, whatever its letter case.
fn each_word(text: &str, mut with: impl FnMut(u64)) {
    let mut word = Word::default();
    if text.is_ascii() {
        for byte in text.bytes() {
            match FOLDED.get(usize::from(byte)) {
                None | Some(0) => word.end(&mut with),
                Some(lower) => word.push(*lower),
            }
        }
    } else {
        for letter in text.chars() {
            if letter.is_alphanumeric() {
                let mut bytes = [0; 4];
                letter
                    .to_lowercase()
                    .for_each(|lower| lower.encode_utf8(&mut bytes).bytes().for_each(|byte| word.push(byte)));
            } else {
                word.end(&mut with);
            }
        }
    }
    word.end(&mut with);
}

/// The bytes of a word on their way to a number, eight at a time.
#[derive(Default)]
struct Word {
    mixed: u64,
    eight: u64,
    count: u32,
}

impl Word {
    fn push(&mut self, byte: u8) {
        self.eight = self.eight << 8 | u64::from(byte);
        self.count += 1;
        if self.count.is_multiple_of(8) {
            (self.mixed, self.eight) = (mix(self.mixed ^ self.eight), 0);
        }
    }

    /// Tells of the word, if there is one, and is ready for the next.
    fn end(&mut self, mut with: impl FnMut(u64)) {
        if self.count > 0 {
            with(mix(self.mixed ^ self.eight) ^ 1);
            *self = Self::default();
        }
    }
}

/// A number for a run of words.
fn run(first: u64, second: u64, third: u64) -> u64 {
    mix(mix(first.rotate_left(1) ^ mix(second)).rotate_left(1) ^ third)
}

fn mix(value: u64) -> u64 {
    let spread = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    spread ^ (spread >> 29)
}
