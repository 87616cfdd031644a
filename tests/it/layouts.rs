//! Extracts: what tables become by a layout, where each value came from, what could not be judged.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::LazyLock;

use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::extracts::Coercion;
use casecheck::extracts::Confirmed;
use casecheck::extracts::Extract;
use casecheck::extracts::GroupLimits;
use casecheck::extracts::Lack;
use casecheck::intake::Chunk;
use casecheck::model::PlaceTable;
use casecheck::model::Pointer;
use casecheck::tables::Limits;
use casecheck::tables::Table;
use serde_json::Value;
use serde_json::json;

use crate::lab;
use crate::mapping_files::read;
use crate::mapping_files::shipped_text;
use crate::shared;

pub(crate) static SHIPPED: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::load(Files::embedded(), None)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")))
});

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nB2,M,01/02/2012,WBRI,A123456789012,,\nA1,F,05/06/2010,MWBC,UN3,0,\n";
const EPISODES: &str =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
B2,03/03/2025,S,C2,N1,U1,PR1,,,,ZZ99 9ZZ,ZZ99 8ZZ,SC000001
A1,01/01/2025,S,V2,N1,U1,PR1,01/02/2025,X1,CARPL,,,
A1,01/02/2025,P,V2,N1,K2,PR4,,,,,,
";
const REVIEWS: &str = "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,05/06/2010,20/01/2025,PN1\n";

