//! Chunks: claimed with a lease and a number, judged without the database, and written down with everything that was found in one
//! transaction, or not at all.

use crate::store::DueRow;
use crate::store::FindingRow;
use crate::store::RecordRow;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::writing;

/// Rows that one statement inserts.
pub(super) const ROWS: usize = 200;

/// A chunk to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewChunk {
    /// The number of its first record in the job, from 0.
    pub first_record: i64,
    /// How many records.
    pub records: i64,
    /// The byte of the spool at which it is found.
    pub spool_from: i64,
}

/// A chunk in the hands of whoever holds this claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedChunk {
    /// The job, by its number.
    pub job_no: i64,
    /// The job's id.
    pub job_id: String,
    /// The digest of what the job is judged by.
    pub basis: String,
    /// The number of its first record in the job.
    pub first_record: i64,
    /// How many records.
    pub records: i64,
    /// The byte of the spool at which it is found.
    pub spool_from: i64,
    /// The number of the claim by which the spool was made.
    pub spooled_by: i64,
    /// How many documents of the spooled piece come before its first.
    pub skip: i64,
    /// The number of the claim: a later one makes this one void.
    pub epoch: i64,
    /// How often it was claimed, this time included.
    pub attempts: i64,
}

/// What came of a chunk.
#[derive(Clone, Debug, Default)]
pub struct DoneChunk {
    /// Its answers, one a line, packed; ids of children are pseudonyms.
    pub lines: Vec<u8>,
    /// Every outcome of every record, packed.
    pub outcomes: Vec<u8>,
    /// Its counts, packed.
    pub counts: Vec<u8>,
    /// Its records.
    pub records: Vec<RecordRow>,
    /// Its findings.
    pub findings: Vec<FindingRow>,
    /// What falls due.
    pub due: Vec<DueRow>,
    /// The marks of rules across records, packed and sealed; none where no rule takes any.
    pub marks: Option<Vec<u8>>,
}

type Columns = (i64, String, String, i64, i64, i64, i64, i64, i64, i64);

/// The first chunk of the oldest running job that has one to be judged: it waits, or its lease ended before a moment. Chunks that are done
/// are not in the index that this reads (`chunks_to_do`), so it costs as little at the end of a long job as at its beginning.
const NEXT: &str = "select c.job_no, r.job_id, r.basis, c.first_record, c.records, c.spool_from, r.epoch, c.skip, c.epoch, c.attempts \
     from (select j.job_no, j.job_id, j.basis, j.epoch, \
     (select min(w.first_record) from chunks w where w.job_no = j.job_no and w.state <> 'done' and w.lease_until_us < $1) as first_record \
     from jobs j where j.state = 'running') r \
     join chunks c on c.job_no = r.job_no and c.first_record = r.first_record order by c.job_no limit 1";

