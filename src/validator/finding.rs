//! Makes a finding of what a rule said: pointers, keys, words.

use sha2::Digest as _;
use sha2::Sha256;

use crate::model::Cause;
use crate::model::Evidence;
use crate::model::Finding;
use crate::model::FindingId;
use crate::model::KeyPart;
use crate::model::Outcome;
use crate::model::Severity;
use crate::model::Stage;
use crate::model::Subject;
use crate::rules::Arg;
use crate::rules::BEYOND_CALENDAR;
use crate::rules::Facts;
use crate::rules::Judged;
use crate::rules::NOT_SENT;
use crate::rules::SubjectRef;
use crate::rules::Trace;

/// The id that a finding keeps: the rule, the child, the lasting facts of the subject.
pub(super) fn finding_id(rule: &str, child: &str, key: &[(String, KeyPart)]) -> FindingId {
    // One long piece is digested faster than many short ones.
    let mut whole = Vec::with_capacity(256);
    for part in [rule, child] {
        whole.extend_from_slice(part.as_bytes());
        whole.push(0);
    }
    for (name, part) in key {
        whole.extend_from_slice(name.as_bytes());
        whole.push(1);
        match part {
            KeyPart::Day(day) => whole.extend_from_slice(&day.number().to_be_bytes()),
            KeyPart::Text(text) => whole.extend_from_slice(text.as_bytes()),
            KeyPart::Number(number) => whole.extend_from_slice(&number.to_be_bytes()),
            KeyPart::Missing => whole.push(2),
        }
        whole.push(0);
    }
    let bytes = Sha256::digest(&whole);
    let first = bytes.iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    FindingId(first)
}

/// What a judgement is about, as a reader sees it.
pub(super) fn subject(facts: &Facts<'_, '_>, of: SubjectRef) -> Subject {
    let mut key = match of.stretch {
        Some(from) => vec![("from".to_owned(), KeyPart::Day(from))],
        None => facts.key(of.list, of.item),
    };
    key.extend(of.since.map(|since| ("since".to_owned(), KeyPart::Day(since))));
    key.extend(of.part.map(|part| ("part".to_owned(), KeyPart::Number(i64::from(part)))));
    Subject { path: facts.pointer(of.list, of.item), key }
}

/// How bad this outcome is here. What cannot be told is at most a warning, and information where a part of the record was not sent;
/// in a draft, what is only incomplete is still to do.
pub(super) fn severity(judged: &Judged<'_>, stage: Option<Stage>) -> Severity {
    let rule = judged.rule();
    let base = match judged.judgement.outcome {
        Outcome::CannotTell if judged.judgement.section_missing => Severity::Info,
        Outcome::CannotTell => rule.severity.min(Severity::Warning),
        Outcome::RuleError => Severity::Error,
        _ => rule.severity,
    };
    let still_to_do = stage == Some(Stage::Draft)
        && rule.dimension == crate::model::Dimension::Completeness
        && judged.judgement.outcome == Outcome::Breached;
    if still_to_do { Severity::Info } else { base }
}

/// The finding, or the outcome in the same form.
pub(super) fn finding(
    facts: &Facts<'_, '_>,
    judged: &Judged<'_>,
    child: &str,
    stage: Option<Stage>,
) -> Finding {
    let judgement = &judged.judgement;
    let subject = subject(facts, judgement.subject);
    let outcome = judgement.outcome;
    let message = message(facts, judged);
    let cause = judged.cause().map(|(rule, of)| Cause {
        rule: rule.id.clone(),
        finding_id: finding_id(&rule.id, child, &self::subject(facts, of).key),
    });
    Finding {
        finding_id: finding_id(&judged.rule().id, child, &subject.key),
        rule: std::sync::Arc::clone(judged.rule()),
        rank: judged.rank(),
        outcome,
        severity: severity(judged, stage),
        subject,
        timing: judgement.timing().copied(),
        evidence: judgement.details().evidence.iter().map(|trace| evidence(facts, trace)).collect(),
        message,
        message_id: [&judged.rule().id, ".", outcome.word()].concat(),
        args: judgement.details().args.iter().map(|(name, value)| (*name, plain(value))).collect(),
        field_names: field_names(judgement.details().evidence.iter()),
        caused_by: cause,
        change: None,
        waiver: None,
        at: None,
    }
}

/// The line that people read. What cannot be told says what would let it be told: a part to send, or a value to record.
fn message(facts: &Facts<'_, '_>, judged: &Judged<'_>) -> String {
    let judgement = &judged.judgement;
    if judgement.outcome == Outcome::CannotTell {
        let unsent = judgement
            .details()
            .evidence
            .iter()
            .find(|trace| trace.because == Some(NOT_SENT))
            .map(|trace| trace.spot.list);
        if let Some(section) = unsent.and_then(|list| facts.plan(list)?.section.as_ref()) {
            return format!(
                "Send `{}` (an empty list if there are none), so that this can be judged",
                section.as_str()
            );
        }
        if judgement.details().evidence.iter().any(|trace| trace.because == Some(BEYOND_CALENDAR)) {
            return "Check this by hand: its dates lie outside the working-day calendar".to_owned();
        }
    }
    judged.say().render(judgement.outcome, &judgement.details().args)
}

/// A value of a message as text.
pub(super) fn plain(value: &Arg) -> String {
    match value {
        Arg::Day(day) => day.to_string(),
        Arg::Number(number) => number.to_string(),
        Arg::Words(words) => words.clone(),
    }
}

fn evidence(facts: &Facts<'_, '_>, trace: &Trace<'_>) -> Evidence {
    let path = if trace.spot.item == u32::MAX {
        facts.list_pointer(trace.spot.list, 0)
    } else {
        facts.spot_pointer(&trace.spot)
    };
    Evidence {
        role: trace.role,
        path,
        considered: trace.counts.map(|(considered, _)| considered),
        matched: trace.counts.map(|(_, matched)| matched),
        because: trace.because,
        at: None,
    }
}

/// What the national returns call the fields that decided: one name for each return.
fn field_names<'t>(traces: impl Iterator<Item = &'t Trace<'t>>) -> Vec<(&'static str, String)> {
    let mut names: Vec<(&'static str, String)> = Vec::new();
    for (standard, name) in
        traces.filter_map(|trace| trace.spot.path).flat_map(|path| &path.words.field_names)
    {
        if !names.iter().any(|(known, _)| known == standard) {
            names.push((standard, name.clone()));
        }
    }
    names
}
