//! The county of fictitious children: that it repeats, agrees with itself, fits the schema and holds what was planned.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use casecheck::archive::Sorter;
use casecheck::county::County;
use casecheck::county::Options;
use casecheck::intake;
use casecheck::intake::Limits;
use casecheck::model::Day;
use casecheck::model::Outcome;
use casecheck::validator::AcrossOptions;
use casecheck::validator::DueNoted;
use casecheck::validator::MARKS_IN_MEMORY;
use casecheck::validator::StreamOptions;
use casecheck::validator::check_stream;
use jsonschema::Registry;
use jsonschema::Validator;
use serde_json::Value;

use crate::calendar::CALENDAR;
use crate::shipped;

const AS_AT: &str = "2026-09-23";

fn options(children: usize, seed: u64) -> Options {
    Options { children, seed, as_at: Day::parse(AS_AT).unwrap() }
}

/// Every date of a record that tells of something done: its name and the day.
fn dates<'v>(name: &'v str, value: &'v Value, found: &mut Vec<(&'v str, Day)>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| dates(name, member, found)),
        Value::Array(items) => items.iter().for_each(|item| dates(name, item, found)),
        Value::String(text) => {
            let day = text.get(..10).filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'));
            found.extend(day.and_then(Day::parse).map(|day| (name, day)));
        }
        _ => {}
    }
}

/// A validator made of the schema files.
fn schema() -> Validator {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas"));
    let read =
        |path: &std::path::Path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let mut registry = Registry::new();
    for entry in std::fs::read_dir(folder.join("record")).unwrap() {
        let part = read(&entry.unwrap().path());
        let id = part["$id"].as_str().unwrap().to_owned();
        registry = registry.add(id, part).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&read(&folder.join("case-record.schema.json")))
        .unwrap()
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_seed_another_county() {
    let bytes = |seed| -> Vec<Vec<u8>> {
        County::new(options(60, seed), &CALENDAR)
            .children()
            .map(|child| serde_json::to_vec(&child).unwrap())
            .collect()
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn a_child_is_the_same_however_many_others_there_are() {
    let few: Vec<Value> = County::new(options(18, 3), &CALENDAR).children().collect();
    let many: Vec<Value> = County::new(options(200, 3), &CALENDAR).children().take(18).collect();
    assert_eq!(few, many);
    assert_eq!(few.len(), 18);
}

#[test]
fn every_record_fits_the_schema_but_those_made_not_to() {
    let schema = schema();
    let county = County::new(options(900, 5), &CALENDAR);
    let mut misshapen = 0;
    for number in 0..900 {
        let child = county.child(number);
        misshapen += usize::from(child.misshapen);
        let faults: Vec<String> = schema.iter_errors(&child.record).map(|fault| fault.to_string()).collect();
        assert!(child.misshapen || faults.is_empty(), "child {number}: {faults:?}");
    }
    assert!((3..40).contains(&misshapen), "{misshapen} misshapen");
}

#[test]
fn codes_are_those_of_the_code_lists_and_properties_those_of_the_schema() {
    let names = known_properties();
    let lists: Value = serde_json::from_slice(include_bytes!("../../schemas/code-lists.json")).unwrap();
    for number in (1..250).step_by(8) {
        let child = County::new(options(300, 9), &CALENDAR).child(number);
        assert!(child.broken.is_empty() && !child.misshapen, "child {number} keeps everything");
        let mut unknown = BTreeSet::new();
        unknown_words(&child.record, &names, &lists, &mut unknown);
        assert_eq!(unknown, BTreeSet::new(), "child {number}");
    }
}

/// Every property name that the schemas know, with the code lists that its values are from; an empty name where they are free.
fn known_properties() -> BTreeMap<String, BTreeSet<String>> {
    fn gather(value: &Value, names: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::Object(members) => {
                for (name, property) in
                    members.get("properties").and_then(Value::as_object).into_iter().flatten()
                {
                    let lists = names.entry(name.clone()).or_default();
                    let list = property.get("x-code-list").or_else(|| property.pointer("/items/x-code-list"));
                    lists.insert(list.and_then(Value::as_str).unwrap_or_default().to_owned());
                }
                members.values().for_each(|member| gather(member, names));
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
            _ => {}
        }
    }
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas"));
    let mut names = BTreeMap::new();
    let parts = std::fs::read_dir(root.join("record")).unwrap().map(|entry| entry.unwrap().path());
    for path in parts.chain([root.join("case-record.schema.json")]) {
        gather(&serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(), &mut names);
    }
    names
}

/// Gathers property names and codes that the schemas and the code lists do not have.
fn unknown_words(
    value: &Value,
    names: &BTreeMap<String, BTreeSet<String>>,
    lists: &Value,
    unknown: &mut BTreeSet<String>,
) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let Some(known) = names.get(name) else {
                    unknown.insert(name.clone());
                    continue;
                };
                let words = member.as_array().map_or_else(|| vec![member], |items| items.iter().collect());
                let strange = words.into_iter().filter_map(Value::as_str).filter(|word| {
                    !known.contains("") && !known.iter().any(|list| lists[list]["codes"].get(*word).is_some())
                });
                unknown.extend(strange.map(|word| format!("{name}: {word}")));
                unknown_words(member, names, lists, unknown);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| unknown_words(item, names, lists, unknown)),
        _ => {}
    }
}

