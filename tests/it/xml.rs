//! XML documents: the children in need census and the SSDA903 return as XML, by the front door; and documents that are none, are broken or
//! mean harm.

use std::io::Cursor;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use assert_cmd::Command;
use casecheck::extracts::Coercion;
use casecheck::extracts::Extract;
use casecheck::extracts::GroupLimits;
use casecheck::extracts::Sources;
use casecheck::tables::Document;
use casecheck::tables::Limits;
use casecheck::tables::UnreadableTable;
use serde_json::Value;
use serde_json::json;

use crate::layouts::Made;
use crate::layouts::SHIPPED;
use crate::layouts::at;
use crate::layouts::files;
use crate::layouts::made_with;
use crate::shared;

/// Two children of the census; the second has nothing beneath the referral.
pub(crate) const CIN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<c:Message xmlns:c="urn:example" year="2026">
  <Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails></Header>
  <Children>
    <Child>
      <ChildIdentifiers>
        <LAchildID>B2</LAchildID>PersonBirthDate
        <PersonBirthDate>2015-03-27</PersonBirthDate>
        <Sex>1</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity> WBRI </Ethnicity>
        <Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2025-10-06</CINreferralDate>
        <ReferralSource>1A</ReferralSource>
        <Assessments>
          <AssessmentActualStartDate>2025-10-07</AssessmentActualStartDate>
          <FactorsIdentifiedAtAssessment>
            <AssessmentFactors>1C</AssessmentFactors>
            <AssessmentFactors>6B</AssessmentFactors>
          </FactorsIdentifiedAtAssessment>
        </Assessments>
        <Assessments>
          <AssessmentActualStartDate>2025-12-01</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2026-01-05</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment/>
        </Assessments>
        <Section47>
          <S47ActualStartDate>2025-11-01</S47ActualStartDate>
          <ICPCnotRequired>false</ICPCnotRequired>
        </Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2025-11-20</CPPstartDate>
          <Reviews><CPPreviewDate>2026-02-15</CPPreviewDate><CPPreviewDate>2026-03-15</CPPreviewDate></Reviews>
        </ChildProtectionPlans>
        <Colour>A &amp; B &#163;</Colour>
      </CINdetails>
    </Child>
    <Child>
      <ChildIdentifiers><LAchildID>A1</LAchildID><PersonBirthDate>27/03/2016</PersonBirthDate><Sex>F</Sex></ChildIdentifiers>
      <ChildCharacteristics><Ethnicity>MWBC</Ethnicity></ChildCharacteristics>
      <CINdetails><CINreferralDate>2026-01-07</CINreferralDate><ReferralSource>99</ReferralSource><ReferralNFA>1</ReferralNFA></CINdetails>
      <CINdetails/>
    </Child>
  </Children>
</c:Message>
"#;

fn document(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Document, UnreadableTable> {
    Document::read(name, Cursor::new(bytes.into()), &Limits::default())
}

fn made(text: &str) -> Made {
    let documents = vec![document("census.xml", text).unwrap()];
    let sources = Sources { documents, ..Sources::default() };
    let extract = Extract::recognise(&SHIPPED.layouts, None, sources, &[]).unwrap();
    made_with(extract, GroupLimits::default()).unwrap()
}

/// Runs `check` in a folder and gives the exit code, standard output and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).env_remove("CASECHECK_CATALOG").arg("check").args(arguments);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn written(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("out").join(name)).unwrap()).unwrap()
}

#[test]
fn a_census_becomes_nested_records() {
    let made = made(CIN);
    let records: Vec<&Value> = made.records.iter().map(|(record, _)| record).collect();
    let none = || json!([]);
    let expected = json!({
        "la_child_id": "B2",
        "child_details": { "date_of_birth": "2015-03-27", "sex": "M", "ethnicity": "WBRI", "disabilities": ["HAND", "HEAR"] },
        "social_care_episodes": [{
            "referral_date": "2025-10-06", "referral_source": "1A", "referral_no_further_action_flag": false,
            "child_and_family_assessments": [
                { "start_date": "2025-10-07", "factors": ["1C", "6B"] },
                { "start_date": "2025-12-01", "authorisation_date": "2026-01-05" },
            ],
            "section_47_assessments": [{ "start_date": "2025-11-01", "icpc_required_flag": true }],
            "child_protection_plans": [{ "start_date": "2025-11-20",
                "reviews": [{ "review_date": "2026-02-15" }, { "review_date": "2026-03-15" }] }],
        }],
    });
    assert_eq!(records[1], &expected);
    let first = json!({ "referral_date": "2026-01-07", "referral_source": "99", "referral_no_further_action_flag": true,
        "child_and_family_assessments": none(), "section_47_assessments": none(), "child_protection_plans": none() });
    // A referral of which nothing is said is one all the same.
    let second = json!({ "child_and_family_assessments": none(), "section_47_assessments": none(), "child_protection_plans": none() });
    assert_eq!(records[0]["social_care_episodes"], json!([first, second]));
    let counted: Vec<String> =
        made.counted.iter().map(|((what, column), lines)| format!("{what:?} {column} {lines:?}")).collect();
    let expected = [
        "StrayText  [7]",
        "UnknownElement Colour [39]",
        "EarlierCode Sex [9]",
        "DateInOtherForm PersonBirthDate [43]",
        "Spaces Ethnicity [12]",
    ];
    assert_eq!(counted, expected);
}

