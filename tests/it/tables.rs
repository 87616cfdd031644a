//! Files of tables into rows: how they are written, where their rows stand, what is refused.

use std::io::Cursor;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;

use casecheck::tables::Encoding;
use casecheck::tables::How;
use casecheck::tables::Limits;
use casecheck::tables::Mess;
use casecheck::tables::Row;
use casecheck::tables::RowSource;
use casecheck::tables::Skip;
use casecheck::tables::Table;
use casecheck::tables::TableForm;
use casecheck::tables::TableLine;
use casecheck::tables::TableTrouble;
use casecheck::tables::Wanted;
use casecheck::tables::clean;
use casecheck::tables::match_columns;
use serde_json::Value;

use crate::shared;

const SMALL: Limits = Limits { line_bytes: 64, columns: 4, cells: 20, total_bytes: 4096 };

fn open(bytes: &[u8]) -> Result<Table, String> {
    Table::read("t.csv", Cursor::new(bytes.to_vec()), &Limits::default()).map_err(|error| error.to_string())
}

fn form_of(table: &Table) -> (Encoding, char) {
    match table.form() {
        TableForm::Text { encoding, delimiter } => (encoding, delimiter),
        other => panic!("{} is no text", other.words()),
    }
}

fn known(name: &str) -> bool {
    ["CHILD", "DECOM", "NOTE"].contains(&name)
}

/// Every line of a table beneath its header: the line and its cells, or why it was skipped.
fn lines(table: Table) -> Vec<String> {
    let header = table.header(&known);
    let shown = |line: Result<TableLine, _>| match line {
        Ok(TableLine::Row(row)) => format!("{}: {}", row.line, row.cells().collect::<Vec<_>>().join("|")),
        Ok(TableLine::Skipped(line, why)) => format!("{line}: {why:?}"),
        Err(error) => format!("{error}"),
    };
    table.rows(header).map(shown).collect()
}

fn utf16(text: &str, little: bool, marked: bool) -> Vec<u8> {
    let mark = if marked { "\u{feff}" } else { "" };
    let pair = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    mark.encode_utf16().chain(text.encode_utf16()).flat_map(pair).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            '–' => 0x96,
            '’' => 0x92,
            other => u8::try_from(u32::from(other)).unwrap(),
        })
        .collect()
}

#[test]
fn one_table_in_six_encodings_is_one_table() {
    let text = "CHILD,DECOM,NOTE\r\nC1,01/02/2026,Zoë – at home\r\nC2,02/02/2026,père’s\r\n";
    let marked: Vec<u8> = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let all = [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (marked, Encoding::Utf8Marked),
        (utf16(text, true, true), Encoding::Utf16Le),
        (utf16(text, false, true), Encoding::Utf16Be),
        (utf16(text, true, false), Encoding::Utf16Le),
        (windows_1252(text), Encoding::Windows1252),
    ];
    for (bytes, encoding) in all {
        let table = open(&bytes).unwrap();
        assert_eq!(form_of(&table).0, encoding);
        assert_eq!(
            lines(table),
            ["2: C1|01/02/2026|Zoë – at home", "3: C2|02/02/2026|père’s"],
            "{encoding:?}"
        );
    }
}

#[test]
fn the_last_byte_of_a_long_file_decides_between_utf_8_and_windows_1252() {
    let mut text = "CHILD,NOTE\n".to_owned();
    for number in 0..20_000 {
        text.push_str(&format!("C{number},plain\n"));
    }
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(b"C9,Zo\xeb\n");
    let table = open(&bytes).unwrap();
    assert_eq!(form_of(&table).0, Encoding::Windows1252);
    assert_eq!(lines(table).last().unwrap(), "20002: C9|Zoë");
}

#[test]
fn four_delimiters_are_told_apart_though_cells_hold_the_others() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = ["CHILD,DECOM,NOTE", "C1,01/02/2026,\"a, b; c\td|e\"", "C2,,\"x; y\""]
            .map(|line| {
                let (start, end) = line.split_once('"').unwrap_or((line, ""));
                let end = if end.is_empty() { String::new() } else { format!("\"{end}") };
                format!("{}{end}\n", start.replace(',', delimiter))
            })
            .concat();
        let table = open(text.as_bytes()).unwrap();
        assert_eq!(form_of(&table).1.to_string(), delimiter);
        assert_eq!(lines(table), ["2: C1|01/02/2026|a, b; c\td|e", "3: C2||x; y"]);
    }
    let table = open(b"sep=;\nCHILD;NOTE\nC1;a,b,c,d\n").unwrap();
    assert_eq!((form_of(&table).1, table.header(&known)), (';', 1));
}

