//! One child's whole record, with every duty kept: the parts put together in the order in which they lean on each other.
//!
//! `mod.rs` asks for it; `faults/` then spoils it as far as the team's diligence or the table of planned faults says.

use serde_json::Value;
use serde_json::json;

use super::adoption;
use super::agreements;
use super::audits;
use super::chronology;
use super::dates::Dates;
use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::education;
use super::episode;
use super::health;
use super::homes;
use super::life::Life;
use super::life::Story;
use super::notes;
use super::pathway;
use super::people;
use super::people::Team;
use super::permanence;
use super::placements;
use super::random::Dice;
use super::reviews;
use super::safeguarding;
use super::scene::Scene;
use super::scene::without_nulls;
use super::supervision;
use super::visits;
use crate::model::Day;

/// The lists that every record of the county has, empty where there is nothing to record.
const RECORDED_AS_NONE: &[&str] = &[
    "audits",
    "care_plans",
    "case_notes",
    "cla_review_requests",
    "cla_reviews",
    "cla_visits",
    "iro_escalations",
    "missing_episodes",
    "pathway_plans",
    "permanence_plans",
    "personal_education_plans",
    "short_break_series",
    "supervisions",
    "written_agreements",
];

/// A good record of this story, the team that holds it, and the dice as they lie afterwards.
pub(super) fn good(dates: Dates<'_>, mut dice: Dice, number: usize, story: Story) -> (Value, Team, Dice) {
    let life = Life::draw(&mut dice, dates, story);
    let team = Team::draw(&mut dice, story.team());
    let mut scene = Scene::new(dates, dice, life, team);
    let mut record = person(&mut scene, number);
    let (stays, breaks) = match story {
        Story::ShortBreaks => {
            let (stays, breaks) = placements::short_breaks(&mut scene);
            (Some(stays), Value::Array(breaks))
        }
        _ => (None, json!([])),
    };
    let episode = episode::episode(&mut scene, stays);
    let mut parts = vec![json!({ "short_breaks": breaks })];
    if story.in_care() {
        parts.push(care(&mut scene));
    } else if story == Story::ShortBreaks {
        parts.push(json!({ "cla_reviews": reviews::reviews(&mut scene) }));
        parts.push(homes::break_series(&mut scene, &episode));
    }
    parts.push(json!({ "education": education::education(&mut scene) }));
    let linked = plan_id(&episode, &parts).unwrap_or_default();
    let meetings = meetings(&episode, &scene.life.reviews);
    parts.push(json!({ "social_care_episodes": [episode] }));
    if story != Story::Referral {
        let wanted = matches!(story, Story::InNeed | Story::Protected | Story::LookedAfter);
        let agreements =
            if wanted { agreements::agreements(&mut scene, &linked, &meetings) } else { Vec::new() };
        parts.push(json!({ "written_agreements": agreements, "audits": audits::audits(&mut scene) }));
    }
    parts.push(json!({ "supervisions": supervision::supervisions(&mut scene) }));
    parts.push(safeguarding::parts(&mut scene));
    let chronology = chronology::chronology(&mut scene);
    parts.push(json!({ "chronology": chronology }));
    parts.push(notes::parts(&mut scene));
    if let Some(members) = record.as_object_mut() {
        // What a child has none of is recorded as none; a part left out would say that it was not sent.
        members.extend(RECORDED_AS_NONE.iter().map(|part| ((*part).to_owned(), json!([]))));
        members.insert("health_and_wellbeing".to_owned(), json!({ "health_assessments": [] }));
        members.insert("family_time".to_owned(), json!({ "departures": [] }));
        members.extend(parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten());
    }
    education::without_place(&mut record);
    (without_nulls(record), scene.team, scene.dice)
}

/// The identifier of the plan that an agreement with the family belongs to.
fn plan_id(episode: &Value, parts: &[Value]) -> Option<String> {
    let plans = [
        "/child_protection_plans/0/child_protection_plan_id",
        "/child_in_need_plans/0/child_in_need_plan_id",
    ];
    let care = parts.iter().find_map(|part| part.pointer("/care_plans/0/care_plan_id"));
    plans.into_iter().find_map(|place| episode.pointer(place)).or(care)?.as_str().map(str::to_owned)
}

/// The days on which an assessment was authorised or a meeting took place that takes over from an agreement.
fn meetings(episode: &Value, reviews: &[Day]) -> Vec<Day> {
    let items = |of: &Value, list: &str| of.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
    let day = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).and_then(Day::parse);
    let assessed = items(episode, "child_and_family_assessments")
        .into_iter()
        .filter_map(|made| day(&made, "authorisation_date"));
    let met = items(episode, "section_47_assessments").into_iter().filter_map(|made| day(&made, "icpc_date"));
    let mut days: Vec<Day> = assessed.chain(met).chain(reviews.iter().copied()).collect();
    for plans in ["child_in_need_plans", "child_protection_plans"] {
        for plan in items(episode, plans) {
            for (list, name) in [("meetings", "date"), ("core_groups", "date"), ("reviews", "review_date")] {
                days.extend(items(&plan, list).iter().filter_map(|held| day(held, name)));
            }
        }
    }
    days
}

