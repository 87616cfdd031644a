//! Annex A by the front door: workbooks and archives given to `casecheck check`, where their findings stand, what is said of them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::io::Write as _;
use std::path::Path;

use assert_cmd::Command;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Formula;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::layouts::SHIPPED;
use crate::shared;
use crate::workbooks::changed;
use crate::workbooks::rows;
use crate::workbooks::workbook;

const CONTACTS: &[&[&str]] = &[
    &["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age", "Date of Contact", "Contact Source"],
    &["A1", "a) Male", "a) WBRI", "01/02/2012", "14", "03/04/2026", "q) 6: Police"],
    &["B2", "b) female", "Zoë – unknown", "05/06/2010", "15", "04/04/2026", "z) Nobody"],
];
const CARE: &[&[&str]] = &[
    &[
        "Child Unique ID",
        "Gender",
        "Ethnicity",
        "Date of Birth",
        "Date Started to be Looked After",
        "Child's Legal Status",
        "Start Date of Most Recent Placement",
        "Placement Type",
        "Date of Latest Statutory Review",
        "Allocated Team",
    ],
    &[
        "B2",
        "b) Female",
        "WBRI",
        "05/06/2010",
        "01/02/2025",
        "C2: FCO",
        "31/02/2025",
        "d) U4: Foster placement - long term",
        "2-Mar-26",
        "Team 1",
    ],
];

