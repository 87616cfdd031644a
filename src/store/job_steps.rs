//! The steps of a job: claimed to be prepared, prepared, held and let go, ended, forgotten.

use crate::store::ClaimedJob;
use crate::store::JobState;
use crate::store::NewChunk;
use crate::store::NewDelivery;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::writing;
use crate::store::deliveries::INSERT as INSERT_DELIVERY;
use crate::store::job::Columns;
use crate::store::job::row;
use crate::store::job::select_jobs;

impl Store {
    /// Claims the oldest job that waits to be prepared, until a moment.
    pub async fn claim_job(&self, now_us: i64, until_us: i64) -> Result<Option<ClaimedJob>, StoreError> {
        writing!(self, transaction => {
            let found = sqlx::query_as::<Db, (i64, i64, i64)>(
                "select job_no, epoch, attempts from jobs where state = 'waiting' and lease_until_us < $1 order by job_no limit 1",
            )
            .bind(now_us)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some((job_no, epoch, attempts)) = found else { return Ok(None) };
            let claimed = sqlx::query::<Db>(
                "update jobs set epoch = epoch + 1, attempts = attempts + 1, lease_until_us = $1 \
                 where job_no = $2 and epoch = $3 and state = 'waiting'",
            )
            .bind(until_us)
            .bind(job_no)
            .bind(epoch)
            .execute(&mut *transaction)
            .await?;
            if claimed.rows_affected() != 1 {
                return Ok(None);
            }
            let columns = sqlx::query_as::<Db, Columns>(select_jobs!("where job_no = $1"))
                .bind(job_no)
                .fetch_one(&mut *transaction)
                .await?;
            Ok(Some(ClaimedJob { job: row(columns)?, epoch: epoch + 1, attempts: attempts + 1 }))
        })
    }

    /// Holds a claim for longer. `false`: it is void.
    pub async fn renew_job(&self, claim: &ClaimedJob, until_us: i64) -> Result<bool, StoreError> {
        let renewed = writing!(self, transaction => {
            sqlx::query::<Db>("update jobs set lease_until_us = $1 where job_no = $2 and epoch = $3 and state = 'waiting'")
                .bind(until_us)
                .bind(claim.job.job_no)
                .bind(claim.epoch)
                .execute(&mut *transaction)
                .await?
                .rows_affected()
        });
        Ok(renewed == 1)
    }

    /// Lets a claim go as if it had not been made.
    pub async fn give_back_job(&self, claim: &ClaimedJob) -> Result<(), StoreError> {
        writing!(self, transaction => {
            sqlx::query::<Db>(
                "update jobs set lease_until_us = 0, attempts = attempts - 1 where job_no = $1 and epoch = $2 and state = 'waiting'",
            )
            .bind(claim.job.job_no)
            .bind(claim.epoch)
            .execute(&mut *transaction)
            .await?;
        });
        Ok(())
    }

    /// Writes down the chunks of a claimed job, which then runs or is held. `false`: somebody else has claimed it since, and nothing was
    /// written.
    pub async fn prepared(
        &self,
        claim: &ClaimedJob,
        chunks: &[NewChunk],
        prepared: &str,
        hold: bool,
        now_us: i64,
    ) -> Result<bool, StoreError> {
        let records: i64 = chunks.iter().map(|chunk| chunk.records).sum();
        // A chunk is claimed only while its job runs, so those of a held job wait with it.
        let state = if hold { JobState::Held } else { JobState::Running };
        writing!(self, transaction => {
            let changed = sqlx::query::<Db>(
                "update jobs set state = $1, records = $2, prepared = $3, changed_us = $4, lease_until_us = 0 \
                 where job_no = $5 and epoch = $6 and state = 'waiting'",
            )
            .bind(state.word())
            .bind(records)
            .bind(prepared)
            .bind(now_us)
            .bind(claim.job.job_no)
            .bind(claim.epoch)
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() != 1 {
                return Ok(false);
            }
            for some in chunks.chunks(500) {
                let mut insert = sqlx::QueryBuilder::<Db>::new(
                    "insert into chunks (job_no, first_record, records, spool_from, skip, state) ",
                );
                insert.push_values(some, |mut values, chunk| {
                    values.push_bind(claim.job.job_no).push_bind(chunk.first_record).push_bind(chunk.records);
                    values.push_bind(chunk.spool_from).push_bind(0_i64).push_bind("waiting");
                });
                insert.build().persistent(false).execute(&mut *transaction).await?;
            }
        });
        Ok(true)
    }

