//! Takes a job: its input durable, its rules pinned, its row written, and only then the caller is told.

use crate::catalog::Catalog;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::Upload;
use crate::jobs::basis;
use crate::store::Added;
use crate::store::JobState;
use crate::store::NewJob;

/// What came of submitting a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The job's id.
    pub job_id: String,
    /// Whether the same request had made it before.
    pub before: bool,
}

impl Jobs {
    /// A place for the files of a new job.
    pub async fn upload(&self) -> Result<Upload, JobError> {
        let folder = self.options.folder.join("incoming").join(uuid::Uuid::now_v7().to_string());
        Upload::begin(folder, self.options.input_bytes).await
    }

    /// Takes a job for an owner: `ask` without its files, which come from the upload; `dated` says whether the caller named the day. It is
    /// judged by this catalog, whatever comes into force later.
    pub async fn submit(
        &self,
        owner: &str,
        mut upload: Upload,
        ask: Ask,
        dated: bool,
        idempotency_key: Option<&str>,
        catalog: &Catalog,
    ) -> Result<Submitted, JobError> {
        if let Some(callback) = &ask.callback {
            self.may_call(callback)?;
        }
        if let Some(baseline) = &ask.baseline {
            let earlier = self.job(owner, baseline).await.map_err(|_| JobError::NoBaseline)?;
            if earlier.state != JobState::Done {
                return Err(JobError::NoBaseline);
            }
        }
        let ask = Ask { files: upload.finish().await?, ..ask };
        let bytes: u64 = ask.files.iter().map(|file| file.bytes).sum();
        let job_id = uuid::Uuid::now_v7().to_string();
        let basis = basis::keep(&self.store, catalog, &self.store.waivers().await?).await?;
        let place = self.place(&job_id);
        upload.keep_as(&place).await?;
        let row = NewJob {
            job_id: job_id.clone(),
            owner: owner.to_owned(),
            now_us: self.now_us(),
            ask: serde_json::to_string(&ask).map_err(|_| JobError::Broken)?,
            basis,
            idempotency_key: idempotency_key.map(str::to_owned),
            request_hash: ask.digest(dated),
            input_bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        };
        let added = self.store.add_job(&row).await;
        if !matches!(added, Ok(Added::New)) {
            tokio::fs::remove_dir_all(&place).await?;
        }
        match added? {
            Added::New => {
                self.wake();
                Ok(Submitted { job_id, before: false })
            }
            Added::Before(job_id) => Ok(Submitted { job_id, before: true }),
            Added::KeyTaken => Err(JobError::KeyTaken),
        }
    }
}