#[test]
fn each_value_stands_on_the_line_of_its_element() {
    let made = made(CIN);
    let (_, places) = &made.records[1];
    let episode = "/social_care_episodes/0";
    for (pointer, place) in [
        ("/la_child_id".to_owned(), "census.xml 7 LAchildID"),
        ("/child_details/date_of_birth".to_owned(), "census.xml 8 PersonBirthDate"),
        ("/child_details/disabilities/1".to_owned(), "census.xml 13 Disability"),
        (episode.to_owned(), "census.xml 15 CINdetails"),
        (format!("{episode}/referral_source"), "census.xml 17 ReferralSource"),
        (format!("{episode}/closure_date"), "census.xml 15 CINclosureDate"),
        (format!("{episode}/child_and_family_assessments/0/factors/1"), "census.xml 22 AssessmentFactors"),
        (format!("{episode}/child_and_family_assessments/1"), "census.xml 25 Assessments"),
        (
            format!("{episode}/child_and_family_assessments/0/authorisation_date"),
            "census.xml 18 AssessmentAuthorisationDate",
        ),
        (format!("{episode}/section_47_assessments/0/icpc_required_flag"), "census.xml 32 ICPCnotRequired"),
        (format!("{episode}/child_protection_plans/0/reviews/1/review_date"), "census.xml 37 CPPreviewDate"),
    ] {
        assert_eq!(at(places, &pointer), place, "{pointer}");
    }
}

#[test]
fn a_document_in_any_encoding_gives_the_same_records() {
    let text = CIN.replace("WBRI", "Zoë");
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let usual = made(&text);
    assert_eq!(usual.records[1].0["child_details"]["ethnicity"], "Zoë");
    for (bytes, says_so) in [(marked, true), (wide, false), (western, false)] {
        let documents = vec![document("census.xml", bytes).unwrap()];
        let sources = Sources { documents, ..Sources::default() };
        let made = made_with(
            Extract::recognise(&SHIPPED.layouts, None, sources, &[]).unwrap(),
            GroupLimits::default(),
        )
        .unwrap();
        assert!(made.records == usual.records);
        let other = made.counted.keys().any(|(what, _)| *what == Coercion::OtherEncoding);
        assert_eq!(other, !says_so, "the document says UTF-8");
    }
}

#[test]
fn what_waits_in_temporary_files_nests_as_what_fits_into_memory() {
    let (head, rest) = CIN.split_once("    <Child>").unwrap();
    let (children, tail) = rest.rsplit_once("  </Children>").unwrap();
    let many: String = (0..200)
        .map(|number| {
            format!(
                "    <Child>{}",
                children.replace("B2", &format!("B{number}")).replace("A1", &format!("A{number}"))
            )
        })
        .collect();
    let text = format!("{head}{many}  </Children>{tail}");
    let read = |memory_bytes| {
        let documents = vec![document("census.xml", text.clone()).unwrap()];
        let sources = Sources { documents, ..Sources::default() };
        let limits = GroupLimits { memory_bytes, ..GroupLimits::default() };
        made_with(Extract::recognise(&SHIPPED.layouts, None, sources, &[]).unwrap(), limits).unwrap()
    };
    let (small, large) = (read(100_000), read(64 << 20));
    assert_eq!(small.records.len(), 400);
    assert!(small.records == large.records && small.counted == large.counted);
}