/// Inserts the records and findings of a chunk, and what falls due. What is there already stays: the same chunk says the same.
macro_rules! insert_rows {
    ($transaction:ident, $job_no:expr, $done:expr) => {
        for some in $done.records.chunks(ROWS) {
            let mut insert = sqlx::QueryBuilder::<Db>::new(
                "insert into records (job_no, record_no, child, locality, team, worker, verdict, findings) ",
            );
            insert.push_values(some, |mut values, row| {
                values.push_bind($job_no).push_bind(row.record_no).push_bind(row.child.as_deref());
                values.push_bind(row.locality.as_deref()).push_bind(row.team.as_deref());
                values.push_bind(row.worker.as_deref()).push_bind(row.verdict).push_bind(row.findings);
            });
            insert.push(" on conflict do nothing");
            insert.build().persistent(some.len() == ROWS).execute(&mut *$transaction).await?;
            let ids: Vec<(i64, &[u8])> =
                some.iter().filter_map(|row| Some((row.record_no, row.sealed.as_deref()?))).collect();
            if !ids.is_empty() {
                let mut insert = sqlx::QueryBuilder::<Db>::new("insert into record_ids (job_no, record_no, sealed) ");
                insert.push_values(&ids, |mut values, (record_no, sealed)| {
                    values.push_bind($job_no).push_bind(*record_no).push_bind(*sealed);
                });
                insert.push(" on conflict do nothing");
                insert.build().persistent(ids.len() == ROWS).execute(&mut *$transaction).await?;
            }
        }
        for some in $done.findings.chunks(ROWS) {
            let mut insert = sqlx::QueryBuilder::<Db>::new(
                "insert into findings (job_no, record_no, finding_no, rule, standard, outcome, severity, locality, team, worker, due_on, change) ",
            );
            insert.push_values(some, |mut values, row| {
                values.push_bind($job_no).push_bind(row.record_no).push_bind(row.finding_no);
                values.push_bind(row.rule.as_str()).push_bind(row.standard.as_str());
                values.push_bind(row.outcome).push_bind(row.severity).push_bind(row.locality.as_deref());
                values.push_bind(row.team.as_deref()).push_bind(row.worker.as_deref());
                values.push_bind(row.due_on.as_deref()).push_bind(row.change);
            });
            insert.push(" on conflict do nothing");
            insert.build().persistent(some.len() == ROWS).execute(&mut *$transaction).await?;
        }
        for some in $done.due.chunks(ROWS) {
            let mut insert = sqlx::QueryBuilder::<Db>::new(
                "insert into due (job_no, due_on, record_no, due_no, rule, standard, severity, locality, team, worker, subject, started_on, approximate) ",
            );
            insert.push_values(some, |mut values, row| {
                values.push_bind($job_no).push_bind(i64::from(row.due_on.number()));
                values.push_bind(row.record_no).push_bind(row.due_no).push_bind(row.rule.as_str());
                values.push_bind(row.standard.as_str()).push_bind(row.severity);
                values.push_bind(row.locality.as_deref()).push_bind(row.team.as_deref());
                values.push_bind(row.worker.as_deref()).push_bind(row.subject.as_str());
                values.push_bind(row.started_on.map(|day| i64::from(day.number())));
                values.push_bind(i64::from(row.approximate));
            });
            insert.push(" on conflict do nothing");
            insert.build().persistent(some.len() == ROWS).execute(&mut *$transaction).await?;
        }
    };
}

pub(super) use insert_rows;

impl Store {
    /// Claims the next chunk until a moment: one that waits, or one whose lease has ended. Counted before the try.
    pub async fn claim_chunk(&self, now_us: i64, until_us: i64) -> Result<Option<ClaimedChunk>, StoreError> {
        writing!(self, transaction => {
            let found =
                sqlx::query_as::<Db, Columns>(NEXT).bind(now_us).fetch_optional(&mut *transaction).await?;
            let Some((job_no, job_id, basis, first_record, records, spool_from, spooled_by, skip, epoch, attempts)) = found else {
                return Ok(None);
            };
            let claimed = sqlx::query::<Db>(
                "update chunks set state = 'leased', epoch = epoch + 1, attempts = attempts + 1, lease_until_us = $1 \
                 where job_no = $2 and first_record = $3 and epoch = $4 and state <> 'done'",
            )
            .bind(until_us)
            .bind(job_no)
            .bind(first_record)
            .bind(epoch)
            .execute(&mut *transaction)
            .await?;
            if claimed.rows_affected() != 1 {
                return Ok(None);
            }
            let (epoch, attempts) = (epoch + 1, attempts + 1);
            let claim = ClaimedChunk {
                job_no, job_id, basis, first_record, records, spool_from, spooled_by, skip, epoch, attempts,
            };
            Ok(Some(claim))
        })
    }

    /// Holds a claim for longer. `false`: it is void.
    pub async fn renew(&self, claim: &ClaimedChunk, until_us: i64) -> Result<bool, StoreError> {
        let renewed = writing!(self, transaction => {
            sqlx::query::<Db>(
                "update chunks set lease_until_us = $1 where job_no = $2 and first_record = $3 and epoch = $4 and state = 'leased'",
            )
            .bind(until_us)
            .bind(claim.job_no)
            .bind(claim.first_record)
            .bind(claim.epoch)
            .execute(&mut *transaction)
            .await?
            .rows_affected()
        });
        Ok(renewed == 1)
    }

    /// Lets a claim go as if it had not been made.
    pub async fn give_back_chunk(&self, claim: &ClaimedChunk) -> Result<(), StoreError> {
        writing!(self, transaction => {
            sqlx::query::<Db>(
                "update chunks set state = 'waiting', lease_until_us = 0, attempts = attempts - 1 \
                 where job_no = $1 and first_record = $2 and epoch = $3 and state = 'leased'",
            )
            .bind(claim.job_no)
            .bind(claim.first_record)
            .bind(claim.epoch)
            .execute(&mut *transaction)
            .await?;
        });
        Ok(())
    }

