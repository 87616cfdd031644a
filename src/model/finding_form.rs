//! What a finding looks like as JSON, for the description of the interface. [`crate::model::Finding`] writes itself; this says how.

use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;

use crate::model::Dimension;
use crate::model::Finding;
use crate::model::Force;
use crate::model::Outcome;
use crate::model::Place;
use crate::model::Reliability;
use crate::model::Severity;

/// The rule of a finding.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `Finding` writes; nothing makes one")]
struct RuleHead {
    /// The rule's id, `PEP-001`.
    id: String,
    /// The revision in force.
    revision: u32,
    /// One line.
    title: String,
}

/// What a finding is about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `Finding` writes; nothing makes one")]
struct Subject {
    /// A JSON Pointer into the record.
    path: String,
    /// Facts that last, by name.
    key: Object,
}

type Object = std::collections::BTreeMap<String, serde_json::Value>;

/// What a rule found about one subject of one record.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `Finding` writes; nothing makes one")]
struct Form {
    /// Stable across runs: 32 hexadecimal digits.
    finding_id: String,
    #[schema(inline)]
    rule: RuleHead,
    /// The area that the rule belongs to.
    standard: String,
    outcome: Outcome,
    severity: Severity,
    force: Force,
    dimension: Dimension,
    reliability: Reliability,
    #[schema(inline)]
    subject: Subject,
    timing: Option<crate::model::Timing>,
    /// The places it rests on.
    evidence: Vec<crate::model::Evidence>,
    /// At most 90 characters, starting with a verb.
    message: String,
    /// The key of the message in a catalogue of translations.
    message_id: String,
    /// What filled the message's gaps.
    args: Object,
    /// What to do.
    fix: String,
    /// Where the standard is written.
    source: Object,
    /// The figures in force and who set each.
    params: Object,
    /// The names of the deciding field in the national returns.
    field_names: Object,
    caused_by: Option<crate::model::Cause>,
    /// `new` or `still`, when the caller said what it knew.
    change: Option<String>,
    waiver: Option<crate::model::WaiverNote>,
    at: Option<Place>,
}

impl PartialSchema for Finding {
    fn schema() -> RefOr<Schema> {
        Form::schema()
    }
}

impl ToSchema for Finding {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Form::schemas(schemas);
    }
}
