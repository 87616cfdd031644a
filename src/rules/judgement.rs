//! What a kind says of one subject, before it becomes a count or a finding.

use crate::model::Day;
use crate::model::Outcome;
use crate::model::Timing;
use crate::rules::condition::Asking;
use crate::rules::condition::Condition;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::many::bits;
use crate::rules::plan::ListId;
use crate::rules::timeline::EventId;
use crate::rules::timeline::Happening;
use crate::rules::timeline::PeriodId;
use crate::rules::tri::Tri;

/// What evidence says of a part of the record that was left out.
pub const NOT_SENT: &str = "this part was not sent";

/// What evidence says of a date that working days cannot be counted from or to.
pub const BEYOND_CALENDAR: &str = "the working-day calendar does not reach so far";

/// What a judgement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectRef {
    /// The list; for a period, the list of its items.
    pub list: ListId,
    /// The item; for a period, its first.
    pub item: u32,
    /// The first day of the stretch, when it is one of a period.
    pub stretch: Option<Day>,
    /// The day since which an interval runs.
    pub since: Option<Day>,
    /// One of several questions about the same item.
    pub part: Option<u32>,
}

impl SubjectRef {
    /// The record.
    pub const RECORD: Self = Self::item(ListId::RECORD, 0);

    /// An item of a list.
    pub const fn item(list: ListId, item: u32) -> Self {
        Self { list, item, stretch: None, since: None, part: None }
    }

    /// The same subject, since a day.
    #[must_use]
    pub const fn since(self, day: Day) -> Self {
        Self { since: Some(day), ..self }
    }

    /// Where conditions about it are asked.
    pub const fn env(self) -> Env {
        Env::of(self.list, self.item)
    }
}

/// A place that a judgement rests on.
#[derive(Clone, Debug)]
pub struct Trace<'p> {
    /// What it was to the judgement.
    pub role: &'static str,
    /// Where; an item of `u32::MAX` is the list itself.
    pub spot: Spot<'p>,
    /// Why it was rejected or is missing.
    pub because: Option<&'static str>,
    /// How many were looked at, and how many matched.
    pub counts: Option<(u32, u32)>,
}

/// A value for a gap of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// A day.
    Day(Day),
    /// A number.
    Number(i64),
    /// A limit, a title or other words of the pack; never of the record.
    Words(String),
}

/// What a kind says of one subject.
#[derive(Clone, Debug)]
pub struct Judgement<'p> {
    /// The outcome.
    pub outcome: Outcome,
    /// About what.
    pub subject: SubjectRef,
    /// The day that decides which revision governs: when the clock started, or the subject began.
    pub governed_by: Option<Day>,
    /// A section was left out of the record: worth one line for all rules, not a finding each.
    pub section_missing: bool,
    /// Nothing for most of what is only counted, so that it costs little to say it.
    details: Option<Box<Details<'p>>>,
}

/// What a reader of a judgement is told beside its outcome.
#[derive(Clone, Debug, Default)]
pub struct Details<'p> {
    /// The clock.
    pub timing: Option<Timing>,
    /// The places it rests on.
    pub evidence: Vec<Trace<'p>>,
    /// Values for the message.
    pub args: Vec<(&'static str, Arg)>,
}

impl<'p> Judgement<'p> {
    /// A bare outcome.
    pub const fn new(outcome: Outcome, subject: SubjectRef) -> Self {
        Self { outcome, subject, governed_by: None, section_missing: false, details: None }
    }

