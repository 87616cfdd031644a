//! Findings as SARIF 2.1.0, for tools that show the results of analysis: one run, its rules, one result a finding. Written result by result,
//! so that memory does not grow with them.

use std::io::Write;

use serde_json::Value;
use serde_json::json;

use crate::model::Place;
use crate::model::Severity;
use crate::report::columns::Told;
use crate::report::rows::ReportError;
use crate::report::rows::WaiverRow;
use crate::rules::Pack;

/// Writes findings as SARIF.
pub struct Sarif<W: Write> {
    to: W,
    any: bool,
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// What the run says of every rule, those of the schema aside.
fn rules(pack: &Pack) -> Vec<Value> {
    let facts = pack.ranks.iter().filter_map(|id| pack.facts_of(id));
    let rule = |facts: &std::sync::Arc<crate::model::RuleFacts>| {
        json!({
            "id": facts.id,
            "name": facts.id,
            "shortDescription": { "text": facts.title },
            "help": { "text": facts.fix },
            "defaultConfiguration": { "level": level(facts.severity) },
            "properties": { "standard": facts.standard, "revision": facts.revision },
        })
    };
    facts.map(rule).collect()
}

impl<W: Write> Sarif<W> {
    /// Starts the document with the rules of a pack.
    pub fn start(mut to: W, pack: &Pack) -> Result<Self, ReportError> {
        let driver = json!({
            "name": "casecheck",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules(pack),
            "properties": { "pack": pack.name, "packVersion": pack.version, "packDigest": pack.digest },
        });
        write!(
            to,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\
             \"columnKind\":\"unicodeCodePoints\",\"results\":["
        )?;
        Ok(Self { to, any: false })
    }

    /// Writes a finding.
    pub fn write(&mut self, told: &Told<'_>) -> Result<(), ReportError> {
        if std::mem::replace(&mut self.any, true) {
            self.to.write_all(b",")?;
        }
        serde_json::to_writer(&mut self.to, &SarifResult::of(told)).map_err(std::io::Error::from)?;
        Ok(())
    }

    /// Ends the document.
    pub fn finish(mut self) -> Result<(), ReportError> {
        self.to.write_all(b"]}]}\n")?;
        Ok(self.to.flush()?)
    }
}

/// A result, as the format has it.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'r> {
    rule_id: &'r str,
    level: &'static str,
    message: Value,
    locations: [Location; 1],
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Value>,
    properties: Value,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(rename = "logicalLocations")]
    logical: [Value; 1],
    #[serde(rename = "physicalLocation", skip_serializing_if = "Option::is_none")]
    physical: Option<PhysicalLocation>,
    /// The cell of a workbook: a region has no way to name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Value>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Value>,
}

impl<'r> SarifResult<'r> {
    fn of(told: &Told<'r>) -> Self {
        let (finding, at) = (told.finding, told.finding.at.as_ref());
        let path = format!("{}{}", told.record.id.as_deref().unwrap_or(""), finding.subject.path);
        let physical = at.and_then(|at| at.file.as_deref()).map(|file| PhysicalLocation {
            artifact_location: json!({ "uri": as_uri(file) }),
            region: at
                .filter(|at| at.sheet.is_none())
                .and_then(|at| at.line)
                .map(|line| json!({ "startLine": line })),
        });
        let waived = |waiver: &WaiverRow| json!({ "kind": "external", "status": "accepted", "justification": waiver.disposition });
        Self {
            rule_id: &finding.rule.id,
            level: level(finding.severity),
            message: json!({ "text": finding.message }),
            locations: [Location {
                logical: [json!({ "fullyQualifiedName": path, "kind": "value" })],
                message: at.and_then(Place::in_sheet).map(|cell| json!({ "text": cell })),
                physical,
            }],
            partial_fingerprints: json!({ "findingId/v1": finding.finding_id }),
            baseline_state: finding.change.as_deref().map(|change| match change {
                "still" => "unchanged",
                "changed" => "updated",
                _ => "new",
            }),
            suppressions: finding.waiver.iter().map(waived).collect(),
            properties: json!({
                "outcome": finding.outcome, "severity": finding.severity, "standard": finding.standard,
                "revision": finding.rule.revision,
            }),
        }
    }
}

/// A file's name as a relative reference: what a URI cannot hold is escaped.
fn as_uri(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
