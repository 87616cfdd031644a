//! `count`: between n and m of these, as a number, a share, or in a rolling window.

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
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Arg;
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
use crate::rules::kinds::items::IF_EMPTY;
use crate::rules::kinds::read_where;
use crate::rules::listed::Lack;
use crate::rules::plan::ListId;
use crate::rules::plan::Scope;
use crate::rules::timeline::EventId;
use crate::rules::tri::Tri;

static FORM: Form = Form {
    name: "a count",
    about: "Are there between n and m of these: items of a list, or events, in all or in any window of time?",
    fields: &[
        field!("for_each", Takes::ForEach, "What is judged: a period, a list, or `record` (the default)."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!("of", Takes::List, "The list whose items are counted, as seen from what is judged."),
        field!("of_event", Takes::Event, "Instead of `of`: the events that are counted."),
        field!("counting", Takes::Condition, "Which items are counted."),
        field!("at_least", Takes::Number, "This many or more."),
        field!("at_most", Takes::Number, "This many or fewer."),
        field!("at_most_share", Takes::Number, "At most this share of all items, `20%`."),
        field!("in_any", Takes::Limit, "In any window of this length (events only)."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; counted as none unless given."
        ),
    ],
};

#[derive(Debug)]
enum What {
    Items(ListId, Condition),
    Events(EventId),
}

/// A count.
#[derive(Debug)]
pub struct Count {
    subjects: Subjects,
    when: Condition,
    what: What,
    at_least: Option<usize>,
    at_most: Option<usize>,
    at_most_share: Option<f64>,
    in_any: Option<Limit>,
    if_empty: Option<Outcome>,
}

/// Refuses keys that mean nothing for what is counted, so that nobody believes that they are asked.
fn refuse_what_is_not_asked(fields: &Fields<'_>, build: &Build<'_, '_>) {
    let (keys, message, help): (&[&str], _, _) = match (fields.get("of"), fields.get("of_event")) {
        (Some(_), None) => (
            &["in_any"],
            "asks about days, and items of a list have none",
            "count events: `of_event: { each: .., on: .. }`",
        ),
        (None, Some(_)) => (
            &["counting", "if_empty"],
            "asks about items of a list, and events are counted",
            "say which events count under `where` of the event",
        ),
        _ => return,
    };
    for key in keys.iter().filter(|key| fields.get(key).is_some()) {
        build.problems.with_help(&fields.span(key), format!("`{key}` {message}"), help);
    }
}

/// How many there are for certain, how many there may be beside, and of how many.
struct Counted<'p> {
    sure: usize,
    maybe: Vec<Spot<'p>>,
    all: usize,
}

impl Kind for Count {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["count", "at_least", "at_most", "share"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let subjects = build.subjects(fields.get("for_each"))?;
        let when = read_where(fields, build, subjects.list());
        refuse_what_is_not_asked(fields, build);
        let what = match (fields.get("of"), fields.get("of_event")) {
            (Some(list), None) => {
                let list = build.list(subjects.list(), list)?;
                let scope = Scope { item: list, subject: subjects.list() };
                build.condition(scope, fields.get("counting")).map(|condition| What::Items(list, condition))
            }
            (None, Some(event)) => build.event(subjects.list(), event).map(What::Events),
            _ => {
                build.problems.at(&fields.written.span, "a count has exactly one of `of` and `of_event`");
                None
            }
        };
        let at_most_share = fields.get("at_most_share").and_then(|written| build.number(written));
        let (at_least, at_most) = (build.count_at(fields, "at_least"), build.count_at(fields, "at_most"));
        if at_least.is_none() && at_most.is_none() && at_most_share.is_none() {
            build.problems.at(&fields.written.span, "a count needs `at_least`, `at_most` or `at_most_share`");
            return None;
        }
        let in_any = build.limit_at(fields, "in_any");
        let if_empty = fields.text("if_empty").and_then(Outcome::from_word);
        Some(Self { subjects, when: when?, what: what?, at_least, at_most, at_most_share, in_any, if_empty })
    }

    fn outcomes(&self) -> OutcomeSet {
        OutcomeSet::of(&[Outcome::Met, Outcome::Breached, Outcome::NotApplicable, Outcome::CannotTell])
    }

    fn needs(&self) -> Option<Needs> {
        Some(Needs::of(self.subjects))
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        each_subject(facts, self.subjects, &self.when, out, |here, out| {
            out(self.judge_one(facts, here).governed_by(here.from));
        });
    }
}

