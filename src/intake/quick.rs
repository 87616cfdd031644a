//! The quick reader: the tree of a document in which nothing is wrong, its strings searched eight bytes at a time.
//!
//! `json` asks it first. It has no words for faults: where it meets anything that it cannot plainly read, it gives up, and `json` has
//! `serde_json` read the document again, which alone decides and says what is wrong and where. `tests/it/intake.rs` holds the two
//! against each other.

use bumpalo::Bump;

use crate::intake::Fault;
use crate::intake::numbers;
use crate::intake::seen::Seen;
use crate::model::Member;
use crate::model::Name;
use crate::model::Node;

/// The longest run of digits that fits a signed 64-bit integer whatever they are.
const SURE_DIGITS: usize = 18;

/// Where a string stands.
const NAME: bool = true;
const VALUE: bool = false;

/// Reads a document, or gives up.
pub(super) fn read<'a>(text: &'a str, arena: &'a Bump) -> Option<Node<'a>> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        arena,
        items: Vec::with_capacity(32),
        members: Vec::with_capacity(64),
        depth: 0,
    };
    let node = reader.value()?;
    reader.space();
    (reader.at == text.len()).then_some(node)
}

/// Where the reading has come to.
struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// The byte that is read next.
    at: usize,
    arena: &'a Bump,
    /// The items of the lists that are open; each list moves its own into the arena when it closes.
    items: Vec<Node<'a>>,
    /// The same for the properties of the objects that are open.
    members: Vec<Member<'a>>,
    depth: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Takes the next byte if it is this one.
    #[inline]
    fn takes(&mut self, byte: u8) -> bool {
        if self.peek() != Some(byte) {
            return false;
        }
        self.at += 1;
        true
    }

    /// Takes the next byte that is no space if it is this one.
    #[inline]
    fn next_is(&mut self, byte: u8) -> bool {
        self.takes(byte) || self.takes_after_space(byte)
    }

    fn takes_after_space(&mut self, byte: u8) -> bool {
        self.space();
        self.takes(byte)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Option<Node<'a>> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                Some(Node::of_text(self.string::<VALUE>()?))
            }
            b'{' => self.object(),
            b'[' => self.list(),
            b'-' | b'0'..=b'9' => self.number(),
            b'n' => self.word(b"null", Node::Null),
            b't' => self.word(b"true", Node::Bool(true)),
            b'f' => self.word(b"false", Node::Bool(false)),
            b' ' | b'\n' | b'\r' | b'\t' => {
                self.space();
                self.value()
            }
            _ => None,
        }
    }

    #[inline]
    fn word<const LENGTH: usize>(&mut self, word: &[u8; LENGTH], node: Node<'a>) -> Option<Node<'a>> {
        let here = self.bytes.get(self.at..)?.first_chunk::<LENGTH>()?;
        self.at += LENGTH;
        (here == word).then_some(node)
    }

    fn list(&mut self) -> Option<Node<'a>> {
        self.open()?;
        let start = self.items.len();
        if !self.next_is(b']') {
            loop {
                let item = self.value()?;
                self.items.push(item);
                if !self.next_is(b',') {
                    break;
                }
            }
            if !self.takes(b']') {
                return None;
            }
        }
        let items = self.arena.alloc_slice_copy(self.items.get(start..)?);
        self.items.truncate(start);
        self.depth -= 1;
        Some(Node::List(items))
    }

    fn object(&mut self) -> Option<Node<'a>> {
        self.open()?;
        let start = self.members.len();
        if !self.next_is(b'}') {
            let mut seen = Seen::default();
            loop {
                let (hash, name) = self.name(start, &mut seen)?;
                let value = self.value()?;
                self.members.push(Member { hash, name, value });
                if !self.next_is(b',') {
                    break;
                }
            }
            if !self.takes(b'}') {
                return None;
            }
        }
        let members = self.arena.alloc_slice_copy(self.members.get(start..)?);
        self.members.truncate(start);
        self.depth -= 1;
        Some(Node::Object(members))
    }

    /// Steps over the bracket that opens a list or an object.
    #[inline]
    fn open(&mut self) -> Option<()> {
        if self.depth == Fault::DEEPEST {
            return None;
        }
        self.depth += 1;
        self.at += 1;
        Some(())
    }

    /// The name of one property, with its hash and the colon after it, in the object whose earlier ones start at `start`.
    #[inline]
    fn name(&mut self, start: usize, seen: &mut Seen<'a>) -> Option<(u32, &'a str)> {
        if !self.next_is(b'"') {
            return None;
        }
        let name = self.string::<NAME>()?;
        let hash = Name::hash_of(name);
        if seen.has(hash, name, self.members.get(start..)?) {
            return None;
        }
        self.next_is(b':').then_some((hash, name))
    }

    /// A string whose opening quote has been taken.
    // One for each caller, so that each is compiled into it.
    #[inline]
    fn string<const PLACE: bool>(&mut self) -> Option<&'a str> {
        let start = self.at;
        let end = stop(self.bytes, start);
        match self.bytes.get(end)? {
            b'"' => {
                self.at = end + 1;
                self.text.get(start..end)
            }
            b'\\' => self.escaped(start, end),
            _ => None,
        }
    }

    /// The same where the first escape stands at `at`.
    #[cold]
    fn escaped(&mut self, start: usize, mut at: usize) -> Option<&'a str> {
        let mut resolved = String::from(self.text.get(start..at)?);
        loop {
            match self.bytes.get(at)? {
                b'"' => {
                    self.at = at + 1;
                    return Some(self.arena.alloc_str(&resolved));
                }
                b'\\' => {
                    let (letter, after) = self.escape(at + 1)?;
                    resolved.push(letter);
                    at = stop(self.bytes, after);
                    resolved.push_str(self.text.get(after..at)?);
                }
                _ => return None,
            }
        }
    }

    /// The letter that an escape stands for, and the byte after it; `at` is that after the backslash.
    fn escape(&self, at: usize) -> Option<(char, usize)> {
        let letter = match self.bytes.get(at)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.four_digits(at + 1)?;
                if let Some(letter) = char::from_u32(high) {
                    return Some((letter, at + 5));
                }
                // Half a letter: the other half must follow.
                let low = match self.bytes.get(at + 5..at + 7)? {
                    b"\\u" => self.four_digits(at + 7)?,
                    _ => return None,
                };
                let (high, low) = (high.checked_sub(0xd800)?, low.checked_sub(0xdc00)?);
                let both = (high < 0x400 && low < 0x400).then_some(0x1_0000 + (high << 10) + low)?;
                return Some((char::from_u32(both)?, at + 11));
            }
            _ => return None,
        };
        Some((letter, at + 1))
    }

    fn four_digits(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..)?.first_chunk::<4>()?;
        digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Option<Node<'a>> {
        let start = self.at;
        let negative = self.takes(b'-');
        let first = self.at;
        let whole = self.digits();
        let length = self.at - first;
        if length == 0 || (length > 1 && self.bytes.get(first) == Some(&b'0')) {
            return None;
        }
        let plain = length <= SURE_DIGITS && !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if !plain || (negative && whole == 0) {
            return self.unusual_number(start);
        }
        let whole = i64::try_from(whole).ok()?;
        Some(Node::Int(if negative { -whole } else { whole }))
    }

    /// Takes digits; what they make together is right as long as they are few.
    #[inline]
    fn digits(&mut self) -> u64 {
        let mut sum = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            sum = sum.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        sum
    }

    /// The number whose literal starts at `start` and whose whole part has been taken.
    #[cold]
    fn unusual_number(&mut self, start: usize) -> Option<Node<'a>> {
        let whole = self.at;
        if self.takes(b'.') {
            let from = self.at;
            self.digits();
            if self.at == from {
                return None;
            }
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            let from = self.at;
            self.digits();
            if self.at == from {
                return None;
            }
        }
        let literal = self.text.get(start..self.at)?;
        if whole == self.at && literal != "-0" {
            return literal.parse().map(Node::Int).or_else(|_| literal.parse().map(Node::Big)).ok();
        }
        let number = literal.parse::<f64>().ok().filter(|number| number.is_finite())?;
        numbers::keeps_its_digits(literal).then_some(Node::Float(number))
    }
}

