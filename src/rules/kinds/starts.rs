//! When the clock of a rule starts: the nth event, so long after it, the later or the earlier of several.

use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::Written;
use crate::form::field;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::BEYOND_CALENDAR;
use crate::rules::judgement::Here;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Subjects;
use crate::rules::judgement::belonging;
use crate::rules::plan::ListId;
use crate::rules::timeline::EventId;
use crate::rules::timeline::Happening;

/// When a clock starts.
#[derive(Debug)]
pub enum Starts {
    /// The nth time that an event takes place, from 1.
    Nth(EventId, usize),
    /// The first day of the stretch itself.
    Stretch,
    /// The later of several, once all have happened.
    LaterOf(Vec<Starts>),
    /// The earlier of several.
    EarlierOf(Vec<Starts>),
    /// So long after another start; it may lie in the future.
    After(Box<Starts>, Limit),
}

/// The forms of a start.
pub static NTH: Form = Form {
    name: "a start",
    about: "When the clock starts: the nth event, or the later or earlier of several.",
    fields: &[
        field!("event", Takes::Event, "The event."),
        field!("nth", Takes::Number, "Which time it takes place, from 1 (the default)."),
        field!(
            "plus",
            Takes::Limit,
            "So long after the event, for the earlier or later of a date and an event."
        ),
        field!("later_of", Takes::Anything, "The later of several starts, once all have happened."),
        field!("earlier_of", Takes::Anything, "The earlier of several starts."),
        field!("on", Takes::Path, "A date in the item that is judged."),
        field!("each", Takes::List, "The list in whose items the date stands."),
        field!("where", Takes::Condition, "Which items count."),
        field!("start_of", Takes::Text, "The first day of a period."),
        field!("end_of", Takes::Text, "The last day of a period."),
        field!("birthday", Takes::Number, "The child's birthday of this many years."),
        field!("any_of", Takes::Many(&Takes::Event), "Any of several events."),
        field!("ignore_undated", Takes::YesNo, "An item without its date is only planned."),
    ],
};

impl Starts {
    /// The start of a rule: what stands under `starts`, or the first day of each stretch of a period.
    pub fn of(fields: &Fields<'_>, subjects: Subjects, build: &Build<'_, '_>, what: &str) -> Option<Self> {
        match (fields.get("starts"), subjects) {
            (Some(written), _) => Self::read(written, subjects, build),
            (None, Subjects::Stretches(..)) => Some(Self::Stretch),
            (None, Subjects::Items(_)) => {
                let message = format!("{what} needs `starts`, unless it is for each stretch of a period");
                build.problems.at(&fields.written.span, message);
                None
            }
        }
    }

    /// Reads a start: an event's name, an event on the spot, or one of the forms of a start.
    pub fn read(written: &Written, subjects: Subjects, build: &Build<'_, '_>) -> Option<Self> {
        if written.text().is_some() {
            return Some(Self::Nth(build.event(subjects.list(), written)?, 1));
        }
        let fields = Fields::read(written, &NTH, build.problems)?;
        for (key, later) in [("later_of", true), ("earlier_of", false)] {
            if fields.get(key).is_some() {
                let parts: Vec<Option<Self>> =
                    fields.many(key).into_iter().map(|part| Self::read(part, subjects, build)).collect();
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                return Some(if later { Self::LaterOf(parts) } else { Self::EarlierOf(parts) });
            }
        }
        match fields.get("event") {
            Some(event) => {
                let nth = build.count_at(&fields, "nth").unwrap_or(1).max(1);
                let start = Self::Nth(build.event(subjects.list(), event)?, nth);
                match fields.get("plus") {
                    Some(plus) => Some(Self::After(Box::new(start), build.limit(plus)?)),
                    None => Some(start),
                }
            }
            None => Some(Self::Nth(build.event(subjects.list(), written)?, 1)),
        }
    }

