//! `cadence`: was B done at least every D while P lasts? One result for each interval.

use crate::calendar::Due;
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
use crate::rules::kinds::starts::Starts;
use crate::rules::kinds::until::Ending;
use crate::rules::kinds::until::Until;
use crate::rules::timeline::EventId;
use crate::rules::timeline::Happening;

/// More intervals than a childhood can hold, so that a mistaken date cannot make work without end.
const MOST_INTERVALS: usize = 2_000;

static FORM: Form = Form {
    name: "a cadence",
    about: "Was something done at least every so often while something lasts? One result for each interval.",
    fields: &[
        field!("for_each", Takes::ForEach, "What lasts: a period, or a list of the record."),
        field!("where", Takes::Condition, "Which of them the duty touches."),
        field!(
            "starts",
            Takes::Event,
            "When the first interval starts; for a period its first day unless given."
        ),
        field!(needed "every", Takes::Limit, "The longest interval."),
        field!("first_within", Takes::Limit, "The first interval, where it is another."),
        field!(needed "of", Takes::Event, "What must be done."),
        field!(
            "clock",
            Takes::Word(&["from_last_done", "from_schedule"]),
            "From the last time it was done (the default), or at fixed dates from the start."
        ),
        field!("warn_before", Takes::Limit, "How long before a due date it is due soon."),
        field!(
            "until",
            Takes::Anything,
            "When the duty ends: a date in the item, or `{ event: .., nth: .., plus: .. }` as for `starts`."
        ),
        field!(
            "from_last_before",
            Takes::YesNo,
            "The first interval runs from the last time it was done before the start, if it was."
        ),
    ],
};

/// A cadence.
#[derive(Debug)]
pub struct Cadence {
    subjects: Subjects,
    when: Condition,
    starts: Starts,
    every: Limit,
    first_within: Option<Limit>,
    of: EventId,
    from_schedule: bool,
    warn_before: Option<Limit>,
    until: Until,
    from_last_before: bool,
}

/// One interval while it is judged.
struct Interval<'e, 'p> {
    from: Moment,
    due: Due,
    limit: Limit,
    outcome: Outcome,
    done: Option<Happening>,
    section_missing: bool,
    ending: &'e Ending<'p>,
}

impl Kind for Cadence {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &[];
    const CLOCK: bool = true;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let subjects = build.subjects(fields.get("for_each"))?;
        let list = subjects.list();
        let when = read_where(fields, build, list);
        let starts = Starts::of(fields, subjects, build, "a cadence");
        let every = build.limit_at(fields, "every");
        if every.is_some_and(|every| every.count == 0) {
            build.problems.at(&fields.span("every"), "an interval is longer than nothing");
            return None;
        }
        let of = fields.get("of").and_then(|written| build.event(list, written));
        let until = Until::of(fields, subjects, build);
        let first_within = build.limit_at(fields, "first_within");
        let warn_before = build.limit_at(fields, "warn_before");
        Some(Self {
            subjects,
            when: when?,
            starts: starts?,
            every: every?,
            first_within,
            of: of?,
            from_schedule: fields.text("clock") == Some("from_schedule"),
            warn_before,
            until: until?,
            from_last_before: fields.yes("from_last_before"),
        })
    }

    fn outcomes(&self) -> OutcomeSet {
        use Outcome::{Breached, CannotTell, Met, MetLate, NotApplicable, NotYetDue, Overdue};
        let mut set = OutcomeSet::of(&[Met, NotYetDue, Overdue, NotApplicable, CannotTell]);
        if !self.from_schedule {
            set.insert(MetLate);
        }
        if self.from_schedule || self.until.can_end(self.subjects) {
            set.insert(Breached);
        }
        set
    }

    fn needs(&self) -> Option<Needs> {
        Some(Needs::of(self.subjects))
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, relaxed: &[Relaxation], out: Out<'_, 'p>) {
        each_subject(facts, self.subjects, &self.when, out, |here, out| {
            match self.starts.find(facts, here).or_judgement(here) {
                // A clock that starts only later has not started.
                Ok(started) if started.moment.day > facts.as_at => {
                    out(Judgement::not_applicable(here.subject).governed_by(here.from));
                }
                Ok(started) => {
                    self.intervals(facts, here, self.first(facts, here, started.moment), relaxed, out);
                }
                Err(judgement) => out(judgement),
            }
        });
    }
}

