//! Pathway plans of young people of sixteen and over: the assessment of needs, the plan, its reviews and contacts.
//!
//! `record.rs` calls this for those whose story has one. Limits: three months to assess, ten working days to plan.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::months;
use super::dates::written;
use super::leaver;
use super::life::Story;
use super::permanence::serves;
use super::scene::Scene;
use crate::model::Day;

/// The days of a pathway plan.
struct Path {
    eligible: Day,
    relevant: Option<Day>,
    informed: Option<Day>,
    started: Day,
    assessed: Day,
    planned: Day,
    reviews: Vec<Day>,
}

/// The plan, or nothing while the assessment is still being made.
pub(super) fn plans(scene: &mut Scene<'_>) -> Vec<Value> {
    if !scene.life.story.has_pathway() {
        return Vec::new();
    }
    let path = path(scene);
    let mut plan = begun(scene, &path);
    if scene.dates.past(path.planned) {
        for part in [
            said(scene, &path),
            sections(scene),
            home(scene, &path),
            money(scene, &path),
            touch(scene, &path),
            leaver::support(scene),
        ] {
            if let (Some(members), Value::Object(more)) = (plan.as_object_mut(), part) {
                members.extend(more);
            }
        }
    }
    vec![plan]
}

/// Settles the days of the plan.
fn path(scene: &mut Scene<'_>) -> Path {
    let life = &scene.life;
    let eligible = months(life.born, 16 * 12).max(life.turn);
    let eligible = if life.story == Story::CareLeaver {
        months(life.born, 16 * 12).max(after(life.turn, 91))
    } else {
        eligible
    };
    let relevant = life.left.filter(|_| life.story == Story::Relevant);
    let returns = life.story == Story::CareLeaver && scene.dice.chance(250);
    let informed = Some(after(scene.dates.as_at, -170))
        .filter(|day| returns && *day > months(scene.life.born, 18 * 12 + 1));
    let from = informed.or(relevant).unwrap_or(eligible);
    let assessed = scene.dates.workday(after(from, scene.dice.between(50, 82)));
    let planned = scene.dates.working(assessed, 7);
    let mut reviews = Vec::new();
    let moved = moved_at_eighteen(scene);
    let gap = 6 - i32::from(scene.life.story == Story::CareLeaver) * 3;
    // The review after the first weeks in the authority's accommodation comes in between.
    let then = |from: Day, next: Day| match moved {
        Some(day) if from < day && day <= next => scene.dates.workday(after(day, 38)),
        _ => next,
    };
    let mut next = then(planned, scene.dates.workday(months(planned, gap)));
    while scene.dates.past(next) {
        reviews.push(next);
        next = then(next, scene.dates.workday(after(months(next, gap), -4)));
    }
    Path { eligible, relevant, informed, started: after(from, 10), assessed, planned, reviews }
}

/// The day on which a care leaver moved into accommodation that the authority provides.
fn moved_at_eighteen(scene: &Scene<'_>) -> Option<Day> {
    scene.life.left.filter(|_| scene.life.story == Story::CareLeaver)
}

/// Status, dates, adviser, assessment and reviews.
fn begun(scene: &mut Scene<'_>, path: &Path) -> Value {
    let eligibility = match scene.life.story {
        Story::CareLeaver => "former_relevant",
        Story::Relevant if path.relevant.is_some() => "relevant",
        _ => "eligible",
    };
    let accommodation = scene.life.story == Story::CareLeaver;
    let settled = moved_at_eighteen(scene).map(|day| after(day, 28));
    let first = path.reviews.iter().position(|day| settled.is_some_and(|settled| settled <= *day));
    let reviews: Vec<Value> = path
        .reviews
        .iter()
        .enumerate()
        .map(|(number, day)| {
            let kind = match first {
                Some(first) if number == first => "accommodation_first",
                Some(first) if number > first => "accommodation_later",
                _ => "six_monthly",
            };
            json!({ "review_date": written(*day), "review_type": kind, "reason": "Regular review of progress and support.",
                "authorised": scene.approval("team_manager", *day), "next_interval_months": if accommodation { 3 } else { 6 } })
        })
        .collect();
    let last = path.reviews.last().copied();
    // Just after a review the next one is not set yet.
    let fresh = last.filter(|day| after(*day, 10) > scene.dates.as_at);
    let next =
        fresh.unwrap_or_else(|| months(last.unwrap_or(path.planned), if accommodation { 3 } else { 6 }));
    let asked = path.reviews.first().map(|day| after(*day, -15)).filter(|_| scene.dice.chance(400));
    let requests: Vec<Value> = asked
        .iter()
        .map(|day| json!({ "request_date": written(*day), "requested_by": "young_person", "reason": "Wants to talk about a new course.",
            "accommodation_change_flag": false }))
        .collect();
    json!({
        "pathway_plan_id": "PW01", "eligibility": eligibility, "became_eligible_date": written(path.eligible),
        "became_relevant_date": path.relevant.map(written), "education_intent_notified_date": path.informed.map(written),
        "section_23ca_flag": path.informed.is_some() && scene.life.age(scene.dates.as_at) >= 21, "serves_as_permanence_plan_flag": serves(scene),
        "needs_assessment": { "started_date": scene.dates.done(path.started), "completed_date": scene.dates.done(path.assessed),
            "author": scene.team.person("personal_adviser") },
        "plan_date": scene.dates.done(path.planned), "authorised": scene.approval("team_manager", path.planned),
        "next_review_due_date": written(next), "reviews": reviews, "review_requests": requests,
        "personal_adviser": { "name": scene.team.worker("personal_adviser").1, "appointed_date": scene.dates.done(leaver::adviser_since(scene, path.eligible)) },
    })
}

