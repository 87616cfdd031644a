//! The record schema by the front door: what it finds, in which words, and which schemas it refuses.

use std::path::Path;
use std::sync::Arc;

use bumpalo::Bump;
use casecheck::intake::parse;
use casecheck::model::Problem;
use casecheck::model::SourceFile;
use casecheck::schema::Fault;
use casecheck::schema::RecordSchema;
use casecheck::schema::ShapeKind;
use serde_json::Value;
use serde_json::json;

use crate::shared;

const LISTS: &str = r#"{"sex": {"title": "Sex", "source": "SSDA903", "codes": {"M": "Male", "F": "Female", "2024-01-01": "A day"}}}"#;

const RECORD: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://schemas.casecheck.example/case-record.schema.json",
  "title": "Case record",
  "type": "object",
  "required": ["la_child_id"],
  "properties": {
    "la_child_id": {"title": "Child id", "type": "string", "minLength": 1, "pattern": "^[A-Z0-9]+$", "x-names": {"ssda903": "Header.CHILD", "cin": "LAchildID"}},
    "born_date": {"title": "Born", "type": ["string", "null"], "format": "date", "minLength": 1, "x-names": {"ssda903": "Header.DOB"}},
    "seen_at": {"type": ["string", "null"], "format": "date-time"},
    "sex": {"type": ["string", "null"], "x-code-list": "sex", "minLength": 1},
    "sexes": {"type": ["array", "null"], "uniqueItems": true, "items": {"type": "string", "x-code-list": "sex"}},
    "score": {"type": ["integer", "null"], "minimum": 0, "maximum": 40},
    "visits": {"type": ["array", "null"], "maxItems": 3, "items": {"$ref": "record/visit.schema.json", "type": "object"}},
    "author": {"$ref": "#/$defs/person", "title": "Author of the record"},
    "notes": {"type": "object"},
    "either": {"oneOf": [{"type": "object", "properties": {"left": {"type": "string"}}}, {"type": "null"}]}
  },
  "$defs": {
    "person": {"title": "Person", "type": ["object", "null"], "required": ["name"], "properties": {
      "name": {"type": "string", "title": "Name", "x-names": {"ssd": "prof.name"}}, "manager": {"$ref": "#/$defs/person"}}}
  }
}"##;

const VISIT: &str = r#"{
  "$id": "https://schemas.casecheck.example/record/visit.schema.json",
  "title": "Visit",
  "type": ["object", "null"],
  "properties": {
    "visit_date": {"type": ["string", "null"], "format": "date", "title": "Date of the visit"},
    "by": {"$ref": "../case-record.schema.json#/$defs/person"}
  }
}"#;

fn files(texts: &[(&str, &str)]) -> Vec<Arc<SourceFile>> {
    texts.iter().map(|(name, text)| SourceFile::new(*name, *text)).collect()
}

pub fn small() -> RecordSchema {
    let files = files(&[
        ("schemas/case-record.schema.json", RECORD),
        ("schemas/record/visit.schema.json", VISIT),
        ("schemas/code-lists.json", LISTS),
    ]);
    RecordSchema::compile(&files).expect("the small schema compiles")
}

fn faults_of(schema: &RecordSchema, record: &str) -> Vec<Fault> {
    let arena = Bump::new();
    let root = parse(record.as_bytes(), &arena).expect("the record is JSON");
    let faults = schema.faults(root, 1_000);
    assert_eq!(schema.is_valid(root), faults.is_empty(), "the quick answer and the long one agree: {record}");
    for fault in &faults {
        assert!(fault.message.chars().count() <= Fault::LONGEST, "{}", fault.message);
        assert!(Fault::KEYWORDS.contains(&fault.keyword), "{}", fault.keyword);
    }
    faults
}

