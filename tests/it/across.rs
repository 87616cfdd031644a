//! Rules across records: what only a whole run shows, alike on the command line and in a job, in memory that does not grow with the run.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use assert_cmd::Command;
use casecheck::archive::Sorter;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::model::AcrossAnswer;
use casecheck::model::Baseline;
use casecheck::model::Record;
use casecheck::model::SourceFile;
use casecheck::report::Form;
use casecheck::rules::Mark;
use casecheck::store::FindingsAsked;
use casecheck::validator::AcrossOptions;
use casecheck::validator::Options;
use casecheck::validator::Validator;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::is_done;
use crate::lab;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

const AS_AT: &str = "2026-05-01";

const ACCOUNT: &str = "We walked home along the canal and counted the boats. At the lock the keeper waved, and after that the talk \
     turned to the summer and to what it would be like to have a dog.";

/// The small catalog with the shipped rules across records, some of them changed.
fn files(change: impl Fn(&str) -> String) -> Files {
    let mut all: Vec<Arc<SourceFile>> = lab::small_files()
        .all()
        .iter()
        .map(|file| match file.name.as_str() {
            "rules/pack.yaml" => {
                let text = format!(
                    "{}  - {{ id: across, title: Across records, prefixes: [XRC], about: \"Together.\" }}\n",
                    file.text
                );
                SourceFile::new(file.name.clone(), text)
            }
            _ => Arc::clone(file),
        })
        .collect();
    for entry in std::fs::read_dir(lab::project("rules/across")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("rules/across/{}", path.file_name().unwrap().to_string_lossy());
        all.push(SourceFile::new(name, change(&std::fs::read_to_string(&path).unwrap())));
    }
    Files::of(all)
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let loaded = Catalog::load(files(str::to_owned), None);
    loaded.unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")))
});

/// A record of a child in a team, with these details and these parts.
fn child(id: &str, details: &Value, parts: &Value) -> Value {
    let mut record = json!({ "la_child_id": id, "team": format!("Team {}", id.chars().next().unwrap()), "child_details": details });
    for (name, part) in parts.as_object().unwrap() {
        record[name] = part.clone();
    }
    record
}

/// Entries that one worker wrote on one day.
fn notes(many: usize) -> Value {
    let note = |at| json!({ "case_note_id": format!("N{at}"), "recorded_at": "2026-04-20T10:00:00Z", "author": { "id": "W77" }, "text": "Seen." });
    (0..many).map(note).collect()
}

/// Records with each of the faults, far apart among others that have none.
fn run() -> Vec<Value> {
    let twin = json!({ "surname": "Marrowdale", "date_of_birth": "2014-05-10", "sex": "F" });
    let mut all = records();
    let special = [
        child("A1", &json!({ "unique_pupil_number": "A999412301021" }), &json!({})),
        child("B2", &twin, &json!({ "case_notes": notes(30) })),
        child("A3", &json!({ "nhs_number": "9990000018" }), &json!({ "case_notes": [{ "text": ACCOUNT }] })),
        child("B4", &json!({ "unique_pupil_number": "A999412301021", "sibling_ids": ["A1"] }), &json!({})),
        child("A5", &twin, &json!({ "case_notes": notes(30) })),
        child(
            "B6",
            &json!({ "nhs_number": "9990000018" }),
            &json!({ "cla_visits": [{ "note": ACCOUNT.to_uppercase() }] }),
        ),
        child("A7", &json!({ "sibling_ids": ["B6"] }), &json!({ "case_notes": [{ "text": ACCOUNT }] })),
    ];
    for (at, record) in special.into_iter().enumerate() {
        all.insert(at * 6, record);
    }
    all
}

/// Judges records one by one and takes their marks.
fn marks(validator: &Validator, records: &[Value]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for record in records {
        let text = record.to_string();
        let arena = bumpalo::Bump::new();
        let root = casecheck::intake::parse(text.as_bytes(), &arena).unwrap();
        let record = Record { root, bytes: text.as_bytes() };
        let options = Options::as_at(lab::day(AS_AT));
        validator.check_and_mark(&record, &options, &mut validator.tally(), Some(&mut marks));
    }
    marks
}

