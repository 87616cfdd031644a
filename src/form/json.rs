//! Turns what was written into JSON: the records in a rule's tests, and the catalog's own data files.

use serde_json::Map;
use serde_json::Value;

use crate::form::What;
use crate::form::Written;

/// The JSON value of what was written. Plain `true`, `false`, whole and decimal numbers are what they look like; all else,
/// dates and anything in quotes included, is text.
pub fn to_json(written: &Written) -> Value {
    match &written.what {
        What::Nothing => Value::Null,
        What::Text { text, quoted: true } => Value::String(text.clone()),
        What::Text { text, quoted: false } => plain(text),
        What::List(items) => Value::Array(items.iter().map(to_json).collect()),
        What::Map(entries) => Value::Object(
            entries.iter().map(|entry| (entry.key.clone(), to_json(&entry.value))).collect::<Map<_, _>>(),
        ),
    }
}

fn plain(text: &str) -> Value {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && (digits.len() == 1 || !digits.starts_with('0') || digits.starts_with("0."));
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if number => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        _ => Value::String(text.to_owned()),
    }
}

/// Lays a patch over a value (RFC 7386): objects merge, `null` takes away, everything else replaces.
pub fn merge(base: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        base.clone_from(patch);
        return;
    };
    if !base.is_object() {
        *base = Value::Object(Map::new());
    }
    if let Value::Object(members) = base {
        for (name, change) in changes {
            if change.is_null() {
                members.remove(name);
            } else {
                merge(members.entry(name.clone()).or_insert(Value::Null), change);
            }
        }
    }
}
