//! What is plainly right at one place of a record, so that most records never need the schema library.
//!
//! `build` gathers it for each [`Shape`] of the same schemas that the library compiles, and gives up where a keyword stands that is
//! not known here. The walk says yes only where the library would; where it does not say yes, the library is asked.
//! `tests/it/plainly_valid.rs` holds the two against each other.

use crate::model::Day;
use crate::model::Member;
use crate::model::Name;
use crate::model::Node;
use crate::schema::Shape;
use crate::schema::letters::Letters;
use crate::schema::written::Written;

const NULL: u8 = 1;
const BOOLEAN: u8 = 1 << 1;
const INTEGER: u8 = 1 << 2;
const FRACTION: u8 = 1 << 3;
const TEXT: u8 = 1 << 4;
const LIST: u8 = 1 << 5;
const OBJECT: u8 = 1 << 6;

/// Keywords that ask nothing of a record.
const SILENT: [&str; 10] = [
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "$comment",
    "title",
    "description",
    "examples",
    "deprecated",
    "readOnly",
];

/// What a text must be by its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Time {
    Any,
    Date,
    Moment,
}

impl Time {
    fn of(format: &str) -> Option<Self> {
        match format {
            "date" => Some(Self::Date),
            "date-time" => Some(Self::Moment),
            _ => None,
        }
    }
}

/// What the schemas of one place ask together.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    kinds: u8,
    time: Time,
    shortest: u64,
    longest: u64,
    letters: Option<Letters>,
    least: Option<i32>,
    most: Option<i32>,
    fewest_items: usize,
    most_items: usize,
    unique: bool,
    required: Vec<Name>,
    has_properties: bool,
    has_items: bool,
}

impl Default for Plain {
    fn default() -> Self {
        Self {
            kinds: u8::MAX,
            time: Time::Any,
            shortest: 0,
            longest: u64::MAX,
            letters: None,
            least: None,
            most: None,
            fewest_items: 0,
            most_items: usize::MAX,
            unique: false,
            required: Vec::new(),
            has_properties: false,
            has_items: false,
        }
    }
}

impl Plain {
    /// Adds what one more schema asks of the same place; nothing when it is not plain. What it refers to is added by the caller.
    pub(super) fn and(mut self, schema: &Written) -> Option<Self> {
        for (keyword, value) in schema.as_object()? {
            match keyword.as_str() {
                "type" => self.kinds &= kinds(value)?,
                "format" if self.time == Time::Any => self.time = Time::of(value.as_str()?)?,
                "minLength" => self.shortest = self.shortest.max(whole(value)?),
                "maxLength" => self.longest = self.longest.min(whole(value)?),
                "pattern" if self.letters.is_none() => self.letters = Some(Letters::of(value.as_str()?)?),
                "minimum" if self.least.is_none() => self.least = Some(i32::try_from(whole(value)?).ok()?),
                "maximum" if self.most.is_none() => self.most = Some(i32::try_from(whole(value)?).ok()?),
                "minItems" => self.fewest_items = self.fewest_items.max(usize::try_from(whole(value)?).ok()?),
                "maxItems" => self.most_items = self.most_items.min(usize::try_from(whole(value)?).ok()?),
                "uniqueItems" => self.unique |= *value != Written::Leaf(false.into()),
                "required" => {
                    let names = value.as_list()?.iter().map(|name| name.as_str().map(Name::new));
                    self.required.extend(names.collect::<Option<Vec<_>>>()?);
                }
                // A second such keyword would ask more of the same members, which the shape does not keep apart.
                "properties" if !self.has_properties => self.has_properties = true,
                "items" if !self.has_items => self.has_items = true,
                silent if silent.starts_with("x-") || SILENT.contains(&silent) => {}
                _ => return None,
            }
        }
        Some(self)
    }

    fn allows(&self, kind: u8) -> bool {
        self.kinds & kind != 0
    }

    fn allows_text(&self, text: &str) -> bool {
        self.allows(TEXT)
            && has_length(text, self.shortest, self.longest)
            && self.letters.as_ref().is_none_or(|letters| letters.fit(text))
    }
}

/// The kinds that `type` names.
fn kinds(written: &Written) -> Option<u8> {
    let kind = |written: &Written| {
        Some(match written.as_str()? {
            "null" => NULL,
            "boolean" => BOOLEAN,
            // A whole number may be written with a fraction of nought; the library knows.
            "integer" => INTEGER,
            "number" => INTEGER | FRACTION,
            "string" => TEXT,
            "array" => LIST,
            "object" => OBJECT,
            _ => return None,
        })
    };
    match written {
        Written::List(all) => all.iter().try_fold(0, |sum, written| Some(sum | kind(written)?)),
        one => kind(one),
    }
}

