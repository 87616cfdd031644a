//! Jobs in a folder of their own, on SQLite and, where a server answers, on PostgreSQL.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use casecheck::jobs::Ask;
use casecheck::jobs::Hold;
use casecheck::jobs::JobError;
use casecheck::jobs::Jobs;
use casecheck::jobs::Options;
use casecheck::jobs::Submitted;
use casecheck::jobs::Working;
use casecheck::store::JobRow;
use casecheck::store::JobState;
use sqlx::Connection as _;
use sqlx::PgConnection;
use tempfile::TempDir;

use crate::lab;
use crate::lab::SMALL;

/// Where PostgreSQL is looked for.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
pub fn postgres() -> String {
    std::env::var("CASECHECK_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://root@127.0.0.1:5432/postgres".to_owned())
}

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database of our own on the server, or nothing, with a plain line that says so, when no server answers.
#[expect(clippy::print_stdout, reason = "the reader of a test run should know what was not run")]
pub async fn fresh_database() -> Option<String> {
    let server = postgres();
    let Ok(Ok(mut connection)) =
        tokio::time::timeout(Duration::from_secs(5), PgConnection::connect(&server)).await
    else {
        println!("skipped: PostgreSQL does not answer on 127.0.0.1:5432");
        return None;
    };
    let name = format!("casecheck_test_{}", uuid::Uuid::now_v7().simple());
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
        .execute(&mut connection)
        .await
        .unwrap();
    let (before, _) = server.rsplit_once('/').unwrap();
    Some(format!("{before}/{name}"))
}

/// Drops a database of ours.
pub async fn drop_database(address: &str) {
    let (_, name) = address.rsplit_once('/').unwrap();
    if let Ok(mut connection) = PgConnection::connect(&postgres()).await {
        let drop = sqlx::AssertSqlSafe(format!("drop database if exists {name} with (force)"));
        let _ = sqlx::query(drop).execute(&mut connection).await;
    }
}

/// Jobs that are worked on.
pub struct Bench {
    pub jobs: Arc<Jobs>,
    pub working: Option<Working>,
    pub folder: TempDir,
    pub address: String,
    pub kind: Kind,
}

pub fn now_us() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a test is where the clock comes in")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

pub fn options(folder: &Path, address: &str) -> Options {
    Options {
        store: address.to_owned(),
        look_again: Duration::from_millis(50),
        lease: Duration::from_secs(2),
        chunk_bytes: 4 << 10,
        ..Options::new(folder.to_owned(), now_us)
    }
}

impl Bench {
    /// A bench of a kind, nobody working yet; nothing where there is no server.
    pub async fn idle(kind: Kind, change: impl FnOnce(&mut Options)) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let address = match kind {
            Kind::Sqlite => format!("sqlite:{}", folder.path().join("store/casecheck.db").display()),
            Kind::Postgres => fresh_database().await?,
        };
        let mut options = options(folder.path(), &address);
        change(&mut options);
        let jobs = Jobs::open(options).await.unwrap();
        Some(Self { jobs, working: None, folder, address, kind })
    }

    /// The same with somebody working.
    pub async fn busy(kind: Kind, change: impl FnOnce(&mut Options)) -> Option<Self> {
        let mut bench = Self::idle(kind, change).await?;
        bench.working = Some(bench.jobs.work().unwrap());
        Some(bench)
    }

    /// Submits files under an owner.
    pub async fn submit(
        &self,
        files: &[(&str, &[u8])],
        ask: Ask,
        key: Option<&str>,
    ) -> Result<Submitted, JobError> {
        let mut upload = self.jobs.upload().await?;
        for (name, bytes) in files {
            upload.file(name).await?;
            for part in bytes.chunks(1_000) {
                upload.write(part).await?;
            }
        }
        self.jobs.submit("tester", upload, ask, true, key, &SMALL).await
    }

    /// Submits files and waits for the end.
    pub async fn run(&self, files: &[(&str, &[u8])], ask: Ask) -> JobRow {
        let submitted = self.submit(files, ask, None).await.unwrap();
        self.ended(&submitted.job_id).await
    }

    /// Waits until a job has ended.
    pub async fn ended(&self, job_id: &str) -> JobRow {
        for _ in 0..600 {
            let job = self.jobs.job("tester", job_id).await.unwrap();
            if job.state.has_ended() {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the job did not end");
    }

    /// Every answer of a job, one a line.
    pub async fn answers(&self, job: &JobRow) -> String {
        let (mut all, mut from) = (Vec::new(), 0);
        while let Some((next, lines)) = self.jobs.answers_from(job, from).await.unwrap() {
            all.extend_from_slice(&lines);
            from = next;
        }
        String::from_utf8(all).unwrap()
    }

    /// Ends everything.
    pub async fn end(self) {
        if let Some(working) = self.working {
            working.stop().await;
        }
        if self.kind == Kind::Postgres {
            drop_database(&self.address).await;
        }
    }
}

/// What is asked where a test asks for nothing special.
pub fn ask() -> Ask {
    Ask {
        as_at: lab::day("2026-05-01"),
        stage: None,
        include_all: false,
        layout: None,
        columns: Vec::new(),
        baseline: None,
        callback: None,
        hold: Hold::Never,
        files: Vec::new(),
        left: Vec::new(),
    }
}

pub fn is_done(job: &JobRow) {
    assert_eq!(job.state, JobState::Done, "{:?}", job.detail);
}
