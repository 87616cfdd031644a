//! The files of the catalogs that jobs were begun with.

use crate::store::Store;
use crate::store::StoreError;
use crate::store::database::reading;
use crate::store::database::writing;
use crate::store::pack;
use crate::store::unpack;

impl Store {
    /// Keeps the files of a catalog under the digest of what is judged by it. They may be there already.
    pub async fn keep_pack(&self, basis: &str, files: &[u8]) -> Result<(), StoreError> {
        let packed = pack(files);
        writing!(self, transaction => {
            sqlx::query::<Db>("insert into packs (basis, files) values ($1, $2) on conflict do nothing")
                .bind(basis)
                .bind(&packed)
                .execute(&mut *transaction)
                .await?;
        });
        Ok(())
    }

    /// The files of the catalog that was kept under a digest.
    pub async fn kept_pack(&self, basis: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = reading!(self, pool => {
            sqlx::query_as::<Db, (Vec<u8>,)>("select files from packs where basis = $1").bind(basis).fetch_optional(pool).await?
        });
        found.map(|(files,)| unpack(&files)).transpose()
    }
}
