//! The rules of a pack in brief: what decides whether a rule need be asked of a record at all. Most are passed over, many at a time: those that
//! need the same thing, of which the record has nothing.

use std::collections::BTreeSet;

use crate::rules::facts::Facts;
use crate::rules::judgement::Needs;
use crate::rules::many::bits;
use crate::rules::pack::Pack;
use crate::rules::rule::Rule;

/// A rule that is asked of a record, in brief.
#[derive(Clone, Copy, Debug)]
pub struct Brief {
    /// Its place in [`Pack::rules`].
    pub at: usize,
    /// The number of its outcomes in tallies.
    pub rank: u32,
    /// Whether those of the duty that starts when it is missed have the next.
    has_missed: bool,
    /// Whether what it says stands as it is: it is always in force, and no duty follows.
    pub(super) is_plain: bool,
}

impl Brief {
    /// The numbers of its outcomes in tallies: its own, and that of the duty that starts when it is missed.
    pub fn ranks(self) -> impl ExactSizeIterator<Item = usize> + Clone {
        let own = self.rank as usize;
        own..own + 1 + usize::from(self.has_missed)
    }
}

/// Some of the rules that are asked of a record: a bit for each, in the order of [`Pack::briefs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet(Box<[u64]>);

impl RuleSet {
    fn all(rules: usize) -> Self {
        let full = |left: usize| if left < 64 { (1 << left) - 1 } else { u64::MAX };
        Self((0..rules).step_by(64).map(|before| full(rules - before)).collect())
    }

    /// Takes a rule out, by its place among the briefs.
    pub fn take_out(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word &= !(1 << (place % 64));
        }
    }

    /// The places of its rules among the briefs, the least first.
    fn places(&self) -> impl Iterator<Item = usize> {
        let words = (0_usize..).zip(&self.0);
        words.flat_map(|(at, word)| bits(*word).map(move |bit| at * 64 + bit as usize))
    }
}

/// Something that rules need to have anything to judge, and those that need it.
#[derive(Debug)]
pub(super) struct Need {
    needs: Needs,
    /// Its rules, with their places among the briefs.
    places: Vec<usize>,
    briefs: Vec<Brief>,
    /// The parts of the set of its rules that are not empty, with their places in it.
    parts: Vec<(usize, u64)>,
}

impl Need {
    fn add(&mut self, place: usize, brief: Brief) {
        let bit = 1 << (place % 64);
        match self.parts.last_mut().filter(|(at, _)| *at == place / 64) {
            Some((_, part)) => *part |= bit,
            None => self.parts.push((place / 64, bit)),
        }
        self.places.push(place);
        self.briefs.push(brief);
    }

    /// Takes its rules out of a set, and tells those that were in it.
    fn take_out_of(&self, left: &mut RuleSet, mut tell: impl FnMut(&[Brief])) {
        let mut whole = true;
        for (at, part) in &self.parts {
            whole &= left.0.get(*at).is_some_and(|word| word & part == *part);
        }
        if whole {
            tell(&self.briefs);
        } else {
            let here =
                |place: &usize| left.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1);
            let both = self.places.iter().zip(&self.briefs).filter(|(place, _)| here(place));
            both.for_each(|(_, brief)| tell(std::slice::from_ref(brief)));
        }
        for (at, part) in &self.parts {
            if let Some(word) = left.0.get_mut(*at) {
                *word &= !part;
            }
        }
    }
}

/// What rules need to have anything to judge, each once, and those that are asked of a record in brief. Which of several revisions speaks, they
/// must be asked; an only one says the same whether it is in force or not. Those of one kind that look at one list are asked one after the other,
/// so that what they are made of, and what they look at, is at hand.
pub(super) fn of_rules(rules: &[Rule]) -> (Vec<Need>, Vec<Brief>) {
    let asked = rules.iter().enumerate().filter(|(_, rule)| rule.off.is_none() && !rule.check.is_across());
    let mut asked: Vec<(usize, &Rule)> = asked.collect();
    asked.sort_by_key(|(_, rule)| (rule.check.key(), rule.check.needs().map(Needs::list)));
    let mut all: Vec<Need> = Vec::new();
    let mut briefs = Vec::new();
    for (at, rule) in asked {
        let is_plain = rule.is_plain();
        let brief = Brief { at, rank: rule.rank, has_missed: rule.missed.is_some(), is_plain };
        if let Some(needs) = rule.check.needs().filter(|_| rule.is_only) {
            let known = all.iter().position(|need| need.needs == needs).unwrap_or_else(|| {
                all.push(Need { needs, places: Vec::new(), briefs: Vec::new(), parts: Vec::new() });
                all.len() - 1
            });
            if let Some(need) = all.get_mut(known) {
                need.add(briefs.len(), brief);
            }
        }
        briefs.push(brief);
    }
    (all, briefs)
}

impl Pack {
    /// The rules that are asked of a record, in the order in which they are.
    pub fn briefs(&self) -> &[Brief] {
        &self.briefs
    }

    /// All of them but those that are not to be asked, by their ids; these are told.
    pub fn briefs_but(&self, not_asked: &BTreeSet<String>, mut tell: impl FnMut(&Brief)) -> RuleSet {
        let mut set = RuleSet::all(self.briefs.len());
        if not_asked.is_empty() {
            return set;
        }
        for (place, brief) in self.briefs.iter().enumerate() {
            if self.rules.get(brief.at).is_some_and(|rule| not_asked.contains(&rule.facts.id)) {
                set.take_out(place);
                tell(brief);
            }
        }
        set
    }

    /// Those in a set, in their order.
    pub fn briefs_in(&self, set: &RuleSet) -> impl Iterator<Item = &Brief> {
        set.places().filter_map(|place| self.briefs.get(place))
    }

    /// Takes out those that plainly do not apply to a record, because it has nothing of what they need, and tells them with how often each of
    /// them says so.
    pub fn pass_over(&self, facts: &Facts<'_, '_>, left: &mut RuleSet, mut tell: impl FnMut(&[Brief], u64)) {
        for need in &self.needs {
            if let Some(times) = facts.nothing_of(need.needs) {
                need.take_out_of(left, |briefs| tell(briefs, times));
            }
        }
    }
}
