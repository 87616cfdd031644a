//! Reads a mapping file into a layout: checked against the record schema, every problem at once with its place.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::extracts::forms::COLUMN;
use crate::extracts::forms::LAYOUT;
use crate::extracts::forms::PART;
use crate::extracts::forms::TABLE;
use crate::extracts::forms::TYPES;
use crate::extracts::forms::WHEN;
use crate::extracts::layout::DateForm;
use crate::extracts::layout::Kind;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutColumn;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Part;
use crate::extracts::layout::Take;
use crate::extracts::layout::Target;
use crate::extracts::layout::When;
use crate::form::Entry;
use crate::form::Fields;
use crate::form::Problems;
use crate::form::What;
use crate::form::Written;
use crate::form::to_json;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::schema::Shape;
use crate::schema::ShapeKind;
use crate::tables::normalised;

/// Reads one mapping file. The layout is named as the file is.
pub fn read_layout(file: &Arc<SourceFile>, record: &Shape) -> Result<Layout, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let layout = Reader { record, problems: &problems, flags: BTreeMap::new() }.layout(file, &written);
    match layout {
        Some(layout) if problems.is_empty() => Ok(layout),
        _ if problems.is_empty() => Err(vec![Problem::at(file, 0..0, "this layout could not be read")]),
        _ => Err(problems.into_vec()),
    }
}

struct Reader<'r> {
    record: &'r Shape,
    problems: &'r Problems,
    /// How the layout writes flags.
    flags: BTreeMap<String, Value>,
}

/// The steps to a place, its shape and its name.
type PlaceOf<'s> = (Vec<(String, bool)>, &'s Shape, String);

/// A table while its columns are gathered.
struct Columns {
    all: Vec<LayoutColumn>,
}

impl Columns {
    fn index(&mut self, name: &str) -> usize {
        self.all.iter().position(|column| column.name == name).unwrap_or_else(|| {
            self.all.push(LayoutColumn {
                name: name.to_owned(),
                aliases: Vec::new(),
                unused: None,
                holds_ids: false,
                often_blank: false,
            });
            self.all.len() - 1
        })
    }
}

