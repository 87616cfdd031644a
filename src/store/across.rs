//! What rules across records keep of a job: the marks of its chunks, and at its end what they show. Both name children and are sealed.

use crate::store::DoneChunk;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::chunks::ROWS;
use crate::store::chunks::insert_rows;
use crate::store::database::reading;
use crate::store::database::writing;
use crate::store::pack;
use crate::store::unpack;

impl Store {
    /// Packs and seals what names children.
    pub fn sealed(&self, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.secret.seal_bytes(&pack(bytes))
    }

    /// The marks of the next done chunk after a record, with its first record; nothing when there is no more.
    pub async fn marks_after(
        &self,
        job_no: i64,
        record_no: i64,
    ) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, Vec<u8>)>(
                "select first_record, marks from chunks where job_no = $1 and first_record > $2 and marks is not null \
                 order by first_record limit 1",
            )
            .bind(job_no)
            .bind(record_no)
            .fetch_optional(pool)
            .await?
        });
        found.map(|(first, sealed)| Ok((first, unpack(&self.secret.open_bytes(&sealed)?)?))).transpose()
    }

    /// Writes down some of what all records of a running job show, as lines that stand from this number on, all of it or nothing. What is
    /// there already stays: the same job shows the same. `false`: the job has ended.
    pub async fn add_across(
        &self,
        job_no: i64,
        (first, lines): (i64, i64),
        done: &DoneChunk,
    ) -> Result<bool, StoreError> {
        let nothing = pack(b"");
        writing!(self, transaction => {
            let added = sqlx::query::<Db>(
                "insert into chunks (job_no, first_record, records, spool_from, skip, state, lines, outcomes, counts, across) \
                 select $1, $2, $3, 0, 0, 'done', $4, $4, $5, $6 from jobs where job_no = $1 and state = 'running' \
                 on conflict do nothing",
            )
            .bind(job_no)
            .bind(first)
            .bind(lines)
            .bind(&nothing)
            .bind(&done.counts)
            .bind(&done.lines)
            .execute(&mut *transaction)
            .await?;
            if added.rows_affected() != 1 {
                let there = sqlx::query_as::<Db, (i64,)>(
                    "select c.first_record from chunks c join jobs j on j.job_no = c.job_no \
                     where c.job_no = $1 and c.first_record = $2 and j.state = 'running'",
                )
                .bind(job_no)
                .bind(first)
                .fetch_optional(&mut *transaction)
                .await?;
                return Ok(there.is_some());
            }
            insert_rows!(transaction, job_no, done);
        });
        Ok(true)
    }
}
