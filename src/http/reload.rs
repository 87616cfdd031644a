//! Takes a changed catalog into force: loaded whole and tested first, swapped at once; with a problem the old one stays.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use notify_debouncer_full::DebounceEventResult;
use notify_debouncer_full::new_debouncer;
use notify_debouncer_full::notify::RecursiveMode;
use sha2::Digest as _;
use sha2::Sha256;
use tokio::sync::mpsc;

use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::http::served::FailedLoad;
use crate::http::served::ProblemLine;
use crate::http::served::Served;
use crate::model::hex;

/// How long a folder must be quiet before it is read.
const QUIET: Duration = Duration::from_millis(200);

/// SHA-256 over names and texts of the files.
pub fn digest(files: &Files) -> String {
    let mut hash = Sha256::new();
    for file in files.all() {
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize())
}

/// Loads the catalog that the options name, with the tests of its rules. Blocks.
fn load(served: &Served, before: &str) -> Option<Result<(String, Arc<Catalog>), FailedLoad>> {
    let files = match Served::files(&served.options) {
        Ok(files) => files,
        Err(error) => {
            let line = ProblemLine {
                file: String::new(),
                line: 1,
                column: 1,
                message: error.to_string(),
                help: None,
            };
            return Some(Err(FailedLoad { digest: String::new(), problems: vec![line] }));
        }
    };
    let digest = digest(&files);
    if digest == before {
        return None;
    }
    let problems = match Catalog::load(files, served.options.overlay.as_deref()) {
        Ok(catalog) => {
            let (_, problems) = catalog.try_out();
            if problems.is_empty() {
                return Some(Ok((digest, Arc::new(catalog))));
            }
            problems
        }
        Err(problems) => problems,
    };
    let problems = problems.iter().map(ProblemLine::from).collect();
    Some(Err(FailedLoad { digest, problems }))
}

/// Warms the service up, then looks at the catalog folder whenever it changes, at every poll, and when `asked`.
pub async fn keep_fresh(served: Data<Served>, mut asked: mpsc::Receiver<()>, ask: mpsc::Sender<()>) {
    let warm = Data::clone(&served);
    let tried = tokio::task::spawn_blocking(move || {
        let in_force = warm.in_force.load();
        let (tests, problems) = in_force.catalog.try_out();
        (tests, problems.iter().map(ProblemLine::from).collect::<Vec<_>>(), digest(&in_force.catalog.files))
    });
    let Ok((tests, problems, mut seen)) = tried.await else { return };
    if problems.is_empty() {
        tracing::info!(tests, "the tests of the rules hold; ready");
        served.set_ready(true);
    } else {
        tracing::error!(tests, problems = problems.len(), "tests of the rules do not hold; not ready");
        served.failed.store(Some(FailedLoad { digest: seen.clone(), problems }.into()));
    }
    let Some(folder) = served.options.catalog.clone() else { return };
    let _watch = watch(&folder, ask);
    let mut poll = tokio::time::interval(served.options.poll);
    loop {
        tokio::select! {
            told = asked.recv() => if told.is_none() { return },
            _ = poll.tick() => {}
        }
        let (again, before) = (Data::clone(&served), seen.clone());
        let Ok(Some(loaded)) = tokio::task::spawn_blocking(move || load(&again, &before)).await else {
            continue;
        };
        match loaded {
            Ok((digest, catalog)) => {
                seen = digest;
                let pack = catalog.pack.digest.clone();
                served.take_catalog(catalog).await;
                served.metrics.loaded("swapped");
                served.set_ready(true);
                tracing::info!(pack, "a changed catalog is in force");
            }
            Err(failed) => {
                let is_news = served.failed.load().as_deref() != Some(&failed);
                seen.clone_from(&failed.digest);
                if is_news {
                    served.metrics.loaded("refused");
                    for problem in failed.problems.iter().take(20) {
                        let ProblemLine { file, line, column, message, .. } = problem;
                        tracing::error!(file, line, column, message, "a changed catalog was refused");
                    }
                    served.failed.store(Some(failed.into()));
                }
            }
        }
    }
}

/// Looks at every poll whether another process has made or taken back waivers.
pub async fn keep_waivers_fresh(served: Data<Served>) {
    let mut poll = tokio::time::interval(served.options.poll);
    loop {
        poll.tick().await;
        if let Err(error) = served.take_waivers().await {
            tracing::warn!(%error, "the waivers that are kept cannot be read; those in force stay");
        }
    }
}

/// Watches a folder; the watch lasts as long as what is given back. Without one the poll still finds every change.
fn watch(folder: &Path, ask: mpsc::Sender<()>) -> Option<impl Sized> {
    let told = move |events: DebounceEventResult| {
        if events.is_ok() {
            // Full means that a look is due already.
            let _ = ask.try_send(());
        }
    };
    let mut debouncer = new_debouncer(QUIET, None, told).ok()?;
    if debouncer.watch(folder, RecursiveMode::Recursive).is_err() {
        tracing::warn!("the catalog folder cannot be watched; only the poll finds changes");
        return None;
    }
    Some(debouncer)
}
