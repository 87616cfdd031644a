//! Reads the parts of a table of a mapping file: the places, the fields and the values, each checked against the record schema.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::extracts::forms::COLUMN;
use crate::extracts::forms::PART;
use crate::extracts::forms::TYPES;
use crate::extracts::forms::WHEN;
use crate::extracts::layout::Kind;
use crate::extracts::layout::Part;
use crate::extracts::layout::Step;
use crate::extracts::layout::Take;
use crate::extracts::layout::Target;
use crate::extracts::layout::When;
use crate::extracts::read::Columns;
use crate::extracts::read::Reader;
use crate::extracts::read::entries;
use crate::extracts::read::texts;
use crate::form::Fields;
use crate::form::What;
use crate::form::Written;
use crate::form::to_json;
use crate::schema::Shape;
use crate::schema::ShapeKind;

/// The steps to a place, its shape and its name.
type PlaceOf<'s> = (Vec<Step>, &'s Shape, String);

/// A field beneath a part's place.
struct FieldOf<'s> {
    names: Vec<String>,
    /// What a value is checked against: the field, or an item of the list that it is.
    shape: &'s Shape,
    /// Whether it is a list of values.
    adds: bool,
}

impl Reader<'_> {
    pub(super) fn part(&self, written: &Written, columns: &mut Columns) -> Option<Part> {
        let fields = Fields::read(written, &PART, self.problems)?;
        let (steps, shape, text) = self.place(fields.get("each")?)?;
        if shape.kind() != ShapeKind::Object {
            let help = "a row fills an item of a list of objects, an object, or `record`";
            self.problems.with_help(&fields.span("each"), format!("`{text}` is a field"), help);
            return None;
        }
        let many = steps.last().is_some_and(|(_, list)| *list);
        let mut targets = Vec::new();
        for entry in entries(fields.get("columns")) {
            let column = columns.index(&entry.key);
            let each: Vec<&Written> = match &entry.value.what {
                What::List(items) => items.iter().collect(),
                _ => vec![&entry.value],
            };
            for one in each {
                targets.extend(self.target(one, column, shape, columns));
            }
        }
        let mut sets = Vec::new();
        for entry in entries(fields.get("sets")) {
            if let Some(field) = self.field(shape, &entry.key, &entry.key_span).filter(|field| !field.adds) {
                let value = to_json(&entry.value);
                self.check_value(field.shape, &value, &entry.value);
                sets.push((field.names, value));
            }
        }
        let when = fields.get("when").and_then(|written| {
            let fields = Fields::read(written, &WHEN, self.problems)?;
            let column = columns.index(fields.text("column")?);
            if let Some(column) = columns.all.get_mut(column) {
                column.often_blank |= fields.yes("often_blank");
            }
            Some(When { column, is: texts(&fields.many("is")), none: texts(&fields.many("none")) })
        });
        let partial = fields.yes("partial");
        if partial && !many {
            self.problems.at(&fields.span("partial"), "only a list can be there in part");
        }
        Some(Part { steps, text, many, under: 0, partial, when, sets, targets })
    }

    fn target(
        &self,
        written: &Written,
        column: usize,
        shape: &Shape,
        columns: &mut Columns,
    ) -> Option<Target> {
        let fields = Fields::read(written, &COLUMN, self.problems)?;
        let FieldOf { names, shape: field, adds } =
            self.field(shape, fields.text("to")?, &fields.span("to"))?;
        let kind = Kind::from_word(fields.text("type")?)?;
        let fits = match kind {
            Kind::Date => field.kind() == ShapeKind::Date,
            Kind::Code => field.kind() == ShapeKind::Text && field.code_list().is_some(),
            Kind::Text | Kind::Id => field.kind() == ShapeKind::Text && field.code_list().is_none(),
            Kind::Flag => field.kind() == ShapeKind::Boolean,
            Kind::WholeNumber => matches!(field.kind(), ShapeKind::Integer | ShapeKind::Number),
        };
        if !fits {
            let holds = match field.code_list() {
                Some(list) => format!("a code of `{}`", list.name),
                None => field.kind().word().to_owned(),
            };
            let message = format!("`{}` holds {holds}", names.join("."));
            self.problems.with_help(
                &fields.span("type"),
                message,
                format!("the types are: {}", TYPES.join(", ")),
            );
            return None;
        }
        let mut values = BTreeMap::new();
        for entry in entries(fields.get("values")) {
            let value = to_json(&entry.value);
            self.check_value(field, &value, &entry.value);
            values.insert(entry.key.clone(), value);
        }
        if values.is_empty() && kind == Kind::Flag {
            values.clone_from(&self.flags);
        }
        let mut earlier = BTreeMap::new();
        for entry in entries(fields.get("earlier")) {
            let code = entry.value.text().unwrap_or_default();
            self.check_value(field, &Value::from(code), &entry.value);
            earlier.insert(entry.key.clone(), code.to_owned());
        }
        if let Some(column) = columns.all.get_mut(column) {
            column.aliases.extend(texts(&fields.many("aliases")));
            column.holds_ids |= kind == Kind::Id;
            column.often_blank |= fields.yes("often_blank");
        }
        let codes = field.code_list().map(|list| Arc::new(list.clone()));
        let take = Take::from_word(fields.text("take"));
        Some(Target { column, names, adds, kind, take, values, earlier, codes })
    }

    /// A value that the layout itself writes must be one that the field may hold.
    fn check_value(&self, field: &Shape, value: &Value, written: &Written) {
        match (field.kind(), field.code_list(), value) {
            (_, Some(list), Value::String(code)) if !list.contains(code) => {
                self.problems.unknown(
                    &written.span,
                    &format!("code of `{}`:", list.name),
                    code,
                    list.codes().collect::<Vec<_>>(),
                );
            }
            (_, _, Value::Null)
            | (ShapeKind::Boolean, _, Value::Bool(_))
            | (ShapeKind::Text, _, Value::String(_)) => {}
            (kind, ..) => {
                self.problems.at(&written.span, format!("the field holds {}", kind.word()));
            }
        }
    }

    /// A place of the record as rules name it: its steps, its shape (of an item, for a list), its name.
    pub(super) fn place(&self, written: &Written) -> Option<PlaceOf<'_>> {
        let text = written.text()?;
        let mut shape = self.record;
        let mut steps = Vec::new();
        if text == "record" {
            return Some((steps, shape, text.to_owned()));
        }
        for step in text.split('.') {
            let (name, list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
            shape = self.property(shape, name, &written.span)?;
            match (shape.item(), list) {
                (Some(item), true) => shape = item,
                (None, false) => {}
                (Some(_), false) => {
                    self.problems.with_help(
                        &written.span,
                        format!("`{name}` is a list"),
                        format!("write `{name}[]`"),
                    );
                    return None;
                }
                (None, true) => {
                    self.problems.with_help(
                        &written.span,
                        format!("`{name}` is not a list"),
                        format!("write `{name}`"),
                    );
                    return None;
                }
            }
            steps.push((name.to_owned(), list));
        }
        Some((steps, shape, text.to_owned()))
    }

    /// A field beneath a part's place; `disabilities[]` is a list of values.
    fn field<'s>(&'s self, shape: &'s Shape, text: &str, span: &Range<usize>) -> Option<FieldOf<'s>> {
        let mut here = shape;
        let mut names = Vec::new();
        let (way, adds) = text.strip_suffix("[]").map_or((text, false), |way| (way, true));
        for name in way.split('.') {
            here = self.property(here, name, span)?;
            names.push(name.to_owned());
        }
        let single = |shape: &Shape| !matches!(shape.kind(), ShapeKind::Object | ShapeKind::List);
        let found = match (here.item(), adds) {
            (Some(item), true) if single(item) => Some(item),
            (None, false) if single(here) => Some(here),
            (Some(item), false) if single(item) => {
                let help = format!("write `{text}[]` to add to it");
                self.problems.with_help(span, format!("`{text}` is a list"), help);
                return None;
            }
            _ => None,
        };
        if found.is_none() {
            self.problems.at(span, format!("`{text}` is no single field"));
        }
        found.map(|shape| FieldOf { names, shape, adds })
    }

    fn property<'s>(&self, shape: &'s Shape, name: &str, span: &Range<usize>) -> Option<&'s Shape> {
        let found = shape.property(name);
        if found.is_none() {
            self.problems.unknown(span, "field of the record:", name, shape.properties());
        }
        found
    }
}
