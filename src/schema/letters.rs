//! Patterns that only say which letters stand where, `^[0-9]{4}-[0-9]{2}$`, matched letter by letter.
//!
//! `plain` uses them; a pattern that says more than that is left to the schema library.

/// Runs of letters, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letters(Vec<Run>);

/// Between so many and so many of some letters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    /// A bit for each ASCII letter.
    any_of: u128,
    fewest: usize,
    most: usize,
}

impl Letters {
    /// Reads a pattern; nothing when it is of another form.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let mut runs = Vec::new();
        while !rest.is_empty() {
            let any_of;
            (any_of, rest) = match rest.strip_prefix('[') {
                Some(inside) => {
                    let (inside, after) = inside.split_once(']')?;
                    (class(inside)?, after)
                }
                None => {
                    let (letter, after) = rest.split_at_checked(1)?;
                    (bit(*letter.as_bytes().first()?)?, after)
                }
            };
            let (fewest, most);
            (fewest, most, rest) = how_many(rest)?;
            runs.push(Run { any_of, fewest, most });
        }
        // A run that could end sooner or later must be the last: then there is only one way to read a text.
        let fixed =
            runs.split_last().is_none_or(|(_, before)| before.iter().all(|run| run.fewest == run.most));
        fixed.then_some(Self(runs))
    }

    /// Whether a text is made of these.
    pub(super) fn fit(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        for run in &self.0 {
            let fitting = rest
                .iter()
                .take(run.most)
                .take_while(|letter| letter.is_ascii() && run.any_of >> **letter & 1 != 0);
            let fitting = fitting.count();
            if fitting < run.fewest {
                return false;
            }
            rest = rest.get(fitting..).unwrap_or_default();
        }
        rest.is_empty()
    }
}

/// The bit of a letter that means itself in a pattern.
fn bit(letter: u8) -> Option<u128> {
    (letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-' | b':')).then(|| 1 << letter)
}

/// The letters of a class: letters, ranges of letters, a `-` at the end.
fn class(inside: &str) -> Option<u128> {
    let mut rest = inside.as_bytes();
    let mut sum = 0;
    while let [first, after @ ..] = rest {
        rest = after;
        match rest {
            [b'-', last, after @ ..] => {
                let both = first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric();
                sum |= (both && first <= last)
                    .then(|| (*first..=*last).fold(0_u128, |sum, letter| sum | 1 << letter))?;
                rest = after;
            }
            _ => sum |= bit(*first).filter(|_| *first != b'-' || rest.is_empty())?,
        }
    }
    (sum != 0).then_some(sum)
}

/// The fewest and the most that what stands at the start of `rest` allows, and what follows it.
fn how_many(rest: &str) -> Option<(usize, usize, &str)> {
    if let Some(after) = rest.strip_prefix('*') {
        return Some((0, usize::MAX, after));
    }
    if let Some(after) = rest.strip_prefix('+') {
        return Some((1, usize::MAX, after));
    }
    let Some(inside) = rest.strip_prefix('{') else { return Some((1, 1, rest)) };
    let (number, after) = inside.split_once('}')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((number, number, after))
}
