//! Takes of one record the marks that rules across records keep of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::Node;
use crate::model::Owners;
use crate::model::Place;
use crate::model::Pointer;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::facts::Seen;
use crate::rules::kinds::Check;
use crate::rules::kinds::Entries;
use crate::rules::kinds::Question;
use crate::rules::kinds::Texts;
use crate::rules::marks::MOST_SIBLINGS;
use crate::rules::marks::Mark;
use crate::rules::marks::digest_of;
use crate::rules::marks::name_of;
use crate::rules::pack::Pack;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::rule::Rule;
use crate::rules::tri::Tri;

/// Whose record marks are taken of.
pub struct Marked<'m> {
    /// The child's id.
    pub child: &'m str,
    /// Whose worklist the record belongs to.
    pub owners: Owners<'m>,
    /// Where a place of the record is in its source.
    pub locate: &'m dyn Fn(&Pointer) -> Option<Place>,
}

/// One rule at one record.
struct Taking<'t, 'p, 'r> {
    rule: u32,
    facts: &'t Facts<'p, 'r>,
    of: &'t Marked<'t>,
    sink: &'t mut dyn FnMut(Mark),
}

impl Rule {
    /// Whether it is asked of all records of a run together, as at this day.
    pub fn is_asked_across(&self, as_at: crate::model::Day) -> bool {
        let in_force = self.from.is_none_or(|from| from <= as_at) && self.to.is_none_or(|to| as_at <= to);
        self.check.is_across() && self.off.is_none() && in_force
    }
}

impl Pack {
    /// Takes the marks of a record, for every rule across records but those that are not asked.
    pub fn mark<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        of: &Marked<'_>,
        not_asked: &BTreeSet<String>,
        sink: &mut dyn FnMut(Mark),
    ) {
        self.mark_for(None, facts, of, not_asked, sink);
    }

    /// The same, for the rule at one place in the pack only.
    pub(super) fn mark_for<'p>(
        &'p self,
        only: Option<usize>,
        facts: &Facts<'p, '_>,
        of: &Marked<'_>,
        not_asked: &BTreeSet<String>,
        sink: &mut dyn FnMut(Mark),
    ) {
        for (at, own) in self.rules.iter().enumerate().filter(|(at, _)| only.is_none_or(|only| only == *at)) {
            let (Check::Across(across), Ok(rule)) = (&own.check, u32::try_from(at)) else { continue };
            if !own.is_asked_across(facts.as_at) || not_asked.contains(&own.facts.id) {
                continue;
            }
            let mut taking = Taking { rule, facts, of, sink: &mut *sink };
            match &across.0 {
                Question::Same { fields, when, siblings } => taking.same(fields, when, *siblings),
                Question::SharedText { of, fewest_words, siblings } => {
                    taking.texts(of, *fewest_words, *siblings);
                }
                Question::MostADay { of, .. } => taking.entries(of),
                Question::SiblingsAgree { siblings, fields, pair, .. } => {
                    taking.siblings(*siblings, fields, pair.as_ref());
                }
            }
        }
    }
}

const RECORD: Env = Env::of(ListId::RECORD, 0);

impl<'p> Taking<'_, 'p, '_> {
    fn holds(&self, condition: &'p Condition, env: Env) -> bool {
        Asking::new(self.facts, None).ask(condition, env) == Tri::True
    }

    /// The letters and digits in a field, in lower case; nothing where none are recorded.
    fn plain(&self, env: Env, path: &Path) -> Option<String> {
        let plain = match self.facts.field(env, path) {
            Seen::Value(Node::Int(number)) => number.to_string(),
            Seen::Value(Node::Bool(flag)) => flag.to_string(),
            Seen::Value(node) => {
                let text = node.as_str()?;
                if text.is_ascii() {
                    let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
                    letters.map(|letter| char::from(letter.to_ascii_lowercase())).collect()
                } else {
                    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
                    letters.flat_map(char::to_lowercase).collect()
                }
            }
            Seen::NotRecorded | Seen::Blank => return None,
        };
        Some(plain).filter(|plain: &String| !plain.is_empty())
    }

    /// The ids of siblings, the child's own left out.
    fn names(&self, list: ListId) -> impl Iterator<Item = &str> {
        let own = self.of.child.trim();
        let ids = self.facts.items(list).iter().filter_map(|item| item.node.as_str()).map(str::trim);
        ids.filter(move |id| !id.is_empty() && *id != own).take(MOST_SIBLINGS)
    }

    fn siblings_of(&self, list: Option<ListId>) -> Vec<u64> {
        list.map_or_else(Vec::new, |list| self.names(list).map(name_of).collect())
    }

    /// A mark at a place, to be filled.
    fn mark(&self, key: u128, pointer: &Pointer) -> Mark {
        let Owners { locality, team, worker } = self.of.owners;
        Mark {
            rule: self.rule,
            key,
            child: self.of.child.to_owned(),
            pointer: pointer.to_string(),
            owners: [locality, team, worker].map(|owner| owner.map(str::to_owned)),
            at: (self.of.locate)(pointer),
            ..Mark::default()
        }
    }