#[test]
fn a_chain_of_placements_has_no_gap() {
    let mut chains = 0;
    for record in County::new(options(400, 5), &CALENDAR).children() {
        let episode = &record["social_care_episodes"][0];
        let Some(stays) = episode["child_looked_after_placements"].as_array() else { continue };
        if stays.iter().any(|stay| stay["short_break_flag"] == true) {
            continue;
        }
        for pair in stays.windows(2) {
            chains += 1;
            assert_eq!(pair[0]["end_date"], pair[1]["start_date"], "{}", record["la_child_id"]);
            assert_eq!(pair[0]["end_reason"], "X1");
            assert_ne!(pair[1]["start_reason"], "S");
            assert!(pair[0]["start_date"].as_str() < pair[1]["start_date"].as_str());
        }
    }
    assert!(chains > 40, "{chains} links");
}

#[test]
fn nobody_is_too_old_and_nothing_done_is_dated_in_the_future() {
    let as_at = Day::parse(AS_AT).unwrap();
    let planned = [
        "due_date",
        "deadline",
        "next_pep_date",
        "next_review_date",
        "next_review_due_date",
        "review_date",
        "planned_meeting_date",
        "icpc_target_date",
        "keep_until_date",
        "adoption_keep_until_date",
        // The new end of the time that a court extended.
        "to",
    ];
    for record in County::new(options(500, 5), &CALENDAR).children() {
        if let Some(born) = record["child_details"]["date_of_birth"].as_str().and_then(Day::parse) {
            assert!((0..26).contains(&as_at.age_since(born)), "{}", record["la_child_id"]);
        }
        let mut found = Vec::new();
        dates("", &record, &mut found);
        for (name, day) in found {
            assert!(day <= as_at || planned.contains(&name), "{} {name} {day}", record["la_child_id"]);
        }
    }
}

#[test]
fn every_standard_with_a_planned_fault_is_both_broken_and_kept() {
    // Twice as many children as planned faults hold each of them.
    let children = County::planned().count() * 2;
    let county = County::new(options(children, 5), &CALENDAR);
    let broken: Vec<Vec<&str>> = (0..children).map(|number| county.child(number).broken).collect();
    assert!(broken.iter().filter(|broken| broken.is_empty()).count() > 50);
    let broken: BTreeSet<&str> = broken.into_iter().flatten().collect();
    let planned: BTreeSet<&str> = County::planned().collect();
    assert_eq!(planned.difference(&broken).collect::<Vec<_>>(), Vec::<&&str>::new());
    if let Some(table) = crate::shared::text("standards/standards.csv") {
        let areas = [
            "Chronology",
            "Written agreement",
            "PEP",
            "Pathway plan",
            "Care planning and review",
            "Permanence",
            "IRO challenge",
            "Proceedings",
            "Legal status length",
            "UASC",
            "Education attendance",
            "Plans quality",
            "Audit",
            "Statutory visits",
            "Health",
            "Care leaver",
            "Private fostering",
            "Missing and exploitation",
            "Forced marriage and HBA",
            "Supervision and decisions",
            "Transfer and closure",
            "Adoption",
            "Special guardianship",
            "Placement with parents",
            "Connected persons",
            "Short breaks",
            "Recording",
            "Voice of the child",
            "Diversity",
            "Assessment",
            "Child in need",
            "Child protection",
        ];
        // Left to an auditor: no rule of one record can hold them.
        let registered = ["AUD-006", "REC-025", "CPP-006"];
        let wanted: BTreeSet<&str> = table
            .lines()
            .filter_map(|line| {
                let (id, rest) = line.split_once(',')?;
                let held = areas.iter().any(|area| rest.starts_with(&format!("{area},")));
                (held && !registered.contains(&id)).then_some(id)
            })
            .collect();
        assert_eq!(planned, wanted);
    }
}

