//! Takes of one record the marks that rules across records keep of it.

use std::collections::BTreeSet;

use crate::model::Day;
use crate::model::Node;
use crate::model::Owners;
use crate::model::Place;
use crate::model::PlaceTable;
use crate::model::Pointer;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::kinds::Check;
use crate::rules::kinds::Entries;
use crate::rules::kinds::Question;
use crate::rules::kinds::Texts;
use crate::rules::listed::Seen;
use crate::rules::marks;
use crate::rules::marks::Key;
use crate::rules::marks::MOST_SIBLINGS;
use crate::rules::marks::Mark;
use crate::rules::marks::Taken;
use crate::rules::marks::key_of;
use crate::rules::marks::name_of;
use crate::rules::pack::Pack;
use crate::rules::plain_words::plain_words;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::rule::Rule;
use crate::rules::tri::Tri;

/// Whose record marks are taken of.
#[derive(Clone, Copy)]
pub struct Marked<'m> {
    /// The child's id.
    pub child: &'m str,
    /// Whose worklist the record belongs to.
    pub owners: Owners<'m>,
    /// Where the record is in its source, where its places have no places of their own.
    pub at: Option<&'m Place>,
    /// Where each place of the record is in its source, when it was made of tables.
    pub places: Option<&'m PlaceTable>,
}

/// Which of the child's siblings marks name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Siblings {
    None,
    /// As the list has them.
    Listed(ListId),
    /// Each once, in the order of the ids.
    Sorted(ListId),
}

/// One record while rules take marks of it, one after another.
struct Taking<'t, 'p, 'r> {
    rule: u32,
    facts: &'t Facts<'p, 'r>,
    of: &'t Marked<'t>,
    taken: Taken,
    /// What marks have in common was written there, with these siblings.
    records: Vec<(Siblings, u32)>,
    /// What a key is made of.
    plain: Vec<u8>,
    pointer: Pointer,
    other: Pointer,
}

impl Rule {
    /// Whether it is asked of all records of a run together, as at this day.
    pub fn is_asked_across(&self, as_at: crate::model::Day) -> bool {
        self.check.is_across() && self.off.is_none() && self.is_in_force(as_at)
    }
}

impl Pack {
    /// Takes the marks of a record, for every rule across records but those that are not asked, and puts them behind others.
    pub fn mark<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        of: &Marked<'_>,
        not_asked: &BTreeSet<String>,
        into: &mut Vec<Mark>,
    ) {
        self.mark_for(&self.across, facts, of, not_asked, into);
    }

    /// The same, for the rules at some places in the pack only.
    pub(super) fn mark_for<'p>(
        &'p self,
        places: &[usize],
        facts: &Facts<'p, '_>,
        of: &Marked<'_>,
        not_asked: &BTreeSet<String>,
        into: &mut Vec<Mark>,
    ) {
        let mut taking = Taking {
            rule: 0,
            facts,
            of,
            taken: Taken::default(),
            records: Vec::new(),
            plain: Vec::new(),
            pointer: Pointer::root(),
            other: Pointer::root(),
        };
        for place in places {
            let Some(own) = self.rules.get(*place) else { continue };
            let (Check::Across(across), Ok(rule)) = (&own.check, u32::try_from(*place)) else { continue };
            if !own.is_asked_across(facts.as_at) || not_asked.contains(&own.facts.id) {
                continue;
            }
            taking.rule = rule;
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
        taking.taken.finish(into);
    }
}

const RECORD: Env = Env::of(ListId::RECORD, 0);

/// A text of a record that others may have: its key, and where it stands.
struct Text<'p> {
    key: Key,
    number: usize,
    env: Env,
    path: &'p Path,
}

/// An entry of a worker: when, whose, and where it stands.
struct Entered<'r> {
    day: Day,
    worker: &'r str,
    list: ListId,
    item: u32,
}

