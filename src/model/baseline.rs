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

impl Baseline {
    /// Takes in a child of the earlier run.
    pub fn add_child(&mut self, child: &str) {
        self.children.entry(child.to_owned()).or_default();
    }

    /// Takes in a finding of the earlier run.
    pub fn add(&mut self, child: &str, rule: &Arc<str>, known: KnownFinding) {
        let child = self.children.entry(child.to_owned()).or_default();
        child.known.push(known);
        child.earlier.push(Earlier {
            rule: Arc::clone(rule),
            found: AtomicBool::new(false),
            not_judged: AtomicBool::new(false),
        });
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
        self.children.iter().flat_map(|(id, child)| {
            let pairs = child.known.iter().zip(&child.earlier);
            pairs.filter(|(_, earlier)| !earlier.found.load(Ordering::Relaxed)).map(
                move |(known, earlier)| {
                    let left = if !child.seen.load(Ordering::Relaxed) {
                        Left::ChildGone
                    } else if earlier.not_judged.load(Ordering::Relaxed) {
                        Left::NotJudged
                    } else {
                        Left::Fixed
                    };
                    (id.as_str(), &*earlier.rule, known.id, left)
                },
            )
        })
    }
}
