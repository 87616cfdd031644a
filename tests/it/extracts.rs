//! Extracts by the front door: `casecheck check` over folders of tables.

use std::path::Path;

use assert_cmd::Command;
use bumpalo::Bump;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::extracts::Extract;
use casecheck::extracts::GroupLimits;
use casecheck::intake;
use casecheck::intake::Chunk;
use casecheck::model::Record;
use casecheck::tables::Limits;
use casecheck::tables::Table;
use casecheck::validator::Options;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::lab;
use crate::shared;

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,F,05/06/2010,MWBC,UN3,0,\nB2,M,01/02/2012,Zoë,A123456789012,,\n";
const EPISODES: &str =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
A1,01/01/2025,S,C2,N1,U1,PR1,,,,,,
B2,03/03/2025,S,C2,N1,QQ,PR1,,,,,,SC000001
";
const REVIEWS: &str =
    "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,05/06/2010,20/01/2025,PN1\nA1,05/06/2010,20/12/2025,PN1\n";

/// A folder `903` with these tables.
fn folder(tables: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("903")).unwrap();
    for (name, bytes) in tables {
        std::fs::write(folder.path().join("903").join(name), bytes).unwrap();
    }
    folder
}

fn usual() -> TempDir {
    folder(&[
        ("header.csv", HEADER.as_bytes()),
        ("episodes.csv", EPISODES.as_bytes()),
        ("reviews.csv", REVIEWS.as_bytes()),
    ])
}