/// The first byte from `from` on that ends a run of a string: a quote, a backslash or a control character; else the end.
#[inline]
fn stop(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let rest = bytes.get(from..).unwrap_or_default();
    let (eights, last) = rest.as_chunks::<8>();
    let mut at = from;
    for eight in eights {
        let word = u64::from_le_bytes(*eight);
        // With their second bit turned, the quote and the control characters are those below 0x21. Of the high bits that are set here,
        // the lowest is that of the first such byte; those above it may be borrowed.
        let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        let found = (low | backslash) & !word & (ONES << 7);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + last.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(last.len())
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::read;
    use crate::intake::parse_thoroughly;

    /// What is plainly right must not be left to the thorough reader: the two would agree, and every save would be slow.
    #[test]
    fn what_is_plainly_right_is_read_at_once_as_the_thorough_reader_reads_it() {
        for text in [
            "{}",
            "[ ]",
            " \n\t\r null ",
            r#"{"a": [true, false, null, "", {"b": {}}], "c": "d"}"#,
            r#"{"id": "CC1", "date": "2026-11-22", "list": [1, -2, 0, 123456789012345678]}"#,
            "[-0, 9223372036854775807, -9223372036854775808, 18446744073709551615, 1.5, -2e3, 1E-2]",
            r#"["\" \\ \/ \b \f \n \r \t \u0041 \u00e9 é 🦔"]"#,
            r#"{"\ud83e\udd94": "a \ud83e\udd94 b", "long": "a string that is longer than eight bytes \\ and goes on"}"#,
        ] {
            let (quick, thorough) = (Bump::new(), Bump::new());
            let node = read(text, &quick).unwrap_or_else(|| panic!("given up: {text}"));
            assert_eq!(Ok(&node), parse_thoroughly(text, &thorough).as_ref().copied(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_left_to_the_thorough_reader() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\" 1}",
            "01",
            "1.",
            "tru",
            "nul",
            "[1] 2",
            "\"\n\"",
            "\"\\x\"",
            "\"a",
            r#""\ud83e""#,
            r#""\ud83eA""#,
            r#""\udd94""#,
            r#"{"a": 1, "a": 2}"#,
            "1e999",
            "0.1234567890123456789",
        ] {
            assert!(read(text, &Bump::new()).is_none(), "{text}");
        }
    }
}