    /// Lets a held job go on with what was asked in the end: its chunks are judged, or, where `again` is said, its input is prepared anew.
    /// `false`: it is not held any more.
    pub async fn let_go(&self, job_no: i64, ask: &str, again: bool, now_us: i64) -> Result<bool, StoreError> {
        let state = if again { JobState::Waiting } else { JobState::Running };
        writing!(self, transaction => {
            let changed = sqlx::query::<Db>(
                "update jobs set state = $1, ask = $2, changed_us = $3, attempts = 0, lease_until_us = 0 where job_no = $4 and state = 'held'",
            )
            .bind(state.word())
            .bind(ask)
            .bind(now_us)
            .bind(job_no)
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() != 1 {
                return Ok(false);
            }
            if again {
                sqlx::query::<Db>("delete from chunks where job_no = $1").bind(job_no).execute(&mut *transaction).await?;
            }
        });
        Ok(true)
    }

    /// Ends a running job whose chunks are all done, with its summary and the callback that tells of it. `false`: it is not so far, or has
    /// ended already.
    pub async fn finish(
        &self,
        job_no: i64,
        summary: &str,
        delivery: Option<&NewDelivery>,
        now_us: i64,
    ) -> Result<bool, StoreError> {
        writing!(self, transaction => {
            let changed = sqlx::query::<Db>(
                "update jobs set state = 'done', summary = $1, changed_us = $2 where job_no = $3 and state = 'running' \
                 and not exists (select 1 from chunks where chunks.job_no = $3 and chunks.state <> 'done')",
            )
            .bind(summary)
            .bind(now_us)
            .bind(job_no)
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() != 1 {
                return Ok(false);
            }
            sqlx::query::<Db>("update chunks set marks = null where job_no = $1 and marks is not null")
                .bind(job_no)
                .execute(&mut *transaction)
                .await?;
            if let Some(delivery) = delivery {
                delivery.bound(sqlx::query::<Db>(INSERT_DELIVERY), job_no, now_us).execute(&mut *transaction).await?;
            }
        });
        Ok(true)
    }

    /// Ends a job that has not ended, because it cannot go on or because somebody wants it stopped. Where it is ended by a claim, only if
    /// that is still the last one and the job waits. `false`: it had ended already, or the claim is void.
    pub async fn end(
        &self,
        (job_no, claim): (i64, Option<&ClaimedJob>),
        state: JobState,
        detail: Option<&str>,
        delivery: Option<&NewDelivery>,
        now_us: i64,
    ) -> Result<bool, StoreError> {
        writing!(self, transaction => {
            let changed = sqlx::query::<Db>(
                "update jobs set state = $1, detail = $2, changed_us = $3 where job_no = $4 and state in ('waiting', 'held', 'running') \
                 and ($5 is null or (epoch = $5 and state = 'waiting'))",
            )
            .bind(state.word())
            .bind(detail)
            .bind(now_us)
            .bind(job_no)
            .bind(claim.map(|claim| claim.epoch))
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() != 1 {
                return Ok(false);
            }
            // What only all records together show is not said of some of them.
            for text in [
                "delete from findings where job_no = $1 and record_no >= (select min(first_record) from chunks where job_no = $1 and across is not null)",
                "delete from chunks where job_no = $1 and (state <> 'done' or across is not null)",
                "update chunks set marks = null where job_no = $1 and marks is not null",
            ] {
                sqlx::query::<Db>(text).bind(job_no).execute(&mut *transaction).await?;
            }
            if let Some(delivery) = delivery {
                delivery.bound(sqlx::query::<Db>(INSERT_DELIVERY), job_no, now_us).execute(&mut *transaction).await?;
            }
        });
        Ok(true)
    }

    /// Forgets a job and everything that was found.
    pub async fn purge(&self, job_no: i64) -> Result<(), StoreError> {
        writing!(self, transaction => {
            sqlx::query::<Db>("delete from deliveries where job_no = $1").bind(job_no).execute(&mut *transaction).await?;
            sqlx::query::<Db>("delete from jobs where job_no = $1").bind(job_no).execute(&mut *transaction).await?;
        });
        Ok(())
    }
}