#[test]
fn the_903_says_the_same_in_xml_as_in_tables() {
    let header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,F,05/06/2010,MWBC,UN3,0,\n";
    let episodes =
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
A1,01/01/2025,S,V2,N1,U1,PR1,01/02/2025,X1,CARPL,ZZ99 9ZZ,ZZ99 8ZZ,SC000001
A1,01/02/2025,P,V2,N1,K2,PR4,,,,ZZ99 9ZZ,,
";
    let oc2 = "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\nA1,05/06/2010,12,,0,1,1,1,0,1,0,1\n";
    let uasc = "CHILD,DOB,SEX,DUC\nA1,05/06/2010,F,01/02/2026\n";
    let oc3 = "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nA1,05/06/2010,YES,F1,B2\n";
    let others = [
        ("header.csv", header),
        ("episodes.csv", episodes),
        ("oc2.csv", oc2),
        ("uasc.csv", uasc),
        ("oc3.csv", oc3),
        ("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,05/06/2010,20/01/2025,PN1\n"),
        ("missing.csv", "CHILD,DOB,MISSING,MIS_START,MIS_END\nA1,05/06/2010,A,02/02/2025,\n"),
        ("prevperm.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\nA1,05/06/2010,P1,,zz/05/2020\n"),
    ];
    let tables = Extract::recognise(&SHIPPED.layouts, None, files(&others), &[]).unwrap();
    let of_tables = made_with(tables, GroupLimits::default()).unwrap();
    let xml = "<EXPSSDA903><CHILD><HEADER><CHILDID>A1</CHILDID><UPN>UN3</UPN><SEX>F</SEX><DOB>05/06/2010</DOB><ETHNIC>MWBC</ETHNIC>
<UASC>1</UASC><DUC>01/02/2026</DUC><AREVIEW><REVIEW>20/01/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW><MOTHER>0</MOTHER><MC_DOB/>
<AMISSING><MISSING>A</MISSING><MIS_START>02/02/2025</MIS_START></AMISSING><PERMANENCE><PREV_PERM>P1</PREV_PERM><DATE_PERM>zz/05/2020</DATE_PERM></PERMANENCE>
<OC2><SDQ_SCORE>12</SDQ_SCORE><CONVICTED>0</CONVICTED><HEALTH_CHECK>1</HEALTH_CHECK><IMMUNISATIONS>1</IMMUNISATIONS><TEETH_CHECK>1</TEETH_CHECK>
<HEALTH_ASSESSMENT>0</HEALTH_ASSESSMENT><SUBSTANCE_MISUSE>1</SUBSTANCE_MISUSE><INTERVENTION_RECEIVED>0</INTERVENTION_RECEIVED><INTERVENTION_OFFERED>1</INTERVENTION_OFFERED></OC2>
<IN_TOUCH>YES</IN_TOUCH><ACTIV>F1</ACTIV><ACCOM>B2</ACCOM></HEADER>
<EPISODE><DECOM>01/01/2025</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N1</CIN><PL>U1</PL><PL_POST>ZZ99 8ZZ</PL_POST><HOME_POST>ZZ99 9ZZ</HOME_POST><URN>SC000001</URN>
<PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC>01/02/2025</DEC><REC>X1</REC><REASON_PLACE_CHANGE>CARPL</REASON_PLACE_CHANGE></EPISODE>
<EPISODE><DECOM>01/02/2025</DECOM><RNE>P</RNE><LS>V2</LS><CIN>N1</CIN><PL>K2</PL><HOME_POST>ZZ99 9ZZ</HOME_POST><PLACE_PROVIDER>PR4</PLACE_PROVIDER></EPISODE>
</CHILD></EXPSSDA903>";
    assert_eq!(made(xml).records[0].0, of_tables.records[0].0);
}

