//! Asks every rule of a record. Nothing here reads a clock: the day and the calendar are given.

use std::sync::Arc;

use crate::model::Day;
use crate::model::Node;
use crate::model::Outcome;
use crate::model::RuleFacts;
use crate::model::RuleStage;
use crate::rules::brief::Brief;
use crate::rules::facts::Facts;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::SubjectRef;
use crate::rules::kinds::Check;
use crate::rules::kinds::ItemRule;
use crate::rules::kinds::Plain;
use crate::rules::pack::Pack;
use crate::rules::rule::MissedRule;
use crate::rules::rule::Rule;
use crate::rules::say::Say;

/// What a rule, or the duty that started when it was missed, said of one subject. It is small, because most of what is said is only counted.
pub struct Judged<'p> {
    own: &'p Rule,
    /// The duty that started, if it is the one that says this.
    missed: Option<&'p MissedRule>,
    /// What it said.
    pub judgement: Judgement<'p>,
    /// Whether the rule was missed, where it is the duty that started then that says this.
    was_missed: bool,
}

impl<'p> Judged<'p> {
    const fn of(own: &'p Rule, judgement: Judgement<'p>) -> Self {
        Self { own, missed: None, judgement, was_missed: false }
    }

    /// That a rule failed to say anything.
    pub const fn failed(rule: &'p Rule) -> Self {
        Self::of(rule, Judgement::new(Outcome::RuleError, SubjectRef::RECORD))
    }

    /// Whether somebody may be told of it: it is a finding, or has a clock that runs.
    #[inline]
    pub fn may_be_told(&self) -> bool {
        self.judgement.outcome.is_finding() || self.judgement.timing().is_some()
    }

    /// The number of the rule in tallies.
    pub const fn rank(&self) -> u32 {
        if self.missed.is_some() { self.own.rank + 1 } else { self.own.rank }
    }

    /// The rule, or the duty that started when it was missed.
    pub fn rule(&self) -> &'p Arc<RuleFacts> {
        self.missed.map_or(&self.own.facts, |missed| &missed.facts)
    }

    /// What it says to people.
    pub fn say(&self) -> &'p Say {
        self.missed.map_or(&self.own.say, |missed| &missed.say)
    }

    /// How far the rule has been taken into use.
    pub const fn stage(&self) -> RuleStage {
        self.own.stage
    }

    /// For a duty that started when another was missed: that rule, and when it was missed.
    pub fn cause(&self) -> Option<(&'p RuleFacts, SubjectRef)> {
        self.was_missed.then_some((&*self.own.facts, self.judgement.subject))
    }
}

impl Pack {
    /// What a record holds, as this pack's rules see it.
    pub fn facts<'p, 'r>(&'p self, root: &'r Node<'r>, as_at: Day, explain: bool) -> Facts<'p, 'r> {
        Facts::new(root, as_at, &self.calendar, &self.plans, &self.timelines, explain)
    }

    /// Asks one rule, and what follows from its being missed; `at` is its place in [`Pack::rules`].
    pub fn ask<'p>(&'p self, at: usize, facts: &Facts<'p, '_>, sink: impl FnMut(Judged<'p>)) {
        let Some(rule) = self.rules.get(at) else { return };
        rule.ask(|| self.siblings(at), facts, sink);
    }

    /// The same of a rule that is asked of records, where nobody asks for what is only counted: what is plain is counted, and not told to `sink`.
    pub fn ask_in_brief<'p>(
        &'p self,
        brief: Brief,
        facts: &Facts<'p, '_>,
        mut sink: impl FnMut(Judged<'p>),
    ) -> Plain {
        let Some(rule) = self.rules.get(brief.at) else { return Plain::default() };
        match rule.check.item_rule().filter(|items| brief.is_plain || rule.stands_alone(items, facts.as_at)) {
            Some(items) => {
                return items.judge_in_brief(facts, &mut |judgement| sink(Judged::of(rule, judgement)));
            }
            None if brief.is_plain => rule.judge_plainly(facts, sink),
            None => self.ask(brief.at, facts, sink),
        }
        Plain::default()
    }

