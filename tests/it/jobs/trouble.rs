//! What goes wrong around a job: claims that are void, processes that end, records that end them, inputs that cannot be read.

use std::time::Duration;

use casecheck::jobs::JobError;
use casecheck::jobs::Jobs;
use casecheck::store::Added;
use casecheck::store::DoneChunk;
use casecheck::store::FindingRow;
use casecheck::store::FindingsAsked;
use casecheck::store::JobState;
use casecheck::store::NewChunk;
use casecheck::store::NewJob;
use casecheck::store::RecordRow;
use casecheck::store::Secret;
use casecheck::store::Store;
use casecheck::store::StoreError;
use casecheck::store::pack;
use sqlx::Connection as _;

use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::drop_database;
use crate::jobs::fixture::fresh_database;
use crate::jobs::fixture::is_done;
use crate::jobs::fixture::options;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

/// A store of each kind that is there.
async fn stores(folder: &std::path::Path) -> Vec<(Store, Option<String>)> {
    let secret = || Secret::of_bytes(&[7; 64]).unwrap();
    let sqlite = format!("sqlite:{}", folder.join("a.db").display());
    let mut stores = vec![(Store::open(&sqlite, secret()).await.unwrap(), None)];
    if let Some(address) = fresh_database().await {
        stores.push((Store::open(&address, secret()).await.unwrap(), Some(address)));
    }
    stores
}

fn job(number: u32) -> NewJob {
    NewJob {
        job_id: format!("job-{number}"),
        owner: "tester".to_owned(),
        now_us: 1,
        ask: "{}".to_owned(),
        basis: "basis".to_owned(),
        idempotency_key: None,
        request_hash: "hash".to_owned(),
        input_bytes: 1,
    }
}

/// A store with a job of one chunk of four records.
async fn with_a_chunk(store: &Store) {
    assert_eq!(store.add_job(&job(1)).await.unwrap(), Added::New);
    let claim = store.claim_job(1, 10).await.unwrap().unwrap();
    let chunk = NewChunk { first_record: 0, records: 4, spool_from: 0 };
    assert!(store.prepared(&claim, &[chunk], "{}", false, 2).await.unwrap());
}

fn done(rule: &str) -> DoneChunk {
    let record = |record_no| RecordRow {
        record_no,
        child: Some("p-1".to_owned()),
        sealed: Some(vec![1]),
        locality: None,
        team: None,
        worker: None,
        verdict: "findings",
        findings: 1,
    };
    let finding = FindingRow {
        record_no: 0,
        finding_no: 0,
        rule: rule.to_owned(),
        standard: "pep".to_owned(),
        outcome: "overdue",
        severity: "error",
        locality: None,
        team: None,
        worker: None,
        due_on: None,
        change: None,
    };
    DoneChunk {
        marks: None,
        lines: pack(b"{}\n"),
        outcomes: pack(b"\n"),
        counts: pack(b"{}"),
        records: (0..4).map(record).collect(),
        findings: vec![finding],
        due: Vec::new(),
    }
}

#[tokio::test]
async fn a_claim_whose_lease_has_ended_is_void_once_another_was_made() {
    let folder = tempfile::tempdir().unwrap();
    for (store, address) in stores(folder.path()).await {
        with_a_chunk(&store).await;
        let slow = store.claim_chunk(100, 200).await.unwrap().unwrap();
        assert!(store.claim_chunk(150, 250).await.unwrap().is_none(), "the lease holds");
        assert!(store.renew(&slow, 300).await.unwrap());
        assert!(store.claim_chunk(250, 350).await.unwrap().is_none(), "it was renewed");
        let quick = store.claim_chunk(301, 400).await.unwrap().unwrap();
        assert_eq!((quick.attempts, quick.epoch), (2, slow.epoch + 1));
        assert!(!store.renew(&slow, 500).await.unwrap());
        assert!(!store.commit_chunk(&slow, &done("slow")).await.unwrap(), "a void claim writes nothing");
        assert!(!store.halve(&slow).await.unwrap());
        assert!(
            store
                .findings(1, &FindingsAsked { limit: 9, ..FindingsAsked::default() })
                .await
                .unwrap()
                .is_empty()
        );
        assert!(store.commit_chunk(&quick, &done("quick")).await.unwrap());
        assert!(!store.commit_chunk(&quick, &done("again")).await.unwrap(), "what is done is done once");
        assert_eq!(
            store.findings(1, &FindingsAsked { limit: 9, ..FindingsAsked::default() }).await.unwrap().len(),
            1
        );
        assert!(!store.has_unfinished(1).await.unwrap());
        assert!(store.finish(1, "{}", None, 500).await.unwrap());
        assert!(!store.finish(1, "{}", None, 500).await.unwrap(), "a job ends once");
        store.close().await;
        if let Some(address) = address {
            drop_database(&address).await;
        }
    }
}

