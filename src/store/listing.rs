//! Reads what came of a job, chunk by chunk in the order of its records, with the ids of children in their places again.

use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;
use crate::store::unpack;

/// The first record of a chunk, how many it has, and what was asked of them.
type Piece = (i64, i64, Vec<u8>);

/// Selects columns of the next done chunk at or after a record. The chunk that may hold the record is looked up by its first record, so that
/// this costs as little at the end of a long job as at its beginning.
macro_rules! chunk_from {
    ($columns:literal, $and:literal) => {
        concat!(
            "select first_record, records, ",
            $columns,
            " from chunks where job_no = $1 and first_record + records > $2 and state = 'done' and first_record >= \
             (select coalesce(max(first_record), $2) from chunks where job_no = $1 and first_record <= $2) ",
            $and,
            " order by first_record limit 1"
        )
    };
}

impl Store {
    /// The next done chunk at or after a record: its first record, how many it has, and its answers with pseudonyms, one a line. Behind all
    /// records come the findings across them, which are counted on from the last and have ids in their places.
    pub async fn lines_from(&self, job_no: i64, record_no: i64) -> Result<Option<Piece>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, i64, Vec<u8>, Option<Vec<u8>>)>(chunk_from!("lines, across", ""))
                .bind(job_no)
                .bind(record_no)
                .fetch_optional(pool)
                .await?
        });
        let Some((first, records, lines, across)) = found else { return Ok(None) };
        let packed = across.map_or(Ok(lines), |sealed| self.secret.open_bytes(&sealed))?;
        Ok(Some((first, records, unpack(&packed)?)))
    }

    /// The same of every outcome of its records.
    pub async fn outcomes_from(&self, job_no: i64, record_no: i64) -> Result<Option<Piece>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, i64, Vec<u8>)>(chunk_from!("outcomes", "and across is null"))
                .bind(job_no)
                .bind(record_no)
                .fetch_optional(pool)
                .await?
        });
        found.map(|(first, records, packed)| Ok((first, records, unpack(&packed)?))).transpose()
    }

    /// The counts of the done chunks after a record, at most so many, with their first records.
    pub async fn counts_after(
        &self,
        job_no: i64,
        record_no: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, Vec<u8>)>(
                "select first_record, counts from chunks where job_no = $1 and first_record > $2 and state = 'done' \
                 order by first_record limit $3",
            )
            .bind(job_no)
            .bind(record_no)
            .bind(limit)
            .fetch_all(pool)
            .await?
        });
        found.into_iter().map(|(first, counts)| Ok((first, unpack(&counts)?))).collect()
    }

    /// The pseudonyms and ids of these records, as far as they name a child.
    pub async fn ids_of(
        &self,
        job_no: i64,
        from: i64,
        until: i64,
    ) -> Result<Vec<(i64, String, String)>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (i64, String, Vec<u8>)>(
                "select r.record_no, r.child, i.sealed from records r join record_ids i on i.job_no = r.job_no and i.record_no = r.record_no \
                 where r.job_no = $1 and r.record_no >= $2 and r.record_no < $3 order by r.record_no",
            )
            .bind(job_no)
            .bind(from)
            .bind(until)
            .fetch_all(pool)
            .await?
        });
        found.into_iter().map(|(no, child, sealed)| Ok((no, child, self.secret.open(&sealed)?))).collect()
    }
}
