//! XML documents: which layout knows one, which of its tables and columns are there, and its rows on their way to the records.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::sync::Arc;

use crate::extracts::coercion::Coercion;
use crate::extracts::facts::MostlyBlank;
use crate::extracts::facts::TableFacts;
use crate::extracts::group::GroupError;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::XmlLayout;
use crate::extracts::opened::Opened;
use crate::extracts::opened::Recognised;
use crate::extracts::opened::missing;
use crate::extracts::reading::Reading;
use crate::extracts::recognise::Unrecognised;
use crate::extracts::sort::Entry;
use crate::extracts::values::id_was_altered;
use crate::tables::Document;
use crate::tables::Noticed;
use crate::tables::TableForm;
use crate::tables::XmlItem;
use crate::tables::XmlPlan;
use crate::tables::XmlRecord;
use crate::tables::XmlTable;

/// Names of unknown elements that are told; those beyond are counted together.
const NAMES: usize = 40;

impl Layout {
    /// Whether a document is one of this layout: its outermost element says so, and it has an element of a child.
    pub(super) fn knows(&self, document: &Document) -> bool {
        let xml = self.xml.as_ref();
        xml.is_some_and(|xml| xml.roots.iter().any(|root| root == document.root()) && document.has(&xml.each))
    }

    fn plan(&self, xml: &XmlLayout) -> XmlPlan {
        let table = |(number, table): (usize, &LayoutTable)| {
            let mut columns = HashMap::new();
            for (at, column) in table.columns.iter().enumerate() {
                for name in std::iter::once(&column.name).chain(&column.aliases) {
                    columns.insert(name.clone(), at);
                }
            }
            (table.name.clone(), XmlTable { number, width: table.columns.len(), columns })
        };
        let tables = self.tables.iter().enumerate().map(table).collect();
        XmlPlan { each: xml.each.clone(), id: xml.id.clone(), tables }
    }
}

impl Recognised<'_> {
    /// Takes a document: a table is there when its element is, a column when its element is or may well be left out.
    pub(super) fn take_document(&mut self, document: Document) -> Result<(), Unrecognised> {
        if !self.layout.knows(&document) {
            self.strangers.push(document.file().to_owned());
            return Ok(());
        }
        if let Some(other) = &self.document {
            let both = [other.file().to_owned(), document.file().to_owned()];
            return Err(Unrecognised::SameTable(self.layout.name.clone(), both));
        }
        let file: Arc<str> = Arc::from(document.file());
        for (table, of) in self.layout.tables.iter().enumerate().filter(|(_, of)| document.has(&of.name)) {
            let has = |name: &String| document.has(name);
            let columns = of.columns.iter().map(|column| {
                let there = has(&column.name) || column.aliases.iter().any(has) || column.often_blank;
                there.then_some(0)
            });
            let columns: Vec<Option<usize>> = columns.collect();
            self.opened.push(Opened {
                table,
                file: Arc::clone(&file),
                sheet: None,
                name: Arc::clone(&file),
                form: TableForm::Xml(document.encoding()),
                rows: None,
                missing: missing(of, &columns),
                unknown: Vec::new(),
                columns,
            });
        }
        if document.has_other_encoding() {
            self.coercions.note(Coercion::OtherEncoding, &file, "", 1);
        }
        self.document = Some(document);
        Ok(())
    }
}

/// A document while it is read: for each table its rows, and how many of them are blank in each column.
struct Counts {
    file: Arc<str>,
    rows: Vec<u64>,
    blank: Vec<Vec<u64>>,
    /// Names of unknown elements that were told.
    unknown: BTreeSet<String>,
}

