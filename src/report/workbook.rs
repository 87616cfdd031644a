//! A run as a workbook: a cover, the figures by standard and by rule, every finding, a sheet for each rule and each team that has any, one row
//! for each child, and what the figures rest on. Rows are written as they come, so that memory does not grow with them. Nothing from a
//! record becomes a formula: everything is written as text, a number or a date.

use std::collections::BTreeMap;
use std::io::Write;

use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;

use crate::model::Severity;
use crate::report::columns::COLUMNS;
use crate::report::columns::Cell;
use crate::report::columns::Told;
use crate::report::rows::RecordRow;
use crate::report::rows::ReportError;

/// The rows of a sheet, as the format limits them.
const MOST_ROWS: u32 = 1_048_576;

/// The longest text of a cell, in characters, as the format limits it.
const LONGEST: usize = 32_767;

impl From<XlsxError> for ReportError {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error.to_string())
    }
}

/// A sheet while it is written; it goes on in another when it is full.
#[derive(Debug)]
struct Sheet {
    name: String,
    columns: Vec<(&'static str, u16)>,
    index: usize,
    part: u32,
    row: u32,
}

/// Which sheet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Findings,
    Rule(String),
    Team(String),
    Children,
    Plain(&'static str),
}

/// Writes a workbook.
pub struct Book {
    workbook: Workbook,
    sheets: BTreeMap<Key, Sheet>,
    names: Vec<String>,
    head: Format,
    date: Format,
}

impl Book {
    /// Starts a workbook; its first sheets are the cover, the standards and the rules.
    pub fn start(plain: &[(&'static str, &[(&'static str, u16)])]) -> Result<Self, ReportError> {
        let mut book = Self {
            workbook: Workbook::new(),
            sheets: BTreeMap::new(),
            names: Vec::new(),
            head: Format::new().set_bold(),
            date: Format::new().set_num_format("dd mmm yyyy"),
        };
        for (name, columns) in plain {
            book.open(Key::Plain(name), name, columns.to_vec())?;
        }
        book.open(Key::Children, "By child", children_columns())?;
        book.open(Key::Findings, "Findings", finding_columns())?;
        Ok(book)
    }

    /// Writes a row into one of the sheets that the workbook was started with.
    pub fn plain(&mut self, sheet: &'static str, cells: &[Cell]) -> Result<(), ReportError> {
        self.write(&Key::Plain(sheet), cells)
    }

    /// Writes a finding into the sheets where it belongs.
    pub fn finding(&mut self, told: &Told<'_>) -> Result<(), ReportError> {
        let cells: Vec<Cell> = COLUMNS.iter().map(|column| (column.cell)(told)).collect();
        self.write(&Key::Findings, &cells)?;
        let rule = told.finding.rule.id.clone();
        let team = told.record.team.clone().unwrap_or_else(|| "No team".to_owned());
        for (key, name) in [(Key::Rule(rule.clone()), rule), (Key::Team(team.clone()), team)] {
            if !self.sheets.contains_key(&key) {
                self.open(key.clone(), &name, finding_columns())?;
            }
            self.write(&key, &cells)?;
        }
        Ok(())
    }

    /// Writes the row of a child: how many findings of each severity.
    pub fn child(&mut self, record: &RecordRow, verdict: &str, counts: [u64; 4]) -> Result<(), ReportError> {
        let mut cells = vec![
            Cell::from(&record.id),
            Cell::from(&record.locality),
            Cell::from(&record.team),
            Cell::from(&record.worker_id),
            Cell::from(verdict),
        ];
        cells
            .extend(counts.iter().rev().map(|count| Cell::Number(i64::try_from(*count).unwrap_or(i64::MAX))));
        self.write(&Key::Children, &cells)
    }

    /// Ends it.
    pub fn finish(mut self, to: impl Write + Send) -> Result<(), ReportError> {
        for sheet in self.sheets.values().filter(|sheet| sheet.row > 1) {
            let last = u16::try_from(sheet.columns.len()).unwrap_or(1).saturating_sub(1);
            self.workbook.worksheet_from_index(sheet.index)?.autofilter(0, 0, sheet.row - 1, last)?;
        }
        Ok(self.workbook.save_to_writer(to)?)
    }

    fn open(&mut self, key: Key, name: &str, columns: Vec<(&'static str, u16)>) -> Result<(), ReportError> {
        let name = self.free_name(name);
        let index = start_sheet(&mut self.workbook, &name, &columns, &self.head)?;
        self.sheets.insert(key, Sheet { name, columns, index, part: 1, row: 1 });
        Ok(())
    }

    /// A name that a sheet may have and that none has yet: at most 31 characters, some of which are not allowed.
    fn free_name(&mut self, wanted: &str) -> String {
        let plain: String =
            wanted
                .chars()
                .map(|letter| {
                    if matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') {
                        '-'
                    } else {
                        letter
                    }
                })
                .collect();
        let named = |number: usize| {
            let end = if number == 1 { String::new() } else { format!(" ({number})") };
            plain.chars().take(31 - end.len()).chain(end.chars()).collect::<String>()
        };
        let taken = |name: &String| self.names.iter().any(|own| own.eq_ignore_ascii_case(name));
        let name = (1..=usize::from(u16::MAX)).map(named).find(|name| !taken(name)).unwrap_or_default();
        self.names.push(name.clone());
        name
    }

    fn write(&mut self, key: &Key, cells: &[Cell]) -> Result<(), ReportError> {
        if self.sheets.get(key).is_some_and(|sheet| sheet.row == MOST_ROWS) {
            self.go_on(key)?;
        }
        let Some(sheet) = self.sheets.get_mut(key) else { return Ok(()) };
        let worksheet = self.workbook.worksheet_from_index(sheet.index)?;
        for (column, cell) in (0_u16..).zip(cells) {
            put(worksheet, sheet.row, column, cell, &self.date)?;
        }
        sheet.row += 1;
        Ok(())
    }

    /// Goes on with a full sheet in a new one.
    fn go_on(&mut self, key: &Key) -> Result<(), ReportError> {
        let Some(full) = self.sheets.get(key) else { return Ok(()) };
        let (name, columns, part) = (full.name.clone(), full.columns.clone(), full.part + 1);
        let name = self.free_name(&format!("{name} {part}"));
        let index = start_sheet(&mut self.workbook, &name, &columns, &self.head)?;
        if let Some(sheet) = self.sheets.get_mut(key) {
            (sheet.index, sheet.part, sheet.row) = (index, part, 1);
        }
        Ok(())
    }
}

