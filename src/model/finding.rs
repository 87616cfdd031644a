//! A finding: what a reader should act on. It holds pointers, computed dates and counts; never the content of a record.

use std::fmt;
use std::sync::Arc;

use crate::model::Day;
use crate::model::Dimension;
use crate::model::Force;
use crate::model::Outcome;
use crate::model::Place;
use crate::model::PlaceTable;
use crate::model::Pointer;
use crate::model::Reliability;
use crate::model::Rendered;
use crate::model::Severity;

/// Names a finding for good: the first 128 bits of SHA-256 over rule id, child and subject key. It survives re-ordering,
/// re-wording and a new revision of the rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FindingId(pub u128);

impl fmt::Display for FindingId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl FindingId {
    /// Its 32 hexadecimal digits.
    fn digits(self) -> [u8; 32] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [b'0'; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0.to_be_bytes()) {
            for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
            }
        }
        digits
    }

    /// Reads the 32 hexadecimal digits that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| u128::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl<'de> serde::Deserialize<'de> for FindingId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a finding's id has 32 hexadecimal digits"))
    }
}

impl serde::Serialize for FindingId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

/// What every finding of one rule says alike, in words.
#[derive(Debug, Clone)]
pub struct RuleWords {
    /// The rule's id, `PEP-001`, or `SCHEMA.<keyword>`.
    pub id: String,
    /// The revision in force when the clock started.
    pub revision: u32,
    /// One line, as people call it.
    pub title: String,
    /// The area it belongs to, `pep`.
    pub standard: String,
    /// How bad.
    pub severity: Severity,
    /// Must or should.
    pub force: Force,
    /// What it counts towards.
    pub dimension: Dimension,
    /// How far to trust it.
    pub reliability: Reliability,
    /// What to do.
    pub fix: String,
    /// Where the standard is written.
    pub source: Rendered,
    /// The parameters in force and who set each.
    pub params: Rendered,
}

/// What every finding of one rule says alike, made once when the pack is compiled.
#[derive(Debug, Clone)]
pub struct RuleFacts {
    words: RuleWords,
    /// Id, revision and title.
    head: Rendered,
    /// What to do.
    fix: Rendered,
}

impl RuleFacts {
    /// Writes what findings copy.
    pub fn new(words: RuleWords) -> Self {
        #[derive(serde::Serialize)]
        struct Head<'a> {
            id: &'a str,
            revision: u32,
            title: &'a str,
        }
        let head = Head { id: &words.id, revision: words.revision, title: &words.title };
        Self { head: Rendered::of(&head), fix: Rendered::of(&words.fix), words }
    }
}

impl std::ops::Deref for RuleFacts {
    type Target = RuleWords;

    fn deref(&self) -> &RuleWords {
        &self.words
    }
}

impl PartialEq for RuleFacts {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.revision == other.revision && self.params.get() == other.params.get()
    }
}

/// One part of a subject's key: a fact that lasts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum KeyPart {
    /// A date.
    Day(Day),
    /// A code, a type or an id that the system keeps.
    Text(String),
    /// A whole number, such as the number of an interval.
    Number(i64),
    /// Not recorded.
    Missing,
}

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Where it stands in this document.
    pub path: Pointer,
    /// What it is known by, whatever the order of the document.
    pub key: Vec<(String, KeyPart)>,
}

impl serde::Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        struct Key<'a>(&'a [(String, KeyPart)]);
        impl serde::Serialize for Key<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, part)| (name, part)))
            }
        }
        let mut object = serializer.serialize_struct("Subject", 2)?;
        object.serialize_field("path", &self.path)?;
        object.serialize_field("key", &Key(&self.key))?;
        object.end()
    }
}

/// The clock of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Timing {
    /// The day the clock started.
    #[schema(value_type = Option<String>)]
    pub started_on: Option<Day>,
    /// The last day on which it would have been in time.
    #[schema(value_type = Option<String>)]
    pub due_on: Option<Day>,
    /// The day it was done.
    #[schema(value_type = Option<String>)]
    pub done_on: Option<Day>,
    /// How far past the due date, in `unit`; 0 when it is not.
    pub days_over: i64,
    /// How long is left, in `unit`; nothing once it is done or past.
    pub days_left: Option<i64>,
    /// `days` or `working days`.
    #[schema(value_type = String)]
    pub unit: &'static str,
    /// Inside the rule's warning.
    pub due_soon: bool,
    /// The limit could only be approximated (no term dates, or a date where a time is needed).
    pub approximate: bool,
}