/// What the young person and others said.
fn said(scene: &mut Scene<'_>, path: &Path) -> Value {
    let day = scene.dates.workday(after(path.assessed, -5));
    let heard = |role: &str, name: &str, text: &str| json!({ "role": role, "name": name, "response_date": written(day), "response": text });
    json!({
        "young_person_views": scene.views(day), "copy_given_date": scene.dates.done(scene.dates.working(path.planned, 2)),
        "consultees": [
            heard("parent", "Lena Fernhallow", "Wants weekly calls to go on."),
            heard("carer", "Robin Thistlebank", "Ready to cook and shop alone; needs help with letters."),
            heard("teacher", "Morgan Larkenby", "On course for the second year."),
            { "role": "doctor", "name": "Dr Ines Mossgill", "no_response_reason": "Written to twice; surgery replied that there is nothing to add." },
        ],
        "support": { "level": "Regular", "frequency": "Each fortnight", "by_whom": "Personal adviser" },
    })
}

/// The ten areas of the plan, and its actions.
fn sections(scene: &mut Scene<'_>) -> Value {
    let today = scene.dates.as_at;
    json!({
        "sections": {
            "personal_support": "Adviser visits each fortnight and can be rung on weekdays.",
            "education_training": "Second year of the joinery course at Eskwater College.",
            "employment": "Saturday job at the garden centre; interview practice in the spring.",
            "accommodation": "Own room with shared kitchen; ten minutes from college.",
            "family_social": "Sees brother on Sundays and plays five-a-side on Thursdays.",
            "life_skills": "Cooks four meals; learning to read a tenancy and a meter.",
            "finance": "Weekly budget agreed; savings account opened; knows the allowances.",
            "health": "Registered with doctor and dentist; keeps own inhaler.",
            "identity": "Keeps the life story book; proud of both languages spoken at home.",
            "contingency": "If the room is lost, the supported lodgings host has a bed for four weeks.",
        },
        "actions": [scene.action(after(today, -60), after(today, 40)), scene.action(after(today, -60), after(today, -20))],
        "immigration": (scene.life.story == Story::Unaccompanied)
            .then_some("Claim lodged; solicitor named; each outcome of the claim is planned for."),
        "risks": ["Isolation at weekends"], "activity": "F2",
    })
}

/// Where the young person lives and why it is suitable.
fn home(scene: &mut Scene<'_>, path: &Path) -> Value {
    let left = scene.life.left;
    let provided = left.filter(|_| scene.life.story == Story::CareLeaver);
    let matters = [
        "facilities_and_services",
        "state_of_repair",
        "safety",
        "location",
        "support",
        "tenancy_status",
        "cost",
        "health_and_needs",
        "wishes_and_feelings",
        "education_training_employment",
    ];
    let matters: Vec<Value> =
        matters.iter().map(|matter| json!({ "matter": matter, "considered_flag": true })).collect();
    let moved = path
        .reviews
        .last()
        .map(|day| scene.dates.workday(after(*day, 9)))
        .filter(|_| scene.life.story == Story::Eligible);
    json!({
        "accommodation": {
            "type": if left.is_some() { "D" } else { "Z" }, "address_known_flag": true,
            "start_date": written(left.unwrap_or(scene.life.turn)), "authority_provided_flag": provided.is_some(),
            "authority_provided_start_date": provided.map(written), "suitable_flag": true,
            "reasons": "Safe, warm and near college; the rent can be met and the young person chose it.",
            "suitability_matters": matters, "landlord_checked_flag": true, "emergency_flag": false,
        },
        "moved_on_date": moved.map(|day| scene.dates.done(day)),
    })
}

/// Money, health history and the local offer.
fn money(scene: &mut Scene<'_>, path: &Path) -> Value {
    let adult = months(scene.life.born, 18 * 12);
    json!({
        "finance": { "setting_up_allowance": 3000, "setting_up_allowance_spent": 640, "entitlements": ["Council tax help", "Bursary"], "benefits": [] },
        "health_history_given_date": scene.dates.past(adult).then(|| written(after(adult, -30))),
        "local_offer_given_date": scene.dates.done(after(path.planned, 5).min(after(adult, 20))),
    })
}

/// Contacts with the adviser: those of a care leaver since the move at 18, of others over the last half year.
fn touch(scene: &mut Scene<'_>, path: &Path) -> Value {
    let recent = path.planned.max(after(scene.dates.as_at, -190));
    let moved = moved_at_eighteen(scene);
    json!({ "contacts": leaver::contacts(scene, moved.map_or(recent, |day| after(day, 5))) })
}