#[test]
fn a_row_has_the_line_on_which_an_editor_shows_its_start() {
    let expected = ["4: C1|one\ntwo|x", "7: C2|b|y", "8: C3||z"];
    let text = "\n\nCHILD,NOTE,DECOM\nC1,\"one\ntwo\",x\n\nC2,b,y\nC3,,z";
    for ends in ["\n", "\r\n", "\r"] {
        let written = text.replace('\n', ends);
        let found: Vec<String> =
            lines(open(written.as_bytes()).unwrap()).iter().map(|line| line.replace(ends, "\n")).collect();
        assert_eq!(found, expected, "{ends:?}");
    }
}

#[test]
fn title_rows_blank_rows_totals_and_a_header_twice_are_no_data() {
    let text = "Children looked after,,\nrun on 1 May,,\nCHILD,DECOM,NOTE\nC1,a,b\n,,\n \u{a0},,\nCHILD,DECOM,NOTE\nC2,,\nTotal:,2,\n";
    let table = open(text.as_bytes()).unwrap();
    assert_eq!(table.header(&known), 2);
    let skipped = |line: u32, why: Skip| format!("{line}: {why:?}");
    assert_eq!(
        lines(table),
        [
            "4: C1|a|b".to_owned(),
            skipped(5, Skip::Blank),
            skipped(6, Skip::Blank),
            skipped(7, Skip::Header),
            "8: C2||".to_owned(),
            skipped(9, Skip::Total)
        ]
    );
}

#[test]
fn a_cell_is_cleaned_of_what_is_no_value() {
    assert_eq!(clean("WBRI"), ("WBRI", None));
    assert_eq!(clean("\u{a0} WBRI\u{a0}"), ("WBRI", Some(Mess::Spaces)));
    assert_eq!(clean("NULL"), ("", Some(Mess::EmptyMarker)));
    assert_eq!(clean(" #N/A "), ("", Some(Mess::EmptyMarker)));
    assert_eq!(clean("  "), ("", None));
    assert_eq!(clean("NULLA"), ("NULLA", None));
}

#[test]
fn columns_are_found_exactly_normalised_by_another_name_or_only_suggested() {
    let aliases = ["date of birth".to_owned()];
    let wanted = [
        Wanted { name: "CHILD", aliases: &[] },
        Wanted { name: "PL_POST", aliases: &[] },
        Wanted { name: "DOB", aliases: &aliases },
        Wanted { name: "REASON_PLACE_CHANGE", aliases: &[] },
    ];
    let header = ["CHILD", "pl post ", "Date of Birth", "REASON_PLACE_CHANG", "COLOUR", ""];
    let found = match_columns(header.into_iter(), &wanted);
    assert_eq!(
        found.columns,
        [Some((0, How::Exact)), Some((1, How::Normalised)), Some((2, How::Alias)), None]
    );
    assert_eq!((found.suggested, found.unknown), (vec![(3, 3)], vec![4]));
    assert!(found.twice.is_empty());
    let twice = match_columns(["CHILD", "DOB", "date_of_birth"].into_iter(), &wanted);
    assert_eq!(twice.twice, [(2, 1, 2)]);
}

#[test]
fn limits_are_errors_with_the_line_and_what_to_do() {
    let told = |bytes: &[u8]| match Table::read("t.csv", Cursor::new(bytes.to_vec()), &SMALL) {
        Err(error) => error.to_string(),
        Ok(table) => lines(table).pop().unwrap(),
    };
    let long = format!("CHILD,NOTE\nC1,{}\n", "x".repeat(80));
    assert!(told(long.as_bytes()).contains("t.csv, line 2: the row that begins here is longer than"));
    assert!(told(b"CHILD,NOTE\nC1,a,b,c,d\n").contains("line 2: this row has more than 4 columns"));
    let many = format!("CHILD,NOTE\n{}", "C1,a\n".repeat(12));
    assert!(told(many.as_bytes()).contains("line 11: the table has more than 20 cells"));
    assert!(told(&[b'x'; 5000]).contains("the file is longer than"));
}

#[test]
fn a_missing_quote_swallows_no_more_than_the_limit() {
    let text = format!("CHILD,NOTE\nC1,\"never closed\n{}", "C2,b\n".repeat(1_000_000));
    let told = |text: &str| open(text.as_bytes()).err().unwrap_or_default();
    assert!(
        told(&text).starts_with("t.csv, line 2: the row that begins here is longer than 1024 KiB"),
        "{}",
        told(&text)
    );
    let short = "CHILD,NOTE\nC1,\"never closed\nC2,b\n";
    assert!(
        told(short).starts_with("t.csv, line 2: the quote that opens in this row is never closed"),
        "{}",
        told(short)
    );
}

/// A file of one letter, as long as one likes, that takes no memory.
struct OneLine {
    at: u64,
    length: u64,
}

