//! Ends a run with what only all of its records together show: marks were taken of each record, and what they show becomes findings that come
//! after the answers.

use std::collections::BTreeSet;
use std::io;

use crate::archive::Sorter;
use crate::model::AcrossAnswer;
use crate::model::AcrossFacts;
use crate::model::Baseline;
use crate::model::Day;
use crate::model::Evidence;
use crate::model::Finding;
use crate::model::FindingId;
use crate::model::Outcome;
use crate::model::OwnedBy;
use crate::model::PlaceWith;
use crate::model::Pointer;
use crate::model::RuleStage;
use crate::model::Subject;
use crate::model::Tally;
use crate::rules::FoundAcross;
use crate::rules::Mark;
use crate::rules::Rule;
use crate::rules::Shown;
use crate::validator::Validator;
use crate::validator::finding::finding_id;
use crate::validator::finding::plain;

/// Bytes of marks that a run keeps in memory; what is beyond waits in temporary files.
pub const MARKS_IN_MEMORY: usize = 8 << 20;

/// How a run is ended.
#[derive(Clone, Copy, Debug)]
pub struct AcrossOptions<'o> {
    /// The day as at which its records were judged.
    pub as_at: Day,
    /// An earlier run to compare with.
    pub baseline: Option<&'o Baseline>,
    /// Rules that were not asked, because the source cannot hold what they read.
    pub not_asked: &'o BTreeSet<String>,
}

impl Validator {
    /// Hands on what the marks of all records show, rule by rule, and counts it. The order depends on the records alone, not on that in which
    /// they came. A child is told of every pair that it is one of.
    pub fn across(
        &self,
        marks: Sorter<Mark>,
        options: &AcrossOptions<'_>,
        tally: &mut Tally,
        hand_on: &mut dyn FnMut(AcrossAnswer, &mut Tally) -> io::Result<()>,
    ) -> io::Result<()> {
        if let Some(baseline) = options.baseline {
            baseline.not_judged_across(|rule| options.not_asked.contains(rule));
        }
        self.pack.across(marks.finish()?, &mut |shown| match shown {
            Shown::Holds(rule) => {
                if let Some(rule) = self.pack.rules.get(rule) {
                    tally.count(rule.rank as usize, Outcome::Met);
                }
                Ok(())
            }
            Shown::Found(found) => {
                let Some(rule) = self.pack.rules.get(found.rule) else { return Ok(()) };
                tally.count(rule.rank as usize, Outcome::Breached);
                if rule.stage == RuleStage::Shadow {
                    return Ok(());
                }
                let answer = self.found(rule, &found, options, tally);
                if let Some(count) = tally.findings.get_mut(answer.finding().severity as usize) {
                    *count += 1;
                }
                hand_on(answer, tally)
            }
        })
    }

    fn found(
        &self,
        rule: &Rule,
        found: &FoundAcross<'_>,
        options: &AcrossOptions<'_>,
        tally: &mut Tally,
    ) -> AcrossAnswer {
        let (id_child, id_key) = &found.id;
        let id = finding_id(&rule.facts.id, id_child, id_key);
        let child = if found.worker.is_some() { "" } else { found.mark.child() };
        let mut finding = finding(rule, found, id);
        if let Some(baseline) = options.baseline {
            finding.change = Some(if baseline.see_across(child, id) { "still" } else { "new" });
        }
        if let Some(waiver) = self.waivers.find(&rule.facts.id, id, child, options.as_at) {
            // A pair is told twice and counts once, unless the waiver is for one of the two.
            let of_one = self.waivers.all().get(waiver).is_some_and(|waiver| waiver.child.is_some());
            if found.is_first || of_one {
                tally.count_waived(waiver);
            }
            finding.waiver = self.waivers.note(waiver).filter(|_| self.waivers.covers(waiver, 1));
        }
        let record = owned_by(Some(child).filter(|child| !child.is_empty()), found.owners);
        AcrossAnswer {
            across: AcrossFacts { record, with: found.with.iter().map(|mark| place_with(mark)).collect() },
            findings: [finding],
        }
    }
}

fn owned_by(child: Option<&str>, [locality, team, worker]: [Option<&str>; 3]) -> OwnedBy {
    let text = |text: Option<&str>| text.map(str::to_owned);
    OwnedBy { id: text(child), locality: text(locality), team: text(team), worker_id: text(worker) }
}

/// The pointer of a mark, which was one when it was taken.
fn pointer(mark: &Mark) -> Pointer {
    Pointer::parse(mark.pointer()).unwrap_or_default()
}

fn place_with(mark: &Mark) -> PlaceWith {
    PlaceWith { record: owned_by(Some(mark.child()), mark.owners()), path: pointer(mark), at: mark.at() }
}

fn finding(rule: &Rule, found: &FoundAcross<'_>, finding_id: FindingId) -> Finding {
    let (path, at) = (pointer(found.mark), found.mark.at());
    let evidence = Evidence {
        role: "differs",
        path: path.clone(),
        considered: None,
        matched: None,
        because: None,
        at: at.clone(),
    };
    Finding {
        finding_id,
        rule: std::sync::Arc::clone(&rule.facts),
        rank: rule.rank,
        outcome: Outcome::Breached,
        severity: rule.facts.severity,
        subject: Subject { path, key: found.key.clone() },
        timing: None,
        evidence: vec![evidence],
        message: rule.say.render(Outcome::Breached, &found.args),
        message_id: [&rule.facts.id, ".", Outcome::Breached.word()].concat(),
        args: found.args.iter().map(|(name, value)| (*name, plain(value))).collect(),
        field_names: Vec::new(),
        caused_by: None,
        change: None,
        waiver: None,
        at,
    }
}
