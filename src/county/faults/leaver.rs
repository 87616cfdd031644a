//! Planned faults of care leavers: no adviser, contact lost, nothing known of the home, no offer, no money.
//!
//! The table is read by `faults/mod.rs`. A standard with several rules has a row for each that one fault does not reach.

use serde_json::Value;
use serde_json::json;

use super::Fault;
use super::Spoil;
use crate::county::dates::after;
use crate::county::dates::months;
use crate::county::dates::written;
use crate::county::life::Story;
use crate::model::Day;

/// The pathway plan, its contacts and what the return asks.
const PLAN: &str = "/pathway_plans/0";
const CONTACTS: &str = "/pathway_plans/0/contacts";
const RETURN: &str = "~/care_leavers";

/// The faults of each standard about care leavers.
pub(super) const FAULTS: &[Fault] = &[
    ("CLV-001", Story::Eligible, |s| {
        let eligible = s.day(&format!("{PLAN}/became_eligible_date"))?;
        s.date(&format!("{PLAN}/personal_adviser/appointed_date"), months(eligible, 5))
    }),
    ("CLV-002", Story::Eligible, |s| {
        let seventeen = months(s.day("/child_details/date_of_birth")?, 17 * 12);
        s.day(&format!("{PLAN}/became_eligible_date")).filter(|day| *day < seventeen)?;
        s.date(&format!("{PLAN}/personal_adviser/appointed_date"), after(seventeen, 20))
    }),
    ("CLV-003", Story::CareLeaver, |s| {
        let provided = s.day(&format!("{PLAN}/accommodation/authority_provided_start_date"))?;
        kept(s, |day| day > after(provided, 20))
    }),
    ("CLV-004", Story::CareLeaver, |s| {
        let provided = s.day(&format!("{PLAN}/accommodation/authority_provided_start_date"))?;
        let review = s.day(&format!("{PLAN}/reviews/0/review_date")).filter(|day| *day > provided)?;
        kept(s, |day| day > review)
    }),
    ("CLV-005", Story::CareLeaver, |s| {
        let contacts = s.list(CONTACTS).filter(|contacts| contacts.len() > 5)?;
        contacts.iter_mut().skip(1).filter_map(|contact| contact.get_mut("home_visit_flag")).for_each(
            |flag| {
                *flag = json!(false);
            },
        );
        Some(())
    }),
    ("CLV-006", Story::CareLeaver, |s| silent(s, 100)),
    ("CLV-007", Story::CareLeaver, |s| silent(s, 45)),
    ("CLV-008", Story::CareLeaver, |s| {
        silent(s, 100)?;
        s.put(&format!("{RETURN}/in_touch"), json!("NO"))
    }),
    ("CLV-009", Story::CareLeaver, |s| s.cut(&format!("{RETURN}/accommodation"))),
    ("CLV-009", Story::Relevant, |s| s.put(&format!("{RETURN}/accommodation"), json!("Z"))),
    ("CLV-010", Story::CareLeaver, |s| s.cut(&format!("{RETURN}/accommodation_suitable"))),
    ("CLV-010", Story::CareLeaver, |s| s.put(&format!("{PLAN}/accommodation/type"), json!("W"))),
    ("CLV-010", Story::CareLeaver, |s| {
        s.put(&format!("{PLAN}/accommodation/type"), json!("V"))?;
        let home = s.at(&format!("{PLAN}/accommodation"))?.as_object_mut()?;
        home.insert("manager_note".to_owned(), json!("Two nights only; lodgings are booked from Monday."));
        s.empty(&format!("{PLAN}/actions"))
    }),
    ("CLV-011", Story::CareLeaver, |s| {
        s.cut(&format!("{RETURN}/activity"))?;
        s.put(&format!("{PLAN}/activity"), json!("G5"))
    }),
    ("CLV-011", Story::CareLeaver, |s| {
        s.put(&format!("{PLAN}/activity"), json!("G4"))?;
        s.empty(&format!("{PLAN}/actions"))
    }),
    ("CLV-012", Story::CareLeaver, |s| {
        let due = months(s.day("/child_details/date_of_birth")?, 22 * 12);
        (due < s.dates.as_at).then_some(())?;
        s.empty(&format!("{PLAN}/support_offers"))
    }),
    ("CLV-013", Story::CareLeaver, |s| s.cut(&format!("{PLAN}/local_offer_given_date"))),
    ("CLV-014", Story::CareLeaver, |s| s.cut(&format!("{PLAN}/finance/setting_up_allowance_spent"))),
    ("CLV-014", Story::CareLeaver, |s| s.put(&format!("{PLAN}/finance/setting_up_allowance"), json!(2000))),
    ("CLV-015", Story::Eligible, |s| s.cut(&format!("{PLAN}/eligibility"))),
    ("CLV-015", Story::Eligible, |s| s.put(&format!("{PLAN}/eligibility"), json!("former_relevant"))),
    ("CLV-016", Story::CareLeaver, |s| {
        let day = s.day(&format!("{CONTACTS}/0/date"))?;
        let late = s.dates.stamp(after(day, 20), 960);
        (!late.is_null()).then_some(())?;
        s.put(&format!("{CONTACTS}/0/recorded_at"), late)
    }),
    ("CLV-017", Story::Eligible, |s| {
        let stays = s.list("~/child_looked_after_placements")?;
        stays.iter().all(|stay| stay.get("placed_with") == Some(&json!("foster_carer"))).then_some(())?;
        let sixteen = months(s.day("/child_details/date_of_birth")?, 16 * 12);
        let reviews = s.list("/cla_reviews")?;
        let first = reviews.iter_mut().find(|review| dated(review, "review_date") >= Some(sixteen))?;
        first.as_object_mut()?.insert("staying_put_considered_flag".to_owned(), json!(false));
        Some(())
    }),
];

/// The date in a property of an item.
fn dated(item: &Value, name: &str) -> Option<Day> {
    Day::parse(item.get(name)?.as_str()?)
}

/// Keeps the contacts of the days that are wanted, if that takes any out.
fn kept(s: &mut Spoil<'_>, wanted: impl Fn(Day) -> bool) -> Option<()> {
    let contacts = s.list(CONTACTS)?;
    let before = contacts.len();
    contacts.retain(|contact| dated(contact, "date").is_none_or(&wanted));
    (contacts.len() < before).then_some(())
}

/// Has nobody in touch with the young adult in the last so many days.
fn silent(s: &mut Spoil<'_>, days: i32) -> Option<()> {
    let since = after(s.dates.as_at, -days);
    s.day(&format!("{PLAN}/plan_date")).filter(|day| *day < since)?;
    let adult = months(s.day("/child_details/date_of_birth")?, 18 * 12);
    (adult < after(since, -5)).then_some(())?;
    kept(s, |day| day < since)?;
    let last = s.list(CONTACTS)?.last().and_then(|contact| dated(contact, "date")).unwrap_or(adult);
    s.put(&format!("{RETURN}/contact_date"), written(last))
}
