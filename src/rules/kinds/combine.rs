//! `all_of` and `any_of`: several checks as one, by three-valued logic.

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::SubjectRef;
use crate::rules::judgement::Trace;
use crate::rules::kinds::Check;
use crate::rules::kinds::KINDS;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::tri::Tri;

static ALL_OF: Form = Form {
    name: "several checks together",
    about: "Do all of these checks hold of the record?",
    fields: &[field!(needed "checks", Takes::Many(&Takes::Check), "The checks, each of one kind.")],
};

static ANY_OF: Form = Form {
    name: "several checks of which one will do",
    about: "Does any of these checks hold of the record?",
    fields: &[field!(needed "checks", Takes::Many(&Takes::Check), "The checks, each of one kind.")],
};

/// All of several checks.
#[derive(Debug)]
pub struct AllOf(Vec<Check>);

/// Any of several checks.
#[derive(Debug)]
pub struct AnyOf(Vec<Check>);

/// Reads one check: a mapping with exactly one key, its kind.
pub fn read_check(written: &Written, build: &Build<'_, '_>) -> Option<Check> {
    let What::Map(entries) = &written.what else {
        build.problems.at(&written.span, "a check is a mapping with one key, its kind");
        return None;
    };
    let [entry] = entries.as_slice() else {
        build.problems.at(&written.span, "a check has exactly one kind; write two rules, or `all_of`");
        return None;
    };
    let Some((key, form)) = KINDS.iter().find(|(key, _)| *key == entry.key) else {
        build.problems.unknown(
            &entry.key_span,
            "kind of rule",
            &entry.key,
            KINDS.iter().map(|(key, _)| *key),
        );
        return None;
    };
    let fields = Fields::read(&entry.value, form, build.problems)?;
    let check = Check::read(key, &fields, build);
    if check.is_none() {
        build.look_over(&fields, form);
    }
    check
}

fn read_checks(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Vec<Check>> {
    let alone = |written: &Written| {
        let check = read_check(written, build)?;
        if check.is_across() {
            build
                .problems
                .at(&written.span, "a question across records stands alone: write a rule of its own");
            return None;
        }
        Some(check)
    };
    let checks: Vec<Option<Check>> = fields.many("checks").into_iter().map(alone).collect();
    checks.into_iter().collect()
}

/// Joined checks do not touch a record only when none of them does; they are open when one may be.
fn outcomes(checks: &[Check]) -> OutcomeSet {
    let mut set = OutcomeSet::of(&[Outcome::Met, Outcome::Breached]);
    if checks.iter().all(|check| check.outcomes().contains(Outcome::NotApplicable)) {
        set.insert(Outcome::NotApplicable);
    }
    if checks.iter().any(|check| check.outcomes().contains(Outcome::CannotTell)) {
        set.insert(Outcome::CannotTell);
    }
    set
}

/// Judges every check and joins what they say: of one check, a failing subject fails it and an open one leaves it open.
fn judge<'p>(
    checks: &'p [Check],
    facts: &Facts<'p, '_>,
    relaxed: &[Relaxation],
    join: fn(Tri, Tri) -> Tri,
    out: Out<'_, 'p>,
) {
    let mut result: Option<Tri> = None;
    let mut evidence: Vec<Trace<'p>> = Vec::new();
    let mut open_section = false;
    for check in checks {
        let mut holds: Option<Tri> = None;
        check.judge(facts, relaxed, &mut |judgement| {
            let tri = match judgement.outcome {
                Outcome::Met | Outcome::NotYetDue => Tri::True,
                Outcome::MetLate | Outcome::Overdue | Outcome::Breached => Tri::False,
                Outcome::CannotTell | Outcome::RuleError => Tri::Unknown,
                Outcome::NotApplicable => return,
            };
            if tri != Tri::True {
                evidence.extend_from_slice(&judgement.details().evidence);
                open_section |= judgement.section_missing;
            }
            holds = Some(holds.map_or(tri, |sum| sum.and(tri)));
        });
        if let Some(holds) = holds {
            result = Some(result.map_or(holds, |sum| join(sum, holds)));
        }
    }
    let mut judgement = match result {
        None => Judgement::not_applicable(SubjectRef::RECORD),
        Some(Tri::True) => Judgement::new(Outcome::Met, SubjectRef::RECORD),
        Some(Tri::False) => Judgement::new(Outcome::Breached, SubjectRef::RECORD),
        Some(Tri::Unknown) => Judgement::new(Outcome::CannotTell, SubjectRef::RECORD),
    };
    if judgement.outcome.is_finding() {
        judgement.section_missing = open_section && judgement.outcome == Outcome::CannotTell;
        judgement.details_mut().evidence = evidence;
    }
    out(judgement);
}

impl Kind for AllOf {
    const FORM: &'static Form = &ALL_OF;
    const GAPS: &'static [&'static str] = &[];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        read_checks(fields, build).map(Self)
    }

    fn outcomes(&self) -> OutcomeSet {
        outcomes(&self.0)
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, relaxed: &[Relaxation], out: Out<'_, 'p>) {
        judge(&self.0, facts, relaxed, Tri::and, out);
    }
}

impl Kind for AnyOf {
    const FORM: &'static Form = &ANY_OF;
    const GAPS: &'static [&'static str] = &[];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        read_checks(fields, build).map(Self)
    }

    fn outcomes(&self) -> OutcomeSet {
        outcomes(&self.0)
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, relaxed: &[Relaxation], out: Out<'_, 'p>) {
        judge(&self.0, facts, relaxed, Tri::or, out);
    }
}
