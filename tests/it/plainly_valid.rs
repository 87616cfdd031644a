//! The quick way through the record schema against the library: what it takes for valid is valid.

use std::sync::LazyLock;

use bumpalo::Bump;
use casecheck::intake::parse;
use casecheck::model::Day;
use casecheck::schema::RecordSchema;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::schema::catalog;
use crate::schema::small;

/// A value to put in the place of another: of each kind, and nearly right.
fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![-2_i64..3, 6_i64..420, Just(i64::MAX)].prop_map(Value::from),
        Just(json!(1.0)),
        Just(json!(12.5)),
        Just(json!(u64::MAX)),
        Just(json!({})),
        Just(json!([])),
        Just(json!(["M", "M"])),
        Just(json!({"name": "A", "unheard_of": 1})),
        "[A-Zé0-9_:-]{0,14}".prop_map(Value::from),
        "20(25|26)-[01][0-9]-[0-3][0-9]".prop_map(Value::from),
        "2026-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|z|[+-][0-2][0-9]:[0-6][0-9]|\\.5Z|)"
            .prop_map(Value::from),
        "[0-2][0-9]:[0-6][0-9]".prop_map(Value::from),
        "[0-9]{3,13}".prop_map(Value::from),
    ]
}

/// Puts `leaf` in the place of the value at this step of a walk through the document or, where it is an object, into it under a name.
fn spoil(value: &mut Value, steps: &mut usize, name: Option<&str>, leaf: &Value) {
    if *steps == 0 {
        match (value.as_object_mut(), name) {
            (Some(members), Some(name)) => {
                members.insert(name.to_owned(), leaf.clone());
            }
            _ => *value = leaf.clone(),
        }
    }
    *steps = steps.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, steps, name, leaf)),
        Value::Object(members) => members.values_mut().for_each(|member| spoil(member, steps, name, leaf)),
        _ => {}
    }
}

/// Spoils one place after another.
fn spoil_at(record: &mut Value, places: &[(prop::sample::Index, Option<String>, Value)]) {
    for (place, name, leaf) in places {
        let mut steps = place.index(size(record));
        spoil(record, &mut steps, name.as_deref(), leaf);
    }
}

/// A name to put something under, of the schemas and of none, or none.
fn any_name() -> impl Strategy<Value = Option<String>> {
    let names = [
        "la_child_id",
        "born_date",
        "seen_at",
        "sex",
        "sexes",
        "score",
        "visits",
        "author",
        "notes",
        "either",
        "name",
        "manager",
        "left",
        "visit_date",
        "by",
        "cla_reviews",
        "review_date",
        "peps",
        "other",
    ];
    prop::option::of(prop::sample::select(names.to_vec()).prop_map(str::to_owned))
}

/// A record that fits the small schema and has something in each of its places that the quick way knows: not a choice between
/// schemas, and no schema within itself.
fn fitting() -> Value {
    json!({
        "la_child_id": "A1", "born_date": "2020-02-29", "seen_at": "2026-01-02T03:04:05Z", "sex": "F", "sexes": ["M", "F"], "score": 40,
        "visits": [{"visit_date": "2024-01-01", "by": {"name": "B"}}],
        "author": {"name": "D"}, "notes": {"anything": 1}
    })
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_plainly_valid_is_valid_to_the_library(
        child in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any_name(), any_leaf()), 0..4),
    ) {
        static SHIPPED: LazyLock<RecordSchema> = LazyLock::new(|| RecordSchema::compile(&catalog()).unwrap());
        static CHILDREN: LazyLock<Vec<Value>> = LazyLock::new(|| {
            let options = casecheck::county::Options { children: 60, seed: 7, as_at: Day::parse("2026-11-22").unwrap() };
            let county = casecheck::county::County::new(options, &crate::calendar::CALENDAR);
            county.children().map(|child| serde_json::to_value(child).unwrap()).collect()
        });
        let mut record = child.get(&CHILDREN).clone();
        spoil_at(&mut record, &places);
        let (text, arena) = (record.to_string(), Bump::new());
        let root = parse(text.as_bytes(), &arena).unwrap();
        let (plainly, by_library) = (SHIPPED.is_plainly_valid(root), SHIPPED.is_valid_by_library(root));
        prop_assert!(by_library || !plainly);
        prop_assert!(SHIPPED.fits_library(root) || !SHIPPED.is_plainly_valid_but_for_strangers(root));
        // What the county makes, and nothing was done to, is what the quick way is for.
        prop_assert!(!places.is_empty() || plainly == by_library);
    }

    #[test]
    fn what_is_plainly_valid_is_valid_to_the_library_by_any_schema(
        places in prop::collection::vec((any::<prop::sample::Index>(), any_name(), any_leaf()), 0..4),
    ) {
        static SMALL: LazyLock<RecordSchema> = LazyLock::new(small);
        let mut record = fitting();
        spoil_at(&mut record, &places);
        let (text, arena) = (record.to_string(), Bump::new());
        let root = parse(text.as_bytes(), &arena).unwrap();
        let (plainly, by_library) = (SMALL.is_plainly_valid(root), SMALL.is_valid_by_library(root));
        prop_assert!(by_library || !plainly);
        prop_assert!(SMALL.fits_library(root) || !SMALL.is_plainly_valid_but_for_strangers(root));
        prop_assert!(!places.is_empty() || by_library && plainly);
    }
}
