//! Settings of jobs become their options; the demo's jobs lie in a folder that goes with it.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::Failure;
use crate::cli::config::Settings;
use crate::cli::load;
use crate::jobs::Callbacks;
use crate::jobs::Options;

/// The options of jobs that settings stand for; none where the folder has no name.
pub(super) fn options(settings: &Settings) -> Result<Option<Options>, Failure> {
    let folder: String = settings.get("data")?;
    if folder.is_empty() {
        return Ok(None);
    }
    let plain = Options::new(PathBuf::from(folder), load::now_us);
    let lease: u64 = settings.get("job_lease_seconds")?;
    if lease == 0 {
        return Err(settings.wrong("job_lease_seconds", "a claim must hold for a second at least"));
    }
    let chunk: usize = settings.get("job_chunk_kib")?;
    if !(1..=16_384).contains(&chunk) {
        return Err(settings.wrong("job_chunk_kib", "a chunk has 1 to 16,384 KiB of records"));
    }
    let mib: u64 = settings.get("largest_input_mib")?;
    let hosts: String = settings.get("allowed_hosts")?;
    let secret: Option<String> = settings.get("callback_secret")?;
    Ok(Some(Options {
        store: settings.get::<Option<String>>("store")?.unwrap_or_else(|| plain.store.clone()),
        threads: threads(settings.get("job_threads")?),
        lease: Duration::from_secs(lease),
        chunk_bytes: chunk << 10,
        input_bytes: mib.saturating_mul(1 << 20),
        callbacks: Callbacks {
            hosts: hosts
                .split(',')
                .map(str::trim)
                .filter(|host| !host.is_empty())
                .map(str::to_owned)
                .collect(),
            secret: secret.map(String::into_bytes),
            ..plain.callbacks.clone()
        },
        #[cfg(any(debug_assertions, feature = "faults"))]
        fault: fault(),
        ..plain
    }))
}

/// All processors but one, which is for those who wait at a form; at least one.
fn threads(given: usize) -> usize {
    let there = std::thread::available_parallelism().map_or(2, usize::from);
    if given > 0 { given } else { there.saturating_sub(1).max(1) }
}

/// The way to break what must hold that a test asks for.
#[cfg(any(debug_assertions, feature = "faults"))]
#[expect(clippy::disallowed_methods, reason = "this room reads the environment")]
fn fault() -> Option<crate::jobs::Fault> {
    match std::env::var("CASECHECK_TEST_FAULT").ok()?.as_str() {
        "commit-in-two" => Some(crate::jobs::Fault::CommitInTwo),
        "poison" => Some(crate::jobs::Fault::Poison),
        _ => None,
    }
}

/// The folder of a demo's jobs; it goes with the demo.
pub(super) struct DemoData(PathBuf);

impl DemoData {
    /// A folder that is not there yet.
    pub(super) fn new() -> Self {
        Self(std::env::temp_dir().join(format!("casecheck-demo-{}", std::process::id())))
    }
}

impl Drop for DemoData {
    fn drop(&mut self) {
        // Where nothing was written there is nothing to take away.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The options of a demo's jobs.
pub(super) fn of_a_demo(data: &DemoData) -> Options {
    Options { threads: threads(0), ..Options::new(data.0.clone(), load::now_us) }
}
