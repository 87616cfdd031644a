//! When a duty ends before what it belongs to does: on a date in the item, or with an event.

use crate::form::Fields;
use crate::model::Day;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::Here;
use crate::rules::judgement::NOT_SENT;
use crate::rules::judgement::Subjects;
use crate::rules::judgement::Trace;
use crate::rules::kinds::starts::Started;
use crate::rules::kinds::starts::Starts;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;

/// When a duty ends.
#[derive(Debug)]
pub enum Until {
    /// With the stretch, if it is one.
    Stretch,
    /// On a date in the item.
    On(Path),
    /// When something happens, found as the start of a clock is.
    Event(Box<Starts>),
}

/// When the duty ended for one subject.
#[derive(Debug, Default)]
pub struct Ending<'p> {
    /// The day; nothing while it lasts.
    pub day: Option<Day>,
    /// What cannot be read, so that it may have ended all the same.
    pub unsure: Option<Spot<'p>>,
    /// Whether that is a section that was left out of the record.
    pub section_missing: bool,
}

impl Until {
    /// What stands under `until`: the name of a date, or a start.
    pub fn of(fields: &Fields<'_>, subjects: Subjects, build: &Build<'_, '_>) -> Option<Self> {
        match fields.get("until") {
            None => Some(Self::Stretch),
            Some(written) if written.text().is_some() => {
                build.date_path(Scope::of(subjects.list()), written).map(Self::On)
            }
            Some(written) => Starts::read(written, subjects, build).map(|end| Self::Event(Box::new(end))),
        }
    }

    /// Whether a duty over these subjects can end at all.
    pub const fn can_end(&self, subjects: Subjects) -> bool {
        !matches!((self, subjects), (Self::Stretch, Subjects::Items(_)))
    }

    /// The end for a subject whose clock started on a day. An event ends it on that day at the earliest; for a stretch it must lie inside.
    pub fn find<'p>(&'p self, facts: &Facts<'p, '_>, here: &Here<'_>, started: Day) -> Ending<'p> {
        let mut ending = match self {
            Self::Stretch => Ending::default(),
            Self::On(path) => match facts.moment(here.subject.env(), path) {
                Ok(moment) => Ending { day: moment.map(|moment| moment.day), ..Ending::default() },
                Err(_) => Ending { unsure: Some(facts.spot(here.subject.env(), path)), ..Ending::default() },
            },
            Self::Event(end) => {
                let from = here.from.unwrap_or(started);
                match end.find(facts, &Here { from: Some(from), ..here.clone() }) {
                    Started::At(happening) => Ending { day: Some(happening.moment.day), ..Ending::default() },
                    Started::Not => Ending::default(),
                    Started::Unknown(list, item, _) => Ending::unsure(list, item),
                    Started::NotSent(list) => {
                        Ending { section_missing: true, ..Ending::unsure(list, u32::MAX) }
                    }
                }
            }
        };
        ending.day = ending.day.filter(|day| *day <= facts.as_at);
        if let Some(to) = here.to {
            ending.day = Some(ending.day.map_or(to, |day| day.min(to)));
        }
        ending
    }
}

impl<'p> Ending<'p> {
    /// What leaves the end open, for evidence.
    pub fn trace(&self) -> Option<Trace<'p>> {
        let because = Some(if self.section_missing { NOT_SENT } else { "whether it ended cannot be read" });
        self.unsure.map(|spot| Trace { role: "missing", spot, because, counts: None })
    }

    const fn unsure(list: ListId, item: u32) -> Self {
        Self { day: None, unsure: Some(Spot { list, item, path: None }), section_missing: false }
    }
}