#[test]
fn what_is_no_xml_or_broken_is_refused_with_the_line() {
    let told = |text: &str| {
        document("census.xml", text).err().map_or_else(|| "read".to_owned(), |error| error.to_string())
    };
    let cut = CIN.split_once("<ReferralNFA>").unwrap().0;
    for (text, expected) in [
        ("", "census.xml: the file is empty; export it again"),
        (" \n ", "census.xml: the file is empty; export it again"),
        (
            "CHILD,DOB\nA1,01/01/2010\n",
            "census.xml, line 1: this is not XML; if it is a table of text, name it .csv",
        ),
        ("{\"a\": 1}", "census.xml: this is JSON"),
        ("PK\u{3}\u{4}", "census.xml: this is a workbook or a zip archive"),
        (cut, "census.xml, line 34: the file ends inside an element"),
        ("<a>\n<b>\n</a>", "census.xml, line 3: the markup here is not well formed"),
        ("<a>\n<b", "census.xml, line 2: the file ends inside an element"),
        ("<a/>\n<b/>", "census.xml, line 2: more stands behind the end of the document"),
        ("<a/>\nmore", "census.xml, line 2: more stands behind the end of the document"),
        ("<a>\n&nbsp;</a>", "census.xml, line 2: an entity stands here that is not one of XML's own"),
        ("<!DOCTYPE a>\n<a/>", "census.xml, line 1: a document type declaration"),
        (
            "<?xml version='1.0' encoding='EBCDIC-UK'?>\n<a/>",
            "census.xml, line 1: the first line names an encoding that is not read",
        ),
        (
            "<?xml version='1.0' encoding='Shift_JIS'?>\n<a/>",
            "census.xml, line 1: the first line names an encoding that is not read",
        ),
    ] {
        assert!(told(text).starts_with(expected), "{} is not {expected}", told(text));
    }
    let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
    assert!(told(&deep).contains("more than 64 elements stand inside one another"), "{}", told(&deep));
    let wide: String = (0..3_000).map(|number| format!("<a{number}/>")).collect();
    assert!(told(&format!("<a>{wide}</a>")).contains("more than 2000 different elements"));
    let long = format!("<a>{}</a>", "x".repeat(2 << 20));
    assert!(told(&long).contains("longer than 1024 KiB"), "{}", told(&long));
    let attribute = format!("<a b=\"{}\"/>", "x".repeat(2 << 20));
    assert!(told(&attribute).contains("longer than 1024 KiB"), "{}", told(&attribute));
    // One child that never ends.
    let endless = format!("<Message><Child>{}</Child></Message>", "<UPN>x</UPN>".repeat(800_000));
    let rows = document("census.xml", endless).unwrap();
    let sources = Sources { documents: vec![rows], ..Sources::default() };
    let extract = Extract::recognise(&SHIPPED.layouts, None, sources, &[]).unwrap();
    let told = made_with(extract, GroupLimits::default()).err().unwrap();
    assert!(told.contains("line 1: what begins here is longer than 8192 KiB"), "{told}");
}

#[test]
fn documents_that_mean_harm_are_refused_at_once() {
    let Some(folder) = shared::folder("corpora/xml-bombs") else { return };
    let all = shared::files(&folder, ".xml");
    assert!(all.len() > 8);
    for (name, bytes) in all {
        let begun = Instant::now();
        let told = document(&name, bytes).err().map(|error| error.to_string());
        assert!(begun.elapsed() < Duration::from_secs(2), "{name}");
        assert!(
            told.as_ref().is_some_and(|told| told.contains("document type declaration")),
            "{name}: {told:?}"
        );
    }
}

#[test]
fn a_census_is_checked_by_one_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("census.xml"), CIN).unwrap();
    let (code, out, err) = check(folder.path(), &["census.xml", "--as-at", "2026-03-31", "--out", "out"]);
    assert_eq!((code, err.as_str()), (0, ""), "an unknown code is a warning");
    for expected in [
        "Read as cin: census.xml\n",
        "census.xml, line 45, column ReferralSource",
        "1 texts between elements (in no record)",
        "line 39: 1 in Colour",
        "the file has no element CINPlanDates",
        "not there: UPN, GenderCurrent",
        "not given: CINPlanDates, PreProceedingsandFGDM",
        "Finish the assessment, due on 8 Dec 2025",
        "census.xml, line 18, column Assessments",
    ] {
        assert!(out.contains(expected), "{expected} is not in {out}");
    }
    assert!(!out.contains("A & B"), "content of an element is never quoted");
    let summary = written(folder.path(), "summary.json");
    assert_eq!(
        summary["extract"]["tables"][1],
        json!({ "table": "Disability", "file": "census.xml", "encoding": "UTF-8", "rows": 2 })
    );
    // By its ending a file is taken for what it is called.
    std::fs::write(folder.path().join("census.csv"), CIN).unwrap();
    std::fs::write(folder.path().join("plain.csv"), CIN.split_once('\n').unwrap().1).unwrap();
    std::fs::write(folder.path().join("header.xml"), "CHILD,DOB\nA1,01/01/2010\n").unwrap();
    let (code, _, err) = check(folder.path(), &["census.csv", "plain.csv", "header.xml"]);
    assert_eq!(code, 2);
    assert!(err.contains("census.csv: this is XML, not a table of text; name it .xml"), "{err}");
    assert!(err.contains("plain.csv: this is XML"), "{err}");
    assert!(err.contains("header.xml, line 1: this is not XML"), "{err}");
    std::fs::write(folder.path().join("other.xml"), "<books><book/></books>").unwrap();
    let (code, _, err) = check(folder.path(), &["other.xml"]);
    assert!(code == 2 && err.contains("no layout knows other.xml"), "{err}");
}

