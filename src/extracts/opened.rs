//! What has been recognised: each file, sheet or element of a document as a table of the layout, with what its header says and lacks.

use std::sync::Arc;

use crate::extracts::coercion::Coercion;
use crate::extracts::coercion::Coercions;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::recognise::Fit;
use crate::extracts::recognise::Unrecognised;
use crate::model::PlacedSheet;
use crate::tables::Document;
use crate::tables::Found;
use crate::tables::How;
use crate::tables::Table;
use crate::tables::TableForm;
use crate::tables::clean;
use crate::tables::column_letters;

/// A column of a file that may be one of the layout's, and is not used until it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Suggested {
    /// The file.
    pub file: String,
    /// The sheet of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The number of the column, from 1.
    pub number: usize,
    /// The name as the file has it: near enough to the layout's to be a name.
    pub written: String,
    /// The column that it may be.
    pub column: String,
}

/// A file or sheet whose rows are about no child, so that it is not read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NotOfChildren {
    /// The table of the layout that it is.
    pub table: String,
    /// The file and the sheet.
    pub file: String,
    /// Why it is not read.
    pub why: String,
}

/// A table of the layout that is there: a file, a sheet of one, or an element of a document.
pub(super) struct Opened {
    /// Which table of the layout.
    pub(super) table: usize,
    pub(super) file: Arc<str>,
    pub(super) sheet: Option<Arc<PlacedSheet>>,
    /// The file and the sheet, for people.
    pub(super) name: Arc<str>,
    pub(super) form: TableForm,
    /// Its rows; nothing where they come with those of a document.
    pub(super) rows: Option<OpenedRows>,
    /// Columns that the layout reads and that are not there.
    pub(super) missing: Vec<String>,
    /// Columns with a name that the layout does not know: their letters in a sheet, otherwise their numbers from 1.
    pub(super) unknown: Vec<String>,
    /// For each column of the layout's table, its index in the file.
    pub(super) columns: Vec<Option<usize>>,
}

/// The rows of a table that is a file, or a sheet of one, of its own.
pub(super) struct OpenedRows {
    pub(super) rows: Table,
    /// Where among the first rows the header is.
    pub(super) header: usize,
    pub(super) width: usize,
}

impl Opened {
    /// Whether the file has this column of the layout's table.
    pub(super) fn has(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Option::is_some)
    }
}

/// Files and what they are.
pub(super) struct Recognised<'l> {
    pub(super) layout: &'l Layout,
    pub(super) opened: Vec<Opened>,
    pub(super) document: Option<Document>,
    pub(super) strangers: Vec<String>,
    /// Sheets beside the tables that have no column for the child's id.
    pub(super) other_sheets: Vec<String>,
    pub(super) not_of_children: Vec<NotOfChildren>,
    pub(super) suggested: Vec<Suggested>,
    pub(super) coercions: Coercions,
}

/// The sheet of a table with the letters of its columns, if it stands in one.
fn placed_sheet(file: &Table, of: &LayoutTable, found: &Found) -> Option<Arc<PlacedSheet>> {
    let name = file.sheet()?.to_owned();
    let columns = of.columns.iter().zip(&found.columns);
    let letters = columns
        .filter_map(|(column, found)| Some((column.name.clone(), column_letters(found.as_ref()?.0))))
        .collect();
    Some(Arc::new(PlacedSheet { name, letters }))
}

/// The columns of a table that a layout reads and that are not there.
pub(super) fn missing(of: &LayoutTable, columns: &[Option<usize>]) -> Vec<String> {
    let used = of.columns.iter().zip(columns).filter(|(column, _)| column.unused.is_none());
    used.filter(|(_, index)| index.is_none()).map(|(column, _)| column.name.clone()).collect()
}

impl<'l> Recognised<'l> {
    /// Nothing yet, for files of this layout.
    pub(super) fn of(layout: &'l Layout) -> Self {
        Self {
            layout,
            opened: Vec::new(),
            document: None,
            strangers: Vec::new(),
            other_sheets: Vec::new(),
            not_of_children: Vec::new(),
            suggested: Vec::new(),
            coercions: Coercions::default(),
        }
    }

