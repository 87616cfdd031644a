//! The record schema as one resolved tree: what may stand where, what it is called, which codes it takes.
//!
//! Rules resolve the fields they name against it when they are loaded; the walk over unknown properties and codes uses it at run time.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::model::Name;

/// Deeper than any record: the end of a schema that holds itself.
const DEEPEST: usize = 24;

/// What stands in a place of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// Named properties.
    Object,
    /// Items of one shape.
    List,
    /// Words or a code.
    Text,
    /// A date.
    Date,
    /// A date and time with its zone.
    DateTime,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
}

/// A list of codes with their labels.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Its name in `code-lists.json`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where the codes come from.
    pub source: String,
    codes: BTreeMap<String, String>,
}

impl CodeList {
    /// Whether the code is in the list.
    pub fn contains(&self, code: &str) -> bool {
        self.codes.contains_key(code)
    }

    /// The codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().map(String::as_str)
    }

    /// The label of a code.
    pub fn label(&self, code: &str) -> Option<&str> {
        self.codes.get(code).map(String::as_str)
    }
}

/// A place of the record.
#[derive(Debug)]
pub struct Shape {
    kind: ShapeKind,
    title: String,
    description: String,
    names: Vec<(&'static str, String)>,
    code_list: Option<Arc<CodeList>>,
    properties: Vec<(Name, Shape)>,
    by_hash: Vec<(u32, usize)>,
    item: Option<Box<Shape>>,
    pub(super) codes_judged_by_a_rule: bool,
}

impl Shape {
    /// What stands there.
    pub fn kind(&self) -> ShapeKind {
        self.kind
    }

    /// What the box is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it holds, in one sentence.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What the national returns call it: (`ssda903`, `Episodes.DECOM`).
    pub fn names(&self) -> &[(&'static str, String)] {
        &self.names
    }

    /// The codes it takes.
    pub fn code_list(&self) -> Option<&CodeList> {
        self.code_list.as_deref()
    }

    /// The shape of a property.
    pub fn property(&self, name: &str) -> Option<&Shape> {
        self.property_hashed(Name::hash_of(name), name)
    }

    /// The names of its properties, in the order of the schema.
    pub fn properties(&self) -> impl Iterator<Item = &str> + Clone {
        self.properties.iter().map(|(name, _)| name.as_str())
    }

    /// The shape of its items, for a list.
    pub fn item(&self) -> Option<&Shape> {
        self.item.as_deref()
    }

    pub(super) fn property_hashed(&self, hash: u32, name: &str) -> Option<&Shape> {
        let first = self.by_hash.partition_point(|(known, _)| *known < hash);
        let alike = self.by_hash.get(first..)?.iter().take_while(|(known, _)| *known == hash);
        let mut found =
            alike.filter_map(|(_, at)| self.properties.get(*at)).filter(|(known, _)| known.as_str() == name);
        found.next().map(|(_, shape)| shape)
    }

    pub(super) fn at_mut(&mut self, path: &str) -> Option<&mut Shape> {
        let mut here = self;
        for segment in path.split('.') {
            let name = segment.trim_end_matches("[]");
            here = here
                .properties
                .iter_mut()
                .find(|(known, _)| known.as_str() == name)
                .map(|(_, shape)| shape)?;
            if segment.ends_with("[]") {
                here = here.item.as_deref_mut()?;
            }
        }
        Some(here)
    }
}

/// Everything that a shape is resolved from: schemas by `$id`, and code lists.
pub(super) struct Sources<'s> {
    pub schemas: BTreeMap<String, &'s Value>,
    pub code_lists: BTreeMap<String, Arc<CodeList>>,
    /// What could not be resolved: the `$id` of the file, and what is wrong.
    pub wrong: Vec<(String, String)>,
}

impl<'s> Sources<'s> {
    /// Resolves the schema of this `$id`.
    pub fn shape(&mut self, id: &str) -> Option<Shape> {
        let schema = *self.schemas.get(id)?;
        self.resolve(schema, schema, id, 0)
    }

