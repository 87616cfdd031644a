//! Jobs that are held once their input is prepared: somebody looks at what it was taken for, says which columns are which, and lets it
//! go on. The input is sent once; it stays in the job's folder until the job goes on or ends. One that nobody lets go is ended after a
//! day, and says so.

use std::sync::Arc;
use std::time::Duration;

use crate::extracts::Confirmed;
use crate::jobs::Ask;
use crate::jobs::Hold;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::PreparedFacts;
use crate::model::Day;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::StoreError;

/// How often held jobs are looked at.
const LOOK: Duration = Duration::from_mins(1);

/// What is asked of a held job in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The day as at which records are judged.
    pub as_at: Day,
    /// The layout of tables, where it is named.
    pub layout: Option<String>,
    /// Columns of tables that are confirmed: all of them, not only what is new.
    pub columns: Vec<Confirmed>,
    /// Whether it is held once more, so that what came of the wish can be looked at.
    pub hold: bool,
}

impl Jobs {
    /// Lets a held job go on. Its input is prepared anew only where the wish changes what it is taken for.
    pub async fn let_go(&self, owner: &str, job_id: &str, wish: Wish) -> Result<(), JobError> {
        let job = self.job(owner, job_id).await?;
        let damaged = || JobError::Store(StoreError::Damaged("what a job was asked"));
        let before = Ask::of_text(&job.ask).ok_or_else(damaged)?;
        let again = before.layout != wish.layout || before.columns != wish.columns;
        let facts: PreparedFacts =
            job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let nothing = job.records.unwrap_or(0) == 0 && !facts.failures.is_empty();
        if job.state != JobState::Held || (nothing && !again && !wish.hold) {
            return Err(JobError::NotHeld);
        }
        if wish.hold && !again && before.as_at == wish.as_at {
            return Ok(());
        }
        let Wish { as_at, layout, columns, hold } = wish;
        let kept = if hold { Hold::Always } else { Hold::IfNothing };
        let ask = Ask { as_at, layout, columns, hold: kept, ..before };
        let text = serde_json::to_string(&ask).map_err(|_| JobError::Broken)?;
        let again = again || hold;
        if !self.store.let_go(job.job_no, &text, again, self.now_us()).await? {
            return Err(JobError::NotHeld);
        }
        if !again {
            self.drop_input(&job).await?;
            self.finish_if_done(job.job_no, &job.job_id).await?;
        }
        self.wake();
        Ok(())
    }

    /// The spool has everything that a running job needs.
    async fn drop_input(&self, job: &JobRow) -> Result<(), JobError> {
        match tokio::fs::remove_dir_all(self.place(&job.job_id).join("input")).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Ends jobs that nobody let go, until the task is ended.
    pub(super) async fn sweep_held_until_stopped(self: Arc<Self>) {
        loop {
            if let Err(error) = self.sweep_held().await {
                tracing::warn!(%error, "held jobs wait for the store");
            }
            tokio::time::sleep(LOOK.min(self.options.hold)).await;
        }
    }

    async fn sweep_held(&self) -> Result<(), JobError> {
        let most = i64::try_from(self.options.hold.as_micros()).unwrap_or(i64::MAX);
        let words =
            "nobody let it go on in time, so it was stopped and its files were removed: upload them again";
        for job in self.store.jobs_in(JobState::Held).await? {
            if self.now_us().saturating_sub(job.changed_us) < most {
                continue;
            }
            let delivery = self.callback_of(&job, JobState::Cancelled).await?;
            let now = self.now_us();
            if self
                .store
                .end((job.job_no, None), JobState::Cancelled, Some(words), delivery.as_ref(), now)
                .await?
            {
                self.clear(&job.job_id).await?;
            }
        }
        Ok(())
    }
}
