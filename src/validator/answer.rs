//! Puts the answer to one record together: order, cap, change, verdict.

use std::cmp::Ordering;

use sha2::Digest as _;
use sha2::Sha256;

use crate::model::Answer;
use crate::model::Change;
use crate::model::Decision;
use crate::model::Finding;
use crate::model::PackFacts;
use crate::model::Record;
use crate::model::RecordFacts;
use crate::model::RuleCount;
use crate::model::Verdict;
use crate::validator::Options;
use crate::validator::Validator;
use crate::validator::validate::Gathered;

/// The version of the engine, in every decision.
const ENGINE: &str = concat!("casecheck ", env!("CARGO_PKG_VERSION"));

/// The most serious first, new before old, then as the rules stand in the pack, then by subject.
fn order(left: &Finding, right: &Finding) -> Ordering {
    let old = |finding: &Finding| finding.change == Some("still");
    right
        .severity
        .cmp(&left.severity)
        .then_with(|| old(left).cmp(&old(right)))
        .then_with(|| left.rank.cmp(&right.rank))
        .then_with(|| left.subject.path.cmp(&right.subject.path))
        .then_with(|| left.finding_id.cmp(&right.finding_id))
}

pub(super) fn assemble(
    validator: &Validator,
    record: &Record<'_>,
    options: &Options<'_>,
    gathered: Gathered,
) -> Answer {
    let Gathered { mut findings, mut outcomes, mut due_soon, counts, evaluated, not_run } = gathered;
    let change = mark_changes(&mut findings, options);
    findings.sort_by(order);
    outcomes.sort_by(order);
    due_soon.sort_by(|left, right| {
        (left.due_on, &left.rule, left.finding_id).cmp(&(right.due_on, &right.rule, right.finding_id))
    });
    if let Some(at) = &options.at {
        for finding in &mut findings {
            finding.at = Some(at.clone());
        }
    }
    let complete = not_run.is_empty();
    let verdict = match (complete, findings.is_empty()) {
        (false, _) => Verdict::NotChecked,
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Findings,
    };
    let disposition = validator.disposition(&findings, options);
    let expected = validator.pack.rules.iter().filter(|rule| rule.off.is_none()).count();
    let shown = options.cap.unwrap_or(usize::MAX);
    let more_count = findings.len().saturating_sub(shown);
    findings.truncate(shown);
    let digest = hex(&Sha256::digest(record.bytes));
    let pack = &validator.pack;
    let decision = Decision {
        decision_id: decision_id(validator, options, &digest),
        as_at: options.as_at,
        complete,
        disposition,
        verdict,
        record: RecordFacts {
            id: record.child().map(str::to_owned),
            digest,
            schema: validator.schema.id().to_owned(),
            schema_digest: validator.schema.digest().to_owned(),
        },
        pack: PackFacts {
            name: pack.name.clone(),
            version: pack.version.clone(),
            digest: pack.digest.clone(),
            overlay: pack.overlay.as_ref().map(|(name, version)| format!("{name} {version}")),
        },
        calendar: format!("{} {}", pack.calendar.name(), pack.calendar.version()),
        engine: ENGINE,
        rules: RuleCount { expected, evaluated, not_run },
        counts,
        took_us: None,
    };
    Answer { decision, findings, more_count, outcomes, due_soon, change, at: options.at.clone() }
}

fn mark_changes(findings: &mut [Finding], options: &Options<'_>) -> Change {
    let Some(known) = options.known else { return Change { new: findings.len(), ..Change::default() } };
    let mut change = Change::default();
    for finding in findings.iter_mut() {
        let still = known.contains(&finding.finding_id);
        finding.change = Some(if still { "still" } else { "new" });
        if still {
            change.still += 1;
        } else {
            change.new += 1;
        }
    }
    change.fixed =
        known.iter().filter(|id| !findings.iter().any(|finding| finding.finding_id == **id)).count();
    change
}

/// The same question has the same id: record, day, rules, calendar and what was asked.
fn decision_id(validator: &Validator, options: &Options<'_>, record_digest: &str) -> String {
    let pack = &validator.pack;
    let overlay = pack.overlay.as_ref().map_or("", |(name, _)| name.as_str());
    let focus = options.focus.map_or("", |focus| focus.as_str());
    let stage = options.stage.map_or("", crate::model::Stage::word);
    let as_at = options.as_at.to_string();
    let parts = [
        record_digest,
        &as_at,
        &pack.digest,
        overlay,
        pack.calendar.version(),
        validator.schema.digest(),
        focus,
        stage,
        if options.include_all { "all" } else { "" },
        ENGINE,
    ];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    for id in options.known.unwrap_or_default() {
        hash.update(id.0.to_be_bytes());
    }
    hex(&hash.finalize()).get(..32).unwrap_or_default().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(DIGITS.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit)));
        }
    }
    text
}
