//! The rows of one child into one record, and the table that says where each value came from.
//!
//! `parents` knows which rows a row belongs to and what they made; `tree` reaches into the record.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Parent;
use crate::extracts::layout::Part;
use crate::extracts::layout::Step;
use crate::extracts::layout::Target;
use crate::extracts::parents::Parents;
use crate::extracts::pieces::Pieces;
use crate::extracts::pieces::pieces;
use crate::extracts::present::Present;
use crate::extracts::sort::Entry;
use crate::extracts::tree;
use crate::extracts::values;
use crate::model::PlaceTable;
use crate::model::Pointer;

/// A record while it is put together.
struct Making<'m> {
    layout: &'m Layout,
    present: &'m [Option<Present>],
    record: Value,
    places: PlaceTable,
    coercions: &'m mut Coercions,
    /// Pointers of fields that there are once, and that a row has filled or left empty.
    placed: HashSet<String>,
    /// What was said of the cells of the row at hand.
    noted: BTreeSet<(Coercion, usize)>,
}

/// A row on its way into the record.
struct Row<'r> {
    table: &'r LayoutTable,
    there: &'r Present,
    entry: &'r Entry,
}

/// What a row says of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Something,
    /// That there is none.
    None,
    Nothing,
}

impl Row<'_> {
    fn says(&self, part: &Part) -> Says {
        let is = |values: &[String], column| values.iter().any(|value| value == self.cell(column));
        let holds = match &part.when {
            Some(when) if is(&when.none, when.column) => return Says::None,
            Some(when) => is(&when.is, when.column),
            None => {
                !part.sets.is_empty()
                    || (part.makes_item() && !self.table.children.is_empty())
                    || part.targets.iter().any(|target| !self.cell(target.column).is_empty())
            }
        };
        if holds { Says::Something } else { Says::Nothing }
    }

    /// Columns whose word says whether a part is filled or that there is none, and is neither: the layout knows all that they may hold.
    fn unknown_words(&self) -> BTreeSet<usize> {
        let whens = || self.table.parts.iter().filter_map(|part| part.when.as_ref());
        let closed = whens().filter(|when| !when.none.is_empty() && !self.cell(when.column).is_empty());
        let known = |column: usize| {
            let mut words = whens()
                .filter(|when| when.column == column)
                .flat_map(|when| when.is.iter().chain(&when.none));
            words.any(|word| word == self.cell(column))
        };
        closed.map(|when| when.column).filter(|column| !known(*column)).collect()
    }

    fn cell(&self, column: usize) -> &str {
        self.entry.cells.get(column).map_or("", String::as_str)
    }

    /// The line of a cell: its own where it has one.
    fn line(&self, column: usize) -> u64 {
        let own = self.entry.lines.get(column).copied().filter(|line| *line > 0);
        own.unwrap_or(self.entry.line)
    }

    fn note(&self, coercions: &mut Coercions, what: Coercion, column: usize) {
        coercions.note(what, &self.there.name, self.table.name_of(column), self.line(column));
    }
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
    let places = PlaceTable::default();
    let (placed, noted) = (HashSet::new(), BTreeSet::new());
    let mut making = Making { layout, present, record, places, coercions, placed, noted };
    making.root(entries);
    making.empty_lists(&Pointer::root(), &[]);
    let mut parents = Parents::default();
    for entry in entries {
        let at = usize::from(entry.table);
        if let (Some(table), Some(Some(there))) = (layout.tables.get(at), present.get(at)) {
            making.row(&Row { table, there, entry }, &mut parents);
        }
    }
    (making.record, making.places)
}

impl<'m> Making<'m> {
    /// The record itself is where the child's first row is.
    fn root(&mut self, entries: &[Entry]) {
        let Some(first) = entries.first() else { return };
        let at = usize::from(first.table);
        if let (Some(table), Some(Some(there))) = (self.layout.tables.get(at), self.present.get(at)) {
            let by = table.parent.and_then(Parent::keys);
            let id = table.child.or(by.map(|keys| keys.own));
            let line = id.and_then(|id| first.lines.get(id)).filter(|line| **line > 0);
            let id = id.map_or("", |id| table.name_of(id));
            let fields = vec![(Arc::from("/la_child_id"), Arc::from(id))];
            self.places.rows.push(there.row(Pointer::root(), line.or(Some(&first.line)).copied(), fields));
        }
    }

