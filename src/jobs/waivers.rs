//! Accepted exceptions that were made through the interface: kept in the store of jobs, in force for saves and for jobs that begin after.

use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::model::Waiver;

impl Jobs {
    /// Every waiver that is kept.
    pub async fn waivers(&self) -> Result<Vec<Waiver>, JobError> {
        Ok(self.store.waivers().await?)
    }

    /// Keeps a waiver that somebody made.
    pub async fn add_waiver(&self, waiver: &Waiver, made_by: &str) -> Result<(), JobError> {
        Ok(self.store.add_waiver(waiver, made_by, self.now_us()).await?)
    }

    /// Takes a waiver back. `false`: there is none of this id.
    pub async fn remove_waiver(&self, waiver_id: &str) -> Result<bool, JobError> {
        Ok(self.store.remove_waiver(waiver_id).await?)
    }
}
