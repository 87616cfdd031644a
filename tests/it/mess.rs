//! Mess and malice in extracts: nothing is lost, changed or taken twice unsaid, and no input takes more memory than the limits say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::io::Write as _;

use casecheck::archive::Archive;
use casecheck::archive::ArchiveLimits;
use casecheck::archive::Spool;
use casecheck::extracts::Extract;
use casecheck::extracts::GroupLimits;
use casecheck::extracts::Lack;
use casecheck::extracts::Sources;
use casecheck::tables::Document;
use casecheck::tables::Limits;
use casecheck::tables::Sheets;
use casecheck::tables::Table;
use casecheck::tables::Wanted;
use casecheck::tables::match_columns;
use casecheck::tables::open;
use serde_json::Value;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::layouts::Made;
use crate::layouts::SHIPPED;
use crate::layouts::files;
use crate::layouts::made_with;
use crate::mapping_files;
use crate::workbooks::Fill;
use crate::workbooks::changed;
use crate::workbooks::rows;
use crate::workbooks::workbook;

/// What was counted: `Kind column` → lines.
fn counted(made: &Made) -> BTreeMap<String, Vec<u64>> {
    made.counted
        .iter()
        .map(|((what, column), lines)| (format!("{what:?} {column}").trim_end().to_owned(), lines.clone()))
        .collect()
}

fn by(layout: &str, tables: &[(&str, &str)]) -> Result<Extract<'static>, String> {
    Extract::recognise(&SHIPPED.layouts, Some(layout), files(tables), &[]).map_err(|error| error.to_string())
}

fn made(layout: &str, tables: &[(&str, &str)]) -> Made {
    made_with(by(layout, tables).unwrap(), GroupLimits::default()).unwrap()
}

fn document(text: impl Into<Vec<u8>>) -> Result<Document, String> {
    Document::read("census.xml", Cursor::new(text.into()), &Limits::default())
        .map_err(|error| error.to_string())
}

fn of_xml(text: impl Into<Vec<u8>>) -> Result<Made, String> {
    let sources = Sources { documents: vec![document(text)?], ..Sources::default() };
    let extract = Extract::recognise(&SHIPPED.layouts, None, sources, &[]).map_err(|error| error.to_string());
    made_with(extract?, GroupLimits::default())
}

fn told_of_xml(text: &str) -> String {
    document(text).err().unwrap_or_else(|| "read".to_owned())
}

/// A census of these children.
fn census(children: &str) -> String {
    format!("<Message>\n<Header/>\n<Children>\n{children}\n</Children>\n</Message>")
}

const CHILD: &str =
    "<Child><ChildIdentifiers><LAchildID>A1</LAchildID><Sex>F</Sex></ChildIdentifiers></Child>";

fn opened(bytes: &[u8]) -> Sheets {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annex.xlsx");
    std::fs::write(&path, bytes).unwrap();
    open("annex.xlsx", &path, &Limits::default())
}

/// All that is wrong with a workbook, in its sheets and in their rows.
fn told_of_book(bytes: &[u8]) -> Vec<String> {
    let Sheets { tables, unreadable, .. } = opened(bytes);
    let mut told: Vec<String> = unreadable.iter().map(ToString::to_string).collect();
    for table in tables {
        told.extend(table.rows(0).filter_map(Result::err).map(|error| error.to_string()));
    }
    told
}

/// A workbook whose one sheet has this as its rows.
fn with_rows(markup: &str) -> Vec<u8> {
    let book = workbook(&[("S", &|sheet| rows(sheet, &[&["A", "B"]]))]);
    changed(&book, "xl/worksheets/sheet1.xml", "</sheetData>", &format!("{markup}</sheetData>"))
}

#[test]
fn a_row_of_a_worksheet_is_no_longer_than_a_row_of_text() {
    let long = "x".repeat(30_000);
    let book = workbook(&[("S", &|sheet| {
        rows(sheet, &[&["A", "B"], &["1", "2"]]);
        // One text that is kept once and shown in every column: 60 MB of text out of 30 kB.
        for column in 0..2_000_u16 {
            sheet.write_string(40, column, long.as_str()).unwrap();
        }
    })]);
    assert_eq!(
        told_of_book(&book),
        ["annex.xlsx, S, row 41: the cells of this row hold more than 1024 KiB; take out what is no data"]
    );
}

