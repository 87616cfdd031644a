//! `casecheck check --resumable`: the same check as a job of its own in the folder of the results, so that a run that was killed is taken up
//! again by the same command where it was, with nothing lost and nothing twice.

use std::io::ErrorKind;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::load;
use crate::cli::output;
use crate::cli::progress::Count;
use crate::cli::progress::stop_on_interrupt;
use crate::jobs::Ask;
use crate::jobs::Jobs;
use crate::jobs::Options;
use crate::jobs::PreparedFacts;
use crate::report;
use crate::report::Form;
use crate::report::Summary;
use crate::sources::FolderFiles;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Secret;

/// The folder beside the results in which a run lies until it is done.
const WORK: &str = ".casecheck-run";

/// Whose job it is.
const OWNER: &str = "check";

/// What is to be checked, and where its results go.
pub(super) struct Wanted<'w> {
    /// The files and folders that were named.
    pub(super) files: &'w [PathBuf],
    /// What is asked of them, without the files.
    pub(super) ask: Ask,
    /// Whether the day was named.
    pub(super) dated: bool,
    /// The folder of the results.
    pub(super) out: &'w Path,
    /// The reports beside them.
    pub(super) forms: &'w [Form],
    /// The key of pseudonyms, where a report needs it.
    pub(super) secret: Option<Arc<Secret>>,
    /// Threads that judge.
    pub(super) threads: usize,
}

/// How a run ended.
pub(super) enum Ended {
    /// It is done: findings by severity as the summary counts them, records that could not be read, and what else could not be.
    Done(std::collections::BTreeMap<&'static str, u64>, u64, Vec<String>),
    /// It was stopped, and the same command goes on with it.
    Stopped,
}

/// Checks, or goes on checking.
pub(super) fn run(mut wanted: Wanted<'_>, catalog: &Catalog) -> Result<Ended, Failure> {
    let (files, left) = files(wanted.files, wanted.ask.layout.is_some())?;
    wanted.ask.left = left;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| format!("the run cannot be worked on here ({})", error.kind()))?;
    runtime.block_on(work(&wanted, &files, catalog))
}

/// The files that are named, those of folders as `check` takes them; and the names of those that are left there.
fn files(named: &[PathBuf], all_tables: bool) -> Result<(Vec<PathBuf>, Vec<String>), Failure> {
    let (mut found, mut left) = (Vec::new(), Vec::new());
    for path in named {
        if path == Path::new("-") {
            return Err("standard input cannot be read a second time: write it to a file first".to_owned());
        }
        if path.is_dir() {
            let folder = FolderFiles::of(path, all_tables)?;
            found.extend(folder.taken);
            let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
            left.extend(folder.left.iter().filter_map(name));
        } else {
            found.push(path.clone());
        }
    }
    Ok((found, left))
}

async fn work(wanted: &Wanted<'_>, files: &[PathBuf], catalog: &Catalog) -> Result<Ended, Failure> {
    let place = wanted.out.join(WORK);
    let options = Options { threads: wanted.threads, ..Options::new(place.clone(), load::now_us) };
    let told = |error: crate::jobs::JobError| format!("{}: {error}", place.display());
    let jobs = Jobs::open(options).await.map_err(told)?;
    let job = match jobs.jobs(OWNER, None, 1).await.map_err(told)?.pop() {
        Some(job) if is_same(&job, wanted, files)? => {
            output::err("casecheck: going on with the run that was begun here");
            job
        }
        Some(_) => {
            return Err(format!(
                "another run was begun in {}: finish it with its own command, remove the folder, or give --out another one",
                place.display()
            ));
        }
        None => submit(&jobs, wanted, files, catalog).await?,
    };
    let working = jobs.work().map_err(|error| format!("no thread can be started ({})", error.kind()))?;
    let ended = wait(&jobs, &job.job_id).await.map_err(told)?;
    let ended = match ended {
        None => Ok(Ended::Stopped),
        Some(job) if job.state == JobState::Done => write(&jobs, &job, wanted).await,
        Some(job) => Err(job.detail.unwrap_or_else(|| "the run was stopped".to_owned())),
    };
    working.stop().await;
    if !matches!(ended, Ok(Ended::Stopped)) {
        // What lies there is of no more use, and is about children.
        remove(&place)
            .await
            .map_err(|error| format!("{} cannot be removed ({})", place.display(), error.kind()))?;
    }
    ended
}

