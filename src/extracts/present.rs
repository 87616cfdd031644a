//! The tables of a layout that are there, and the places of what their rows fill.

use std::sync::Arc;

use crate::extracts::layout::Layout;
use crate::extracts::opened::Opened;
use crate::extracts::values::Dates;
use crate::model::PlacedRow;
use crate::model::PlacedSheet;
use crate::model::Pointer;
use crate::tables::TableForm;

/// A table that is there.
pub(super) struct Present {
    file: Arc<str>,
    pub(super) sheet: Option<Arc<PlacedSheet>>,
    /// The file and the sheet: what its coercions are counted under.
    pub(super) name: Arc<str>,
    form: TableForm,
    /// For each column of the layout's table, whether it is there.
    columns: Vec<bool>,
    /// Whether its rows can find those that they belong to.
    pub(super) linked: bool,
}

impl Present {
    /// For each table of a layout, whether it is there.
    pub(super) fn all(layout: &Layout, opened: &[Opened]) -> Vec<Option<Self>> {
        let of = |table: usize| opened.iter().find(|opened| opened.table == table);
        let given = |table: usize| of(table).is_some();
        let found = |table: usize, column: usize| of(table).is_some_and(|opened| opened.has(column));
        let present = |table: usize| {
            let opened = of(table)?;
            Some(Self {
                file: Arc::clone(&opened.file),
                sheet: opened.sheet.clone(),
                name: Arc::clone(&opened.name),
                form: opened.form,
                columns: opened.columns.iter().map(Option::is_some).collect(),
                linked: layout.parent_lacks(table, &given, &found).is_none(),
            })
        };
        (0..layout.tables.len()).map(present).collect()
    }

    /// Whether the file has this column of the layout's table.
    pub(super) fn has(&self, column: usize) -> bool {
        self.columns.get(column) == Some(&true)
    }

    /// How its dates are written.
    pub(super) fn dates<'l>(&self, layout: &'l Layout) -> Dates<'l> {
        Dates { forms: &layout.dates, table: self.form }
    }

    /// The place of what one of its rows fills, or of all of it.
    pub(super) fn row(
        &self,
        pointer: Pointer,
        line: Option<u64>,
        fields: Vec<(Arc<str>, Arc<str>)>,
    ) -> PlacedRow {
        PlacedRow { pointer, file: Arc::clone(&self.file), sheet: self.sheet.clone(), line, fields }
    }
}
