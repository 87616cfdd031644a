//! Planned faults of child protection: discussions, enquiries and conferences late or alone, plans without end or visits.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::written;
use crate::county::life::Story;

/// The strategy discussion, the enquiry, the plan that protects, and the plan that follows it.
const DISCUSSED: &str = "~/strategy_discussions/0";
const ENQUIRY: &str = "~/section_47_assessments/0";
const PLAN: &str = "~/child_protection_plans/0";
const AFTER: &str = "~/child_in_need_plans/0";

/// The faults of each standard of child protection.
pub(super) const FAULTS: &[Fault] = &[
    ("CPP-001", Story::Protected, |s| s.shift(&said("trigger_date"), &said("date"), -6)),
    ("CPP-001", Story::Protected, |s| {
        s.cut(&asked("strategy_discussion_date"))?;
        s.empty("~/strategy_discussions")
    }),
    ("CPP-002", Story::Protected, |s| without_agency(s, "police")),
    ("CPP-002", Story::Protected, |s| {
        let born = s.day("/child_details/date_of_birth")?;
        (s.day(&said("date"))?.age_since(born) >= 5).then_some(())?;
        without_agency(s, "education")
    }),
    ("CPP-003", Story::Protected, |s| {
        let late = s.dates.working(s.day(&said("date"))?, 5);
        let stamp = s.dates.stamp(late, 900);
        s.dates.past(late).then_some(())?;
        s.put(&said("recorded_at"), stamp)
    }),
    ("CPP-003", Story::Protected, |s| s.cut(&said("reasons"))),
    ("CPP-003", Story::Protected, |s| s.cut(&said("actions/0/owner"))),
    ("CPP-004", Story::Protected, |s| {
        s.late(&asked("child_seen_date"), &asked("start_date"), 4)?;
        let _ = s.cut(&asked("not_seen_reason"));
        Some(())
    }),
    ("CPP-005", Story::Protected, |s| s.late(&asked("icpc_date"), &asked("strategy_discussion_date"), 19)),
    ("CPP-005", Story::Protected, |s| {
        let earlier = after(s.day(&said("date"))?, -1);
        let mut first = s.at(DISCUSSED)?.clone();
        first.as_object_mut()?.insert("date".to_owned(), written(earlier));
        first.as_object_mut()?.insert("trigger_date".to_owned(), written(earlier));
        s.list("~/strategy_discussions")?.insert(0, first);
        Some(())
    }),
    ("CPP-007", Story::Protected, |s| s.shift(&asked("icpc_reports_shared_date"), &asked("icpc_date"), 0)),
    ("CPP-008", Story::Protected, |s| {
        s.shift(&plan("reviews/0/reports_shared_date"), &plan("reviews/0/review_date"), -1)
    }),
    ("CPP-009", Story::Protected, |s| {
        s.overdue(&plan("start_date"), 14)?;
        s.list(&plan("core_groups")).filter(|groups| !groups.is_empty())?.remove(0);
        Some(())
    }),
    ("CPP-010", Story::Protected, |s| {
        s.list(&plan("core_groups")).filter(|groups| groups.len() > 4)?.drain(1..3);
        Some(())
    }),
    ("CPP-011", Story::Protected, |s| {
        s.shift(&plan("reviews/0/review_date"), &plan("reviews/0/due_date"), 9)
    }),
    ("CPP-012", Story::Protected, |s| {
        s.list(&plan("reviews")).filter(|reviews| reviews.len() > 2)?.remove(1);
        Some(())
    }),
    ("CPP-013", Story::Protected, |s| after_birth(s, false)),
    ("CPP-013", Story::Protected, |s| after_birth(s, true)),
    ("CPP-014", Story::Protected, |s| {
        s.list(&plan("visits")).filter(|visits| visits.len() > 4)?.drain(1..3);
        Some(())
    }),
    ("CPP-015", Story::Protected, |s| s.put(&plan("changes_needed"), json!("TBC"))),
    ("CPP-015", Story::Protected, |s| s.cut(&plan("actions/1/due_date"))),
    ("CPP-016", Story::Protected, |s| s.cut(&plan("initial_category_of_abuse"))),
    ("CPP-016", Story::Protected, |s| s.put(&plan("initial_category_of_abuse"), json!("BOTH"))),
    ("CPP-017", Story::Protected, |s| s.shift(&plan("start_date"), "~/referral_date", -5)),
    ("CPP-017", Story::Protected, |s| s.shift(&plan("reviews/0/review_date"), &plan("start_date"), 0)),
    ("CPP-017", Story::Protected, |s| s.shift(&plan("end_date"), &plan("start_date"), -5)),
    ("CPP-017", Story::Protected, |s| {
        let died = s.day("/child_details/date_of_death")?;
        s.date(&plan("end_date"), s.dates.working(died, 3))
    }),
    ("CPP-018", Story::Protected, |s| {
        s.at(&plan("end_date"))?;
        s.cut("~/child_in_need_plans")
    }),
    ("CPP-018", Story::Protected, |s| {
        s.at(&plan("end_date"))?;
        s.shift(&format!("{AFTER}/end_date"), &format!("{AFTER}/start_date"), 40)
    }),
    ("CPP-019", Story::Protected, |s| {
        s.overdue(&plan("start_date"), 325)?;
        s.cut(&plan("senior_review_date"))
    }),
    ("CPP-020", Story::Protected, |s| s.shift(&asked("icpc_date"), "~/referral_date", -2)),
    ("CPP-021", Story::Protected, |s| s.put(&plan("visits/-1/child_seen_flag"), json!(false))),
];

/// A part of the strategy discussion.
fn said(part: &str) -> String {
    format!("{DISCUSSED}/{part}")
}

/// A part of the enquiry.
fn asked(part: &str) -> String {
    format!("{ENQUIRY}/{part}")
}

/// A part of the plan that protects.
fn plan(part: &str) -> String {
    format!("{PLAN}/{part}")
}

/// Leaves an agency out of those who took part in the strategy discussion.
fn without_agency(s: &mut Spoil<'_>, agency: &str) -> Option<()> {
    let present = s.list(&said("attendees"))?;
    let before = present.len();
    present.retain(|member| member.get("agency") != Some(&json!(agency)));
    (present.len() < before).then_some(())
}

/// Takes out every meeting in the weeks after the birth of a child whose plan began before it.
fn after_birth(s: &mut Spoil<'_>, unwell: bool) -> Option<()> {
    let born = s.day("/child_details/date_of_birth")?;
    (s.at(&plan("mother_unwell_after_birth_flag"))? == &json!(unwell)).then_some(())?;
    (born > s.day(&plan("start_date"))?).then_some(())?;
    let (first, last) = (written(born), written(after(born, 30)));
    for (list, name) in [("core_groups", "date"), ("reviews", "review_date")] {
        let within = |held: &Value| {
            held.get(name)
                .and_then(Value::as_str)
                .is_some_and(|day| first.as_str() <= Some(day) && Some(day) <= last.as_str())
        };
        s.list(&plan(list))?.retain(|held| !within(held));
    }
    Some(())
}
