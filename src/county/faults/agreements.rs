//! Planned faults of written agreements: routine, unsigned, not understood, not watched, or left to run on.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::json;

use super::Fault;
use crate::county::life::Story;

/// One fault for each written-agreement standard.
pub(super) const FAULTS: &[Fault] = &[
    ("WAG-001", Story::InNeed, |s| s.cut("/written_agreements/0/reason_exceptional")),
    ("WAG-002", Story::InNeed, |s| {
        s.shift("/written_agreements/0/manager_approval/date", "/written_agreements/0/start_date", 6)
    }),
    ("WAG-003", Story::InNeed, |s| s.cut("/written_agreements/0/parties/1/name")),
    ("WAG-004", Story::InNeed, |s| s.cut("/written_agreements/0/parties/1/signed_date")),
    ("WAG-005", Story::InNeed, |s| {
        s.cut("/written_agreements/0/family_words")?;
        s.cut("/written_agreements/0/family_involved_how")
    }),
    ("WAG-006", Story::InNeed, |s| s.cut("/written_agreements/0/parties/0/understanding")),
    ("WAG-007", Story::InNeed, |s| {
        s.put("/written_agreements/0/parties/0/capacity_considered_flag", json!(false))
    }),
    ("WAG-008", Story::InNeed, |s| s.put("/written_agreements/0/contingency_plan", json!("TBC"))),
    ("WAG-009", Story::InNeed, |s| s.cut("/written_agreements/0/consequences_of_breach")),
    ("WAG-010", Story::InNeed, |s| {
        s.cut("/written_agreements/0/end_date").or(Some(()))?;
        s.cut("/written_agreements/0/review_date")
    }),
    ("WAG-011", Story::Protected, |s| {
        s.overdue("/written_agreements/0/start_date", 60)?;
        s.put("/written_agreements/0/status", json!("authorised"))?;
        s.cut("/written_agreements/0/absorbed_in_plan_id").or(Some(()))?;
        s.cut("/written_agreements/0/end_reason").or(Some(()))?;
        s.cut("/written_agreements/0/end_date")
    }),
    ("WAG-012", Story::InNeed, |s| {
        s.cut("/written_agreements/0/superseded_by_id")?;
        s.put("/written_agreements/0/status", json!("authorised"))?;
        s.cut("/written_agreements/0/end_reason")?;
        s.cut("/written_agreements/0/end_date")
    }),
    ("WAG-013", Story::Protected, |s| {
        (s.at("/written_agreements/0/domestic_abuse_flag")? == &json!(true)).then_some(())?;
        let mother = s.at("/written_agreements/0/parties/0/name")?.clone();
        s.put("/written_agreements/0/terms/1/owner", mother)?;
        s.put(
            "/written_agreements/0/terms/1/text",
            json!("Must not let her partner into the home or lose his temper"),
        )?;
        s.put("/written_agreements/0/terms/1/duty_to_control_another_flag", json!(true))
    }),
    ("WAG-014", Story::InNeed, |s| s.cut("/written_agreements/0/linked_plan_id")),
    ("WAG-015", Story::InNeed, |s| {
        s.cut("/written_agreements/0/terms/0/how_checked")?;
        s.cut("/written_agreements/0/terms/0/due_date")
    }),
    ("WAG-016", Story::InNeed, |s| s.empty("/written_agreements/0/authority_commitments")),
    ("WAG-017", Story::InNeed, |s| {
        s.overdue("/written_agreements/0/start_date", 22)?;
        s.empty("/written_agreements/0/monitoring")
    }),
    ("WAG-018", Story::Protected, |s| {
        s.cut("/written_agreements/0/breaches/0/decision")?;
        s.cut("/written_agreements/0/breaches/0/decided_by")?;
        s.cut("/written_agreements/0/breaches/0/decision_date")
    }),
    ("WAG-019", Story::InNeed, |s| s.cut("/written_agreements/0/parties/0/copy_given_date")),
    ("WAG-020", Story::InNeed, |s| {
        s.cut("/written_agreements/0/legal_step/legal_advice_date")?;
        s.cut("/written_agreements/0/legal_step/section_20_considered_flag")?;
        s.cut("/written_agreements/0/legal_step/note")?;
        s.cut("/written_agreements/0/legal_step/kinship_considered_flag")
    }),
];