    /// What a reader is told beside the outcome.
    pub fn details(&self) -> &Details<'p> {
        static NOTHING: Details<'static> = Details { timing: None, evidence: Vec::new(), args: Vec::new() };
        self.details.as_deref().unwrap_or(&NOTHING)
    }

    /// The same, to be added to.
    pub fn details_mut(&mut self) -> &mut Details<'p> {
        self.details.get_or_insert_default()
    }

    /// The clock, if it has one.
    pub fn timing(&self) -> Option<&Timing> {
        self.details.as_ref()?.timing.as_ref()
    }

    /// Does not touch this subject.
    pub const fn not_applicable(subject: SubjectRef) -> Self {
        Self::new(Outcome::NotApplicable, subject)
    }

    /// A value is missing at these spots.
    pub fn cannot_tell(
        subject: SubjectRef,
        spots: impl IntoIterator<Item = Spot<'p>>,
        because: &'static str,
    ) -> Self {
        let evidence: Vec<Trace<'p>> = spots
            .into_iter()
            .map(|spot| Trace { role: "missing", spot, because: Some(because), counts: None })
            .collect();
        Self::new(Outcome::CannotTell, subject).with_evidence(evidence)
    }

    /// The same, resting on these places.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Vec<Trace<'p>>) -> Self {
        self.details_mut().evidence = evidence;
        self
    }

    /// A section of the record was left out.
    pub fn section_left_out(subject: SubjectRef, list: ListId) -> Self {
        let spot = Spot { list, item: u32::MAX, path: None };
        Self { section_missing: true, ..Self::cannot_tell(subject, [spot], NOT_SENT) }
    }

    /// An open question, by what a condition could not see.
    pub fn open(subject: SubjectRef, asking: &Asking<'_, 'p, '_>) -> Self {
        let mut judgement = Self::cannot_tell(subject, asking.missing.iter().copied(), "it is not recorded");
        let sections =
            judgement.details_mut().evidence.iter_mut().filter(|trace| trace.spot.item == u32::MAX);
        let unsent = sections.map(|trace| trace.because = Some(NOT_SENT)).count();
        judgement.section_missing = unsent > 0;
        judgement
    }

    /// The same, governed by the revision in force on this day.
    #[must_use]
    pub const fn governed_by(mut self, day: Option<Day>) -> Self {
        self.governed_by = day;
        self
    }

    /// The same, with one more place.
    #[must_use]
    pub fn trace(mut self, role: &'static str, spot: Spot<'p>) -> Self {
        self.details_mut().evidence.push(Trace { role, spot, because: None, counts: None });
        self
    }

    /// The same, with a value for its message.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: Arg) -> Self {
        self.details_mut().args.push((name, value));
        self
    }
}

/// What a rule judges: the record, each item of a list, or each stretch of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// The record, or each item of a list.
    Items(ListId),
    /// Each stretch of a period.
    Stretches(PeriodId, ListId),
}

impl Subjects {
    /// The list that conditions about a subject are asked in.
    pub const fn list(self) -> ListId {
        match self {
            Self::Items(list) | Self::Stretches(_, list) => list,
        }
    }
}

/// What a rule needs of a record to have anything to judge. Of a record that plainly has none of it the rule need not be asked: it says that
/// it does not apply, see [`Facts::nothing_of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Items of a list, wherever they stand; without them it says so once.
    Items(ListId),
    /// Stretches of a period; without them it says so once.
    Stretches(PeriodId, ListId),
    /// Items of a list; without them it says so of each item that could hold the list, and once where there is none.
    ItemsOfEach(ListId),
}

impl Needs {
    /// The list, or that of the items of the period.
    pub const fn list(self) -> ListId {
        match self {
            Self::Items(list) | Self::ItemsOfEach(list) | Self::Stretches(_, list) => list,
        }
    }

    /// What a kind needs that says one thing or more of each of these subjects, and nothing beside.
    pub const fn of(subjects: Subjects) -> Self {
        match subjects {
            Subjects::Items(list) => Self::Items(list),
            Subjects::Stretches(period, list) => Self::Stretches(period, list),
        }
    }
}

/// One subject, with the time in which events belong to it.
#[derive(Clone, Debug)]
pub struct Here<'f> {
    /// The subject.
    pub subject: SubjectRef,
    /// Its first day, for a stretch.
    pub from: Option<Day>,
    /// Its last day, for a stretch that has ended.
    pub to: Option<Day>,
    /// The items of a stretch.
    pub items: &'f [u32],
    /// An item of the stretch whose dates cannot be relied on.
    pub unsure: Option<u32>,
}

impl Here<'_> {
    /// Whether the happening belongs to this subject by where it is recorded: an event beneath the subject's own list must be
    /// beneath this item; one recorded elsewhere may belong to any.
    pub fn holds(&self, facts: &Facts<'_, '_>, happening: &Happening) -> bool {
        self.holds_item(facts, happening.list, happening.item)
    }

    /// The same for any item.
    pub fn holds_item(&self, facts: &Facts<'_, '_>, list: ListId, item: u32) -> bool {
        if self.subject.list == ListId::RECORD {
            return true;
        }
        match facts.holder(list, item, self.subject.list) {
            None => true,
            Some(holder) => holder == self.subject.item || self.items.contains(&holder),
        }
    }
}

