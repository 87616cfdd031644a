//! Workbooks into rows: each sheet a table, dates in both systems, what is refused and what to do.

use std::io::Cursor;
use std::io::Write as _;

use casecheck::tables::Limits;
use casecheck::tables::Sheets;
use casecheck::tables::Table;
use casecheck::tables::TableForm;
use casecheck::tables::TableLine;
use casecheck::tables::column_letters;
use casecheck::tables::open;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use tempfile::TempDir;
use zip::ZipArchive;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What fills a sheet.
pub(crate) type Fill<'f> = &'f dyn Fn(&mut Worksheet);

/// The bytes of a workbook with these sheets.
pub(crate) fn workbook(sheets: &[(&str, Fill<'_>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, fill) in sheets {
        fill(book.add_worksheet().set_name(*name).unwrap());
    }
    book.save_to_buffer().unwrap()
}

/// Writes rows of text.
pub(crate) fn rows(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

/// The bytes of a workbook with this text changed in one of its parts.
pub(crate) fn changed(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = Vec::new();
        std::io::copy(&mut entry, &mut text).unwrap();
        if name == part {
            let before = String::from_utf8(text).unwrap();
            assert!(before.contains(from), "{before}");
            text = before.replace(from, to).into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&text).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn opened(name: &str, bytes: &[u8]) -> (TempDir, Sheets) {
    opened_with(name, bytes, &Limits::default())
}

fn opened_with(name: &str, bytes: &[u8], limits: &Limits) -> (TempDir, Sheets) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let sheets = open(&path.display().to_string(), &path, limits);
    (folder, sheets)
}

/// What is told of a file that is refused, without its folder.
fn told(name: &str, bytes: &[u8]) -> String {
    let (folder, sheets) = opened(name, bytes);
    assert!(sheets.tables.is_empty());
    let told: Vec<String> = sheets.unreadable.iter().map(ToString::to_string).collect();
    told.join("\n").replace(&format!("{}/", folder.path().display()), "")
}

/// Every line beneath the first row.
fn lines(table: Table) -> Vec<String> {
    let shown = |line: Result<TableLine, _>| match line {
        Ok(TableLine::Row(row)) => format!("{}: {}", row.line, row.cells().collect::<Vec<_>>().join("|")),
        Ok(TableLine::Skipped(line, why)) => format!("{line}: {why:?}"),
        Err(error) => format!("{error}"),
    };
    table.rows(0).map(shown).collect()
}

#[test]
fn a_cell_is_the_text_that_its_reader_sees() {
    let book = workbook(&[("List 8", &|sheet| {
        let date = Format::new().set_num_format("dd/mm/yyyy");
        rows(sheet, &[&["A", "B"]]);
        sheet.write_number(1, 0, 1_761_444).unwrap();
        sheet.write_number(1, 1, 6.5).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 3, 2).unwrap();
        sheet.write_datetime_with_format(2, 0, &day, &date).unwrap();
        let moment = day.and_hms(10, 30, 0).unwrap();
        sheet.write_datetime_with_format(2, 1, &moment, &date).unwrap();
        sheet.write_boolean(3, 0, true).unwrap();
        sheet.write_formula(3, 1, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
        sheet.write_number(4, 0, 1.234_567_890_123_456e17).unwrap();
        sheet.write_number(4, 1, -12).unwrap();
        sheet.write_string(8, 1, "beneath a gap").unwrap();
    })]);
    let (_folder, sheets) = opened("annex.xlsx", &book);
    let table = sheets.tables.into_iter().next().unwrap();
    assert_eq!((table.sheet(), table.form().words()), (Some("List 8"), "worksheet"));
    assert_eq!(
        lines(table),
        [
            "2: 1761444|6.5",
            "3: 2026-03-02|2026-03-02T10:30:00",
            "4: TRUE|#N/A",
            "5: 1.234567890123456E+17|-12",
            "9: |beneath a gap",
        ]
    );
}

#[test]
fn days_are_the_same_days_whether_counted_from_1900_or_1904() {
    let book = workbook(&[("S", &|sheet| {
        let date = Format::new().set_num_format("d mmm yyyy");
        rows(sheet, &[&["A", "B"]]);
        sheet.write_number_with_format(1, 0, 46_083, &date).unwrap();
        sheet.write_number(1, 1, 46_083).unwrap();
    })]);
    let from_1904 = changed(&book, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");
    let first = |bytes: &[u8]| {
        let (_folder, sheets) = opened("a.xlsx", bytes);
        let table = sheets.tables.into_iter().next().unwrap();
        (matches!(table.form(), TableForm::Sheet { since_1904: true, .. }), lines(table))
    };
    assert_eq!(first(&book), (false, vec!["2: 2026-03-02|46083".to_owned()]));
    assert_eq!(first(&from_1904), (true, vec!["2: 2030-03-03|46083".to_owned()]));
}

#[test]
fn every_sheet_is_a_table_and_hidden_and_empty_ones_are_said() {
    let book = workbook(&[
        ("List 1", &|sheet| rows(sheet, &[&["A", "B"], &["1", "2"]])),
        ("Kept aside", &|sheet| {
            rows(sheet, &[&["A", "B"], &["3", "4"]]);
            sheet.set_hidden(true);
        }),
        ("Sheet3", &|_| {}),
    ]);
    let (folder, sheets) = opened("annex.xlsx", &book);
    let names: Vec<String> = sheets
        .tables
        .iter()
        .map(|table| format!("{}: {}", table.name(), table.form().words()))
        .map(|name| name.replace(&format!("{}/", folder.path().display()), ""))
        .collect();
    assert_eq!(names, ["annex.xlsx, List 1: worksheet", "annex.xlsx, Kept aside: hidden worksheet"]);
    assert!(sheets.empty[0].ends_with("annex.xlsx, Sheet3") && sheets.unreadable.is_empty());
}

#[test]
fn a_long_sheet_comes_row_by_row_to_its_end() {
    let book = workbook(&[("Long", &|sheet| {
        rows(sheet, &[&["A", "B"]]);
        for row in 1..5_000_u32 {
            sheet.write_number(row, 0, row).unwrap();
            sheet.write_string(row, 1, format!("row {row}")).unwrap();
        }
    })]);
    let (_folder, sheets) = opened("long.xlsx", &book);
    let found = lines(sheets.tables.into_iter().next().unwrap());
    assert_eq!((found.len(), found[0].as_str()), (4_999, "2: 1|row 1"));
    assert_eq!(found[4_998], "5000: 4999|row 4999");
    // One that is not read to its end is let go.
    let (_folder, sheets) = opened("long.xlsx", &book);
    let mut some = sheets.tables.into_iter().next().unwrap().rows(0);
    assert_eq!(some.by_ref().take(100).count(), 100);
    drop(some);
    let few = Limits { cells: 1_000, ..Limits::default() };
    let (_folder, sheets) = opened_with("long.xlsx", &book, &few);
    let last = lines(sheets.tables.into_iter().next().unwrap()).pop().unwrap();
    assert!(last.contains("long.xlsx, Long, row 501: the table has more than 1000 cells"), "{last}");
}

#[test]
fn one_cell_in_the_last_corner_costs_no_memory_and_is_read_or_refused_by_name() {
    let far_down = workbook(&[("S", &|sheet| {
        rows(sheet, &[&["A", "B"], &["1", "2"]]);
        sheet.write_string(1_048_575, 1, "last").unwrap();
    })]);
    let (_folder, sheets) = opened("far.xlsx", &far_down);
    assert_eq!(lines(sheets.tables.into_iter().next().unwrap()), ["2: 1|2", "1048576: |last"]);
    let corner = workbook(&[("S", &|sheet| {
        rows(sheet, &[&["A", "B"], &["1", "2"]]);
        sheet.write_string(1_048_575, 16_383, "last").unwrap();
    })]);
    let (_folder, sheets) = opened("far.xlsx", &corner);
    let told = sheets
        .unreadable
        .first()
        .map_or_else(|| lines(sheets.tables.into_iter().next().unwrap()).pop().unwrap(), ToString::to_string);
    assert!(
        told.ends_with("far.xlsx, S, row 1048576: something stands beyond column 2000, BXX; clear the cells there and save"),
        "{told}"
    );
}

#[test]
fn what_only_has_the_name_of_a_workbook_is_refused_with_what_to_do() {
    let ole = |inside: &str| {
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.extend(vec![0; 70_000]);
        bytes.extend(inside.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let book = workbook(&[("S", &|sheet| rows(sheet, &[&["A", "B"], &["1", "2"]]))]);
    let zip_of = |name: &str| {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(b"x").unwrap();
        out.finish().unwrap().into_inner()
    };
    for (name, bytes, expected) in [
        ("a.xlsx", ole("EncryptedPackage"), "a.xlsx: the workbook is protected by a password; open it"),
        (
            "a.xls",
            ole("Workbook"),
            "a.xls: this is a workbook of Excel 97 to 2003 (.xls); open it and save it",
        ),
        (
            "a.xlsx",
            b"A,B\n1,2\n".to_vec(),
            "a.xlsx: this is text under a workbook's name; give it the ending .csv",
        ),
        ("a.xls", b"\n <HTML><table>".to_vec(), "a.xls: this is a web page under a workbook's name"),
        ("a.xlsx", b"%PDF-1.7".to_vec(), "a.xlsx: this is a PDF, not a workbook"),
        ("a.xlsx", Vec::new(), "a.xlsx: the file is empty"),
        ("a.xlsx", book[..book.len() / 2].to_vec(), "a.xlsx: it is damaged or was cut short"),
        ("a.xlsx", zip_of("word/document.xml"), "a.xlsx: this is a Word document"),
        (
            "a.xlsx",
            zip_of("episodes.csv"),
            "a.xlsx: this is a zip archive, not a workbook; give it the ending .zip",
        ),
        ("a.xlsb", zip_of("xl/workbook.bin"), "a.xlsb: this is a binary workbook"),
        ("a.xlsx", workbook(&[("S", &|_| {})]), "a.xlsx: the file is empty"),
        ("a.xlsx", changed(&book, "xl/worksheets/sheet1.xml", "</sheetData>", "<!--"), "a.xlsx, S"),
        ("a.csv", book.clone(), "a.csv: this is a workbook or a zip archive"),
    ] {
        let told = told(name, &bytes);
        assert!(told.starts_with(expected), "{told}");
    }
    // A workbook under an older ending is one all the same.
    assert_eq!(opened("a.xls", &book).1.tables.len(), 1);
}

#[test]
fn a_workbook_without_worksheets_is_said_to_have_none() {
    let book = workbook(&[("S", &|sheet| rows(sheet, &[&["A", "B"]]))]);
    let start = "<sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/>";
    let none = changed(&book, "xl/workbook.xml", start, "");
    assert_eq!(
        told("a.xlsx", &none),
        "a.xlsx: the workbook has no worksheet; export it again with its tables"
    );
}

#[test]
fn a_part_that_swells_is_refused_before_the_workbook_is_opened() {
    let book = workbook(&[("S", &|sheet| rows(sheet, &[&["A", "B"], &["1", "2"]]))]);
    let swollen =
        changed(&book, "xl/sharedStrings.xml", "</sst>", &format!("</sst>{}", " ".repeat(40 << 20)));
    assert!(told("a.xlsx", &swollen).contains("unpacks to more than 200 times its size"));
}

#[test]
fn columns_have_the_letters_that_a_spreadsheet_shows() {
    let letters: Vec<String> = [0, 25, 26, 51, 701, 702, 16_383].map(column_letters).into();
    assert_eq!(letters, ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]);
}