/// Who the child is and who holds the case.
fn person(scene: &mut Scene<'_>, number: usize) -> Value {
    let life = scene.life.clone();
    let arrived = life.story == Story::Unaccompanied;
    let school_age = life.age(scene.dates.as_at) >= 5 && !arrived;
    let postcode = people::postcode(&mut scene.dice);
    let sibling = scene.dice.chance(300).then(|| format!("CC{:06}", 900_000 + number));
    let disabled = life.story == Story::ShortBreaks;
    let ethnicity = scene.dice.pick(&["WBRI", "WBRI", "WBRI", "WOTH", "MWBC", "APKN", "AIND", "BAFR"]);
    let refused = !arrived && scene.dice.chance(30);
    let ethnicity = if refused { "REFU" } else { ethnicity };
    let seen = |day| written(scene.dates.workday(day));
    // In a few the number was not known in the first days of care, or the status of one who came alone ended at 18.
    let found = Some(scene.dates.workday(after(life.turn, 5)))
        .filter(|_| school_age && life.story.in_care() && scene.dice.chance(70));
    let came_alone = Some(months(life.born, 18 * 12))
        .filter(|_| life.story == Story::CareLeaver && scene.dice.chance(150));
    json!({
        "la_child_id": format!("CC{:06}", number + 1), "mis_child_id": format!("M-{:06}", 40_000 + number),
        "authority": people::AUTHORITY, "locality": scene.team.locality(), "team": scene.team.name(),
        "child_details": {
            "first_name": life.first_name, "surname": life.surname, "date_of_birth": written(life.born), "sex": life.sex,
            "ethnicity": if arrived { "OOTH" } else { ethnicity }, "ethnicity_refused_by": refused.then_some("Mother"), "date_of_death": life.died.map(written), "disabilities": [if disabled { "LD" } else { "NONE" }],
            "first_language": if arrived { "Tigrinya" } else { "English" }, "interpreter_needed_flag": arrived,
            "nhs_number": people::nhs_number(&mut scene.dice.clone()), "postcode": postcode,
            "unique_pupil_number": school_age.then(|| people::pupil_number(&mut scene.dice.clone(), life.born.ymd().0 + 5)),
            "unique_pupil_number_unknown_reason": match (school_age, arrived, found) {
                (true, _, Some(_)) => Some("UN4"),
                (true, _, None) => None,
                (false, true, _) => Some("UN3"),
                (false, false, _) => Some("UN1"),
            },
            "unique_pupil_number_recorded_date": found.map(written), "uasc_end_date": came_alone.map(written),
            "uasc_flag": arrived, "trafficking_victim_flag": false, "siblings_in_care_flag": sibling.is_some() && life.story.in_care(),
            "sibling_ids": sibling.into_iter().collect::<Vec<String>>(), "restricted_flag": false, "religion": (["No religion", "Christian", "Muslim", "No religion"]).get(number % 4),
        },
        "addresses": [{ "type": "Home", "start_date": seen(after(life.referral, -300).max(after(life.born, 7))), "postcode": postcode }],
        "contacts": [{ "contact_date": written(life.referral), "source": "2A", "outcome": "Passed to the assessment team." }],
        "unaccompanied_child": arrived.then(|| json!({ "flag_date": written(life.turn), "interpreter_used_flag": true,
            "legal_adviser_named_date": scene.dates.done(scene.dates.working(life.turn, 6)),
            "document_check_date": scene.dates.done(scene.dates.working(life.turn, 5)),
            "age_assessment_date": scene.dates.done(scene.dates.working(life.turn, 12)) })),
    })
}

/// The parts of a record that only a looked-after child or a care leaver has.
fn care(scene: &mut Scene<'_>) -> Value {
    let until = scene.life.care_until(scene.dates);
    let peps = scene.life.age(until) >= 2;
    let tracked = permanence::tracker(scene);
    json!({
        "care_plans": reviews::care_plans(scene), "cla_reviews": reviews::reviews(scene), "cla_review_requests": reviews::requests(scene),
        "iro_escalations": reviews::escalations(scene), "iro_contacts": reviews::iro_contacts(scene),
        "family_time": placements::family_time(scene), "cla_visits": visits::care_visits(scene),
        "permanence_plans": permanence::plans(scene), "permanence_tracker": tracked,
        "personal_education_plans": if peps { education::plans(scene) } else { Vec::new() },
        "pathway_plans": pathway::plans(scene), "connected_person": homes::connected_person(scene),
        "life_story_work": adoption::life_story(scene), "special_guardianship": homes::special_guardianship(scene),
        "health_and_wellbeing": health::health(scene),
    })
}
