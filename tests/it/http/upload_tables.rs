//! Tables of an extract, uploaded: what they were taken for is shown, near names are confirmed, and what could not run is said.

use crate::annex_a::zipped;
use crate::http::fixture::House;
use crate::http::fixture::house_with;
use crate::http::upload::keeps_to_the_policy;
use crate::http::upload::next;
use crate::xml::CIN;

/// Two fictitious children; rows above the header, a column by another name, and one whose name is only near.
const HEADER: &str =
    "Returned by Northtown\n\nCHILD,gender,DOB,ETHNIC\nC1,1,01/02/2012,WBRI\nC2,2,03/04/2014,WBRI\n";
const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHNGE,HOME_POST,PL_POST,URN\n\
    C1,01/03/2025,S,C2,N1,U6,PR1,,,,,,\nC2,01/04/2025,S,C2,N1,U6,PR1,,,,,,\n";
const NEAR: &str = "REASON_PLACE_CHNGE=REASON_PLACE_CHANGE";

/// A service with the rules and layouts of the binary.
async fn whole_house() -> House {
    house_with(|options| {
        options.catalog = None;
        options.profiles = Vec::new();
        options.open_pages = true;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_recognised_a_near_name_is_confirmed_and_the_files_are_not_sent_again() {
    let house = whole_house().await;
    let files: [(&str, &[u8]); 3] = [
        ("header.csv", HEADER.as_bytes()),
        ("episodes.csv", EPISODES.as_bytes()),
        ("<minutes>.csv", b"when,who\n2026-01-01,all\n"),
    ];
    let upload = next(&house.upload(&[("as_at", "2026-07-23")], &files).await);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    for words in [
        "2 records",
        "the table Episodes of ssda903: 2 rows, UTF-8",
        "no table of ssda903: it will not be read",
        "above the header passed over",
        "columns found by another name: SEX",
        "and no record counts as passed",
        "the table Reviews was not given",
    ] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    assert!(!seen.contains("<minutes>"), "{seen}");
    assert!(seen.contains(&format!("value=\"{NEAR}\"><label")), "not ticked unasked: {seen}");
    let again = house.fill(&upload, &[("do", "again"), ("column", NEAR), ("as_at", "2026-07-23")]).await;
    assert_eq!(next(&again), upload);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    assert!(seen.contains(&format!("value=\"{NEAR}\" checked")), "{seen}");
    let job = next(&house.fill(&upload, &[("do", "check"), ("column", NEAR), ("as_at", "2026-07-23")]).await);
    let done = house.page_that_says(&job, ">Done<").await;
    for words in ["and no record counts as passed", "Read as ssda903", "What was done to read it"] {
        assert!(done.contains(words), "{words}: {done}");
    }
    assert!(!done.contains("REASON_PLACE_CHNGE=") && done.contains("line 3"), "{done}");
    let rules = house.page(&format!("{job}/rules")).await;
    assert!(rules.contains("could not run"), "{rules}");
    assert_eq!(std::fs::read_dir(house.data.path().join("jobs")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_no_layout_knows_wait_for_somebody_to_say_what_they_are() {
    let house = whole_house().await;
    let table = EPISODES.replace("CHILD", "Reference");
    let upload = next(&house.upload(&[], &[("episodes.csv", table.as_bytes())]).await);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    assert!(seen.contains("Nothing could be read") && seen.contains("needs the column `CHILD`"), "{seen}");
    assert!(!seen.contains("--") && !seen.contains("value=\"check\""), "{seen}");
    let refused = house.fill(&upload, &[("do", "again"), ("more", "Reference=NONSENSE")]).await;
    assert_eq!(refused.status(), 422);
    assert!(keeps_to_the_policy(refused, &upload).await.contains("href=\"#more\""));
    let wish = [("do", "again"), ("more", "Reference=CHILD\r\n"), ("layout", "ssda903")];
    assert_eq!(next(&house.fill(&upload, &wish).await), upload);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    assert!(seen.contains("2 records") && seen.contains("value=\"Reference=CHILD\" checked"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_recognised_and_one_beside_tables_is_said_to_be_left() {
    let house = whole_house().await;
    let upload = next(&house.upload(&[], &[("census.xml", CIN.as_bytes())]).await);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    for words in ["2 records", "8 tables of cin", "the file has no element CINPlanDates"] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    let sent = zipped(&[("header.csv", HEADER.as_bytes()), ("903.xml", b"<never/>")]);
    let upload = next(&house.upload(&[], &[("sent.zip", &sent)]).await);
    let seen = house.page_that_says(&upload, "What your files were taken for").await;
    assert!(seen.contains("sent.zip/903.xml is not read: tables stand beside it"), "{seen}");
    let job = next(&house.fill(&upload, &[("do", "check"), ("as_at", "2026-07-23")]).await);
    let done = house.page_that_says(&job, ">Done<").await;
    assert!(done.contains("sent.zip/903.xml was not read: tables stand beside it"), "{done}");
}
