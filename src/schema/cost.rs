//! Bounds on what a schema may cost, checked before it is compiled: a hostile or mistaken schema must not stop the service.

use serde_json::Value;

const MOST_NODES: usize = 60_000;
const MOST_PATTERNS: usize = 1_000;
const DEEPEST: usize = 64;

/// What is too much in a schema, if anything is.
pub(super) fn too_much(schema: &Value) -> Option<String> {
    let mut cost = Cost::default();
    cost.add(schema, 0);
    if cost.deepest > DEEPEST {
        return Some(format!("the schema nests {} deep; the most is {DEEPEST}", cost.deepest));
    }
    if cost.nodes > MOST_NODES {
        return Some(format!("the schema has {} parts; the most is {MOST_NODES}", cost.nodes));
    }
    if cost.patterns > MOST_PATTERNS {
        return Some(format!("the schema has {} patterns; the most is {MOST_PATTERNS}", cost.patterns));
    }
    None
}

#[derive(Default)]
struct Cost {
    nodes: usize,
    patterns: usize,
    deepest: usize,
}

impl Cost {
    fn add(&mut self, value: &Value, depth: usize) {
        self.nodes += 1;
        self.deepest = self.deepest.max(depth);
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Object(members) => {
                self.patterns += usize::from(members.contains_key("pattern"));
                members.values().for_each(|inner| self.add(inner, depth + 1));
            }
            Value::Array(items) => items.iter().for_each(|inner| self.add(inner, depth + 1)),
            _ => {}
        }
    }
}
