//! What a changed catalog would change, asked over HTTP: held against the command line, and what is said when something is wrong.

use std::io::Write as _;
use std::path::Path;

use assert_cmd::Command;
use casecheck::catalog::Files;
use casecheck::county::County;
use casecheck::county::Options;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::RequestBuilder;
use serde_json::Value;
use serde_json::json;

use crate::calendar::CALENDAR;
use crate::http::fixture::House;
use crate::http::fixture::RULE_FILE;
use crate::http::fixture::TEAM;
use crate::http::fixture::house;
use crate::http::fixture::house_with;
use crate::http::fixture::json_of;
use crate::http::fixture::wait_until;
use crate::http::fixture::write;
use crate::http::jobs::EDGE;
use crate::http::jobs::lines;
use crate::lab;
use crate::lab::day;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;
use crate::shipped;

const AS_AT: &str = "2026-09-23";

/// A part of a form: its name, the name of its file if it is one, what it holds.
type Part<'p> = (&'p str, Option<&'p str>, &'p [u8]);

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        write!(body, "--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").unwrap();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    write!(body, "--{EDGE}--\r\n").unwrap();
    body
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

impl House {
    fn impact_as(&self, key: &str, parts: &[Part<'_>]) -> RequestBuilder {
        let request = self.client.post(format!("{}/v1/packs/impact", self.base)).bearer_auth(key);
        request.header("content-type", format!("multipart/form-data; boundary={EDGE}")).body(form(parts))
    }

    /// The answer to a form, with its status.
    async fn impact(&self, parts: &[Part<'_>]) -> (u16, Value) {
        let response = self.impact_as(&self.author_key, parts).send().await.unwrap();
        (response.status().as_u16(), json_of(response).await)
    }
}

/// Tests of the shipped rule on late entries, if they might take fifteen working days.
const FIFTEEN_DAYS: &str = "tests:
  - name: the fifteenth working day, across Easter
    as_at: 2024-05-01
    given: { chronology: { entries: [{ entry_id: E1, event_date: 2024-03-21, recorded_at: \"2024-04-15T09:00:00+01:00\" }] } }
    expect: { outcome: met, due_on: 2024-04-15 }
  - name: the sixteenth
    as_at: 2024-05-01
    given: { chronology: { entries: [{ entry_id: E1, event_date: 2024-03-21, recorded_at: \"2024-04-16T09:00:00+01:00\" }] } }
    expect: { outcome: met_late, days_over: 1 }
  - name: as at the last day, before it was written
    as_at: 2024-04-15
    given: { chronology: { entries: [{ entry_id: E1, event_date: 2024-03-21, recorded_at: \"2024-04-20T09:00:00+01:00\" }] } }
    expect: { outcome: not_yet_due, due_on: 2024-04-15 }
  - name: as at the day after, before it was written
    as_at: 2024-04-16
    given: { chronology: { entries: [{ entry_id: E1, event_date: 2024-03-21, recorded_at: \"2024-04-20T09:00:00+01:00\" }] } }
    expect: { outcome: overdue, days_over: 1 }
  - name: history from before the case
    as_at: 2024-05-01
    given: { chronology: { entries: [{ entry_id: E1, event_date: 2019-06-01, recorded_at: \"2024-02-01T09:00:00Z\" }] } }
    expect: { outcome: not_applicable }
  - name: when it was written is not recorded
    as_at: 2024-05-01
    given: { chronology: { entries: [{ entry_id: E1, event_date: 2024-03-21 }] } }
    expect: { outcome: cannot_tell }
";

/// The name of the shipped rule on late entries, and its text with ten working days more and tests to match.
fn longer_limit() -> (&'static str, String) {
    let name = "rules/chronology/chr-002-event-entered-late.yaml";
    let text = Files::embedded().get(name).unwrap().text.clone();
    let (rule, _) = text.split_once("tests:\n").unwrap();
    let longer = rule.replace("default: 5 working days", "default: 15 working days");
    assert_ne!(rule, longer);
    (name, longer + FIFTEEN_DAYS)
}

/// What the command line says of a catalog and a folder with a changed file, over the same files.
fn on_the_command_line(folder: &Path, present: &str, more: &[&str]) -> Value {
    let arguments = ["rules", "impact", present, "changed", "--as-at", AS_AT, "--json"];
    let mut command = Command::cargo_bin("casecheck").unwrap();
    let out = command.current_dir(folder).env_remove("CASECHECK_CATALOG").args(arguments).args(more);
    serde_json::from_slice(&out.output().unwrap().stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_limit_changes_over_http_what_the_command_line_says_it_does() {
    let options = Options { children: 100, seed: 4, as_at: day(AS_AT) };
    let county: Vec<String> =
        County::new(options, &CALENDAR).children().map(|child| format!("{child}\n")).collect();
    let (first, second) = (county[..60].concat(), gz(county[60..].concat().as_bytes()));
    let (name, text) = longer_limit();
    let folder = tempfile::tempdir().unwrap();
    shipped::write_rules(&folder.path().join("changed"));
    write(&folder.path().join("changed"), name, &text);
    std::fs::write(folder.path().join("first.ndjson"), &first).unwrap();
    std::fs::write(folder.path().join("second.ndjson.gz"), &second).unwrap();
    let over = ["--over", "first.ndjson", "second.ndjson.gz"];
    let expected = on_the_command_line(folder.path(), "built-in", &over);
    let house = house_with(|options| options.catalog = None).await;
    let parts: [Part<'_>; 4] = [
        (name, None, text.as_bytes()),
        ("records", Some("first.ndjson"), first.as_bytes()),
        ("as_at", None, AS_AT.as_bytes()),
        ("records", Some("second.ndjson.gz"), &second),
    ];
    let (status, answer) = house.impact(&parts).await;
    assert_eq!((status, &answer["problems"], &answer["failures"]), (200, &json!([]), &json!([])), "{answer}");
    assert_eq!(answer["impact"], expected);
    assert_eq!(answer["files"], json!([{ "file": name, "change": "changed" }]));
    assert_eq!(answer["rules_across"], "not_asked");
    assert!(answer["tests"].as_u64().unwrap() > 1_000, "{}", answer["tests"]);
    let impact = &answer["impact"];
    assert_eq!(impact["records"].as_u64().unwrap() + impact["unreadable"].as_u64().unwrap(), 100);
    assert!(impact["rules"].as_array().unwrap().iter().any(|line| line["rule"] == "CHR-002"), "{impact}");
    assert!(impact["all"]["no_longer_failing"].as_u64().unwrap() > 0, "{impact}");
    assert!(
        impact["teams"][0]["name"].is_string() && impact["localities"][0]["name"].is_string(),
        "{impact}"
    );
    assert!(!answer.to_string().contains("la_child_id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overlay_in_force_is_laid_over_both_and_may_be_what_changes() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["present", "changed"] {
        lab::write_small(&folder.path().join(name));
    }
    let name = "rules/overlays/northtown.yaml";
    let text = std::fs::read_to_string(folder.path().join("changed").join(name)).unwrap();
    let shorter = text.replace("limit: 15 working days", "limit: 5 working days");
    assert_ne!(text, shorter);
    write(&folder.path().join("changed"), name, &shorter);
    let records = ndjson(&records());
    std::fs::write(folder.path().join("records.ndjson"), &records).unwrap();
    let over = ["--overlay", "northtown", "--over", "records.ndjson"];
    let expected = on_the_command_line(folder.path(), "present", &over);
    let present = folder.path().join("present");
    let house = house_with(|options| {
        options.catalog = Some(present);
        options.overlay = Some("northtown".to_owned());
    })
    .await;
    let parts: [Part<'_>; 3] = [
        (name, None, shorter.as_bytes()),
        ("records", Some("records.ndjson"), records.as_bytes()),
        ("as_at", None, AS_AT.as_bytes()),
    ];
    let (status, answer) = house.impact(&parts).await;
    assert_eq!((status, &answer["problems"]), (200, &json!([])), "{answer}");
    assert_eq!(answer["impact"], expected);
    assert_eq!(answer["impact"]["changed"]["overlay"], "northtown 3");
    let moved = answer["impact"]["rules"].as_array().unwrap();
    assert!(moved.iter().any(|line| line["rule"] == "CARE-001"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_taken_out_or_added_or_as_it_was_is_said_to_be() {
    let house = house().await;
    let records: Part<'_> = ("records", Some("county.ndjson"), &lines(20));
    let (status, answer) = house.impact(&[(RULE_FILE, Some("empty"), b""), records]).await;
    assert_eq!(status, 200);
    assert_eq!(answer["files"], json!([{ "file": RULE_FILE, "change": "taken_out" }]), "{answer}");
    let impact = &answer["impact"];
    let gone = json!([{ "rule": "LAC-902", "title": "Each review names who it is", "standing": "taken_out",
        "newly_failing": 0, "no_longer_failing": 20, "other_outcome": 0 }]);
    assert_eq!(
        (&impact["rules"], &impact["records"], &impact["records_changed"]),
        (&gone, &json!(20), &json!(20))
    );
    let east = json!({ "name": "East", "newly_failing": 0, "no_longer_failing": 10, "other_outcome": 0 });
    assert!(impact["teams"].as_array().unwrap().contains(&east), "{impact}");
    // Another rule beside it finds the same once more.
    let (name, more) = ("rules/care-planning/lac-903-again.yaml", TEAM.replace("LAC-902", "LAC-903"));
    let (_, answer) = house.impact(&[(name, None, more.as_bytes()), records]).await;
    assert_eq!(answer["files"][0]["change"], "added", "{answer}");
    let line = &answer["impact"]["rules"][0];
    assert_eq!(
        (&line["rule"], &line["standing"], &line["newly_failing"]),
        (&json!("LAC-903"), &json!("added"), &json!(20))
    );
    let (_, answer) = house.impact(&[(RULE_FILE, None, TEAM.as_bytes()), records]).await;
    assert_eq!(answer["files"][0]["change"], "same");
    assert_eq!((&answer["impact"]["records_changed"], &answer["whole"]), (&json!(0), &json!(true)));
    // The catalog in force has stayed what it was.
    let rules = json_of(house.get("/v1/rules").send().await.unwrap()).await;
    assert_eq!(rules["rules"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalog_with_a_problem_has_its_problems_and_no_impact() {
    let house = house().await;
    let records: Part<'_> = ("records", Some("county.ndjson"), &lines(3));
    let awful = TEAM.replace("severity: warning", "severity: awful");
    let (status, answer) = house.impact(&[(RULE_FILE, None, awful.as_bytes()), records]).await;
    assert_eq!((status, &answer["impact"], &answer["whole"]), (200, &Value::Null, &json!(false)));
    let problem = &answer["problems"][0];
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["column"]),
        (&json!(RULE_FILE), &json!(6), &json!(11))
    );
    // A rule that loads, of which a test does not hold.
    let wrong = TEAM.replace("expect: { outcome: breached }", "expect: { outcome: met }")
        + "  - { name: none again, as_at: 2026-07-15, expect: { outcome: breached } }\n";
    let (_, answer) = house.impact(&[(RULE_FILE, None, wrong.as_bytes()), records]).await;
    assert!(answer["tests"].as_u64().unwrap() > 4 && answer["impact"].is_null(), "{answer}");
    let problem = &answer["problems"][0];
    assert!(problem["file"] == RULE_FILE && problem["line"].as_u64().unwrap() > 15, "{answer}");
    // What the rest of the catalog needs cannot be taken out.
    let (_, answer) = house.impact(&[("rules/vocabulary/core.yaml", None, b""), records]).await;
    assert!(!answer["problems"].as_array().unwrap().is_empty() && answer["impact"].is_null(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_with_the_form_is_said_at_once() {
    let house = house().await;
    let (status, document) = house
        .impact(&[
            ("rules/../../etc/passwd.yaml", None, b"x"),
            ("rules/lac-903-folder-forgotten.yaml", None, b"x"),
            ("schemas/.hidden.json", None, b"x"),
            ("Alice Example", None, b"x"),
            ("as_at", None, b"2026-02-30"),
            ("rules/care-planning/lac-999-not-there.yaml", None, b""),
            (RULE_FILE, None, TEAM.as_bytes()),
            (RULE_FILE, None, TEAM.as_bytes()),
            ("rules/words/verbs.txt", None, b"\xff\xfe"),
        ])
        .await;
    assert_eq!(
        (status, document["type"].as_str().unwrap().rsplit('/').next()),
        (400, Some("not-understood"))
    );
    let said: Vec<(&str, &str)> = document["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wrong| (wrong["parameter"].as_str().unwrap(), wrong["code"].as_str().unwrap()))
        .collect();
    let expected = [
        ("", "not_a_name"),
        ("", "not_a_name"),
        ("", "not_a_name"),
        ("", "unknown_parameter"),
        ("as_at", "not_a_date"),
        ("rules/care-planning/lac-999-not-there.yaml", "not_there"),
        (RULE_FILE, "given_twice"),
        ("rules/words/verbs.txt", "not_utf8"),
        ("records", "missing"),
    ];
    assert_eq!(said, expected, "{document}");
    assert!(
        !document.to_string().contains("Alice") && !document.to_string().contains("passwd"),
        "{document}"
    );
    assert!(document["errors"][3]["detail"].as_str().unwrap().starts_with("part 4: "), "{document}");
    let (_, document) = house.impact(&[]).await;
    assert_eq!(document["errors"].as_array().unwrap().len(), 2, "{document}");
    let records: Part<'_> = ("records", Some("county.ndjson"), &lines(1));
    let (_, document) = house.impact(&[records]).await;
    assert_eq!(
        (&document["errors"][0]["code"], document["errors"].as_array().unwrap().len()),
        (&json!("no_change"), 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused_and_only_an_author_of_rules_may_ask() {
    let house = house().await;
    let large = vec![b'\n'; (64 << 20) + 1];
    let (status, _) =
        house.impact(&[(RULE_FILE, None, TEAM.as_bytes()), ("records", Some("a"), &large)]).await;
    assert_eq!(status, 413);
    let (status, document) = house.impact(&[(RULE_FILE, None, &large[..=4 << 20])]).await;
    assert_eq!(status, 413);
    assert!(document["detail"].as_str().unwrap().contains("4 MiB"), "{document}");
    let parts: [Part<'_>; 2] = [(RULE_FILE, None, TEAM.as_bytes()), ("records", Some("a.ndjson"), &lines(1))];
    for key in [&house.key, &house.jobs_key, &house.waivers_key] {
        assert_eq!(house.impact_as(key, &parts).send().await.unwrap().status(), 403);
    }
    assert_eq!(house.impact(&parts).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_counted_or_named_and_nothing_of_it_is_said() {
    let house = house().await;
    let broken = [lines(2).as_slice(), b"{ \"la_child_id\": \"Zyxxiphora\", \n", &lines(1)].concat();
    let cut = gz(&lines(500));
    let (status, answer) = house
        .impact(&[
            (RULE_FILE, None, b""),
            ("records", Some("../broken.ndjson"), &broken),
            ("records", Some("cut.ndjson.gz"), &cut[..cut.len() / 2]),
            ("records", Some("Book.xlsx"), b"PK\x03\x04 a workbook"),
            ("records", Some("nothing.json"), b""),
            ("records", Some(""), b""),
            ("records", None, &lines(1)),
        ])
        .await;
    assert_eq!((status, &answer["whole"]), (200, &json!(false)), "{answer}");
    // The broken one, and the one in which the packed file was cut.
    assert_eq!(answer["impact"]["unreadable"], 2, "{answer}");
    assert!(answer["impact"]["records"].as_u64().unwrap() >= 4, "{answer}");
    let failures: Vec<&str> =
        answer["failures"].as_array().unwrap().iter().map(|failure| failure.as_str().unwrap()).collect();
    assert_eq!(failures.len(), 3, "{failures:?}");
    assert!(failures[0].starts_with("cut.ndjson.gz") && failures[0].contains("cut short"), "{failures:?}");
    assert!(failures[1].starts_with("Book.xlsx: only records are taken here"), "{failures:?}");
    assert!(failures[2].starts_with("nothing.json: the file is empty"), "{failures:?}");
    assert!(!answer.to_string().contains("Zyxxiphora"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_ends_the_work() {
    let house = house_with(|options| options.lanes.jobs = 1).await;
    // So many that they are judged by none who wait for the lane below.
    let many = gz(&lines(2).repeat(10_000)).repeat(200);
    let parts: [Part<'_>; 2] = [(RULE_FILE, None, b""), ("records", Some("many.ndjson.gz"), &many)];
    let is_free = async || {
        let request = house.client.get(format!("{}/v1/jobs", house.base)).bearer_auth(&house.jobs_key);
        request.send().await.unwrap().status() == 200
    };
    let mut response = house.impact_as(&house.author_key, &parts).send().await.unwrap();
    // Signs of life come while it is at work, and it holds its place.
    assert_eq!(response.chunk().await.unwrap().unwrap(), "\n");
    assert!(!is_free().await);
    drop(response);
    wait_until("the place in the lane is free again", is_free).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_fifty_files_of_records_are_taken_in_one_call() {
    let house = house().await;
    let one = lines(1);
    let form = |files: usize| {
        let mut parts: Vec<Part<'_>> = vec![(RULE_FILE, None, TEAM.as_bytes())];
        parts.extend(std::iter::repeat_n(("records", Some("a.ndjson"), one.as_slice()), files));
        parts
    };
    let (status, answer) = house.impact(&form(50)).await;
    assert_eq!((status, &answer["impact"]["records"]), (200, &json!(50)), "{answer}");
    let (status, document) = house.impact(&form(51)).await;
    assert_eq!(status, 400, "{document}");
    let wrong = &document["errors"][0];
    assert_eq!((&wrong["parameter"], &wrong["code"]), (&json!("records"), &json!("too_many")));
    assert!(document.to_string().contains("put records together, a line each"), "{document}");
}

#[test]
fn every_shipped_file_has_a_name_that_a_form_may_use_and_no_name_leads_out_of_the_catalog() {
    let shipped = Files::embedded();
    assert!(shipped.all().len() > 500);
    for file in shipped.all() {
        assert!(Files::has_a_place_for(&file.name), "{}", file.name);
    }
    let out = [
        "rules/../pack.yaml",
        "rules/pep/../../x.yaml",
        "/rules/pep/x.yaml",
        "rules//x.yaml",
        "rules/pep/x.yml",
    ];
    let unread =
        ["rules/x.yaml", "rules/pep/x.txt", "rules/words/x.yaml", "rules/pep/more/x.yaml", "schemas/x.yaml"];
    for name in out.into_iter().chain(unread) {
        assert!(!Files::has_a_place_for(name), "{name}");
    }
}
