//! What is done with what a rule said of a record: it is counted, and kept when somebody may be told of it.

use std::sync::Arc;

use crate::model::DueSoon;
use crate::model::FallsDue;
use crate::model::Outcome;
use crate::model::Pointer;
use crate::model::RuleStage;
use crate::model::Tally;
use crate::rules::Brief;
use crate::rules::Facts;
use crate::rules::Judged;
use crate::validator::DueNoted;
use crate::validator::Options;
use crate::validator::finding;
use crate::validator::validate::Gathered;
use crate::validator::validate::Kept;

/// Counts so many like outcomes of the rule of this rank.
#[inline]
pub(super) fn count_many(
    outcome: Outcome,
    times: u64,
    rank: usize,
    tally: &mut Tally,
    into: &mut Gathered<'_>,
) {
    tally.count_many(rank, outcome, times);
    into.counts.add_many(outcome, times);
}

/// Counts rules that each say so often that they do not apply.
pub(super) fn pass_over(briefs: &[Brief], times: u64, tally: &mut Tally, into: &mut Gathered<'_>) {
    let ranks = briefs.iter().flat_map(|brief| brief.ranks());
    tally.count_not_applicable(ranks.clone(), times);
    let outcomes = u64::try_from(ranks.count()).unwrap_or(u64::MAX);
    into.counts.add_many(Outcome::NotApplicable, times.saturating_mul(outcomes));
    into.evaluated += briefs.len();
}

/// Counts what a rule said.
#[inline]
pub(super) fn count(judged: &Judged<'_>, tally: &mut Tally, into: &mut Gathered<'_>) {
    let outcome = judged.judgement.outcome;
    tally.count(judged.rank() as usize, outcome);
    into.counts.add(outcome);
}

/// Counts what a rule said, and keeps it when somebody may be told of it.
#[inline(never)]
pub(super) fn take<'p>(
    facts: &Facts<'p, '_>,
    judged: Judged<'p>,
    options: &Options<'_>,
    child: &str,
    tally: &mut Tally,
    into: &mut Gathered<'p>,
) {
    if options.focus.is_some_and(|focus| !touches(facts, &judged, focus)) {
        return;
    }
    count(&judged, tally, into);
    if options.include_all || judged.may_be_told() {
        keep(facts, judged, options, child, into);
    }
}

/// Keeps what a rule said when somebody may be told of it.
fn keep<'p>(
    facts: &Facts<'p, '_>,
    judged: Judged<'p>,
    options: &Options<'_>,
    child: &str,
    into: &mut Gathered<'p>,
) {
    let outcome = judged.judgement.outcome;
    if judged.stage() == RuleStage::Shadow && !options.include_all {
        return;
    }
    if outcome.is_finding() {
        into.findings.push(Kept {
            at: into.asked,
            severity: finding::severity(&judged, options.stage),
            judged,
        });
        return;
    }
    if judged.judgement.timing().is_some_and(|timing| timing.due_soon) {
        into.due_soon.extend(due(facts, &judged, child));
    }
    if options.due == DueNoted::Every && outcome == Outcome::NotYetDue {
        into.falls_due.extend(falls_due(facts, &judged).map(|due| (into.asked, due)));
    }
    if options.include_all {
        into.outcomes.push(Kept {
            at: into.asked,
            severity: finding::severity(&judged, options.stage),
            judged,
        });
    }
}

/// Whether a judgement is about a part of the record: its subject or one of its places lies in it, or it lies in the subject.
fn touches(facts: &Facts<'_, '_>, judged: &Judged<'_>, focus: &Pointer) -> bool {
    let subject = judged.judgement.subject;
    let path = facts.pointer(subject.list, subject.item);
    let near = path.is_within(focus) || (path != Pointer::root() && focus.is_within(&path));
    near || judged.judgement.details().evidence.iter().any(|trace| {
        let spot = if trace.spot.item == u32::MAX {
            facts.list_pointer(trace.spot.list, 0)
        } else {
            facts.spot_pointer(&trace.spot)
        };
        spot.is_within(focus)
    })
}

fn falls_due(facts: &Facts<'_, '_>, judged: &Judged<'_>) -> Option<FallsDue> {
    let timing = judged.judgement.timing()?;
    let subject = judged.judgement.subject;
    Some(FallsDue {
        rule: Arc::clone(judged.rule()),
        subject: facts.pointer(subject.list, subject.item),
        started_on: timing.started_on,
        due_on: timing.due_on?,
        approximate: timing.approximate,
    })
}

fn due(facts: &Facts<'_, '_>, judged: &Judged<'_>, child: &str) -> Option<DueSoon> {
    let timing = judged.judgement.timing()?;
    let subject = finding::subject(facts, judged.judgement.subject);
    Some(DueSoon {
        rule: judged.rule().id.clone(),
        due_on: timing.due_on?,
        days_left: timing.days_left?,
        unit: timing.unit,
        message: judged.say().render(judged.judgement.outcome, &judged.judgement.details().args),
        finding_id: finding::finding_id(&judged.rule().id, child, &subject.key),
    })
}