    /// Whether a table of the layout is there.
    pub(super) fn given(&self, table: usize) -> bool {
        self.opened.iter().any(|opened| opened.table == table)
    }

    /// Whether a table of the layout is there and has a column.
    pub(super) fn found(&self, table: usize, column: usize) -> bool {
        self.opened.iter().any(|opened| opened.table == table && opened.has(column))
    }

    /// Takes a file as the table that it fits.
    pub(super) fn take(&mut self, file: Table, fit: &Fit) -> Result<(), Unrecognised> {
        let name: Arc<str> = Arc::from(file.name());
        let Some(of) = self.layout.tables.get(fit.table) else { return Ok(()) };
        if let Some(why) = &of.not_of_children {
            let (table, why) = (of.name.clone(), why.clone());
            self.not_of_children.push(NotOfChildren { table, file: name.to_string(), why });
            return Ok(());
        }
        refuse(&name, of, fit)?;
        if let Some(other) = self.opened.iter().find(|opened| opened.table == fit.table) {
            return Err(Unrecognised::SameTable(of.name.clone(), [other.name.to_string(), name.to_string()]));
        }
        let sheet = placed_sheet(&file, of, &fit.found);
        if let Some(sheet) = &sheet {
            self.coercions.stands_in(&name, file.file(), sheet);
        }
        for above in file.head().take(fit.header) {
            self.coercions.note(Coercion::TitleRow, &name, "", above.line);
        }
        self.header(&file, of, fit);
        let columns: Vec<Option<usize>> =
            fit.found.columns.iter().map(|found| found.map(|(index, _)| index)).collect();
        let unknown = fit.found.unknown.iter().map(|index| match sheet {
            Some(_) => column_letters(*index),
            None => (index + 1).to_string(),
        });
        let width = file.head_row(fit.header).map_or(0, crate::tables::Row::width);
        self.opened.push(Opened {
            table: fit.table,
            file: Arc::from(file.file()),
            missing: missing(of, &columns),
            unknown: unknown.collect(),
            sheet,
            name,
            form: file.form(),
            rows: Some(OpenedRows { header: fit.header, width, rows: file }),
            columns,
        });
        Ok(())
    }

    /// Takes down how the columns were found, and which may be one of the layout's.
    fn header(&mut self, file: &Table, of: &LayoutTable, fit: &Fit) {
        let row = file.head_row(fit.header);
        let (name, line) = (file.name(), row.map_or(1, |row| row.line));
        for (at, found) in fit.found.columns.iter().enumerate() {
            let how = match found {
                Some((_, How::Normalised)) => Coercion::HeaderNormalised,
                Some((_, How::Alias)) => Coercion::HeaderAlias,
                _ => continue,
            };
            self.coercions.note(how, &name, of.name_of(at), line);
        }
        for (index, at) in &fit.found.suggested {
            let written = row.and_then(|row| row.get(*index)).map_or("", |cell| clean(cell).0);
            self.suggested.push(Suggested {
                file: file.file().to_owned(),
                sheet: file.sheet().map(str::to_owned),
                number: index + 1,
                written: written.to_owned(),
                column: of.name_of(*at).to_owned(),
            });
        }
    }
}

/// A table in which one column stands twice, or the child's id nowhere, cannot be taken.
fn refuse(name: &str, of: &LayoutTable, fit: &Fit) -> Result<(), Unrecognised> {
    if let Some((at, first, second)) = fit.found.twice.first() {
        return Err(Unrecognised::Twice {
            file: name.to_owned(),
            column: of.name_of(*at).to_owned(),
            both: [first + 1, second + 1],
        });
    }
    if fit.has_child(of) {
        return Ok(());
    }
    let id = of.ids().next().unwrap_or(0);
    let perhaps = fit.found.suggested.iter().find(|(_, at)| *at == id).map(|(index, _)| index + 1);
    Err(Unrecognised::NoChild {
        file: name.to_owned(),
        table: of.name.clone(),
        column: of.name_of(id).to_owned(),
        perhaps,
    })
}
