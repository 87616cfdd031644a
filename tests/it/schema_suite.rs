//! Our tree under the schema library: the public test suite, and the same faults as the library finds in its own tree.

use bumpalo::Bump;
use casecheck::intake::parse;
use casecheck::schema::Tree;
use jsonschema::Draft;
use jsonschema::Registry;
use jsonschema::Resource;
use jsonschema::json::Array as _;
use jsonschema::json::Json;
use jsonschema::json::Node as _;
use jsonschema::json::Object as _;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;
use serde_json::value::RawValue;

use crate::shared;

#[derive(serde::Deserialize)]
struct Group {
    description: String,
    schema: Value,
    tests: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    description: String,
    data: Box<RawValue>,
    valid: bool,
}

/// Every document under `folder`, as the suite's server would serve it.
fn remotes(folder: &std::path::Path, address: &str, into: &mut Vec<(String, Resource)>) {
    for (name, bytes) in shared::files(folder, ".json") {
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let draft = value
            .get("$schema")
            .and_then(Value::as_str)
            .map_or(Draft::Draft202012, |_| Draft::Draft202012.detect(&value));
        into.push((format!("{address}{name}"), draft.create_resource(value)));
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["draft3", "draft4", "draft6", "v1"].contains(&name.as_str()) {
            remotes(&path, &format!("{address}{name}/"), into);
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the count is what the suite is run for")]
fn every_required_case_of_the_test_suite_passes_through_our_parser_and_our_tree() {
    let Some(suite) = shared::folder("corpora/json-schema-test-suite") else {
        return;
    };
    let mut documents = Vec::new();
    remotes(&suite.join("remotes"), "http://localhost:1234/", &mut documents);
    let registry = Registry::new().extend(documents).unwrap().prepare().unwrap();
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, bytes) in shared::files(&suite.join("tests/draft2020-12"), ".json") {
        let groups: Vec<Group> = serde_json::from_slice(&bytes).unwrap();
        for group in groups {
            let validator = jsonschema::options_for::<Tree>()
                .with_draft(Draft::Draft202012)
                .with_registry(&registry)
                .offline()
                .build(&group.schema)
                .expect("the suite's schemas compile");
            for case in group.tests {
                let arena = Bump::new();
                let root = parse(case.data.get().as_bytes(), &arena).expect("the suite's documents are read");
                let quick = validator.is_valid(root);
                let long = validator.iter_errors(root).next().is_none();
                if quick == case.valid && long == case.valid {
                    passed += 1;
                } else {
                    failed.push(format!("{name}: {} / {}", group.description, case.description));
                }
            }
        }
    }
    println!("{passed} required cases pass");
    assert_eq!(failed, Vec::<String>::new());
    assert_eq!(passed, 1_299);
}

/// The contract that the library relies on, asked for as the library asks: it knows no more of a tree than its traits.
fn keeps_the_contract<F: Json>(root: &F::Node<'_>) {
    let object = root.as_object().expect("an object");
    let member = |name: &str| object.get(&F::prepare_key(name)).expect("the member is there");
    assert_eq!((object.len(), object.get(&F::prepare_key("no")).is_none()), (4, true));
    assert_eq!(member("text").string_length(), Some(5));
    assert_eq!(member("text").string_length_within(5, 5), Some(true));
    assert_eq!(member("text").string_length_within(6, 9), Some(false));
    assert_eq!(member("whole").string_length_within(0, 9), None);
    assert!(member("whole").equals_value(&json!(42.0)) && !member("whole").equals_value(&json!("42")));
    assert!(member("inner").equals_value(&json!({"day": "2024-01-01"})));
    assert_eq!(member("inner").to_value().as_ref(), &json!({"day": "2024-01-01"}));
    assert!(!member("list").as_array().expect("a list").is_unique());
    assert_eq!(member("inner").identity(), member("inner").identity());
    assert_ne!(member("inner").identity(), root.identity());
    let names: Vec<String> = object.members().map(|(name, _)| name.as_ref().to_owned()).collect();
    assert_eq!(names, ["text", "whole", "list", "inner"]);
    F::with_string_node(&mut F::StringBuffer::default(), "name", |node| {
        assert_eq!(node.as_string().as_deref(), Some("name"));
    });
}

#[test]
fn the_tree_keeps_the_contract_of_the_library() {
    let arena = Bump::new();
    let text = r#"{"text": "h\u00e9llo", "whole": 42, "list": [1, {"a": 1}, {"a": 1}], "inner": {"day": "2024-01-01"}}"#;
    keeps_the_contract::<Tree>(&parse(text.as_bytes(), &arena).unwrap());
}

/// A schema that uses what schemas of records use, and more.
fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["a", "b"],
        "properties": {
            "a": {"type": ["string", "null"], "format": "date", "minLength": 1},
            "b": {"type": "integer", "minimum": -5, "exclusiveMaximum": 10, "multipleOf": 2},
            "c": {"type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 3, "items": {"$ref": "#"}, "contains": {"const": {"a": null, "b": 2}}},
            "d": {"enum": ["x", 1, 1.5, null, [1], {"a": 1}]},
            "e": {"anyOf": [{"type": "string", "pattern": "^é+$"}, {"$ref": "#"}]},
            "f": {"oneOf": [{"type": "number"}, {"minLength": 2, "maxLength": 3}]},
            "g": {"not": {"type": "object"}, "propertyNames": {"maxLength": 1}},
            "h": {"format": "date-time"}
        },
        "patternProperties": {"^[i-k]$": {"type": "boolean"}},
        "dependentRequired": {"d": ["e"]},
        "propertyNames": {"maxLength": 2},
        "if": {"properties": {"d": {"const": 1.0}}, "required": ["d"]},
        "then": {"required": ["f"]},
        "maxProperties": 7,
        "unevaluatedProperties": false
    })
}

fn any_record() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-8_i64..14).prop_map(Value::from),
        Just(json!(1.0)),
        Just(json!(1.5)),
        Just(json!(u64::MAX)),
        "[éxa]{0,4}".prop_map(Value::from),
        "2024-0[1-3]-[0-3][0-9]".prop_map(Value::from),
        Just(json!("2024-01-01T10:00:00Z")),
    ];
    leaf.prop_recursive(4, 60, 5, |inner| {
        let fitting = ("2024-0[1-3]-[0-2][1-9]", -2_i64..4)
            .prop_map(|(day, number)| json!({"a": day, "b": number * 2}));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            (fitting, prop::collection::btree_map("[a-l]|[a-c]{1,3}", inner, 0..6)).prop_map(
                |(mut record, others)| {
                    if let Value::Object(members) = &mut record {
                        members.extend(others);
                    }
                    record
                }
            ),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn our_tree_and_the_librarys_own_have_the_same_faults(record in any_record()) {
        let schema = schema();
        let theirs = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let ours = jsonschema::options_for::<Tree>().should_validate_formats(true).build(&schema).unwrap();
        let text = record.to_string();
        let arena = Bump::new();
        let root = parse(text.as_bytes(), &arena).unwrap();
        let list = |errors: jsonschema::ErrorIterator<'_>| -> Vec<String> {
            let mut list: Vec<String> = errors
                .map(|error| format!("{} {} {}", error.kind().keyword(), error.instance_path(), error.schema_path()))
                .collect();
            list.sort();
            list
        };
        prop_assert_eq!(list(ours.iter_errors(root)), list(theirs.iter_errors(&record)));
        prop_assert_eq!(ours.is_valid(root), theirs.is_valid(&record));
    }
}
