//! The tables of the star as Parquet, for programs that read that faster than CSV: behind the feature `parquet`.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::basic::LogicalType;
use parquet::basic::Repetition;
use parquet::basic::Type as Physical;
use parquet::data_type::ByteArray;
use parquet::data_type::ByteArrayType;
use parquet::data_type::Int64Type;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::report::rows::ReportError;

/// Rows that are held before they are written.
const ROWS: usize = 20_000;

/// Columns that hold whole numbers; every other one holds text.
const NUMBERS: [&str; 18] = [
    "team_key",
    "waived",
    "started_on_key",
    "due_on_key",
    "done_on_key",
    "days_over",
    "line",
    "findings",
    "results",
    "revision",
    "date_key",
    "year",
    "month",
    "day",
    "working_day",
    "as_at_key",
    "records",
    "unreadable",
];

/// What is held of a column. Nothing recorded is a level of 0, as Parquet has it.
enum Held {
    Numbers(Vec<i64>),
    Texts(Vec<ByteArray>),
}

/// A table being written.
pub struct ParquetTable {
    writer: SerializedFileWriter<File>,
    columns: Vec<(Held, Vec<i16>)>,
    rows: usize,
}

impl From<ParquetError> for ReportError {
    fn from(error: ParquetError) -> Self {
        Self::Workbook(format!("Parquet: {error}"))
    }
}

impl ParquetTable {
    /// Starts a table with these columns.
    pub fn start(path: &Path, columns: &[&str]) -> Result<Self, ReportError> {
        let number = |name: &&str| NUMBERS.contains(name);
        let field = |name: &&str| {
            let built = if number(name) {
                Type::primitive_type_builder(name, Physical::INT64)
            } else {
                Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_logical_type(Some(LogicalType::String))
            };
            built.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
        };
        let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("table").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(File::create(path)?, Arc::new(schema), Arc::new(properties))?;
        let held = |name: &&str| {
            let values = if number(name) { Held::Numbers(Vec::new()) } else { Held::Texts(Vec::new()) };
            (values, Vec::new())
        };
        Ok(Self { writer, columns: columns.iter().map(held).collect(), rows: 0 })
    }

    /// Writes a row; an empty cell is nothing recorded.
    pub fn write(&mut self, cells: &[String]) -> Result<(), ReportError> {
        for ((held, levels), cell) in self.columns.iter_mut().zip(cells) {
            match held {
                Held::Numbers(values) => match cell.parse() {
                    Ok(number) => {
                        values.push(number);
                        levels.push(1);
                    }
                    Err(_) => levels.push(0),
                },
                Held::Texts(_) if cell.is_empty() => levels.push(0),
                Held::Texts(values) => {
                    values.push(ByteArray::from(cell.as_str()));
                    levels.push(1);
                }
            }
        }
        self.rows += 1;
        if self.rows == ROWS { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> Result<(), ReportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (held, levels) in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            match held {
                Held::Numbers(values) => {
                    column.typed::<Int64Type>().write_batch(values, Some(levels), None)?;
                    values.clear();
                }
                Held::Texts(values) => {
                    column.typed::<ByteArrayType>().write_batch(values, Some(levels), None)?;
                    values.clear();
                }
            }
            levels.clear();
            column.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// Ends the table.
    pub fn finish(mut self) -> Result<(), ReportError> {
        self.write_out()?;
        self.writer.close()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::FileReader as _;
    use parquet::file::reader::SerializedFileReader;
    use parquet::record::Field;

    use super::ParquetTable;

    #[test]
    fn what_was_written_is_read_again_and_nothing_recorded_is_nothing() {
        let path = std::env::temp_dir().join(format!("casecheck-{}.parquet", std::process::id()));
        let mut table = ParquetTable::start(&path, &["rule_key", "days_over"]).unwrap();
        table.write(&["PEP-001".to_owned(), "12".to_owned()]).unwrap();
        table.write(&[String::new(), String::new()]).unwrap();
        table.finish().unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let rows: Vec<Vec<Field>> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().into_columns().into_iter().map(|(_, field)| field).collect())
            .collect();
        assert_eq!(rows[0], [Field::Str("PEP-001".to_owned()), Field::Long(12)]);
        assert_eq!(rows[1], [Field::Null, Field::Null]);
        std::fs::remove_file(path).unwrap();
    }
}