fn told(schema: &RecordSchema, record: &str) -> String {
    let lines = faults_of(schema, record).into_iter().map(|fault| {
        let names: Vec<String> =
            fault.names.iter().map(|(standard, name)| format!(" {standard}={name}")).collect();
        format!("{} {}: {}{}", fault.pointer, fault.keyword, fault.message, names.concat())
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// The problems of the small schema with one text put for another.
fn problems(was: &str, is: &str) -> Vec<Problem> {
    assert!(RECORD.contains(was) || VISIT.contains(was) || LISTS.contains(was), "{was}");
    let replaced = [RECORD, VISIT, LISTS].map(|text| text.replace(was, is));
    let files = files(&[
        ("case-record.schema.json", &replaced[0]),
        ("record/visit.schema.json", &replaced[1]),
        ("code-lists.json", &replaced[2]),
    ]);
    RecordSchema::compile(&files).err().unwrap_or_default()
}

fn problem(was: &str, is: &str) -> String {
    let problems = problems(was, is);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

#[test]
fn a_record_that_fits_has_no_faults() {
    let schema = small();
    let record = r#"{"la_child_id": "A1", "born_date": "2020-02-29", "seen_at": null, "sex": "F", "sexes": ["M", "F"], "score": 40.0,
        "visits": [{"visit_date": "2024-01-01", "by": {"name": "B", "manager": {"name": "C"}}}], "author": null,
        "notes": {"anything": 1}, "either": {"left": ""}}"#;
    assert_eq!(told(&schema, record), "");
}

#[test]
fn each_fault_is_told_in_the_order_of_the_record_with_what_to_do() {
    let record = r#"{"visits": [{"visit_date": "01/02/2024", "by": {"nmae": "x", "name": 5}}, null, 7, {}], "score": 41, "sex": "f",
        "sexes": ["M", "M", "X"], "born_date": "", "seen_at": "2024-01-01", "either": {"lefft": "a"}, "la_child_id": "a b",
        "Jenny Smith": 1, "authr": {}}"#;
    insta::assert_snapshot!(told(&small(), record), @"
     unknown_property: Remove or rename this property: the record has none of this name here
    /visits maxItems: List at most 3 of these
    /visits/0/visit_date format: Write this date as YYYY-MM-DD, a day that exists
    /visits/0/by/nmae unknown_property: Remove or rename this property; did you mean `name`?
    /visits/0/by/name type: Write text here, not a number ssd=prof.name
    /visits/1 type: Write an object here, not null
    /visits/2 type: Write an object here, not a number
    /score maximum: Give a number of at most 40
    /sex unknown_code: Use a code of the list “Sex”, letter for letter
    /sexes uniqueItems: List each of these only once
    /sexes/2 unknown_code: Use a code of the list “Sex”, letter for letter
    /born_date minLength: Fill this in, or send null: empty text says nothing ssda903=Header.DOB
    /seen_at format: Write this as a date and time with its zone, like 2026-03-01T09:30:00Z
    /either/lefft unknown_property: Remove or rename this property; did you mean `left`?
    /la_child_id pattern: Write this in the form that the field asks for ssda903=Header.CHILD cin=LAchildID
    /authr unknown_property: Remove or rename this property; did you mean `author`?
    ");
}

#[test]
fn a_date_in_the_place_of_a_code_is_an_unknown_code() {
    let schema = small();
    assert_eq!(told(&schema, r#"{"la_child_id": "A", "sex": "2024-01-01"}"#), "");
    let faults = faults_of(&schema, r#"{"la_child_id": "A", "sex": "2024-01-02"}"#);
    assert_eq!((faults[0].keyword, faults[0].pointer.as_str()), ("unknown_code", "/sex"));
    assert_eq!(faults[0].args, [("code_list", "sex".to_owned())]);
}

#[test]
fn a_day_that_does_not_exist_is_no_date() {
    for day in ["2023-02-29", "0000-01-01", "2024-2-9", "2024-01-01T00:00:00Z"] {
        let faults = faults_of(&small(), &json!({"la_child_id": "A", "born_date": day}).to_string());
        assert_eq!((faults.len(), faults[0].keyword), (1, "format"), "{day}");
        assert_eq!(faults[0].names, [("ssda903", "Header.DOB".to_owned())]);
    }
}

#[test]
fn no_message_or_fact_quotes_the_record() {
    let secret = "JennySecret";
    let record = json!({
        "la_child_id": "Jenny Secret", "born_date": secret, "seen_at": secret, "sex": secret, "score": secret,
        "sexes": secret, "visits": {"Jenny Secret": secret}, "author": {"name": [secret], "Jenny Secret": 1}, "either": secret,
        "notes": secret, "Jenny Secret": secret
    });
    let faults = faults_of(&small(), &record.to_string());
    assert_eq!(faults.len(), 12, "{faults:#?}");
    assert!(!format!("{faults:?}").contains("Jenny"), "{faults:#?}");
}

#[test]
fn the_cap_keeps_the_first_faults_of_the_document() {
    let schema = small();
    let record = json!({"la_child_id": "A", "sexes": vec!["X"; 500], "zzz": 1}).to_string();
    let arena = Bump::new();
    let root = parse(record.as_bytes(), &arena).unwrap();
    let all = schema.faults(root, 1_000);
    assert_eq!(all.len(), 502);
    assert_eq!(schema.faults(root, 7), all[..7]);
    assert_eq!(schema.faults(root, 0), []);
}

#[test]
fn codes_that_a_rule_judges_are_left_to_it() {
    let mut schema = small();
    let record = r#"{"la_child_id": "A", "sex": "X", "sexes": ["Y"]}"#;
    assert_eq!(faults_of(&schema, record).len(), 2);
    schema.leave_codes_to_rules(["sexes[]", "no.such[].field"]);
    assert_eq!(faults_of(&schema, record).len(), 1);
    schema.leave_codes_to_rules(["sex"]);
    assert_eq!(told(&schema, record), "");
}

#[test]
fn the_shape_has_the_fields_in_the_order_of_the_schema() {
    let schema = small();
    let shape = schema.shape();
    let names: Vec<&str> = shape.properties().collect();
    assert_eq!(names[..4], ["la_child_id", "born_date", "seen_at", "sex"]);
    let visit = shape.property("visits").unwrap().item().unwrap();
    assert_eq!((visit.kind(), visit.title()), (ShapeKind::Object, "Visit"));
    assert_eq!(visit.property("visit_date").unwrap().kind(), ShapeKind::Date);
    assert_eq!(
        visit.property("by").unwrap().property("name").unwrap().names(),
        [("ssd", "prof.name".to_owned())]
    );
    assert_eq!(shape.property("author").unwrap().title(), "Author of the record");
    assert_eq!(shape.property("either").unwrap().property("left").unwrap().kind(), ShapeKind::Text);
    let list = shape.property("sexes").unwrap().item().unwrap().code_list().unwrap();
    assert_eq!(list.codes().collect::<Vec<_>>(), ["M", "F", "2024-01-01"]);
    assert_eq!((list.title.as_str(), list.label("F"), list.contains("X")), ("Sex", Some("Female"), false));
    assert_eq!(schema.id(), "https://schemas.casecheck.example/case-record.schema.json");
}

#[test]
fn the_digest_changes_with_any_text_and_not_with_the_order_of_the_files() {
    let mut given = files(&[
        ("case-record.schema.json", RECORD),
        ("record/visit.schema.json", VISIT),
        ("code-lists.json", LISTS),
    ]);
    let digest = |files: &[Arc<SourceFile>]| RecordSchema::compile(files).unwrap().digest().to_owned();
    let first = digest(&given);
    assert_eq!(first.len(), 64);
    given.reverse();
    assert_eq!(digest(&given), first);
    given[0] = SourceFile::new("code-lists.json", LISTS.replace("Female", "female"));
    assert_ne!(digest(&given), first);
}

#[test]
fn a_mistake_in_a_schema_is_told_with_its_place() {
    insta::assert_snapshot!(problem("\"$ref\": \"record/visit.", "\"$ref\": \"record/visits."), @"case-record.schema.json:14:76: `record/visits.schema.json` leads nowhere (did you mean `record/visit.schema.json`?)");
    insta::assert_snapshot!(problem("\"#/$defs/person\", \"title\"", "\"#/$defs/persn\", \"title\""), @"case-record.schema.json:15:24: `#/$defs/persn` leads nowhere (`case-record.schema.json` has nothing at `#/$defs/persn`)");
    insta::assert_snapshot!(problem("\"x-code-list\": \"sex\", \"minLength\"", "\"x-code-list\": \"sx\", \"minLength\""), @"case-record.schema.json:11:56: there is no code list `sx` (did you mean `sex`?)");
    insta::assert_snapshot!(problem("\"date-time\"", "\"datetime\""), @"case-record.schema.json:10:55: the format `datetime` is not known (use `date` or `date-time`, or a `pattern`)");
    insta::assert_snapshot!(problem("^[A-Z0-9]+$", "^(?=a)[A-Z0-9]+$"), @"case-record.schema.json:8:87: this pattern cannot be used (write a short regular expression without look-ahead or back-references)");
    insta::assert_snapshot!(problem("\"maxItems\"", "\"maxItem\""), @"case-record.schema.json:14:54: the keyword `maxItem` is not used in these schemas (did you mean `maxItems`?)");
    insta::assert_snapshot!(problem("\"minimum\": 0", "\"minimum\": \"0\""), @"case-record.schema.json:13:55: this is not JSON Schema 2020-12: its rule `type` is not met (compare the keyword's value with the JSON Schema reference)");
    insta::assert_snapshot!(problem("\"ssd\": \"prof.name\"", "\"sssd\": \"prof.name\""), @"case-record.schema.json:21:71: `sssd` is no standard with names (use `ssd`, `ssda903`, `cin` or `annex_a`)");
    insta::assert_snapshot!(problem("\"sex\": {\"type\"", "\"born_date\": {\"type\""), @"case-record.schema.json:11:83: this file is not JSON: the property `born_date` is written twice");
    insta::assert_snapshot!(problem("\"M\": \"Male\"", "\"M\": 1"), @"code-lists.json:1:9: the code list `sex` is not complete (give it a `title`, a `source`, and `codes` with a label each, all as text)");
    insta::assert_snapshot!(problem("2020-12/schema", "2019-09/schema"), @"case-record.schema.json:2:14: `https://json-schema.org/draft/2019-09/schema` is not read here (write `https://json-schema.org/draft/2020-12/schema`)");
    insta::assert_snapshot!(problem("\"title\": \"Date of the visit\"", "\"$id\": \"x\""), @"record/visit.schema.json:6:73: only a whole file has an `$id` (remove it, and refer to this place by `#/…`)");
    assert!(RecordSchema::compile(&[]).unwrap_err()[0].to_string().contains("case-record.schema.json"));
    assert_eq!(problems("\"minimum\": 0", "\"minimum\": 0"), []);
}

fn hostile(definitions: &[(String, Value)], root: &Value) -> Vec<Problem> {
    let definitions: serde_json::Map<String, Value> = definitions.iter().cloned().collect();
    let schema = json!({"$id": "https://x.example/case-record.schema.json", "properties": {"a": root}, "$defs": definitions});
    let files = files(&[("case-record.schema.json", &schema.to_string()), ("code-lists.json", "{}")]);
    let started = std::time::Instant::now();
    let problems = RecordSchema::compile(&files).err().unwrap_or_default();
    assert!(started.elapsed().as_secs() < 5, "refused in {:?}", started.elapsed());
    problems
}

#[test]
fn a_schema_that_costs_too_much_is_refused_before_it_is_compiled() {
    let reference = |number: usize| json!({"$ref": format!("#/$defs/d{number}")});
    let chain = |length: usize| -> Vec<(String, Value)> {
        (0..length)
            .map(|number| {
                (
                    format!("d{number}"),
                    if number + 1 == length { json!({"type": "null"}) } else { reference(number + 1) },
                )
            })
            .collect()
    };
    assert_eq!(hostile(&chain(60), &reference(0)), []);
    let message =
        |problems: Vec<Problem>| problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
    insta::assert_snapshot!(message(hostile(&chain(10_000), &reference(0))), @"more than 64 references lead to one another here");
    let doubling: Vec<(String, Value)> = (0..22)
        .map(|number| {
            (format!("d{number}"), json!({"allOf": [reference(number + 1), reference(number + 1)]}))
        })
        .chain([("d22".to_owned(), json!({"type": "null"}))])
        .collect();
    insta::assert_snapshot!(message(hostile(&doubling, &reference(0))), @"references lead to more than 100000 sub-schemas in all");
    let many: Vec<(String, Value)> = (0..20_001).map(|number| (format!("d{number}"), json!({}))).collect();
    insta::assert_snapshot!(message(hostile(&many, &json!({}))), @"the schemas have more than 20000 sub-schemas");
    let patterns: Vec<(String, Value)> =
        (0..1_001).map(|number| (format!("d{number}"), json!({"pattern": "a"}))).collect();
    insta::assert_snapshot!(message(hostile(&patterns, &json!({}))), @"the schemas have more than 1000 patterns");
    insta::assert_snapshot!(message(hostile(&[], &json!({"pattern": "((a{100}){100}){100}"}))), @"this pattern cannot be used");
    // A schema that comes back to itself is no danger: the depth of records is bounded.
    assert_eq!(hostile(&[("d0".to_owned(), json!({"properties": {"b": reference(0)}}))], &reference(0)), []);
}

/// The schemas that the binary carries.
pub fn catalog() -> Vec<Arc<SourceFile>> {
    fn gather(folder: &Path, root: &Path, into: &mut Vec<Arc<SourceFile>>) {
        for entry in std::fs::read_dir(folder).expect("schemas/ is here") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(&path, root, into);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                let name =
                    path.strip_prefix(root).expect("a file of the project").to_string_lossy().into_owned();
                into.push(SourceFile::new(name, std::fs::read_to_string(&path).expect("a schema file")));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    gather(&root.join("schemas"), root, &mut files);
    files
}

/// The files of the catalog that describe a record.
fn record_files() -> Vec<Arc<SourceFile>> {
    let of_record = |name: &str| {
        name.ends_with("code-lists.json")
            || name.ends_with("case-record.schema.json")
            || name.contains("record/")
    };
    catalog().into_iter().filter(|file| of_record(&file.name)).collect()
}

#[test]
fn the_payloads_of_the_national_feed_are_valid_records() {
    let schema = RecordSchema::compile(&record_files())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())
        .expect("our schemas compile");
    assert!(schema.shape().properties().count() > 30);
    let Some(folder) = shared::folder("samples/dfe_csc_api") else {
        return;
    };
    let (mut checked, mut made_up_codes) = (0, Vec::new());
    for (name, bytes) in shared::files(&folder, ".json") {
        if !name.starts_with("sample_") {
            continue;
        }
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let records = match value {
            Value::Array(records) => records,
            record => vec![record],
        };
        for record in records {
            for fault in faults_of(&schema, &record.to_string()) {
                assert_eq!(fault.keyword, "unknown_code", "{name} {fault:?}");
                made_up_codes.push(format!("{name} {}", fault.pointer));
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 7);
    // Some of the department's own samples have codes that are in no code set.
    let made_up = [
        "sample_p1.json /child_details/ethnicity",
        "sample_p1.json /social_care_episodes/0/referral_source",
        "sample_p2.json /child_details/ethnicity",
        "sample_p2.json /social_care_episodes/0/care_leavers/accommodation",
        "sample_p2.json /social_care_episodes/0/care_leavers/activity",
        "sample_p2.json /social_care_episodes/0/referral_source",
        "sample_p3.json /child_details/ethnicity",
        "sample_p3.json /social_care_episodes/0/care_leavers/activity",
        "sample_p3.json /social_care_episodes/0/referral_source",
        "sample_p4.json /child_details/ethnicity",
    ];
    assert_eq!(made_up_codes, made_up);
}
