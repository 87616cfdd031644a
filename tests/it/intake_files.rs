//! Files of records: formats, compression, chunks, limits, and reading on after a fault.

use std::io::Cursor;
use std::io::Write;

use casecheck::intake::Chunks;
use casecheck::intake::Fault;
use casecheck::intake::Format;
use casecheck::intake::Limits;
use casecheck::intake::Trouble;
use casecheck::intake::Unreadable;
use casecheck::intake::open;
use casecheck::intake::parse;
use casecheck::intake::read;
use proptest::prelude::*;

const SMALL: Limits = Limits { record_bytes: 64, chunk_bytes: 100, total_bytes: 1 << 20 };

fn start(name: &str, bytes: &[u8], limits: &Limits) -> Result<Chunks, Unreadable> {
    read(name, Cursor::new(bytes.to_vec()), None, limits)
}

/// Each document as `line:column text`, or `line:column !fault` once it is parsed.
fn documents(chunks: Chunks) -> Vec<String> {
    let mut told = Vec::new();
    for (number, chunk) in (0_u64..).zip(chunks) {
        let chunk = chunk.expect("the file can be read");
        assert_eq!(chunk.sequence, number);
        for document in chunk.documents() {
            let arena = bumpalo::Bump::new();
            let outcome = document.text.clone().and_then(|text| parse(text, &arena).map(|_| text));
            told.push(match outcome {
                Ok(text) => {
                    format!("{}:{} {}", document.line, document.column, String::from_utf8_lossy(text))
                }
                Err(malformed) => {
                    let place = document.in_file(malformed);
                    format!(
                        "{}:{} !{} {}:{}",
                        document.line,
                        document.column,
                        place.fault.code(),
                        place.line,
                        place.column
                    )
                }
            });
        }
    }
    told
}

fn trouble(name: &str, bytes: &[u8]) -> Trouble {
    start(name, bytes, &SMALL).err().expect("this file is refused").trouble
}

#[test]
fn the_content_decides_the_format_before_the_name_does() {
    let cases: [(&str, &str, Format); 10] = [
        ("a.txt", "{\"a\": 1}\n{\"a\": 2}\n", Format::Ndjson),
        ("a.json", "{\"a\": \"}{\\\"\"}\n{\"a\": 2}\n", Format::Ndjson),
        ("a", "{\n\"a\": 1}\n", Format::Json),
        ("a.json", "{\"a\": 1}", Format::Json),
        ("a.NDJSON", "{\"a\": 1}", Format::Ndjson),
        ("a.ndjson.gz", "{\"a\": \n{\"a\": 2}", Format::Ndjson),
        ("a.ndjson", " \n [{}]", Format::JsonArray),
        ("a", "[]", Format::JsonArray),
        ("a.jsonl", "oops\n{}", Format::Ndjson),
        ("a.json", "null", Format::Json),
    ];
    for (name, text, format) in cases {
        assert_eq!(start(name, text.as_bytes(), &SMALL).unwrap().format(), format, "{name} {text}");
    }
}

#[test]
fn a_file_that_holds_no_records_is_refused_with_what_to_do() {
    assert_eq!(trouble("a", b""), Trouble::Empty);
    assert_eq!(trouble("a", b"\xef\xbb\xbf \r\n\n"), Trouble::Empty);
    assert_eq!(trouble("a.csv", b"CHILD,SEX\n1,2\n"), Trouble::NotJson);
    assert_eq!(trouble("a.xlsx", b"PK\x03\x04\x14\0"), Trouble::Zip);
    assert_eq!(trouble("a.xml", b"\n<?xml version=\"1.0\"?><Message/>"), Trouble::Xml);
    assert_eq!(trouble("a", b"\xff\xfe{\0}\0"), Trouble::Utf16);
    assert_eq!(trouble("a", b"{\0}\0"), Trouble::Utf16);
    assert_eq!(trouble("a.gz", b"\x1f\x8bnot gzip at all"), Trouble::Damaged);
    assert_eq!(trouble("a.zst", b"\x28\xb5\x2f\xfdnot zstd at all"), Trouble::Damaged);
    let missing = open("records", std::path::Path::new("no such folder/records.json"), &SMALL).err().unwrap();
    insta::assert_snapshot!(missing, @"records: there is no such file; check its name");
    let folder = tempfile::tempdir().unwrap();
    let is_folder = open("records", folder.path(), &SMALL).err().unwrap();
    assert_eq!(is_folder.trouble, Trouble::Io(std::io::ErrorKind::IsADirectory));
}

