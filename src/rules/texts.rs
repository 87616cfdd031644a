//! Tests of words: length, placeholders, banned phrases, unexplained abbreviations.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// A list of words or phrases, from a file of the pack, case-folded.
#[derive(Debug, Default)]
pub struct WordList {
    /// Its name in the vocabulary.
    pub name: String,
    words: BTreeSet<String>,
    /// The longest of them, in bytes.
    longest: usize,
    /// A bit for each ASCII letter that one of them starts with.
    starts: u128,
    /// Finds all of them in one pass; made when it is first asked for, nothing when it cannot be made.
    finder: OnceLock<Option<AhoCorasick>>,
}

impl WordList {
    /// Reads one word or phrase a line; blank lines and lines that start with `#` are left out.
    pub fn parse(name: &str, text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let words: BTreeSet<String> = lines.map(str::to_lowercase).collect();
        let longest = words.iter().map(String::len).max().unwrap_or(0);
        let firsts = words.iter().filter_map(|word| word.bytes().next()).filter(u8::is_ascii);
        let starts = firsts.fold(0, |sum, first| sum | 1 << first);
        Self { name: name.to_owned(), words, longest, starts, finder: OnceLock::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the whole text, trimmed, is one of them.
    pub fn is_whole(&self, text: &str) -> bool {
        // Nearly every text shows at its first letter that it is none of them.
        if let Some(first) = text.bytes().next().filter(u8::is_ascii_graphic)
            && self.starts >> first.to_ascii_lowercase() & 1 == 0
        {
            return false;
        }
        let plain = text.trim().trim_end_matches(['.', '!', '…']).trim_end();
        // A lower-case letter takes at least a third of the bytes of its capital.
        plain.len() <= self.longest.saturating_mul(3) && self.words.contains(&plain.to_lowercase())
    }

    /// Whether one of them stands in the text as whole words.
    pub fn stands_in(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return self.stands_in_folded(&text.to_lowercase());
        }
        self.stands_in_folded(text)
    }

    fn stands_in_folded(&self, text: &str) -> bool {
        let make = || AhoCorasick::builder().ascii_case_insensitive(true).build(&self.words).ok();
        let whole = |start: usize, end: usize| {
            let before = text.get(..start).and_then(|head| head.chars().next_back());
            let after = text.get(end..).and_then(|tail| tail.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        };
        self.finder.get_or_init(make).as_ref().is_some_and(|finder| {
            finder.find_overlapping_iter(text).any(|found| whole(found.start(), found.end()))
        })
    }
}

/// What is asked of a text; every part that is given must hold.
#[derive(Debug, Default, Clone)]
pub struct TextTest {
    /// At least this many words.
    pub min_words: Option<usize>,
    /// At most this many words.
    pub max_words: Option<usize>,
    /// At least this many letters.
    pub min_letters: Option<usize>,
    /// The whole text is none of these, and more than dashes and full stops.
    pub not_whole: Option<Arc<WordList>>,
    /// None of these stands in it.
    pub without: Option<Arc<WordList>>,
    /// Abbreviations are in this glossary or explained in brackets where they stand.
    pub explained: Option<Arc<WordList>>,
}

impl TextTest {
    /// Whether the text passes every part.
    pub fn accepts(&self, text: &str) -> bool {
        let has_words = |count: usize| has_words(text, count);
        let mut letters = text.chars().filter(|letter| letter.is_alphabetic());
        self.min_words.is_none_or(has_words)
            && self.max_words.is_none_or(|most| !has_words(most.saturating_add(1)))
            && self.min_letters.is_none_or(|least| least == 0 || letters.nth(least - 1).is_some())
            && self
                .not_whole
                .as_ref()
                .is_none_or(|list| !list.is_whole(text) && text.chars().any(char::is_alphanumeric))
            && self.without.as_ref().is_none_or(|list| !list.stands_in(text))
            && self.explained.as_ref().is_none_or(|glossary| unexplained(text, glossary).is_none())
    }
}

/// Whether a text has so many words.
fn has_words(text: &str, count: usize) -> bool {
    if count == 0 {
        return true;
    }
    if text.is_ascii() {
        return ascii_words(text.as_bytes()) >= count;
    }
    text.split_whitespace().nth(count - 1).is_some()
}

/// How many words a text of ASCII letters has. It reads all of the text, so that many letters can be looked at together.
fn ascii_words(text: &[u8]) -> usize {
    /// So many that their sum fits a byte.
    const TOGETHER: usize = 128;
    let is_space = |byte: u8| byte == b' ' || byte.wrapping_sub(0x09) < 5;
    let first = text.first().is_some_and(|byte| !is_space(*byte));
    let next = text.get(1..).unwrap_or_default();
    let begins = |(before, here): (&u8, &u8)| u8::from(is_space(*before) & !is_space(*here));
    let parts = text.chunks(TOGETHER).zip(next.chunks(TOGETHER));
    let sums = parts.map(|(before, here)| before.iter().zip(here).map(begins).fold(0_u8, u8::wrapping_add));
    usize::from(first) + sums.map(usize::from).sum::<usize>()
}

/// Whether two capitals stand side by side. It reads all of the text, so that many letters can be looked at together.
fn has_capitals_side_by_side(text: &[u8]) -> bool {
    let next = text.get(1..).unwrap_or_default();
    text.iter()
        .zip(next)
        .fold(false, |found, (left, right)| found | (left.is_ascii_uppercase() & right.is_ascii_uppercase()))
}

/// The first abbreviation (two to six capitals) that is not in the glossary and not explained in brackets.
fn unexplained<'t>(text: &'t str, glossary: &WordList) -> Option<&'t str> {
    if !has_capitals_side_by_side(text.as_bytes()) {
        return None;
    }
    text.split(|letter: char| !letter.is_alphanumeric()).find(|word| {
        let capitals = (2..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
        capitals
            && !glossary.is_whole(word)
            && !text.contains(&format!("({word})"))
            && !text.contains(&format!("{word} ("))
    })
}