    /// A table that says all says also that there is none: of the child, or of an item that its rows would belong to.
    fn empty_lists(&mut self, item: &Pointer, steps: &[Step]) {
        for (table, there) in self.layout.tables.iter().zip(self.present) {
            let Some(there) = there.as_ref().filter(|there| table.complete && there.linked) else { continue };
            for part in table.parts.iter().filter(|part| part.makes_item() && part.when.is_none()) {
                let (above, beneath) = part.split();
                if above != steps {
                    continue;
                }
                let mut pointer = item.clone();
                tree::list(&mut self.record, beneath, &mut pointer);
                if above.is_empty() {
                    self.places.rows.push(there.row(pointer, None, Vec::new()));
                }
            }
        }
    }

    /// Takes a row to every place that it fills.
    fn row(&mut self, row: &Row<'m>, parents: &mut Parents<'m>) {
        let dates = row.there.dates(self.layout);
        self.noted.clear();
        let belongs = parents.of(row.table, row.entry, row.there, dates);
        if let Err(column) = belongs {
            row.note(self.coercions, Coercion::UnreadableDay, column);
        }
        let unreadable = belongs.is_err();
        let above = belongs.unwrap_or_default();
        let (mut made, mut without, mut twice) = (Vec::new(), false, false);
        for column in row.unknown_words() {
            row.note(self.coercions, Coercion::UnknownWord, column);
        }
        for part in &row.table.parts {
            let says = row.says(part);
            if says == Says::Nothing {
                continue;
            }
            let bases = match part.under {
                0 => vec![Pointer::root()],
                _ => parents.items(&above, part.split().0),
            };
            without |= bases.is_empty();
            twice |= part.makes_item() && bases.len() > 1;
            let to = if part.makes_item() { 1 } else { bases.len() };
            for base in bases.iter().take(to) {
                if says == Says::Something {
                    made.extend(self.fill(row, part, base).map(|item| (part, item)));
                } else if part.makes_item() {
                    tree::list(&mut self.record, part.split().1, &mut base.clone());
                }
            }
        }
        let key = row.table.parent.and_then(Parent::keys).map_or(usize::MAX, |keys| keys.own);
        if without && !unreadable {
            row.note(self.coercions, Coercion::RowWithoutParent, key);
        }
        if twice {
            row.note(self.coercions, Coercion::ParentTwice, key);
        }
        for (part, item) in &made {
            self.empty_lists(item, &part.steps);
        }
        if let Some(column) = parents.add(row.table, (row.entry, dates), above.first().copied(), made) {
            row.note(self.coercions, Coercion::UnreadableDay, column);
        }
    }

    /// Fills a place at or beneath an item; gives the pointer of the item that the row has become.
    fn fill(&mut self, row: &Row<'_>, part: &Part, base: &Pointer) -> Option<Pointer> {
        let beneath = part.split().1;
        let mut pointer = base.clone();
        if part.makes_item() {
            let items = tree::list(&mut self.record, beneath, &mut pointer)?;
            pointer.push_index(items.len());
            items.push(Value::Object(Map::new()));
        } else {
            tree::extend(&self.record, &mut pointer, beneath);
        }
        let mut filled = Filled { pointer, base, part, fields: Vec::new(), elsewhere: BTreeMap::new() };
        let mut taken = HashSet::new();
        for target in part.targets.iter().filter(|target| row.there.has(target.column)) {
            self.fill_field(row, target, &mut filled, &mut taken);
        }
        for (names, value) in &part.sets {
            let object = filled.object(&mut self.record, true);
            match object.as_deref().and_then(|object| tree::get(object, names)) {
                None => tree::set(object, names, value.clone()),
                // In an item it is the row's own column that has said more.
                Some(known) if known != value && !part.makes_item() => {
                    row.note(self.coercions, Coercion::Differs, part.chosen_by());
                }
                Some(_) => {}
            }
        }
        self.place(row, filled)
    }

    /// Says where what a row filled came from.
    fn place(&mut self, row: &Row<'_>, filled: Filled<'_>) -> Option<Pointer> {
        let Filled { pointer, part, mut fields, elsewhere, .. } = filled;
        if let Some(when) = &part.when {
            fields.push((Arc::from(""), Arc::from(row.table.name_of(when.column))));
        }
        // An element has its name even where no field is meant.
        if part.makes_item() && !row.entry.lines.is_empty() {
            fields.push((Arc::from(""), Arc::from(row.table.name.as_str())));
        }
        let placed = |line, fields| row.there.row(pointer.clone(), Some(line), fields);
        self.places.rows.push(placed(row.entry.line, fields));
        self.places.rows.extend(elsewhere.into_iter().map(|(line, fields)| placed(line, fields)));
        part.makes_item().then_some(pointer)
    }