#[test]
fn lines_keep_their_numbers_past_blank_broken_and_endless_ones() {
    let endless = format!("{{\"a\": \"{}\"}}", "x".repeat(1_000));
    let text =
        format!("\u{feff}{{\"a\":1}}\r\n\r\n  \n{{\"a\":\n{endless}\n{{\"a\":2}} x\n{{\"a\":3}}\n{endless}");
    let expected = [
        "1:1 {\"a\":1}",
        "4:1 !cut_short 4:5",
        "5:1 !too_large 5:1",
        "6:1 !trailing_content 6:9",
        "7:1 {\"a\":3}",
        "8:1 !too_large 8:1",
    ];
    for chunk_bytes in [1, 10, 64, 65, 66, 100, 5_000] {
        let limits = Limits { chunk_bytes, ..SMALL };
        let chunks = start("a.ndjson", text.as_bytes(), &limits).unwrap();
        assert!(chunks.had_byte_order_mark());
        assert_eq!(documents(chunks), expected, "chunks of {chunk_bytes}");
    }
}

#[test]
fn a_list_is_split_into_its_records_with_their_places() {
    let endless = format!("{{\"a\": \"{}\"}}", "[".repeat(1_000));
    let text = format!(
        "\n [ {{\"a\": [1, {{}}]}}, {{\"é\": \"]}},\\\"\"}}, 7\n,{endless},\n{{\"a\": \"x}},\n{{\"a\": 2}}, ]  \n"
    );
    let expected = [
        "2:4 {\"a\": [1, {}]}",
        "2:20 {\"é\": \"]},\\\"\"}",
        "2:36 7\n",
        "3:2 !too_large 3:2",
        // The quote that is missing spoils its own record, not the rest of the file.
        "4:1 !control_character 4:11",
        "5:1 {\"a\": 2}",
        "5:11 !empty 5:11",
    ];
    for chunk_bytes in [1, 10, 64, 5_000] {
        let limits = Limits { chunk_bytes, ..SMALL };
        let found = documents(start("a.json", text.as_bytes(), &limits).unwrap());
        assert_eq!(found, expected, "chunks of {chunk_bytes}");
    }
}

#[test]
fn a_list_that_does_not_end_well_is_told() {
    let told = |text: &str| documents(start("a.json", text.as_bytes(), &SMALL).unwrap());
    assert_eq!(told("[]"), Vec::<String>::new());
    assert_eq!(told("[{}"), ["1:2 {}", "1:4 !cut_short 1:4"]);
    assert_eq!(told("["), ["1:2 !cut_short 1:2"]);
    assert_eq!(told("[{},"), ["1:2 {}", "1:5 !cut_short 1:5"]);
    assert_eq!(told("[{\"a\": 1"), ["1:2 !cut_short 1:8"]);
    assert_eq!(told("[{}]\n {}"), ["1:2 {}", "2:2 !trailing_content 2:2"]);
    assert_eq!(told("[{} {}]"), ["1:2 !trailing_content 1:5"]);
}