impl Count {
    fn judge_one<'p>(&'p self, facts: &Facts<'p, '_>, here: &Here<'_>) -> Judgement<'p> {
        let counted = match &self.what {
            What::Items(list, condition) => match self.items(facts, here, *list, condition) {
                Ok(counted) => counted,
                Err(judgement) => return judgement,
            },
            What::Events(event) => match self.events(facts, here, *event) {
                Ok(counted) => counted,
                Err(judgement) => return judgement,
            },
        };
        let least = counted.sure;
        let most = counted.sure + counted.maybe.len();
        let low = self.holds(least, counted.all);
        let outcome = if low == self.holds(most, counted.all)
            && (low || least == most || !self.holds_between(least, most, counted.all))
        {
            if low { Outcome::Met } else { Outcome::Breached }
        } else {
            return Judgement::cannot_tell(here.subject, counted.maybe, "whether it counts is not recorded");
        };
        let mut judgement = Judgement::new(outcome, here.subject);
        if outcome.is_finding() || facts.explain {
            let number = |count: usize| Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
            judgement.details_mut().args.push(("count", number(counted.sure)));
            judgement.details_mut().args.extend(self.at_least.map(|least| ("at_least", number(least))));
            judgement.details_mut().args.extend(self.at_most.map(|most| ("at_most", number(most))));
            judgement.details_mut().args.push((
                "share",
                Arg::Number(i64::try_from(counted.sure * 100 / counted.all.max(1)).unwrap_or(0)),
            ));
            let list = match &self.what {
                What::Items(list, _) => Some(*list),
                What::Events(event) => facts.timelines.looked_in(*event),
            };
            let counts = Some((
                u32::try_from(counted.all).unwrap_or(u32::MAX),
                u32::try_from(counted.sure).unwrap_or(u32::MAX),
            ));
            judgement.details_mut().evidence.extend(list.map(|list| {
                let spot = Spot { list, item: u32::MAX, path: None };
                Trace { role: "looked_in", spot, because: None, counts }
            }));
        }
        judgement
    }

    fn holds(&self, count: usize, all: usize) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a record has far fewer than 2^52 items")]
        let share = count as f64 * 100.0 / all.max(1) as f64;
        self.at_least.is_none_or(|least| count >= least)
            && self.at_most.is_none_or(|most| count <= most)
            && self.at_most_share.is_none_or(|most| share <= most)
    }

    fn holds_between(&self, least: usize, most: usize, all: usize) -> bool {
        (least..=most).any(|count| self.holds(count, all))
    }

    fn items<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        here: &Here<'_>,
        list: ListId,
        condition: &'p Condition,
    ) -> Result<Counted<'p>, Judgement<'p>> {
        if facts.section_is_missing(list) {
            return Err(Judgement::section_left_out(here.subject, list));
        }
        let listed = facts.listed(list);
        let mut counted = Counted { sure: 0, maybe: Vec::new(), all: 0 };
        for (item, _) in (0_u32..).zip(&listed.items) {
            if !here.holds_item(facts, list, item) {
                continue;
            }
            counted.all += 1;
            match Asking::quiet(facts, here.from).ask(condition, here.subject.env().at(list, item)) {
                Tri::True => counted.sure += 1,
                Tri::False => {}
                Tri::Unknown => counted.maybe.push(Spot { list, item, path: None }),
            }
        }
        if counted.all == 0 {
            let parent = facts.plan(list).map_or(ListId::RECORD, |plan| plan.parent);
            let mine = listed.lacking.iter().find(|(holder, _)| here.holds_item(facts, parent, *holder));
            match (mine.map(|(_, lack)| *lack), self.if_empty) {
                (Some(Lack::None) | None, Some(outcome)) => {
                    return Err(Judgement::new(outcome, here.subject));
                }
                (Some(Lack::NotRecorded | Lack::WrongType), _) => {
                    let spot = Spot { list, item: u32::MAX, path: None };
                    return Err(Judgement::cannot_tell(here.subject, [spot], "the list is not recorded"));
                }
                _ => {}
            }
        }
        Ok(counted)
    }

    fn events<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        here: &Here<'_>,
        event: EventId,
    ) -> Result<Counted<'p>, Judgement<'p>> {
        let happened = facts.happened(event);
        if let Some(list) = happened.missing_section {
            return Err(Judgement::section_left_out(here.subject, list));
        }
        let days: Vec<Day> = belonging(facts, here, event).map(|happening| happening.moment.day).collect();
        let sure = match self.in_any {
            None => days.len(),
            Some(window) => days
                .iter()
                .enumerate()
                .filter_map(|(at, first)| {
                    let end = facts.calendar.due(Moment::of_day(*first), window, true).ok()?.day;
                    Some(days.iter().skip(at).take_while(|day| **day <= end).count())
                })
                .max()
                .unwrap_or(0),
        };
        let maybe =
            happened.undated.iter().filter(|undated| here.holds_item(facts, undated.list, undated.item));
        let maybe =
            maybe.map(|undated| Spot { list: undated.list, item: undated.item, path: None }).collect();
        Ok(Counted { sure, maybe, all: days.len() })
    }
}