/// What marks show, in memory of so many bytes, and how many temporary files that took.
fn shown(
    validator: &Validator,
    marks: impl IntoIterator<Item = Mark>,
    memory: usize,
    baseline: Option<&Baseline>,
) -> (Vec<AcrossAnswer>, usize, casecheck::model::Tally) {
    let mut sorter = Sorter::new(memory);
    for mark in marks {
        sorter.push(mark).unwrap();
    }
    let files = sorter.spilled();
    let options = AcrossOptions { as_at: lab::day(AS_AT), baseline, not_asked: &BTreeSet::new() };
    let (mut found, mut tally) = (Vec::new(), validator.tally());
    validator
        .across(sorter, &options, &mut tally, &mut |answer, _| {
            found.push(answer);
            Ok(())
        })
        .unwrap();
    (found, files, tally)
}

/// Rule, whom it is told to, and the others.
fn told(answer: &AcrossAnswer) -> String {
    let across = &answer.across;
    let others: BTreeSet<&str> = across.with.iter().filter_map(|with| with.record.id.as_deref()).collect();
    let others = others.into_iter().collect::<Vec<_>>().join(",");
    let whose = across.record.id.as_deref().or(across.record.worker_id.as_deref()).unwrap_or("nobody");
    format!("{} {whose} with {others}: {}", answer.finding().rule.id, answer.finding().message)
}

#[test]
fn each_question_finds_its_fault_and_tells_both_children() {
    let validator = CATALOG.validator();
    let (found, ..) = shown(&validator, marks(&validator, &run()), 1 << 20, None);
    let mut lines: Vec<String> = found.iter().map(told).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "XRC-001 A1 with B4: Check the UPN: child B4 has the same one",
            "XRC-001 B4 with A1: Check the UPN: child A1 has the same one",
            "XRC-002 A3 with B6: Check the NHS number: child B6 has the same one",
            "XRC-002 B6 with A3: Check the NHS number: child A3 has the same one",
            "XRC-003 A5 with B2: Check whether child B2 is the same child: surname, birth date and sex agree",
            "XRC-003 B2 with A5: Check whether child A5 is the same child: surname, birth date and sex agree",
            // A7 and B6 are siblings by what A7 says: only A3 is a stranger to both.
            "XRC-004 A3 with A7: Check whose account this is: the same words stand in the record of A7",
            "XRC-004 A3 with B6: Check whose account this is: the same words stand in the record of B6",
            "XRC-004 A7 with A3: Check whose account this is: the same words stand in the record of A3",
            "XRC-004 B6 with A3: Check whose account this is: the same words stand in the record of A3",
            "XRC-005 W77 with A5,B2: Ask who wrote the 60 entries of worker W77 of 20 Apr 2026",
            "XRC-007 A1 with B4: Record the siblings alike: this record and that of B4 do not name each other",
            "XRC-007 A7 with B6: Record the siblings alike: this record and that of B6 do not name each other",
            "XRC-007 B4 with A1: Record the siblings alike: this record and that of A1 do not name each other",
            "XRC-007 B6 with A7: Record the siblings alike: this record and that of A7 do not name each other",
        ]
    );
    let visit = found.iter().find(|answer| answer.across.record.id.as_deref() == Some("B6")).unwrap();
    assert_eq!(visit.finding().subject.path.as_str(), "/child_details/nhs_number");
    let worker = found.iter().find(|answer| answer.across.record.id.is_none()).unwrap();
    assert_eq!(worker.across.record.team, None, "its entries are of two teams");
    assert_eq!(worker.across.with.len(), 2, "one entry of each record");
}

#[test]
fn what_does_not_fit_into_memory_waits_in_files_and_shows_the_same_in_whatever_order_it_came() {
    let validator = CATALOG.validator();
    let marks = marks(&validator, &run());
    let (in_memory, files, tally) = shown(&validator, marks.clone(), 1 << 20, None);
    assert_eq!(files, 0);
    let (spilled, files, same) = shown(&validator, marks.iter().rev().cloned(), 1_000, None);
    assert!(files > 5, "{files} files");
    assert_eq!((in_memory, tally), (spilled, same));
}