/// Removes a folder whose files are still being let go of, for as long as that may take.
async fn remove(place: &Path) -> std::io::Result<()> {
    for _ in 0..100 {
        match std::fs::remove_dir_all(place) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            other => return other,
        }
    }
    std::fs::remove_dir_all(place)
}

/// Whether a run that was begun is of these files under these wishes: by name and length, since its content was taken in whole.
fn is_same(job: &JobRow, wanted: &Wanted<'_>, files: &[PathBuf]) -> Result<bool, Failure> {
    let Ok(mut before) = serde_json::from_str::<Ask>(&job.ask) else { return Ok(false) };
    let taken = std::mem::take(&mut before.files);
    if !wanted.dated {
        before.as_at = wanted.ask.as_at;
    }
    let mut lengths = Vec::new();
    for file in files {
        let length = std::fs::metadata(file).map_err(|error| unreadable(file, &error))?.len();
        lengths.push(length);
    }
    Ok(before == wanted.ask && taken.iter().map(|file| file.bytes).eq(lengths))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    format!("{} cannot be read ({}); check its name", file.display(), error.kind())
}

async fn submit(
    jobs: &Jobs,
    wanted: &Wanted<'_>,
    files: &[PathBuf],
    catalog: &Catalog,
) -> Result<JobRow, Failure> {
    let told = |error: crate::jobs::JobError| error.to_string();
    let mut upload = jobs.upload().await.map_err(told)?;
    let mut part = vec![0; 1 << 20];
    for path in files {
        let mut file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
        upload.file(&path.to_string_lossy()).await.map_err(told)?;
        loop {
            let length = file.read(&mut part).map_err(|error| unreadable(path, &error))?;
            if length == 0 {
                break;
            }
            upload.write(part.get(..length).unwrap_or_default()).await.map_err(told)?;
        }
    }
    let ask = wanted.ask.clone();
    let submitted = jobs.submit(OWNER, upload, ask, wanted.dated, None, catalog).await.map_err(told)?;
    jobs.job(OWNER, &submitted.job_id).await.map_err(told)
}

/// Waits until the run has ended; nothing when somebody stopped us.
async fn wait(jobs: &Jobs, job_id: &str) -> Result<Option<JobRow>, crate::jobs::JobError> {
    let stop = stop_on_interrupt();
    let count = Count::new("records");
    loop {
        let job = jobs.job(OWNER, job_id).await?;
        if job.state.has_ended() {
            count.finish();
            return Ok(Some(job));
        }
        if stop.load(Ordering::Relaxed) {
            count.finish();
            return Ok(None);
        }
        let progress = jobs.progress(&job).await?;
        let so_far = |number: i64| u64::try_from(number).unwrap_or(0);
        count.update(so_far(progress.records_done), so_far(progress.records), so_far(progress.findings));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn write(jobs: &Jobs, job: &JobRow, wanted: &Wanted<'_>) -> Result<Ended, Failure> {
    let told = |error: crate::jobs::JobError| {
        format!("the results in {} are not whole: {error}", wanted.out.display())
    };
    let show = |summary: &Summary<'_>| {
        let ink = output::ink();
        output::raw(&report::probable_faults_as_text(summary, ink));
        if let Some(extract) = &summary.extract {
            output::out(&report::extract_as_text(extract, ink));
        }
        output::raw(&report::summary_as_text(summary, ink));
        (summary.findings.clone(), summary.unreadable)
    };
    let secret = wanted.secret.clone();
    let (findings, unread) =
        jobs.write_run(job, wanted.out, wanted.forms, secret, show).await.map_err(told)?;
    let facts: PreparedFacts =
        job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    Ok(Ended::Done(findings, unread, facts.failures))
}