    /// Lets every claim go: for a store that no other process works on, when it is opened.
    pub async fn release_all(&self) -> Result<(), StoreError> {
        writing!(self, transaction => {
            sqlx::query::<Db>("update chunks set lease_until_us = 0 where state <> 'done' and lease_until_us > 0").execute(&mut *transaction).await?;
            sqlx::query::<Db>("update jobs set lease_until_us = 0 where state = 'waiting'").execute(&mut *transaction).await?;
        });
        Ok(())
    }

    /// Writes down what came of a claimed chunk, all of it or nothing. `false`: the claim is void or the job has ended, and nothing was
    /// written.
    pub async fn commit_chunk(&self, claim: &ClaimedChunk, done: &DoneChunk) -> Result<bool, StoreError> {
        writing!(self, transaction => {
            let changed = sqlx::query::<Db>(
                "update chunks set state = 'done', lines = $1, outcomes = $2, counts = $3, marks = $7, due_kept = 1, lease_until_us = 0 \
                 where job_no = $4 and first_record = $5 and epoch = $6 and state = 'leased' \
                 and exists (select 1 from jobs where jobs.job_no = $4 and jobs.state = 'running')",
            )
            .bind(&done.lines)
            .bind(&done.outcomes)
            .bind(&done.counts)
            .bind(claim.job_no)
            .bind(claim.first_record)
            .bind(claim.epoch)
            .bind(done.marks.as_deref())
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() != 1 {
                return Ok(false);
            }
            insert_rows!(transaction, claim.job_no, done);
        });
        Ok(true)
    }

    /// The same with its halves in two transactions: what must never be done, so that a test can show that it would be found out.
    #[cfg(any(debug_assertions, feature = "faults"))]
    pub async fn commit_chunk_in_two(
        &self,
        claim: &ClaimedChunk,
        done: &DoneChunk,
        between: std::time::Duration,
    ) -> Result<bool, StoreError> {
        let changed = writing!(self, transaction => {
            sqlx::query::<Db>(
                "update chunks set state = 'done', lines = $1, outcomes = $1, counts = $2 where job_no = $3 and first_record = $4 and epoch = $5",
            )
            .bind(crate::store::pack(b""))
            .bind(&done.counts)
            .bind(claim.job_no)
            .bind(claim.first_record)
            .bind(claim.epoch)
            .execute(&mut *transaction)
            .await?
            .rows_affected()
        });
        tokio::time::sleep(between).await;
        writing!(self, transaction => {
            sqlx::query::<Db>(
                "update chunks set lines = $1, outcomes = $2, counts = $3, marks = $6, due_kept = 1 where job_no = $4 and first_record = $5",
            )
            .bind(&done.lines)
            .bind(&done.outcomes)
            .bind(&done.counts)
            .bind(claim.job_no)
            .bind(claim.first_record)
            .bind(done.marks.as_deref())
            .execute(&mut *transaction)
            .await?;
            insert_rows!(transaction, claim.job_no, done);
        });
        Ok(changed == 1)
    }

    /// Makes two of a claimed chunk, each to be tried anew. `false`: the claim is void.
    pub async fn halve(&self, claim: &ClaimedChunk) -> Result<bool, StoreError> {
        let first = claim.records / 2;
        writing!(self, transaction => {
            let changed = sqlx::query::<Db>(
                "update chunks set state = 'waiting', records = $1, attempts = 0, lease_until_us = 0 \
                 where job_no = $2 and first_record = $3 and epoch = $4 and state = 'leased'",
            )
            .bind(first)
            .bind(claim.job_no)
            .bind(claim.first_record)
            .bind(claim.epoch)
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() != 1 {
                return Ok(false);
            }
            sqlx::query::<Db>(
                "insert into chunks (job_no, first_record, records, spool_from, skip, state) values ($1, $2, $3, $4, $5, 'waiting')",
            )
            .bind(claim.job_no)
            .bind(claim.first_record + first)
            .bind(claim.records - first)
            .bind(claim.spool_from)
            .bind(claim.skip + first)
            .execute(&mut *transaction)
            .await?;
        });
        Ok(true)
    }
}