fn whole(written: &Written) -> Option<u64> {
    match written {
        Written::Leaf(value) => value.as_u64(),
        _ => None,
    }
}

/// Whether the record is plainly right at a place of this shape: exactly what its schema asks, no property and no code that are not known.
pub(super) fn fits(node: &Node<'_>, shape: &Shape) -> bool {
    is_right::<false>(node, shape)
}

/// Whether it is plainly what its schema asks, whatever properties and codes there are that are not known. Of those the library says nothing.
pub(super) fn fits_but_for_strangers(node: &Node<'_>, shape: &Shape) -> bool {
    is_right::<true>(node, shape)
}

fn is_right<const STRANGERS: bool>(node: &Node<'_>, shape: &Shape) -> bool {
    let Some(plain) = &shape.plain else { return false };
    match node {
        Node::Null => plain.allows(NULL),
        Node::Bool(_) => plain.allows(BOOLEAN),
        Node::Int(number) => {
            plain.allows(INTEGER)
                && plain.least.is_none_or(|least| i64::from(least) <= *number)
                && plain.most.is_none_or(|most| *number <= i64::from(most))
        }
        Node::Float(number) => {
            plain.allows(FRACTION)
                && plain.least.is_none_or(|least| f64::from(least) <= *number)
                && plain.most.is_none_or(|most| *number <= f64::from(most))
        }
        Node::Big(_) => false,
        Node::Date(text, _) => {
            plain.time != Time::Moment && plain.allows_text(text) && (STRANGERS || shape.knows_code(text))
        }
        Node::Text(text) => {
            (plain.time == Time::Any || plain.time == Time::Moment && is_plain_moment(text))
                && plain.allows_text(text)
                && (STRANGERS || shape.knows_code(text))
        }
        Node::List(items) => plain.allows(LIST) && items_fit::<STRANGERS>(items, shape, plain),
        Node::Object(members) => {
            let has_all = plain.required.iter().all(|name| node.get(name).is_some());
            plain.allows(OBJECT) && has_all && members_fit::<STRANGERS>(members, shape)
        }
    }
}

// Apart from the values in them, so that a value costs no more than it must.
#[inline(never)]
fn items_fit<const STRANGERS: bool>(items: &[Node<'_>], shape: &Shape, plain: &Plain) -> bool {
    (plain.fewest_items..=plain.most_items).contains(&items.len())
        && (!plain.unique || are_plainly_unique(items))
        && shape.item().is_none_or(|item| items.iter().all(|node| is_right::<STRANGERS>(node, item)))
}

#[inline(never)]
fn members_fit<const STRANGERS: bool>(members: &[Member<'_>], shape: &Shape) -> bool {
    members.iter().all(|member| match shape.find(member.hash, member.name) {
        Some(known) => is_right::<STRANGERS>(&member.value, known),
        None => STRANGERS || !shape.is_closed(),
    })
}

/// Whether a text has between so many and so many characters.
pub(super) fn has_length(text: &str, shortest: u64, longest: u64) -> bool {
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    // A character takes one to four bytes.
    let fewest = bytes.div_ceil(4);
    if bytes < shortest || fewest > longest {
        return false;
    }
    if shortest <= fewest && bytes <= longest {
        return true;
    }
    let characters = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    (shortest..=longest).contains(&characters)
}

/// Whether no text stands twice in a short list of texts.
fn are_plainly_unique(items: &[Node<'_>]) -> bool {
    items.len() <= 16
        && items.iter().enumerate().all(|(at, item)| {
            let text = item.as_str();
            text.is_some() && items.iter().skip(at + 1).all(|other| other.as_str() != text)
        })
}

/// Whether this is `YYYY-MM-DDTHH:MM:SS` with `Z` or an offset of hours and minutes; there are other ways to write a time.
fn is_plain_moment(text: &str) -> bool {
    let Some((day, time)) = text.split_once('T') else { return false };
    let clock = |text: &[u8], last_hour: u8| match text {
        [h1, h2, b':', m1, m2] => {
            let all_digits = [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit());
            all_digits && (*h1, *h2) <= (b'0' + last_hour / 10, b'0' + last_hour % 10) && *m1 < b'6'
        }
        _ => false,
    };
    let Some((hour_and_minute, rest)) = time.as_bytes().split_at_checked(5) else { return false };
    let seconds_and_zone = match rest {
        [b':', b'0'..=b'5', b'0'..=b'9', b'Z'] => true,
        [b':', b'0'..=b'5', b'0'..=b'9', b'+' | b'-', offset @ ..] => clock(offset, 14),
        _ => false,
    };
    seconds_and_zone && clock(hour_and_minute, 23) && Day::parse(day).is_some()
}
