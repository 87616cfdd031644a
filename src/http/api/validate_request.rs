//! What a save asks: the parameters of the query, and the body that is the record itself or holds it in an envelope.

use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::http::options::Profile;
use crate::http::query::Asked;
use crate::http::refusal::Refusal;
use crate::model::Day;
use crate::model::FindingId;
use crate::model::KnownFinding;
use crate::model::Node;
use crate::model::Pointer;
use crate::model::Record;
use crate::model::Stage;

/// The longest deadline that may be asked for, in milliseconds.
const LONGEST_DEADLINE: u64 = 10_000;

/// The parameters of a save.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ValidateQuery {
    /// The day as at which the record is judged, YYYY-MM-DD; today in London unless given.
    #[param(value_type = Option<String>)]
    pub as_at: Option<Day>,
    /// How far the piece of work has come; a draft is spared what only a complete record must have.
    pub stage: Option<Stage>,
    /// The profile of the caller, by its name in the settings: which rules may hold.
    pub profile: Option<String>,
    /// Only what touches this part of the record: a JSON Pointer.
    #[param(value_type = Option<String>)]
    pub focus: Option<Pointer>,
    /// `findings` (the five most serious) unless given; `all` for every outcome.
    #[param(value_type = Option<String>)]
    pub include: bool,
    /// How long checking may take, in milliseconds: 300 unless given. Rules that did not run are listed.
    #[param(value_type = Option<u64>, default = 300, maximum = 10_000)]
    pub deadline_ms: u64,
}

impl ValidateQuery {
    /// Reads the query of a save.
    pub fn read(query: &str, profiles: &[Profile]) -> Result<Self, Refusal> {
        let asked = Asked::read(query, &["as_at", "stage", "profile", "focus", "include", "deadline_ms"])?;
        let names: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
        let focus = asked.get("focus").map(Pointer::parse).transpose();
        let deadline = match asked.get("deadline_ms") {
            None => 300,
            Some(text) => {
                text.parse().ok().filter(|deadline| *deadline <= LONGEST_DEADLINE).ok_or_else(|| {
                    let detail = format!("`deadline_ms` takes a whole number from 0 to {LONGEST_DEADLINE}");
                    Refusal::parameter("deadline_ms", "unknown_value", detail, [])
                })?
            }
        };
        Ok(Self {
            as_at: asked.as_at()?,
            stage: asked.stage()?,
            profile: asked.word("profile", &names)?.map(str::to_owned),
            focus: focus.map_err(|detail| Refusal::parameter("focus", "not_a_pointer", detail, []))?,
            include: asked.include_all()?,
            deadline_ms: deadline,
        })
    }
}

/// A record with what is asked of it. The record may also be sent alone.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "the tree gives all but the bytes of the record; the other fields describe the interface"
)]
pub struct Envelope<'a> {
    /// The case record; see `/v1/schemas/case-record.schema.json`.
    #[serde(borrow)]
    #[schema(value_type = Object)]
    pub record: &'a RawValue,
    /// The day as at which it is judged, YYYY-MM-DD.
    #[serde(skip)]
    #[schema(value_type = Option<String>)]
    pub as_at: Option<Day>,
    /// How far the piece of work has come.
    #[serde(skip)]
    pub stage: Option<Stage>,
    /// The ids of the findings that the caller knows already.
    #[serde(skip)]
    #[schema(value_type = Vec<String>)]
    pub known_findings: Option<Vec<FindingId>>,
}

/// A record to judge, and what its envelope says.
pub struct Judged<'a> {
    /// The record.
    pub record: Record<'a>,
    /// The day, if the envelope gives one.
    pub as_at: Option<Day>,
    /// The stage, if the envelope gives one.
    pub stage: Option<Stage>,
    /// The findings that the caller knows.
    pub known: Option<Vec<KnownFinding>>,
}

/// Takes a body apart. It is an envelope when it has a `record` and no `la_child_id`.
pub fn open<'a>(root: &'a Node<'a>, body: &'a [u8]) -> Result<Judged<'a>, Refusal> {
    let inner = root.get_str("record").filter(|_| root.get_str("la_child_id").is_none());
    let Some(inner) = inner else {
        return Ok(Judged { record: Record { root, bytes: body }, as_at: None, stage: None, known: None });
    };
    for member in root.as_object().unwrap_or_default() {
        if !["record", "as_at", "stage", "known_findings"].contains(&member.name) {
            let detail = "beside `record` only as_at, stage and known_findings may stand here";
            let mut pointer = Pointer::root();
            pointer.push_key(member.name);
            return Err(Refusal::member(pointer.to_string(), "unknown_member", detail));
        }
    }
    // The tree was read from the same bytes, so this finds the same record; its digest is over its own bytes.
    let envelope: Envelope<'_> = serde_json::from_slice(body)
        .map_err(|_| Refusal::member("", "not_an_envelope", "send the record alone, or {\"record\": {…}}"))?;
    let given = |name: &str| root.get_str(name).filter(|node| !matches!(node, Node::Null));
    let as_at = given("as_at").map(|node| {
        let detail = "`as_at` takes a date that exists, YYYY-MM-DD";
        node.as_day().ok_or_else(|| Refusal::member("/as_at", "not_a_date", detail))
    });
    let stage = given("stage").map(|node| {
        let words: Vec<&str> = Stage::ALL.iter().map(|stage| stage.word()).collect();
        let detail = format!("`stage` takes one of: {}", words.join(", "));
        let stage = node.as_str().and_then(Stage::from_word);
        stage.ok_or_else(|| Refusal::member("/stage", "unknown_value", detail))
    });
    Ok(Judged {
        record: Record { root: inner, bytes: envelope.record.get().as_bytes() },
        as_at: as_at.transpose()?,
        stage: stage.transpose()?,
        known: given("known_findings").map(known_findings).transpose()?,
    })
}

fn known_findings(node: &Node<'_>) -> Result<Vec<KnownFinding>, Refusal> {
    let detail = "`known_findings` takes a list of finding ids, 32 hexadecimal digits each";
    let wrong = |pointer: String| Refusal::member(pointer, "not_a_finding_id", detail);
    let items = node.as_list().ok_or_else(|| wrong("/known_findings".to_owned()))?;
    let read = |(at, item): (usize, &Node<'_>)| {
        let id = item.as_str().and_then(FindingId::parse);
        id.map(|id| KnownFinding { id, outcome: None }).ok_or_else(|| wrong(format!("/known_findings/{at}")))
    };
    items.iter().enumerate().map(read).collect()
}
