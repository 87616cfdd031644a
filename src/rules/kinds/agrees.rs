//! `agrees`: do two places say the same: a field and another, or each of these events and one of those within some days?

use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::condition::Test;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::judgement::BEYOND_CALENDAR;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::judgement::SubjectRef;
use crate::rules::judgement::Trace;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::IF_EMPTY;
use crate::rules::kinds::items::ItemRule;
use crate::rules::kinds::read_where;
use crate::rules::plan::ListId;
use crate::rules::plan::Scope;
use crate::rules::timeline::EventId;

static PAIR: Form = Form {
    name: "a pair of events",
    about: "Each of the first must have one of the second near it.",
    fields: &[
        field!(needed "each", Takes::Event, "Each of these events"),
        field!(needed "with", Takes::Event, "must have one of these near it."),
    ],
};

static FORM: Form = Form {
    name: "an agreement of two places",
    about: "Do two places of the record say the same?",
    fields: &[
        field!(
            "in",
            Takes::List,
            "For fields: the list or object whose items are judged; without it the record."
        ),
        field!("where", Takes::Condition, "For fields: which items the rule touches."),
        field!("left", Takes::Path, "One field,"),
        field!("right", Takes::Path, "and another that must be the same."),
        field!("pairs", Takes::Many(&Takes::Form(&PAIR)), "For events: pairs of events."),
        field!("within", Takes::Limit, "For events: how far apart the two may lie, either way."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `not_applicable` unless given."
        ),
    ],
};

/// An agreement of two places.
#[derive(Debug)]
pub enum Agrees {
    /// Two fields of an item.
    Fields(Box<ItemRule>),
    /// Events and their counterparts.
    Events {
        /// Each of the first with one of the second.
        pairs: Vec<(EventId, EventId)>,
        /// How far apart they may lie.
        within: Limit,
    },
}

impl Kind for Agrees {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        if fields.get("pairs").is_some() {
            let within = build.limit_at(fields, "within");
            if fields.get("within").is_none() {
                build.problems.at(&fields.written.span, "pairs of events need `within`");
            }
            let mut pairs = Vec::new();
            for written in fields.many("pairs") {
                let pair = Fields::read(written, &PAIR, build.problems)?;
                let each = pair.get("each").and_then(|written| build.event(ListId::RECORD, written));
                let with = pair.get("with").and_then(|written| build.event(ListId::RECORD, written));
                pairs.push((each?, with?));
            }
            return Some(Self::Events { pairs, within: within? });
        }
        let (Some(left), Some(right)) = (fields.get("left"), fields.get("right")) else {
            build
                .problems
                .at(&fields.written.span, "an agreement needs `left` and `right`, or `pairs` and `within`");
            return None;
        };
        let (list, if_empty) = ItemRule::place(fields, build, Outcome::NotApplicable)?;
        let when = read_where(fields, build, list);
        let (left, right) = (build.path(Scope::of(list), left)?, build.path(Scope::of(list), right)?);
        let needs = Condition::Field(left, vec![Test::SameAs(right)]);
        Some(Self::Fields(Box::new(ItemRule { list, when: when?, needs, if_empty, dated_by: None })))
    }

    fn outcomes(&self) -> OutcomeSet {
        match self {
            Self::Fields(rule) => rule.outcomes(true),
            Self::Events { .. } => OutcomeSet::of(&[
                Outcome::Met,
                Outcome::Breached,
                Outcome::NotApplicable,
                Outcome::CannotTell,
            ]),
        }
    }

    fn needs(&self) -> Option<Needs> {
        match self {
            Self::Fields(rule) => rule.needs(),
            Self::Events { .. } => None,
        }
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        match self {
            Self::Fields(rule) => rule.judge(facts, out),
            Self::Events { pairs, within } => {
                let mut any = false;
                for (part, (each, with)) in (0_u32..).zip(pairs) {
                    any |= judge_pair(facts, part, *each, *with, *within, out);
                }
                if !any {
                    out(Judgement::not_applicable(SubjectRef::RECORD));
                }
            }
        }
    }
}

/// Judges one pair of events; says whether there was anything to judge.
fn judge_pair<'p>(
    facts: &Facts<'p, '_>,
    part: u32,
    each: EventId,
    with: EventId,
    within: Limit,
    out: Out<'_, 'p>,
) -> bool {
    let firsts = facts.happened(each);
    let seconds = facts.happened(with);
    for first in &firsts.dated {
        let subject = SubjectRef { part: Some(part), ..SubjectRef::item(first.list, first.item) };
        let day = first.moment.day;
        let from = facts.calendar.latest_before(day, within).map(|due| due.day);
        let to = facts.calendar.due(Moment::of_day(day), within, false).map(|due| due.day);
        let (Ok(from), Ok(to)) = (from, to) else {
            out(Judgement::cannot_tell(subject, [], BEYOND_CALENDAR).governed_by(Some(day)));
            continue;
        };
        let outcome = if seconds.between(from, to).next().is_some() {
            Outcome::Met
        } else if let Some(list) = seconds.missing_section {
            out(Judgement::section_left_out(subject, list).governed_by(Some(day)));
            continue;
        } else if facts.as_at <= to {
            Outcome::NotApplicable
        } else if seconds.undated.is_empty() {
            Outcome::Breached
        } else {
            Outcome::CannotTell
        };
        let mut judgement = Judgement::new(outcome, subject).governed_by(Some(day));
        if outcome.is_finding() {
            let spots = seconds.undated.iter().map(|undated| {
                (Spot { list: undated.list, item: undated.item, path: None }, undated.because)
            });
            judgement.details_mut().evidence.extend(spots.take(5).map(|(spot, because)| Trace {
                role: "missing",
                spot,
                because: Some(because),
                counts: None,
            }));
            judgement.details_mut().evidence.extend(facts.timelines.looked_in(with).map(|list| Trace {
                role: "looked_in",
                spot: Spot { list, item: u32::MAX, path: None },
                because: None,
                counts: Some((seconds.considered, 0)),
            }));
        }
        out(judgement);
    }
    for undated in &firsts.undated {
        let subject = SubjectRef { part: Some(part), ..SubjectRef::item(undated.list, undated.item) };
        out(Judgement::cannot_tell(
            subject,
            [Spot { list: undated.list, item: undated.item, path: None }],
            undated.because,
        ));
    }
    if let Some(list) = firsts.missing_section {
        out(Judgement::section_left_out(SubjectRef { part: Some(part), ..SubjectRef::RECORD }, list));
    }
    !firsts.dated.is_empty() || !firsts.undated.is_empty() || firsts.missing_section.is_some()
}