impl Reader<'_> {
    fn layout(&mut self, file: &SourceFile, written: &Written) -> Option<Layout> {
        let fields = Fields::read(written, &LAYOUT, self.problems)?;
        self.flags = self.flags(entries(fields.get("flags")));
        let common = self.common(&fields.many("every_table"));
        let child = fields.text("child").unwrap_or_default().to_owned();
        let aliases = texts(&fields.many("child_aliases"));
        let mut tables: Vec<LayoutTable> = Vec::new();
        for entry in entries(fields.get("tables")) {
            if let Some(table) = self.table(entry, (&child, &aliases), &common) {
                self.check_names(&tables, &table, entry);
                tables.push(table);
            }
        }
        let mut not_recorded = BTreeSet::new();
        for item in fields.many("taken_as_not_recorded") {
            if let Some((_, _, text)) = self.place(item) {
                not_recorded.insert(text);
            }
        }
        let text = |key: &str| fields.text(key).unwrap_or_default().to_owned();
        Some(Layout {
            name: file.name.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml").to_owned(),
            title: text("title"),
            source: text("source"),
            child,
            tables,
            dates: fields.many("dates").iter().filter_map(|item| DateForm::from_word(item.text()?)).collect(),
            not_recorded,
        })
    }

    /// A file is one table: two tables with one name of file could not be told apart.
    fn check_names(&self, before: &[LayoutTable], table: &LayoutTable, entry: &Entry) {
        for other in before {
            if let Some(name) = table.files.iter().find(|name| other.files.contains(name)) {
                let message = format!(
                    "the tables `{}` and `{}` both have files named `{name}`",
                    other.name, table.name
                );
                self.problems.at(&entry.key_span, message);
            }
        }
    }

    /// What flags are written as.
    fn flags(&self, written: &[Entry]) -> BTreeMap<String, Value> {
        let flag = |entry: &Entry| {
            let value = to_json(&entry.value);
            if !matches!(value, Value::Bool(_) | Value::Null) {
                self.problems
                    .at(&entry.value.span, "a flag is `true`, `false` or nothing where it is not known");
            }
            (entry.key.clone(), value)
        };
        written.iter().map(flag).collect()
    }

    /// The parts of every table, if nothing is wrong with them: each problem is said once and not for each table.
    fn common<'w>(&self, parts: &[&'w Written]) -> Vec<&'w Written> {
        let before = self.problems.count();
        for part in parts {
            self.part(part, &mut Columns { all: Vec::new() });
        }
        if self.problems.count() == before { parts.to_vec() } else { Vec::new() }
    }

    fn table(
        &self,
        entry: &Entry,
        (child, child_aliases): (&str, &[String]),
        common: &[&Written],
    ) -> Option<LayoutTable> {
        let fields = Fields::read(&entry.value, &TABLE, self.problems)?;
        let mut columns = Columns { all: Vec::new() };
        let not_of_children = fields.text("not_of_children").map(str::to_owned);
        let mut parts = fields.many("parts");
        if not_of_children.is_none() {
            let id = columns.index(child);
            if let Some(column) = columns.all.get_mut(id) {
                column.aliases = child_aliases.to_vec();
                column.holds_ids = true;
            }
            parts.extend(common);
        } else if let Some(part) = parts.first() {
            self.problems.at(&part.span, "a table that is about no child fills no part of a record");
        }
        let parts: Vec<Part> = parts.into_iter().filter_map(|part| self.part(part, &mut columns)).collect();
        self.unused(entries(fields.get("unused")), &mut columns);
        let mut files = vec![normalised(&entry.key)];
        files.extend(texts(&fields.many("files")).iter().map(|name| normalised(name)));
        let complete = fields.yes("complete");
        let (name, columns) = (entry.key.clone(), columns.all);
        Some(LayoutTable { name, files, columns, complete, not_of_children, parts })
    }

    /// Columns that are known and have no place in the record.
    fn unused(&self, written: &[Entry], columns: &mut Columns) {
        for unused in written {
            let known = columns.all.iter().any(|column| column.name == unused.key);
            let at = columns.index(&unused.key);
            match (known, unused.value.text()) {
                (true, _) => self.problems.at(
                    &unused.key_span,
                    format!("the column `{}` has a place in the record, so it is not unused", unused.key),
                ),
                (false, None) => {
                    self.problems.at(&unused.value.span, "say in one sentence why it has no place");
                }
                (false, Some(reason)) => {
                    if let Some(column) = columns.all.get_mut(at) {
                        column.unused = Some(reason.to_owned());
                    }
                }
            }
        }
    }

    fn part(&self, written: &Written, columns: &mut Columns) -> Option<Part> {
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
            if let Some((names, field)) = self.field(shape, &entry.key, &entry.key_span) {
                let value = to_json(&entry.value);
                self.check_value(field, &value, &entry.value);
                sets.push((names, value));
            }
        }
        let when = fields.get("when").and_then(|written| {
            let fields = Fields::read(written, &WHEN, self.problems)?;
            let column = columns.index(fields.text("column")?);
            Some(When { column, is: texts(&fields.many("is")), none: texts(&fields.many("none")) })
        });
        let partial = fields.yes("partial");
        if partial && !many {
            self.problems.at(&fields.span("partial"), "only a list can be there in part");
        }
        Some(Part { steps, text, many, partial, when, sets, targets })
    }

    fn target(
        &self,
        written: &Written,
        column: usize,
        shape: &Shape,
        columns: &mut Columns,
    ) -> Option<Target> {
        let fields = Fields::read(written, &COLUMN, self.problems)?;
        let (names, field) = self.field(shape, fields.text("to")?, &fields.span("to"))?;
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
        Some(Target {
            column,
            names,
            kind,
            take: Take::from_word(fields.text("take")),
            values,
            earlier,
            codes,
        })
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
    fn place(&self, written: &Written) -> Option<PlaceOf<'_>> {
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

    /// A field beneath a part's place.
    fn field<'s>(
        &'s self,
        shape: &'s Shape,
        text: &str,
        span: &std::ops::Range<usize>,
    ) -> Option<(Vec<String>, &'s Shape)> {
        let mut here = shape;
        let mut names = Vec::new();
        for name in text.split('.') {
            here = self.property(here, name, span)?;
            names.push(name.to_owned());
        }
        if matches!(here.kind(), ShapeKind::Object | ShapeKind::List) {
            self.problems.at(span, format!("`{text}` is no single field"));
            return None;
        }
        Some((names, here))
    }

    fn property<'s>(&self, shape: &'s Shape, name: &str, span: &std::ops::Range<usize>) -> Option<&'s Shape> {
        let found = shape.property(name);
        if found.is_none() {
            self.problems.unknown(span, "field of the record:", name, shape.properties());
        }
        found
    }
}

fn entries(written: Option<&Written>) -> &[Entry] {
    match written {
        Some(Written { what: What::Map(entries), .. }) => entries,
        _ => &[],
    }
}

fn texts(written: &[&Written]) -> Vec<String> {
    written.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}
