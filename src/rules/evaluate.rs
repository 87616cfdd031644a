//! Asks every rule of a record. Nothing here reads a clock: the day and the calendar are given.

use crate::model::Day;
use crate::model::Node;
use crate::model::Outcome;
use crate::model::RuleFacts;
use crate::rules::facts::Facts;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::SubjectRef;
use crate::rules::kinds::Check;
use crate::rules::pack::Pack;
use crate::rules::rule::Rule;
use crate::rules::say::Say;

/// What a rule said of one subject.
pub struct Judged<'p> {
    /// The number of the rule in tallies.
    pub rank: u32,
    /// The rule, or the duty that started when it was missed.
    pub rule: &'p std::sync::Arc<RuleFacts>,
    /// What it says to people.
    pub say: &'p Say,
    /// How far the rule has been taken into use.
    pub stage: crate::model::RuleStage,
    /// What it said.
    pub judgement: Judgement<'p>,
    /// For a duty that started when another was missed: that rule, when it was missed.
    pub cause: Option<(&'p RuleFacts, SubjectRef)>,
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
            if let (Some(missed), Check::Deadline(deadline)) = (&rule.missed, &rule.check) {
                let ended = deadline.end_of(facts, &judgement);
                let second = missed.missed.judge(facts, &judgement, ended);
                let was_missed =
                    matches!(judgement.outcome, Outcome::MetLate | Outcome::Overdue | Outcome::Breached);
                let cause = was_missed.then_some((&*rule.facts, judgement.subject));
                sink(Judged {
                    rank: rule.rank,
                    rule: &rule.facts,
                    say: &rule.say,
                    stage: rule.stage,
                    judgement,
                    cause: None,
                });
                sink(Judged {
                    rank: rule.rank + 1,
                    rule: &missed.facts,
                    say: &missed.say,
                    stage: rule.stage,
                    judgement: second,
                    cause,
                });
            } else {
                sink(Judged {
                    rank: rule.rank,
                    rule: &rule.facts,
                    say: &rule.say,
                    stage: rule.stage,
                    judgement,
                    cause: None,
                });
            }
        });
        debug_assert!(seen, "a rule says something of every record");
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
        let starts = self.from.is_none_or(|from| from <= day);
        let lasts = self.to.is_none_or(|to| day <= to);
        if starts && lasts {
            return Some(judgement);
        }
        let others = siblings();
        let speaks = if starts { !others.later } else { !others.earlier };
        speaks.then(|| Judgement::not_applicable(judgement.subject).governed_by(judgement.governed_by))
    }
}
