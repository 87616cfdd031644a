//! Named events and periods of a record: when something happened, and while what lasted.
//!
//! The plans come from `vocabulary.yaml` and from events written on the spot; each is worked out at most once for a record.

use crate::calendar::Moment;
use crate::model::Day;
use crate::rules::condition::Condition;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::many::Said;
use crate::rules::many::bits;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;

/// A named event, as a number in the pack's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(pub(crate) u16);

/// A named period, as a number in the pack's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeriodId(pub(crate) u16);

/// All events and periods of a pack.
#[derive(Debug, Default)]
pub struct Timelines {
    /// Events, by number.
    pub events: Vec<EventPlan>,
    /// Periods, by number.
    pub periods: Vec<PeriodPlan>,
}

impl Timelines {
    /// The list whose items last in a period.
    pub fn list_of(&self, period: PeriodId) -> Option<ListId> {
        self.periods.get(usize::from(period.0)).map(|plan| plan.list)
    }

    /// The first list that an event is looked for in.
    pub fn looked_in(&self, event: EventId) -> Option<ListId> {
        match &self.events.get(usize::from(event.0))?.source {
            EventSource::Field { list, .. } => Some(*list),
            EventSource::StartOf(period) | EventSource::EndOf(period) => self.list_of(*period),
            EventSource::Birthday { .. } => None,
            EventSource::Any(events) => events.iter().find_map(|event| self.looked_in(*event)),
        }
    }
}

/// How to find an event.
#[derive(Debug)]
pub struct EventPlan {
    /// Its name, or how it was written on the spot.
    pub name: String,
    /// Where it is recorded.
    pub source: EventSource,
    /// An item without a date is a plan, not an event whose date is missing.
    pub ignore_undated: bool,
}

/// Where an event is recorded.
#[derive(Debug)]
pub enum EventSource {
    /// A date in each item of a list that meets the condition.
    Field {
        /// The list.
        list: ListId,
        /// The date.
        on: Path,
        /// Which items count.
        when: Option<Condition>,
    },
    /// The first day of each stretch of a period.
    StartOf(PeriodId),
    /// The last day of each stretch that has ended.
    EndOf(PeriodId),
    /// The child's birthday of this many years.
    Birthday {
        /// The date of birth.
        born: Path,
        /// Years.
        years: u32,
    },
    /// Any of these events.
    Any(Vec<EventId>),
}

/// How to find a period.
#[derive(Debug)]
pub struct PeriodPlan {
    /// Its name.
    pub name: String,
    /// The list whose items last.
    pub list: ListId,
    /// The first day.
    pub from: Path,
    /// The last day.
    pub to: Path,
    /// Which items count.
    pub when: Option<Condition>,
    /// Whether items that touch make one stretch.
    pub joined: bool,
    /// An item that starts a new stretch even where it touches the one before.
    pub new_when: Option<Condition>,
}

/// One time that an event took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub moment: Moment,
    /// In which list.
    pub list: ListId,
    /// In which item.
    pub item: u32,
}

/// An item that may be the event, but for a missing or unreadable value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undated {
    /// In which list.
    pub list: ListId,
    /// In which item.
    pub item: u32,
    /// What is wrong with it.
    pub because: &'static str,
}

/// Every time that an event took place up to the day as at which the record is judged.
#[derive(Debug, Default)]
pub struct Happened {
    /// In order of time; on one day, in an order that does not depend on the document's.
    pub dated: Vec<Happening>,
    /// Those that cannot be placed in time.
    pub undated: Vec<Undated>,
    /// A section that was left out of the record, so that it cannot be said that there were no more.
    pub missing_section: Option<ListId>,
    /// How many items were looked at.
    pub considered: u32,
    /// For an event of one list: where in `dated` the happening of each item stands, by item; `u32::MAX` where it has none. It spares
    /// rules that judge each item of that list a search among all of them.
    pub of_item: Vec<u32>,
}

impl Happened {
    /// The one of this item, for an event of one list.
    pub fn of(&self, item: u32) -> &[Happening] {
        let place = self.of_item.get(item as usize).map_or(usize::MAX, |place| *place as usize);
        self.dated.get(place..place.saturating_add(1)).unwrap_or_default()
    }

    /// Those from one day to another, both in.
    pub fn between(&self, from: Day, to: Day) -> impl Iterator<Item = &Happening> {
        self.dated.iter().filter(move |happening| from <= happening.moment.day && happening.moment.day <= to)
    }
}

