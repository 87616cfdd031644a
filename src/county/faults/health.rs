//! Planned faults of health: assessments late or by the wrong person, checks forgotten, nothing written of consent.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each that one fault does not reach.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::written;
use crate::county::life::Story;

/// Where the health assessments stand.
const ASSESSMENTS: &str = "/health_and_wellbeing/health_assessments";
/// Where the answer about immunisations stands.
const IMMUNISATIONS: &str = "/health_and_wellbeing/immunisations";

/// The faults of each standard of health.
pub(super) const FAULTS: &[Fault] = &[
    ("HLT-001", Story::LookedAfter, |s| {
        in_care_for(s, 40)?;
        s.empty(ASSESSMENTS)
    }),
    ("HLT-001", Story::LookedAfter, |s| {
        in_care_for(s, 70)?;
        s.cut(&format!("{ASSESSMENTS}/0/report_date"))
    }),
    ("HLT-002", Story::LookedAfter, |s| s.put(&format!("{ASSESSMENTS}/0/by/role"), json!("nurse"))),
    ("HLT-003", Story::Infant, |s| only_the_first(s, 240)),
    ("HLT-004", Story::LookedAfter, |s| only_the_first(s, 420)),
    ("HLT-005", Story::LookedAfter, |s| {
        in_care_for(s, 40)?;
        s.cut("/care_plans/-1/health_plan_date")?;
        s.cut("/care_plans/-1/sections/health")
    }),
    ("HLT-006", Story::LookedAfter, |s| {
        in_care_for(s, 380)?;
        s.empty("/health_and_wellbeing/sdq_assessments")
    }),
    ("HLT-006", Story::LookedAfter, |s| s.put("/health_and_wellbeing/sdq_assessments/0/score", json!(64))),
    ("HLT-007", Story::LookedAfter, |s| {
        in_care_for(s, 380)?;
        s.empty("/health_and_wellbeing/dental_checks")
    }),
    ("HLT-008", Story::LookedAfter, |s| {
        in_care_for(s, 420)?;
        s.empty(&format!("{IMMUNISATIONS}/earlier"))?;
        let long_ago = after(s.dates.as_at, -390);
        s.put(&format!("{IMMUNISATIONS}/date"), written(long_ago))
    }),
    ("HLT-008", Story::LookedAfter, |s| {
        in_care_for(s, 60)?;
        s.cut(IMMUNISATIONS)
    }),
    ("HLT-009", Story::LookedAfter, |s| {
        s.cut("/health_and_wellbeing/consent")?;
        for stay in s.list("~/child_looked_after_placements")? {
            if let Some(plan) = stay.get_mut("placement_plan").and_then(Value::as_object_mut) {
                plan.remove("delegated_authority");
            }
        }
        Some(())
    }),
];

/// Whether the child came into care so many days ago or more.
fn in_care_for(s: &mut Spoil<'_>, days: i32) -> Option<()> {
    let entry = s.entry()?;
    (after(entry, days) < s.dates.as_at).then_some(())
}

/// Keeps the first assessment only, for a child who has been in care for so many days.
fn only_the_first(s: &mut Spoil<'_>, days: i32) -> Option<()> {
    in_care_for(s, days)?;
    s.list(ASSESSMENTS)?.truncate(1);
    Some(())
}
