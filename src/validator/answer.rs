//! Puts the answer to one record together: order, cap, change, verdict.

use sha2::Digest as _;
use sha2::Sha256;

use crate::model::Answer;
use crate::model::Change;
use crate::model::Decision;
use crate::model::Disposition;
use crate::model::Finding;
use crate::model::OutcomeCounts;
use crate::model::PackFacts;
use crate::model::Record;
use crate::model::RecordFacts;
use crate::model::Rendered;
use crate::model::RuleCount;
use crate::model::Severity;
use crate::model::Tally;
use crate::model::Verdict;
use crate::model::hex;
use crate::rules::Facts;
use crate::rules::Pack;
use crate::schema::RecordSchema;
use crate::validator::Options;
use crate::validator::Validator;
use crate::validator::finding;
use crate::validator::validate::Gathered;
use crate::validator::validate::Kept;

/// The version of the engine, in every decision.
const ENGINE: &str = concat!("casecheck ", env!("CARGO_PKG_VERSION"));

/// A finding on its way into the answer: of the schema, made already, or of a rule, not yet.
enum Waiting<'p> {
    Made(Box<Finding>),
    Said(Box<Kept<'p>>),
}

/// What decides the place of a finding in the answer.
struct Placed<'p> {
    severity: Severity,
    /// What it is against what was known.
    change: &'static str,
    /// The place of the waiver that stands beside it.
    waived: Option<usize>,
    waiting: Waiting<'p>,
}

impl Waiting<'_> {
    fn rule(&self) -> &str {
        match self {
            Self::Made(finding) => &finding.rule.id,
            Self::Said(kept) => &kept.judged.rule().id,
        }
    }
}

/// The most serious first, new before old, then as the rules stand in the pack and the subjects in the document, schema findings last.
/// Only what will be shown is made into findings; the rest is counted.
fn arrange<'p>(
    validator: &Validator,
    facts: &Facts<'p, '_>,
    options: &Options<'_>,
    child: &str,
    schema_findings: Vec<Finding>,
    kept: Vec<Kept<'p>>,
    tally: &mut Tally,
) -> (Vec<Placed<'p>>, Change) {
    let mut change = Change::default();
    let mut found = 0;
    let waivers = !validator.waivers.all().is_empty();
    let said = kept
        .into_iter()
        .map(|kept| Waiting::Said(Box::new(kept)))
        .chain(schema_findings.into_iter().map(|finding| Waiting::Made(Box::new(finding))));
    let mut placed: Vec<Placed<'p>> = said
        .map(|waiting| {
            let id = (options.known.is_some() || waivers).then(|| match &waiting {
                Waiting::Made(finding) => finding.finding_id,
                Waiting::Said(kept) => {
                    let subject = finding::subject(facts, kept.judged.judgement.subject);
                    finding::finding_id(&kept.judged.rule().id, child, &subject.key)
                }
            });
            let outcome = match &waiting {
                Waiting::Made(finding) => finding.outcome,
                Waiting::Said(kept) => kept.judged.judgement.outcome,
            };
            let known = id.and_then(|id| options.known?.iter().find(|known| known.id == id));
            let changed = known.is_some_and(|known| known.outcome.is_some_and(|before| before != outcome));
            found += usize::from(known.is_some());
            change.changed += usize::from(changed);
            let against = match known {
                None => "new",
                Some(_) if changed => "changed",
                Some(_) => "still",
            };
            let waived = id.and_then(|id| validator.waivers.find(waiting.rule(), id, child, options.as_at));
            let severity = match &waiting {
                Waiting::Made(finding) => finding.severity,
                Waiting::Said(kept) => kept.severity,
            };
            Placed { severity, change: against, waived, waiting }
        })
        .collect();
    let mut fitted = Tally::new(0, validator.waivers.all().len());
    placed.iter().filter_map(|placed| placed.waived).for_each(|waiver| fitted.count_waived(waiver));
    tally.merge(&fitted);
    for placed in &mut placed {
        let findings = |waiver: &usize| fitted.waivers().get(*waiver).copied().unwrap_or(0);
        placed.waived = placed.waived.filter(|waiver| validator.waivers.covers(*waiver, findings(waiver)));
    }
    change.still = found;
    change.new = placed.len() - found;
    change.fixed = options.known.map_or(0, |known| known.len().saturating_sub(found));
    placed.sort_by_key(|placed| (std::cmp::Reverse(placed.severity), placed.change == "still"));
    (placed, change)
}

