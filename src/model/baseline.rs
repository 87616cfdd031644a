//! What an earlier run found, to be compared with: what is new, still there, changed, fixed, gone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::model::Answer;
use crate::model::Day;
use crate::model::FindingId;
use crate::model::Outcome;

/// A finding that a caller knew, or that an earlier run made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFinding {
    /// Its id.
    pub id: FindingId,
    /// Its outcome then, where that is known.
    pub outcome: Option<Outcome>,
}

/// A finding of an earlier run, and what became of it in this one.
#[derive(Debug)]
struct Earlier {
    rule: Arc<str>,
    found: AtomicBool,
    not_judged: AtomicBool,
}

#[derive(Debug, Default)]
struct Child {
    known: Vec<KnownFinding>,
    earlier: Vec<Earlier>,
    seen: AtomicBool,
}

/// The findings of an earlier run by child. It notes, from any thread, which of them are found again.
#[derive(Debug, Default)]
pub struct Baseline {
    /// The day as at which that run was.
    pub as_at: Option<Day>,
    /// The digest of its rules.
    pub pack_digest: Option<String>,
    children: BTreeMap<String, Child>,
    /// Findings across records by the child that they were told to; those about workers under no name.
    across: BTreeMap<String, Child>,
}

/// What became of a finding of an earlier run that this one does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The child is here and the finding is not.
    Fixed,
    /// The child is not here.
    ChildGone,
    /// The rule could not be judged in this run.
    NotJudged,
}

impl Left {
    /// The word for it in comparisons: gone is never fixed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::ChildGone => "gone",
            Self::NotJudged => "not_judged",
        }
    }
}

impl Child {
    fn add(&mut self, rule: &Arc<str>, known: KnownFinding) {
        self.known.push(known);
        self.earlier.push(Earlier {
            rule: Arc::clone(rule),
            found: AtomicBool::new(false),
            not_judged: AtomicBool::new(false),
        });
    }

    /// What became of its findings that are not found again, where the child is here or not.
    fn left(&self, is_here: bool) -> impl Iterator<Item = (&str, FindingId, Left)> {
        let pairs = self.known.iter().zip(&self.earlier);
        pairs.filter(|(_, earlier)| !earlier.found.load(Ordering::Relaxed)).map(move |(known, earlier)| {
            let left = if !is_here {
                Left::ChildGone
            } else if earlier.not_judged.load(Ordering::Relaxed) {
                Left::NotJudged
            } else {
                Left::Fixed
            };
            (&*earlier.rule, known.id, left)
        })
    }

    fn is_here(&self) -> bool {
        self.seen.load(Ordering::Relaxed)
    }
}

impl Baseline {
    /// Takes in a child of the earlier run.
    pub fn add_child(&mut self, child: &str) {
        self.children.entry(child.to_owned()).or_default();
    }

    /// Takes in a finding of the earlier run.
    pub fn add(&mut self, child: &str, rule: &Arc<str>, known: KnownFinding) {
        self.children.entry(child.to_owned()).or_default().add(rule, known);
    }

    /// Takes in a finding across records of the earlier run.
    pub fn add_across(&mut self, child: &str, rule: &Arc<str>, known: KnownFinding) {
        self.across.entry(child.to_owned()).or_default().add(rule, known);
    }

    /// Takes in a finding across records of this run; `true`: the earlier one had it.
    pub fn see_across(&self, child: &str, id: FindingId) -> bool {
        let Some(child) = self.across.get(child) else { return false };
        let mut same = child.known.iter().zip(&child.earlier).filter(|(known, _)| known.id == id);
        same.next().is_some_and(|(_, earlier)| {
            earlier.found.store(true, Ordering::Relaxed);
            true
        })
    }

    /// Takes in which rules across records were not asked in this run.
    pub fn not_judged_across(&self, is_not_asked: impl Fn(&str) -> bool) {
        for earlier in self.across.values().flat_map(|child| &child.earlier) {
            if is_not_asked(&earlier.rule) {
                earlier.not_judged.store(true, Ordering::Relaxed);
            }
        }
    }

    /// What was known of a child.
    pub fn of(&self, child: &str) -> &[KnownFinding] {
        self.children.get(child).map_or(&[], |child| child.known.as_slice())
    }

    /// How many children the earlier run had.
    pub fn children(&self) -> u64 {
        self.children.len() as u64
    }

    /// How many of them are here too.
    pub fn children_seen(&self) -> u64 {
        self.children.values().filter(|child| child.seen.load(Ordering::Relaxed)).count() as u64
    }

    /// Takes in an answer of this run.
    pub fn see(&self, answer: &Answer) {
        let found = |id| answer.findings.iter().any(|finding| finding.finding_id == id);
        self.see_child(
            answer.decision.record.id.as_deref().unwrap_or(""),
            found,
            &answer.decision.rules.not_run,
        );
    }

    /// Takes in of this run which findings of a child are `found` again, and the rules that did not run on it.
    pub fn see_child(&self, child: &str, found: impl Fn(FindingId) -> bool, not_run: &[String]) {
        let Some(child) = self.children.get(child) else { return };
        child.seen.store(true, Ordering::Relaxed);
        for (known, earlier) in child.known.iter().zip(&child.earlier) {
            if found(known.id) {
                earlier.found.store(true, Ordering::Relaxed);
            }
            if not_run.iter().any(|rule| **rule == *earlier.rule) {
                earlier.not_judged.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Every finding of the earlier run that this one does not have, by child, with its rule and what became of it.
    pub fn left(&self) -> impl Iterator<Item = (&str, &str, FindingId, Left)> {
        let here = |id: &str| id.is_empty() || self.children.get(id).is_some_and(Child::is_here);
        let own = self.children.iter().map(|(id, child)| (id, child, child.is_here()));
        let across = self.across.iter().map(move |(id, child)| (id, child, here(id)));
        own.chain(across).flat_map(|(id, child, is_here)| {
            child.left(is_here).map(move |(rule, finding, left)| (id.as_str(), rule, finding, left))
        })
    }
}
