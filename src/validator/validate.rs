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
use crate::schema::RecordSchema;
use crate::validator::Waivers;
use crate::validator::answer;
use crate::validator::answer::Constants;
use crate::validator::schema_findings::SchemaRules;
use crate::validator::told::count;
use crate::validator::told::count_many;
use crate::validator::told::pass_over;
use crate::validator::told::take;

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
    /// The place of the rule in the pack.
    pub at: usize,
    pub severity: Severity,
    pub judged: Judged<'p>,
}

/// What is gathered while one record is judged.
pub(super) struct Gathered<'p> {
    pub schema_findings: Vec<Finding>,
    pub findings: Vec<Kept<'p>>,
    pub outcomes: Vec<Kept<'p>>,
    pub due_soon: Vec<DueSoon>,
    /// Each with the place of its rule in the pack.
    pub falls_due: Vec<(usize, FallsDue)>,
    pub counts: OutcomeCounts,
    pub evaluated: usize,
    /// The places in the pack of rules that were not run.
    pub not_run: Vec<usize>,
    /// The place in the pack of the rule that is being asked.
    pub asked: usize,
}

impl Gathered<'_> {
    /// Puts what was gathered in the order of the pack, whatever the order in which rules were asked.
    fn put_in_order(&mut self) {
        self.findings.sort_by_key(|kept| kept.at);
        self.outcomes.sort_by_key(|kept| kept.at);
        self.falls_due.sort_by_key(|(at, _)| *at);
        self.not_run.sort_unstable();
    }
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
            asked: 0,
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
        gathered.put_in_order();
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
        let mut left = self.pack.briefs_but(options.not_asked, |brief| into.not_run.push(brief.at));
        let in_time = || options.keep_going.is_none_or(|keep_going| keep_going());
        if !facts.explain && in_time() {
            self.pack.pass_over(facts, &mut left, |briefs, times| pass_over(briefs, times, tally, into));
        }
        for brief in self.pack.briefs_in(&left) {
            if !in_time() {
                into.not_run.push(brief.at);
                continue;
            }
            into.asked = brief.at;
            let result = catch_unwind(AssertUnwindSafe(|| {
                if facts.explain {
                    self.pack.ask(brief.at, facts, |judged| take(facts, judged, options, child, tally, into));
                    return;
                }
                let plain = self.pack.ask_in_brief(*brief, facts, |judged| {
                    // Most of what is said is only counted.
                    if judged.may_be_told() {
                        take(facts, judged, options, child, tally, into);
                    } else {
                        count(&judged, tally, into);
                    }
                });
                let rank = brief.rank as usize;
                count_many(Outcome::NotApplicable, plain.not_applicable, rank, tally, into);
                count_many(Outcome::Met, plain.met, rank, tally, into);
            }));
            if result.is_ok() {
                into.evaluated += 1;
            } else if let Some(rule) = self.pack.rules.get(brief.at) {
                take(facts, Judged::failed(rule), options, child, tally, into);
                into.not_run.push(brief.at);
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
