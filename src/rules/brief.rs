//! The rules of a pack in brief: what decides whether a rule need be asked of a record at all. They stand close together, because every rule
//! is looked at for every record, and most are passed over.

use crate::rules::facts::Facts;
use crate::rules::judgement::Needs;
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
    /// The place of what it needs among those of the pack, where without that it plainly does not apply.
    needs: Option<u16>,
}

impl Brief {
    /// How often it says that it does not apply to a record that plainly has nothing for it to judge, by [`Pack::nothing_of`]; nothing where
    /// it must be asked.
    pub fn passes_over(self, nothing: &[Option<u64>]) -> Option<u64> {
        nothing.get(usize::from(self.needs?)).copied().flatten()
    }

    /// The numbers of its outcomes in tallies: its own, and that of the duty that starts when it is missed.
    pub fn ranks(self) -> impl Iterator<Item = usize> {
        let own = self.rank as usize;
        own..=own + usize::from(self.has_missed)
    }
}

/// What rules need to have anything to judge, each once, and those that are asked of a record in brief. Which of several revisions speaks, they
/// must be asked; an only one says the same whether it is in force or not.
pub(super) fn of_rules(rules: &[Rule]) -> (Vec<Needs>, Vec<Brief>) {
    let mut all: Vec<Needs> = Vec::new();
    let mut place = |rule: &Rule| {
        let own = rule.check.needs().filter(|_| rule.is_only)?;
        let known = all.iter().position(|needs| *needs == own);
        let place = known.unwrap_or_else(|| {
            all.push(own);
            all.len() - 1
        });
        u16::try_from(place).ok()
    };
    let asked = rules.iter().enumerate().filter(|(_, rule)| rule.off.is_none() && !rule.check.is_across());
    let briefs = asked.map(|(at, rule)| Brief {
        at,
        rank: rule.rank,
        has_missed: rule.missed.is_some(),
        needs: place(rule),
    });
    let briefs = briefs.collect();
    (all, briefs)
}

impl Pack {
    /// The rules that are asked of a record, in their order.
    pub fn briefs(&self) -> &[Brief] {
        &self.briefs
    }

    /// For each thing that rules need, how often a rule that needs it says that it does not apply to this record; nothing where it must be
    /// asked. For [`Brief::passes_over`].
    pub fn nothing_of(&self, facts: &Facts<'_, '_>) -> Vec<Option<u64>> {
        self.needs.iter().map(|needs| facts.nothing_of(*needs)).collect()
    }
}
