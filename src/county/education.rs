//! Education: the child's school and the personal education plans, one a term.
//!
//! `record.rs` calls these for children in care of two and over. A plan is started within five working days of entry to care.

use serde_json::Value;
use serde_json::json;

use super::dates::after;
use super::dates::written;
use super::life::Story;
use super::scene::Scene;
use crate::model::Day;

/// One plan in the making: its meeting, when it was started, and what kind it is.
struct Meeting {
    day: Day,
    started: Day,
    kind: &'static str,
}

/// The academic year and the term that a day belongs to, by month; a summer holiday belongs to the summer term.
fn term(day: Day) -> (String, &'static str) {
    let (year, month, _) = day.ymd();
    let first = if month >= 9 { year } else { year - 1 };
    let name = match month {
        9..=12 => "autumn",
        1..=3 => "spring",
        _ => "summer",
    };
    (format!("{first}-{:02}", (first + 1).rem_euclid(100)), name)
}

/// The year group on a day: age on the last day of August before.
fn year_group(born: Day, day: Day) -> String {
    let (year, month, _) = day.ymd();
    let august = Day::from_ymd(if month >= 9 { year } else { year - 1 }, 8, 31).unwrap_or(day);
    match august.age_since(born) {
        ..=3 => "EY".to_owned(),
        4 => "R".to_owned(),
        age => format!("Y{}", (age - 4).min(13)),
    }
}

/// The name and type of the child's school on a day.
fn school(age: i32, moved: bool) -> (&'static str, &'static str) {
    match (age, moved) {
        (..=4, _) => ("Little Acorns Nursery", "early_years"),
        (5..=10, false) => ("Marrowdale Primary School", "primary"),
        (5..=10, true) => ("Heronby Primary School", "primary"),
        (11..=15, false) => ("Tarnwick Academy", "secondary"),
        (11..=15, true) => ("Copperfold High School", "secondary"),
        _ => ("Eskwater College", "further_education"),
    }
}

/// The plans of a child in care from the age of two.
pub(super) fn plans(scene: &mut Scene<'_>) -> Vec<Value> {
    let meetings = meetings(scene);
    let no_place = (5..18).contains(&scene.life.age(scene.dates.as_at)) && scene.dice.chance(120);
    let last = meetings.len();
    let mut made: Vec<Value> = Vec::new();
    for (number, meeting) in meetings.iter().enumerate() {
        let mut plan = plan(scene, meeting, number, no_place && number + 1 == last);
        let before = made.last().and_then(|before| before.pointer("/targets/0/text")).cloned();
        if let (Some(target), Some(members)) = (before, plan.as_object_mut()) {
            members.insert("previous_targets".into(), json!([{
                "target": target, "outcome": "partly", "evidence": "Teacher's log shows four weeks of five; carry on to half-term.",
            }]));
        }
        made.push(plan);
    }
    made
}

/// The meetings: the first soon after entry, one each term after that, and one after a change of school.
fn meetings(scene: &Scene<'_>) -> Vec<Meeting> {
    let (start, until) = (scene.life.turn, scene.life.care_until(scene.dates));
    let from_two = super::dates::months(scene.life.born, 25);
    let begin = start.max(scene.dates.workday(from_two));
    let first = scene.dates.working(begin, 8);
    // A planned entry to care leaves time to begin before it.
    let started = if scene.life.planned {
        scene.dates.workday(after(start, -6))
    } else {
        scene.dates.working(begin, 4)
    };
    let mut meetings = vec![Meeting { day: first, started, kind: "initial" }];
    let mut last = first;
    let (year, ..) = start.ymd();
    for year in year..=until.ymd().0 {
        for (month, date) in [(1, 25), (5, 25), (9, 25)] {
            let Some(day) = Day::from_ymd(year, month, date).map(|day| scene.dates.workday(day)) else {
                continue;
            };
            // In each term, and never more than four months after the last.
            let soonest = scene.dates.workday(super::dates::months(last, 4));
            let day = if day > first { day.min(soonest) } else { day };
            if day > first && day <= until && term(day) != term(first) {
                meetings.push(Meeting { day, started: after(day, -14), kind: "review" });
                last = day;
            }
        }
    }
    if let Some(moved) = scene.life.school_move {
        let day = scene.dates.working(moved, 12);
        meetings.push(Meeting { day, started: scene.dates.working(moved, 3), kind: "school_change" });
    }
    meetings.retain(|meeting| scene.dates.past(meeting.started));
    meetings.sort_by_key(|meeting| meeting.day);
    meetings
}

