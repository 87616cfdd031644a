//! What only all records of a run together show: a finding with the records that it rests on. It comes after the answers.

use crate::model::Finding;
use crate::model::Place;
use crate::model::Pointer;

/// Whose worklist a finding belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OwnedBy {
    /// The child's id; none for a finding about a worker.
    pub id: Option<String>,
    /// The locality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// The team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The id of the social worker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<String>,
}

/// A place in another record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaceWith {
    /// The other record.
    pub record: OwnedBy,
    /// Where in it.
    #[schema(value_type = String)]
    pub path: Pointer,
    /// Where in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
}

/// Which records a finding across records is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AcrossFacts {
    /// The record that it is told to, or the worker.
    pub record: OwnedBy,
    /// The places in other records; for a worker the first entry in each record, of the first twenty.
    pub with: Vec<PlaceWith>,
}

/// A finding across records: one line after the answers of a run. A pair of children has two, each told to one of them, with one id.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct AcrossAnswer {
    /// Which records it is about.
    pub across: AcrossFacts,
    /// The finding, alone in its list.
    pub findings: [Finding; 1],
}

impl AcrossAnswer {
    /// The finding.
    pub const fn finding(&self) -> &Finding {
        let [finding] = &self.findings;
        finding
    }
}
