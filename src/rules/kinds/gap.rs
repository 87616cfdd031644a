//! `gap`: the longest silence while something lasts, its edges counted.

use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Arg;
use crate::rules::judgement::BEYOND_CALENDAR;
use crate::rules::judgement::Here;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::judgement::Subjects;
use crate::rules::judgement::belonging;
use crate::rules::judgement::each_subject;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::clock;
use crate::rules::kinds::read_where;
use crate::rules::timeline::EventId;

static FORM: Form = Form {
    name: "a gap",
    about: "The longest silence between events while something lasts.",
    fields: &[
        field!("for_each", Takes::ForEach, "What lasts: a period."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "between", Takes::Event, "The events."),
        field!(needed "no_more_than", Takes::Limit, "The longest silence allowed."),
        field!(
            "edges",
            Takes::YesNo,
            "Count the silence from the period's first day to the first event, and from the last event to its end."
        ),
    ],
};

/// A gap.
#[derive(Debug)]
pub struct Gap {
    subjects: Subjects,
    when: Condition,
    between: EventId,
    limit: Limit,
    edges: bool,
}

impl Kind for Gap {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["longest"];
    const CLOCK: bool = true;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let subjects = build.subjects(fields.get("for_each"))?;
        if !matches!(subjects, Subjects::Stretches(..)) {
            build.problems.at(&fields.span("for_each"), "a gap is looked for in each stretch of a period");
            return None;
        }
        let when = read_where(fields, build, subjects.list());
        let between = fields.get("between").and_then(|written| build.event(subjects.list(), written));
        let limit = build.limit_at(fields, "no_more_than");
        Some(Self { subjects, when: when?, between: between?, limit: limit?, edges: fields.yes("edges") })
    }

    fn outcomes(&self) -> OutcomeSet {
        use Outcome::{Breached, CannotTell, Met, NotApplicable, Overdue};
        OutcomeSet::of(&[Met, Breached, Overdue, NotApplicable, CannotTell])
    }

    fn needs(&self) -> Option<Needs> {
        Some(Needs::of(self.subjects))
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, relaxed: &[Relaxation], out: Out<'_, 'p>) {
        each_subject(facts, self.subjects, &self.when, out, |here, out| {
            out(self.judge_one(facts, here, relaxed));
        });
    }
}

impl Gap {
    fn judge_one<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        here: &Here<'_>,
        relaxed: &[Relaxation],
    ) -> Judgement<'p> {
        let happened = facts.happened(self.between);
        if let Some(list) = happened.missing_section {
            return Judgement::section_left_out(here.subject, list).governed_by(here.from);
        }
        let mut days: Vec<Day> =
            belonging(facts, here, self.between).map(|happening| happening.moment.day).collect();
        let end = here.to.unwrap_or(facts.as_at);
        if self.edges {
            days.insert(0, here.from.unwrap_or(end));
            days.push(end);
        }
        let silences = days.windows(2).filter_map(|pair| <[Day; 2]>::try_from(pair).ok());
        let Some([from, to]) = silences.max_by_key(|[from, to]| (to.days_since(*from), *to)) else {
            return Judgement::not_applicable(here.subject).governed_by(here.from);
        };
        let Ok(due) = facts.calendar.due(Moment::of_day(from), self.limit, false) else {
            let spot = Spot { list: here.subject.list, item: here.subject.item, path: None };
            return Judgement::cannot_tell(here.subject, [spot], BEYOND_CALENDAR);
        };
        if to <= due.day {
            return Judgement::new(Outcome::Met, here.subject).governed_by(Some(from));
        }
        if clock::is_relaxed(relaxed, from, due.day) {
            return Judgement::not_applicable(here.subject).governed_by(Some(from));
        }
        let undated =
            happened.undated.iter().find(|undated| here.holds_item(facts, undated.list, undated.item));
        if let Some(undated) = undated {
            let spot = Spot { list: undated.list, item: undated.item, path: None };
            return Judgement::cannot_tell(here.subject, [spot], undated.because).governed_by(Some(from));
        }
        let runs = here.to.is_none() && to == facts.as_at;
        let mut judgement =
            Judgement::new(if runs { Outcome::Overdue } else { Outcome::Breached }, here.subject)
                .governed_by(Some(from));
        let mut timing = clock::timing(facts, self.limit, from, &due, Some(to), None);
        if runs {
            timing.done_on = None;
        }
        judgement.details_mut().args = clock::clock_args(&timing, self.limit);
        judgement.details_mut().args.push(("longest", Arg::Number(i64::from(to.days_since(from)))));
        judgement.details_mut().evidence = clock::looked_in(facts, self.between, None);
        judgement.details_mut().timing = Some(timing);
        judgement
    }
}
