//! Progress on a terminal, and the flag that Ctrl-C sets.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use crate::cli::output;
use crate::intake::Progress;

/// A flag that Ctrl-C sets; the run then ends after the chunks in hand.
pub(super) fn stop_on_interrupt() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                set.store(true, Ordering::Relaxed);
            }
        });
    });
    flag
}

/// Records of a known number, rate, time left, findings.
pub(super) struct Count(ProgressBar);

impl Count {
    /// A count that is at nought.
    pub(super) fn new(name: &str) -> Self {
        let drawn = if output::shows_progress() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let style =
            ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {per_sec}, {eta} left; {msg}");
        drawn.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        drawn.set_prefix(name.to_owned());
        Self(drawn)
    }

    /// Draws.
    pub(super) fn update(&self, done: u64, all: u64, findings: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
        self.0.set_message(format!("{findings} findings"));
    }

    /// Takes the count away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// Bytes read, rate, time left, records, findings.
pub(super) struct Bar {
    drawn: ProgressBar,
    progress: Option<Progress>,
    records: AtomicU64,
    findings: AtomicUsize,
}

impl Bar {
    /// A bar for a file of records, or one without bytes for an extract whose tables were read before.
    pub(super) fn of(progress: Option<Progress>, name: &str) -> Self {
        let template = match &progress {
            Some(_) => "{prefix} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left; {msg}",
            None => "{prefix} {spinner} {elapsed}; {msg}",
        };
        let drawn = if output::shows_progress() {
            ProgressBar::new(progress.as_ref().and_then(Progress::total).unwrap_or(0))
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template(template);
        drawn.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        drawn.set_prefix(name.to_owned());
        Self { drawn, progress, records: 0.into(), findings: 0.into() }
    }

    /// Counts findings.
    pub(super) fn inc_findings(&self, count: usize) {
        self.findings.fetch_add(count, Ordering::Relaxed);
    }

    /// Counts records and draws.
    pub(super) fn update(&self, records: u64) {
        let records = self.records.fetch_add(records, Ordering::Relaxed) + records;
        match &self.progress {
            Some(progress) => self.drawn.set_position(progress.read()),
            None => self.drawn.tick(),
        }
        self.drawn
            .set_message(format!("{records} records, {} findings", self.findings.load(Ordering::Relaxed)));
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}