/// One plan, with what it holds once its meeting has come.
fn plan(scene: &mut Scene<'_>, meeting: &Meeting, number: usize, no_place: bool) -> Value {
    let day = meeting.day;
    let (academic_year, term) = term(day);
    let ready = scene.dates.workday(after(day, -12));
    let completed = scene.dates.working(day, 6);
    let early = meeting.kind == "initial";
    let mut plan = json!({
        "pep_id": format!("PEP{:02}", number + 1), "pep_number": number + 1, "pep_type": meeting.kind,
        "academic_year": academic_year, "term": term, "initiated_date": written(meeting.started),
        "planned_meeting_date": written(day), "meeting_date": scene.dates.done(day), "completed_date": scene.dates.done(completed),
        "available_to_review_date": scene.dates.done(completed),
        "sections_ready_date": if early { scene.dates.done(day) } else { scene.dates.done(ready) },
        "year_group": year_group(scene.life.born, day), "social_worker": scene.team.person("social_worker"),
        "virtual_school_officer": scene.team.person("virtual_school_officer"),
        "designated_teacher": { "id": "T310", "name": "Morgan Larkenby", "role": "designated_teacher" },
    });
    let parts = [
        place(scene, day, no_place),
        heard(scene, day),
        learning(scene, day, completed),
        quality(scene, completed),
    ];
    if let (true, Some(members)) = (scene.dates.past(day), plan.as_object_mut()) {
        members.extend(parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten());
    }
    plan
}

/// The setting, or why there is none and what is being done.
fn place(scene: &mut Scene<'_>, day: Day, no_place: bool) -> Value {
    if no_place {
        return json!({
            "not_in_setting_reason": "The school said it could not meet need; a place is being sought.",
            "place_actions": [scene.action(day, after(day, 20))],
        });
    }
    let moved = scene.life.school_move.is_some_and(|move_day| move_day <= day);
    let (name, kind) = school(scene.life.age(day), moved);
    let from = scene
        .life
        .school_move
        .filter(|_| moved)
        .unwrap_or_else(|| after(scene.life.turn, -200).max(scene.life.born));
    json!({ "setting": { "name": name, "urn": "990123", "type": kind, "on_roll_from": written(from) } })
}

/// Who came, and what the child, the carer and the parent said.
fn heard(scene: &mut Scene<'_>, day: Day) -> Value {
    let worker = scene.team.worker("social_worker").1;
    json!({
        "attendees": [
            { "name": worker, "role": "social_worker", "attended_flag": true },
            { "name": "Morgan Larkenby", "role": "designated_teacher", "attended_flag": true, "contribution": "Progress and next steps." },
            { "name": "Robin Thistlebank", "role": "foster_carer", "attended_flag": true },
        ],
        "child_views": scene.views(after(day, -2)),
        "carer_views": "Homework is calmer at the kitchen table; reading together most nights.",
        "parent_views": "Pleased with the reading and would like to come to sports day.",
        "next_pep_date": written(scene.dates.workday(after(day, 110))),
    })
}