#[test]
fn one_record_may_take_many_lines_and_no_more_than_the_limit() {
    assert_eq!(documents(start("a", b"\n{\n\"a\": 1}\n", &SMALL).unwrap()), ["1:1 \n{\n\"a\": 1}\n"]);
    assert_eq!(
        documents(start("a", b"{\n\"a\": 1,\n \"a\": 2}\n", &SMALL).unwrap()),
        ["1:1 !duplicate_key 3:4"]
    );
    let long = format!("{{\n\"a\": \"{}\"}}", "x".repeat(200_000));
    assert_eq!(documents(start("a", long.as_bytes(), &SMALL).unwrap()), ["1:1 !too_large 1:1"]);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn compressed_files_are_read_by_their_first_bytes() {
    let text = (0..20_000).map(|number| format!("{{\"number\": {number}}}")).collect::<Vec<_>>().join("\n");
    let plain = documents(start("a", text.as_bytes(), &SMALL).unwrap());
    assert_eq!(plain.len(), 20_000);
    let (first, second) = text.as_bytes().split_at(100_000);
    let two_members = [gzip(first), gzip(second)].concat();
    let zstandard = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for compressed in [gzip(text.as_bytes()), two_members, zstandard] {
        assert_eq!(documents(start("misnamed.json", &compressed, &SMALL).unwrap()), plain);
        // Cut short, it gives what was read, and then says so.
        let cut = &compressed[..compressed.len() - 20];
        let results: Vec<_> = start("a", cut, &SMALL).unwrap().collect();
        let (last, before) = results.split_last().unwrap();
        let error = last.as_ref().expect_err("the cut is told");
        assert_eq!(error.trouble, Trouble::Damaged);
        assert!(error.line > 1_000, "line {}", error.line);
        assert!(before.iter().all(Result::is_ok));
    }
}

#[test]
fn a_file_that_unpacks_beyond_the_limit_stops_there() {
    let bomb = gzip(&vec![b' '; 10 << 20].into_iter().chain(*b"{}").collect::<Vec<u8>>());
    // As dense as it can be made: no records of anybody shrink so far.
    let mut dense = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    dense.write_all("{}\n".repeat(1 << 20).as_bytes()).unwrap();
    let spread = dense.finish().unwrap();
    assert_eq!(trouble("a.json.gz", &bomb), Trouble::NotJson);
    let last = start("a", &spread, &SMALL).unwrap().last().unwrap();
    assert_eq!(last.err().map(|error| error.trouble), Some(Trouble::TooLong));
}

#[test]
fn progress_is_counted_in_bytes_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.ndjson");
    std::fs::write(&path, "{\"a\": 1}\n".repeat(100_000)).unwrap();
    let mut chunks = open("records.ndjson", &path, &Limits::default()).unwrap();
    let progress = chunks.progress();
    assert_eq!(progress.total(), Some(900_000));
    assert!(progress.read() < 900_000);
    assert!(chunks.by_ref().all(|chunk| chunk.is_ok()));
    assert_eq!(progress.read(), 900_000);
}

proptest! {
    #[test]
    fn records_come_out_as_they_went_in(
        records in prop::collection::vec("[a-z{}\\[\\],\\\\\"é ]{0,40}", 1..40),
        chunk_bytes in 1_usize..300,
        pretty in any::<bool>(),
    ) {
        let records: Vec<serde_json::Value> =
            records.into_iter().map(|text| serde_json::json!({"text": text, "list": [1, {"a": []}]})).collect();
        let limits = Limits { record_bytes: 1_000, chunk_bytes, ..SMALL };
        let list = if pretty { serde_json::to_string_pretty(&records) } else { serde_json::to_string(&records) }.unwrap();
        let lines = records.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        for text in [list, lines] {
            let mut read = Vec::new();
            for chunk in start("a", text.as_bytes(), &limits).unwrap() {
                for document in chunk.unwrap().documents() {
                    read.push(serde_json::from_slice::<serde_json::Value>(document.text.unwrap()).unwrap());
                }
            }
            prop_assert_eq!(&read, &records);
        }
    }

    #[test]
    fn no_bytes_make_reading_fall_over(bytes in "[\\[\\]{}\",:0-9\\\\ \n]{0,300}", chunk_bytes in 1_usize..100) {
        let limits = Limits { chunk_bytes, ..SMALL };
        if let Ok(chunks) = start("a", bytes.as_bytes(), &limits) {
            for chunk in chunks {
                for document in chunk.unwrap().documents() {
                    match document.text {
                        Ok(text) => prop_assert!(text.len() <= limits.record_bytes),
                        Err(malformed) => prop_assert!(matches!(
                            malformed.fault,
                            Fault::TooLarge | Fault::CutShort | Fault::TrailingContent
                        )),
                    }
                }
            }
        }
    }
}
