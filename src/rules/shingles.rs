//! How alike two texts are, by their runs of three words.
//!
//! Each text is read once into sorted numbers, one for each run; comparing two stops as soon as it is known that they are not alike enough.

/// The runs of three words of a text: a number for each different run, in order. Letter case and all that is neither letter nor digit are
/// left aside. A text of one or two words is one run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Shingles {
    runs: Vec<u64>,
}

impl Shingles {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        let mut runs = Vec::with_capacity(text.len() / 5);
        let (mut first, mut second, mut count) = (0, 0, 0_usize);
        for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let third = number(word);
            if count > 1 {
                runs.push(run(first, second, third));
            }
            (first, second) = (second, third);
            count += 1;
        }
        if (1..3).contains(&count) {
            runs.push(run(first, second, 0));
        }
        runs.sort_unstable();
        runs.dedup();
        Self { runs }
    }

    /// Whether the share of their runs that both have is at least so many per cent. Texts without words are not alike.
    pub fn are_alike(&self, other: &Self, per_cent: f64) -> bool {
        let (left, right) = (self.runs.as_slice(), other.runs.as_slice());
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

/// A number for a word, whatever its letter case.
fn number(word: &str) -> u64 {
    let step = |seed: u64, value: u64| mix(seed ^ value);
    if word.is_ascii() {
        return word.bytes().fold(1, |seed, byte| step(seed, u64::from(byte.to_ascii_lowercase())));
    }
    word.chars().flat_map(char::to_lowercase).fold(1, |seed, letter| step(seed, u64::from(u32::from(letter))))
}

/// A number for a run of words.
fn run(first: u64, second: u64, third: u64) -> u64 {
    mix(mix(first.rotate_left(1) ^ mix(second)).rotate_left(1) ^ third)
}

fn mix(value: u64) -> u64 {
    let spread = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    spread ^ (spread >> 29)
}