/// Makes the finding that will be shown.
fn make(
    validator: &Validator,
    facts: &Facts<'_, '_>,
    options: &Options<'_>,
    child: &str,
    placed: Placed<'_>,
) -> Finding {
    let mut finding = match placed.waiting {
        Waiting::Made(finding) => *finding,
        Waiting::Said(kept) => finding::finding(facts, &kept.judged, child, options.stage),
    };
    if options.known.is_some() {
        finding.change = Some(placed.change);
    }
    finding.waiver = placed.waived.and_then(|waiver| validator.waivers.note(waiver));
    match options.places {
        Some(places) => finding.locate(places),
        None => finding.at.clone_from(&options.at),
    }
    finding
}

/// The answer of what was gathered.
pub(super) fn assemble(
    validator: &Validator,
    record: &Record<'_>,
    facts: &Facts<'_, '_>,
    options: &Options<'_>,
    gathered: Gathered<'_>,
    tally: &mut Tally,
) -> Answer {
    let Gathered {
        schema_findings,
        findings,
        outcomes,
        mut due_soon,
        falls_due,
        counts,
        evaluated,
        not_run,
        ..
    } = gathered;
    let child = record.child().unwrap_or("");
    let (placed, change) = arrange(validator, facts, options, child, schema_findings, findings, tally);
    let complete = not_run.is_empty();
    let verdict = match (complete, placed.is_empty()) {
        (false, _) => Verdict::NotChecked,
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Findings,
    };
    let disposition = validator.disposition(
        placed.iter().map(|placed| (placed.waiting.rule(), placed.severity, placed.waived.is_some())),
        options,
    );
    let shown = options.cap.unwrap_or(usize::MAX);
    let more_count = placed.len().saturating_sub(shown);
    let findings =
        placed.into_iter().take(shown).map(|placed| make(validator, facts, options, child, placed)).collect();
    let outcomes =
        outcomes.iter().map(|kept| finding::finding(facts, &kept.judged, child, options.stage)).collect();
    due_soon.sort_by(|left, right| {
        (left.due_on, &left.rule, left.finding_id).cmp(&(right.due_on, &right.rule, right.finding_id))
    });
    let not_run: Vec<String> =
        not_run.iter().filter_map(|at| Some(validator.pack.rules.get(*at)?.facts.id.clone())).collect();
    let expected = evaluated + not_run.len();
    let decision = decision(
        validator,
        record,
        options,
        verdict,
        disposition,
        counts,
        RuleCount { expected, evaluated, not_run },
    );
    Answer {
        decision: Decision { complete, ..decision },
        findings,
        more_count,
        outcomes,
        due_soon,
        falls_due: falls_due.into_iter().map(|(_, due)| due).collect(),
        change,
        at: options.at.clone(),
    }
}

fn decision(
    validator: &Validator,
    record: &Record<'_>,
    options: &Options<'_>,
    verdict: Verdict,
    disposition: Disposition,
    counts: OutcomeCounts,
    rules: RuleCount,
) -> Decision {
    let digest = hex(&Sha256::digest(record.bytes));
    let constants = &validator.constants;
    let owners = record.owners();
    Decision {
        decision_id: decision_id(validator, options, &digest),
        as_at: options.as_at,
        complete: true,
        disposition,
        verdict,
        record: RecordFacts {
            id: record.child().map(str::to_owned),
            locality: owners.locality.map(str::to_owned),
            team: owners.team.map(str::to_owned),
            worker_id: owners.worker.map(str::to_owned),
            digest,
            schema: constants.schema.clone(),
            schema_digest: constants.schema_digest.clone(),
        },
        pack: constants.pack.clone(),
        calendar: constants.calendar.clone(),
        engine: constants.engine.clone(),
        rules,
        counts,
        took_us: None,
    }
}

/// What every decision of a validator says alike.
#[derive(Debug)]
pub(super) struct Constants {
    pack: Rendered,
    schema: Rendered,
    schema_digest: Rendered,
    calendar: Rendered,
    engine: Rendered,
}

impl Constants {
    pub(super) fn of(pack: &Pack, schema: &RecordSchema) -> Self {
        let overlay = pack.overlay.as_ref().map(|(name, version)| format!("{name} {version}"));
        let facts = PackFacts {
            name: pack.name.clone(),
            version: pack.version.clone(),
            digest: pack.digest.clone(),
            overlay,
        };
        Self {
            pack: Rendered::of(&facts),
            schema: Rendered::of(schema.id()),
            schema_digest: Rendered::of(schema.digest()),
            calendar: Rendered::of(&format!("{} {}", pack.calendar.name(), pack.calendar.version())),
            engine: Rendered::of(ENGINE),
        }
    }
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
    for known in options.known.unwrap_or_default() {
        hash.update(known.id.0.to_be_bytes());
    }
    hex(&hash.finalize()).get(..32).unwrap_or_default().to_owned()
}
