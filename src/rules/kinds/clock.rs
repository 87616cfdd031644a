//! What the kinds with a clock share: what falls due, what was done, and the duty that starts when one is missed.

use crate::calendar::Calendar;
use crate::calendar::Due;
use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::calendar::Unit;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::Written;
use crate::form::field;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::model::Timing;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Arg;
use crate::rules::judgement::BEYOND_CALENDAR;
use crate::rules::judgement::Here;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::NOT_SENT;
use crate::rules::judgement::Trace;
use crate::rules::plan::ListId;
use crate::rules::timeline::EventId;
use crate::rules::timeline::Happening;

/// A window in which the law eased a clock: what falls into it is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The instrument.
    pub by: String,
}

/// Whether a clock that ran from one day to another was eased.
pub fn is_relaxed(relaxed: &[Relaxation], started: Day, due: Day) -> bool {
    relaxed.iter().any(|window| [started, due].iter().any(|day| (window.from..=window.to).contains(day)))
}

/// Counts from one day to another in the unit that people use for this limit.
fn distance(calendar: &Calendar, limit: Limit, from: Day, to: Day) -> (i64, &'static str) {
    if limit.unit == Unit::WorkingDays
        && let Some(days) = calendar.working_days_between(from, to)
    {
        return (days, "working days");
    }
    (i64::from(to.days_since(from)), "days")
}

/// The clock of a judgement as it will be shown.
pub fn timing(
    facts: &Facts<'_, '_>,
    limit: Limit,
    started: Day,
    due: &Due,
    done: Option<Day>,
    warn_before: Option<Limit>,
) -> Timing {
    let end = done.unwrap_or(facts.as_at);
    let (over, unit) = distance(facts.calendar, limit, due.day, end);
    let left = done
        .is_none()
        .then(|| distance(facts.calendar, limit, facts.as_at, due.day).0)
        .filter(|left| *left >= 0);
    let warned = warn_before.and_then(|warning| facts.calendar.latest_before(due.day, warning).ok());
    let due_soon =
        done.is_none() && facts.as_at <= due.day && warned.is_some_and(|from| from.day <= facts.as_at);
    Timing {
        started_on: Some(started),
        due_on: Some(due.day),
        done_on: done,
        days_over: over.max(0),
        days_left: left,
        unit,
        due_soon,
        approximate: due.approximate,
    }
}

/// The values that a clock gives to messages.
pub fn clock_args(timing: &Timing, limit: Limit) -> Vec<(&'static str, Arg)> {
    let mut args = Vec::with_capacity(7);
    let days = [("started_on", timing.started_on), ("due_on", timing.due_on), ("done_on", timing.done_on)];
    args.extend(days.into_iter().filter_map(|(name, day)| Some((name, Arg::Day(day?)))));
    args.push(("days_over", Arg::Number(timing.days_over)));
    args.extend(timing.days_left.map(|left| ("days_left", Arg::Number(left))));
    args.push(("unit", Arg::Words(timing.unit.to_owned())));
    args.push(("limit", Arg::Words(limit.to_string())));
    args
}

/// Whether something was done in time: by the instant where both times of day are known, else by the day.
pub fn in_time(done: Moment, due: &Due) -> bool {
    match (done.second, due.second) {
        (Some(done), Some(due)) => done <= due,
        _ => done.day <= due.day,
    }
}

/// Whether it cannot be told that an event did not take place for a subject: a section was not sent (true), or an item that may be it
/// cannot be placed in time, or the subject's own dates cannot be relied on (false).
pub fn undecided(facts: &Facts<'_, '_>, here: &Here<'_>, event: EventId) -> Option<bool> {
    let happened = facts.happened(event);
    if happened.missing_section.is_some() {
        return Some(true);
    }
    let may_be_done =
        happened.undated.iter().any(|undated| here.holds_item(facts, undated.list, undated.item));
    (may_be_done || here.unsure.is_some()).then_some(false)
}

/// A duty that starts when the first is missed.
#[derive(Debug)]
pub struct Missed {
    /// How long there is, from the due date of the first.
    pub within: Limit,
    /// What must be done.
    pub done_by: EventId,
    /// When to warn.
    pub warn_before: Option<Limit>,
}

/// The form of the `deadline` of an `if_missed`.
pub static MISSED: Form = Form {
    name: "a deadline after a missed duty",
    about: "What must follow when the first duty is missed; the clock runs from the day the first was due.",
    fields: &[
        field!(needed "within", Takes::Limit, "How long there is."),
        field!(needed "done_by", Takes::Event, "What must be done."),
        field!("warn_before", Takes::Limit, "How long before the due date it is due soon."),
    ],
};

