//! A cell that lists several values, as lists of JSON, as answers in JSON or between commas: each by itself, and whether anything of it is lost.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde_json::Value;

use crate::extracts::layout::Take;
use crate::extracts::layout::Target;

/// What a cell says one by one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    pub(super) each: Vec<String>,
    /// Whether something of the cell is in none of them, and it does not say itself that it does not hold.
    pub(super) dropped: bool,
}

/// What a cell says one by one: each code of a JSON list, each key of a JSON object that is answered with yes, or each part between
/// commas or semicolons, where the column lists several; otherwise the cell.
pub(super) fn pieces(target: &Target, cell: &str) -> Pieces {
    if target.take != Take::Each {
        return Pieces { each: vec![cell.to_owned()], dropped: false };
    }
    let mut pieces = Pieces::default();
    if let Ok(items) = serde_json::from_str::<Vec<Value>>(cell) {
        for item in items {
            match item {
                Value::String(code) => pieces.each.push(code),
                Value::Number(_) | Value::Bool(_) => pieces.each.push(item.to_string()),
                Value::Null | Value::Array(_) | Value::Object(_) => pieces.dropped = true,
            }
        }
    } else if let Ok(Answers(answers)) = serde_json::from_str(cell) {
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for (code, _) in &answers {
            *times.entry(code).or_default() += 1;
        }
        for (code, answer) in &answers {
            // Of two answers nobody can say which is meant.
            let once = times.get(code.as_str()) == Some(&1);
            match is_yes(answer).filter(|_| once) {
                Some(true) => pieces.each.push(code.clone()),
                Some(false) => {}
                None => pieces.dropped = true,
            }
        }
    } else {
        pieces.each = cell.split([',', ';']).map(|part| part.trim().to_owned()).collect();
    }
    pieces
}

/// Whether an answer is yes or no; nothing where it is neither.
fn is_yes(answer: &Value) -> Option<bool> {
    let word = match answer {
        Value::Null => return Some(false),
        Value::Bool(yes) => return Some(*yes),
        Value::String(word) => word.trim().to_ascii_lowercase(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) | Value::Object(_) => return None,
    };
    match word.as_str() {
        "y" | "yes" | "true" | "1" => Some(true),
        "n" | "no" | "false" | "0" | "" => Some(false),
        _ => None,
    }
}

/// The keys and values of a JSON object as they stand: a key that stands twice is there twice.
struct Answers(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Answers;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Answers, M::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Answers(all))
            }
        }
        from.deserialize_map(Each)
    }
}
