//! `overlap`: periods that must not meet, or must be unbroken.

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::ListId;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::judgement::SubjectRef;
use crate::rules::judgement::Subjects;
use crate::rules::judgement::each_subject;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::timeline::Stretch;

/// Every stretch is touched.
static EVERY: Condition = Condition::All(Vec::new());

static FORM: Form = Form {
    name: "an overlap",
    about: "Stretches of a period that must not overlap, or must follow one another without a break.",
    fields: &[
        field!(needed "of", Takes::Text, "The period."),
        field!(needed "must", Takes::Word(&["not_meet", "be_unbroken"]), "`not_meet`: no two share more than an edge; `be_unbroken`: each begins the day the last ends, or the next."),
    ],
};

/// An overlap.
#[derive(Debug)]
pub struct Overlap {
    subjects: Subjects,
    unbroken: bool,
}

impl Kind for Overlap {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &[];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let subjects = build.subjects(fields.get("of"))?;
        if !matches!(subjects, Subjects::Stretches(..)) {
            build.problems.at(&fields.span("of"), "an overlap is looked for among the stretches of a period");
            return None;
        }
        Some(Self { subjects, unbroken: fields.text("must") == Some("be_unbroken") })
    }

    fn outcomes(&self) -> OutcomeSet {
        OutcomeSet::of(&[Outcome::Met, Outcome::Breached, Outcome::NotApplicable, Outcome::CannotTell])
    }

    fn needs(&self) -> Option<Needs> {
        Some(Needs::of(self.subjects))
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        let Subjects::Stretches(period, list) = self.subjects else { return };
        let all = &facts.stretches(period).all;
        each_subject(facts, self.subjects, &EVERY, out, |here, out| {
            let judgement = if here.unsure.is_some() {
                let spot = Spot { list, item: here.subject.item, path: None };
                Judgement::cannot_tell(here.subject, [spot], "its dates contradict each other")
            } else {
                let at = all.iter().position(|stretch| stretch.items == here.items).unwrap_or(0);
                let own = all.get(at);
                // Of two that begin and end alike neither comes first, so each is held against the other.
                let alike =
                    |other: &&Stretch| own.is_some_and(|own| other.from == own.from && other.to == own.to);
                let after = all.iter().skip(at + 1).filter(alike);
                let others: Vec<&Stretch> = all.iter().take(at).chain(after).collect();
                self.against(&others, list, here.from, here.subject)
            };
            out(judgement.governed_by(here.from));
        });
    }
}

impl Overlap {
    /// Judges a stretch by those that come before it. One of them whose dates cannot be read decides nothing: where the others do not
    /// find fault, nobody can tell.
    fn against<'p>(
        &self,
        before: &[&Stretch],
        list: ListId,
        from: Option<Day>,
        subject: SubjectRef,
    ) -> Judgement<'p> {
        let Some(from) = from else { return Judgement::not_applicable(subject) };
        let spot = |stretch: &Stretch| {
            let item = stretch.items.last().copied().unwrap_or(0);
            Spot { list, item, path: None }
        };
        let sure = before.iter().filter(|stretch| stretch.unsure.is_none());
        let last = sure.max_by_key(|stretch| stretch.to.unwrap_or(Day::LAST));
        let holds = match last.map(|stretch| stretch.to) {
            None => true,
            Some(None) => false,
            Some(Some(end)) if self.unbroken => (0..=1).contains(&from.days_since(end)),
            Some(Some(end)) => end <= from,
        };
        let mut judgement = Judgement::new(if holds { Outcome::Met } else { Outcome::Breached }, subject);
        match (holds, last, before.iter().find(|stretch| stretch.unsure.is_some())) {
            (false, Some(other), _) => judgement = judgement.trace("differs", spot(other)),
            (_, _, Some(unsure)) => {
                judgement =
                    Judgement::cannot_tell(subject, [spot(unsure)], "its dates contradict each other");
            }
            _ => {}
        }
        judgement
    }
}