    /// Which other revisions of a rule the pack holds; `at` is its place in [`Pack::rules`].
    pub(super) fn siblings(&self, at: usize) -> Siblings {
        let id = self.rules.get(at).map(|rule| &rule.facts.id);
        let sibling = |at: Option<usize>| {
            at.and_then(|at| self.rules.get(at)).is_some_and(|other| Some(&other.facts.id) == id)
        };
        Siblings { earlier: sibling(at.checked_sub(1)), later: sibling(at.checked_add(1)) }
    }
}

/// Which other revisions of a rule there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Siblings {
    /// One that was in force before it.
    pub earlier: bool,
    /// One that is in force after it.
    pub later: bool,
}

impl Rule {
    /// Asks this rule of a record, and what follows from its being missed.
    pub(super) fn ask<'p>(
        &'p self,
        siblings: impl Fn() -> Siblings,
        facts: &Facts<'p, '_>,
        mut sink: impl FnMut(Judged<'p>),
    ) {
        let rule = self;
        if rule.off.is_some() || rule.check.is_across() {
            return;
        }
        if rule.is_plain() {
            return rule.judge_plainly(facts, sink);
        }
        let always = rule.from.is_none() && rule.to.is_none();
        let mut seen = false;
        rule.check.judge(facts, &rule.relaxed, &mut |judgement| {
            seen = true;
            let judgement = if always {
                judgement
            } else {
                let Some(judgement) = rule.in_force(&siblings, judgement, facts.as_at) else { return };
                judgement
            };
            let (Some(missed), Check::Deadline(deadline)) = (&rule.missed, &rule.check) else {
                return sink(Judged::of(rule, judgement));
            };
            let ended = deadline.end_of(facts, &judgement);
            let second = missed.missed.judge(facts, &judgement, ended);
            let was_missed =
                matches!(judgement.outcome, Outcome::MetLate | Outcome::Overdue | Outcome::Breached);
            sink(Judged::of(rule, judgement));
            sink(Judged { own: rule, missed: Some(missed), judgement: second, was_missed });
        });
        debug_assert!(seen, "a rule says something of every record");
    }

    /// Whether what it says stands as it is, as of most: it is always in force, and no duty follows.
    pub(super) fn is_plain(&self) -> bool {
        self.from.is_none() && self.to.is_none() && self.missed.is_none()
    }

    /// Asks a rule of which what it says stands as it is.
    fn judge_plainly<'p>(&'p self, facts: &Facts<'p, '_>, mut sink: impl FnMut(Judged<'p>)) {
        self.check.judge(facts, &self.relaxed, &mut |judgement| sink(Judged::of(self, judgement)));
    }

    /// Whether what it says of every item stands as it is, as at a day: no other revision may govern some of them, and no duty follows.
    fn stands_alone(&self, items: &ItemRule, as_at: Day) -> bool {
        let governs = self.is_only && self.is_in_force(as_at) && items.dated_by.is_none();
        self.is_plain() || (self.missed.is_none() && governs)
    }

    /// Keeps what this revision says where it governs. The revision in force on the day that governs speaks; before the first
    /// one the standard did not apply, and the first says so.
    fn in_force<'p>(
        &self,
        siblings: impl Fn() -> Siblings,
        judgement: Judgement<'p>,
        as_at: Day,
    ) -> Option<Judgement<'p>> {
        let day = judgement.governed_by.unwrap_or(as_at);
        if self.is_in_force(day) {
            return Some(judgement);
        }
        let others = siblings();
        let has_started = self.from.is_none_or(|from| from <= day);
        let speaks = if has_started { !others.later } else { !others.earlier };
        speaks.then(|| Judgement::not_applicable(judgement.subject).governed_by(judgement.governed_by))
    }
}
