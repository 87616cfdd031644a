//! The rows of one child into one record, and the table that says where each value came from.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Part;
use crate::extracts::sort::Entry;
use crate::extracts::values;
use crate::extracts::values::Dates;
use crate::model::PlaceTable;
use crate::model::PlacedRow;
use crate::model::PlacedSheet;
use crate::model::Pointer;
use crate::tables::TableForm;

/// A table that is there.
pub(super) struct Present {
    pub(super) file: Arc<str>,
    pub(super) sheet: Option<Arc<PlacedSheet>>,
    /// The file and the sheet: what its coercions are counted under.
    pub(super) name: Arc<str>,
    pub(super) form: TableForm,
    /// For each column of the layout's table, whether it is there.
    pub(super) columns: Vec<bool>,
}

impl Present {
    /// The place of what one of its rows fills, or of all of it.
    fn row(&self, pointer: Pointer, line: Option<u64>) -> PlacedRow {
        PlacedRow {
            pointer,
            file: Arc::clone(&self.file),
            sheet: self.sheet.clone(),
            line,
            fields: Vec::new(),
        }
    }
}

/// A record while it is put together.
struct Making<'m> {
    layout: &'m Layout,
    record: Value,
    places: PlaceTable,
    coercions: &'m mut Coercions,
    /// Pointers of fields that there are once, and that a row has filled or left empty.
    placed: HashSet<String>,
}

/// The record of the child whose rows these are, and its places. `present` says which tables of the layout there are.
pub(super) fn assemble(
    layout: &Layout,
    present: &[Option<Present>],
    child: &str,
    entries: &[Entry],
    coercions: &mut Coercions,
) -> (Value, PlaceTable) {
    let record = Value::Object(Map::from_iter([("la_child_id".to_owned(), Value::from(child))]));
    let mut making =
        Making { layout, record, places: PlaceTable::default(), coercions, placed: HashSet::new() };
    making.root(present, entries);
    for (table, there) in layout.tables.iter().zip(present) {
        if let Some(there) = there.as_ref().filter(|_| table.complete) {
            making.empty_lists(table, there);
        }
    }
    for entry in entries {
        let at = usize::from(entry.table);
        if let (Some(table), Some(Some(there))) = (layout.tables.get(at), present.get(at)) {
            for part in &table.parts {
                making.fill(table, part, there, entry);
            }
        }
    }
    (making.record, making.places)
}

impl Making<'_> {
    /// The record itself is where the child's first row is.
    fn root(&mut self, present: &[Option<Present>], entries: &[Entry]) {
        let Some(first) = entries.first() else { return };
        if let Some(Some(there)) = present.get(usize::from(first.table)) {
            let mut row = there.row(Pointer::root(), Some(first.line));
            row.fields.push((Arc::from("/la_child_id"), Arc::from(self.layout.child.as_str())));
            self.places.rows.push(row);
        }
    }

    /// A table that says all says also that there is none.
    fn empty_lists(&mut self, table: &LayoutTable, there: &Present) {
        for part in table.parts.iter().filter(|part| part.many && part.when.is_none()) {
            let mut pointer = Pointer::root();
            list(&mut self.record, &part.steps, &mut pointer);
            self.places.rows.push(there.row(pointer, None));
        }
    }

    fn fill(&mut self, table: &LayoutTable, part: &Part, there: &Present, entry: &Entry) {
        let cell = |column: usize| entry.cells.get(column).map_or("", String::as_str);
        let wanted = match &part.when {
            Some(when) if when.none.iter().any(|value| value == cell(when.column)) => {
                if part.many {
                    list(&mut self.record, &part.steps, &mut Pointer::root());
                }
                false
            }
            Some(when) => when.is.iter().any(|value| value == cell(when.column)),
            None => {
                !part.sets.is_empty() || part.targets.iter().any(|target| !cell(target.column).is_empty())
            }
        };
        if !wanted {
            return;
        }
        let mut pointer = pointer_of(&self.record, &part.steps);
        if part.many {
            pointer = Pointer::root();
            let Some(items) = list(&mut self.record, &part.steps, &mut pointer) else { return };
            pointer.push_index(items.len());
            items.push(Value::Object(Map::new()));
        }
        let mut row = there.row(pointer, Some(entry.line));
        self.fill_fields(table, part, there, entry, &mut row);
        if let Some(when) = &part.when {
            row.fields.extend(name_of(table, when.column).map(|column| (Arc::from(""), column)));
        }
        self.places.rows.push(row);
    }

    fn fill_fields(
        &mut self,
        table: &LayoutTable,
        part: &Part,
        there: &Present,
        entry: &Entry,
        row: &mut PlacedRow,
    ) {
        let mut taken = HashSet::new();
        let dates = Dates { forms: &self.layout.dates, table: there.form };
        for target in part.targets.iter().filter(|target| there.columns.get(target.column) == Some(&true)) {
            let Some(column) = name_of(table, target.column) else { continue };
            let cell = entry.cells.get(target.column).map_or("", String::as_str);
            let found = match cell {
                "" => None,
                cell => values::value(target, cell, dates, taken.contains(&target.column)),
            };
            if found.is_some() {
                taken.insert(target.column);
            }
            if let Some(coercion) = found.as_ref().and_then(|(_, coercion)| *coercion) {
                self.coercions.note(coercion, &there.name, &column, entry.line);
            }
            let field: Arc<str> = Arc::from(format!("/{}", target.names.join("/")));
            if part.many {
                if let Some((value, _)) = found {
                    set(item(&mut self.record, part, &row.pointer), &target.names, value);
                }
                row.fields.push((field, column));
                continue;
            }
            let (object, mut pointer) = object(&mut self.record, &part.steps, found.is_some());
            let known = object.as_deref().and_then(|object| get(object, &target.names)).cloned();
            pointer.push_key(&target.names.join("/"));
            match (found, known) {
                (Some((value, _)), Some(known)) if value != known => {
                    self.coercions.note(Coercion::Differs, &there.name, &column, entry.line);
                }
                (Some((value, _)), None) => {
                    set(object, &target.names, value);
                    self.placed.insert(pointer.as_str().to_owned());
                    row.fields.push((field, column));
                }
                // A field left empty has its place too, until a row fills it.
                (None, None) if self.placed.insert(format!("blank {}", pointer.as_str())) => {
                    row.fields.push((field, column));
                }
                _ => {}
            }
        }
        for (names, value) in &part.sets {
            let object = if part.many {
                item(&mut self.record, part, &row.pointer)
            } else {
                object(&mut self.record, &part.steps, true).0
            };
            if object.as_deref().is_some_and(|object| get(object, names).is_none()) {
                set(object, names, value.clone());
            }
        }
    }
}