/// Attendance, attainment, needs, targets, premium and the next step.
fn learning(scene: &mut Scene<'_>, day: Day, completed: Day) -> Value {
    let age = scene.life.age(day);
    let group = year_group(scene.life.born, day);
    let (school_age, post) = ((5..16).contains(&age), age >= 16);
    let turning = matches!(group.as_str(), "EY" | "Y6" | "Y9" | "Y10" | "Y11");
    let ehcp = scene.dice.chance(250);
    let excluded = school_age && scene.dice.chance(200);
    let exclusion = json!([{ "type": "suspension", "start_date": written(after(day, -30)), "days": 1.5,
        "reason": "Left the class and shouted at staff.", "action": "Mentor time and a safe place agreed." }]);
    let target = |id: &str, area: &str, text: &str, need: &str| {
        json!({ "target_id": id, "area": area, "text": text, "need": need, "measure": "Teacher's weekly record",
            "baseline": "Two days in five", "owner": "Morgan Larkenby", "deadline": written(after(day, 100)),
            "interventions": [{ "what": "Paired reading", "when": "Mornings", "where": "Library", "who": "Mentor", "how_often": "Three times a week" }] })
    };
    json!({
        "attendance_percent": school_age.then(|| f64::from(scene.dice.between(880, 1000)) / 10.0),
        "exclusions": if excluded { exclusion } else { json!([]) },
        "attainment": [{ "subject": "English", "level": "Working towards", "baseline": "Below", "date": written(after(day, -9)) },
            { "subject": "Mathematics", "level": "Expected", "baseline": "Working towards", "date": written(after(day, -9)) }],
        "send_status": if ehcp { "ehcp" } else { "none" }, "ehcp_date": ehcp.then(|| written(after(scene.life.turn, -120).max(scene.life.born))),
        "targets": [target("T1", "academic", "Read aloud for ten minutes on four days of five until half-term", "Fluent reading"),
            target("T2", "social_emotional", "Use the calm card before leaving a lesson, nine times in ten", "Managing worry")],
        "actions": [scene.action(day, after(completed, 30))],
        "pupil_premium_eligible_flag": !post,
        "pupil_premium": if post { json!([]) } else { json!([{
            "premium_type": if age < 5 { "early_years_pupil_premium" } else { "pupil_premium_plus" }, "amount": 420,
            "purpose": "Reading mentor for one term", "linked_target_id": "T1" }]) },
        "transition_plan": turning.then_some("Two visits to the next school, a photograph book and a named mentor from the first day."),
        "history": { "conduct_record": "Rewards each week and two talks with the head of year.", "educational_history": "Two schools so far; settled in the present one.", "achievements": "Art prize and a swimming badge." },
    })
}

/// The virtual school's rating, and its correction where it was red.
fn quality(scene: &mut Scene<'_>, completed: Day) -> Value {
    let rated = scene.dates.working(completed, 6);
    let (returned, corrected) = (scene.dates.working(rated, 1), scene.dates.working(rated, 8));
    if !scene.dates.past(rated) {
        return json!({});
    }
    let red = scene.dates.past(corrected) && scene.dice.chance(150);
    let rag = if red { "red" } else { scene.dice.pick(&["green", "green", "amber"]) };
    json!({ "quality_assurance": {
        "rag": rag, "date": written(rated), "by": scene.team.person("virtual_school_officer"),
        "comment": if red { "Targets need a measure; returned." } else { "Targets are clear and the child's voice comes through." },
        "returned_date": red.then(|| written(returned)), "corrected_date": red.then(|| written(corrected)),
    } })
}

/// The child's school, its changes, attendance and absences; lists with nothing in them for those who are at no school.
pub(super) fn education(scene: &mut Scene<'_>) -> Value {
    let today = scene.dates.as_at;
    let age = scene.life.age(today);
    if !(3..18).contains(&age) || scene.life.story == Story::Referral || scene.life.died.is_some() {
        return json!({ "attendance": [], "absences": [], "exclusions": [] });
    }
    let moved = scene.life.school_move;
    if let Some(day) = moved {
        scene.happen(day, "school_change", "neutral");
    }
    let (name, _) = school(age, moved.is_some());
    let (from, _) = school(age, false);
    let changes: Vec<Value> = moved
        .iter()
        .map(|day| json!({ "change_date": written(*day), "from_name": from, "to_name": name, "reason": "Nearer to the carers." }))
        .collect();
    let began = moved.unwrap_or_else(|| after(scene.life.referral, -200).max(scene.life.born));
    let terms = terms_over(today);
    let school_age = (5..16).contains(&age);
    json!({
        "school": { "name": name, "urn": "990123", "start_date": written(began) }, "school_changes": changes,
        "early_years_entitlement_flag": (age < 5).then_some(true),
        "attendance": if school_age { attendance(scene, &terms) } else { Vec::new() },
        "absences": terms.last().filter(|_| school_age).map_or_else(Vec::new, |(end, ..)| absences(scene, *end)),
        "exclusions": terms.last().filter(|_| school_age).map_or_else(Vec::new, |(end, ..)| exclusions(scene, *end)),
        "roll_deletion": terms.last().filter(|_| school_age).map(|(end, ..)| roll_deletion(scene, *end)),
    })
}

