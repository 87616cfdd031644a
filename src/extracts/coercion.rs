//! What had to be done to read an extract, and what could not be: counted, listed and located; never what stands in a cell.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::PlacedSheet;

/// Places kept of each kind, table and column.
pub(super) const SHOWN: usize = 10;

/// A thing that was done to a value or to a row, or that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coercion {
    /// A spreadsheet has made a number of an id; the id is not what it was, and was not changed here.
    AlteredByExcel,
    /// A formula of a workbook that was never calculated: it has no value, and none was worked out here.
    NotCalculated,
    /// A row without the child's id; it is in no record.
    RowWithoutChild,
    /// A row that belongs to no row of its parent's table, or to one of another child; it is in no record.
    RowWithoutParent,
    /// A day by which rows are brought together, and which cannot be read: what belongs together by it is in no record.
    UnreadableDay,
    /// A row that could belong to several rows of its parent's table; it was put beneath the first.
    ParentTwice,
    /// Text beside elements, where XML has none; it is in no record.
    StrayText,
    /// An element that the layout does not know; it is in no record.
    UnknownElement,
    /// A word by which a row fills a place or not, and which the layout does not know; the place is not filled.
    UnknownWord,
    /// A part of a cell that lists several, of which it cannot be said whether it holds; it is in no record.
    ValueDropped,
    /// A file that says that it is written in another encoding than it is.
    OtherEncoding,
    /// A row with more cells than the header; what is beyond is in no record.
    RowTooLong,
    /// A row with fewer cells than the header; the others are taken as empty.
    RowTooShort,
    /// Another row of the child says something else of a fact that there is once; the first one stands.
    Differs,
    /// A code of an earlier year was replaced by the one that replaced it.
    EarlierCode,
    /// A code was taken out of the label beside it.
    CodeWithLabel,
    /// A word that the layout translates, in other capitals, spaces or punctuation than the layout has it.
    OtherSpelling,
    /// A date in another form than the extract's own.
    DateInOtherForm,
    /// A date with a time of day, which a field for a date cannot hold.
    TimeLeftOut,
    /// A date with a time of midnight.
    DateWithTime,
    /// A date as Excel shows it, `2-Mar-26`.
    DateAsExcelShowsIt,
    /// A date as the number that Excel keeps.
    DateAsSerialNumber,
    /// `NULL` or `#N/A`, taken as not recorded.
    EmptyMarker,
    /// Spaces taken off a value.
    Spaces,
    /// A row in which every cell is empty.
    BlankRow,
    /// A row of sums.
    TotalRow,
    /// The header once more.
    HeaderAgain,
    /// Rows above the header.
    TitleRow,
    /// A column found by a name that differs in capitals, spaces or punctuation.
    HeaderNormalised,
    /// A column found by a declared other name.
    HeaderAlias,
}

impl Coercion {
    /// What it is called for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AlteredByExcel => "ids that Excel has altered (not repaired)",
            Self::NotCalculated => {
                "formulas without a value: open the workbook in Excel, save it and check it again"
            }
            Self::RowWithoutChild => "rows without a child's id (in no record)",
            Self::RowWithoutParent => "rows whose parent is missing or another child's (in no record)",
            Self::UnreadableDay => "days that cannot be read, so that what belongs by them is in no record",
            Self::ParentTwice => "rows that could belong to several rows (put beneath the first)",
            Self::StrayText => "texts between elements (in no record)",
            Self::UnknownElement => "elements that the layout does not know (in no record)",
            Self::UnknownWord => {
                "words that the layout does not know and that say what a row means (not used)"
            }
            Self::ValueDropped => "parts of a list that say neither yes nor no (in no record)",
            Self::OtherEncoding => "files written in another encoding than they say",
            Self::RowTooLong => "rows with more cells than the header",
            Self::RowTooShort => "rows with fewer cells than the header",
            Self::Differs => "values that differ from the first for the child (the first stands)",
            Self::EarlierCode => "codes of earlier years, replaced by today's",
            Self::CodeWithLabel => "codes taken out of their labels",
            Self::OtherSpelling => "words known but for capitals, spaces or punctuation",
            Self::DateInOtherForm => "dates in another form",
            Self::TimeLeftOut => "dates with a time of day (the day is read, the time left out)",
            Self::DateWithTime => "dates with a time of midnight",
            Self::DateAsExcelShowsIt => "dates as Excel shows them",
            Self::DateAsSerialNumber => "dates as Excel serial numbers",
            Self::EmptyMarker => "NULL or #N/A taken as not recorded",
            Self::Spaces => "values with spaces around them",
            Self::BlankRow => "blank rows passed over",
            Self::TotalRow => "total rows passed over",
            Self::HeaderAgain => "headers repeated among the rows",
            Self::TitleRow => "title rows above the header",
            Self::HeaderNormalised => "columns whose names differ in capitals, spaces or punctuation",
            Self::HeaderAlias => "columns found by another name",
        }
    }
}

/// One kind of coercion in one column of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// How often.
    pub count: u64,
    /// The first ten lines on which it happened.
    pub lines: Vec<u64>,
}

/// Kind, file (and sheet), column: what is counted apart. The column is empty where it is about whole rows.
pub type Key = (Coercion, String, String);

/// Every coercion of an extract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coercions {
    counted: BTreeMap<Key, Counted>,
    /// The tables that stand in sheets, by the name under which they are counted: their file and their sheet.
    sheets: BTreeMap<String, (String, Arc<PlacedSheet>)>,
}

impl Coercions {
    /// Notes one.
    pub(super) fn note(&mut self, what: Coercion, file: &str, column: &str, line: u64) {
        let counted = self.counted.entry((what, file.to_owned(), column.to_owned())).or_default();
        counted.count += 1;
        let place = counted.lines.partition_point(|known| *known <= line);
        let known = counted.lines.get(place.saturating_sub(1)) == Some(&line);
        if place < SHOWN && !known {
            counted.lines.insert(place, line);
            counted.lines.truncate(SHOWN);
        }
    }

    /// Takes down that the table of this name stands in a sheet.
    pub(super) fn stands_in(&mut self, name: &str, file: &str, sheet: &Arc<PlacedSheet>) {
        self.sheets.insert(name.to_owned(), (file.to_owned(), Arc::clone(sheet)));
    }

    /// The file and the sheet of the table of this name, if it stands in one.
    pub fn sheet(&self, name: &str) -> Option<(&str, &PlacedSheet)> {
        self.sheets.get(name).map(|(file, sheet)| (file.as_str(), &**sheet))
    }

    /// All of them: the gravest kinds first, then by file and column.
    pub fn all(&self) -> impl Iterator<Item = (&Key, &Counted)> {
        self.counted.iter()
    }

    /// How often each kind, the gravest first.
    pub fn by_kind(&self) -> BTreeMap<Coercion, u64> {
        let mut sums = BTreeMap::new();
        for ((what, ..), counted) in &self.counted {
            *sums.entry(*what).or_default() += counted.count;
        }
        sums
    }
}