    /// What a cell gives a field: one value, or several where it lists them.
    fn values(&mut self, row: &Row<'_>, target: &Target, taken: &mut HashSet<usize>) -> Vec<Value> {
        let cell = row.cell(target.column);
        let (dates, was_taken) = (row.there.dates(self.layout), taken.contains(&target.column));
        let mut found = Vec::new();
        let Pieces { each, dropped } = pieces(target, cell);
        let mut done: Vec<Coercion> = dropped.then_some(Coercion::ValueDropped).into_iter().collect();
        for piece in each.iter().filter(|piece| !piece.is_empty()) {
            let Some((value, coercion)) = values::value(target, piece, dates, was_taken) else { continue };
            done.extend(coercion);
            found.push(value);
        }
        // A cell that goes to several places is read once.
        done.retain(|what| !self.noted.contains(&(*what, target.column)));
        for what in &done {
            row.note(self.coercions, *what, target.column);
        }
        self.noted.extend(done.into_iter().map(|what| (what, target.column)));
        if !found.is_empty() {
            taken.insert(target.column);
        }
        found
    }

    fn fill_field(
        &mut self,
        row: &Row<'_>,
        target: &Target,
        filled: &mut Filled<'_>,
        taken: &mut HashSet<usize>,
    ) {
        let column = row.table.name_of(target.column);
        let found = self.values(row, target, taken);
        let field = format!("/{}", target.names.join("/"));
        let line = row.line(target.column);
        let say = |filled: &mut Filled<'_>, field: String| {
            let field = (Arc::from(field), Arc::from(column));
            let list = if line == row.entry.line {
                &mut filled.fields
            } else {
                filled.elsewhere.entry(line).or_default()
            };
            list.push(field);
        };
        if target.adds && !found.is_empty() {
            for value in found {
                let object = filled.object(&mut self.record, true);
                if let Some(at) = tree::add(object, &target.names, value) {
                    if at == 0 {
                        // The list itself is where its first value is.
                        say(filled, field.clone());
                    }
                    say(filled, format!("{field}/{at}"));
                }
            }
            return;
        }
        if found.iter().skip(1).any(|value| Some(value) != found.first()) {
            row.note(self.coercions, Coercion::Differs, target.column);
        }
        let found = found.into_iter().next();
        if filled.part.makes_item() {
            if let Some(value) = found {
                tree::set(filled.object(&mut self.record, true), &target.names, value);
            }
            say(filled, field);
            return;
        }
        let full = format!("{}{field}", filled.pointer.as_str());
        let object = filled.object(&mut self.record, found.is_some());
        let known = object.as_deref().and_then(|object| tree::get(object, &target.names)).cloned();
        match (found, known) {
            (Some(value), Some(known)) if value != known => {
                row.note(self.coercions, Coercion::Differs, target.column);
            }
            (Some(value), None) => {
                tree::set(object, &target.names, value);
                self.placed.insert(full);
                say(filled, field);
            }
            // A field left empty has its place too, until a row fills it.
            (None, None) if self.placed.insert(format!("blank {full}")) => say(filled, field),
            _ => {}
        }
    }
}

/// A field that was filled, and its column.
type Field = (Arc<str>, Arc<str>);

/// What a row is filling.
struct Filled<'f> {
    /// The item or object.
    pointer: Pointer,
    /// The item that it stands at or beneath.
    base: &'f Pointer,
    part: &'f Part,
    fields: Vec<Field>,
    /// Fields on lines of their own.
    elsewhere: BTreeMap<u64, Vec<Field>>,
}

impl Filled<'_> {
    /// The item, or the object of which there is one; this is made only when something goes into it.
    fn object<'v>(&self, record: &'v mut Value, make: bool) -> Option<&'v mut Value> {
        if self.part.makes_item() || (!make && record.pointer(self.pointer.as_str()).is_none()) {
            return record.pointer_mut(self.pointer.as_str());
        }
        tree::walk(record, self.part.split().1, &mut self.base.clone())
    }
}
