//! Jobs as they are kept: added once, looked up, and how far they have come. `job_steps` takes them further.

use serde::Deserialize;
use serde::Serialize;

use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;
use crate::store::database::writing;

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Its input is durable; it waits to be prepared, or is being prepared.
    Waiting,
    /// It is prepared, and goes on once somebody has looked at what its input was taken for.
    Held,
    /// Its chunks are judged.
    Running,
    /// Every record was answered.
    Done,
    /// It cannot go on; the detail says why.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Held, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn of(word: &str) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or(StoreError::Damaged("a job's state"))
    }

    /// Whether nothing more will happen to it.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A job to be added.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its id, as callers know it.
    pub job_id: String,
    /// The public part of the key that asked for it.
    pub owner: String,
    /// Now.
    pub now_us: i64,
    /// What was asked for, as JSON.
    pub ask: String,
    /// The digest of what it is judged by.
    pub basis: String,
    /// The caller's own name for the request.
    pub idempotency_key: Option<String>,
    /// The digest of the request.
    pub request_hash: String,
    /// Bytes of its input.
    pub input_bytes: i64,
}

/// What came of adding a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// The same request was made before, and made this job.
    Before(String),
    /// Another request was made under the same key.
    KeyTaken,
}

/// A job as it is kept.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its number in the store.
    pub job_no: i64,
    /// Its id, as callers know it.
    pub job_id: String,
    /// The public part of the key that asked for it.
    pub owner: String,
    /// When it was added.
    pub created_us: i64,
    /// When it last changed its state.
    pub changed_us: i64,
    /// How far it has come.
    pub state: JobState,
    /// Why it failed.
    pub detail: Option<String>,
    /// What was asked for, as JSON.
    pub ask: String,
    /// The digest of what it is judged by.
    pub basis: String,
    /// Bytes of its input.
    pub input_bytes: i64,
    /// Its records, once it is prepared.
    pub records: Option<i64>,
    /// What its input was, as JSON, once it is prepared.
    pub prepared: Option<String>,
    /// The summary of the run, as JSON, once it is done.
    pub summary: Option<String>,
}

/// How much of a job is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    /// Records that were answered.
    pub records_done: i64,
    /// Records in all, as far as they are known.
    pub records: i64,
    /// Findings so far.
    pub findings: i64,
}

/// A job that is to be prepared by whoever holds this claim.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// The job.
    pub job: JobRow,
    /// The number of the claim: a later one makes this one void.
    pub epoch: i64,
    /// How often it was claimed, this time included.
    pub attempts: i64,
}

pub(super) type Columns = (
    i64,
    String,
    String,
    i64,
    i64,
    String,
    Option<String>,
    String,
    String,
    i64,
    Option<i64>,
    Option<String>,
    Option<String>,
);

/// The columns of a job, in the order of [`Columns`].
macro_rules! select_jobs {
    ($rest:literal) => {
        concat!(
            "select job_no, job_id, owner, created_us, changed_us, state, detail, ask, basis, input_bytes, records, prepared, summary from jobs ",
            $rest
        )
    };
}

pub(super) use select_jobs;

pub(super) fn row(columns: Columns) -> Result<JobRow, StoreError> {
    let (
        job_no,
        job_id,
        owner,
        created_us,
        changed_us,
        state,
        detail,
        ask,
        basis,
        input_bytes,
        records,
        prepared,
        summary,
    ) = columns;
    let state = JobState::of(&state)?;
    Ok(JobRow {
        job_no,
        job_id,
        owner,
        created_us,
        changed_us,
        state,
        detail,
        ask,
        basis,
        input_bytes,
        records,
        prepared,
        summary,
    })
}

impl Store {
    /// Adds a job, unless its owner made the same request before under the same key.
    pub async fn add_job(&self, job: &NewJob) -> Result<Added, StoreError> {
        writing!(self, transaction => {
            if let Some(key) = &job.idempotency_key {
                let before = sqlx::query_as::<Db, (String, String)>(
                    "select job_id, request_hash from jobs where owner = $1 and idempotency_key = $2",
                )
                .bind(&job.owner)
                .bind(key)
                .fetch_optional(&mut *transaction)
                .await?;
                match before {
                    Some((job_id, hash)) if hash == job.request_hash => return Ok(Added::Before(job_id)),
                    Some(_) => return Ok(Added::KeyTaken),
                    None => {}
                }
            }
            sqlx::query::<Db>(
                "insert into jobs (job_no, job_id, owner, created_us, changed_us, state, ask, basis, idempotency_key, request_hash, input_bytes) \
                 values ((select coalesce(max(job_no), 0) + 1 from jobs), $1, $2, $3, $3, 'waiting', $4, $5, $6, $7, $8)",
            )
            .bind(&job.job_id)
            .bind(&job.owner)
            .bind(job.now_us)
            .bind(&job.ask)
            .bind(&job.basis)
            .bind(&job.idempotency_key)
            .bind(&job.request_hash)
            .bind(job.input_bytes)
            .execute(&mut *transaction)
            .await?;
        });
        Ok(Added::New)
    }

    /// The job of this id.
    pub async fn job(&self, job_id: &str) -> Result<Option<JobRow>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, Columns>(select_jobs!("where job_id = $1")).bind(job_id).fetch_optional(pool).await?
        });
        found.map(row).transpose()
    }

    /// The jobs of an owner, or of all, newest first, older than this one.
    pub async fn jobs(
        &self,
        owner: Option<&str>,
        before: i64,
        limit: i64,
    ) -> Result<Vec<JobRow>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, Columns>(select_jobs!(
                "where ($1 is null or owner = $1) and job_no < $2 order by job_no desc limit $3"
            ))
            .bind(owner)
            .bind(before)
            .bind(limit)
            .fetch_all(pool)
            .await?
        });
        found.into_iter().map(row).collect()
    }

    /// The job of an owner that was taken last, of those that are done.
    pub async fn last_done(&self, owner: &str) -> Result<Option<JobRow>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, Columns>(select_jobs!(
                "where owner = $1 and state = 'done' order by job_no desc limit 1"
            ))
            .bind(owner)
            .fetch_optional(pool)
            .await?
        });
        found.map(row).transpose()
    }

    /// Every job in this state, oldest first.
    pub async fn jobs_in(&self, state: JobState) -> Result<Vec<JobRow>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, Columns>(select_jobs!("where state = $1 order by job_no"))
                .bind(state.word())
                .fetch_all(pool)
                .await?
        });
        found.into_iter().map(row).collect()
    }

    /// Whether a chunk of a job is still to be done.
    pub async fn has_unfinished(&self, job_no: i64) -> Result<bool, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64,)>("select first_record from chunks where job_no = $1 and state <> 'done' limit 1")
                .bind(job_no)
                .fetch_optional(pool)
                .await?
        });
        Ok(found.is_some())
    }

    /// How much of a job is done.
    pub async fn progress(&self, job_no: i64) -> Result<Progress, StoreError> {
        let (records_done, records) = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, i64)>(
                "select cast(coalesce(sum(case when state = 'done' then records else 0 end), 0) as bigint), \
                 cast(coalesce(sum(records), 0) as bigint) from chunks where job_no = $1 and across is null",
            )
            .bind(job_no)
            .fetch_one(pool)
            .await?
        });
        let (findings,) = reading!(self, pool => {
            sqlx::query_as::<Db, (i64,)>("select count(*) from findings where job_no = $1").bind(job_no).fetch_one(pool).await?
        });
        Ok(Progress { records_done, records, findings })
    }
}
