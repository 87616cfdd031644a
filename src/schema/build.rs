//! Makes the [`Shape`] of a record from the schema files, following every reference.

use crate::model::Name;
use crate::model::NameTable;
use crate::model::Pointer;
use crate::schema::Shape;
use crate::schema::ShapeKind;
use crate::schema::files::Files;
use crate::schema::files::SchemaFile;
use crate::schema::plain::Plain;
use crate::schema::written::Written;

/// The standards whose names of fields the schemas give.
const STANDARDS: [&str; 4] = ["ssd", "ssda903", "cin", "annex_a"];

/// The standard of this name.
pub(super) fn standard(name: &str) -> Option<&'static str> {
    STANDARDS.into_iter().find(|known| *known == name)
}

/// The shape of the record. The files have been checked, so that references are there and few.
pub(super) fn build(files: &Files) -> Shape {
    let mut build = Build { files, open: Vec::new() };
    files.root().map(|root| build.shape(root, &root.written)).unwrap_or_default()
}

struct Build<'f> {
    files: &'f Files,
    /// The places that are being followed: one that comes back to itself ends there.
    open: Vec<(&'f str, Pointer)>,
}

impl<'f> Build<'f> {
    fn shape(&mut self, file: &'f SchemaFile, schema: &'f Written) -> Shape {
        let mut shape = Shape { plain: Some(Plain::default()), ..Shape::default() };
        self.add(file, schema, &mut shape);
        shape.index = NameTable::new(shape.properties.iter().map(|(name, _)| name.clone()));
        shape
    }

    /// Adds what this schema says; what was said before stays, so that a field's own words win over those it refers to.
    fn add(&mut self, file: &'f SchemaFile, schema: &'f Written, shape: &mut Shape) {
        shape.plain = shape.plain.take().and_then(|plain| plain.and(schema));
        shape.kind = shape.kind.or_else(|| kind(schema));
        shape.title = shape.title.take().or(schema.text("title").map(Into::into));
        shape.description = shape.description.take().or(schema.text("description").map(Into::into));
        for (name, value) in schema.get("x-names").and_then(Written::as_object).unwrap_or_default() {
            if let (Some(standard), Some(value)) = (standard(name), value.as_str())
                && !shape.names.iter().any(|(known, _)| *known == standard)
            {
                shape.names.push((standard, value.to_owned()));
            }
        }
        if shape.code_list.is_none() {
            let name = schema.text("x-code-list");
            shape.code_list = name.and_then(|name| self.files.code_lists.get(name)).cloned();
        }
        for (name, property) in schema.get("properties").and_then(Written::as_object).unwrap_or_default() {
            if !shape.properties.iter().any(|(known, _)| known.as_str() == name) {
                shape.properties.push((Name::new(name), self.shape(file, property)));
            }
        }
        if let (None, Some(item)) = (&shape.item, schema.get("items")) {
            shape.item = Some(Box::new(self.shape(file, item)));
        }
        shape.open |= ["additionalProperties", "patternProperties", "unevaluatedProperties"]
            .iter()
            .filter_map(|keyword| schema.get(keyword))
            .any(|value| *value != Written::Leaf(false.into()));
        self.add_others(file, schema, shape);
    }

    /// Adds what the schemas say that this one brings together.
    fn add_others(&mut self, file: &'f SchemaFile, schema: &'f Written, shape: &mut Shape) {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for inner in schema.get(keyword).and_then(Written::as_list).unwrap_or_default() {
                self.add(file, inner, shape);
            }
        }
        for keyword in ["then", "else"] {
            if let Some(inner) = schema.get(keyword) {
                self.add(file, inner, shape);
            }
        }
        let Some(Ok(target)) = schema.text("$ref").map(|reference| self.files.resolve(file, reference))
        else {
            return;
        };
        let place = (target.file.id.as_str(), target.pointer);
        if self.open.contains(&place) {
            // The record may go on for ever here; what lies below is not looked at.
            (shape.kind, shape.plain) = (None, None);
            return;
        }
        self.open.push(place);
        self.add(target.file, target.written, shape);
        self.open.pop();
    }
}

/// The kind that `type` and `format` name, `null` aside.
fn kind(schema: &Written) -> Option<ShapeKind> {
    let types = schema.get("type");
    let named = types
        .and_then(Written::as_str)
        .or_else(|| types?.as_list()?.iter().filter_map(Written::as_str).find(|name| *name != "null"));
    Some(match (named, schema.text("format")) {
        (Some("string"), Some("date")) => ShapeKind::Date,
        (Some("string"), Some("date-time")) => ShapeKind::DateTime,
        (Some("string"), _) => ShapeKind::Text,
        (Some("object"), _) => ShapeKind::Object,
        (Some("array"), _) => ShapeKind::List,
        (Some("boolean"), _) => ShapeKind::Boolean,
        (Some("number"), _) => ShapeKind::Number,
        (Some("integer"), _) => ShapeKind::Integer,
        _ => return None,
    })
}
