//! Planned faults of proceedings and of short orders: time that ran out, letters that say little, children held too long.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each that one fault does not reach.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::written;
use crate::county::life::Story;
use crate::model::Day;

/// Where the extensions of the proceedings stand.
const EXTENSIONS: &str = "~/care_proceedings/extensions";
/// Where the work before court stands.
const BEFORE: &str = "~/pre_proceedings";

/// The faults of each standard of proceedings and of the length of legal statuses.
pub(super) const FAULTS: &[Fault] = &[
    ("PLO-001", Story::LongTermFostered, |s| {
        let order = s.day("~/care_proceedings/final_order_date")?;
        s.put("~/care_proceedings/issue_date", written(after(order, -190)))?;
        s.put("~/care_proceedings/chronology_filed_date", written(after(order, -190)))?;
        s.put(EXTENSIONS, json!([]))
    }),
    ("PLO-001", Story::LongTermFostered, |s| {
        let order = s.day("~/care_proceedings/final_order_date")?;
        s.put("~/care_proceedings/extensions/-1/to", written(after(order, -3)))
    }),
    ("PLO-002", Story::LongTermFostered, |s| {
        s.shift("~/care_proceedings/extensions/0/to", "~/care_proceedings/extensions/0/earlier_end_date", 64)
    }),
    ("PLO-002", Story::LongTermFostered, |s| s.put("~/care_proceedings/extensions/0/reason", json!("TBC"))),
    ("PLO-003", Story::LongTermFostered, |s| {
        let place = final_plan(s, "permanence_provisions/harm_impact")?;
        s.put(&place, json!("See file"))
    }),
    ("PLO-003", Story::WithParents, |s| {
        let place = final_plan(s, "court_final_flag")?;
        s.put(&place, json!(false))
    }),
    ("PLO-004", Story::Protected, |s| {
        let end = s.day(&format!("{BEFORE}/end_date"))?;
        s.put(&format!("{BEFORE}/letter_date"), written(after(end, -125)))
    }),
    ("PLO-005", Story::Protected, |s| {
        s.overdue(&format!("{BEFORE}/initial_meeting_date"), 40)?;
        s.empty(&format!("{BEFORE}/meetings"))
    }),
    ("PLO-006", Story::LookedAfter, |s| {
        s.late("~/care_proceedings/chronology_filed_date", "~/care_proceedings/issue_date", 6)
    }),
    ("PLO-007", Story::Protected, |s| {
        s.cut(&format!("{BEFORE}/letter_concerns"))?;
        s.put(&format!("{BEFORE}/legal_help_advised_flag"), json!(false))
    }),
    ("PLO-007", Story::Protected, |s| {
        s.shift(&format!("{BEFORE}/letter_date"), &format!("{BEFORE}/initial_meeting_date"), 1)
    }),
    ("LEG-001", Story::LongTermFostered, |s| hold(s, "police_protection", 4)),
    ("LEG-002", Story::LongTermFostered, |s| hold(s, "child_assessment_order", 10)),
    ("LEG-003", Story::LongTermFostered, |s| {
        (s.order("emergency_protection_order")?.1.get("ran_past_holiday_flag").is_none()).then_some(())?;
        hold(s, "emergency_protection_order", 17)
    }),
    ("LEG-003", Story::LongTermFostered, |s| {
        let (place, order) = s.order("emergency_protection_order")?;
        let end = stamped(order.get("end_at")?)?;
        s.at(&format!("{place}/extended_to_at"))?;
        s.put(&format!("{place}/extended_to_at"), s.dates.stamp(after(end, 9), 720))
    }),
    ("LEG-003", Story::LongTermFostered, |s| {
        let (place, order) = s.order("emergency_protection_order")?;
        order.get("police_protection_date")?;
        let start = stamped(order.get("start_at")?)?;
        s.put(&format!("{place}/end_at"), s.dates.stamp(after(start, 8), 720))
    }),
    ("LEG-003", Story::LongTermFostered, |s| {
        let (place, order) = s.order("emergency_protection_order")?;
        order.get("extended_to_at").is_none().then_some(())?;
        let start = stamped(order.get("start_at")?)?;
        s.put(&format!("{place}/end_at"), s.dates.stamp(after(start, 15), 720))?;
        s.at(&place)?.as_object_mut()?.insert("ran_past_holiday_flag".to_owned(), json!(true));
        Some(())
    }),
    ("LEG-004", Story::LookedAfter, |s| away(s, "T3", 26)),
    ("LEG-005", Story::LookedAfter, |s| away(s, "T1", 46)),
    ("LEG-006", Story::LookedAfter, |s| away(s, "T4", 12)),
];

impl Spoil<'_> {
    /// The place of the emergency order of this type, and the order.
    fn order(&mut self, kind: &str) -> Option<(String, Value)> {
        let orders = self.list("~/emergency_orders")?;
        let number = orders.iter().position(|order| order.get("type").is_some_and(|held| held == kind))?;
        Some((format!("~/emergency_orders/{number}"), orders.get(number)?.clone()))
    }
}

/// The place of a property of the care plan that the court had before it.
fn final_plan(s: &mut Spoil<'_>, property: &str) -> Option<String> {
    let plans = s.list("/care_plans")?;
    let number = plans.iter().position(|plan| plan.get("court_final_flag") == Some(&json!(true)))?;
    Some(format!("/care_plans/{number}/{property}"))
}

/// The day of a moment as the county writes it.
fn stamped(moment: &Value) -> Option<Day> {
    Day::parse(moment.as_str()?.get(..10)?)
}

/// Has a power or an order, and the legal status under it, last so many days in all.
fn hold(s: &mut Spoil<'_>, kind: &str, days: i32) -> Option<()> {
    let (place, order) = s.order(kind)?;
    let start = stamped(order.get("start_at")?)?;
    let end = after(start, days);
    s.dates.past(end).then_some(())?;
    s.put(&format!("{place}/end_at"), s.dates.stamp(end, 1230))?;
    let stays = s.list("~/child_looked_after_placements")?;
    let number = stays.iter().position(|stay| stay.get("start_date") == Some(&written(start)))?;
    for (place, name) in [(number, "end_date"), (number + 1, "start_date")] {
        stays.get_mut(place)?.as_object_mut()?.insert(name.to_owned(), written(end));
    }
    Some(())
}

/// Has the child away from the usual carers for so many days until now, on a stay of this code.
fn away(s: &mut Spoil<'_>, code: &str, days: i32) -> Option<()> {
    (s.at("~/child_looked_after_placements/-1/placement_type")? == code).then_some(())?;
    let start = written(after(s.dates.as_at, -days));
    s.put("~/child_looked_after_placements/-1/start_date", start.clone())?;
    let stays = s.list("~/child_looked_after_placements")?;
    let before = stays.len().checked_sub(2)?;
    stays.get_mut(before)?.as_object_mut()?.insert("end_date".to_owned(), start);
    Some(())
}