#[tokio::test]
async fn a_void_claim_on_a_job_does_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    for (store, address) in stores(folder.path()).await {
        assert_eq!(store.add_job(&job(1)).await.unwrap(), Added::New);
        let slow = store.claim_job(100, 200).await.unwrap().unwrap();
        let quick = store.claim_job(201, 300).await.unwrap().unwrap();
        let fail =
            async |claim| store.end((1, Some(claim)), JobState::Failed, Some("no such file"), None, 4).await;
        assert!(!fail(&slow).await.unwrap(), "somebody else prepares it");
        let chunk = NewChunk { first_record: 0, records: 4, spool_from: 0 };
        assert!(store.prepared(&quick, &[chunk], "{}", false, 250).await.unwrap());
        assert!(!fail(&slow).await.unwrap(), "it runs");
        assert!(!fail(&quick).await.unwrap(), "it is prepared, and no claim on preparing it ends it");
        assert!(store.claim_chunk(300, 400).await.unwrap().is_some(), "no chunk was lost");
        assert_eq!(store.add_job(&job(2)).await.unwrap(), Added::New);
        let second = store.claim_job(300, 400).await.unwrap().unwrap();
        let ended = store.end((2, Some(&second)), JobState::Failed, Some("no such file"), None, 4).await;
        assert!(ended.unwrap(), "the last claim ends it");
        store.close().await;
        if let Some(address) = address {
            drop_database(&address).await;
        }
    }
}

#[tokio::test]
async fn a_chunk_is_halved_down_to_a_record_and_every_record_is_in_one_half() {
    let folder = tempfile::tempdir().unwrap();
    for (store, address) in stores(folder.path()).await {
        with_a_chunk(&store).await;
        let whole = store.claim_chunk(100, 200).await.unwrap().unwrap();
        assert!(store.halve(&whole).await.unwrap());
        let first = store.claim_chunk(100, 200).await.unwrap().unwrap();
        let second = store.claim_chunk(100, 200).await.unwrap().unwrap();
        assert_eq!((first.first_record, first.records, first.skip, first.attempts), (0, 2, 0, 1));
        assert_eq!((second.first_record, second.records, second.skip, second.attempts), (2, 2, 2, 1));
        assert!(store.halve(&second).await.unwrap());
        let third = store.claim_chunk(100, 200).await.unwrap().unwrap();
        let fourth = store.claim_chunk(100, 200).await.unwrap().unwrap();
        assert_eq!((third.first_record, third.records, third.skip), (2, 1, 2));
        assert_eq!((fourth.first_record, fourth.records, fourth.skip), (3, 1, 3));
        assert!(store.has_unfinished(1).await.unwrap());
        assert!(!store.finish(1, "{}", None, 1).await.unwrap(), "a job with work left does not end");
        store.close().await;
        if let Some(address) = address {
            drop_database(&address).await;
        }
    }
}

#[tokio::test]
async fn a_chunk_of_a_stopped_job_is_not_written_down() {
    let folder = tempfile::tempdir().unwrap();
    for (store, address) in stores(folder.path()).await {
        with_a_chunk(&store).await;
        let claim = store.claim_chunk(100, 200).await.unwrap().unwrap();
        assert!(store.end((1, None), JobState::Cancelled, None, None, 3).await.unwrap());
        assert!(!store.end((1, None), JobState::Failed, None, None, 3).await.unwrap(), "a job ends once");
        assert!(!store.commit_chunk(&claim, &done("late")).await.unwrap());
        assert!(store.claim_chunk(1_000, 2_000).await.unwrap().is_none());
        store.purge(1).await.unwrap();
        assert!(store.job("job-1").await.unwrap().is_none());
        store.close().await;
        if let Some(address) = address {
            drop_database(&address).await;
        }
    }
}