impl<'p, 'r> Taking<'_, 'p, 'r> {
    fn holds(&self, condition: &'p Condition, env: Env) -> bool {
        Asking::new(self.facts, None).ask(condition, env) == Tri::True
    }

    /// Puts the letters and digits in a field, in lower case, behind what a key is made of, and their end; `false` where none are recorded.
    fn plain(&mut self, path: &Path) -> bool {
        let (before, into) = (self.plain.len(), &mut self.plain);
        match self.facts.field(RECORD, path) {
            Seen::Value(Node::Int(number)) => into.extend_from_slice(number.to_string().as_bytes()),
            Seen::Value(Node::Bool(flag)) => into.extend_from_slice(flag.to_string().as_bytes()),
            Seen::Value(node) => {
                let Some(text) = node.as_str() else { return false };
                if text.is_ascii() {
                    let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
                    into.extend(letters.map(|letter| letter.to_ascii_lowercase()));
                } else {
                    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
                    let lower = letters.flat_map(char::to_lowercase).collect::<String>();
                    into.extend_from_slice(lower.as_bytes());
                }
            }
            Seen::NotRecorded | Seen::Blank => return false,
        }
        let any = into.len() > before;
        into.push(0);
        any
    }

    /// The ids of siblings, the child's own left out.
    fn names(&self, list: ListId) -> impl Iterator<Item = &'r str> {
        let own = self.of.child.trim();
        let ids = self.facts.items(list).iter().filter_map(|item| item.node.as_str()).map(str::trim);
        ids.filter(move |id| !id.is_empty() && *id != own).take(MOST_SIBLINGS)
    }

    /// The ids of siblings, each once and in their order.
    fn sorted_names(&self, list: ListId) -> Vec<&'r str> {
        let mut names: Vec<&str> = self.names(list).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Where that stands which marks have in common; written when it is asked for first.
    fn record(&mut self, siblings: Siblings) -> u32 {
        if let Some((_, place)) = self.records.iter().find(|(written, _)| *written == siblings) {
            return *place;
        }
        let names: Vec<u64> = match siblings {
            Siblings::None => Vec::new(),
            Siblings::Listed(list) => self.names(list).map(name_of).collect(),
            Siblings::Sorted(list) => self.sorted_names(list).into_iter().map(name_of).collect(),
        };
        let Marked { child, owners, at, places } = *self.of;
        let place = self.taken.record(child, owners, &names, at.filter(|_| places.is_none()));
        self.records.push((siblings, place));
        place
    }

    /// Writes what is of the place alone to which the pointer points, and gives where it stands.
    fn place(&mut self, entries: Option<marks::Entries<'_>>, facts: &[u64]) -> u32 {
        let at = self.of.places.and_then(|places| places.find(&self.pointer));
        self.taken.place(self.pointer.as_str(), entries, facts, at.as_ref())
    }

    fn point_to(&mut self, env: Env, path: &'p Path) {
        self.pointer.clear();
        self.facts.write_spot_pointer(&self.facts.spot(env, path), &mut self.pointer);
    }

    fn same(&mut self, fields: &'p [Path], when: &'p Condition, siblings: Option<ListId>) {
        self.plain.clear();
        let Some(first) = fields.first() else { return };
        if fields.iter().all(|path| self.plain(path)) && self.holds(when, RECORD) {
            self.point_to(RECORD, first);
            let key = Key::of(&self.plain);
            let places =
                (self.record(siblings.map_or(Siblings::None, Siblings::Listed)), self.place(None, &[]));
            self.taken.mark(self.rule, (key, 0), places);
        }
    }

    /// Of one text that stands in a record several times the first is enough.
    fn texts(&mut self, of: &'p [Texts], fewest: usize, siblings: Option<ListId>) {
        // So many words have as many letters at least, and something between them.
        let shortest = fewest.saturating_mul(2).saturating_sub(1);
        let mut found: Vec<Text<'p>> = Vec::new();
        for texts in of {
            for (item, _) in (0_u32..).zip(self.facts.items(texts.list)) {
                let env = Env::of(texts.list, item);
                let Seen::Value(node) = self.facts.field(env, &texts.text) else { continue };
                let Some(text) = node.as_str().filter(|text| text.len() >= shortest) else { continue };
                if plain_words(text, &mut self.plain) < fewest || !self.holds(&texts.when, env) {
                    continue;
                }
                self.plain.push(0);
                found.push(Text { key: Key::of(&self.plain), number: found.len(), env, path: &texts.text });
            }
        }
        if found.is_empty() {
            return;
        }
        found.sort_unstable_by_key(|text| (text.key, text.number));
        found.dedup_by_key(|text| text.key);
        let record = self.record(siblings.map_or(Siblings::None, Siblings::Listed));
        for Text { key, env, path, .. } in found {
            self.point_to(env, path);
            let place = self.place(None, &[]);
            self.taken.mark(self.rule, (key, 0), (record, place));
        }
    }

    /// Of the entries of one worker on one day there is one mark, at that whose pointer comes first.
    fn entries(&mut self, of: &'p [Entries]) {
        let mut all: Vec<Entered<'r>> = Vec::new();
        for Entries { list, by, on, when } in of {
            for (item, _) in (0_u32..).zip(self.facts.items(*list)) {
                let env = Env::of(*list, item);
                let Seen::Value(node) = self.facts.field(env, by) else { continue };
                // What is longer than an id is text that somebody wrote there, and is not repeated.
                let worker = node.as_str().map(str::trim).filter(|worker| worker.len() <= LONGEST_ID);
                let (Some(worker), Ok(Some(moment))) = (worker, self.facts.moment(env, on)) else { continue };
                if self.holds(when, env) {
                    all.push(Entered { day: moment.day, worker, list: *list, item });
                }
            }
        }
        if all.is_empty() {
            return;
        }
        all.sort_unstable_by_key(|entered| (entered.day, entered.worker));
        let record = self.record(Siblings::None);
        for of_a_day in all.chunk_by(|one, next| (one.day, one.worker) == (next.day, next.worker)) {
            let [Entered { day, worker, list, item }, others @ ..] = of_a_day else { continue };
            self.pointer.clear();
            self.facts.write_pointer(*list, *item, &mut self.pointer);
            for Entered { list, item, .. } in others {
                self.other.clear();
                self.facts.write_pointer(*list, *item, &mut self.other);
                if self.other < self.pointer {
                    std::mem::swap(&mut self.pointer, &mut self.other);
                }
            }
            self.plain.clear();
            for text in [worker.as_bytes(), &day.letters()] {
                self.plain.extend_from_slice(text);
                self.plain.push(0);
            }
            let many = u32::try_from(of_a_day.len()).unwrap_or(u32::MAX);
            let place = self.place(Some(marks::Entries { worker, day: *day, many }), &[]);
            self.taken.mark(self.rule, (Key::of(&self.plain), 0), (record, place));
        }
    }

    /// The child itself under its own name, and under the name of each sibling that it names one who names it.
    fn siblings(&mut self, list: ListId, fields: &'p [Path], pair: Option<&'p (Condition, Condition)>) {
        let mut facts = Vec::with_capacity(fields.len().saturating_add(2));
        for path in fields {
            self.plain.clear();
            facts.push(if self.plain(path) { Key::of(&self.plain).short().max(1) } else { 0 });
        }
        if let Some((when, then)) = pair {
            let tri = |condition| Asking::new(self.facts, None).ask(condition, RECORD);
            facts.push(u64::from(tri(when) == Tri::True));
            facts.push(u64::from(tri(then) == Tri::False));
        }
        self.pointer.clear();
        self.facts.write_list_pointer(list, 0, &mut self.pointer);
        let places = (self.record(Siblings::Sorted(list)), self.place(None, &facts));
        for id in self.sorted_names(list) {
            self.taken.mark(self.rule, (key_of(id), 1), places);
        }
        self.taken.mark(self.rule, (key_of(self.of.child.trim()), 0), places);
    }
}

/// The longest id of a worker, in bytes.
const LONGEST_ID: usize = 64;
