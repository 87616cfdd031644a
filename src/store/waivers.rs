//! Accepted exceptions that were made through the interface, sealed: they name children and say why.

use crate::model::Waiver;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;
use crate::store::database::writing;

impl Store {
    /// Keeps a waiver that somebody made.
    pub async fn add_waiver(&self, waiver: &Waiver, made_by: &str, now_us: i64) -> Result<(), StoreError> {
        let text = serde_json::to_string(waiver).map_err(|_| StoreError::Damaged("a waiver"))?;
        let sealed = self.secret.seal(&text)?;
        writing!(self, transaction => {
            sqlx::query::<Db>("insert into waivers (waiver_id, sealed, made_by, made_us) values ($1, $2, $3, $4)")
                .bind(&waiver.id)
                .bind(&sealed)
                .bind(made_by)
                .bind(now_us)
                .execute(&mut *transaction)
                .await?;
        });
        Ok(())
    }

    /// Every waiver that is kept, oldest first.
    pub async fn waivers(&self) -> Result<Vec<Waiver>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (Vec<u8>,)>("select sealed from waivers order by made_us, waiver_id").fetch_all(pool).await?
        });
        let read = |(sealed,): (Vec<u8>,)| {
            serde_json::from_str(&self.secret.open(&sealed)?).map_err(|_| StoreError::Damaged("a waiver"))
        };
        found.into_iter().map(read).collect()
    }

    /// Takes a waiver back. `false`: there is none of this id.
    pub async fn remove_waiver(&self, waiver_id: &str) -> Result<bool, StoreError> {
        let removed = writing!(self, transaction => {
            sqlx::query::<Db>("delete from waivers where waiver_id = $1")
                .bind(waiver_id)
                .execute(&mut *transaction)
                .await?
                .rows_affected()
        });
        Ok(removed == 1)
    }
}
