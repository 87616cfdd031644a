//! Why a job cannot be submitted, read or ended.

use crate::store::StoreError;

/// Why a job cannot be submitted, read or ended. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The store cannot answer.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The folder of inputs cannot be written or read.
    #[error("the folder of jobs cannot be used ({0})")]
    Folder(std::io::ErrorKind),
    /// There is no room for the input.
    #[error("there is no room on the disk for the input; nothing was kept of it, send it again later")]
    Full,
    /// The input is larger than allowed.
    #[error("the input is larger than {0} bytes: send it in parts, or compressed")]
    TooLarge(u64),
    /// Nothing was sent.
    #[error("no file was sent: send at least one, as multipart/form-data")]
    NoFile,
    /// The same key stands for another request.
    #[error("this Idempotency-Key was used for another request: take a new one for each request")]
    KeyTaken,
    /// There is no such job, or it is somebody else's.
    #[error("there is no such job")]
    NoJob,
    /// The job has not come so far yet.
    #[error("the job is not done yet")]
    NotDone,
    /// No job of the caller is done.
    #[error("no job is done yet: send records to /v1/jobs, or name a job with `job`")]
    NoneDone,
    /// The job was judged before what falls due was kept.
    #[error(
        "what falls due was not kept of this job, because an earlier version judged it or a part of it: send its files again as a new job"
    )]
    NoForecast,
    /// The job is not held, or nothing of its input could be read.
    #[error("the job cannot go on from here: look at how far it has come")]
    NotHeld,
    /// The job to compare with is not there or not done.
    #[error("the job to compare with is not there or not done")]
    NoBaseline,
    /// The address may not be called.
    #[error("{0}")]
    Address(String),
    /// A report cannot be made.
    #[error("{0}")]
    Report(#[from] crate::report::ReportError),
    /// What the job was judged by is not there any more.
    #[error("the rules that this job was judged by are not kept any more")]
    NoBasis,
    /// Part of the work ended without an answer.
    #[error("the work on this ended without an answer")]
    Broken,
}

impl From<std::io::Error> for JobError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Folder(kind),
        }
    }
}

impl From<tokio::task::JoinError> for JobError {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Broken
    }
}