/// A place that the judgement rests on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Evidence {
    /// `starts`, `done`, `looked_in`, `rejected`, `missing`, `ends` or `differs`.
    #[schema(value_type = String)]
    pub role: &'static str,
    /// Where.
    #[schema(value_type = String)]
    pub path: Pointer,
    /// For `looked_in`: how many were considered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub considered: Option<u32>,
    /// For `looked_in`: how many matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<u32>,
    /// For `rejected` and `missing`: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub because: Option<&'static str>,
    /// Where in the source, when the record was made of tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
}

/// The finding that this one follows from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Cause {
    /// The rule whose duty was missed.
    pub rule: String,
    /// Its finding.
    #[schema(value_type = String)]
    pub finding_id: FindingId,
}

/// A waiver that stands beside a finding. It never changes the outcome.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WaiverNote {
    /// The waiver's id.
    pub id: String,
    /// What was decided.
    pub disposition: String,
    /// Until when it holds.
    #[schema(value_type = String)]
    pub expires_on: Day,
    /// Who approved it (a role or initials, never a child).
    pub approved_by: String,
}

/// What a rule found about one subject of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Stable across runs.
    pub finding_id: FindingId,
    /// What every finding of the rule says alike.
    pub rule: Arc<RuleFacts>,
    /// Where the rule stands in the pack; schema findings come after all rules.
    pub rank: u32,
    /// What was found.
    pub outcome: Outcome,
    /// How bad here: the rule's severity, unless the stage softens it.
    pub severity: Severity,
    /// About what.
    pub subject: Subject,
    /// When, for rules with a clock.
    pub timing: Option<Timing>,
    /// The places it rests on.
    pub evidence: Vec<Evidence>,
    /// At most 90 characters, starting with a verb.
    pub message: String,
    /// The key of the message in a catalogue of translations, `PEP-001.overdue`.
    pub message_id: String,
    /// What filled the message's gaps.
    pub args: Vec<(&'static str, String)>,
    /// The names of the deciding field in the national returns.
    pub field_names: Vec<(&'static str, String)>,
    /// The finding it follows from.
    pub caused_by: Option<Cause>,
    /// `new`, `still`, or `changed` where the outcome was another, when the caller said what it knew.
    pub change: Option<&'static str>,
    /// A live waiver.
    pub waiver: Option<WaiverNote>,
    /// Where in the source.
    pub at: Option<Place>,
}

impl Finding {
    /// Says where in its source everything stands that the finding rests on; the finding itself is where the first of its evidence that
    /// has a column is, or else its subject.
    pub fn locate(&mut self, places: &PlaceTable) {
        for evidence in &mut self.evidence {
            evidence.at = places.find(&evidence.path);
        }
        let exact = |at: &&Place| at.line.is_some() && at.column.is_some();
        let evidence = self.evidence.iter().filter_map(|evidence| evidence.at.as_ref()).find(exact).cloned();
        let subject = places.find(&self.subject.path);
        self.at = match subject {
            Some(at) if exact(&&at) => Some(at),
            subject => evidence.or(subject),
        };
    }
}

impl serde::Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        struct Pairs<'a>(&'a [(&'static str, String)]);
        impl serde::Serialize for Pairs<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
            }
        }
        let rule = &self.rule;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("finding_id", &self.finding_id)?;
        object.serialize_entry("rule", &rule.head)?;
        object.serialize_entry("standard", &rule.standard)?;
        object.serialize_entry("outcome", &self.outcome)?;
        object.serialize_entry("severity", &self.severity)?;
        object.serialize_entry("force", &rule.force)?;
        object.serialize_entry("dimension", &rule.dimension)?;
        object.serialize_entry("reliability", &rule.reliability)?;
        object.serialize_entry("subject", &self.subject)?;
        object.serialize_entry("timing", &self.timing)?;
        object.serialize_entry("evidence", &self.evidence)?;
        object.serialize_entry("message", &self.message)?;
        object.serialize_entry("message_id", &self.message_id)?;
        object.serialize_entry("args", &Pairs(&self.args))?;
        object.serialize_entry("fix", &rule.fix)?;
        object.serialize_entry("source", &rule.source)?;
        object.serialize_entry("params", &rule.params)?;
        object.serialize_entry("field_names", &Pairs(&self.field_names))?;
        object.serialize_entry("caused_by", &self.caused_by)?;
        object.serialize_entry("change", &self.change)?;
        object.serialize_entry("waiver", &self.waiver)?;
        if let Some(at) = &self.at {
            object.serialize_entry("at", at)?;
        }
        object.end()
    }
}
