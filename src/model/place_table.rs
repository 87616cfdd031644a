//! Where the values of one record came from: a table beside the record, from pointers to places. The record itself says nothing of it.

use std::sync::Arc;

use crate::model::Place;
use crate::model::Pointer;

/// The sheet in which a table stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PlacedSheet {
    /// Its name.
    pub name: String,
    /// The letters of the columns of the table, each by the column's name.
    pub letters: Vec<(String, String)>,
}

impl PlacedSheet {
    /// The letters of the column of this name.
    pub fn letters_of(&self, column: &str) -> Option<&str> {
        self.letters.iter().find(|(name, _)| name == column).map(|(_, letters)| letters.as_str())
    }
}

/// What one row of a table filled.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PlacedRow {
    /// The item or object that it filled.
    pub pointer: Pointer,
    /// The file.
    pub file: Arc<str>,
    /// The sheet of the file, where the table stands in one.
    pub sheet: Option<Arc<PlacedSheet>>,
    /// The line on which the row begins, from 1; nothing where a whole file is meant.
    pub line: Option<u64>,
    /// The fields that it filled or left empty, beneath the pointer (`/start_date`), each with the column of the file.
    pub fields: Vec<(Arc<str>, Arc<str>)>,
}

/// The places of the values of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PlaceTable {
    /// Its rows.
    pub rows: Vec<PlacedRow>,
}

impl PlaceTable {
    /// Where a pointer's value came from: the row that filled the nearest thing around it, with the column if the row has one for it.
    pub fn find(&self, pointer: &Pointer) -> Option<Place> {
        let mut best: Option<(usize, &PlacedRow, Option<&Arc<str>>)> = None;
        for row in self.rows.iter().filter(|row| pointer.is_within(&row.pointer)) {
            let length = row.pointer.as_str().len();
            let rest = pointer.as_str().get(length..).unwrap_or_default();
            let column = row
                .fields
                .iter()
                .find(|(field, _)| {
                    rest.strip_prefix(&**field).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
                .map(|(_, column)| column);
            let weight = (length, column.is_some());
            // Of two rows that fill one object, the one that gave the field its value comes after the one that left it empty.
            let better = |(length, _, known): (usize, &PlacedRow, Option<&Arc<str>>)| {
                let other = (length, known.is_some());
                weight > other || (weight == other && column.is_some())
            };
            if best.is_none_or(better) {
                best = Some((length, row, column));
            }
        }
        best.map(|(_, row, column)| {
            let letters = row.sheet.as_ref().zip(column).and_then(|(sheet, column)| sheet.letters_of(column));
            let cell = letters.zip(row.line).map(|(letters, line)| format!("{letters}{line}"));
            Place {
                file: Some(row.file.to_string()),
                sheet: row.sheet.as_ref().map(|sheet| sheet.name.clone()),
                line: row.line,
                column: column.map(ToString::to_string),
                cell,
            }
        })
    }
}
