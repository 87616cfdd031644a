//! Young people who have left care: what the return asks of them, contact with their adviser, support after 21.
//!
//! `episode.rs` takes what the return asks, `pathway.rs` the rest. Limits: 7 days after a move, 2 months between visits at home.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// What the return asks of a care leaver; nothing for anybody else.
pub(super) fn returned(scene: &Scene<'_>) -> Value {
    let eligibility = match scene.life.story {
        Story::CareLeaver => "Former Relevant",
        Story::Relevant if scene.life.left.is_some() => "Relevant",
        _ => return Value::Null,
    };
    json!({
        "contact_date": written(scene.dates.workday(after(scene.dates.as_at, -9))), "in_touch": "YES", "eligibility": eligibility,
        "activity": "F2", "accommodation": "D", "accommodation_suitable": "1", "team": scene.team.name(),
        "personal_adviser": scene.team.worker("personal_adviser").1,
    })
}

/// Since when a young person has had an adviser: soon after becoming eligible, and by the 17th birthday.
pub(super) fn adviser_since(scene: &Scene<'_>, eligible: Day) -> Day {
    after(eligible, 10).min(months(scene.life.born, 17 * 12)).max(eligible)
}

/// Contacts with the adviser from a day on, at least monthly, every other one a visit at home.
pub(super) fn contacts(scene: &mut Scene<'_>, from: Day) -> Vec<Value> {
    let mut day = scene.dates.workday(from);
    let mut made = Vec::new();
    while scene.dates.past(day) && made.len() < 80 {
        let visit = made.len().is_multiple_of(2);
        made.push(json!({ "date": written(day), "mode": if visit { "visit" } else { "phone" },
            "by": scene.team.person("personal_adviser"), "seen_flag": visit, "home_visit_flag": visit,
            "recorded_at": scene.dates.stamp(day, 1000) }));
        day = scene.dates.workday(after(day, 26));
    }
    made
}

/// What a young adult over 21 was offered, or that support goes on.
pub(super) fn support(scene: &mut Scene<'_>) -> Value {
    let offered = scene.dates.workday(after(months(scene.life.born, 21 * 12), 20));
    if scene.life.story != Story::CareLeaver || !scene.dates.past(offered) {
        return json!({});
    }
    if scene.dice.chance(400) {
        return json!({ "support_after_21_flag": true });
    }
    let mut offers = Vec::new();
    let mut day = offered;
    while scene.dates.past(day) && offers.len() < 4 {
        offers.push(json!({ "date": written(day), "accepted_flag": false }));
        day = scene.dates.workday(months(day, 11));
    }
    json!({ "support_after_21_flag": false, "support_offers": offers })
}