impl Reading<'_> {
    /// Reads a document.
    pub(super) fn document(&mut self, document: Document, opened: &[Opened]) -> Result<(), GroupError> {
        let layout = self.layout;
        let Some(xml) = &layout.xml else { return Ok(()) };
        let mut counts = Counts {
            file: Arc::from(document.file()),
            rows: vec![0; layout.tables.len()],
            blank: layout.tables.iter().map(|of| vec![0; of.columns.len()]).collect(),
            unknown: BTreeSet::new(),
        };
        for item in document.rows(layout.plan(xml)) {
            match item? {
                XmlItem::Record(record) => self.record(record, xml, &mut counts)?,
                XmlItem::Noticed(what, line) => self.noticed(what, line, &mut counts),
            }
        }
        let Counts { file, rows, blank, .. } = counts;
        for one in opened.iter().filter(|one| one.rows.is_none()) {
            let Some(of) = layout.tables.get(one.table) else { continue };
            let rows = rows.get(one.table).copied().unwrap_or(0);
            for (at, column) in of.columns.iter().enumerate() {
                let blank = blank.get(one.table).and_then(|blank| blank.get(at)).copied().unwrap_or(0);
                let counts = Some(at) != of.child && one.has(at) && column.is_expected();
                if counts && MostlyBlank::is_worth_saying(blank, rows) {
                    let (file, column) = (file.to_string(), column.name.clone());
                    self.blank.push(MostlyBlank { file, sheet: None, column, blank, rows });
                }
            }
            self.tables.push(TableFacts { rows, ..TableFacts::of(one, &of.name) });
        }
        Ok(())
    }

    fn record(&mut self, record: XmlRecord, xml: &XmlLayout, counts: &mut Counts) -> Result<(), GroupError> {
        let file = Arc::clone(&counts.file);
        let child = self.clean(&record.id.text, &file, &xml.id, record.id.line);
        if id_was_altered(&child) {
            self.coercions.note(Coercion::AlteredByExcel, &file, &xml.id, record.id.line);
        }
        if record.rows.is_empty() {
            let (what, column) = if child.is_empty() {
                (Coercion::RowWithoutChild, &xml.id)
            } else {
                (Coercion::BlankRow, &xml.each)
            };
            self.coercions.note(what, &file, column, record.line);
        }
        let child: Arc<str> = Arc::from(child);
        for row in record.rows {
            let Some(of) = self.layout.tables.get(row.table) else { continue };
            if child.is_empty() {
                self.coercions.note(Coercion::RowWithoutChild, &file, &xml.id, row.line);
                continue;
            }
            let (mut cells, mut lines, mut holds) = (Vec::new(), Vec::new(), !of.children.is_empty());
            let blanks = counts.blank.get_mut(row.table).into_iter().flatten();
            for (((at, column), cell), blank) in of.columns.iter().enumerate().zip(row.cells).zip(blanks) {
                // The id was cleaned, and what that took counted, above.
                let is_id = Some(at) == of.child;
                let value =
                    if is_id { cell.text } else { self.clean(&cell.text, &file, &column.name, cell.line) };
                *blank += u64::from(value.is_empty());
                holds |= !value.is_empty();
                cells.push(value);
                lines.push(cell.line);
            }
            if !holds {
                self.coercions.note(Coercion::BlankRow, &file, &of.name, row.line);
                continue;
            }
            if let Some(rows) = counts.rows.get_mut(row.table) {
                *rows += 1;
            }
            let table = u16::try_from(row.table).unwrap_or(u16::MAX);
            let (at, line, inside) = (row.number, row.line, row.inside);
            self.sorter.push(Entry { child: Arc::clone(&child), table, at, line, inside, cells, lines })?;
        }
        Ok(())
    }

    fn noticed(&mut self, what: Noticed, line: u64, counts: &mut Counts) {
        let file = Arc::clone(&counts.file);
        let id = self.layout.xml.as_ref().map_or("", |xml| xml.id.as_str());
        match what {
            Noticed::Outside => self.coercions.note(Coercion::RowWithoutChild, &file, id, line),
            Noticed::OtherId => self.coercions.note(Coercion::Differs, &file, id, line),
            Noticed::StrayText => self.coercions.note(Coercion::StrayText, &file, "", line),
            Noticed::Unknown(name) => {
                let told = counts.unknown.len() < NAMES || counts.unknown.contains(&name);
                self.coercions.note(Coercion::UnknownElement, &file, if told { &name } else { "" }, line);
                if told {
                    counts.unknown.insert(name);
                }
            }
            Noticed::Again(table, column) => {
                let column = self.layout.tables.get(table).map_or("", |of| of.name_of(column));
                self.coercions.note(Coercion::Differs, &file, column, line);
            }
        }
    }
}