impl Read for OneLine {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.length - self.at).unwrap().min(buffer.len());
        buffer[..left].fill(b'x');
        self.at += left as u64;
        Ok(left)
    }
}

impl Seek for OneLine {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => self.length.saturating_add_signed(back),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn a_line_of_a_gibibyte_is_refused_and_so_is_a_file_beyond_the_limit() {
    let told = |length| {
        Table::read("t.csv", OneLine { at: 0, length }, &Limits::default()).err().unwrap().to_string()
    };
    assert!(told(1 << 30).starts_with("t.csv, line 1: the row that begins here is longer than 1024 KiB"));
    assert_eq!(told((2 << 30) + 1), "t.csv: the file is longer than 2048 MiB; split it");
}

#[test]
fn what_is_no_table_is_refused_in_plain_words() {
    let told = |bytes: &[u8]| open(bytes).err().unwrap_or_default();
    for (bytes, words) in [
        (b"".as_slice(), "the file is empty"),
        (b" \r\n \n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b",,\n,,\n", "the file is empty"),
        (b"PK\x03\x04abc", "give it the ending .xlsx or .zip"),
        (b"\xd0\xcf\x11\xe0abc", "encrypted Office file"),
        (b"\x1f\x8b\x08", "unpack it first"),
        (b"\xff\xfeC\0H", "ends inside a letter"),
        (b"a\0b\x01\0\x02\x03\x04", "some other kind of file"),
        (b"\xef\xbb\xbfCHILD\nZo\xc3", "ends inside a letter"),
    ] {
        assert!(told(bytes).contains(words), "{bytes:?}: {}", told(bytes));
    }
    let gone = casecheck::tables::open("x.csv", std::path::Path::new("no/such/file.csv"), &Limits::default());
    let told: Vec<String> = gone.unreadable.iter().map(ToString::to_string).collect();
    assert!(matches!(told.as_slice(), [only] if only.contains("x.csv: there is no such file")), "{told:?}");
}

#[test]
fn the_public_spectrum_of_csv_is_read_as_its_authors_say() {
    let Some(folder) = shared::folder("corpora/csv-spectrum") else { return };
    let mut read = 0;
    for (name, bytes) in shared::files(&folder.join("csvs"), ".csv") {
        let json = folder.join("json").join(name.replace(".csv", ".json"));
        let expected: Vec<Value> = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
        // Version control may have taken the line ends that these files are about: they are put back.
        let bare = name.ends_with("_crlf.csv") && !bytes.contains(&b'\r');
        let bytes =
            if bare { String::from_utf8(bytes).unwrap().replace('\n', "\r\n").into_bytes() } else { bytes };
        let table = open(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let header: Vec<String> = table.head_row(0).unwrap().cells().map(str::to_owned).collect();
        let rows: Vec<Value> = table
            .rows(0)
            .map(|line| match line.unwrap() {
                TableLine::Row(row) => header
                    .iter()
                    .cloned()
                    .zip(row.cells().map(Value::from))
                    .collect::<serde_json::Map<_, _>>()
                    .into(),
                TableLine::Skipped(line, why) => panic!("{name}: line {line} was skipped: {why:?}"),
            })
            .collect();
        assert_eq!(rows, expected, "{name}");
        read += 1;
    }
    assert_eq!(read, 11);
}

/// Rows that come from no file.
struct Told(std::vec::IntoIter<Result<Row, (TableTrouble, u64)>>);

impl RowSource for Told {
    fn next_row(&mut self) -> Option<Result<Row, (TableTrouble, u64)>> {
        self.0.next()
    }
}

#[test]
fn rows_of_any_source_are_a_table_with_the_same_limits() {
    let told = |rows: Vec<Result<Row, (TableTrouble, u64)>>| {
        let form = TableForm::Named("worksheet");
        Table::of_rows("b.xlsx", Some("List 1"), form, Told(rows.into_iter()), &SMALL)
    };
    let header = || Ok(Row::new(1, ["CHILD", "NOTE"]));
    let table =
        told(vec![header(), Ok(Row::new(3, ["C1", "x"])), Ok(Row::new(4, ["CHILD", "NOTE"]))]).unwrap();
    assert_eq!((table.name().as_str(), table.form().words()), ("b.xlsx, List 1", "worksheet"));
    assert_eq!(lines(table), ["3: C1|x", "4: Header"]);
    let error = |rows| told(rows).err().unwrap().to_string();
    assert!(
        error(vec![header(), Ok(Row::new(2, ["a", "b", "c", "d", "e"]))])
            .contains("something stands beyond column 4, D")
    );
    assert!(
        error(vec![header(), Err((TableTrouble::CutShort, 7))])
            .starts_with("b.xlsx, List 1, row 7: the file")
    );
    assert_eq!(error(vec![]), "b.xlsx, List 1: the file is empty; export it again");
}