/// How many children the county of the next test has: twice as many as planned faults, or what `tests/long/county.sh` asks for.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn population() -> usize {
    let asked = std::env::var("COUNTY_CHILDREN").ok();
    asked.map_or(County::planned().count() * 2, |count| count.parse().unwrap())
}

#[test]
fn every_rule_finds_something_in_the_county_and_is_met_in_it() {
    let catalog = shipped::catalog(None);
    let validator = Arc::new(catalog.validator());
    let county = County::new(options(population(), 7), &catalog.pack.calendar);
    let lines: Vec<u8> = county
        .children()
        .flat_map(|child| serde_json::to_vec(&child).unwrap().into_iter().chain([b'\n']))
        .collect();
    let chunks = intake::read("county", std::io::Cursor::new(lines), None, &Limits::default()).unwrap();
    let options = StreamOptions {
        as_at: Day::parse(AS_AT).unwrap(),
        stage: None,
        include_all: false,
        file: None,
        with_places: false,
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        baseline: None,
        not_asked: Arc::default(),
        across: true,
        due: DueNoted::Soon,
    };
    let mut marks = Sorter::new(MARKS_IN_MEMORY);
    let (mut tally, result) = check_stream(&validator, chunks, &options, &|_| {}, |streamed| {
        streamed.marks.drain(..).for_each(|mark| marks.push(mark).unwrap());
        Ok(())
    });
    result.unwrap();
    let across = AcrossOptions { as_at: options.as_at, baseline: None, not_asked: &options.not_asked };
    validator.across(marks, &across, &mut tally, &mut |_, _| Ok(())).unwrap();
    assert_eq!(tally.records, u64::try_from(population()).unwrap());
    let without = |outcomes: &[Outcome]| -> Vec<&str> {
        let ranks = catalog.pack.ranks.iter().zip(tally.rules());
        ranks
            .filter(|(_, counts)| outcomes.iter().all(|outcome| counts.get(*outcome) == 0))
            .map(|(id, _)| &**id)
            .collect()
    };
    let broken = [Outcome::MetLate, Outcome::Overdue, Outcome::Breached];
    assert!(catalog.pack.ranks.len() > 570, "{}", catalog.pack.ranks.len());
    assert_eq!((without(&broken), without(&[Outcome::Met])), (vec![], vec![]), "never broken, never met");
}

#[test]
fn numbers_of_children_carry_true_check_digits_in_ranges_that_nobody_has() {
    for record in County::new(options(80, 5), &CALENDAR).children() {
        let number = record["child_details"]["nhs_number"].as_str().unwrap();
        assert!(number.starts_with("999"));
        let digits: Vec<u32> = number.chars().filter_map(|digit| digit.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip((1..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        assert_eq!((digits.len(), sum % 11), (10, 0), "{number}");
        assert!(record["child_details"]["postcode"].as_str().unwrap().starts_with("ZZ"));
    }
}

#[test]
fn the_example_records_fit_the_schema() {
    let schema = schema();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/records");
    let mut read = 0;
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_some_and(|ending| ending == "json") {
            let record: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let faults: Vec<String> = schema.iter_errors(&record).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", path.display());
            read += 1;
        }
    }
    assert_eq!(read, 6);
}