    /// Whether happenings of this event start the clock.
    pub fn is_of(&self, event: EventId) -> bool {
        match self {
            Self::Nth(own, _) => *own == event,
            Self::Stretch => false,
            Self::LaterOf(parts) | Self::EarlierOf(parts) => parts.iter().any(|part| part.is_of(event)),
            Self::After(start, _) => start.is_of(event),
        }
    }

    /// Whether the clock may start on a day that is still to come.
    pub fn may_lie_ahead(&self) -> bool {
        match self {
            Self::Nth(..) | Self::Stretch => false,
            Self::LaterOf(parts) | Self::EarlierOf(parts) => parts.iter().any(Self::may_lie_ahead),
            Self::After(..) => true,
        }
    }

    /// Finds the start for a subject.
    pub fn find(&self, facts: &Facts<'_, '_>, here: &Here<'_>) -> Started {
        match self {
            Self::Stretch => here.from.map_or(Started::Not, |day| {
                let (list, item) = (here.subject.list, here.subject.item);
                Started::At(Happening { moment: Moment::of_day(day), list, item })
            }),
            Self::Nth(event, nth) => {
                if let Some(happening) = belonging(facts, here, *event).nth(nth - 1) {
                    return Started::At(*happening);
                }
                let happened = facts.happened(*event);
                match happened
                    .undated
                    .iter()
                    .find(|undated| here.holds_item(facts, undated.list, undated.item))
                {
                    Some(undated) => Started::Unknown(undated.list, undated.item, undated.because),
                    None => happened.missing_section.map_or(Started::Not, Started::NotSent),
                }
            }
            Self::LaterOf(parts) => parts
                .iter()
                .fold(None, |sum: Option<Started>, part| {
                    let found = part.find(facts, here);
                    Some(sum.map_or(found, |sum| sum.later(found)))
                })
                .unwrap_or(Started::Not),
            Self::EarlierOf(parts) => {
                parts.iter().fold(Started::Not, |sum, part| sum.earlier(part.find(facts, here)))
            }
            Self::After(start, limit) => match start.find(facts, here) {
                Started::At(start) => match facts.calendar.due(start.moment, *limit, false) {
                    Ok(due) => Started::At(Happening { moment: Moment::of_day(due.day), ..start }),
                    Err(_) => Started::Unknown(start.list, start.item, BEYOND_CALENDAR),
                },
                other => other,
            },
        }
    }
}

/// Whether a clock has started.
#[derive(Clone, Copy, Debug)]
pub enum Started {
    /// It has.
    At(Happening),
    /// It has not.
    Not,
    /// An item may have started it, but cannot be placed in time.
    Unknown(ListId, u32, &'static str),
    /// The section that would say was left out of the record.
    NotSent(ListId),
}

impl Started {
    fn later(self, other: Self) -> Self {
        match (self, other) {
            (Self::At(mine), Self::At(theirs)) => {
                Self::At(if theirs.moment.day > mine.moment.day { theirs } else { mine })
            }
            (Self::Not, _) | (_, Self::Not) => Self::Not,
            (Self::At(_), open) | (open, _) => open,
        }
    }

    fn earlier(self, other: Self) -> Self {
        match (self, other) {
            (Self::At(mine), Self::At(theirs)) => {
                Self::At(if theirs.moment.day < mine.moment.day { theirs } else { mine })
            }
            (Self::At(mine), _) | (_, Self::At(mine)) => Self::At(mine),
            (Self::Not, open) | (open, _) => open,
        }
    }

    /// The day, or what to say when there is none.
    pub fn or_judgement<'p>(self, here: &Here<'_>) -> Result<Happening, Judgement<'p>> {
        match self {
            Self::At(happening) => Ok(happening),
            Self::Not => Err(Judgement::not_applicable(here.subject).governed_by(here.from)),
            Self::Unknown(list, item, because) => {
                Err(Judgement::cannot_tell(here.subject, [Spot { list, item, path: None }], because)
                    .governed_by(here.from))
            }
            Self::NotSent(list) => {
                Err(Judgement::section_left_out(here.subject, list).governed_by(here.from))
            }
        }
    }
}