impl Cadence {
    /// From when the first interval runs.
    fn first(&self, facts: &Facts<'_, '_>, here: &Here<'_>, start: Moment) -> Moment {
        if !self.from_last_before {
            return start;
        }
        let before = belonging(facts, here, self.of).filter(|happening| happening.moment.day <= start.day);
        before.last().map_or(start, |happening| happening.moment)
    }

    fn intervals<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        here: &Here<'_>,
        start: Moment,
        relaxed: &[Relaxation],
        out: Out<'_, 'p>,
    ) {
        let ending = self.until.find(facts, here, start.day);
        let end = ending.day.unwrap_or(Day::LAST);
        let mut events = belonging(facts, here, self.of)
            .copied()
            .filter(|happening| start.day < happening.moment.day && happening.moment.day <= end)
            .peekable();
        let mut from = start;
        for number in 0..MOST_INTERVALS {
            let limit = if number == 0 { self.first_within.unwrap_or(self.every) } else { self.every };
            let Ok(due) = facts.calendar.due(from, limit, false) else {
                let spot = Spot { list: here.subject.list, item: here.subject.item, path: None };
                let because = BEYOND_CALENDAR;
                return out(Judgement::cannot_tell(here.subject.since(from.day), [spot], because)
                    .governed_by(Some(from.day)));
            };
            let mut done = None;
            while let Some(next) = events.next_if(|next| !self.from_schedule || next.moment.day <= due.day) {
                if next.moment.day > from.day {
                    done = Some(next);
                    if !self.from_schedule {
                        break;
                    }
                }
            }
            let (outcome, section_missing) = self.outcome(facts, here, &due, done.as_ref(), &ending);
            let ending = &ending;
            let interval = Interval { from, due, limit, outcome, done, section_missing, ending };
            out(self.judgement(facts, here, &interval, relaxed));
            match done {
                Some(done) if !self.from_schedule => from = done.moment,
                _ if self.from_schedule && due.day < end && due.day < facts.as_at => {
                    from = Moment::of_day(due.day);
                }
                _ => return,
            }
        }
    }

    fn outcome(
        &self,
        facts: &Facts<'_, '_>,
        here: &Here<'_>,
        due: &Due,
        done: Option<&Happening>,
        ending: &Ending<'_>,
    ) -> (Outcome, bool) {
        let ended = ending.day;
        if let Some(done) = done {
            return (if clock::in_time(done.moment, due) { Outcome::Met } else { Outcome::MetLate }, false);
        }
        if ended.is_some_and(|end| end <= due.day) {
            return (Outcome::NotApplicable, false);
        }
        if ended.is_none() && facts.as_at <= due.day {
            return (Outcome::NotYetDue, false);
        }
        if let Some(section_missing) = clock::undecided(facts, here, self.of) {
            return (Outcome::CannotTell, section_missing);
        }
        if ending.unsure.is_some() {
            return (Outcome::CannotTell, ending.section_missing);
        }
        let past = self.from_schedule
            && facts
                .calendar
                .due(Moment::of_day(due.day), self.every, false)
                .is_ok_and(|next| next.day < facts.as_at);
        (if ended.is_some() || past { Outcome::Breached } else { Outcome::Overdue }, false)
    }

    fn judgement<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        here: &Here<'_>,
        interval: &Interval<'_, 'p>,
        relaxed: &[Relaxation],
    ) -> Judgement<'p> {
        let subject = here.subject.since(interval.from.day);
        let started = interval.from.day;
        if interval.outcome == Outcome::NotApplicable || clock::is_relaxed(relaxed, started, interval.due.day)
        {
            return Judgement::not_applicable(subject).governed_by(Some(started));
        }
        let mut judgement = Judgement::new(interval.outcome, subject).governed_by(Some(started));
        judgement.section_missing = interval.section_missing;
        if interval.outcome == Outcome::Met && !facts.explain {
            return judgement;
        }
        let done = interval.done.map(|done| done.moment.day);
        let timing = clock::timing(facts, interval.limit, started, &interval.due, done, self.warn_before);
        if interval.outcome.is_finding() || timing.due_soon || facts.explain {
            let spot = Spot { list: here.subject.list, item: here.subject.item, path: None };
            judgement = judgement.trace("starts", spot);
            judgement.details_mut().evidence.extend(clock::looked_in(facts, self.of, interval.done.as_ref()));
            let open = interval.ending.trace().filter(|_| interval.outcome == Outcome::CannotTell);
            judgement.details_mut().evidence.extend(open);
            judgement.details_mut().args = clock::clock_args(&timing, interval.limit);
        }
        judgement.details_mut().timing = Some(timing);
        judgement
    }
}
