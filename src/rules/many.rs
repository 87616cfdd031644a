//! Conditions asked of many items of a list at once, a bit for each item. Most of what rules say is only counted, and this is all that
//! counting needs; `condition` asks one item at a time, and notes what left an answer open.

use crate::model::Day;
use crate::model::Node;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::condition::Literal;
use crate::rules::condition::Test;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::listed::BLOCK;
use crate::rules::listed::Listed;
use crate::rules::listed::is_blank;
use crate::rules::listed::seen;
use crate::rules::plan::Base;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::tri::Tri;

/// What a condition says of the items of a block: of those that it was asked of and that are in neither, it cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The items of which it holds.
    pub yes: u64,
    /// The items of which it does not.
    pub no: u64,
}

impl Said {
    const fn of(yes: u64, among: u64) -> Self {
        Self { yes: yes & among, no: !yes & among }
    }

    /// The same of all of them.
    const fn alike(tri: Tri, among: u64) -> Self {
        match tri {
            Tri::True => Self { yes: among, no: 0 },
            Tri::False => Self { yes: 0, no: among },
            Tri::Unknown => Self { yes: 0, no: 0 },
        }
    }

    const fn negate(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    /// What it says of one item, by its bit.
    pub const fn of_item(self, bit: u32) -> Tri {
        match (self.yes >> bit & 1, self.no >> bit & 1) {
            (1, _) => Tri::True,
            (_, 1) => Tri::False,
            _ => Tri::Unknown,
        }
    }

    fn add(&mut self, tri: Tri, bit: u64) {
        match tri {
            Tri::True => self.yes |= bit,
            Tri::False => self.no |= bit,
            Tri::Unknown => {}
        }
    }
}

/// A block of items of a list, at most [`BLOCK`], of which something is asked.
pub struct Many<'f, 'p, 'r> {
    facts: &'f Facts<'p, 'r>,
    listed: &'f Listed<'r>,
    list: ListId,
    block: usize,
    /// What is judged, where that is not each item itself, and the first day of it.
    judged: Option<(ListId, u32)>,
    start: Option<Day>,
}

const RECORD: Env = Env::of(ListId::RECORD, 0);

/// The places of the bits that are set, the least first.
pub fn bits(mut set: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (set != 0).then(|| set.trailing_zeros())?;
        set &= set - 1;
        Some(bit)
    })
}

impl<'p, 'r> Facts<'p, 'r> {
    /// The items of a list, block by block, each judged by itself.
    pub fn blocks<'f>(&'f self, list: ListId) -> impl Iterator<Item = Many<'f, 'p, 'r>> {
        let listed = self.listed(list);
        let blocks = 0..listed.items.len().div_ceil(BLOCK);
        blocks.map(move |block| Many { facts: self, listed, list, block, judged: None, start: None })
    }
}

impl<'f, 'p, 'r> Many<'f, 'p, 'r> {
    /// The same items, seen while something else is judged that began on a day.
    pub const fn seen_from(self, judged: (ListId, u32), start: Option<Day>) -> Self {
        Self { judged: Some(judged), start, ..self }
    }

    /// All of its items.
    pub const fn all(&self) -> u64 {
        match self.listed.items.len() - self.block * BLOCK {
            left @ 0..BLOCK => (1 << left) - 1,
            _ => u64::MAX,
        }
    }

    /// The number of an item by its bit.
    pub fn item(&self, bit: u32) -> u32 {
        u32::try_from(self.block * BLOCK).unwrap_or(u32::MAX).saturating_add(bit)
    }

    /// Asks a condition of some of the items.
    pub fn ask(&self, condition: &'p Condition, among: u64) -> Said {
        let said = self.answer(condition, among);
        debug_assert_eq!(said, self.asked_thoroughly(condition, among), "{condition:?}");
        said
    }

    /// The same as it is asked of one item at a time, noting what is missing.
    fn asked_thoroughly(&self, condition: &'p Condition, among: u64) -> Said {
        let mut said = Said::default();
        for bit in bits(among) {
            said.add(Asking::new(self.facts, self.start).ask(condition, self.env(bit)), 1 << bit);
        }
        said
    }

    fn answer(&self, condition: &'p Condition, among: u64) -> Said {
        match condition {
            Condition::All(parts) => all_of(parts, among, |part, left| self.answer(part, left)),
            // Some part holds where not every part does not.
            Condition::Any(parts) => {
                all_of(parts, among, |part, left| self.answer(part, left).negate()).negate()
            }
            Condition::Not(part) => self.answer(part, among).negate(),
            Condition::Field(path, tests) if self.is_own(path) => self.fields(path, tests, among),
            Condition::Some { list, within, part, is_alone: true } if *within == ListId::RECORD => {
                Said::alike(self.some_of_record(*list, part), among)
            }
            Condition::Some { list, within, part, is_alone: true } if *within == self.list => {
                self.some_beneath(*list, part, among)
            }
            _ if condition.is_same_for_all() => {
                let tri = Asking::quiet(self.facts, self.start).ask(condition, RECORD);
                Said::alike(tri, among)
            }
            _ => self.one_by_one(among, |asking, env| asking.ask(condition, env)),
        }
    }

