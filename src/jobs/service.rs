//! Jobs as `http` and `cli` know them: opened once, worked on by threads until they are stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::RwLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::jobs::JobError;
use crate::jobs::Options;
use crate::jobs::basis::Bases;
use crate::jobs::clock::after;
use crate::jobs::work::Worker;
use crate::outbound;
use crate::store::Delivery;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Progress;
use crate::store::Secret;
use crate::store::Store;

/// Bytes of stack of a thread that judges: the schema engine recurses over what records hold.
const STACK: usize = 16 << 20;

/// Jobs and what they are kept in.
pub struct Jobs {
    pub(super) store: Store,
    pub(super) options: Options,
    pub(super) bases: Bases,
    /// Held together by those who judge, and alone by one who judges what may end the program.
    pub(super) alone: RwLock<()>,
    /// Held by the one who ends a job: the marks of all its records are sorted once, not by everybody who has nothing else to do.
    pub(super) ending: tokio::sync::Mutex<()>,
    work: Notify,
    stopping: AtomicBool,
}

/// Threads and tasks that work on jobs.
pub struct Working {
    jobs: Arc<Jobs>,
    threads: Vec<std::thread::JoinHandle<()>>,
    callbacks: tokio::task::JoinHandle<()>,
    sweeping: tokio::task::JoinHandle<()>,
}

impl Jobs {
    /// Opens the store and the folder. What another process left half-done is taken up again, and what belongs to no job goes.
    pub async fn open(options: Options) -> Result<Arc<Self>, JobError> {
        for part in ["incoming", "jobs", "making"] {
            tokio::fs::create_dir_all(options.folder.join(part)).await?;
        }
        let secret = Secret::of_file(&options.folder.join("store.key"))?;
        let store = Store::open(&options.store, secret).await?;
        let jobs = Self {
            store,
            options,
            bases: Bases::default(),
            alone: RwLock::new(()),
            ending: tokio::sync::Mutex::new(()),
            work: Notify::new(),
            stopping: AtomicBool::new(false),
        };
        if !jobs.store.is_shared() {
            jobs.store.release_all().await?;
            jobs.sweep().await?;
        }
        Ok(Arc::new(jobs))
    }

    /// Begins to work on jobs.
    pub fn work(self: &Arc<Self>) -> std::io::Result<Working> {
        let runtime = tokio::runtime::Handle::current();
        let mut threads = Vec::new();
        for number in 0..self.options.threads.max(1) {
            let worker = Worker::new(Arc::clone(self), runtime.clone());
            let named = std::thread::Builder::new().name(format!("jobs-{number}")).stack_size(STACK);
            threads.push(named.spawn(move || worker.run())?);
        }
        let callbacks = tokio::spawn(Arc::clone(self).deliver_until_stopped());
        let sweeping = tokio::spawn(Arc::clone(self).sweep_held_until_stopped());
        Ok(Working { jobs: Arc::clone(self), threads, callbacks, sweeping })
    }

    pub(super) fn now_us(&self) -> i64 {
        (self.options.now_us)()
    }

    pub(super) fn lease_until(&self) -> i64 {
        after(self.now_us(), self.options.lease)
    }

    /// The folder of a job.
    pub(super) fn place(&self, job_id: &str) -> PathBuf {
        self.options.folder.join("jobs").join(job_id)
    }

    /// The most bytes that the input of one job may have.
    pub fn largest(&self) -> u64 {
        self.options.input_bytes
    }