#[test]
fn a_document_beside_tables_is_left_and_said_by_every_way_to_check_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("903")).unwrap();
    for (name, text) in [("header.csv", "CHILD,SEX,DOB\nA1,F,01/01/2010\n"), ("903.xml", "<never/>")] {
        std::fs::write(folder.path().join("903").join(name), text).unwrap();
    }
    let usual = ["903", "--as-at", "2026-03-31", "--out", "out"];
    for more in [[].as_slice(), &["--resumable"], &["--layout", "ssda903"]] {
        let (code, out, err) = check(folder.path(), &[&usual, more].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{more:?}");
        assert!(out.contains("903.xml: tables stand beside it;"), "{more:?}: {out}");
        let left = &written(folder.path(), "summary.json")["extract"]["not_used"];
        assert!(left[0]["file"].as_str().unwrap().ends_with("903.xml"), "{more:?}: {left}");
    }
    // Where no table stands beside it, it is read: and here found to be none.
    std::fs::remove_file(folder.path().join("903/header.csv")).unwrap();
    for more in [[].as_slice(), &["--resumable"]] {
        let (code, _, err) = check(folder.path(), &[&usual, more].concat());
        assert!(code == 2 && err.contains("903.xml"), "{more:?}: {err}");
    }
}

#[test]
fn the_public_samples_run_by_one_command_each() {
    let Some(samples) = shared::folder("samples") else { return };
    let run = |name: &str, as_at: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = samples.join(name);
        let (code, out, err) =
            check(folder.path(), &[file.to_str().unwrap(), "--as-at", as_at, "--out", "out"]);
        assert_eq!(err, "");
        let answers = std::fs::read_to_string(folder.path().join("out/results.ndjson")).unwrap();
        (code, out, written(folder.path(), "summary.json"), answers)
    };
    let rows = |summary: &Value| -> Vec<u64> {
        summary["extract"]["tables"]
            .as_array()
            .unwrap()
            .iter()
            .map(|table| table["rows"].as_u64().unwrap())
            .collect()
    };
    let not_run = |summary: &Value| {
        let lines = summary["extract"]["not_run"].as_array().unwrap();
        let rules = lines.iter().flat_map(|line| line["rules"].as_array().unwrap());
        rules.collect::<std::collections::HashSet<_>>().len()
    };
    let (code, _, summary, answers) = run("cin/fake_CIN_data.xml", "2022-07-21");
    assert_eq!((code, answers.lines().count(), rows(&summary)), (0, 332, vec![332, 117, 402]));
    assert_eq!(summary["extract"]["coercions"], json!([]));
    let places: Vec<Value> = answers
        .lines()
        .flat_map(|line| {
            let answer: Value = serde_json::from_str(line).unwrap();
            answer["findings"].as_array().unwrap().iter().map(|one| one["at"].clone()).collect::<Vec<_>>()
        })
        .collect();
    assert!(places.len() == 5 && places.iter().all(|at| at["column"] == "Disability"), "{places:?}");
    assert!(places.iter().any(|at| at["line"] == 1_443), "{places:?}");
    let (code, out, summary, answers) = run("cin/CIN_Census_2026.xml", "2026-03-31");
    assert_eq!((code, answers.lines().count(), rows(&summary)), (1, 2, vec![2, 3, 2, 2, 3, 1, 1, 1, 1, 1]));
    assert!(out.contains("CIN_Census_2026.xml, line 46, column AssessmentFactors"), "{out}");
    assert!(out.contains("1 texts between elements (in no record)"), "{out}");
    let (code, out, summary, answers) = run("ssda903/fake_903.xml", "2020-03-31");
    assert_eq!((code, answers.lines().count()), (1, 253));
    assert_eq!(rows(&summary), [253, 459, 1206, 253, 3, 253, 6]);
    let rules = summary["rules"].as_array().unwrap().len();
    // Among them one across records: a unique pupil number of two children.
    assert_eq!(rules - not_run(&summary), 18, "rules that can run on the return");
    assert!(out.contains("LAC-007") && out.contains("253 records as at 2020-03-31"), "{out}");
}
