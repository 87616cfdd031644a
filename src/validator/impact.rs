//! What a changed pack changes: the same records judged by both, and the findings that come and go counted by rule, team and locality.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::intake::Chunk;
use crate::model::Answer;
use crate::model::Day;
use crate::model::FindingId;
use crate::model::Impact;
use crate::model::Moves;
use crate::model::Outcome;
use crate::validator::DueNoted;
use crate::validator::StreamOptions;
use crate::validator::Validator;
use crate::validator::check_part;

/// What one pack said of a record.
struct Said {
    team: Option<String>,
    locality: Option<String>,
    /// By id; of two with one id the last.
    findings: BTreeMap<FindingId, (String, Outcome)>,
}

impl Said {
    fn of(answer: &Answer) -> Self {
        let record = &answer.decision.record;
        let findings = answer
            .findings
            .iter()
            .map(|finding| (finding.finding_id, (finding.rule.id.clone(), finding.outcome)))
            .collect();
        Self { team: record.team.clone(), locality: record.locality.clone(), findings }
    }
}

/// Judges every record of a chunk by both packs, each on a thread of its own, and counts what differs.
pub fn see_impact((present, changed): (&Side<'_>, &Side<'_>), chunk: &Chunk, impact: &mut Impact) {
    let (before, after) = std::thread::scope(|scope| {
        let other = scope.spawn(|| changed.say(chunk));
        let own = present.say(chunk);
        (own, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    for (before, after) in before.iter().zip(&after) {
        match (before, after) {
            (Some(before), Some(after)) => compare(before, after, impact),
            _ => impact.unreadable += 1,
        }
    }
}

fn compare(before: &Said, after: &Said, impact: &mut Impact) {
    let mut all = Moves::default();
    let mut count = |rule: &str, one: Moves| {
        if one.total() > 0 {
            all.add(one);
            impact.rules.entry(rule.to_owned()).or_default().add(one);
        }
    };
    for (id, (rule, outcome)) in &after.findings {
        let known = before.findings.get(id);
        let other_outcome = u64::from(known.is_some_and(|(_, before)| before != outcome));
        count(rule, Moves { newly_failing: u64::from(known.is_none()), other_outcome, ..Moves::default() });
    }
    for (id, (rule, _)) in &before.findings {
        let no_longer_failing = u64::from(!after.findings.contains_key(id));
        count(rule, Moves { no_longer_failing, ..Moves::default() });
    }
    impact.records += 1;
    if all.total() > 0 {
        impact.records_changed += 1;
        impact.all.add(all);
        impact.teams.entry(after.team.clone()).or_default().add(all);
        impact.localities.entry(after.locality.clone()).or_default().add(all);
    }
}

/// One of two packs, and how records are judged by it.
pub struct Side<'v> {
    /// The pack.
    pub validator: &'v Validator,
    /// The day, and the rules that are not asked.
    pub options: StreamOptions,
}

impl<'v> Side<'v> {
    /// A pack that is asked every rule of one record as at this day, and none across records.
    pub fn of(validator: &'v Validator, as_at: Day) -> Self {
        let options = StreamOptions {
            as_at,
            stage: None,
            include_all: false,
            file: None,
            with_places: false,
            threads: 1,
            baseline: None,
            not_asked: Arc::default(),
            across: false,
            due: DueNoted::Soon,
        };
        Self { validator, options }
    }

    /// What is said of each record of a chunk; nothing of one that cannot be read.
    fn say(&self, chunk: &Chunk) -> Vec<Option<Said>> {
        let mut all = Vec::new();
        let mut see = |answer: Option<&mut Answer>| all.push(answer.map(|answer| Said::of(answer)));
        check_part(self.validator, chunk, 0..usize::MAX, &self.options, &mut see, &mut |_| {});
        all
    }
}