fn name_of(table: &LayoutTable, column: usize) -> Option<Arc<str>> {
    table.columns.get(column).map(|column| Arc::from(column.name.as_str()))
}

/// The list at the end of these steps, made where it is not there. In a list on the way the last item is meant: the one that this row, or
/// the row before, has become.
fn list<'v>(
    record: &'v mut Value,
    steps: &[(String, bool)],
    pointer: &mut Pointer,
) -> Option<&'v mut Vec<Value>> {
    let ((last, _), way) = steps.split_last()?;
    let holder = walk(record, way, pointer)?;
    pointer.push_key(last);
    holder.as_object_mut()?.entry(last.as_str()).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()
}

/// The object at the end of these steps, made where it is not there.
fn walk<'v>(record: &'v mut Value, steps: &[(String, bool)], pointer: &mut Pointer) -> Option<&'v mut Value> {
    let mut here = record;
    for (name, many) in steps {
        pointer.push_key(name);
        let empty = if *many { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        here = here.as_object_mut()?.entry(name.as_str()).or_insert(empty);
        if *many {
            let items = here.as_array_mut()?;
            if items.is_empty() {
                items.push(Value::Object(Map::new()));
            }
            pointer.push_index(items.len() - 1);
            here = items.last_mut()?;
        }
    }
    Some(here)
}

/// The object of which there is one, and its pointer. It is made only when something goes into it.
fn object<'v>(
    record: &'v mut Value,
    steps: &[(String, bool)],
    make: bool,
) -> (Option<&'v mut Value>, Pointer) {
    let mut pointer = pointer_of(record, steps);
    if !make && record.pointer(pointer.as_str()).is_none() {
        return (None, pointer);
    }
    pointer = Pointer::root();
    let found = walk(record, steps, &mut pointer);
    (found, pointer)
}

/// Where these steps lead, or would lead once something is put there.
fn pointer_of(record: &Value, steps: &[(String, bool)]) -> Pointer {
    let mut pointer = Pointer::root();
    let mut here = Some(record);
    for (name, many) in steps {
        pointer.push_key(name);
        here = here.and_then(|here| here.get(name));
        if *many {
            let items = here.and_then(Value::as_array);
            pointer.push_index(items.map_or(0, |items| items.len().saturating_sub(1)));
            here = items.and_then(|items| items.last());
        }
    }
    pointer
}

/// The item of a list that a row has just become.
fn item<'v>(record: &'v mut Value, part: &Part, pointer: &Pointer) -> Option<&'v mut Value> {
    if part.many { record.pointer_mut(pointer.as_str()) } else { None }
}

fn get<'v>(object: &'v Value, names: &[String]) -> Option<&'v Value> {
    names.iter().try_fold(object, |here, name| here.get(name))
}

fn set(object: Option<&mut Value>, names: &[String], value: Value) {
    let (Some(mut here), Some((last, way))) = (object, names.split_last()) else { return };
    for name in way {
        let Some(members) = here.as_object_mut() else { return };
        here = members.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
    }
    if let Some(members) = here.as_object_mut() {
        members.insert(last.clone(), value);
    }
}
