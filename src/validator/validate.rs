//! Judges one record: the shape first, then every rule, into one answer and one tally.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;

use crate::model::Answer;
use crate::model::Day;
use crate::model::Disposition;
use crate::model::DueSoon;
use crate::model::FallsDue;
use crate::model::Finding;
use crate::model::KnownFinding;
use crate::model::Outcome;
use crate::model::OutcomeCounts;
use crate::model::Place;
use crate::model::PlaceTable;
use crate::model::Pointer;
use crate::model::Record;
use crate::model::RuleStage;
use crate::model::Severity;
use crate::model::Stage;
use crate::model::Tally;
use crate::rules::Facts;
use crate::rules::Judged;
use crate::rules::Mark;
use crate::rules::Marked;
use crate::rules::Pack;
use crate::rules::Rule;
use crate::schema::RecordSchema;
use crate::validator::Waivers;
use crate::validator::answer;
use crate::validator::answer::Constants;
use crate::validator::finding;
use crate::validator::schema_findings::SchemaRules;

/// The most schema findings of one record.
const SCHEMA_CAP: usize = 200;

/// Every rule is asked.
static ASKED: BTreeSet<String> = BTreeSet::new();

/// Which due dates are taken note of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DueNoted {
    /// Those inside the warning of their rule, which every answer has.
    #[default]
    Soon,
    /// Those of everything whose clock runs, beside the answer.
    Every,
}

/// How one record is to be judged.
pub struct Options<'o> {
    /// The day as at which.
    pub as_at: Day,
    /// How far the piece of work has come.
    pub stage: Option<Stage>,
    /// Only what touches this part of the record.
    pub focus: Option<&'o Pointer>,
    /// Every outcome, not findings alone.
    pub include_all: bool,
    /// At most this many findings in the answer.
    pub cap: Option<usize>,
    /// The findings that the caller knows already.
    pub known: Option<&'o [KnownFinding]>,
    /// Says whether there is still time for another rule.
    pub keep_going: Option<&'o dyn Fn() -> bool>,
    /// The rules that hold an authorisation or closure when they find fault.
    pub holds: &'o [String],
    /// Where the record came from.
    pub at: Option<Place>,
    /// Where each of its values came from, when it was made of tables.
    pub places: Option<&'o PlaceTable>,
    /// Rules that are not asked, because their source cannot hold what they read.
    pub not_asked: &'o BTreeSet<String>,
    /// Which due dates are taken note of.
    pub due: DueNoted,
}

impl Options<'_> {
    /// Every finding, as at a day.
    pub const fn as_at(as_at: Day) -> Self {
        Self {
            as_at,
            stage: None,
            focus: None,
            include_all: false,
            cap: None,
            known: None,
            keep_going: None,
            holds: &[],
            at: None,
            places: None,
            not_asked: &ASKED,
            due: DueNoted::Soon,
        }
    }
}

/// Schema, rules and waivers, ready to judge.
#[derive(Debug)]
pub struct Validator {
    /// The record schema.
    pub schema: Arc<RecordSchema>,
    /// The rules.
    pub pack: Arc<Pack>,
    /// The waivers.
    pub waivers: Arc<Waivers>,
    schema_rules: SchemaRules,
    pub(super) constants: Constants,
}

/// What a rule said that a reader may be told of, kept as it was said until it is known to be shown.
pub(super) struct Kept<'p> {
    pub severity: Severity,
    pub judged: Judged<'p>,
}

/// What is gathered while one record is judged.
pub(super) struct Gathered<'p> {
    pub schema_findings: Vec<Finding>,
    pub findings: Vec<Kept<'p>>,
    pub outcomes: Vec<Kept<'p>>,
    pub due_soon: Vec<DueSoon>,
    pub falls_due: Vec<FallsDue>,
    pub counts: OutcomeCounts,
    pub evaluated: usize,
    pub not_run: Vec<String>,
}

impl Validator {
    /// A validator of these parts.
    pub fn new(schema: Arc<RecordSchema>, pack: Arc<Pack>, waivers: Arc<Waivers>) -> Self {
        let schema_rules = SchemaRules::new(schema.id());
        let constants = Constants::of(&pack, &schema);
        Self { schema, pack, waivers, schema_rules, constants }
    }

    /// An empty tally with a place for every rule of the pack and every waiver.
    pub fn tally(&self) -> Tally {
        Tally::new(self.pack.ranks.len(), self.waivers.all().len())
    }

    /// Judges one record and counts what was said of it.
    pub fn check(&self, record: &Record<'_>, options: &Options<'_>, tally: &mut Tally) -> Answer {
        self.check_and_mark(record, options, tally, None)
    }

