//! The JSON Schema of a form, so that an editor completes and checks what an author writes.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::form::Form;
use crate::form::Takes;

/// What forms leave open: how conditions and events are written, and which names an editor can offer.
#[derive(Debug)]
pub struct Language {
    /// The words of a condition that are no names of fields.
    pub condition: &'static Form,
    /// The tests that stand under the name of a field.
    pub tests: &'static Form,
    /// What an event, or the start of a clock, is written in where it has no name.
    pub events: Vec<&'static Form>,
    /// The named events.
    pub event_names: Vec<String>,
    /// The named periods.
    pub period_names: Vec<String>,
    /// The lists and objects of the record.
    pub lists: Vec<String>,
}

/// The schema of a file written in this form. `kinds` are the forms of the kinds of rule, by their key. Names are offered, and others let
/// pass: whoever adds one to a vocabulary need not make the schema anew.
pub fn json_schema(
    form: &'static Form,
    kinds: &[(&'static str, &'static Form)],
    language: &Language,
    id: &str,
) -> Value {
    let mut defs = Map::new();
    let mut root = object(form, &mut defs);
    define(language, &mut defs);
    let mut check = Map::new();
    for (key, kind) in kinds {
        check.insert((*key).to_owned(), object(kind, &mut defs));
    }
    defs.insert(
        "check".to_owned(),
        json!({ "type": "object", "description": "Exactly one kind of rule.", "minProperties": 1, "maxProperties": 1,
                "additionalProperties": false, "properties": check }),
    );
    if let Value::Object(members) = &mut root {
        members.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        members.insert("$id".to_owned(), json!(id));
        members.insert("title".to_owned(), json!(form.name));
        members.insert("$defs".to_owned(), Value::Object(defs));
    }
    root
}

/// Defines what stands wherever a condition, an event, what a rule is about or a list is written.
fn define(language: &Language, defs: &mut Map<String, Value>) {
    let mut condition = object(language.condition, defs);
    let tests = shared(language.tests, defs);
    if let Value::Object(members) = &mut condition {
        let value = json!({ "type": ["string", "number", "boolean", "array"] });
        members.insert("additionalProperties".to_owned(), json!({ "anyOf": [tests, value] }));
    }
    let offered = |names: &[String], pattern: &str| json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": pattern }] });
    let on_the_spot = language.events.iter().map(|form| object(form, defs)).collect::<Vec<_>>();
    let event = [
        offered(&language.event_names, NAME),
        json!({ "type": "array", "items": { "$ref": "#/$defs/event" } }),
    ];
    let subjects =
        [&["record".to_owned()], language.period_names.as_slice(), language.lists.as_slice()].concat();
    defs.insert("condition".to_owned(), condition);
    defs.insert(
        "event".to_owned(),
        json!({ "anyOf": event.into_iter().chain(on_the_spot).collect::<Vec<_>>() }),
    );
    defs.insert("subject".to_owned(), offered(&subjects, LIST));
    defs.insert("list".to_owned(), offered(&language.lists, LIST));
}

/// The name of an event, a period or a field.
const NAME: &str = "^[a-z][a-z0-9_]*$";
/// A list or an object of the record, from it or from where the rule stands.
const LIST: &str = "^(\\^+\\.?|\\$\\.|@|\\.)?[a-z_][a-z0-9_.\\[\\]]*$";

fn object(form: &'static Form, defs: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for field in form.fields {
        let mut schema = takes(&field.takes, defs);
        if let Value::Object(members) = &mut schema {
            members.insert("description".to_owned(), json!(field.about));
        }
        properties.insert(field.key.to_owned(), schema);
    }
    let needed: Vec<&str> = form.fields.iter().filter(|field| field.needed).map(|field| field.key).collect();
    json!({ "type": "object", "description": form.about, "additionalProperties": false,
            "required": needed, "properties": properties })
}

fn takes(what: &'static Takes, defs: &mut Map<String, Value>) -> Value {
    match what {
        Takes::Text => json!({ "type": "string" }),
        Takes::YesNo => json!({ "type": "boolean" }),
        Takes::Number => json!({ "type": ["number", "string"], "pattern": "^(\\$[a-z][a-z0-9_]*|[0-9]+%)$" }),
        Takes::Limit => json!({ "type": "string",
            "pattern": "^(\\$[a-z][a-z0-9_]*|[0-9]+ (days?|working days?|school days?|weeks?|months?|years?|hours?|school terms?))$" }),
        Takes::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Takes::Word(words) => json!({ "enum": words }),
        Takes::Path => json!({ "type": "string", "pattern": "^(\\^+|\\$\\.|@|\\.)?[a-z_][a-z0-9_.]*$" }),
        Takes::List => json!({ "$ref": "#/$defs/list" }),
        Takes::Event => json!({ "$ref": "#/$defs/event" }),
        Takes::ForEach => json!({ "$ref": "#/$defs/subject" }),
        Takes::Condition => json!({ "$ref": "#/$defs/condition" }),
        Takes::Many(each) => json!({ "type": "array", "items": takes(each, defs) }),
        Takes::OneOrMany(each) => {
            let one = takes(each, defs);
            json!({ "anyOf": [one, { "type": "array", "items": one }] })
        }
        Takes::Form(form) => shared(form, defs),
        Takes::Named(form) => json!({ "type": "object", "additionalProperties": shared(form, defs) }),
        Takes::Check => json!({ "$ref": "#/$defs/check" }),
        Takes::Anything => json!({}),
    }
}

/// A form that several places use stands once among the definitions; the place is taken before its fields are written, so
/// that a form may hold itself.
fn shared(form: &'static Form, defs: &mut Map<String, Value>) -> Value {
    let name = form.name.trim_start_matches("an ").trim_start_matches("a ").replace(' ', "_");
    if !defs.contains_key(&name) {
        defs.insert(name.clone(), Value::Null);
        let schema = object(form, defs);
        defs.insert(name.clone(), schema);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}