/// The last days of the two terms before a day, with their names and academic years.
fn terms_over(today: Day) -> Vec<(Day, &'static str, String)> {
    let year = today.ymd().0;
    let ends = [year - 1, year].into_iter().flat_map(|year| {
        [(3, 27), (7, 17), (12, 18)]
            .into_iter()
            .filter_map(move |(month, date)| Day::from_ymd(year, month, date))
    });
    let over: Vec<Day> = ends.filter(|day| *day < today).collect();
    let recent = over.get(over.len().saturating_sub(2)..).unwrap_or_default();
    recent.iter().map(|day| (*day, term(*day).1, term(*day).0)).collect()
}

/// Attendance of the terms that are over; where it was low a meeting about the plan looked at it.
fn attendance(scene: &mut Scene<'_>, terms: &[(Day, &'static str, String)]) -> Vec<Value> {
    terms
        .iter()
        .map(|(end, name, year)| {
            let low = scene.dice.chance(200);
            let percent = if low { scene.dice.between(780, 895) } else { scene.dice.between(905, 1000) };
            let looked = after(*end, 4).min(scene.dates.as_at);
            json!({ "term": name, "academic_year": year, "percent": f64::from(percent) / 10.0, "counted_to_date": written(*end),
                "plan_meeting_date": low.then(|| written(looked)),
                "action": low.then_some("The carer walks with the child to the gate; the mentor rings by nine.") })
        })
        .collect()
}

/// At times three weeks without leave, told to the authority within ten school days.
fn absences(scene: &mut Scene<'_>, term_end: Day) -> Vec<Value> {
    let start = scene.dates.workday(after(term_end, -60));
    let told = scene.dates.working(start, 8);
    if !scene.dice.chance(150) {
        return Vec::new();
    }
    vec![
        json!({ "start_date": written(start), "end_date": written(scene.dates.working(start, 14)), "days": 15,
        "reason": "Stayed at home after a quarrel with a friend.", "authorised_flag": false, "reported_date": written(told) }),
    ]
}

/// At times a suspension, with what was done after it.
fn exclusions(scene: &mut Scene<'_>, term_end: Day) -> Vec<Value> {
    let start = scene.dates.workday(after(term_end, -25));
    if !scene.dice.chance(150) {
        return Vec::new();
    }
    vec![
        json!({ "type": "suspension", "start_date": written(start), "days": 1.5, "reason": "Left the class and shouted at staff.",
        "action": "Mentor time and a safe place agreed.", "action_date": written(scene.dates.working(start, 2)) }),
    ]
}

/// At times removal from a roll, after enquiries and no sooner than the law allows, for children who live at home.
fn roll_deletion(scene: &mut Scene<'_>, term_end: Day) -> Value {
    let from = scene.dates.workday(after(term_end, -70));
    let at_home = matches!(scene.life.story, Story::InNeed | Story::Protected);
    if !at_home || !scene.dice.chance(120) {
        return Value::Null;
    }
    let leave = scene.dice.chance(500);
    json!({ "date": written(scene.dates.working(from, 33)), "enquiries_date": written(scene.dates.working(from, 12)),
        "ground": if leave { "not_returned_from_leave" } else { "continuous_absence" },
        "absent_from_date": (!leave).then(|| written(from)), "due_back_date": leave.then(|| written(from)) })
}

/// Makes the child's education agree with a last plan that says there is no place: since when, and what is done.
pub(super) fn without_place(record: &mut Value) {
    let since = record
        .pointer("/personal_education_plans")
        .and_then(Value::as_array)
        .and_then(|plans| plans.last())
        .filter(|plan| plan.get("not_in_setting_reason").is_some_and(Value::is_string))
        .and_then(|plan| plan.get("meeting_date"))
        .cloned();
    let education = record.pointer_mut("/education").and_then(Value::as_object_mut);
    if let (Some(since), Some(education)) = (since, education) {
        education.remove("school");
        education.insert("no_place_since".into(), since.clone());
        education.insert(
            "no_place_plan".into(),
            json!("Two schools asked; the virtual school tutors each morning until then."),
        );
        education.insert("no_place_plan_date".into(), since);
    }
}