    /// The same, and takes the marks that rules across records keep of it, where they are wanted.
    pub fn check_and_mark(
        &self,
        record: &Record<'_>,
        options: &Options<'_>,
        tally: &mut Tally,
        marks: Option<&mut Vec<Mark>>,
    ) -> Answer {
        let child = record.child().unwrap_or("");
        let mut gathered = Gathered {
            schema_findings: Vec::new(),
            findings: Vec::new(),
            outcomes: Vec::new(),
            due_soon: Vec::new(),
            falls_due: Vec::new(),
            counts: OutcomeCounts::default(),
            evaluated: 0,
            not_run: Vec::new(),
        };
        let rank = u32::try_from(self.pack.ranks.len()).unwrap_or(u32::MAX);
        for fault in self.schema.faults(record.root, SCHEMA_CAP) {
            if options.focus.is_none_or(|focus| fault.pointer.is_within(focus)) {
                gathered.schema_findings.extend(self.schema_rules.finding(fault, child, rank));
            }
        }
        let explain = options.include_all || options.focus.is_some();
        let facts = self.pack.facts(record.root, options.as_at, explain);
        self.ask_rules(&facts, options, child, tally, &mut gathered);
        if let Some(marks) = marks {
            self.mark(record, &facts, options, tally, marks);
        }
        tally.records += 1;
        let any = !gathered.schema_findings.is_empty() || !gathered.findings.is_empty();
        tally.records_with_findings += u64::from(any);
        let severities = gathered.schema_findings.iter().map(|finding| finding.severity);
        for severity in severities.chain(gathered.findings.iter().map(|kept| kept.severity)) {
            if let Some(count) = tally.findings.get_mut(severity as usize) {
                *count += 1;
            }
        }
        answer::assemble(self, record, &facts, options, gathered, tally)
    }

    fn ask_rules<'p>(
        &'p self,
        facts: &Facts<'p, '_>,
        options: &Options<'_>,
        child: &str,
        tally: &mut Tally,
        into: &mut Gathered<'p>,
    ) {
        let is_counted_only = options.focus.is_none() && !options.include_all;
        let of_a_record = |rule: &Rule| rule.off.is_none() && !rule.check.is_across();
        for (at, rule) in self.pack.rules.iter().enumerate().filter(|(_, rule)| of_a_record(rule)) {
            if (!options.not_asked.is_empty() && options.not_asked.contains(&rule.facts.id))
                || options.keep_going.is_some_and(|keep_going| !keep_going())
            {
                into.not_run.push(rule.facts.id.clone());
                continue;
            }
            if let Some(times) = (!facts.explain).then(|| rule.passes_over(facts)).flatten() {
                for rank in rule.ranks() {
                    tally.count_many(rank, Outcome::NotApplicable, times);
                    into.counts.add_many(Outcome::NotApplicable, times);
                }
                into.evaluated += 1;
                continue;
            }
            let result = catch_unwind(AssertUnwindSafe(|| {
                self.pack.ask(at, facts, |judged| {
                    // Most of what is said is only counted.
                    if is_counted_only && !judged.may_be_told() {
                        count(&judged, tally, into);
                    } else {
                        take(facts, judged, options, child, tally, into);
                    }
                });
            }));
            if result.is_ok() {
                into.evaluated += 1;
            } else {
                take(facts, Judged::failed(rule), options, child, tally, into);
                into.not_run.push(rule.facts.id.clone());
            }
        }
    }

    /// Takes the marks of a record that names its child; where that fails, no rule across records can be relied on.
    fn mark<'p>(
        &'p self,
        record: &Record<'_>,
        facts: &Facts<'p, '_>,
        options: &Options<'_>,
        tally: &mut Tally,
        marks: &mut Vec<Mark>,
    ) {
        let Some(child) = record.child().filter(|child| !child.trim().is_empty()) else { return };
        let (at, places) = (options.at.as_ref(), options.places);
        let of = Marked { child, owners: record.owners(), at, places };
        // Those of a record come all at once or not at all.
        let taken = catch_unwind(AssertUnwindSafe(|| self.pack.mark(facts, &of, options.not_asked, marks)));
        if taken.is_err() {
            for rule in self.pack.rules.iter().filter(|rule| rule.is_asked_across(options.as_at)) {
                tally.count(rule.rank as usize, Outcome::RuleError);
            }
        }
    }

    /// What the caller is told to do: findings of the rules that its profile marks hold an authorisation or a closure. `found` gives rule,
    /// severity and whether a waiver stands beside each finding.
    pub(super) fn disposition<'f>(
        &self,
        mut found: impl Iterator<Item = (&'f str, Severity, bool)> + Clone,
        options: &Options<'_>,
    ) -> Disposition {
        let may_hold =
            matches!(options.stage, Some(Stage::Authorised | Stage::Closed)) && !options.holds.is_empty();
        let holds = |rule: &str| {
            options.holds.iter().any(|own| own == rule)
                && self.pack.rule(rule).is_some_and(|rule| rule.stage == RuleStage::Enforce)
        };
        if may_hold
            && found
                .clone()
                .any(|(rule, severity, waived)| !waived && severity >= Severity::Error && holds(rule))
        {
            return Disposition::Hold;
        }
        let worth_showing = found.any(|(_, severity, waived)| severity > Severity::Info && !waived);
        if worth_showing { Disposition::Warn } else { Disposition::Proceed }
    }
}

/// Counts what a rule said.
#[inline]
fn count(judged: &Judged<'_>, tally: &mut Tally, into: &mut Gathered<'_>) {
    let outcome = judged.judgement.outcome;
    tally.count(judged.rank() as usize, outcome);
    into.counts.add(outcome);
}

/// Counts what a rule said, and keeps it when somebody may be told of it.
#[inline(never)]
fn take<'p>(
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
        into.findings.push(Kept { severity: finding::severity(&judged, options.stage), judged });
        return;
    }
    if judged.judgement.timing().is_some_and(|timing| timing.due_soon) {
        into.due_soon.extend(due(facts, &judged, child));
    }
    if options.due == DueNoted::Every && outcome == Outcome::NotYetDue {
        into.falls_due.extend(falls_due(facts, &judged));
    }
    if options.include_all {
        into.outcomes.push(Kept { severity: finding::severity(&judged, options.stage), judged });
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
