//! The rows of a document: what each element of one child holds, with the line of every value, and inside which row a row stands.

use std::collections::HashMap;

use crate::tables::Limits;
use crate::tables::TableTrouble;
use crate::tables::UnreadableTable;
use crate::tables::text::Source;
use crate::tables::xml::XmlTrouble;
use crate::tables::xml::pieces::Piece;
use crate::tables::xml::pieces::Pieces;

/// Bytes of all that one child has.
const RECORD: usize = 8 << 20;

/// Bytes of memory that its rows may take: an empty element is short, and its row has all of its cells.
const ROWS: usize = 32 << 20;

/// Which elements are rows.
#[derive(Clone, Debug, Default)]
pub struct XmlPlan {
    /// The element that holds all of one child.
    pub each: String,
    /// The element in it that holds the child's id.
    pub id: String,
    /// The elements that are rows, by name.
    pub tables: HashMap<String, XmlTable>,
}

/// An element that is a row.
#[derive(Clone, Debug, Default)]
pub struct XmlTable {
    /// The number by which the caller knows the table.
    pub number: usize,
    /// How many cells its rows have.
    pub width: usize,
    /// The elements that are its cells, by name, each with its index. The element itself is one where it holds text.
    pub columns: HashMap<String, usize>,
}

/// A value, and the line of its element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlCell {
    /// As written.
    pub text: String,
    /// 0 where the element is not there.
    pub line: u64,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlRow {
    /// The number of its table.
    pub table: usize,
    /// Its number among the rows of the document, from 1.
    pub number: u64,
    /// The number of the row inside which it stands; 0 for none.
    pub inside: u64,
    /// The line of its element.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<XmlCell>,
}

/// All that one child has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlRecord {
    /// The line of its element.
    pub line: u64,
    /// The child's id, empty where there is none.
    pub id: XmlCell,
    /// Its rows, in the order of the document.
    pub rows: Vec<XmlRow>,
}

/// Something that is not as it should be, and is in no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// Text beside elements.
    StrayText,
    /// An element that the plan does not know.
    Unknown(String),
    /// An element once more in a row, with another value: table and column.
    Again(usize, usize),
    /// The id of a child once more, and another.
    OtherId,
    /// A row that stands in no child.
    Outside,
}

/// What a document gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlItem {
    /// A child.
    Record(XmlRecord),
    /// Something that was noticed, on this line.
    Noticed(Noticed, u64),
}

/// The rows of a document, a child at a time. After an error there are no more.
pub struct XmlRows {
    file: String,
    pieces: Pieces<Box<dyn Source>>,
    limits: Limits,
    plan: XmlPlan,
    open: Vec<Open>,
    record: Option<Begun>,
    count: u64,
    waiting: Vec<XmlItem>,
    ended: bool,
}

/// A child that is being read.
struct Begun {
    record: XmlRecord,
    /// How many elements stood open when its own began.
    depth: usize,
    from: u64,
    /// Bytes of memory that its rows take, beside what stands in them.
    cost: usize,
}

/// An element that has begun.
struct Open {
    name: String,
    line: u64,
    text: String,
    /// Whether elements stand in it: text beside them is no value and is not kept.
    holds: bool,
    /// The line of the first text beside elements.
    stray: Option<u64>,
    /// The line of its text.
    text_line: u64,
    /// The row that it is, among those of the child.
    row: Option<usize>,
}

impl XmlRows {
    pub(super) fn new(file: String, pieces: Pieces<Box<dyn Source>>, limits: Limits, plan: XmlPlan) -> Self {
        let (open, waiting) = (Vec::new(), Vec::new());
        Self { file, pieces, limits, plan, open, record: None, count: 0, waiting, ended: false }
    }

    /// Reads on until something can be given; nothing at the end.
    fn read(&mut self) -> Result<Option<XmlItem>, (TableTrouble, u64)> {
        loop {
            if let Some(item) = self.waiting.pop() {
                return Ok(Some(item));
            }
            let Some((piece, line)) = self.pieces.next()? else { return Ok(None) };
            match piece {
                Piece::Start(name) => self.start(name, line),
                Piece::Text(text) => self.text(&text, line)?,
                Piece::End => self.end(),
            }
            if let Some(begun) = &self.record
                && self.pieces.position() - begun.from > RECORD as u64
            {
                return Err((XmlTrouble::TooLong(RECORD).into(), begun.record.line));
            }
            if let Some(begun) = self.record.as_ref().filter(|begun| begun.cost > ROWS) {
                return Err((XmlTrouble::TooManyRows.into(), begun.record.line));
            }
        }
    }