/// Reads the `deadline` of an `if_missed`.
pub fn read_missed(written: &Written, build: &Build<'_, '_>) -> Option<Missed> {
    let fields = Fields::read(written, &MISSED, build.problems)?;
    let within = build.limit_at(&fields, "within");
    let done_by = fields.get("done_by").and_then(|written| build.event(ListId::RECORD, written));
    let warn_before = build.limit_at(&fields, "warn_before");
    Some(Missed { within: within?, done_by: done_by?, warn_before })
}

impl Missed {
    /// The outcomes it can give.
    pub fn outcomes() -> OutcomeSet {
        use Outcome::{Breached, CannotTell, Met, MetLate, NotApplicable, NotYetDue, Overdue};
        OutcomeSet::of(&[Met, MetLate, NotYetDue, Overdue, Breached, NotApplicable, CannotTell])
    }

    /// Judges what followed from the first judgement.
    pub fn judge<'p>(
        &self,
        facts: &Facts<'p, '_>,
        first: &Judgement<'p>,
        ended: Option<Day>,
    ) -> Judgement<'p> {
        let subject = first.subject;
        let governed = first.timing().and_then(|timing| timing.due_on);
        let missed = matches!(first.outcome, Outcome::MetLate | Outcome::Overdue | Outcome::Breached);
        let (Some(start), true) = (governed, missed) else {
            return match first.outcome {
                Outcome::CannotTell => {
                    let evidence = first.details().evidence.clone();
                    let mut open = Judgement::new(Outcome::CannotTell, subject).with_evidence(evidence);
                    open.section_missing = first.section_missing;
                    open
                }
                _ => Judgement::not_applicable(subject),
            }
            .governed_by(first.governed_by);
        };
        let Ok(due) = facts.calendar.due(Moment::of_day(start), self.within, false) else {
            return Judgement::cannot_tell(subject, [], BEYOND_CALENDAR).governed_by(governed);
        };
        let happened = facts.happened(self.done_by);
        let done = happened.between(start, ended.unwrap_or(Day::LAST)).next();
        let first_done = first.timing().and_then(|timing| timing.done_on);
        let clock =
            timing(facts, self.within, start, &due, done.map(|done| done.moment.day), self.warn_before);
        let outcome = match done {
            Some(done) if in_time(done.moment, &due) => Outcome::Met,
            _ if first_done.is_some_and(|day| day <= due.day) => Outcome::NotApplicable,
            Some(_) => Outcome::MetLate,
            None if ended.is_some_and(|end| end <= due.day) => Outcome::NotApplicable,
            None if facts.as_at <= due.day => Outcome::NotYetDue,
            None if !happened.undated.is_empty() || happened.missing_section.is_some() => Outcome::CannotTell,
            None if ended.is_some() => Outcome::Breached,
            None => Outcome::Overdue,
        };
        let mut judgement = Judgement::new(outcome, subject).governed_by(governed);
        judgement.section_missing = outcome == Outcome::CannotTell && happened.missing_section.is_some();
        if outcome.is_finding() || clock.due_soon || facts.explain {
            judgement.details_mut().evidence = looked_in(facts, self.done_by, done);
        }
        if outcome != Outcome::NotApplicable && outcome != Outcome::CannotTell {
            judgement.details_mut().args = clock_args(&clock, self.within);
            judgement.details_mut().timing = Some(clock);
        }
        judgement
    }
}

/// The evidence of having looked for an event: what was found, where it was looked for, what may have been it.
pub fn looked_in<'p>(facts: &Facts<'p, '_>, event: EventId, done: Option<&Happening>) -> Vec<Trace<'p>> {
    let happened = facts.happened(event);
    let mut traces = Vec::new();
    if let Some(done) = done {
        let spot = Spot { list: done.list, item: done.item, path: None };
        traces.push(Trace { role: "done", spot, because: None, counts: None });
    } else if let Some(list) = facts.timelines.looked_in(event) {
        let spot = Spot { list, item: u32::MAX, path: None };
        let because = happened.missing_section.map(|_| NOT_SENT);
        traces.push(Trace { role: "looked_in", spot, because, counts: Some((happened.considered, 0)) });
        for undated in happened.undated.iter().take(5) {
            let spot = Spot { list: undated.list, item: undated.item, path: None };
            traces.push(Trace { role: "missing", spot, because: Some(undated.because), counts: None });
        }
    }
    traces
}
