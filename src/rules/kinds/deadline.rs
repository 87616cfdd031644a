//! `deadline`: was B done within D of A?

use crate::calendar::Limit;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::BEYOND_CALENDAR;
use crate::rules::judgement::Here;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::judgement::Subjects;
use crate::rules::judgement::Trace;
use crate::rules::judgement::belonging;
use crate::rules::judgement::each_subject;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::clock;
use crate::rules::kinds::read_where;
use crate::rules::kinds::starts::Starts;
use crate::rules::kinds::until::Ending;
use crate::rules::kinds::until::Until;
use crate::rules::plan::Scope;
use crate::rules::timeline::EventId;
use crate::rules::timeline::Happening;
use crate::rules::tri::Tri;

static FORM: Form = Form {
    name: "a deadline",
    about: "Was something done within a time of something else?",
    fields: &[
        field!(
            "for_each",
            Takes::ForEach,
            "What is judged: a period, a list of the record, or `record` (the default)."
        ),
        field!("where", Takes::Condition, "Which of them the duty touches."),
        field!("unless", Takes::Condition, "A recorded exception: where it holds, the duty does not apply."),
        field!("starts", Takes::Event, "When the clock starts; for a period its first day unless given."),
        field!(
            "within",
            Takes::Limit,
            "How long there is, from the start; the day of the start is day zero."
        ),
        field!(
            "at_least_before",
            Takes::Limit,
            "Instead of `within`: how long before the start it must be done."
        ),
        field!("beginning_with", Takes::YesNo, "The day of the start is day one."),
        field!(needed "done_by", Takes::Event, "What must be done."),
        field!(
            "count_early",
            Takes::YesNo,
            "Done before the start counts too, back to the start of the period."
        ),
        field!("not_before", Takes::Limit, "Done earlier than this after the start does not count."),
        field!("look_back", Takes::Limit, "Done up to this long before the start counts too."),
        field!("warn_before", Takes::Limit, "How long before the due date it is due soon."),
        field!(
            "until",
            Takes::Anything,
            "When the duty ends: a date in the item, or `{ event: .., nth: .., plus: .. }` as for `starts`."
        ),
    ],
};

/// A deadline.
#[derive(Debug)]
pub struct Deadline {
    subjects: Subjects,
    when: Condition,
    unless: Option<Condition>,
    starts: Starts,
    limit: Limit,
    counts_back: bool,
    beginning_with: bool,
    done_by: EventId,
    count_early: bool,
    look_back: Option<Limit>,
    not_before: Option<Limit>,
    warn_before: Option<Limit>,
    until: Until,
}

