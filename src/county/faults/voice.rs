//! Planned faults of the child's voice and of identity: views missing, old, copied or not watched for; who the child is unknown.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each.

use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::life::Story;

/// The plans in which the views stand, and the assessment.
const ASSESSED: &str = "~/child_and_family_assessments/0";
const NEED: &str = "~/child_in_need_plans/0";
const PROTECTION: &str = "~/child_protection_plans/0";
const PATHWAY: &str = "/pathway_plans/0";

/// The faults of each standard of the child's voice and of diversity.
pub(super) const FAULTS: &[Fault] = &[
    ("VOI-001", Story::InNeed, |s| s.cut(&format!("{ASSESSED}/views/how_gathered"))),
    ("VOI-002", Story::LookedAfter, |s| s.shift("/care_plans/-1/wishes/date", "/care_plans/-1/date", -250)),
    ("VOI-002", Story::InNeed, |s| s.cut(&format!("{NEED}/views"))),
    ("VOI-002", Story::Protected, |s| s.cut(&format!("{PROTECTION}/views"))),
    ("VOI-002", Story::Eligible, |s| s.cut(&format!("{PATHWAY}/young_person_views"))),
    ("VOI-003", Story::LookedAfter, |s| s.cut("/cla_reviews/0/participation")),
    ("VOI-004", Story::LookedAfter, |s| same(s, "/cla_reviews", "child_views")),
    ("VOI-004", Story::LookedAfter, |s| same(s, "/care_plans", "wishes")),
    ("VOI-004", Story::LookedAfter, |s| same(s, "/personal_education_plans", "child_views")),
    ("VOI-004", Story::LookedAfter, |s| same(s, "/cla_visits", "views")),
    ("VOI-005", Story::Infant, |s| {
        (s.at("/cla_reviews/0/participation")? == &json!("PN0")).then_some(())?;
        s.cut("/cla_reviews/0/child_views")
    }),
    ("VOI-005", Story::Infant, |s| {
        s.at(&format!("{ASSESSED}/authorisation_date"))?;
        s.cut(&format!("{ASSESSED}/views/observation"))
    }),
    ("VOI-006", Story::LookedAfter, |s| s.empty("/advocacy_offers")),
    ("VOI-006", Story::Protected, |s| {
        let born = s.day("/child_details/date_of_birth")?;
        let met = s.day("~/section_47_assessments/0/icpc_date")?;
        (met.age_since(born) >= 10).then_some(())?;
        s.empty("/advocacy_offers")
    }),
    ("VOI-006", Story::Eligible, |s| {
        s.at(&format!("{PATHWAY}/plan_date"))?;
        s.empty("/advocacy_offers")
    }),
    ("DIV-001", Story::Protected, |s| {
        s.at("~/closure_date").is_none().then_some(())?;
        s.overdue("~/referral_date", 50)?;
        s.put("/child_details/ethnicity", json!("NOBT"))
    }),
    ("DIV-001", Story::InNeed, |s| s.cut("/child_details/ethnicity_refused_by")),
    ("DIV-002", Story::InNeed, |s| s.empty("/child_details/disabilities")),
    ("DIV-003", Story::LookedAfter, |s| s.cut("/child_details/religion")),
    ("DIV-004", Story::InNeed, |s| s.cut("/child_details/interpreter_needed_flag")),
    ("DIV-005", Story::LookedAfter, |s| s.put("/care_plans/0/sections/identity", json!("Not an issue"))),
    ("DIV-006", Story::LookedAfter, |s| s.cut("/cla_reviews/-1/identity_needs_met_flag")),
    ("DIV-007", Story::CareLeaver, |s| s.put(&format!("{PATHWAY}/sections/identity"), json!("See previous"))),
];

/// Copies the views of the first item of a list into the second.
fn same(s: &mut Spoil<'_>, list: &str, views: &str) -> Option<()> {
    let text = s.at(&format!("{list}/0/{views}/text"))?.clone();
    s.put(&format!("{list}/1/{views}/text"), text)
}