    fn start(&mut self, name: String, line: u64) {
        if let Some(around) = self.open.last_mut() {
            around.holds = true;
            // What stood before its first element was no value either.
            let text = std::mem::take(&mut around.text);
            if around.stray.is_none() && !text.trim().is_empty() {
                around.stray = Some(around.text_line);
            }
        }
        if self.record.is_none() && name == self.plan.each {
            let record = XmlRecord { line, ..XmlRecord::default() };
            let (depth, from) = (self.open.len(), self.pieces.position());
            self.record = Some(Begun { record, depth, from, cost: 0 });
        }
        let mut row = None;
        if let (Some(begun), Some(table)) = (&mut self.record, self.plan.tables.get(&name)) {
            let inside = self.open.iter().rev().find_map(|open| open.row);
            let inside = inside.and_then(|at| begun.record.rows.get(at)).map_or(0, |row| row.number);
            self.count += 1;
            row = Some(begun.record.rows.len());
            begun.cost += size_of::<XmlRow>() + table.width * size_of::<XmlCell>();
            let cells = vec![XmlCell::default(); table.width];
            begun.record.rows.push(XmlRow { table: table.number, number: self.count, inside, line, cells });
        } else if self.record.is_none() && self.plan.tables.contains_key(&name) {
            self.waiting.push(XmlItem::Noticed(Noticed::Outside, line));
        }
        let (text, text_line) = (String::new(), line);
        self.open.push(Open { name, line, text, holds: false, stray: None, text_line, row });
    }

    fn text(&mut self, text: &str, line: u64) -> Result<(), (TableTrouble, u64)> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        if open.holds {
            if open.stray.is_none() && !text.trim().is_empty() {
                open.stray = Some(line);
            }
            return Ok(());
        }
        if open.text.trim().is_empty() {
            open.text_line = line;
        }
        open.text.push_str(text);
        if open.text.len() > self.limits.line_bytes {
            return Err((XmlTrouble::TooLong(self.limits.line_bytes).into(), open.line));
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some(ended) = self.open.pop() else { return };
        if ended.holds {
            if let Some(line) = ended.stray {
                self.waiting.push(XmlItem::Noticed(Noticed::StrayText, line));
            }
        } else {
            self.value(ended);
        }
        if let Some(begun) = self.record.take_if(|begun| begun.depth == self.open.len()) {
            // What was noticed comes first: it is taken from the end.
            self.waiting.insert(0, XmlItem::Record(begun.record));
        }
    }

    /// Takes an element that holds no others to the row around it, or to its own.
    fn value(&mut self, ended: Open) {
        let Some(begun) = &mut self.record else { return };
        let Open { name, line, text, text_line, row, .. } = ended;
        let is_id = name == self.plan.id;
        if is_id && begun.record.id.line == 0 {
            begun.record.id = XmlCell { text: text.clone(), line };
        }
        let around = row.or_else(|| self.open.iter().rev().find_map(|open| open.row));
        let place = around.and_then(|at| begun.record.rows.get_mut(at)).and_then(|row| {
            let around = self.plan.tables.values().find(|table| table.number == row.table)?;
            Some((row, *around.columns.get(&name)?))
        });
        let Some((to, column)) = place else {
            // An empty element says nothing: mostly it is there to hold others.
            let noticed = match () {
                () if text.trim().is_empty() => None,
                () if is_id => {
                    (text.trim() != begun.record.id.text.trim()).then_some((Noticed::OtherId, line))
                }
                () if row.is_some() => Some((Noticed::StrayText, text_line)),
                () => Some((Noticed::Unknown(name), line)),
            };
            self.waiting.extend(noticed.map(|(what, line)| XmlItem::Noticed(what, line)));
            return;
        };
        match to.cells.get_mut(column) {
            Some(cell) if cell.line == 0 => *cell = XmlCell { text, line },
            Some(cell) if cell.text != text => {
                self.waiting.push(XmlItem::Noticed(Noticed::Again(to.table, column), line));
            }
            _ => {}
        }
    }
}

impl Iterator for XmlRows {
    type Item = Result<XmlItem, UnreadableTable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read();
        self.ended = !matches!(next, Ok(Some(_)));
        let file = &self.file;
        let wrong = |(trouble, line)| UnreadableTable { trouble, file: file.clone(), sheet: None, line };
        next.map_err(wrong).transpose()
    }
}