#[test]
fn marks_are_read_as_they_are_written() {
    let marks = marks(&CATALOG.validator(), &run());
    let mut bytes = Vec::new();
    Mark::write_all(&marks, &mut bytes).unwrap();
    assert!(bytes.len() < marks.len() * 150, "{} bytes for {} marks", bytes.len(), marks.len());
    assert_eq!(Mark::read_all(bytes.clone()).unwrap(), marks);
    assert_eq!(
        Mark::read_all(bytes[..bytes.len() - 1].to_vec()),
        None,
        "what is cut short is not read in part"
    );
    // An earlier form began with the place of a rule, the least byte first.
    assert_eq!(Mark::read_all(bytes[4..].to_vec()), None);
}

#[test]
fn the_entries_of_a_day_are_one_mark_at_the_pointer_that_comes_first() {
    let mut many = notes(60);
    for note in &mut many.as_array_mut().unwrap()[..2] {
        note["author"]["id"] = json!("W1");
    }
    let validator = CATALOG.validator();
    let records = [child("A1", &json!({}), &json!({ "case_notes": many }))];
    let marks = marks(&validator, &records);
    let pointers: Vec<&str> = marks.iter().map(Mark::pointer).collect();
    assert_eq!(
        marks.iter().filter(|mark| mark.pointer().starts_with("/case_notes/")).count(),
        2,
        "{pointers:?}"
    );
    let (found, ..) = shown(&validator, marks, 1 << 20, None);
    assert_eq!(
        told(&found[0]),
        "XRC-005 W77 with A1: Ask who wrote the 58 entries of worker W77 of 20 Apr 2026"
    );
    assert_eq!(found[0].across.with[0].path.as_str(), "/case_notes/10");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Two records of one child, which differ in owners and siblings, are among them.
    #[test]
    fn marks_show_the_same_in_any_order_and_in_any_memory(
        marks in Just(TWICE.clone()).prop_shuffle(),
        memory in 1_usize..20_000,
        kept in any::<bool>(),
    ) {
        let validator = CATALOG.validator();
        let (expected, _, counted) = shown(&validator, TWICE.clone(), 1 << 20, None);
        prop_assert!(expected.len() >= 15);
        let marks = if kept {
            let mut bytes = Vec::new();
            Mark::write_all(&marks, &mut bytes).unwrap();
            Mark::read_all(bytes).unwrap()
        } else {
            marks
        };
        let (found, _, tally) = shown(&validator, marks, memory, None);
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(&tally, &counted);
    }
}

static TWICE: LazyLock<Vec<Mark>> = LazyLock::new(|| {
    let mut records = run();
    let again = |at: usize, id: &str| {
        let mut record = records[at].clone();
        assert_eq!(record["la_child_id"], json!(id));
        record["team"] = json!("Another team");
        record["child_details"]["sibling_ids"] = json!(["Z1", "B4"]);
        record
    };
    let more = [again(0, "A1"), again(24, "A5"), again(36, "A7")];
    records.extend(more);
    marks(&CATALOG.validator(), &records)
});

#[test]
fn many_who_share_a_number_are_told_once_each() {
    let validator = CATALOG.validator();
    let shared = |many: usize| -> Vec<Value> {
        let number = json!({ "nhs_number": "9990000018" });
        (0..many).map(|at| child(&format!("C{at:02}"), &number, &json!({}))).collect()
    };
    let found = |many| shown(&validator, marks(&validator, &shared(many)), 1 << 20, None).0;
    assert_eq!(found(8).len(), 8 * 7, "each of a few with each");
    let many = found(30);
    let whose: BTreeSet<&str> = many.iter().filter_map(|answer| answer.across.record.id.as_deref()).collect();
    assert_eq!((many.len(), whose.len()), (30, 30), "each of many with one");
}

#[test]
fn a_record_alone_is_asked_nothing_of_it_and_its_answer_is_whole() {
    let answer = lab::answer(&CATALOG.validator(), &child("A1", &json!({}), &json!({})), AS_AT);
    let small = lab::answer(&lab::SMALL.validator(), &child("A1", &json!({}), &json!({})), AS_AT);
    assert_eq!(answer.decision.rules, small.decision.rules);
    assert!(answer.decision.complete && answer.decision.rules.not_run.is_empty());
}

const WAIVED: &str = "waivers:
  - { id: W-twins, rule: XRC-003, finding_id: ID, disposition: confirmed_correct, reason: They are twins., approved_by: Team manager, expires_on: 2030-12-31, covers: 1 }
";