pub(crate) fn table(name: &str, bytes: impl Into<Vec<u8>>) -> Table {
    Table::read(name, Cursor::new(bytes.into()), &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn files(of: &[(&str, &str)]) -> Vec<Table> {
    of.iter().map(|(name, text)| table(name, *text)).collect()
}

fn usual() -> Vec<Table> {
    files(&[("header.csv", HEADER), ("episodes.csv", EPISODES), ("reviews.csv", REVIEWS)])
}

fn extract(tables: Vec<Table>) -> Result<Extract<'static>, String> {
    Extract::recognise(&SHIPPED.layouts, None, tables, &[]).map_err(|error| error.to_string())
}

/// What an extract becomes: each record with its places, and what was counted (kind → column → lines).
pub(crate) struct Made {
    pub(crate) records: Vec<(Value, PlaceTable)>,
    pub(crate) counted: BTreeMap<(Coercion, String), Vec<u64>>,
}

pub(crate) fn made_with(extract: Extract<'_>, limits: GroupLimits) -> Result<Made, String> {
    let mut grouped = extract.group(limits).map_err(|error| error.to_string())?;
    let chunks: Vec<Chunk> = grouped
        .by_ref()
        .collect::<Result<_, _>>()
        .map_err(|error: casecheck::extracts::GroupError| error.to_string())?;
    let records = chunks
        .iter()
        .flat_map(Chunk::documents)
        .map(|document| {
            let record = serde_json::from_slice(document.text.unwrap()).unwrap();
            (record, document.places.unwrap().clone())
        })
        .collect();
    let counted = grouped
        .coercions()
        .all()
        .map(|((what, _, column), counted)| ((*what, column.clone()), counted.lines.clone()))
        .collect();
    Ok(Made { records, counted })
}

fn made(tables: Vec<Table>) -> Made {
    made_with(extract(tables).unwrap(), GroupLimits::default()).unwrap()
}

pub(crate) fn at(places: &PlaceTable, pointer: &str) -> String {
    let place = places.find(&Pointer::parse(pointer).unwrap()).unwrap();
    let line = place.line.map_or_else(|| "-".to_owned(), |line| line.to_string());
    format!("{} {line} {}", place.file.unwrap(), place.column.unwrap_or_default())
}

#[test]
fn rows_become_one_record_a_child_in_the_order_of_their_ids() {
    let made = made(usual());
    let records: Vec<&Value> = made.records.iter().map(|(record, _)| record).collect();
    let expected = json!({
        "la_child_id": "A1",
        "child_details": { "sex": "F", "date_of_birth": "2010-06-05", "ethnicity": "MWBC",
            "unique_pupil_number_unknown_reason": "UN3", "mother_flag": false },
        "social_care_episodes": [{ "child_looked_after_placements": [
            { "start_date": "2025-01-01", "start_reason": "S", "legal_status": "V2", "category_of_need": "N1", "placement_type": "U1",
              "placement_provider": "PR1", "end_date": "2025-02-01", "end_reason": "X1", "change_reason": "CARPL" },
            { "start_date": "2025-02-01", "start_reason": "P", "legal_status": "V2", "category_of_need": "N1", "placement_type": "K2",
              "placement_provider": "PR4" },
        ] }],
        "cla_reviews": [{ "review_date": "2025-01-20", "participation": "PN1" }],
    });
    assert_eq!(records[0], &expected);
    // The reviews are all there: a child without a row has had none.
    assert_eq!((&records[1]["la_child_id"], &records[1]["cla_reviews"]), (&json!("B2"), &json!([])));
    assert_eq!(records[1]["child_details"]["unique_pupil_number"], "A123456789012");
    assert!(records[1].get("missing_episodes").is_none(), "a table that is not there says nothing");
    assert!(made.counted.is_empty(), "{:?}", made.counted);
}

#[test]
fn every_value_keeps_its_place_and_so_does_what_is_blank() {
    let made = made(usual());
    let (_, places) = &made.records[0];
    let placement = "/social_care_episodes/0/child_looked_after_placements";
    for (pointer, place) in [
        ("/la_child_id".to_owned(), "header.csv 3 CHILD"),
        ("/child_details/date_of_birth".to_owned(), "header.csv 3 DOB"),
        (format!("{placement}/1/start_date"), "episodes.csv 4 DECOM"),
        (format!("{placement}/1/end_date"), "episodes.csv 4 DEC"),
        (format!("{placement}/0"), "episodes.csv 3 "),
        (format!("{placement}/1/long_term_flag"), "episodes.csv 4 "),
        ("/cla_reviews/0/participation".to_owned(), "reviews.csv 2 REVIEW_CODE"),
        ("/cla_reviews".to_owned(), "reviews.csv - "),
        ("/chronology".to_owned(), "header.csv 3 "),
    ] {
        assert_eq!(at(places, &pointer), place, "{pointer}");
    }
}

#[test]
fn what_waits_in_temporary_files_comes_out_as_what_fits_into_memory() {
    let (mut header, mut episodes) =
        ("CHILD,SEX,DOB\n".to_owned(), "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\n".to_owned());
    for number in 0..3_000_u32 {
        let child = number.wrapping_mul(2_654_435_761) % 1_000;
        episodes.push_str(&format!("C{child},{:02}/03/2025,S,C2,N1,U1,,\n", number % 28 + 1));
        if number < 1_000 {
            header.push_str(&format!("C{number},F,01/01/2012\n"));
        }
    }
    let tables = || files(&[("Header.csv", &header), ("episodes.csv", &episodes)]);
    let small = GroupLimits { memory_bytes: 20_000, ..GroupLimits::default() };
    let (in_memory, in_files) = (made(tables()), made_with(extract(tables()).unwrap(), small).unwrap());
    assert_eq!(in_memory.records.len(), 1_000);
    assert!(in_memory.records == in_files.records && in_memory.counted == in_files.counted);
    let one_child = GroupLimits { child_bytes: 400, ..GroupLimits::default() };
    let told = made_with(extract(tables()).unwrap(), one_child).err().unwrap();
    assert!(told.contains("one child has too many rows"), "{told}");
}

#[test]
fn one_extract_in_three_encodings_gives_the_same_records() {
    let header = HEADER.replace("A123456789012", "Zoë");
    let marked = [b"\xef\xbb\xbf".as_slice(), header.as_bytes()].concat();
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(header.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = header.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let all: Vec<_> =
        [marked, wide, western].map(|bytes| made(vec![table("header.csv", bytes)]).records).into();
    assert_eq!(all[0][1].0["child_details"]["unique_pupil_number"], "Zoë");
    assert!(all.iter().all(|records| records == &all[0]));
}

#[test]
fn mess_is_read_counted_and_located_and_nothing_else_is_changed() {
    let header = "Extract of 1 May,,,,,,\nchild,Gender,dob,ETHNIC,UPN,MOTHER,MC_DOB
1.23E+11,1,2-Mar-26,a) WBRI,1.2E+12,NULL,
B2,\u{a0}F ,2012-02-01,WBRI – White British,,#N/A,
C3,M,40000,wbri,,,
D4,M,01/02/2012 00:00:00,WBRI - White Irish,,,
E5,X,31/02/2012,British,,7,
,,,,,,
,M,01/02/2012,WBRI,,,
F6,M
G7,M,01/02/12,WBRI,,,,spare
Total,7,,,,,
";
    let made = made(files(&[("header.csv", header)]));
    let details = |at: usize| made.records[at].0["child_details"].clone();
    assert_eq!(made.records[0].0["la_child_id"], "1.23E+11");
    assert_eq!(
        details(0),
        json!({ "sex": "M", "date_of_birth": "2026-03-02", "ethnicity": "WBRI", "unique_pupil_number": "1.2E+12" })
    );
    assert_eq!(details(1), json!({ "sex": "F", "date_of_birth": "2012-02-01", "ethnicity": "WBRI" }));
    assert_eq!(details(2), json!({ "sex": "M", "date_of_birth": "2009-07-06", "ethnicity": "wbri" }));
    assert_eq!(
        details(3)["ethnicity"],
        "WBRI - White Irish",
        "a label that contradicts its code is not resolved"
    );
    assert_eq!(
        details(4),
        json!({ "sex": "X", "date_of_birth": "31/02/2012", "ethnicity": "British", "mother_flag": "7" })
    );
    assert_eq!(details(6)["date_of_birth"], "01/02/12", "a year of two digits is not guessed");
    let counted: Vec<String> =
        made.counted.iter().map(|((what, column), lines)| format!("{what:?} {column} {lines:?}")).collect();
    let expected = [
        "AlteredByExcel CHILD [3]",
        "AlteredByExcel UPN [3]",
        "RowWithoutChild CHILD [9]",
        "RowTooLong  [11]",
        "RowTooShort  [10]",
        "EarlierCode SEX [3]",
        "CodeWithLabel ETHNIC [3, 4]",
        "DateInOtherForm DOB [4]",
        "DateWithTime DOB [6]",
        "DateAsExcelShowsIt DOB [3]",
        "DateAsSerialNumber DOB [5]",
        "EmptyMarker MOTHER [3, 4]",
        "Spaces SEX [4]",
        "BlankRow  [8]",
        "TotalRow  [12]",
        "TitleRow  [1]",
        "HeaderNormalised CHILD [2]",
        "HeaderNormalised DOB [2]",
        "HeaderAlias SEX [2]",
    ];
    assert_eq!(counted, expected);
}

#[test]
fn a_fact_that_there_is_once_is_the_first_one_and_the_others_are_said() {
    let reviews =
        "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,06/06/2010,20/01/2025,PN1\nB2,01/02/2012,21/01/2025,PN1\n";
    let made = made(files(&[("reviews.csv", reviews), ("header.csv", HEADER)]));
    assert_eq!(made.records[0].0["child_details"]["date_of_birth"], "2010-06-05");
    assert_eq!(made.counted, BTreeMap::from([((Coercion::Differs, "DOB".to_owned()), vec![2])]));
}

#[test]
fn yearly_answers_of_the_903_keep_their_meaning() {
    let oc2 = "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\nA1,05/06/2010,12,,1,,1,1,0,1,0,1\n";
    let oc3 = "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nA1,05/06/2010,YES,F1,B2\n";
    let made = made(files(&[("header.csv", HEADER), ("oc2.csv", oc2), ("oc3.csv", oc3)]));
    let (record, places) = &made.records[0];
    assert_eq!(
        record["health_and_wellbeing"],
        json!({ "sdq_assessments": [{ "score": 12 }], "immunisations": { "up_to_date_flag": true }, "dental_checks": [{}],
            "health_assessments": [], "substance_misuse": [{ "intervention_offered_flag": true, "intervention_accepted_flag": false }] })
    );
    assert_eq!(record["convictions"], json!([{}]));
    let leaver =
        json!({ "in_touch": "YES", "activity": "F1", "accommodation": "B", "accommodation_suitable": "2" });
    assert_eq!(record["social_care_episodes"][0]["care_leavers"], leaver);
    assert_eq!(at(places, "/health_and_wellbeing/dental_checks/0/date"), "oc2.csv 2 TEETH_CHECK");
    assert_eq!(at(places, "/social_care_episodes/0/care_leavers/accommodation_suitable"), "oc3.csv 2 ACCOM");
    assert!(made.records[1].0.get("health_and_wellbeing").is_none(), "no row in OC2 says nothing of a child");
}

#[test]
fn files_are_known_by_name_or_by_columns_and_what_is_unsure_is_asked() {
    let known =
        |name: &str, text: &str| extract(files(&[(name, text)])).map(|extract| extract.strangers().len());
    assert_eq!(known("LAN 2026_Episodes v2.csv", EPISODES), Ok(0));
    assert_eq!(known("a.csv", EPISODES), Ok(0));
    let told = |name: &str, text: &str| known(name, text).err().unwrap_or_default();
    assert!(told("a.csv", "COLOUR,SIZE\nred,2\n").contains("no layout knows a.csv"));
    assert!(
        told("header.csv", "CHLD,SEX,DOB\nA1,M,01/01/2012\n")
            .contains("needs the column `CHILD`; is it column 1?")
    );
    assert!(
        told("header.csv", "CHILD,SEX,DOB,child\nA1,M,,A1\n")
            .contains("the columns 1 and 4 are both `CHILD`")
    );
    let twice = extract(files(&[("episodes.csv", EPISODES), ("episodes 2.csv", EPISODES)])).err().unwrap();
    assert!(twice.contains("are both the table `Episodes`"), "{twice}");
    let unnamed =
        Extract::recognise(&SHIPPED.layouts, Some("nobodys"), usual(), &[]).err().unwrap().to_string();
    assert_eq!(unnamed, "there is no layout `nobodys`; there are: annex-a, cin, ssd, ssda903-xml, ssda903");
    let two = [read("ours", &shipped_text()).unwrap(), read("theirs", &shipped_text()).unwrap()];
    let unsure = Extract::recognise(&two, None, usual(), &[]).err().unwrap().to_string();
    assert!(unsure.contains("these 3 files may be `ours` or `theirs`: say which `layout` it is"), "{unsure}");
    assert_eq!(Extract::recognise(&two, Some("theirs"), usual(), &[]).unwrap().layout().name, "theirs");
}

#[test]
fn a_column_that_is_only_like_one_is_suggested_and_used_once_confirmed() {
    let text = "CHILD,DOB,REVIEW,REVIEW_COD\nA1,05/06/2010,20/01/2025,PN1\n";
    let tables = || files(&[("reviews.csv", text)]);
    let unasked = extract(tables()).unwrap();
    let suggested = &unasked.suggested()[0];
    assert_eq!(
        (suggested.number, suggested.written.as_str(), suggested.column.as_str()),
        (4, "REVIEW_COD", "REVIEW_CODE")
    );
    assert!(made(tables()).records[0].0["cla_reviews"][0].get("participation").is_none());
    let confirmed = [Confirmed { written: "review cod".to_owned(), column: "REVIEW_CODE".to_owned() }];
    let asked = Extract::recognise(&SHIPPED.layouts, None, tables(), &confirmed).unwrap();
    let records = made_with(asked, GroupLimits::default()).unwrap().records;
    assert_eq!(records[0].0["cla_reviews"][0]["participation"], "PN1");
}

#[test]
fn a_second_table_in_a_file_is_an_error_with_its_line() {
    let text = format!("{HEADER}\nCHILD,DOB,REVIEW,REVIEW_CODE\nA1,05/06/2010,20/01/2025,PN1\n");
    let told =
        made_with(extract(files(&[("header.csv", &text)])).unwrap(), GroupLimits::default()).err().unwrap();
    assert_eq!(
        told,
        "header.csv, line 5: the header of a second table begins here; make it a file of its own"
    );
}

#[test]
fn a_rule_lacks_what_is_in_no_table_or_in_a_table_or_column_that_is_not_there() {
    let lacks = |tables: Vec<Table>, rule: &str| -> Vec<Lack> {
        let reads = &SHIPPED.pack.rule(rule).unwrap().reads;
        extract(tables).unwrap().lacks(reads).into_iter().collect()
    };
    assert_eq!(lacks(usual(), "LAC-009"), []);
    let without = files(&[("header.csv", HEADER), ("episodes.csv", EPISODES)]);
    assert_eq!(lacks(without, "LAC-009"), [Lack::Table("Reviews".to_owned())]);
    let no_column = EPISODES.replace("DECOM", "UNKNOWN");
    let without = files(&[("header.csv", HEADER), ("episodes.csv", &no_column), ("reviews.csv", REVIEWS)]);
    assert_eq!(lacks(without, "LAC-009"), [Lack::Column("Episodes.DECOM".to_owned())]);
    assert!(
        lacks(usual(), "CHR-001")
            .iter()
            .any(|lack| matches!(lack, Lack::NeverHeld(held) if held.starts_with("chronology")))
    );
}

#[test]
fn the_public_sample_of_the_903_becomes_one_record_a_child() {
    let Some(folder) = shared::folder("samples/ssda903") else { return };
    let tables: Vec<Table> =
        shared::files(&folder, ".csv").into_iter().map(|(name, bytes)| table(&name, bytes)).collect();
    assert_eq!(tables.len(), 12);
    let extract = extract(tables).unwrap();
    assert!(extract.strangers().is_empty() && extract.suggested().is_empty());
    let made = made_with(extract, GroupLimits::default()).unwrap();
    let in_header =
        made.records.iter().filter(|(record, _)| record["child_details"].get("ethnicity").is_some());
    assert_eq!(in_header.count(), 2_675);
    let reviews: usize =
        made.records.iter().map(|(record, _)| record["cla_reviews"].as_array().unwrap().len()).sum();
    assert_eq!(reviews, 12_582);
}