    fn same(&mut self, fields: &'p [Path], when: &'p Condition, siblings: Option<ListId>) {
        let values: Option<Vec<String>> = fields.iter().map(|path| self.plain(RECORD, path)).collect();
        let (Some(values), Some(first)) = (values, fields.first()) else { return };
        if self.holds(when, RECORD) {
            let pointer = self.facts.spot_pointer(&self.facts.spot(RECORD, first));
            let mark = self.mark(digest_of(values.iter().map(String::as_str)), &pointer);
            let siblings = self.siblings_of(siblings);
            (self.sink)(Mark { siblings, ..mark });
        }
    }

    /// Of one text that stands in a record several times the first is enough.
    fn texts(&mut self, of: &'p [Texts], fewest: usize, siblings: Option<ListId>) {
        let siblings = self.siblings_of(siblings);
        let mut taken = BTreeSet::new();
        let mut words = Vec::new();
        for texts in of {
            for (item, _) in (0_u32..).zip(self.facts.items(texts.list)) {
                let env = Env::of(texts.list, item);
                let Seen::Value(node) = self.facts.field(env, &texts.text) else { continue };
                let Some(text) = node.as_str() else { continue };
                if plain_words(text, &mut words) < fewest || !self.holds(&texts.when, env) {
                    continue;
                }
                let key = digest_of([&words]);
                if taken.insert(key) {
                    let pointer = self.facts.spot_pointer(&self.facts.spot(env, &texts.text));
                    let mark = self.mark(key, &pointer);
                    (self.sink)(Mark { siblings: siblings.clone(), ..mark });
                }
            }
        }
    }

    fn entries(&mut self, of: &'p [Entries]) {
        for entries in of {
            for (item, _) in (0_u32..).zip(self.facts.items(entries.list)) {
                let env = Env::of(entries.list, item);
                let Seen::Value(node) = self.facts.field(env, &entries.by) else { continue };
                let (Some(worker), Ok(Some(moment))) =
                    (node.as_str().map(str::trim), self.facts.moment(env, &entries.on))
                else {
                    continue;
                };
                // What is longer than an id is text that somebody wrote there, and is not repeated.
                if worker.len() > LONGEST_ID || !self.holds(&entries.when, env) {
                    continue;
                }
                let mut day = String::new();
                // Writing to a string cannot fail.
                let _ = write!(day, "{}", moment.day);
                let pointer = self.facts.pointer(entries.list, item);
                let mark = self.mark(digest_of([worker, &day]), &pointer);
                (self.sink)(Mark { worker: Some(worker.to_owned()), day: Some(moment.day), ..mark });
            }
        }
    }

    /// The child itself under its own name, and under the name of each sibling that it names one who names it.
    fn siblings(&mut self, list: ListId, fields: &'p [Path], pair: Option<&'p (Condition, Condition)>) {
        let own = self.names(list).map(str::to_owned).collect::<BTreeSet<String>>();
        let mut facts: Vec<u64> = fields
            .iter()
            .map(|path| self.plain(RECORD, path).map_or(0, |plain| name_of(&plain).max(1)))
            .collect();
        if let Some((when, then)) = pair {
            let tri = |condition| Asking::new(self.facts, None).ask(condition, RECORD);
            facts.push(u64::from(tri(when) == Tri::True));
            facts.push(u64::from(tri(then) == Tri::False));
        }
        let pointer = self.facts.list_pointer(list, 0);
        let siblings: Vec<u64> = own.iter().map(|id| name_of(id)).collect();
        let key = |id: &str| digest_of([id]);
        let itself = self.mark(key(self.of.child.trim()), &pointer);
        let itself = Mark { siblings, facts, ..itself };
        for id in &own {
            (self.sink)(Mark { key: key(id), part: 1, ..itself.clone() });
        }
        (self.sink)(itself);
    }
}

/// The longest id of a worker, in bytes.
const LONGEST_ID: usize = 64;

/// The words of a text in lower case, one space between them, and how many there are.
fn plain_words(text: &str, into: &mut Vec<u8>) -> usize {
    into.clear();
    into.reserve(text.len());
    let (mut count, mut inside) = (0, false);
    let mut begin = |is_letter: bool, into: &mut Vec<u8>| {
        if is_letter && !inside {
            into.extend_from_slice(if count > 0 { b" " } else { b"" });
            count += 1;
        }
        inside = is_letter;
    };
    if text.is_ascii() {
        for byte in text.bytes() {
            begin(byte.is_ascii_alphanumeric(), into);
            if byte.is_ascii_alphanumeric() {
                into.push(byte.to_ascii_lowercase());
            }
        }
    } else {
        for letter in text.chars() {
            begin(letter.is_alphanumeric(), into);
            if letter.is_alphanumeric() {
                let mut bytes = [0; 4];
                letter
                    .to_lowercase()
                    .for_each(|lower| into.extend_from_slice(lower.encode_utf8(&mut bytes).as_bytes()));
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::plain_words;

    #[test]
    fn words_are_plain_whatever_letters_they_have() {
        let plain = |text: &str| {
            let mut words = Vec::new();
            let count = plain_words(text, &mut words);
            (count, String::from_utf8(words).unwrap())
        };
        assert_eq!(plain("  Seen at HOME, twice: 2. "), (5, "seen at home twice 2".to_owned()));
        assert_eq!(plain("ÉTÉ – Seen at home"), (4, "été seen at home".to_owned()));
        assert_eq!(plain("--"), (0, String::new()));
        assert_eq!(plain(""), (0, String::new()));
    }
}