/// One stretch of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day.
    pub from: Day,
    /// Its last day; nothing while it lasts.
    pub to: Option<Day>,
    /// The items that it is made of, the first in time first.
    pub items: Vec<u32>,
    /// An item whose dates are unreadable or contradict each other.
    pub unsure: Option<u32>,
}

/// Every stretch of a period.
#[derive(Debug, Default)]
pub struct Stretches {
    /// In order of time.
    pub all: Vec<Stretch>,
    /// Items without a readable first day.
    pub undated: Vec<u32>,
    /// A section that was left out of the record.
    pub missing_section: Option<ListId>,
}

impl<'p> Facts<'p, '_> {
    /// An event, worked out on the first call.
    pub fn happened(&self, event: EventId) -> &Happened {
        static NOTHING: Happened = Happened {
            dated: Vec::new(),
            undated: Vec::new(),
            missing_section: None,
            considered: 0,
            of_item: Vec::new(),
        };
        let (Some(cell), Some(plan)) =
            (self.events.get(usize::from(event.0)), self.timelines.events.get(usize::from(event.0)))
        else {
            return &NOTHING;
        };
        let find = || {
            let list = match &plan.source {
                EventSource::Field { list, .. } => Some(*list),
                EventSource::StartOf(period) | EventSource::EndOf(period) => self.timelines.list_of(*period),
                EventSource::Birthday { .. } | EventSource::Any(_) => None,
            };
            // Most lists of most records are empty: for nothing, nothing is kept.
            (!list.is_some_and(|list| self.has_none(list))).then(|| Box::new(self.find_event(plan)))
        };
        cell.get_or_init(find).as_deref().unwrap_or(&NOTHING)
    }

    /// A period, worked out on the first call.
    pub fn stretches(&self, period: PeriodId) -> &Stretches {
        static NOTHING: Stretches = Stretches { all: Vec::new(), undated: Vec::new(), missing_section: None };
        let index = usize::from(period.0);
        let (Some(cell), Some(plan)) = (self.periods.get(index), self.timelines.periods.get(index)) else {
            return &NOTHING;
        };
        let find = || (!self.has_none(plan.list)).then(|| Box::new(self.find_period(plan)));
        cell.get_or_init(find).as_deref().unwrap_or(&NOTHING)
    }

    /// Whether a list has no items, and its section was not left out.
    fn has_none(&self, list: ListId) -> bool {
        self.items(list).is_empty() && !self.section_is_missing(list)
    }

    fn find_event(&self, plan: &'p EventPlan) -> Happened {
        let mut happened = Happened::default();
        match &plan.source {
            EventSource::Field { list, on, when } => {
                self.find_in_list(*list, on, when.as_ref(), plan.ignore_undated, &mut happened);
            }
            EventSource::StartOf(period) | EventSource::EndOf(period) => {
                let ends = matches!(plan.source, EventSource::EndOf(_));
                self.find_at_edges(*period, ends, &mut happened);
            }
            EventSource::Birthday { born, years } => {
                happened.considered = 1;
                let env = Env::of(ListId::RECORD, 0);
                let months = i32::try_from(*years).unwrap_or(i32::MAX / 12).saturating_mul(12);
                match self.moment(env, born) {
                    Ok(Some(birth)) => {
                        happened.dated.extend(birth.day.plus_months(months).map(|day| Happening {
                            moment: Moment::of_day(day),
                            list: ListId::RECORD,
                            item: 0,
                        }));
                    }
                    _ => happened.undated.push(Undated {
                        list: ListId::RECORD,
                        item: 0,
                        because: "the date of birth is missing",
                    }),
                }
            }
            EventSource::Any(events) => {
                for event in events {
                    let other = self.happened(*event);
                    happened.dated.extend_from_slice(&other.dated);
                    happened.undated.extend_from_slice(&other.undated);
                    happened.missing_section = happened.missing_section.or(other.missing_section);
                    happened.considered += other.considered;
                }
            }
        }
        happened.dated.retain(|happening| happening.moment.day <= self.as_at);
        happened.dated.sort_by_key(|happening| {
            (happening.moment.day, happening.moment.second, happening.list, happening.item)
        });
        if let EventSource::Field { list, .. } = &plan.source {
            happened.of_item = vec![u32::MAX; self.items(*list).len()];
            for (at, happening) in (0_u32..).zip(&happened.dated) {
                if let Some(place) = happened.of_item.get_mut(happening.item as usize) {
                    *place = at;
                }
            }
        }
        happened
    }

    fn find_in_list(
        &self,
        list: ListId,
        on: &'p Path,
        when: Option<&'p Condition>,
        lenient: bool,
        into: &mut Happened,
    ) {
        into.missing_section = self.section_is_missing(list).then_some(list);
        for many in self.blocks(list) {
            let all = many.all();
            into.considered += all.count_ones();
            let counts = when.map_or(Said { yes: all, no: 0 }, |condition| many.ask(condition, all));
            for bit in bits(all & !counts.no) {
                let item = many.item(bit);
                let because = match self.moment(Env::of(list, item), on) {
                    Ok(Some(moment)) if counts.yes >> bit & 1 == 1 => {
                        into.dated.push(Happening { moment, list, item });
                        continue;
                    }
                    Ok(Some(_)) => "whether it counts is not recorded",
                    Ok(None) if lenient => continue,
                    Ok(None) => "its date is not recorded",
                    Err(_) => "its date cannot be read",
                };
                into.undated.push(Undated { list, item, because });
            }
        }
    }

    fn find_at_edges(&self, period: PeriodId, ends: bool, into: &mut Happened) {
        let stretches = self.stretches(period);
        let Some(list) = self.timelines.list_of(period) else { return };
        into.missing_section = stretches.missing_section;
        for stretch in &stretches.all {
            into.considered += 1;
            let day = if ends { stretch.to } else { Some(stretch.from) };
            let item = if ends { stretch.items.last() } else { stretch.items.first() };
            if let (Some(day), Some(item)) = (day, item) {
                into.dated.push(Happening { moment: Moment::of_day(day), list, item: *item });
            }
        }
        if !ends {
            into.undated.extend(stretches.undated.iter().map(|item| Undated {
                list,
                item: *item,
                because: "its first day is not recorded",
            }));
        }
    }

    fn find_period(&self, plan: &'p PeriodPlan) -> Stretches {
        let missing_section = self.section_is_missing(plan.list).then_some(plan.list);
        let mut found = Stretches { missing_section, ..Stretches::default() };
        let mut links: Vec<(Stretch, bool)> = Vec::new();
        for many in self.blocks(plan.list) {
            let all = many.all();
            let asked = |condition: &'p Option<Condition>, among| {
                condition.as_ref().map(|condition| many.ask(condition, among).yes)
            };
            let counts = asked(&plan.when, all).unwrap_or(all);
            let anew = asked(&plan.new_when, counts).unwrap_or(0);
            for bit in bits(counts) {
                let item = many.item(bit);
                let env = Env::of(plan.list, item);
                let Ok(Some(from)) = self.moment(env, &plan.from) else {
                    found.undated.push(item);
                    continue;
                };
                if from.day > self.as_at {
                    continue;
                }
                let to = self.moment(env, &plan.to);
                let end = to.ok().flatten().map(|moment| moment.day).filter(|day| *day <= self.as_at);
                let unsure = (to.is_err() || end.is_some_and(|end| end < from.day)).then_some(item);
                let link = Stretch { from: from.day, to: end, items: vec![item], unsure };
                links.push((link, anew >> bit & 1 == 1));
            }
        }
        links.sort_by_key(|(link, anew)| {
            // Of two that are alike but for a date that cannot be read, the order of the document must not decide.
            let last = link.to.unwrap_or(Day::LAST);
            (link.from, !*anew, last, link.unsure.is_some(), link.items.first().copied())
        });
        for (link, starts_anew) in links {
            match found.all.last_mut() {
                Some(last) if plan.joined && !starts_anew && last.to.is_none_or(|end| link.from <= end) => {
                    last.extend(link);
                }
                _ => found.all.push(link),
            }
        }
        found
    }
}

impl Stretch {
    fn extend(&mut self, link: Stretch) {
        self.to = match (self.to, link.to) {
            (Some(mine), Some(theirs)) => Some(mine.max(theirs)),
            // A placement left open by mistake is closed by the one that follows it.
            (None, Some(theirs)) if link.from > self.from => Some(theirs),
            _ => None,
        };
        self.items.extend(link.items);
        self.unsure = self.unsure.or(link.unsure);
    }
}