    /// Whether some item of a list of the record meets a condition that sees nothing of what is judged.
    fn some_of_record(&self, list: ListId, part: &'p Condition) -> Tri {
        if self.facts.section_is_missing(list) {
            return Tri::Unknown;
        }
        Asking::quiet(self.facts, None).some_quietly(list, ListId::RECORD, part, RECORD)
    }

    /// Of which items some item of a list that they hold meets a condition that sees nothing of what is judged: each of those is asked once.
    fn some_beneath(&self, list: ListId, part: &'p Condition, among: u64) -> Said {
        if self.facts.section_is_missing(list) {
            return Said::default();
        }
        let (mut yes, mut open) = (0, 0);
        let bit = |item: u32| {
            let holder = self.facts.holder(list, item, self.list)?.checked_sub(self.item(0))?;
            1_u64.checked_shl(holder)
        };
        for many in self.facts.blocks(list) {
            let said = many.ask(part, many.all());
            let held = |set: u64| bits(set).filter_map(|at| bit(many.item(at))).fold(0, |sum, bit| sum | bit);
            yes |= held(said.yes);
            open |= held(many.all() & !(said.yes | said.no));
        }
        Said { yes: yes & among, no: among & !(yes | open) }
    }

    /// Whether a field stands in a column of the items themselves.
    fn is_own(&self, path: &Path) -> bool {
        let own = path.base == Base::Item || (path.base == Base::Subject && self.judged.is_none());
        own && path.names.len() == 1
    }

    fn env(&self, bit: u32) -> Env {
        let item = self.item(bit);
        let (subject_list, subject_item) = self.judged.unwrap_or((self.list, item));
        Env { list: self.list, item, subject_list, subject_item }
    }

    fn one_by_one(&self, among: u64, ask: impl Fn(&mut Asking<'f, 'p, 'r>, Env) -> Tri) -> Said {
        let mut said = Said::default();
        let mut asking = Asking::quiet(self.facts, self.start);
        bits(among).for_each(|bit| said.add(ask(&mut asking, self.env(bit)), 1 << bit));
        said
    }

    /// Asks all tests of a column.
    fn fields(&self, path: &'p Path, tests: &'p [Test], among: u64) -> Said {
        let column = path.column as usize;
        let cell = |bit| self.listed.cell(self.item(bit), column);
        all_of(tests, among, |test, left| match test {
            Test::Present(wanted) => {
                let recorded = self.listed.recorded(column, self.block);
                Said::of(if *wanted { recorded } else { !recorded }, left)
            }
            Test::NotIn(values) => Said::of(!one_of(values, cell, left).yes, left),
            Test::In(values) => one_of(values, cell, left),
            _ => self.one_by_one(left, |asking, env| {
                asking.test(test, path, seen(self.listed.cell(env.item, column)), env)
            }),
        })
    }
}

/// Of which items all parts hold; those of which one does not are not asked of the parts that follow.
fn all_of<'p, T>(parts: &'p [T], among: u64, ask: impl Fn(&'p T, u64) -> Said) -> Said {
    let mut said = Said::alike(Tri::True, among);
    for part in parts {
        let left = among & !said.no;
        if left == 0 {
            break;
        }
        let part = ask(part, left);
        said = Said { yes: said.yes & part.yes, no: said.no | part.no };
    }
    said
}

/// Which of some cells hold one of these values; it cannot be told where nothing is recorded.
fn one_of<'r>(values: &[Literal], cell: impl Fn(u32) -> Option<&'r Node<'r>>, among: u64) -> Said {
    let mut said = Said::default();
    for bit in bits(among) {
        let tri = match cell(bit) {
            None | Some(Node::Null) => Tri::Unknown,
            Some(Node::Text(text)) if is_blank(text) => Tri::Unknown,
            Some(node) => Tri::of(values.iter().any(|value| value.is(node))),
        };
        said.add(tri, 1 << bit);
    }
    said
}

impl<'p> Asking<'_, 'p, '_> {
    /// Whether some item of a list meets a condition, where nobody wants to know what left that open: of the items that hang on the same
    /// item of `within` as the one at hand.
    pub(super) fn some_quietly(&self, list: ListId, within: ListId, part: &'p Condition, env: Env) -> Tri {
        let facts = self.facts;
        let mine = facts.holder(env.list, env.item, within);
        let mut result = Tri::False;
        for many in facts.blocks(list) {
            let many = many.seen_from((env.subject_list, env.subject_item), self.start);
            let hangs = |bit: &u32| facts.holder(list, many.item(*bit), within) == mine;
            let among = if within == ListId::RECORD && mine.is_some() {
                many.all()
            } else {
                bits(many.all()).filter(hangs).fold(0, |sum, bit| sum | 1 << bit)
            };
            let said = many.ask(part, among);
            if said.yes != 0 {
                return Tri::True;
            }
            if said.no != among {
                result = Tri::Unknown;
            }
        }
        result
    }
}
