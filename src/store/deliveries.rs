//! Callbacks: written down in the transaction that ends a job, tried until they arrive or are given up.

use serde::Serialize;
use sqlx::Database;

use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;
use crate::store::database::writing;

/// A callback to be made.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Its id, which stays the same over every try.
    pub delivery_id: String,
    /// Whose it is.
    pub owner: String,
    /// Where it goes.
    pub url: String,
    /// What it says.
    pub body: String,
}

/// A callback as it is kept.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Delivery {
    /// Its id.
    pub delivery_id: String,
    /// Where it goes.
    #[serde(skip)]
    pub url: String,
    /// What it says.
    #[serde(skip)]
    pub body: String,
    /// `waiting`, `delivered` or `given_up`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    #[serde(skip)]
    pub next_us: i64,
    /// Why the last try failed.
    pub problem: Option<String>,
}

pub(super) const INSERT: &str = "insert into deliveries (delivery_id, job_no, owner, url, body, state, next_us, created_us) \
     values ($1, $2, $3, $4, $5, 'waiting', $6, $6) on conflict do nothing";

type Columns = (String, String, String, String, i64, i64, Option<String>);

fn row((delivery_id, url, body, state, attempts, next_us, problem): Columns) -> Delivery {
    Delivery { delivery_id, url, body, state, attempts, next_us, problem }
}

impl NewDelivery {
    /// The values of [`INSERT`].
    pub(super) fn bound<'q, Db: Database>(
        &'q self,
        query: sqlx::query::Query<'q, Db, Db::Arguments>,
        job_no: i64,
        now_us: i64,
    ) -> sqlx::query::Query<'q, Db, Db::Arguments>
    where
        i64: sqlx::Encode<'q, Db> + sqlx::Type<Db>,
        &'q str: sqlx::Encode<'q, Db> + sqlx::Type<Db>,
    {
        query
            .bind(self.delivery_id.as_str())
            .bind(job_no)
            .bind(self.owner.as_str())
            .bind(self.url.as_str())
            .bind(self.body.as_str())
            .bind(now_us)
    }
}

impl Store {
    /// Claims the callback that has waited longest, until a moment at which it may be tried again. Counted before the try.
    pub async fn claim_delivery(&self, now_us: i64, until_us: i64) -> Result<Option<Delivery>, StoreError> {
        writing!(self, transaction => {
            let found = sqlx::query_as::<Db, Columns>(
                "select delivery_id, url, body, state, attempts, next_us, problem from deliveries \
                 where state = 'waiting' and next_us <= $1 order by next_us limit 1",
            )
            .bind(now_us)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(mut delivery) = found.map(row) else { return Ok(None) };
            let claimed = sqlx::query::<Db>(
                "update deliveries set attempts = attempts + 1, next_us = $1 where delivery_id = $2 and attempts = $3",
            )
            .bind(until_us)
            .bind(&delivery.delivery_id)
            .bind(delivery.attempts)
            .execute(&mut *transaction)
            .await?;
            if claimed.rows_affected() != 1 {
                return Ok(None);
            }
            delivery.attempts += 1;
            Ok(Some(delivery))
        })
    }

    /// Writes down what came of a try: delivered, to be tried again at a moment, or given up.
    pub async fn delivery_tried(
        &self,
        delivery_id: &str,
        state: &str,
        next_us: i64,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        writing!(self, transaction => {
            sqlx::query::<Db>("update deliveries set state = $1, next_us = $2, problem = $3 where delivery_id = $4")
                .bind(state)
                .bind(next_us)
                .bind(problem)
                .bind(delivery_id)
                .execute(&mut *transaction)
                .await?;
        });
        Ok(())
    }

    /// The callbacks of a job.
    pub async fn deliveries_of(&self, job_no: i64) -> Result<Vec<Delivery>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, Columns>(
                "select delivery_id, url, body, state, attempts, next_us, problem from deliveries where job_no = $1 order by delivery_id",
            )
            .bind(job_no)
            .fetch_all(pool)
            .await?
        });
        Ok(found.into_iter().map(row).collect())
    }

    /// The callbacks of an owner that were given up: the dead letters.
    pub async fn dead_letters(&self, owner: &str, limit: i64) -> Result<Vec<Delivery>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, Columns>(
                "select delivery_id, url, body, state, attempts, next_us, problem from deliveries \
                 where owner = $1 and state = 'given_up' order by created_us desc limit $2",
            )
            .bind(owner)
            .bind(limit)
            .fetch_all(pool)
            .await?
        });
        Ok(found.into_iter().map(row).collect())
    }
}