fn write(folder: &Path, files: &Files) {
    for file in files.all().iter().filter(|file| file.name.starts_with("rules/")) {
        let path = folder.join("catalog").join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
}

/// A folder with the catalog and a run.
fn folder(records: &[Value]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &files(str::to_owned));
    std::fs::write(folder.path().join("run.ndjson"), ndjson(records)).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("casecheck").unwrap();
    command.current_dir(folder).env_remove("CASECHECK_CATALOG");
    command.args(["check", "--catalog", "catalog", "--as-at", AS_AT, "--fail-on", "never", "run.ndjson"]);
    let run = command.args(arguments).assert().success();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

fn read(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// Rule and child of each finding across records, with its id, change and waiver.
fn lines(results: &str) -> Vec<(String, String, String, Value, Value)> {
    let across = results.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let across = across.filter(|line| line.get("across").is_some());
    let text = |value: &Value| value.as_str().unwrap_or("nobody").to_owned();
    across
        .map(|line| {
            let finding = &line["findings"][0];
            let (rule, id) = (text(&finding["rule"]["id"]), text(&finding["finding_id"]));
            (
                rule,
                text(&line["across"]["record"]["id"]),
                id,
                finding["change"].clone(),
                finding["waiver"]["id"].clone(),
            )
        })
        .collect()
}

#[test]
fn twins_are_confirmed_once_and_a_third_record_is_still_found() {
    let twin = json!({ "surname": "Marrowdale", "date_of_birth": "2014-05-10", "sex": "F" });
    let record = |id: &str| child(id, &twin, &json!({}));
    let folder = folder(&[record("T2"), record("T1")]);
    check(folder.path(), &["--out", "before"]);
    let left = |run: &str| -> Vec<String> {
        let table = read(folder.path(), &format!("{run}/comparison.csv"));
        table.lines().filter(|line| line.contains("XRC-")).map(str::to_owned).collect()
    };
    let before = lines(&read(folder.path(), "before/results.ndjson"));
    let [(_, first, id, ..), (_, second, same, ..)] = before.as_slice() else { panic!("{before:?}") };
    assert_eq!((first.as_str(), second.as_str(), id), ("T1", "T2", same), "one id for the pair");
    std::fs::write(folder.path().join("catalog/rules/waivers/northtown.yaml"), WAIVED.replace("ID", id))
        .unwrap();
    std::fs::write(folder.path().join("run.ndjson"), ndjson(&[record("T1"), record("T3"), record("T2")]))
        .unwrap();
    check(folder.path(), &["--out", "after", "--overlay", "northtown", "--baseline", "before"]);
    let after = lines(&read(folder.path(), "after/results.ndjson"));
    let brief: Vec<(&str, &str, &str)> = after
        .iter()
        .map(|(_, child, _, change, waiver)| {
            (child.as_str(), change.as_str().unwrap(), waiver.as_str().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        brief,
        [
            ("T1", "still", "W-twins"),
            ("T1", "new", "-"),
            ("T2", "still", "W-twins"),
            ("T2", "new", "-"),
            ("T3", "new", "-"),
            ("T3", "new", "-"),
        ]
    );
    let summary: Value = serde_json::from_str(&read(folder.path(), "after/summary.json")).unwrap();
    assert_eq!(
        (&summary["waivers"][0]["state"], &summary["waivers"][0]["findings"]),
        (&json!("used"), &json!(1))
    );
    assert_eq!(left("after"), [""; 0]);
    std::fs::write(folder.path().join("run.ndjson"), ndjson(&[record("T1")])).unwrap();
    check(folder.path(), &["--out", "fewer", "--baseline", "before"]);
    let own = format!("XRC-003,{id}");
    assert_eq!(left("fewer"), [format!("fixed,T1,{own}"), format!("gone,T2,{own}")]);
}

#[test]
fn reports_hold_what_was_found_across_records_like_anything_else() {
    let folder = folder(&run());
    let text = check(folder.path(), &["--out", "out", "--report", "text,csv,xlsx,worklists,sarif,junit"]);
    assert!(text.contains("Across records\n") && text.contains("child A1 with child B4"), "{text}");
    assert!(text.contains("worker W77 with child A5 and 1 more"), "{text}");
    let findings: usize = read(folder.path(), "out/results.ndjson")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["findings"].as_array().map_or(0, Vec::len))
        .sum();
    let table = read(folder.path(), "out/report.csv");
    assert_eq!(table.lines().count() - 1, findings);
    assert_eq!(table.lines().filter(|line| line.contains("XRC-")).count(), 15);
    let index = read(folder.path(), "out/worklists/index.csv");
    let whole = index.lines().filter(|line| line.contains("(whole team)"));
    let counted: usize = whole.map(|line| line.split(',').nth(2).unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(counted, findings, "{index}");
    let summary: Value = serde_json::from_str(&read(folder.path(), "out/summary.json")).unwrap();
    let total: u64 = summary["findings"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(total, findings as u64);
    let counts: BTreeMap<&str, (u64, u64)> = summary["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            (
                rule["id"].as_str().unwrap(),
                (rule["counts"]["met"].as_u64().unwrap(), rule["counts"]["breached"].as_u64().unwrap()),
            )
        })
        .collect();
    assert_eq!((counts["XRC-001"], counts["XRC-005"], counts["XRC-007"]), ((0, 2), (0, 1), (0, 4)));
    let json: Value = serde_json::from_str(&check(folder.path(), &["--json"])).unwrap();
    assert_eq!(json["across"].as_array().unwrap().len(), 15);
}

#[tokio::test]
async fn a_job_shows_across_records_what_the_command_line_shows_byte_for_byte() {
    let folder = folder(&run());
    check(folder.path(), &["--out", "out", "--report", "csv", "--threads", "3"]);
    check(folder.path(), &["--out", "one", "--threads", "1"]);
    let results = read(folder.path(), "out/results.ndjson");
    assert_eq!(results, read(folder.path(), "one/results.ndjson"), "whatever the number of threads");
    assert_eq!(lines(&results).len(), 15);
    check(folder.path(), &["--out", "resumable", "--resumable"]);
    assert_eq!(results, read(folder.path(), "resumable/results.ndjson"));
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for chunk_bytes in [1 << 10, 64 << 10] {
            let Some(bench) =
                Bench::busy(kind, |options| (options.threads, options.chunk_bytes) = (3, chunk_bytes)).await
            else {
                continue;
            };
            let mut upload = bench.jobs.upload().await.unwrap();
            upload.file("run.ndjson").await.unwrap();
            upload.write(ndjson(&run()).as_bytes()).await.unwrap();
            let submitted = bench.jobs.submit("tester", upload, ask(), true, None, &CATALOG).await.unwrap();
            let job = bench.ended(&submitted.job_id).await;
            is_done(&job);
            assert_eq!(bench.answers(&job).await, results);
            let summary: Value = serde_json::from_str(job.summary.as_deref().unwrap()).unwrap();
            assert_eq!(
                summary,
                serde_json::from_str::<Value>(&read(folder.path(), "out/summary.json")).unwrap()
            );
            let mut table = String::new();
            bench.jobs.report(&job, Form::Csv).await.unwrap().read_to_string(&mut table).unwrap();
            assert_eq!(table, read(folder.path(), "out/report.csv"));
            looked_up(&bench, &job).await;
            bench.end().await;
        }
    }
}

/// Findings across records are looked up like others; ids of children are in the store only sealed.
async fn looked_up(bench: &Bench, job: &casecheck::store::JobRow) {
    let asked = FindingsAsked { standard: Some("across".to_owned()), limit: 10, ..FindingsAsked::default() };
    let page = bench.jobs.findings(job, &asked).await.unwrap();
    assert_eq!((page.findings.len(), bench.jobs.count_findings(job, &asked).await.unwrap()), (10, 15));
    let last = page.next.as_deref().and_then(|next| next.split_once('.')).unwrap();
    let after = Some((last.0.parse().unwrap(), last.1.parse().unwrap()));
    let rest = bench.jobs.findings(job, &FindingsAsked { after, ..asked }).await.unwrap();
    assert_eq!((rest.findings.len(), rest.next), (5, None));
    let first = &page.findings[0];
    assert_eq!((&first["record"]["id"], &first["with"][0]["record"]["id"]), (&json!("A1"), &json!("B4")));
    let outcomes = bench.jobs.outcomes(job, 46).await.unwrap();
    assert_eq!((outcomes.records.len(), outcomes.next), (1, None), "records alone have outcomes");
    let progress = bench.jobs.progress(job).await.unwrap();
    assert_eq!((progress.records, progress.records_done), (47, 47));
}

#[tokio::test]
async fn the_store_never_holds_the_ids_of_children_who_were_compared() {
    let twin = json!({ "surname": "Marrowdale", "date_of_birth": "2014-05-10", "sex": "F", "nhs_number": "9990000018" });
    let records = ndjson(&[child("CANARY-ONE", &twin, &json!({})), child("CANARY-TWO", &twin, &json!({}))]);
    let bench = Bench::busy(Kind::Sqlite, |_| {}).await.unwrap();
    let mut upload = bench.jobs.upload().await.unwrap();
    upload.file("run.ndjson").await.unwrap();
    upload.write(records.as_bytes()).await.unwrap();
    let submitted = bench.jobs.submit("tester", upload, ask(), true, None, &CATALOG).await.unwrap();
    let job = bench.ended(&submitted.job_id).await;
    assert_eq!(lines(&bench.answers(&job).await).len(), 4);
    let mut looked = 0;
    for entry in std::fs::read_dir(bench.folder.path().join("store")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        looked += bytes.len();
        assert!(!bytes.windows(7).any(|some| some == b"CANARY-"), "an id stands open in the store");
    }
    assert!(looked > 4_096);
    bench.end().await;
}

/// What is wrong with a rule after one text in the shipped ones was replaced.
fn problems(old: &str, new: &str) -> Vec<String> {
    let changed = files(|text| text.replacen(old, new, 1));
    Catalog::load(changed, None).err().map(|problems| lab::as_lines(&problems)).unwrap_or_default()
}

#[test]
fn what_is_wrong_with_a_rule_across_records_is_said_with_its_place() {
    for (old, new, said) in [
        (
            "fields: [child_details.unique_pupil_number]",
            "fields: [child_details.unique_pupil_nummer]",
            "did you mean `unique_pupil_number`?",
        ),
        ("fields: [child_details.unique_pupil_number]", "fields: []", "name at least one field"),
        (
            "- { each: \"case_notes[]\", text: text }",
            "- { each: \"case_notes[]\", text: event_date }",
            "words are needed, but `event_date` holds none",
        ),
        (
            "by: author.id, on: recorded_at",
            "by: author.name, on: recorded_at",
            "an id is needed, but `author.name` is none",
        ),
        (
            "by: author.id, on: recorded_at",
            "by: author.id, on: text",
            "a date is needed, but `text` is not one",
        ),
        ("      named_back: true\n", "", "say what must agree"),
        (
            "    siblings_agree:\n",
            "    same: { fields: [child_details.sex] }\n    siblings_agree:\n",
            "asks exactly one question",
        ),
        ("has the same one\"\nfix: Find", "of {worker}\"\nfix: Find", "value for the gap `worker`"),
        (
            "    records: [{}, { child_details: { sex: M } }]",
            "    given: { child_details: { sex: M } }",
            "a test of a rule across records has no `given`",
        ),
        (
            "about: [W7], message: \"Ask who wrote the 41",
            "about: [W7], mesage: \"Ask who wrote the 41",
            "did you mean `message`?",
        ),
    ] {
        let found = problems(old, new);
        assert!(found.iter().any(|line| line.contains(said)), "{new}: {found:?}");
    }
    let joined = lab::Lab::of_files(
        &[lab::rule_text(
            "LAB-101",
            "all_of: { checks: [{ across: { same: { fields: [child_details.sex] } } }] }",
            "",
        )],
        "",
        None,
    );
    let found = lab::as_lines(&joined.err().unwrap());
    assert!(found.iter().any(|line| line.contains("stands alone")), "{found:?}");
}

#[test]
fn a_test_of_a_rule_across_records_runs_through_the_same_engine() {
    let wrong = files(|text| {
        text.replacen(
            "about: [TEST1, TEST2], message: \"Check the UPN",
            "about: [TEST1, TEST9], message: \"Check the UPN",
            1,
        )
    });
    let catalog = Catalog::load(wrong, None).unwrap();
    let (run, problems) = catalog.try_out();
    let lines = lab::as_lines(&problems);
    assert!(run > 90 && lines.len() == 1 && lines[0].contains("about TEST1 and TEST2"), "{lines:?}");
}
