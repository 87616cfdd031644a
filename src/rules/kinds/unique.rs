//! `unique`: no two items alike within a record, to the letter or nearly.

use std::cell::OnceCell;

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::judgement::SubjectRef;
use crate::rules::keys::digest;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::in_list;
use crate::rules::kinds::read_where;
use crate::rules::listed::Seen;
use crate::rules::many::bits;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;
use crate::rules::same::same;
use crate::rules::shingles::Shingles;
use crate::rules::tri::Tri;

static FORM: Form = Form {
    name: "a uniqueness",
    about: "Are no two items of a list alike?",
    fields: &[
        field!(needed "in", Takes::List, "The list."),
        field!("where", Takes::Condition, "Which items are compared."),
        field!("by", Takes::Many(&Takes::Path), "The fields that must not all be the same."),
        field!("near", Takes::Path, "A text that must not be nearly the same either."),
        field!(
            "similarity",
            Takes::Number,
            "How alike two texts may be, in per cent of their runs of three words; 80 unless given."
        ),
    ],
};

/// A uniqueness.
#[derive(Debug)]
pub struct Unique {
    list: ListId,
    when: Condition,
    by: Vec<Path>,
    near: Option<Path>,
    similarity: f64,
}

impl Kind for Unique {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &[];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let list = build.judged_list(ListId::RECORD, fields.get("in")?)?;
        let scope = Scope::of(list);
        let when = read_where(fields, build, list);
        let by: Vec<Option<Path>> =
            fields.many("by").into_iter().map(|written| build.path(scope, written)).collect();
        let near = fields.get("near").map(|written| build.path(scope, written));
        if by.is_empty() && near.is_none() {
            build.problems.at(&fields.written.span, "a uniqueness needs `by`, `near` or both");
            return None;
        }
        let similarity = fields.get("similarity").map_or(Some(80.0), |written| build.number(written))?;
        let by = by.into_iter().collect::<Option<_>>()?;
        let near = near.map_or(Some(None), |found| found.map(Some))?;
        Some(Self { list, when: when?, by, near, similarity })
    }

    fn outcomes(&self) -> OutcomeSet {
        OutcomeSet::of(&[Outcome::Met, Outcome::Breached, Outcome::NotApplicable, Outcome::CannotTell])
    }

    fn needs(&self) -> Option<Needs> {
        Some(Needs::Items(self.list))
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        let items = |out: Out<'_, 'p>| {
            let compared = Compared::new(self, facts);
            let twins = compared.twins();
            for ((item, asked), twin) in (0_u32..).zip(&compared.asked).zip(twins) {
                let subject = SubjectRef::item(self.list, item);
                out(match asked {
                    Tri::True => match twin {
                        None => Judgement::new(Outcome::Met, subject),
                        Some(other) => Judgement::new(Outcome::Breached, subject)
                            .trace("differs", Spot { list: self.list, item: other, path: None }),
                    },
                    Tri::Unknown => match Asking::decide(facts, None, &self.when, subject.env()) {
                        Err(open) => Judgement::open(subject, &open),
                        Ok(_) => Judgement::not_applicable(subject),
                    },
                    Tri::False => Judgement::not_applicable(subject),
                });
            }
        };
        in_list(facts, self.list, out, items, |_, _, _| {});
        if facts.items(self.list).is_empty() && !facts.section_is_missing(self.list) {
            out(Judgement::not_applicable(SubjectRef::RECORD));
        }
    }
}

/// The items of a list while they are compared with each other: what each comparison needs is made once.
struct Compared<'f, 'p, 'r> {
    rule: &'p Unique,
    facts: &'f Facts<'p, 'r>,
    /// Which items are compared.
    asked: Vec<Tri>,
    /// The runs of words of each, once they are asked for; nothing where there is no text.
    runs: Vec<OnceCell<Option<Shingles>>>,
    /// A number for the content of each.
    digests: Vec<OnceCell<u64>>,
}

impl<'f, 'p, 'r> Compared<'f, 'p, 'r> {
    fn new(rule: &'p Unique, facts: &'f Facts<'p, 'r>) -> Self {
        let mut asked = Vec::with_capacity(facts.items(rule.list).len());
        for many in facts.blocks(rule.list) {
            let said = many.ask(&rule.when, many.all());
            asked.extend(bits(many.all()).map(|bit| said.of_item(bit)));
        }
        let runs = vec![OnceCell::new(); if rule.near.is_some() { asked.len() } else { 0 }];
        let digests = vec![OnceCell::new(); asked.len()];
        Self { rule, facts, asked, runs, digests }
    }

    /// For each item the first one that is like it and comes before it by its content, so that one of them stays whatever the order of
    /// the document.
    fn twins(&self) -> Vec<Option<u32>> {
        let mut twins = vec![None; self.asked.len()];
        let compared =
            || (0_u32..).zip(&self.asked).filter(|(_, asked)| **asked == Tri::True).map(|(item, _)| item);
        for left in compared() {
            for right in
                compared().skip_while(|right| *right <= left).filter(|right| self.alike(left, *right))
            {
                let (first, later) =
                    if self.comes_first(left, right) { (left, right) } else { (right, left) };
                if let Some(twin) = twins.get_mut(later as usize) {
                    *twin = Some(twin.map_or(first, |known: u32| known.min(first)));
                }
            }
        }
        twins
    }

    fn comes_first(&self, left: u32, right: u32) -> bool {
        let number = |item: u32| {
            let content = || self.facts.item(self.rule.list, item).map_or(0, |item| digest(item.node));
            self.digests.get(item as usize).map(|cell| *cell.get_or_init(content))
        };
        (number(left), left) < (number(right), right)
    }

    fn see(&self, item: u32, path: &Path) -> Seen<'r> {
        self.facts.field(Env::of(self.rule.list, item), path)
    }

    fn alike(&self, left: u32, right: u32) -> bool {
        let equal = |path: &Path| match (self.see(left, path), self.see(right, path)) {
            (Seen::Value(left), Seen::Value(right)) => same(left, right),
            _ => false,
        };
        self.rule.by.iter().all(equal)
            && self.rule.near.as_ref().is_none_or(|path| {
                match (self.runs(left, path), self.runs(right, path)) {
                    (Some(left), Some(right)) => left.are_alike(right, self.rule.similarity),
                    _ => false,
                }
            })
    }

    fn runs(&self, item: u32, path: &Path) -> Option<&Shingles> {
        let read = || match self.see(item, path) {
            Seen::Value(node) => node.as_str().map(Shingles::of),
            Seen::NotRecorded | Seen::Blank => None,
        };
        self.runs.get(item as usize)?.get_or_init(read).as_ref()
    }
}