fn start_sheet(
    workbook: &mut Workbook,
    name: &str,
    columns: &[(&'static str, u16)],
    head: &Format,
) -> Result<usize, ReportError> {
    let index = workbook.worksheets().len();
    let worksheet = workbook.add_worksheet_with_constant_memory()?;
    worksheet.set_name(name)?.set_freeze_panes(1, 0)?;
    // On paper: sideways, as wide as the page, the names of the columns on each.
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    for (column, (title, width)) in (0_u16..).zip(columns) {
        worksheet.set_column_width(column, f64::from(*width))?;
        worksheet.write_string_with_format(0, column, *title, head)?;
    }
    Ok(index)
}

fn put(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    date: &Format,
) -> Result<(), ReportError> {
    match cell {
        Cell::Text(text) => {
            let text: String = text.chars().take(LONGEST).collect();
            worksheet.write_string(row, column, text)?;
        }
        Cell::Date(day) => {
            let (year, month, of_month) = day.ymd();
            let parts = (u16::try_from(year), u8::try_from(month), u8::try_from(of_month));
            let known = match parts {
                (Ok(year), Ok(month), Ok(of_month)) => ExcelDateTime::from_ymd(year, month, of_month).ok(),
                _ => None,
            };
            // The format knows no day before 1900.
            match known {
                Some(known) => worksheet.write_datetime_with_format(row, column, &known, date)?,
                None => worksheet.write_string(row, column, day.to_string())?,
            };
        }
        Cell::Number(number) => {
            #[expect(clippy::cast_precision_loss, reason = "counts and lines are far below 2^52")]
            worksheet.write_number(row, column, *number as f64)?;
        }
        Cell::Empty => {}
    }
    Ok(())
}

fn finding_columns() -> Vec<(&'static str, u16)> {
    COLUMNS.iter().map(|column| (column.title, column.width)).collect()
}

fn children_columns() -> Vec<(&'static str, u16)> {
    let mut columns = vec![("Child", 14), ("Locality", 14), ("Team", 22), ("Worker", 10), ("Verdict", 12)];
    columns.extend(Severity::ALL.iter().rev().map(|severity| (severity.word(), 9)));
    columns
}