/// Runs `check` and gives the exit code, standard output and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).env_remove("CASECHECK_CATALOG");
    command.args(["check", "--as-at", "2026-05-01"]).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn results(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("out/results.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn summary(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("out/summary.json")).unwrap()).unwrap()
}

#[test]
fn a_folder_of_tables_is_checked_by_one_command() {
    let folder = usual();
    let (code, out, err) = check(folder.path(), &["903", "--out", "out"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("Read as ssda903"), "{out}");
    assert!(out.contains("903/episodes.csv, line 3, column PLACE"), "{out}");
    assert!(out.contains("rules could not run, and no record counts as passed"), "{out}");
    let answers = results(folder.path());
    assert_eq!(answers.len(), 2);
    for answer in &answers {
        assert_eq!(answer["decision"]["verdict"], "not_checked");
        let rules = &answer["decision"]["rules"];
        let not_run = rules["not_run"].as_array().unwrap().len() as u64;
        assert_eq!(rules["evaluated"].as_u64().unwrap() + not_run, rules["expected"].as_u64().unwrap());
        assert!(rules["not_run"].as_array().unwrap().contains(&json!("CHR-001")));
        assert!(!rules["not_run"].as_array().unwrap().contains(&json!("LAC-009")));
    }
    let late =
        answers[0]["findings"].as_array().unwrap().iter().find(|finding| finding["rule"]["id"] == "LAC-008");
    let done = &late.unwrap()["evidence"];
    assert!(done.to_string().contains(r#""at":{"file":"903/reviews.csv","line":3"#), "{done}");
    let code = answers[1]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["rule"]["id"] == "SCHEMA.unknown_code");
    assert!(code.is_some());
}

#[test]
fn the_summary_counts_lists_and_locates_what_was_done_and_what_could_not_run() {
    let header = HEADER.replace("A1,F,", "A1,2,").replace("05/06/2010", "5-Jun-10");
    let folder = folder(&[("header.csv", header.as_bytes()), ("episodes.csv", EPISODES.as_bytes())]);
    let (_, out, _) = check(folder.path(), &["903", "--out", "out"]);
    assert!(out.contains("1 codes of earlier years, replaced by today's"), "{out}");
    assert!(out.contains("903/header.csv column SEX: 1, line 2"), "{out}");
    assert!(out.contains("the table Reviews was not given ("), "{out}");
    let extract = &summary(folder.path())["extract"];
    assert_eq!(extract["layout"], "ssda903");
    let coercions = json!([
        { "kind": "earlier_code", "file": "903/header.csv", "column": "SEX", "count": 1, "lines": [2] },
        { "kind": "date_as_excel_shows_it", "file": "903/header.csv", "column": "DOB", "count": 1, "lines": [2] },
    ]);
    assert_eq!(extract["coercions"], coercions);
    let lacking = extract["not_run"].as_array().unwrap();
    let reviews = lacking.iter().find(|line| line["lacks"] == "table" && line["name"] == "Reviews").unwrap();
    assert!(reviews["rules"].as_array().unwrap().contains(&json!("LAC-009")));
    assert_eq!(extract["tables"][0]["rows"], 2);
    let counts = &summary(folder.path())["rules"];
    let late = counts.as_array().unwrap().iter().find(|rule| rule["id"] == "LAC-009").unwrap();
    assert!(
        late["counts"].as_object().unwrap().values().all(|count| count == 0),
        "a rule that did not run has no outcome"
    );
}

#[test]
fn a_blank_column_and_a_rule_that_fails_for_all_are_said_first_and_once() {
    let mut header = "CHILD,SEX,DOB,ETHNIC,UPN\n".to_owned();
    for number in 0..30 {
        header.push_str(&format!("C{number},M,01/02/2012,{},WRONG\n", if number == 0 { "WBRI" } else { "" }));
    }
    let episodes: String = (0..30).map(|number| format!("C{number},03/03/2025,S,ZZ,N1,U1\n")).collect();
    let episodes = format!("CHILD,DECOM,RNE,LS,CIN,PLACE\n{episodes}");
    let folder = folder(&[("header.csv", header.as_bytes()), ("episodes.csv", episodes.as_bytes())]);
    let (_, out, _) = check(folder.path(), &["903", "--out", "out"]);
    assert!(out.starts_with("Probably faults of the extract: look at these first\n"), "{out}");
    assert!(out.contains("903/header.csv column ETHNIC is blank in 29 of 30 rows"), "{out}");
    assert!(
        out.contains("SCHEMA.unknown_code finds fault with 30 of 30 records (903/episodes.csv column LS)"),
        "{out}"
    );
    let summary = summary(folder.path());
    assert_eq!(summary["extract"]["mostly_blank"].as_array().unwrap().len(), 1);
    let places: Vec<&Value> =
        summary["nearly_all"].as_array().unwrap().iter().map(|fault| &fault["place"]).collect();
    assert!(places.contains(&&json!("903/episodes.csv column LS")), "{places:?}");
}

#[test]
fn one_extract_in_three_encodings_gives_the_same_answers() {
    let marked = |text: &str| [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let wide = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let western = |text: &str| -> Vec<u8> {
        text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
    };
    let all = [HEADER, EPISODES, REVIEWS];
    let answers = [all.map(marked), all.map(wide), all.map(western)].map(|[header, episodes, reviews]| {
        let folder =
            folder(&[("header.csv", &header), ("episodes.csv", &episodes), ("reviews.csv", &reviews)]);
        check(folder.path(), &["903", "--out", "out"]);
        std::fs::read_to_string(folder.path().join("out/results.ndjson")).unwrap()
    });
    assert!(answers[0].contains("SCHEMA.unknown_code"));
    assert!(answers.iter().all(|answer| answer == &answers[0]));
}

#[test]
fn findings_are_those_of_the_same_record_sent_as_json_but_for_their_places() {
    let catalog =
        Catalog::load(Files::embedded(), None).unwrap_or_else(|_| panic!("the shipped catalog loads"));
    let validator = catalog.validator();
    let tables =
        [("header.csv", HEADER), ("episodes.csv", EPISODES), ("reviews.csv", REVIEWS)].map(|(name, text)| {
            Table::read(name, std::io::Cursor::new(text.as_bytes().to_vec()), &Limits::default()).unwrap()
        });
    let extract = Extract::recognise(&catalog.layouts, None, Vec::from(tables), &[]).unwrap();
    let chunks: Vec<Chunk> = extract.group(GroupLimits::default()).unwrap().map(Result::unwrap).collect();
    let mut located = 0;
    for document in chunks.iter().flat_map(Chunk::documents) {
        let bytes = document.text.clone().unwrap();
        let arena = Bump::new();
        let record = Record { root: intake::parse(bytes, &arena).unwrap(), bytes };
        let as_at = Options::as_at(lab::day("2026-05-01"));
        let sent = validator.check(&record, &as_at, &mut validator.tally());
        let mut of_tables =
            validator.check(&record, &Options { places: document.places, ..as_at }, &mut validator.tally());
        for finding in &mut of_tables.findings {
            assert!(finding.at.is_some());
            located += finding.evidence.iter().filter(|evidence| evidence.at.is_some()).count();
            finding.at = None;
            finding.evidence.iter_mut().for_each(|evidence| evidence.at = None);
        }
        assert_eq!(of_tables, sent);
    }
    assert!(located > 0);
}

#[test]
fn what_cannot_be_read_as_an_extract_ends_with_two_and_says_why() {
    let folder = folder(&[
        ("header.csv", HEADER.as_bytes()),
        ("notes.csv", b"WHO,WHAT\nsomebody,something\n"),
        ("broken.csv", b"CHILD,DOB\nA1,\"never\nclosed\n"),
        ("book.csv", b"PK\x03\x04"),
    ]);
    let told = |arguments: &[&str]| {
        let (code, _, err) = check(folder.path(), arguments);
        assert_eq!(code, 2, "{err}");
        err
    };
    let err = told(&["903"]);
    assert!(
        err.contains("903/broken.csv, line 2: the quote") && err.contains("903/book.csv: this is a workbook"),
        "{err}"
    );
    assert!(
        told(&["903/header.csv", "903/notes.csv"])
            .contains("903/notes.csv is no table of the layout, and was not read")
    );
    assert!(told(&["903/notes.csv"]).contains("no layout knows 903/notes.csv"));
    assert!(
        told(&["903/header.csv", "--layout", "nobodys"])
            .contains("there is no layout `nobodys`; there are: ")
    );
    assert!(told(&["903/header.csv", "--column", "SEX"]).contains("write the name in the file, `=`"));
    let mixed = usual();
    std::fs::write(mixed.path().join("903/one.json"), r#"{"la_child_id": "C9"}"#).unwrap();
    let (_, out, _) = check(mixed.path(), &["903"]);
    assert!(out.contains("3 records as at 2026-05-01"), "records and tables go together: {out}");
}

#[test]
fn nothing_that_stands_in_a_cell_comes_out_again() {
    let canary = "Quillfeather";
    let header = format!(
        "{canary} title,,\nCHILD,SEX,DOB,ETHNIC,UPN,MOTHER\nA1,{canary},{canary},{canary},{canary},{canary},{canary}\n,{canary}\n"
    );
    let episodes = format!("CHILD,DECOM,PLACE\nA1,{canary},x) {canary}\n{canary}E+9,01/01/2025,U1\n");
    let folder = folder(&[("header.csv", header.as_bytes()), ("episodes.csv", episodes.as_bytes())]);
    let (_, out, err) = check(folder.path(), &["903/header.csv", "903/episodes.csv", "--out", "out"]);
    let written = std::fs::read_to_string(folder.path().join("out/summary.json")).unwrap();
    let answers = results(folder.path());
    let of_a1 = answers.iter().find(|answer| answer["decision"]["record"]["id"] == "A1").unwrap();
    // A child's id is what an answer is about, so only the first child is looked at here.
    assert!(!of_a1.to_string().contains(canary) && !written.contains(canary) && !err.contains(canary));
    assert!(!out.replace(&format!("child {canary}E+9"), "").contains(canary), "{out}");
    let no_header = format!("{canary},{canary}\n");
    std::fs::write(folder.path().join("903/header.csv"), no_header).unwrap();
    let (code, out, err) = check(folder.path(), &["903/header.csv"]);
    assert!(code == 2 && !out.contains(canary) && !err.contains(canary), "{out}{err}");
}

#[test]
fn the_public_sample_of_the_903_runs_by_one_command() {
    let Some(sample) = shared::folder("samples/ssda903") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = check(folder.path(), &[sample.to_str().unwrap(), "--out", "out"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("Read as ssda903") && out.contains("2676 records"), "{out}");
    assert!(
        out.contains(
            "Pathway plan                     –   no rule of it could judge anything in this extract"
        )
    );
    assert!(out.contains("fake_903.xml: tables stand beside it;"), "{out}");
    // 2,675 children of the return and one more in two small tables.
    assert_eq!(results(folder.path()).len(), 2_676);
    let summary = summary(folder.path());
    assert_eq!(summary["extract"]["tables"].as_array().unwrap().len(), 12);
}
