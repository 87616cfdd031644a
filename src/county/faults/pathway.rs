//! Planned faults of pathway plans: needs not assessed, reviews missed, areas left out, reasons and views not written down.
//!
//! The table is read by `faults/mod.rs`.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;

/// The assessment's completion.
const ASSESSED: &str = "/pathway_plans/0/needs_assessment/completed_date";

/// One fault for each pathway-plan standard.
pub(super) const FAULTS: &[Fault] = &[
    ("PATH-001", Story::Eligible, |s| late_assessment(s, "became_eligible_date")),
    ("PATH-002", Story::Relevant, |s| late_assessment(s, "became_relevant_date")),
    ("PATH-003", Story::CareLeaver, |s| late_assessment(s, "education_intent_notified_date")),
    ("PATH-004", Story::Eligible, |s| s.late("/pathway_plans/0/plan_date", ASSESSED, 24)),
    ("PATH-005", Story::Eligible, |s| unreviewed(s, 7)),
    ("PATH-006", Story::CareLeaver, |s| {
        let first = s.day("/pathway_plans/0/reviews/0/review_date")?;
        s.put("/pathway_plans/0/review_requests/0/request_date", written(after(first, -75)))
    }),
    ("PATH-007", Story::CareLeaver, |s| {
        let provided = s.day("/pathway_plans/0/accommodation/authority_provided_start_date")?;
        let reviews = s.list("/pathway_plans/0/reviews")?;
        let too_soon = written(after(provided, 80));
        let before = reviews.len();
        reviews.retain(|review| review.get("review_date").and_then(Value::as_str) > too_soon.as_str());
        let first = reviews.first_mut()?.as_object_mut()?;
        first.insert("review_type".to_owned(), json!("six_monthly"));
        (before > 0).then_some(())
    }),
    ("PATH-008", Story::Eligible, |s| s.cut("/pathway_plans/0/sections/family_social")),
    ("PATH-009", Story::CareLeaver, |s| {
        s.empty("/pathway_plans/0/accommodation/suitability_matters")?;
        s.cut("/pathway_plans/0/accommodation/reasons")
    }),
    ("PATH-010", Story::Eligible, |s| s.put("/pathway_plans/0/sections/contingency", json!("TBC"))),
    ("PATH-011", Story::Eligible, |s| {
        s.cut("/pathway_plans/0/actions/0/owner")?;
        s.cut("/pathway_plans/0/actions/0/due_date")
    }),
    ("PATH-012", Story::CareLeaver, |s| {
        s.cut("/pathway_plans/0/young_person_views/text")?;
        s.cut("/pathway_plans/0/copy_given_date")
    }),
    ("PATH-013", Story::Eligible, |s| s.empty("/pathway_plans/0/consultees")),
    ("PATH-014", Story::Unaccompanied, |s| s.cut("/pathway_plans/0/immigration")),
    ("PATH-015", Story::Eligible, |s| {
        let moved = s.day("/pathway_plans/0/moved_on_date")?;
        let reviews = s.list("/pathway_plans/0/reviews").filter(|reviews| !reviews.is_empty())?;
        reviews.clear();
        s.shift("/pathway_plans/0/plan_date", "/pathway_plans/0/moved_on_date", 15)?;
        s.date("/pathway_plans/0/authorised/date", after(moved, 15))
    }),
    ("PATH-016", Story::CareLeaver, |s| s.cut("/pathway_plans/0/health_history_given_date")),
    ("PATH-017", Story::CareLeaver, |s| unreviewed(s, 4)),
];

/// Has the assessment finished five months after the day that asked for it.
fn late_assessment(s: &mut Spoil<'_>, asked: &str) -> Option<()> {
    let asked = s.day(&format!("/pathway_plans/0/{asked}"))?;
    let finished = s.dates.workday(months(asked, 5));
    s.date(ASSESSED, finished)?;
    let planned = s.dates.working(finished, 6);
    s.date("/pathway_plans/0/plan_date", planned).or_else(|| s.cut("/pathway_plans/0/plan_date"))
}

/// Takes out the reviews of the last months, so that the next is overdue.
fn unreviewed(s: &mut Spoil<'_>, gap: i32) -> Option<()> {
    let since = months(s.dates.as_at, -gap);
    let planned = s.day("/pathway_plans/0/plan_date").filter(|day| *day < since)?;
    let (limit, kept) = (written(since), written(planned));
    let reviews = s.list("/pathway_plans/0/reviews").filter(|reviews| !reviews.is_empty())?;
    reviews.retain(|review| review.get("review_date").and_then(Value::as_str) < limit.as_str());
    let last = reviews.last().and_then(|review| review.get("review_date")).cloned().unwrap_or(kept);
    let last = crate::model::Day::parse(last.as_str()?)?;
    s.put("/pathway_plans/0/next_review_due_date", written(months(last, gap - 1)))
}