    fn resolve(&mut self, schema: &'s Value, file: &'s Value, id: &str, depth: usize) -> Option<Shape> {
        if depth > DEEPEST {
            self.wrong.push((id.to_owned(), "the schema holds itself without end".to_owned()));
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let Some((target, target_file, target_id)) = self.follow(reference, file, id) else {
                self.wrong.push((id.to_owned(), format!("nothing stands at `$ref: {reference}`")));
                return None;
            };
            let mut shape = self.resolve(target, target_file, &target_id, depth + 1)?;
            shape.describe(schema, self);
            return Some(shape);
        }
        let mut shape = Shape {
            kind: kind_of(schema),
            title: String::new(),
            description: String::new(),
            names: Vec::new(),
            code_list: None,
            properties: Vec::new(),
            by_hash: Vec::new(),
            item: None,
            codes_judged_by_a_rule: false,
        };
        shape.describe(schema, self);
        if let Some(list) = schema.get("x-code-list").and_then(Value::as_str) {
            shape.code_list = self.code_lists.get(list).map(Arc::clone);
            if shape.code_list.is_none() {
                self.wrong.push((id.to_owned(), format!("there is no code list `{list}`")));
            }
        }
        if let Some(Value::Object(properties)) = schema.get("properties") {
            for (name, inner) in properties {
                let inner = self.resolve(inner, file, id, depth + 1)?;
                shape.properties.push((Name::new(name), inner));
            }
            let hashes = shape.properties.iter().enumerate().map(|(at, (name, _))| (name.hash(), at));
            shape.by_hash = hashes.collect();
            shape.by_hash.sort_unstable();
        }
        if let Some(items) = schema.get("items") {
            shape.item = Some(Box::new(self.resolve(items, file, id, depth + 1)?));
        }
        Some(shape)
    }

    fn follow(&self, reference: &str, file: &'s Value, id: &str) -> Option<(&'s Value, &'s Value, String)> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (target_file, target_id) = if address.is_empty() {
            (file, id.to_owned())
        } else {
            let full = absolute(id, address);
            (*self.schemas.get(&full)?, full)
        };
        Some((target_file.pointer(fragment)?, target_file, target_id))
    }
}

/// Resolves a relative address against the `$id` of the file that it stands in.
fn absolute(base: &str, address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." => {}
            other => parts.push(other),
        }
    }
    parts.join("/")
}

impl Shape {
    /// Takes title, description and names from a schema; what stands beside a `$ref` goes before what it refers to.
    fn describe(&mut self, schema: &Value, sources: &mut Sources<'_>) {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        if let Some(title) = text("title") {
            title.clone_into(&mut self.title);
        }
        if let Some(description) = text("description") {
            description.clone_into(&mut self.description);
        }
        let Some(Value::Object(names)) = schema.get("x-names") else { return };
        self.names.clear();
        for (standard, name) in names {
            let known = ["ssda903", "cin", "ssd", "annex_a"].into_iter().find(|known| known == standard);
            match (known, name.as_str()) {
                (Some(standard), Some(name)) => self.names.push((standard, name.to_owned())),
                _ => {
                    sources.wrong.push((self.title.clone(), format!("`x-names` does not know `{standard}`")))
                }
            }
        }
    }
}

fn kind_of(schema: &Value) -> ShapeKind {
    let is = |word: &str| match schema.get("type") {
        Some(Value::String(kind)) => kind == word,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == word),
        _ => false,
    };
    match schema.get("format").and_then(Value::as_str) {
        Some("date") => return ShapeKind::Date,
        Some("date-time") => return ShapeKind::DateTime,
        _ => {}
    }
    if is("object") || schema.get("properties").is_some() {
        ShapeKind::Object
    } else if is("array") {
        ShapeKind::List
    } else if is("boolean") {
        ShapeKind::Boolean
    } else if is("integer") {
        ShapeKind::Integer
    } else if is("number") {
        ShapeKind::Number
    } else {
        ShapeKind::Text
    }
}

/// Reads `code-lists.json`.
pub(super) fn code_lists(value: &Value) -> Result<BTreeMap<String, Arc<CodeList>>, String> {
    let Value::Object(lists) = value else {
        return Err("a mapping from a name to a code list is needed".to_owned());
    };
    let mut found = BTreeMap::new();
    for (name, list) in lists {
        let text = |key: &str| list.get(key).and_then(Value::as_str).map(str::to_owned);
        let (Some(title), Some(source), Some(Value::Object(codes))) =
            (text("title"), text("source"), list.get("codes"))
        else {
            return Err(format!("the code list `{name}` needs `title`, `source` and `codes`"));
        };
        let codes = codes
            .iter()
            .map(|(code, label)| (code.clone(), label.as_str().unwrap_or("").to_owned()))
            .collect();
        found.insert(name.clone(), Arc::new(CodeList { name: name.clone(), title, source, codes }));
    }
    Ok(found)
}
