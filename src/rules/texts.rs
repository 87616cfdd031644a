//! Tests of words: length, placeholders, banned phrases, unexplained abbreviations.

use std::collections::BTreeSet;
use std::sync::Arc;

/// A list of words or phrases, from a file of the pack, case-folded.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct WordList {
    /// Its name in the vocabulary.
    pub name: String,
    words: BTreeSet<String>,
}

impl WordList {
    /// Reads one word or phrase a line; blank lines and lines that start with `#` are left out.
    pub fn parse(name: &str, text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { name: name.to_owned(), words: lines.map(str::to_lowercase).collect() }
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
        let plain = text.trim().trim_end_matches(['.', '!', '…']).trim_end();
        self.words.contains(&plain.to_lowercase())
    }

    /// Whether one of them stands in the text as whole words.
    pub fn stands_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().any(|phrase| {
            text.match_indices(phrase.as_str()).any(|(start, found)| {
                let before = text.get(..start).and_then(|head| head.chars().next_back());
                let after = text.get(start + found.len()..).and_then(|tail| tail.chars().next());
                !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
            })
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
        let words = || text.split_whitespace().count();
        let letters = || text.chars().filter(|letter| letter.is_alphabetic()).count();
        self.min_words.is_none_or(|least| words() >= least)
            && self.max_words.is_none_or(|most| words() <= most)
            && self.min_letters.is_none_or(|least| letters() >= least)
            && self
                .not_whole
                .as_ref()
                .is_none_or(|list| !list.is_whole(text) && text.chars().any(char::is_alphanumeric))
            && self.without.as_ref().is_none_or(|list| !list.stands_in(text))
            && self.explained.as_ref().is_none_or(|glossary| unexplained(text, glossary).is_none())
    }
}

/// The first abbreviation (two to six capitals) that is not in the glossary and not explained in brackets.
fn unexplained<'t>(text: &'t str, glossary: &WordList) -> Option<&'t str> {
    text.split(|letter: char| !letter.is_alphanumeric()).find(|word| {
        let capitals = (2..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
        capitals
            && !glossary.is_whole(word)
            && !text.contains(&format!("({word})"))
            && !text.contains(&format!("{word} ("))
    })
}

/// How alike two texts are, from 0 to 1: the share of their runs of three words that both have.
pub fn similarity(left: &str, right: &str) -> f64 {
    let (left, right) = (shingles(left), shingles(right));
    let shared = left.intersection(&right).count();
    let all = left.len() + right.len() - shared;
    if all == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a narrative has far fewer than 2^52 words")]
    let share = shared as f64 / all as f64;
    share
}

fn shingles(text: &str) -> BTreeSet<[String; 3]> {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if let [one] | [one, _] = words.as_slice() {
        return BTreeSet::from([[one.clone(), words.get(1).cloned().unwrap_or_default(), String::new()]]);
    }
    words.windows(3).filter_map(|run| <[String; 3]>::try_from(run.to_vec()).ok()).collect()
}
