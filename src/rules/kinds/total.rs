//! `total`: how many days something lasted, in all or in any window of time. The first and the last day both count, and no day twice.

use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::calendar::Unit;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Arg;
use crate::rules::judgement::BEYOND_CALENDAR;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::SubjectRef;
use crate::rules::judgement::Subjects;
use crate::rules::judgement::Trace;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::plan::ListId;
use crate::rules::timeline::PeriodId;

static FORM: Form = Form {
    name: "a total",
    about: "Do the stretches of a period come to no more than so many days, in all or in any window of time?",
    fields: &[
        field!(needed "of", Takes::Text, "The period whose days are added up."),
        field!(needed "at_most", Takes::Limit, "The most days, `75 days`."),
        field!("in_any", Takes::Limit, "In any window of this length; in all unless given."),
    ],
};

/// A total.
#[derive(Debug)]
pub struct Total {
    period: PeriodId,
    list: ListId,
    at_most: Limit,
    in_any: Option<Limit>,
}

impl Kind for Total {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["count", "at_most"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let (of, at_most) = (build.subjects(fields.get("of")), build.limit_at(fields, "at_most"));
        let in_any = build.limit_at(fields, "in_any");
        let Some(Subjects::Stretches(period, list)) = of else {
            build.problems.at(&fields.span("of"), "a total is made of the stretches of a period");
            return None;
        };
        if at_most?.unit != Unit::Days {
            build.problems.at(&fields.span("at_most"), "a total is counted in `days`");
            return None;
        }
        Some(Self { period, list, at_most: at_most?, in_any })
    }

    fn outcomes(&self) -> OutcomeSet {
        OutcomeSet::of(&[Outcome::Met, Outcome::Breached, Outcome::NotApplicable, Outcome::CannotTell])
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        out(self.judge_record(facts));
    }
}

impl Total {
    fn judge_record<'p>(&'p self, facts: &Facts<'p, '_>) -> Judgement<'p> {
        let subject = SubjectRef::RECORD;
        let stretches = facts.stretches(self.period);
        if let Some(list) = stretches.missing_section {
            return Judgement::section_left_out(subject, list);
        }
        if stretches.all.is_empty() && stretches.undated.is_empty() {
            return Judgement::not_applicable(subject);
        }
        let Some((most, since)) = self.most(facts, &self.days(facts)) else {
            let spot = Spot { list: self.list, item: u32::MAX, path: None };
            return Judgement::cannot_tell(subject, [spot], BEYOND_CALENDAR);
        };
        let unsure = stretches.all.iter().filter_map(|stretch| stretch.unsure);
        let unsure = stretches.undated.iter().copied().chain(unsure).next();
        let outcome = if most > i64::from(self.at_most.count) { Outcome::Breached } else { Outcome::Met };
        if let (Outcome::Met, Some(item)) = (outcome, unsure) {
            let spot = Spot { list: self.list, item, path: None };
            return Judgement::cannot_tell(subject, [spot], "its days cannot be counted");
        }
        let mut judgement = Judgement::new(outcome, subject).governed_by(Some(since));
        if outcome.is_finding() || facts.explain {
            let details = judgement.details_mut();
            details.args =
                vec![("count", Arg::Number(most)), ("at_most", Arg::Number(i64::from(self.at_most.count)))];
            let counted = u32::try_from(stretches.all.len()).unwrap_or(u32::MAX);
            let spot = Spot { list: self.list, item: u32::MAX, path: None };
            let counts = Some((counted, counted));
            details.evidence.push(Trace { role: "looked_in", spot, because: None, counts });
        }
        judgement
    }

    /// The days of all stretches up to the day as at which the record is judged, in order, no day in two of them.
    fn days(&self, facts: &Facts<'_, '_>) -> Vec<(Day, Day)> {
        let mut days: Vec<(Day, Day)> = Vec::new();
        for stretch in &facts.stretches(self.period).all {
            let to = stretch.to.unwrap_or(facts.as_at).max(stretch.from);
            match days.last_mut() {
                Some((_, last)) if stretch.from <= *last => *last = (*last).max(to),
                _ => days.push((stretch.from, to)),
            }
        }
        days
    }

    /// The most days in any window, and its first day; nothing where the calendar cannot count so far. The fullest window begins with
    /// the first day of a stretch or ends with the last day of one.
    fn most(&self, facts: &Facts<'_, '_>, days: &[(Day, Day)]) -> Option<(i64, Day)> {
        let first = days.first().map_or(facts.as_at, |(from, _)| *from);
        let Some(window) = self.in_any else { return Some((within(days, first, Day::LAST), first)) };
        let mut most = (0, first);
        for (from, to) in days {
            let end = facts.calendar.due(Moment::of_day(*from), window, true).ok()?.day;
            let start = facts.calendar.latest_before(*to, window).ok()?.day.plus_days(1)?;
            for (start, end) in [(*from, end), (start, *to)] {
                let count = within(days, start, end);
                if count > most.0 {
                    most = (count, start);
                }
            }
        }
        Some(most)
    }
}

/// How many of the days lie between two days, both in.
fn within(days: &[(Day, Day)], start: Day, end: Day) -> i64 {
    let counted = days.iter().map(|(from, to)| i64::from((*to).min(end).days_since((*from).max(start))) + 1);
    counted.filter(|count| *count > 0).sum()
}
