//! The same record is judged alike at the save, in a stream on any number of threads, and on the command line in every format.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

use assert_cmd::Command;
use casecheck::intake;
use casecheck::intake::Limits;
use casecheck::validator::DueNoted;
use casecheck::validator::StreamOptions;
use casecheck::validator::check_stream;
use serde_json::Value;
use serde_json::json;

use crate::lab;
use crate::lab::SMALL;

const AS_AT: &str = "2026-05-01";

/// Records that differ, some of them faulty.
pub(crate) fn records() -> Vec<Value> {
    (0..40)
        .map(|number| {
            json!({
                "la_child_id": format!("CHILD{number}"),
                "child_details": { "date_of_birth": "2014-05-10" },
                "social_care_episodes": [{ "referral_date": "2026-01-05", "child_looked_after_placements": [
                    { "start_date": format!("2026-02-{:02}", number % 28 + 1), "start_reason": "S" },
                ] }],
                "personal_education_plans": if number % 3 == 0 { json!([]) } else { json!([{ "pep_id": "P1", "initiated_date": "2026-03-02" }]) },
                "cla_reviews": [{ "review_id": "R1", "review_date": "2026-03-09" }],
                "permanence_plans": [], "iro_escalations": [], "written_agreements": [],
                "chronology": { "entries": [{ "entry_id": "E1", "event_date": if number % 5 == 0 { "soon" } else { "2026-03-10" } }] },
            })
        })
        .collect()
}

pub(crate) fn ndjson(records: &[Value]) -> String {
    records.iter().flat_map(|record| [record.to_string(), "\n".to_owned()]).collect()
}

/// An answer without its places.
fn placeless(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("at");
    for part in ["findings", "outcomes"] {
        for finding in answer.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten() {
            finding["at"] = Value::Null;
        }
    }
    answer
}

fn at_the_save() -> Vec<Value> {
    let validator = SMALL.validator();
    records()
        .iter()
        .map(|record| placeless(serde_json::to_value(lab::answer(&validator, record, AS_AT)).unwrap()))
        .collect()
}

fn streamed(threads: usize, chunk_bytes: Option<usize>) -> Vec<u8> {
    let text = ndjson(&records());
    let mut limits = Limits::default();
    if let Some(bytes) = chunk_bytes {
        limits.chunk_bytes = bytes;
    }
    let options = StreamOptions {
        as_at: lab::day(AS_AT),
        stage: None,
        include_all: true,
        file: None,
        with_places: false,
        threads,
        baseline: None,
        not_asked: std::sync::Arc::default(),
        across: false,
        due: DueNoted::Soon,
    };
    let chunks = intake::read("records", std::io::Cursor::new(text.into_bytes()), None, &limits).unwrap();
    let mut lines = Vec::new();
    let seen = Mutex::new(0);
    let (tally, result) = check_stream(
        &Arc::new(SMALL.validator()),
        chunks.map(|chunk| chunk.map_err(|error| error.to_string())),
        &options,
        &|_| *seen.lock().unwrap() += 1,
        |part| {
            lines.extend_from_slice(&part.lines);
            Ok(())
        },
    );
    result.unwrap();
    assert_eq!((tally.records, seen.into_inner().unwrap()), (40, 40));
    lines
}

fn parsed(lines: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(lines)
        .lines()
        .map(|line| placeless(serde_json::from_str(line).unwrap()))
        .collect()
}

#[test]
fn a_stream_gives_the_answers_of_the_save_whatever_its_threads_and_chunks() {
    let one = streamed(1, None);
    assert_eq!(parsed(&one), at_the_save());
    assert!(
        one == streamed(3, None) && one == streamed(3, Some(900)) && one == streamed(1, Some(900)),
        "byte for byte"
    );
}

fn checked(folder: &Path, inputs: &[&str]) -> BTreeMap<String, Value> {
    let out = folder.join("out");
    Command::cargo_bin("casecheck")
        .unwrap()
        .current_dir(folder)
        .args([
            "check",
            "--catalog",
            "catalog",
            "--as-at",
            AS_AT,
            "--include",
            "all",
            "--fail-on",
            "never",
            "--out",
            "out",
        ])
        .args(inputs)
        .assert()
        .success();
    let lines = std::fs::read(out.join("results.ndjson")).unwrap();
    parsed(&lines)
        .into_iter()
        .map(|answer| (answer["decision"]["record"]["id"].as_str().unwrap().to_owned(), answer))
        .collect()
}

#[test]
fn every_format_of_a_file_gives_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    lab::write_small(&path.join("catalog"));
    let (records, lines) = (records(), ndjson(&records()));
    std::fs::write(path.join("all.ndjson"), &lines).unwrap();
    let list: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(path.join("all.json"), format!("[{}]", list.join(",\n"))).unwrap();
    std::fs::create_dir(path.join("each")).unwrap();
    for (at, record) in list.iter().enumerate() {
        std::fs::write(path.join(format!("each/{at}.json")), record).unwrap();
    }
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(lines.as_bytes()).unwrap();
    std::fs::write(path.join("all.ndjson.gz"), gz.finish().unwrap()).unwrap();
    std::fs::write(path.join("all.ndjson.zst"), zstd::encode_all(lines.as_bytes(), 1).unwrap()).unwrap();
    let wanted: BTreeMap<String, Value> = at_the_save()
        .into_iter()
        .map(|answer| (answer["decision"]["record"]["id"].as_str().unwrap().to_owned(), answer))
        .collect();
    for input in ["all.ndjson", "all.json", "each", "all.ndjson.gz", "all.ndjson.zst"] {
        let got = checked(path, &[input]);
        assert_eq!(got.len(), 40, "{input}");
        for (id, answer) in &got {
            // The catalog of a folder has no schemas of its own: everything but the digest of its files is alike.
            assert_eq!(answer["findings"], wanted[id]["findings"], "{input}, {id}");
            assert_eq!(answer["outcomes"], wanted[id]["outcomes"], "{input}, {id}");
            assert_eq!(answer["decision"]["counts"], wanted[id]["decision"]["counts"], "{input}, {id}");
            assert_eq!(answer["decision"]["pack"], wanted[id]["decision"]["pack"], "{input}, {id}");
        }
    }
}

#[test]
fn the_same_question_has_the_same_bytes() {
    assert!(streamed(2, Some(900)) == streamed(2, Some(900)));
    let record = &records()[0];
    let answer = || serde_json::to_string(&lab::answer(&SMALL.validator(), record, AS_AT)).unwrap();
    assert_eq!(answer(), answer());
}

#[test]
fn finding_ids_stay_what_they_are() {
    let record = &records()[0];
    let answer = lab::answer(&SMALL.validator(), record, AS_AT);
    let finding = answer.findings.iter().find(|finding| finding.rule.id == "CARE-001").unwrap();
    insta::assert_snapshot!(finding.finding_id, @"78c7a87e2617117c232a1f073084e682");
}