impl Kind for Deadline {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &[];
    const CLOCK: bool = true;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let subjects = build.subjects(fields.get("for_each"))?;
        let list = subjects.list();
        let when = read_where(fields, build, list);
        let unless = fields.get("unless").map(|written| build.condition(Scope::of(list), Some(written)));
        let starts = Starts::of(fields, subjects, build, "a deadline");
        let (within, before) = (build.limit_at(fields, "within"), build.limit_at(fields, "at_least_before"));
        if fields.get("within").is_some() == fields.get("at_least_before").is_some() {
            build
                .problems
                .at(&fields.written.span, "a deadline has exactly one of `within` and `at_least_before`");
        }
        let done_by = fields.get("done_by").and_then(|written| build.event(list, written));
        let until = Until::of(fields, subjects, build);
        let look_back = build.limit_at(fields, "look_back");
        let not_before = build.limit_at(fields, "not_before");
        let warn_before = build.limit_at(fields, "warn_before");
        Some(Self {
            subjects,
            when: when?,
            unless: unless.map_or(Some(None), |found| found.map(Some))?,
            starts: starts?,
            limit: within.or(before)?,
            counts_back: before.is_some(),
            beginning_with: fields.yes("beginning_with"),
            done_by: done_by?,
            count_early: fields.yes("count_early") || before.is_some(),
            look_back,
            not_before,
            warn_before,
            until: until?,
        })
    }

    fn outcomes(&self) -> OutcomeSet {
        use Outcome::{Breached, CannotTell, Met, MetLate, NotApplicable, NotYetDue, Overdue};
        let ends = self.until.can_end(self.subjects);
        let mut set = OutcomeSet::of(&[Met, MetLate, NotYetDue, Overdue, NotApplicable, CannotTell]);
        if ends {
            set.insert(Breached);
        }
        if self.counts_back && self.limit.count > 0 && !self.starts.may_lie_ahead() {
            // What must be done some days before something that has happened is met, late, or can still be done late.
            set = set.without(OutcomeSet::of(&[NotYetDue]));
        }
        set
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

impl Deadline {
    /// The last day of a subject, for what follows when the duty is missed.
    pub fn end_of(&self, facts: &Facts<'_, '_>, judgement: &Judgement<'_>) -> Option<Day> {
        let Subjects::Stretches(period, _) = self.subjects else { return None };
        let from = judgement.subject.stretch?;
        facts.stretches(period).all.iter().find(|stretch| stretch.from == from)?.to
    }

    fn judge_one<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        here: &Here<'_>,
        relaxed: &[Relaxation],
    ) -> Judgement<'p> {
        let env = here.subject.env();
        let started = match self.starts.find(facts, here).or_judgement(here) {
            Ok(happening) => happening,
            Err(judgement) => return judgement,
        };
        let day = started.moment.day;
        let mut asking = Asking::quiet(facts, Some(day));
        if self.unless.as_ref().is_some_and(|unless| asking.ask(unless, env) == Tri::True) {
            return Judgement::not_applicable(here.subject).governed_by(Some(day));
        }
        let due = if self.counts_back {
            facts.calendar.latest_before(day, self.limit)
        } else {
            facts.calendar.due(started.moment, self.limit, self.beginning_with)
        };
        let Ok(due) = due else {
            let spot = Spot { list: started.list, item: started.item, path: None };
            return Judgement::cannot_tell(here.subject, [spot], BEYOND_CALENDAR).governed_by(Some(day));
        };
        if clock::is_relaxed(relaxed, day, due.day) {
            return Judgement::not_applicable(here.subject).governed_by(Some(day));
        }
        let done = self.done(facts, here, &started);
        let ending = if done.is_some() { Ending::default() } else { self.until.find(facts, here, day) };
        let (outcome, section_missing) = self.outcome(facts, here, &ending, &due, done.as_ref());
        let mut judgement = Judgement::new(outcome, here.subject).governed_by(Some(day));
        judgement.section_missing = section_missing;
        if outcome == Outcome::NotApplicable || (outcome == Outcome::Met && !facts.explain) {
            return judgement;
        }
        let timing =
            clock::timing(facts, self.limit, day, &due, done.map(|done| done.moment.day), self.warn_before);
        if outcome.is_finding() || timing.due_soon || facts.explain {
            let spot = Spot { list: started.list, item: started.item, path: None };
            judgement.details_mut().evidence.push(Trace {
                role: "starts",
                spot,
                because: None,
                counts: None,
            });
            judgement.details_mut().evidence.extend(clock::looked_in(facts, self.done_by, done.as_ref()));
            judgement
                .details_mut()
                .evidence
                .extend(ending.trace().filter(|_| outcome == Outcome::CannotTell));
            judgement.details_mut().args = clock::clock_args(&timing, self.limit);
        }
        judgement.details_mut().timing = Some(timing);
        judgement
    }

    /// The earliest happening that counts. Where the clock starts with a happening of the very event that must follow, that one
    /// does not count for itself.
    fn done(&self, facts: &Facts<'_, '_>, here: &Here<'_>, started: &Happening) -> Option<Happening> {
        let day = started.moment.day;
        let mut earliest = if self.count_early { here.from.unwrap_or(Day::FIRST) } else { day };
        if let Some(back) = self.look_back.and_then(|limit| facts.calendar.latest_before(day, limit).ok()) {
            earliest = earliest.min(back.day);
        }
        if let Some(first) =
            self.not_before.and_then(|limit| facts.calendar.due(started.moment, limit, false).ok())
        {
            earliest = earliest.max(first.day);
        }
        let latest = here.to.unwrap_or(Day::LAST);
        let itself = |happening: &Happening| {
            self.starts.is_of(self.done_by)
                && (happening.list, happening.item) == (started.list, started.item)
        };
        let window = Here { from: Some(earliest), to: Some(latest), ..here.clone() };
        belonging(facts, &window, self.done_by).find(|happening| !itself(happening)).copied()
    }

    /// The outcome, and whether it is open because a section was left out of the record.
    fn outcome(
        &self,
        facts: &Facts<'_, '_>,
        here: &Here<'_>,
        ending: &Ending<'_>,
        due: &crate::calendar::Due,
        done: Option<&Happening>,
    ) -> (Outcome, bool) {
        if let Some(done) = done {
            return (if clock::in_time(done.moment, due) { Outcome::Met } else { Outcome::MetLate }, false);
        }
        let ended = ending.day;
        if ended.is_some_and(|end| end <= due.day) {
            return (Outcome::NotApplicable, false);
        }
        if ended.is_none() && facts.as_at <= due.day {
            return (Outcome::NotYetDue, false);
        }
        if let Some(section_missing) = clock::undecided(facts, here, self.done_by) {
            return (Outcome::CannotTell, section_missing);
        }
        if ending.unsure.is_some() {
            return (Outcome::CannotTell, ending.section_missing);
        }
        (if ended.is_some() { Outcome::Breached } else { Outcome::Overdue }, false)
    }
}
