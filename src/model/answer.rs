//! The answer to one record: the same object from save, stream, command line and bulk.

use crate::model::Day;
use crate::model::Disposition;
use crate::model::Finding;
use crate::model::FindingId;
use crate::model::OutcomeCounts;
use crate::model::Rendered;

/// Whether the record may be called good. `pass` needs every expected rule evaluated and nothing found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every expected rule ran and there is no finding.
    Pass,
    /// Every expected rule ran and there are findings.
    Findings,
    /// Some expected rule did not run: never a pass.
    NotChecked,
}

/// Which record was judged.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct RecordFacts {
    /// The child's id in the authority's system.
    pub id: Option<String>,
    /// The locality that the record names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// The team that the record names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The id of the social worker who has the child now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<String>,
    /// SHA-256 of the document's bytes.
    pub digest: String,
    /// The `$id` of the record schema.
    #[schema(value_type = String)]
    pub schema: Rendered,
    /// SHA-256 over the schema files.
    #[schema(value_type = String)]
    pub schema_digest: Rendered,
}

/// Which rules judged it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct PackFacts {
    /// The pack's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over its files.
    pub digest: String,
    /// The overlay in use.
    pub overlay: Option<String>,
}

/// How many rules were expected and ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct RuleCount {
    /// Rules that should have run.
    pub expected: usize,
    /// Rules that ran to their end.
    pub evaluated: usize,
    /// The ids of those that did not.
    pub not_run: Vec<String>,
}

/// What was decided about one record.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Decision {
    /// Made of everything that the decision rests on, so the same question has the same id.
    pub decision_id: String,
    /// The day as at which it was judged.
    #[schema(value_type = String)]
    pub as_at: Day,
    /// Whether every expected rule ran.
    pub complete: bool,
    /// What the caller is told to do.
    pub disposition: Disposition,
    /// Whether the record may be called good.
    pub verdict: Verdict,
    /// Which record.
    pub record: RecordFacts,
    /// Which rules.
    #[schema(value_type = PackFacts)]
    pub pack: Rendered,
    /// The working-day calendar.
    #[schema(value_type = String)]
    pub calendar: Rendered,
    /// The version of this program.
    #[schema(value_type = String)]
    pub engine: Rendered,
    /// How many rules ran.
    pub rules: RuleCount,
    /// Every outcome, counted.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    pub counts: OutcomeCounts,
    /// Microseconds of work; only on save, and the only part that may differ between two like calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_us: Option<u64>,
}

/// Something that falls due soon.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DueSoon {
    /// The rule's id.
    pub rule: String,
    /// The day.
    #[schema(value_type = String)]
    pub due_on: Day,
    /// How long is left, in `unit`.
    pub days_left: i64,
    /// `days` or `working days`.
    #[schema(value_type = String)]
    pub unit: &'static str,
    /// What to do.
    pub message: String,
    /// The finding it would become.
    #[schema(value_type = String)]
    pub finding_id: FindingId,
}

/// Something that falls due, however far off: what a job keeps so that it can be asked what falls due between two days.
#[derive(Clone, Debug, PartialEq)]
pub struct FallsDue {
    /// The rule.
    pub rule: std::sync::Arc<crate::model::RuleFacts>,
    /// What the rule was asked about.
    pub subject: crate::model::Pointer,
    /// The day the clock started.
    pub started_on: Option<Day>,
    /// The last day on which it is in time.
    pub due_on: Day,
    /// The limit could only be approximated.
    pub approximate: bool,
}

/// What has changed against the findings that the caller knew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Change {
    /// Found now, not known before.
    pub new: usize,
    /// Known before, not found now.
    pub fixed: usize,
    /// Known before and found now.
    pub still: usize,
    /// Of those, how many with another outcome, where the outcome before is known: in a run that is compared with an earlier one.
    #[serde(skip_serializing_if = "is_nought")]
    pub changed: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_nought(count: &usize) -> bool {
    *count == 0
}

/// The answer to one record.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Answer {
    /// What was decided, about what, by which rules.
    pub decision: Decision,
    /// The most serious first, new before old.
    pub findings: Vec<Finding>,
    /// How many findings were left out of `findings`.
    pub more_count: usize,
    /// Every outcome that is not a finding, when all were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Finding>,
    /// What falls due soon.
    pub due_soon: Vec<DueSoon>,
    /// All that falls due, in the order of the pack, where it was asked for; no part of what is written.
    #[serde(skip)]
    pub falls_due: Vec<FallsDue>,
    /// Against what the caller knew.
    pub change: Change,
    /// Where the record came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<crate::model::Place>,
}