#[test]
fn a_cell_without_an_end_is_refused_before_it_is_read() {
    // Letters of one cell, and white space between two: both would be held at once.
    let noise: String =
        (0..1_500_000_u32).map(|number| format!("{:x} ", number.wrapping_mul(2_654_435_761))).collect();
    for markup in [
        format!("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>{noise}</t></is></c></row>"),
        format!("<row r=\"2\"><!-- {noise} --><c r=\"A2\"><v>1</v></c></row>"),
    ] {
        let told = told_of_book(&with_rows(&markup));
        assert_eq!(
            told,
            [
                "annex.xlsx, xl/worksheets/sheet1.xml: a cell or a text in it is longer than 8 MiB; take out what is no data"
            ]
        );
    }
    let cells = "<c r=\"A2\"><v>1</v></c>";
    assert!(told_of_book(&with_rows(&format!("<row r=\"2\">{cells}</row>"))).is_empty());
}

#[test]
fn a_cell_that_stands_twice_in_a_sheet_is_no_cell() {
    let markup = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"A2\"><v>2</v></c></row>";
    let told = told_of_book(&with_rows(markup));
    assert!(told[0].starts_with("annex.xlsx, S, row 2: the workbook is damaged"), "{told:?}");
}

#[test]
fn many_sheets_are_refused_as_one_workbook() {
    let names: Vec<String> = (0..260).map(|number| format!("S{number}")).collect();
    let fill = |sheet: &mut rust_xlsxwriter::Worksheet| rows(sheet, &[&["A", "B"], &["1", "2"]]);
    let sheets: Vec<(&str, Fill<'_>)> = names.iter().map(|name| (name.as_str(), &fill as _)).collect();
    assert_eq!(
        told_of_book(&workbook(&sheets)),
        ["annex.xlsx: the workbook has more than 250 worksheets; take out those that hold no tables"]
    );
    assert!(told_of_book(&workbook(&sheets[..40])).is_empty());
}

#[test]
fn names_in_xml_are_names_and_no_longer_than_one() {
    let long = "n".repeat(300);
    for (text, expected) in [
        (format!("<a>\n<{long}/></a>"), "census.xml, line 2: a name here is longer than 256 bytes"),
        (format!("<a>\n<b {long}=\"1\"/></a>"), "census.xml, line 2: a name here is longer than 256 bytes"),
        (format!("<a>\n<p:{long}/></a>"), "census.xml, line 2: a name here is longer than 256 bytes"),
        ("<a>\n<1b/></a>".to_owned(), "census.xml, line 2: the markup here is not well formed"),
        ("<a>\n<b c></b></a>".to_owned(), "census.xml, line 2: the markup here is not well formed"),
        ("<a>\n<b c=1></b></a>".to_owned(), "census.xml, line 2: the markup here is not well formed"),
        ("<a>\n<b c=\"<\"/></a>".to_owned(), "census.xml, line 2: the markup here is not well formed"),
        ("<a>\n<b c=\"&d;\"/></a>".to_owned(), "census.xml, line 2: an entity stands here"),
        ("<a x:b-c.d='1 &amp; &#163;' xmlns:x='urn:x'/>".to_owned(), "read"),
    ] {
        let told = told_of_xml(&text);
        assert!(told.starts_with(expected), "{told} is not {expected}");
    }
}

#[test]
fn letters_that_xml_forbids_are_refused_as_they_stand_and_by_number() {
    for text in [
        "<a>\n<b>x\u{1}y</b></a>",
        "<a>\n<b><![CDATA[\u{1b}]]></b></a>",
        "<a>\n<b c=\"\u{8}\"/></a>",
        "<a>\n<b><!-- \u{c} --></b></a>",
        "<a>\n<b>\u{ffff}</b></a>",
        "<a>\n<b>&#1;</b></a>",
        "<a>\n<b>&#x1F;</b></a>",
        "<a>\n<b>&#0;</b></a>",
        "<a>\n<b>&#xD800;</b></a>",
        "<a>\n<b>&#xFFFE;</b></a>",
        "<a>\n<b>&#x110000;</b></a>",
        "<a>\n<b c=\"&#2;\"/></a>",
    ] {
        let told = told_of_xml(text);
        assert!(
            told.starts_with("census.xml, line 2: a character that XML does not allow stands here"),
            "{text:?}: {told}"
        );
    }
    // What is no number is no reference, whatever a parser of numbers may think of it.
    for text in ["<a>&#+65;</a>", "<a>&#x+41;</a>", "<a>&#;</a>"] {
        assert!(told_of_xml(text).contains("an entity stands here"), "{text}: {}", told_of_xml(text));
    }
    assert_eq!(told_of_xml("<a>&#9;\t\r\n&#x10FFFF;é</a>"), "read");
}

#[test]
fn white_space_between_elements_is_no_text_however_much_of_it() {
    // Two mebibytes of indentation in one element, none of it in one place longer than a line.
    let mut children = String::new();
    for number in 0..2_200 {
        write!(children, "\n{}{}", " ".repeat(1_000), CHILD.replace("A1", &format!("A{number}"))).unwrap();
    }
    let made = of_xml(census(&children)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(made.records.len(), 2_200);
    assert!(counted(&made).is_empty(), "{:?}", counted(&made));
    // Text between elements is said with its line, before the first of them and behind it.
    let stray = of_xml(census(
        "<Child>before\n<ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers></Child>\n<Child><ChildIdentifiers><LAchildID>A2</LAchildID>\n \nafter</ChildIdentifiers></Child>",
    ));
    assert_eq!(counted(&stray.unwrap()), BTreeMap::from([("StrayText".to_owned(), vec![4, 8])]));
}

#[test]
fn a_document_that_is_what_it_says_is_not_said_to_be_otherwise() {
    let wide = |text: &str, little: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    let says = |label: &str, of: &str| {
        format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\n{}", census(&CHILD.replace("A1", of)))
    };
    let western = |text: &str| -> Vec<u8> {
        text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
    };
    for (bytes, other) in [
        (wide(&says("UTF-16", "A1"), false), false),
        (wide(&says("UTF-16", "A1"), true), false),
        (wide(&says("utf-16", "Zoë"), false), false),
        (wide(&says("UTF-16LE", "A1"), false), true),
        (wide(&says("UTF-8", "A1"), true), true),
        (western(&says("windows-1252", "Zoë")), false),
        (western(&says("ISO-8859-1", "Zoë")), false),
        (western(&says("UTF-8", "Zoë")), true),
        (says("windows-1252", "A1").into_bytes(), false),
        // Every byte of it is ASCII, though what a reference stands for is not.
        (says("windows-1252", "A&#163;").into_bytes(), false),
        (says("ISO-8859-1", "A&#xEB;").into_bytes(), false),
        (says("us-ascii", "A1").into_bytes(), false),
        (says("windows-1252", "Zoë").into_bytes(), true),
        (says("UTF-8", "Zoë").into_bytes(), false),
        (says("UTF-16", "A1").into_bytes(), true),
    ] {
        let found = document(bytes.clone()).unwrap().has_other_encoding();
        assert_eq!(found, other, "{}", String::from_utf8_lossy(&bytes).lines().next().unwrap());
    }
}

#[test]
fn what_says_that_it_is_unicode_and_is_not_is_refused_and_not_recoded() {
    let read = |bytes: &[u8]| {
        let table = Table::read("episodes.csv", Cursor::new(bytes.to_vec()), &Limits::default());
        table.err().map_or_else(|| "read".to_owned(), |error| error.to_string())
    };
    let expected = "episodes.csv: it says by its first bytes that it is Unicode, and not all of it is; export it again as UTF-8";
    // One letter of Windows-1252 in a file that is marked as UTF-8: every other letter would be read wrongly.
    assert_eq!(read("\u{feff}CHILD,NAME\nA1,Zoë\n".as_bytes()), "read");
    assert_eq!(read(b"\xef\xbb\xbfCHILD,NAME\nA1,Zo\xc3\xab\nA2,Zo\xeb\n"), expected);
    let wide = |units: &[u16]| -> Vec<u8> { units.iter().flat_map(|unit| unit.to_le_bytes()).collect() };
    let text: Vec<u16> = std::iter::once(0xfeff).chain("CHILD,NAME\nA1,😀x\n".encode_utf16()).collect();
    assert_eq!(read(&wide(&text)), "read");
    let mut broken = text.clone();
    broken.retain(|unit| !(0xdc00..0xe000).contains(unit));
    assert_eq!(read(&wide(&broken)), expected);
}

const EPISODES: (&str, &str) = (
    "ssd_cla_episodes.csv",
    "clae_cla_episode_id,clae_person_id,clae_referral_id,clae_cla_placement_id,clae_cla_episode_start_date
E1,B2,R3,L1,2025-05-01
E2,B2,R3,L1,2025-06-01
",
);
const REFERRALS: (&str, &str) = (
    "ssd_cin_episodes.csv",
    "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_source_code,cine_referral_nfa\nR3,B2,2025-03-03,1A,N\n",
);

/// What the statuses of these rows make of the two episodes, and what was counted.
fn statuses(rows: &str) -> (Vec<Value>, BTreeMap<String, Vec<u64>>) {
    let head = "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date\n";
    let made = made("ssd", &[REFERRALS, EPISODES, ("ssd_legal_status.csv", &format!("{head}{rows}"))]);
    let episodes = &made.records[0].0["social_care_episodes"][0]["child_looked_after_placements"];
    let found = episodes.as_array().unwrap().iter().map(|one| one["legal_status"].clone()).collect();
    (found, counted(&made))
}

#[test]
fn a_day_that_cannot_be_read_is_counted_and_puts_a_row_nowhere() {
    let one = |kind: &str, column: &str, lines: &[u64]| {
        BTreeMap::from([(format!("{kind} {column}"), lines.to_vec())])
    };
    let (until, from) = ("lega_legal_status_end_date", "lega_legal_status_start_date");
    let none = || vec![Value::Null, Value::Null];
    // Open-ended only where nothing stands.
    assert_eq!(statuses("1,B2,V2,2025-04-20,\n"), (vec![json!("V2"), json!("V2")], BTreeMap::new()));
    assert_eq!(statuses("1,B2,V2,2025-04-20,31/02/2025\n"), (none(), one("UnreadableDay", until, &[2])));
    assert_eq!(statuses("1,B2,V2,soon,2025-07-01\n"), (none(), one("UnreadableDay", from, &[2])));
    assert_eq!(statuses("1,B2,V2,,2025-07-01\n"), (none(), one("RowWithoutParent", from, &[2])));
    // Two that hold on one day and say different things: the first stands, the other is said.
    assert_eq!(
        statuses("1,B2,V2,2025-04-20,\n2,B2,C1,2025-06-01,\n"),
        (vec![json!("V2"), json!("V2")], one("Differs", "lega_legal_status", &[3]))
    );
}

#[test]
fn a_day_of_the_parent_that_cannot_be_read_is_counted() {
    let episodes = EPISODES.1.replace("2025-06-01", "June");
    let status = "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date\n1,B2,V2,2025-04-20,\n";
    let made = made("ssd", &[REFERRALS, (EPISODES.0, &episodes), ("ssd_legal_status.csv", status)]);
    let expected = BTreeMap::from([("UnreadableDay clae_cla_episode_start_date".to_owned(), vec![3])]);
    assert_eq!(counted(&made), expected);
}

#[test]
fn without_the_column_of_the_last_day_nobody_says_that_a_row_holds_for_ever() {
    let status = "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date\n1,B2,V2,2025-04-20\n2,B2,C1,2025-06-01\n";
    let tables = [REFERRALS, EPISODES, ("ssd_legal_status.csv", status)];
    let field = "social_care_episodes[].child_looked_after_placements[].legal_status".to_owned();
    let lacks = by("ssd", &tables).unwrap().lacks(&[field].into());
    assert_eq!(
        lacks.into_iter().collect::<Vec<_>>(),
        [Lack::Column("ssd_legal_status.lega_legal_status_end_date".to_owned())]
    );
    let made = made("ssd", &tables);
    let episodes = &made.records[0].0["social_care_episodes"][0]["child_looked_after_placements"];
    assert!(episodes[0].get("legal_status").is_none(), "{episodes}");
    assert_eq!(
        counted(&made),
        BTreeMap::from([("RowWithoutParent lega_legal_status_start_date".to_owned(), vec![2, 3])])
    );
}

#[test]
fn the_first_day_of_a_row_is_no_id_of_a_child() {
    let status = "lega_legal_status_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date\n1,V2,2025-04-20,\n";
    let told = by("ssd", &[REFERRALS, EPISODES, ("ssd_legal_status.csv", status)]).err();
    assert_eq!(
        told.as_deref(),
        Some("ssd_legal_status.csv: the table `ssd_legal_status` needs the column `lega_person_id`")
    );
}

#[test]
fn of_a_cell_that_lists_several_no_answer_is_dropped_unsaid() {
    let factors = |cell: &str| {
        let quoted = cell.replace('"', "\"\"");
        let assessments = "cina_assessment_id,cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date,cina_assessment_child_seen\nS1,B2,R3,2025-03-04,,N\n";
        let factors =
            format!("cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json\n1,S1,\"{quoted}\"\n");
        let tables =
            [REFERRALS, ("ssd_cin_assessments.csv", assessments), ("ssd_assessment_factors.csv", &factors)];
        let made = made("ssd", &tables);
        let found =
            made.records[0].0["social_care_episodes"][0]["child_and_family_assessments"][0]["factors"]
                .clone();
        (found, counted(&made))
    };
    let dropped = || BTreeMap::from([("ValueDropped cinf_assessment_factors_json".to_owned(), vec![2])]);
    let nothing = BTreeMap::new;
    for (cell, found, said) in [
        (r#"["1A", "4B"]"#, json!(["1A", "4B"]), nothing()),
        (
            r#"{"1A": "Yes", "2A": "No", "3A": false, "4A": "0", "5A": "", "6A": null}"#,
            json!(["1A"]),
            nothing(),
        ),
        (r#"{"1A": 1, "2A": 0}"#, json!(["1A"]), nothing()),
        (r#"{"1A": "Yes", "2A": "maybe"}"#, json!(["1A"]), dropped()),
        (r#"{"1A": "Yes", "2A": 7}"#, json!(["1A"]), dropped()),
        (r#"{"1A": {"present": "Yes"}}"#, Value::Null, dropped()),
        (r#"{"1A": "Yes", "1A": "No"}"#, Value::Null, dropped()),
        (r#"["1A", null, ["2A"]]"#, json!(["1A"]), dropped()),
        ("1A; 4B,", json!(["1A", "4B"]), nothing()),
    ] {
        assert_eq!(factors(cell), (found, said), "{cell}");
    }
}

#[test]
fn one_field_of_a_cell_that_lists_several_takes_the_first_and_says_so() {
    let plan = |cell: &str| {
        let table = format!(
            "lacp_table_id,lacp_person_id,lacp_cla_care_plan_start_date,lacp_cla_care_plan_end_date,lacp_cla_care_plan_json\n1,B2,2025-03-04,,\"{}\"\n",
            cell.replace('"', "\"\"")
        );
        let made = made("ssd", &[REFERRALS, ("ssd_cla_care_plan.csv", &table)]);
        let found = made.records[0].0["care_plans"][0]["permanence_plan"].clone();
        (found, counted(&made))
    };
    let differs = BTreeMap::from([("Differs lacp_cla_care_plan_json".to_owned(), vec![2])]);
    assert_eq!(plan(r#"["P1", "P2"]"#), (json!("P1"), differs));
    assert_eq!(plan(r#"["P1", "P1"]"#), (json!("P1"), BTreeMap::new()));
}

#[test]
fn a_word_that_chooses_what_a_row_means_and_is_not_known_is_said() {
    let oc2 = "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\nA1,05/06/2010,,,1,true,0,0,,2,,\n";
    let made = made("ssda903", &[("oc2.csv", oc2)]);
    let expected = BTreeMap::from([
        ("UnknownWord HEALTH_CHECK".to_owned(), vec![2]),
        ("UnknownWord SUBSTANCE_MISUSE".to_owned(), vec![2]),
    ]);
    assert_eq!(counted(&made), expected);
}

#[test]
fn in_xml_no_row_id_or_text_goes_missing_unsaid() {
    let children = "<Child><ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers>
<CINdetails>words<CINreferralDate>2025-01-01</CINreferralDate></CINdetails>
<LAchildID>B2</LAchildID></Child>
<CINdetails><CINreferralDate>2025-02-02</CINreferralDate></CINdetails>
<Child><LAchildID>C3</LAchildID></Child>
<Child></Child>
<Child><ChildIdentifiers><LAchildID>D4</LAchildID></ChildIdentifiers>
<CINdetails>only words</CINdetails></Child>";
    let made = of_xml(census(children)).unwrap();
    let expected = BTreeMap::from([
        // A row beside every child, and a child of which nothing is known.
        ("RowWithoutChild LAchildID".to_owned(), vec![7, 9]),
        ("StrayText".to_owned(), vec![5, 11]),
        ("Differs LAchildID".to_owned(), vec![6]),
    ]);
    assert_eq!(counted(&made), expected);
    let ids: Vec<&Value> = made.records.iter().map(|(record, _)| &record["la_child_id"]).collect();
    assert_eq!(ids, ["A1", "C3", "D4"]);
    // Where the element of a child is no row of its own, it may hold none.
    let made = of_xml(
        "<EXPSSDA903>\n<CHILD><HEADER><CHILDID>A1</CHILDID><SEX>F</SEX></HEADER></CHILD>\n<CHILD><CHILDID>B2</CHILDID></CHILD>\n<CHILD/>\n</EXPSSDA903>",
    );
    let expected = [("BlankRow CHILD".to_owned(), vec![3]), ("RowWithoutChild CHILDID".to_owned(), vec![4])];
    assert_eq!(counted(&made.unwrap()), BTreeMap::from(expected));
}

#[test]
fn empty_rows_of_one_child_are_many_rows_all_the_same() {
    let children = format!(
        "<Child><ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers>{}</Child>",
        "<CINdetails/>".repeat(400_000)
    );
    let told = of_xml(census(&children)).err().unwrap();
    assert_eq!(
        told,
        "census.xml, line 4: one child has too many rows; is the child's id the same everywhere?"
    );
}

#[test]
fn two_files_of_one_name_in_an_archive_are_refused() {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("episodes.csv", "first"), ("episodeX.csv", "second")] {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    let bytes = out.finish().unwrap().into_inner();
    let open = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Archive::open(&Spool::of(file).unwrap(), &ArchiveLimits::default())
            .map(|archive| archive.entries().len())
            .map_err(|error| error.to_string())
    };
    assert_eq!(open(&bytes), Ok(2));
    let mut twice = bytes;
    while let Some(at) = twice.windows(12).position(|window| window == b"episodeX.csv") {
        twice[at + 7] = b's';
    }
    assert_eq!(open(&twice), Err("two files in it have one name; take one out and make it again".to_owned()));
}

#[test]
fn a_name_that_is_exact_comes_before_one_that_is_only_another_name() {
    let aliases = ["id".to_owned()];
    let wanted = [Wanted { name: "CHILD", aliases: &aliases }, Wanted { name: "ID", aliases: &[] }];
    let found = match_columns(["ID", "CHILD"].into_iter(), &wanted);
    let places: Vec<Option<usize>> =
        found.columns.iter().map(|found| found.map(|(index, _)| index)).collect();
    assert_eq!((places, found.twice), (vec![Some(1), Some(0)], Vec::new()));
}

#[test]
fn what_a_row_means_by_being_there_does_not_give_way_to_another_row_unsaid() {
    let layout = mapping_files::read(
        "ours",
        r"title: Ours
source: nobody
child: ID
dates: [yyyy-mm-dd]
tables:
  One:
    parts:
      - each: child_details
        when: { column: A, is: [x] }
        sets: { uasc_flag: true }
      - each: child_details
        when: { column: A, is: [y] }
        sets: { uasc_flag: false }
",
    )
    .unwrap();
    let layouts = [layout];
    let extract =
        Extract::recognise(&layouts, None, files(&[("one.csv", "ID,A\n1,x\n1,y\n1,x\n")]), &[]).unwrap();
    let made = made_with(extract, GroupLimits::default()).unwrap();
    assert_eq!(made.records[0].0["child_details"], json!({ "uasc_flag": true }));
    assert_eq!(counted(&made), BTreeMap::from([("Differs A".to_owned(), vec![3])]));
}
