//! `unique`: no two items alike within a record, to the letter or nearly.

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::condition::same;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::facts::Seen;
use crate::rules::facts::Spot;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::SubjectRef;
use crate::rules::keys::digest;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::each_item;
use crate::rules::kinds::read_where;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;
use crate::rules::texts::similarity;
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

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        let asked = |item: u32| Asking::new(facts, None).ask(&self.when, Env::of(self.list, item));
        let mut any = false;
        let judged = each_item(
            facts,
            self.list,
            out,
            |item, out| {
                any = true;
                let subject = SubjectRef::item(self.list, item);
                match asked(item) {
                    Tri::False => out(Judgement::not_applicable(subject)),
                    Tri::Unknown => {
                        let mut asking = Asking::new(facts, None);
                        asking.ask(&self.when, subject.env());
                        out(Judgement::open(subject, &asking));
                    }
                    Tri::True => {
                        let twin =
                            (0_u32..).zip(facts.items(self.list)).map(|(other, _)| other).find(|other| {
                                *other != item
                                    && self.alike(facts, item, *other)
                                    && asked(*other) == Tri::True
                                    && self.comes_first(facts, *other, item)
                            });
                        out(match twin {
                            None => Judgement::new(Outcome::Met, subject),
                            Some(other) => Judgement::new(Outcome::Breached, subject)
                                .trace("differs", Spot { list: self.list, item: other, path: None }),
                        });
                    }
                }
            },
            |_, _, _| {},
        );
        if !judged || (!any && !facts.section_is_missing(self.list)) {
            out(Judgement::not_applicable(SubjectRef::RECORD));
        }
    }
}

impl Unique {
    /// Of two alike, the one whose content comes first stays; the order of the document does not matter.
    fn comes_first(&self, facts: &Facts<'_, '_>, left: u32, right: u32) -> bool {
        let number = |item: u32| facts.item(self.list, item).map(|item| digest(item.node));
        (number(left), left) < (number(right), right)
    }

    fn alike(&self, facts: &Facts<'_, '_>, left: u32, right: u32) -> bool {
        let see = |item: u32, path: &Path| facts.field(Env::of(self.list, item), path);
        let equal = self.by.iter().all(|path| match (see(left, path), see(right, path)) {
            (Seen::Value(left), Seen::Value(right)) => same(left, right),
            _ => false,
        });
        equal
            && self.near.as_ref().is_none_or(|path| match (see(left, path), see(right, path)) {
                (Seen::Value(left), Seen::Value(right)) => match (left.as_str(), right.as_str()) {
                    (Some(left), Some(right)) => similarity(left, right) * 100.0 >= self.similarity,
                    _ => false,
                },
                _ => false,
            })
    }
}