#[tokio::test]
async fn a_job_goes_on_where_another_process_left_it() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(bench) = Bench::idle(kind, |_| {}).await else { continue };
        let text = ndjson(&records());
        let submitted = bench.submit(&[("county.ndjson", text.as_bytes())], ask(), None).await.unwrap();
        let (folder, address) = (bench.folder, bench.address);
        // The first process is gone without a word: nobody has stopped anything.
        let working = bench.jobs.work().unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
        working.stop().await;
        drop(bench.jobs);
        let jobs = Jobs::open(options(folder.path(), &address)).await.unwrap();
        let working = jobs.work().unwrap();
        let bench = Bench { jobs, working: Some(working), folder, address, kind };
        let job = bench.ended(&submitted.job_id).await;
        is_done(&job);
        let answers = bench.answers(&job).await;
        let ids: Vec<String> = answers
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["decision"]["record"]["id"]
                    .to_string()
            })
            .collect();
        assert_eq!(ids, (0..40).map(|number| format!("\"CHILD{number}\"")).collect::<Vec<_>>());
        bench.end().await;
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_said_and_the_others_are_judged() {
    let bench = Bench::busy(Kind::Sqlite, |_| {}).await.unwrap();
    let text = ndjson(&records());
    let job = bench.run(&[("empty.ndjson", b"  \n"), ("county.ndjson", text.as_bytes())], ask()).await;
    is_done(&job);
    assert_eq!(job.records, Some(40));
    assert!(job.prepared.unwrap().contains("empty.ndjson"), "what could not be read is said");
    let nothing = bench.run(&[("empty.ndjson", b"")], ask()).await;
    assert_eq!(nothing.state, JobState::Failed);
    assert!(nothing.detail.unwrap().contains("empty.ndjson"));
    let unknown = bench.run(&[("x.csv", b"a,b\n1,2\n")], ask()).await;
    assert_eq!(unknown.state, JobState::Failed);
    assert!(unknown.detail.unwrap().contains("x.csv"), "the candidates are asked for");
    bench.end().await;
}

#[tokio::test]
async fn an_input_over_the_limit_is_refused_and_nothing_of_it_is_kept() {
    let bench = Bench::idle(Kind::Sqlite, |options| options.input_bytes = 10_000).await.unwrap();
    let refused =
        bench.submit(&[("a.ndjson", &[b' '; 6_000]), ("b.ndjson", &[b' '; 6_000])], ask(), None).await;
    assert!(matches!(refused, Err(JobError::TooLarge(10_000))));
    assert_eq!(std::fs::read_dir(bench.folder.path().join("incoming")).unwrap().count(), 0);
    assert!(matches!(bench.submit(&[], ask(), None).await, Err(JobError::NoFile)));
    bench.end().await;
}

#[tokio::test]
async fn one_sqlite_file_has_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("a.db").display());
    let open = || Store::open(&address, Secret::of_bytes(&[7; 64]).unwrap());
    let first = open().await.unwrap();
    assert!(matches!(open().await, Err(StoreError::InUse(_))));
    first.close().await;
    drop(first);
    assert!(open().await.is_ok());
}

#[tokio::test]
async fn an_address_that_cannot_be_opened_says_what_to_do_and_no_password() {
    let secret = || Secret::of_bytes(&[7; 64]).unwrap();
    let words = |error: StoreError| error.to_string();
    let wrong = words(Store::open("mysql://x", secret()).await.err().unwrap());
    assert!(wrong.contains("sqlite:") && wrong.contains("postgres:"), "{wrong}");
    let nobody = words(Store::open("postgres://me:hunter2@127.0.0.1:1/x", secret()).await.err().unwrap());
    assert!(nobody.contains("cannot be opened") && !nobody.contains("hunter2"), "{nobody}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.db"), b"this is no database, it is a letter to my aunt").unwrap();
    let letter = format!("sqlite:{}", folder.path().join("a.db").display());
    assert!(Store::open(&letter, secret()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_stands_alone_is_judged_at_its_tenth_try_and_left_out_after_it() {
    for (tries, is_left_out) in [(9, false), (10, true)] {
        let mut bench = Bench::idle(Kind::Sqlite, |_| {}).await.unwrap();
        // As if the program had ended so often while it had the record in hand.
        let trigger = format!(
            "create trigger tried after insert on chunks begin update chunks set attempts = {tries} \
             where job_no = new.job_no and first_record = new.first_record; end"
        );
        let mut beside = sqlx::SqliteConnection::connect(&bench.address).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(trigger)).execute(&mut beside).await.unwrap();
        beside.close().await.unwrap();
        bench.working = Some(bench.jobs.work().unwrap());
        let job = bench.run(&[("one.ndjson", ndjson(&records()[..1]).as_bytes())], ask()).await;
        is_done(&job);
        let answers = bench.answers(&job).await;
        assert_eq!(answers.lines().count(), 1);
        assert_eq!(answers.contains("ends_the_program"), is_left_out, "after {tries} tries: {answers}");
        bench.end().await;
    }
}