/// Calls back for each subject that a rule touches; judges by itself the others, and what has none: a section left out, a first day that is
/// missing.
pub fn each_subject<'p>(
    facts: &Facts<'p, '_>,
    subjects: Subjects,
    when: &'p Condition,
    out: &mut dyn FnMut(Judgement<'p>),
    mut judge: impl FnMut(&Here<'_>, &mut dyn FnMut(Judgement<'p>)),
) {
    let list = subjects.list();
    if list != ListId::RECORD && facts.section_is_missing(list) {
        out(Judgement::section_left_out(SubjectRef::RECORD, list));
        return;
    }
    let mut any = false;
    match subjects {
        Subjects::Items(list) => {
            for many in facts.blocks(list) {
                let said = many.ask(when, many.all());
                for bit in bits(many.all()) {
                    any = true;
                    let subject = SubjectRef::item(list, many.item(bit));
                    let here = Here { subject, from: None, to: None, items: &[], unsure: None };
                    let touched = match said.of_item(bit) {
                        Tri::True => Ok(()),
                        Tri::False => Err(Judgement::not_applicable(subject)),
                        Tri::Unknown => touches(facts, &here, when),
                    };
                    match touched {
                        Ok(()) => judge(&here, out),
                        Err(judgement) => out(judgement),
                    }
                }
            }
        }
        Subjects::Stretches(period, list) => {
            let stretches = facts.stretches(period);
            for stretch in &stretches.all {
                any = true;
                let item = stretch.items.first().copied().unwrap_or(0);
                let subject = SubjectRef { stretch: Some(stretch.from), ..SubjectRef::item(list, item) };
                let here = Here {
                    subject,
                    from: Some(stretch.from),
                    to: stretch.to,
                    items: &stretch.items,
                    unsure: stretch.unsure,
                };
                match touches(facts, &here, when) {
                    Ok(()) => judge(&here, out),
                    Err(judgement) => out(judgement),
                }
            }
            let from = facts.timelines.periods.get(usize::from(period.0)).map(|plan| &plan.from);
            for item in &stretches.undated {
                any = true;
                let spot = Spot { list, item: *item, path: from };
                out(Judgement::cannot_tell(
                    SubjectRef::item(list, *item),
                    [spot],
                    "its first day is not recorded",
                ));
            }
        }
    }
    if !any {
        out(Judgement::not_applicable(SubjectRef::RECORD));
    }
}

/// Whether a rule touches a subject; if not, or if that cannot be told, what to say of it.
fn touches<'p>(facts: &Facts<'p, '_>, here: &Here<'_>, when: &'p Condition) -> Result<(), Judgement<'p>> {
    if matches!(when, Condition::All(parts) if parts.is_empty()) {
        return Ok(());
    }
    match Asking::decide(facts, here.from, when, here.subject.env()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Judgement::not_applicable(here.subject).governed_by(here.from)),
        Err(open) => Err(Judgement::open(here.subject, &open).governed_by(here.from)),
    }
}

/// The happenings of an event that belong to a subject, up to `as_at`.
pub fn belonging<'f>(
    facts: &'f Facts<'_, '_>,
    here: &'f Here<'_>,
    event: EventId,
) -> impl Iterator<Item = &'f Happening> + 'f {
    let from = here.from.unwrap_or(Day::FIRST);
    let to = here.to.unwrap_or(Day::LAST);
    let happened = facts.happened(event);
    // An event of the very list whose items are judged: only the item's own can belong to it.
    let own = here.items.is_empty()
        && !happened.of_item.is_empty()
        && facts.timelines.looked_in(event) == Some(here.subject.list);
    let dated = if own { happened.of(here.subject.item) } else { &happened.dated };
    // They are in order of time.
    let first = dated.partition_point(|happening| happening.moment.day < from);
    let from_first = dated.get(first..).unwrap_or_default().iter();
    from_first
        .take_while(move |happening| happening.moment.day <= to)
        .filter(move |happening| own || here.holds(facts, happening))
}
