//! The JSON Schema of a form, so that an editor completes and checks what an author writes.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::form::Form;
use crate::form::Takes;

/// The schema of a file written in this form. `kinds` are the forms of the kinds of rule, by their key.
pub fn json_schema(form: &'static Form, kinds: &[(&'static str, &'static Form)], id: &str) -> Value {
    let mut defs = Map::new();
    let mut root = object(form, &mut defs);
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
        Takes::List => {
            json!({ "type": "string", "pattern": "^(record|(\\$\\.|@)?[a-z_][a-z0-9_.\\[\\]]*)$" })
        }
        Takes::Event | Takes::ForEach => json!({ "type": ["string", "object"] }),
        Takes::Condition => json!({ "type": "object" }),
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
