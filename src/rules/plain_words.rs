//! The words of a text without case, punctuation and white space, so that one account is known however it was copied.
//!
//! `mark` makes digests of them. All narratives of all records pass here.

/// One in each byte of a number.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte.
const HIGH: u64 = 0x80 * ONES;

/// The words of a text in lower case, one space between them, and how many there are.
pub(super) fn plain_words(text: &str, into: &mut Vec<u8>) -> usize {
    into.clear();
    into.reserve(text.len().saturating_add(16));
    let mut words = Words { into, count: 0, inside: false };
    if text.is_ascii() {
        let (eights, rest) = text.as_bytes().as_chunks::<8>();
        for eight in eights {
            words.eight(*eight);
        }
        let mut last = [b' '; 8];
        last.iter_mut().zip(rest).for_each(|(to, letter)| *to = *letter);
        words.eight(last);
    } else {
        text.chars().for_each(|letter| words.letter(letter));
    }
    words.end()
}

/// In how many bytes the highest bit is set, and no other.
fn many(high: u64) -> usize {
    // The bytes are summed up in the last.
    usize::from((high >> 7).wrapping_mul(ONES).to_le_bytes()[7])
}

/// What was read so far. Behind a word that has ended stands a space.
struct Words<'w> {
    into: &'w mut Vec<u8>,
    count: usize,
    /// Whether the last letter belongs to a word.
    inside: bool,
}

impl Words<'_> {
    fn letter(&mut self, letter: char) {
        if letter.is_alphanumeric() {
            self.count += usize::from(!self.inside);
            self.inside = true;
            let mut bytes = [0; 4];
            for lower in letter.to_lowercase() {
                self.into.extend_from_slice(lower.encode_utf8(&mut bytes).as_bytes());
            }
        } else {
            self.into.extend_from_slice(if self.inside { b" " } else { b"" });
            self.inside = false;
        }
    }

    /// Takes eight ASCII letters at once. In each number below the highest bit of a byte speaks of the letter in that byte.
    fn eight(&mut self, eight: [u8; 8]) {
        let all = u64::from_le_bytes(eight);
        // No sum is carried over to the next byte, since ASCII leaves the highest bit free.
        let least = |bytes: u64, least: u8| (bytes + u64::from(0x80 - least) * ONES) & HIGH;
        let between = |bytes: u64, first: u8, last: u8| least(bytes, first) & !least(bytes, last + 1);
        let letters = between(all | (0x20 * ONES), b'a', b'z');
        let plain = letters | between(all, b'0', b'9');
        let behind_plain = (plain << 8) | (u64::from(self.inside) << 7);
        let ends = behind_plain & !plain & HIGH;
        self.count += many(plain & !behind_plain);
        self.inside = plain >> 63 == 1;
        // What ends a word becomes a space; what comes after it, before the next word, is left out.
        let spaces = (ends >> 7) * 0xff;
        let mut kept = ((all | (letters >> 2)) & !spaces) | (spaces & (0x20 * ONES));
        let (mut out, mut length) = (HIGH & !(plain | ends), 8);
        while out != 0 {
            let at = out.trailing_zeros() & !7;
            let before = (1 << at) - 1;
            kept = (kept & before) | ((kept >> 8) & !before);
            out = (out & (out - 1)) >> 8;
            length -= 1;
        }
        let end = self.into.len() + length;
        self.into.extend_from_slice(&kept.to_le_bytes());
        self.into.truncate(end);
    }

    /// How many words there were; the space behind the last one is taken away.
    fn end(self) -> usize {
        if self.into.last() == Some(&b' ') {
            self.into.pop();
        }
        self.count
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::plain_words;

    /// What it is meant to be.
    fn plainly(text: &str) -> (usize, String) {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let lower: Vec<String> =
            words.map(|word| word.chars().flat_map(char::to_lowercase).collect()).collect();
        (lower.len(), lower.join(" "))
    }

    fn plain(text: &str) -> (usize, String) {
        let mut words = b"of another text".to_vec();
        let count = plain_words(text, &mut words);
        (count, String::from_utf8(words).unwrap())
    }

    #[test]
    fn words_are_plain_whatever_letters_they_have() {
        assert_eq!(plain("  Seen at HOME, twice: 2. "), (5, "seen at home twice 2".to_owned()));
        assert_eq!(
            plain("\u{c9}T\u{c9} \u{2013} Seen at home"),
            (4, "\u{e9}t\u{e9} seen at home".to_owned())
        );
        assert_eq!(plain("--"), (0, String::new()));
        assert_eq!(plain(""), (0, String::new()));
    }

    #[test]
    fn each_ascii_letter_is_taken_for_what_it_is() {
        for letter in 0..0x80_u8 {
            for text in [[b'a', letter, b'b', b'c', b'd', b'e', b'f', b'g'], [letter; 8]] {
                let text = str::from_utf8(&text).unwrap();
                assert_eq!(plain(text), plainly(text), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn eight_letters_at_once_make_the_same_words_as_one_by_one(
            text in prop_oneof!["[a-zA-Z0-9 ]{0,60}", "[a-cX-Z .@`\\[{\n\t/:-]{0,60}", "[a-z \u{e9}\u{130}.]{0,40}"]
        ) {
            prop_assert_eq!(plain(&text), plainly(&text));
        }
    }
}