    /// Says that there is work.
    pub(super) fn wake(&self) {
        self.work.notify_waiters();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Waits until somebody says that there is work, or for so long.
    pub(super) async fn wait_for_work(&self, most: Duration) {
        let _ = tokio::time::timeout(most, self.work.notified()).await;
    }

    /// Takes away what lies in the folder and belongs to no job that goes on.
    async fn sweep(&self) -> Result<(), JobError> {
        for part in ["incoming", "making"] {
            let folder = self.options.folder.join(part);
            tokio::fs::remove_dir_all(&folder).await?;
            tokio::fs::create_dir_all(&folder).await?;
        }
        let mut entries = tokio::fs::read_dir(self.options.folder.join("jobs")).await?;
        while let Some(entry) = entries.next_entry().await? {
            let job = self.store.job(&entry.file_name().to_string_lossy()).await?;
            if job.is_none_or(|job| job.state.has_ended()) {
                tokio::fs::remove_dir_all(entry.path()).await?;
            }
        }
        Ok(())
    }

    /// A job of an owner.
    pub async fn job(&self, owner: &str, job_id: &str) -> Result<JobRow, JobError> {
        let found = self.store.job(job_id).await?;
        found.filter(|job| job.owner == owner).ok_or(JobError::NoJob)
    }

    /// The jobs of an owner, newest first, those before a number.
    pub async fn jobs(&self, owner: &str, before: Option<i64>, limit: i64) -> Result<Vec<JobRow>, JobError> {
        Ok(self.store.jobs(Some(owner), before.unwrap_or(i64::MAX), limit).await?)
    }

    /// How much of a job is done.
    pub async fn progress(&self, job: &JobRow) -> Result<Progress, JobError> {
        Ok(self.store.progress(job.job_no).await?)
    }

    /// Stops a job that goes on; forgets one that has ended. Says which of the two it did: `true` for forgotten. No file is left of either.
    pub async fn remove(&self, owner: &str, job_id: &str) -> Result<bool, JobError> {
        let job = self.job(owner, job_id).await?;
        if !job.state.has_ended() {
            let delivery = self.callback_of(&job, JobState::Cancelled).await?;
            let ended = self
                .store
                .end((job.job_no, None), JobState::Cancelled, None, delivery.as_ref(), self.now_us())
                .await?;
            if ended {
                self.clear(job_id).await?;
                self.wake();
                return Ok(false);
            }
        }
        self.store.purge(job.job_no).await?;
        self.clear(job_id).await?;
        Ok(true)
    }

    /// Takes away the files of a job.
    pub(super) async fn clear(&self, job_id: &str) -> Result<(), JobError> {
        match tokio::fs::remove_dir_all(self.place(job_id)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The callbacks of a job.
    pub async fn callbacks(&self, job: &JobRow) -> Result<Vec<Delivery>, JobError> {
        Ok(self.store.deliveries_of(job.job_no).await?)
    }

    /// Callbacks of an owner that were given up.
    pub async fn dead_letters(&self, owner: &str) -> Result<Vec<Delivery>, JobError> {
        Ok(self.store.dead_letters(owner, 200).await?)
    }

    /// Whether an address may be called, or why not.
    pub(super) fn may_call(&self, address: &str) -> Result<(), JobError> {
        outbound::may_call(address, &self.options.callbacks.hosts)
            .map_err(|error| JobError::Address(error.to_string()))
    }

    /// Fetches an input from an address that may be called.
    pub async fn fetch(&self, address: &str, upload: &mut crate::jobs::Upload) -> Result<(), JobError> {
        self.may_call(address)?;
        let mut download = outbound::Download::start(address, &self.options.callbacks.hosts)
            .await
            .map_err(|error| JobError::Address(error.to_string()))?;
        upload.file(&download.name).await?;
        while let Some(part) = download.next().await.map_err(|error| JobError::Address(error.to_string()))? {
            upload.write(&part).await?;
        }
        Ok(())
    }
}

impl Working {
    /// Lets every chunk in hand be written down, and stops.
    pub async fn stop(self) {
        self.jobs.stopping.store(true, Ordering::Relaxed);
        self.jobs.wake();
        for task in [self.callbacks, self.sweeping] {
            task.abort();
            // What it has in hand is let go before the store is.
            let _ = task.await;
        }
        let threads = self.threads;
        // A thread that panicked has said so.
        let _ =
            tokio::task::spawn_blocking(move || threads.into_iter().for_each(|thread| drop(thread.join())))
                .await;
        self.jobs.store.close().await;
    }
}
