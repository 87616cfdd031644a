//! Reads accepted exceptions. What is missing or expired is said; an expired waiver is kept, so that a summary can list it.

use std::sync::Arc;

use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::field;
use crate::model::FindingId;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::model::Waiver;
use crate::rules::Pack;

static WAIVERS: Form = Form {
    name: "a file of waivers",
    about: "Accepted exceptions: they stand beside a finding and never change its outcome.",
    fields: &[field!(needed "waivers", Takes::Many(&Takes::Form(&WAIVER)), "The waivers.")],
};

static WAIVER: Form = Form {
    name: "a waiver",
    about: "An accepted exception to a rule, with who approved it and until when.",
    fields: &[
        field!(needed "id", Takes::Text, "Its id."),
        field!(needed "rule", Takes::Text, "The rule's id."),
        field!("child", Takes::Text, "The child's id in the authority's system; every child unless given."),
        field!("finding_id", Takes::Text, "One finding only, by its id."),
        field!(needed "disposition", Takes::Word(&Waiver::DISPOSITIONS), "What was decided."),
        field!(needed "reason", Takes::Text, "Why."),
        field!(needed "approved_by", Takes::Text, "Who approved it."),
        field!(needed "expires_on", Takes::Date, "The last day on which it holds."),
        field!("covers", Takes::Number, "How many findings of a run it covers; one more re-opens all."),
    ],
};

/// Reads a file of `waivers/`.
pub(super) fn read(file: &Arc<SourceFile>, pack: &Pack) -> Result<Vec<Waiver>, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let Some(fields) = Fields::read(&written, &WAIVERS, &problems) else { return Err(problems.into_vec()) };
    let mut found = Vec::new();
    for item in fields.many("waivers") {
        let Some(waiver) = Fields::read(item, &WAIVER, &problems) else { continue };
        let text = |key: &str| waiver.text(key).unwrap_or_default().to_owned();
        let rule = text("rule");
        if !pack.ranks.contains(&rule) {
            problems.unknown(&waiver.span("rule"), "rule", &rule, pack.ranks.iter().map(String::as_str));
        }
        let finding_id = waiver.text("finding_id").map(FindingId::parse);
        if finding_id == Some(None) {
            problems.at(&waiver.span("finding_id"), "a finding's id has 32 hexadecimal digits");
        }
        let Some(expires_on) = waiver.day("expires_on") else { continue };
        found.push(Waiver {
            id: text("id"),
            rule,
            child: waiver.text("child").map(str::to_owned),
            finding_id: finding_id.flatten(),
            disposition: text("disposition"),
            reason: text("reason"),
            approved_by: text("approved_by"),
            expires_on,
            covers: waiver.text("covers").and_then(|text| text.parse().ok()),
        });
    }
    let wrong = problems.into_vec();
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
