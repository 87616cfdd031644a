//! Jobs that are held for somebody to look at: nothing is judged before, the input is sent once, and one that nobody lets go ends.

use std::path::Path;
use std::time::Duration;

use casecheck::extracts::Confirmed;
use casecheck::jobs::Ask;
use casecheck::jobs::Hold;
use casecheck::jobs::JobError;
use casecheck::jobs::Wish;
use casecheck::store::JobRow;
use casecheck::store::JobState;

use crate::jobs::fixture::Bench;
use crate::jobs::fixture::Kind;
use crate::jobs::fixture::ask;
use crate::jobs::fixture::is_done;
use crate::lab;
use crate::same_everywhere::ndjson;
use crate::same_everywhere::records;

const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

fn held() -> Ask {
    Ask { hold: Hold::Always, ..ask() }
}

fn wish() -> Wish {
    Wish { as_at: lab::day("2026-05-01"), layout: None, columns: Vec::new(), hold: false }
}

/// Submits records that are held, and waits until they are.
async fn hold(bench: &Bench) -> JobRow {
    let text = ndjson(&records());
    let taken = bench.submit(&[("county.ndjson", text.as_bytes())], held(), None).await.unwrap();
    until(bench, &taken.job_id, JobState::Held).await
}

async fn until(bench: &Bench, job_id: &str, state: JobState) -> JobRow {
    for _ in 0..600 {
        let job = bench.jobs.job("tester", job_id).await.unwrap();
        if job.state == state {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job was never {}", state.word());
}

/// The files of a job go once its end is written down.
async fn gone(folder: &Path) {
    for _ in 0..100 {
        if !folder.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the files are still there");
}

#[tokio::test]
async fn a_held_job_is_prepared_and_not_judged_until_it_is_let_go() {
    for kind in BOTH {
        let Some(bench) = Bench::busy(kind, |_| {}).await else { continue };
        let job = hold(&bench).await;
        let folder = bench.folder.path().join("jobs").join(&job.job_id);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let progress = bench.jobs.progress(&job).await.unwrap();
        assert_eq!(
            (progress.records_done, progress.records, progress.findings),
            (0, i64::try_from(records().len()).unwrap(), 0)
        );
        assert!(folder.join("input/0").exists());
        let none = bench.jobs.let_go("somebody else", &job.job_id, wish()).await;
        assert!(matches!(none, Err(JobError::NoJob)), "{none:?}");
        bench.jobs.let_go("tester", &job.job_id, wish()).await.unwrap();
        let again = bench.jobs.let_go("tester", &job.job_id, wish()).await;
        assert!(matches!(again, Err(JobError::NotHeld)), "{again:?}");
        let done = bench.ended(&job.job_id).await;
        is_done(&done);
        gone(&folder).await;
        // It found what a job finds that was not held.
        let plain = bench.run(&[("county.ndjson", ndjson(&records()).as_bytes())], ask()).await;
        assert_eq!(bench.answers(&done).await, bench.answers(&plain).await);
        bench.end().await;
    }
}

#[tokio::test]
async fn a_wish_that_changes_what_the_input_is_reads_it_again() {
    for kind in BOTH {
        let Some(bench) = Bench::busy(kind, |_| {}).await else { continue };
        let job = hold(&bench).await;
        let column = Confirmed { written: "Child".to_owned(), column: "CHILD".to_owned() };
        let columns = vec![column];
        let with = Wish { columns: columns.clone(), hold: true, ..wish() };
        bench.jobs.let_go("tester", &job.job_id, with).await.unwrap();
        let again = until(&bench, &job.job_id, JobState::Held).await;
        assert_eq!(again.records, job.records);
        assert_eq!(Ask::of_text(&again.ask).unwrap().columns, columns);
        // As tables nothing can be read of records: the job waits and says why, and its files are still there.
        // So it does where it was to go on.
        let strange = Wish { layout: Some("ssda903".to_owned()), ..wish() };
        bench.jobs.let_go("tester", &job.job_id, strange.clone()).await.unwrap();
        let empty = until(&bench, &job.job_id, JobState::Held).await;
        assert_eq!(empty.records, Some(0));
        assert!(empty.prepared.unwrap().contains("not a table of text"));
        let run = bench.jobs.let_go("tester", &job.job_id, strange).await;
        assert!(matches!(run, Err(JobError::NotHeld)), "{run:?}");
        bench.jobs.let_go("tester", &job.job_id, wish()).await.unwrap();
        is_done(&bench.ended(&job.job_id).await);
        bench.end().await;
    }
}

#[tokio::test]
async fn a_held_job_that_nobody_lets_go_ends_says_so_and_leaves_no_file() {
    for kind in BOTH {
        let Some(bench) = Bench::busy(kind, |options| options.hold = Duration::from_millis(300)).await else {
            continue;
        };
        let job = hold(&bench).await;
        let ended = bench.ended(&job.job_id).await;
        assert_eq!(ended.state, JobState::Cancelled);
        assert!(ended.detail.unwrap().contains("nobody let it go on"));
        let folder = bench.folder.path().join("jobs").join(&job.job_id);
        gone(&folder).await;
        bench.end().await;
    }
}
