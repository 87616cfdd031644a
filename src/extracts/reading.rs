//! The rows of a table: each cell cleaned, what was done to it counted, each row taken to its child or to where it will find it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::facts::MostlyBlank;
use crate::extracts::facts::TableFacts;
use crate::extracts::group::GroupError;
use crate::extracts::group::place_of;
use crate::extracts::join::Joins;
use crate::extracts::layout::By;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::opened::Opened;
use crate::extracts::opened::OpenedRows;
use crate::extracts::sort::Entry;
use crate::extracts::sort::Sorter;
use crate::extracts::values::id_was_altered;
use crate::tables::Mess;
use crate::tables::Row;
use crate::tables::Skip;
use crate::tables::TableLine;
use crate::tables::clean;
use crate::tables::normalised;

/// Tables while they are read.
pub(super) struct Reading<'l> {
    pub(super) layout: &'l Layout,
    pub(super) sorter: Sorter,
    pub(super) joins: Joins,
    pub(super) coercions: Coercions,
    pub(super) tables: Vec<TableFacts>,
    pub(super) blank: Vec<MostlyBlank>,
    /// The names of all columns of the layout, normalised.
    names: HashSet<String>,
}

impl<'l> Reading<'l> {
    /// Nothing read yet.
    pub(super) fn new(layout: &'l Layout, sorter: Sorter, joins: Joins, coercions: Coercions) -> Self {
        let columns = layout.tables.iter().flat_map(|table| &table.columns);
        let names = columns.flat_map(|column| std::iter::once(&column.name).chain(&column.aliases));
        let names = names.map(|name| normalised(name)).collect();
        Self { layout, sorter, joins, coercions, tables: Vec::new(), blank: Vec::new(), names }
    }

    /// Reads a table with rows of its own.
    pub(super) fn table(&mut self, opened: Opened) -> Result<(), GroupError> {
        let Some(of) = self.layout.tables.get(opened.table) else { return Ok(()) };
        let mut facts = TableFacts::of(&opened, &of.name);
        let Opened { table, sheet, name, rows, columns, .. } = opened;
        let Some(OpenedRows { rows, header, width }) = rows else { return Ok(()) };
        let mut blanks = vec![0_u64; columns.len()];
        let number = u16::try_from(table).unwrap_or(u16::MAX);
        for line in rows.rows(header) {
            let row = match line? {
                TableLine::Row(row) => row,
                TableLine::Skipped(line, why) => {
                    self.coercions.note(of_skip(why), &name, "", line);
                    continue;
                }
            };
            if self.is_header(&row) {
                let place = place_of(&name, sheet.is_some(), row.line);
                return Err(GroupError::SecondTable(place, sheet.is_some()));
            }
            facts.rows += 1;
            self.check_width(&row, width, sheet.is_some(), &name);
            let mut cells = Vec::with_capacity(columns.len());
            for ((index, column), blank) in columns.iter().zip(&of.columns).zip(&mut blanks) {
                let written = index.and_then(|index| row.get(index)).unwrap_or_default();
                let value = self.clean(written, &name, &column.name, row.line);
                *blank += u64::from(value.is_empty());
                cells.push(value);
            }
            let (at, line) = (row.line, row.line);
            self.row(of, &name, Entry { table: number, at, line, cells, ..Entry::default() })?;
        }
        for ((column, index), blank) in of.columns.iter().zip(&columns).zip(blanks) {
            if index.is_some() && column.is_expected() && MostlyBlank::is_worth_saying(blank, facts.rows) {
                let (file, sheet, rows) = (facts.file.clone(), facts.sheet.clone(), facts.rows);
                self.blank.push(MostlyBlank { file, sheet, column: column.name.clone(), blank, rows });
            }
        }
        self.tables.push(facts);
        Ok(())
    }

    /// A cell without what is no value; what was taken off it is counted.
    pub(super) fn clean(&mut self, written: &str, file: &str, column: &str, line: u64) -> String {
        let (value, mess) = clean(written);
        let empty = self.layout.empty.iter().any(|word| word.eq_ignore_ascii_case(value));
        if let Some(mess) = mess.or(empty.then_some(Mess::EmptyMarker)) {
            self.coercions.note(of_mess(mess), file, column, line);
        }
        if empty { String::new() } else { value.to_owned() }
    }

    /// Takes a row to its child, or to where it will find it.
    fn row(&mut self, of: &LayoutTable, file: &str, mut entry: Entry) -> Result<(), GroupError> {
        let table = usize::from(entry.table);
        let own = of.parent.and_then(|parent| match parent.by {
            By::Key(keys) => Some(keys.own),
            By::Inside | By::Day(..) => None,
        });
        for id in [of.child, own].into_iter().flatten() {
            if entry.cells.get(id).is_some_and(|id| id_was_altered(id)) {
                self.coercions.note(Coercion::AlteredByExcel, file, of.name_of(id), entry.line);
            }
        }
        if self.joins.waits(table) {
            return Ok(self.joins.wait(table, entry)?);
        }
        let child = of.child.and_then(|child| entry.cells.get(child)).map_or("", String::as_str);
        if child.is_empty() {
            let column = of.child.map_or("", |child| of.name_of(child));
            self.coercions.note(Coercion::RowWithoutChild, file, column, entry.line);
            return Ok(());
        }
        self.joins.tell(table, child, &entry.cells)?;
        entry.child = Arc::from(child);
        Ok(self.sorter.push(entry)?)
    }

    /// A worksheet keeps no cells behind the last in which something stands, so that only a row of text can be too short.
    fn check_width(&mut self, row: &Row, width: usize, in_sheet: bool, file: &str) {
        let beyond = row.cells().skip(width).any(|cell| !clean(cell).0.is_empty());
        if beyond {
            self.coercions.note(Coercion::RowTooLong, file, "", row.line);
        } else if row.width() < width && !in_sheet {
            self.coercions.note(Coercion::RowTooShort, file, "", row.line);
        }
    }

    /// Whether every cell of a row is the name of a column of the layout.
    fn is_header(&self, row: &Row) -> bool {
        let mut names = 0;
        for cell in row.cells().map(|cell| clean(cell).0).filter(|cell| !cell.is_empty()) {
            if !self.names.contains(&normalised(cell)) {
                return false;
            }
            names += 1;
        }
        names >= 2
    }
}

fn of_skip(why: Skip) -> Coercion {
    match why {
        Skip::Blank => Coercion::BlankRow,
        Skip::Total => Coercion::TotalRow,
        Skip::Header => Coercion::HeaderAgain,
    }
}

fn of_mess(mess: Mess) -> Coercion {
    match mess {
        Mess::Spaces => Coercion::Spaces,
        Mess::EmptyMarker => Coercion::EmptyMarker,
        Mess::NotCalculated => Coercion::NotCalculated,
    }
}