/// Runs `check` in a folder and gives the exit code, standard output and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).env_remove("CASECHECK_CATALOG");
    command.arg("check").args(arguments);
    if !arguments.contains(&"--as-at") {
        command.args(["--as-at", "2026-05-01"]);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn with(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

pub(crate) fn usual() -> Vec<u8> {
    workbook(&[
        ("Cover", &|sheet| rows(sheet, &[&["Annex A of Ours"], &["made on", "1 May 2026"]])),
        ("List 1", &|sheet| rows(sheet, CONTACTS)),
        ("8. Children looked after", &|sheet| rows(sheet, CARE)),
        ("List 11", &|sheet| {
            rows(sheet, &[&["Individual adopter identifier", "Family identifier"], &["1", "2"]]);
        }),
    ])
}

pub(crate) fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn csv(table: &[&[&str]]) -> String {
    table.iter().map(|row| format!("{}\r\n", row.join(","))).collect()
}

fn answers(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("out/results.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn summary(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("out/summary.json")).unwrap()).unwrap()
}

#[test]
fn a_finding_of_a_workbook_says_file_sheet_and_cell_in_every_report() {
    let folder = with(&[("annex.xlsx", usual())]);
    let arguments = ["annex.xlsx", "--out", "out", "--report", "text,csv,sarif,worklists,xlsx"];
    let (code, out, err) = check(folder.path(), &arguments);
    assert!(matches!(code, 0 | 1) && err.is_empty(), "{err}");
    assert!(
        out.contains("annex.xlsx, 8. Children looked after!G2, column Start Date of Most Recent Placement"),
        "{out}"
    );
    assert!(out.contains("annex.xlsx, List 1, row 2, child A1") || !out.contains("child A1"), "{out}");
    let answers = answers(folder.path());
    let of_b2 = answers.iter().find(|answer| answer["decision"]["record"]["id"] == "B2").unwrap();
    let places: Vec<&Value> =
        of_b2["findings"].as_array().unwrap().iter().map(|finding| &finding["at"]).collect();
    let expected = json!({ "file": "annex.xlsx", "sheet": "List 1", "line": 3, "column": "Contact Source", "cell": "G3" });
    assert!(places.contains(&&expected), "{places:?}");
    for report in ["report.csv", "report.sarif"] {
        let text = std::fs::read_to_string(folder.path().join("out").join(report)).unwrap();
        assert!(text.contains("List 1!G3"), "{report}: {text}");
    }
    let worklists: String = std::fs::read_dir(folder.path().join("out/worklists"))
        .unwrap()
        .filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok())
        .collect();
    assert!(worklists.contains("8. Children looked after!G2"), "{worklists}");
}

#[test]
fn a_workbook_is_read_sheet_by_sheet_and_what_was_done_is_located() {
    let folder = with(&[("annex.xlsx", usual())]);
    let (_, out, _) = check(folder.path(), &["annex.xlsx", "--out", "out"]);
    assert!(out.contains("Read as annex-a: annex.xlsx"), "{out}");
    assert!(out.contains("no tables of children, not read: Cover"), "{out}");
    assert!(out.contains("not read  List 11 (its rows are people who want to adopt)"), "{out}");
    assert!(out.contains("8. Children looked after!I2: 1 in Date of Latest Statutory Review"), "{out}");
    let extract = &summary(folder.path())["extract"];
    let tables: Vec<String> = extract["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| format!("{} {} {}", table["table"], table["sheet"], table["encoding"]))
        .collect();
    assert_eq!(
        tables,
        [r#""List 1" "List 1" "worksheet""#, r#""List 8" "8. Children looked after" "worksheet""#,]
    );
    let shown = extract["coercions"].as_array().unwrap();
    let spelling = json!({ "kind": "other_spelling", "file": "annex.xlsx", "sheet": "List 1", "column": "Gender",
        "count": 1, "lines": [3], "cells": ["B3"] });
    assert!(shown.contains(&spelling), "{shown:?}");
}

#[test]
fn one_table_as_text_in_three_encodings_and_as_a_workbook_gives_the_same_findings() {
    let text = csv(CONTACTS);
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = text
        .chars()
        .map(|letter| if letter == '–' { 0x96 } else { u8::try_from(u32::from(letter)).unwrap() })
        .collect();
    let book = workbook(&[("List 1", &|sheet| {
        rows(sheet, CONTACTS);
        // A day as Excel keeps it, for one that is text in the others.
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let day = ExcelDateTime::from_ymd(2012, 2, 1).unwrap();
        sheet.write_datetime_with_format(1, 3, &day, &date).unwrap();
    })]);
    let found: Vec<Vec<Value>> =
        [("List 1.csv", marked), ("List 1.csv", wide), ("List 1.csv", western), ("contacts.xlsx", book)]
            .into_iter()
            .map(|(name, bytes)| {
                let folder = with(&[(name, bytes)]);
                let (_, out, err) = check(folder.path(), &[name, "--out", "out"]);
                assert!(err.is_empty(), "{out}{err}");
                answers(folder.path()).into_iter().map(without_places).collect()
            })
            .collect();
    assert_eq!(found[0].len(), 2);
    assert!(found[0][1]["findings"].as_array().unwrap().len() >= 2, "{}", found[0][1]);
    assert!(found.iter().all(|answers| answers == &found[0]));
}

/// An answer without where things stand.
fn without_places(mut answer: Value) -> Value {
    let decision = answer["decision"].as_object_mut().unwrap();
    decision.retain(|key, _| key != "took_us" && key != "decision_id");
    answer.as_object_mut().unwrap().remove("at");
    for finding in answer["findings"].as_array_mut().unwrap() {
        finding.as_object_mut().unwrap().remove("at");
        for evidence in finding["evidence"].as_array_mut().unwrap() {
            evidence.as_object_mut().unwrap().remove("at");
        }
    }
    answer
}

#[test]
fn what_a_workbook_lacks_and_what_is_nearly_blank_in_it_are_said_with_the_sheet() {
    let book = workbook(&[("List 8", &|sheet| {
        rows(
            sheet,
            &[&[
                "Child Unique ID",
                "Ethnicity",
                "Date of Birth",
                "Key Worker's Dog",
                "Date of Last Health Assessment",
            ]],
        );
        for row in 1..=30_u32 {
            sheet.write_number(row, 0, row).unwrap();
            sheet.write_string(row, 2, "2012-02-01 10:30").unwrap();
            sheet.write_string(row, 3, "Rex").unwrap();
        }
        sheet.write_formula(1, 4, Formula::new("=TODAY()").set_result("7")).unwrap();
    })]);
    // A formula as a program writes it that does not calculate.
    let book = changed(&book, "xl/worksheets/sheet1.xml", "</f><v>7</v>", "</f><v></v>");
    let folder = with(&[("annex.xlsx", book)]);
    let (_, out, err) = check(folder.path(), &["annex.xlsx", "--out", "out"]);
    assert!(
        out.contains("1 formulas without a value: open the workbook in Excel") && out.contains("List 8!E2"),
        "{out}"
    );
    assert!(err.is_empty() && !out.contains("Rex"), "{out}{err}");
    assert!(out.starts_with("Probably faults of the extract: look at these first\n"), "{out}");
    assert!(out.contains("annex.xlsx, List 8 column Ethnicity is blank in 30 of 30 rows"), "{out}");
    assert!(out.contains("not there: Gender, ") || out.contains("Child's Legal Status"), "{out}");
    assert!(out.contains("not known, not used: column D"), "{out}");
    assert!(out.contains("not given: List 1, List 2, "), "{out}");
    let extract = &summary(folder.path())["extract"];
    let time =
        extract["coercions"].as_array().unwrap().iter().find(|line| line["kind"] == "time_left_out").unwrap();
    assert_eq!((&time["count"], &time["cells"][0]), (&json!(30), &json!("C2")));
    let part = extract["not_run"].as_array().unwrap();
    assert!(
        part.iter().any(|line| line["lacks"] == "only_part" && line["name"] == "cla_reviews[].review_date")
    );
}

#[test]
fn two_tables_in_one_sheet_are_an_error_with_its_row() {
    let two: Vec<&[&str]> = CONTACTS.iter().copied().chain(CARE.iter().copied()).collect();
    let book = workbook(&[("List 1", &|sheet| rows(sheet, &two))]);
    let folder = with(&[("annex.xlsx", book)]);
    let (code, _, err) = check(folder.path(), &["annex.xlsx"]);
    assert_eq!(code, 2);
    assert!(
        err.contains(
            "annex.xlsx, List 1, row 4: the header of a second table begins here; make it a sheet of its own"
        ),
        "{err}"
    );
}

#[test]
fn an_archive_of_tables_and_records_is_read_with_its_own_name_before_theirs() {
    let book = usual();
    let header = csv(&[&["CHILD", "SEX", "DOB", "ETHNIC"], &["C9", "X", "01/02/2012", "WBRI"]]);
    let entries: [(&str, &[u8]); 4] = [
        ("../deep/header.csv", header.as_bytes()),
        ("__MACOSX/._header.csv", b"\x00\x05"),
        ("readme.txt", b"hello"),
        ("one.json", br#"{"la_child_id": "D1", "child_details": {"sex": "X"}}"#),
    ];
    let folder =
        with(&[("sent.zip", zipped(&entries)), ("annex.zip", zipped(&[("lists/annex.xlsx", &book)]))]);
    let (_, out, err) = check(folder.path(), &["sent.zip", "--out", "out"]);
    assert!(err.is_empty() && out.contains("sent.zip/../deep/header.csv, line 2, column SEX"), "{out}{err}");
    assert!(out.contains("sent.zip/one.json, line 1, child D1"), "{out}");
    let (_, out, err) = check(folder.path(), &["annex.zip"]);
    assert!(err.is_empty() && out.contains("annex.zip/lists/annex.xlsx, List 1!G3"), "{out}{err}");
}

#[test]
fn an_archive_that_cannot_be_read_is_refused_with_what_to_do() {
    let many: Vec<(String, Vec<u8>)> =
        (0..1_001).map(|number| (format!("{number}.csv"), b"A,B\n".to_vec())).collect();
    let many: Vec<(&str, &[u8])> =
        many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let whole = zipped(&[("a.csv", b"A,B\n1,2\n")]);
    let mut encrypted = whole.clone();
    // The flag of encryption in the local header and in the directory.
    encrypted[6] |= 1;
    let directory = encrypted.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    encrypted[directory + 8] |= 1;
    let bomb = zipped(&[("a.csv", &vec![b' '; 30 << 20])]);
    let folder = with(&[
        ("many.zip", zipped(&many)),
        ("nested.zip", zipped(&[("inner.zip", &whole)])),
        ("renamed.zip", zipped(&[("inner.json", &whole)])),
        ("short.zip", whole[..whole.len() - 30].to_vec()),
        ("locked.zip", encrypted),
        ("bomb.zip", bomb),
        ("bare.zip", zipped(&[("notes.txt", b"x")])),
        ("none.zip", b"A,B\n".to_vec()),
    ]);
    let expected = BTreeMap::from([
        ("many.zip", "many.zip: it holds more than 1000 files"),
        ("nested.zip", "nested.zip/inner.zip: an archive in an archive is not unpacked"),
        ("renamed.zip", "renamed.zip/inner.json: an archive in an archive is not unpacked"),
        ("short.zip", "short.zip: it is damaged or was cut short"),
        ("locked.zip", "locked.zip: it is protected by a password"),
        ("bomb.zip", "bomb.zip: a file in it unpacks to more than 200 times its size"),
        ("bare.zip", "bare.zip: it holds no tables (.csv, .tsv, .xlsx, .xml) and no files of records"),
        ("none.zip", "none.zip: it is damaged or was cut short"),
        ("gone.zip", "gone.zip: it cannot be read"),
    ]);
    for (name, expected) in expected {
        let (code, _, err) = check(folder.path(), &[name]);
        assert!(code == 2 && err.contains(expected), "{code} {err}");
    }
}

#[test]
fn the_layout_knows_every_column_of_annex_a() {
    let Some(text) = shared::text("fields/annex_a.csv") else { return };
    let layout = SHIPPED.layouts.iter().find(|layout| layout.name == "annex-a").unwrap();
    let mut columns = 0;
    let mut reader = csv_rows(&text);
    reader.remove(0);
    for row in reader {
        let at = layout.table(&format!("List {}", row[0])).unwrap();
        let known = layout.tables[at].columns.iter().any(|column| column.name == row[1]);
        assert!(known, "List {} has no column {}", row[0], row[1]);
        columns += 1;
    }
    assert_eq!((layout.tables.len(), columns), (11, 169));
}

#[test]
fn words_seen_in_real_files_are_read_unless_they_stand_for_several_codes() {
    let Some(text) = shared::text("fields/annex_a.csv") else { return };
    let mut lists: BTreeMap<String, Vec<(String, Vec<String>)>> = BTreeMap::new();
    for row in csv_rows(&text).into_iter().skip(1).filter(|row| row[0] != "11" && !row[5].ends_with("names"))
    {
        let words: Vec<String> =
            row[5].split(" | ").map(str::to_owned).filter(|word| !word.is_empty()).collect();
        lists.entry(row[0].clone()).or_default().push((row[1].clone(), words));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut written: BTreeMap<(String, String), String> = BTreeMap::new();
    for (list, columns) in &lists {
        let quoted = |name: &String| format!("\"{name}\"");
        let file = format!("List {list}.csv");
        let mut lines = vec![columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(",")];
        for (column, (name, words)) in columns.iter().enumerate() {
            for word in words {
                let mut cells = vec![format!("L{list}N{}", lines.len())];
                cells.extend(
                    (1..columns.len()).map(|at| if at == column { quoted(word) } else { String::new() }),
                );
                lines.push(cells.join(","));
                written.insert((format!("{file}:{}", lines.len()), name.clone()), word.clone());
            }
        }
        std::fs::write(folder.path().join(file), lines.join("\n")).unwrap();
    }
    let files: Vec<String> = lists.keys().map(|list| format!("List {list}.csv")).collect();
    let arguments: Vec<&str> = files.iter().map(String::as_str).chain(["--out", "out"]).collect();
    let (_, out, err) = check(folder.path(), &arguments);
    assert!(err.is_empty(), "{out}{err}");
    let mut not_read: BTreeSet<&str> = BTreeSet::new();
    for finding in answers(folder.path()).iter().flat_map(|answer| answer["findings"].as_array().unwrap()) {
        let at = &finding["at"];
        let place = format!("{}:{}", at["file"].as_str().unwrap(), at["line"]);
        // What a rule says of a whole row has no column.
        let column = at["column"].as_str().unwrap_or_default().to_owned();
        not_read.extend(written.get(&(place, column)).map(String::as_str));
    }
    let expected = BTreeSet::from(SEVERAL_CODES);
    assert_eq!(not_read, expected);
}

/// Words that stand for several codes, or for one that there is no more.
const SEVERAL_CODES: [&str; 26] = [
    "F3: Full time in training or employment",
    "P3: Part time in training or employment",
    "a) Adopted",
    "a) Foster Placement",
    "a) Foster placement",
    "a) Individual",
    "a) Male / d) Neither",
    "a) White",
    "a) white",
    "b) Mixed",
    "b) Placed for adoption",
    "c) Asian or Asian British",
    "c) Other",
    "d) Black or black British",
    "d) Health Services",
    "d) Health services",
    "d) Returned home to live with parents or relatives",
    "e) Other",
    "f) Detained on child protection grounds in LA accommodation",
    "f) Detained on child protection grounds in LA accomodation",
    "f) LA Services",
    "f) LA services",
    "g) Special Guardianship Orders",
    "g) Youth justice legal Statuses",
    "h) Moved into independent living",
    "zzCodeError",
];

/// The cells of a table of text.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    use casecheck::tables::Limits;
    use casecheck::tables::Table;
    use casecheck::tables::TableLine;
    let table = Table::read("fields.csv", Cursor::new(text.as_bytes().to_vec()), &Limits::default()).unwrap();
    let head: Vec<String> = table.head_row(0).unwrap().cells().map(str::to_owned).collect();
    let rest = table.rows(0).filter_map(|line| match line.unwrap() {
        TableLine::Row(row) => Some(row.cells().map(str::to_owned).collect()),
        TableLine::Skipped(..) => None,
    });
    std::iter::once(head).chain(rest).collect()
}

#[test]
fn the_public_sample_of_annex_a_reads_sensibly() {
    let Some(sample) = shared::find("samples/annex_a/Annex_A_2024_Jan.xlsx") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) =
        check(folder.path(), &[sample.to_str().unwrap(), "--as-at", "2024-02-01", "--out", "out"]);
    // Two findings that are errors: a care leaver whose home and activity were left blank.
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("List 6!H2, column Primary Need Code"), "{out}");
    assert!(out.contains("List 9!O5, column Type of Accommodation"), "{out}");
    assert!(
        out.contains(" rules could not run, and no record counts as passed")
            && out.contains(
                "Chronology                       –   no rule of it could judge anything in this extract"
            ),
        "{out}"
    );
    let summary = summary(folder.path());
    let found = (&summary["records"], &summary["findings"]["error"], &summary["findings"]["warning"]);
    assert_eq!(found, (&json!(48), &json!(2), &json!(3)));
    let extract = &summary["extract"];
    assert_eq!(extract["tables"].as_array().unwrap().len(), 10);
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for line in extract["coercions"].as_array().unwrap() {
        *kinds.entry(line["kind"].as_str().unwrap()).or_default() += line["count"].as_u64().unwrap();
    }
    let expected = [("code_with_label", 97), ("differs", 10), ("empty_marker", 10), ("header_normalised", 4)];
    assert_eq!(kinds, BTreeMap::from(expected));
}
