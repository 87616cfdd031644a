//! How far a run has come, on a terminal.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use crate::cli::output;
use crate::intake::Chunks;

/// Progress on a terminal: bytes read, rate, time left, records, findings.
pub(super) struct Bar {
    drawn: ProgressBar,
    progress: crate::intake::Progress,
    records: AtomicU64,
    findings: AtomicUsize,
}

/// Progress of an input that is being read; nothing is shown where nobody looks.
pub(super) fn progress(chunks: &Chunks, name: &str) -> Bar {
    let progress = chunks.progress();
    let bar = if output::shows_progress() {
        ProgressBar::new(progress.total().unwrap_or(0))
    } else {
        ProgressBar::hidden()
    };
    let template = "{prefix} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left; {msg}";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(name.to_owned());
    Bar { drawn: bar, progress, records: 0.into(), findings: 0.into() }
}

impl Bar {
    /// So many findings more.
    pub(super) fn inc_findings(&self, count: usize) {
        self.findings.fetch_add(count, Ordering::Relaxed);
    }

    /// So many records more are written.
    pub(super) fn update(&self, records: u64) {
        let records = self.records.fetch_add(records, Ordering::Relaxed) + records;
        self.drawn.set_position(self.progress.read());
        self.drawn
            .set_message(format!("{records} records, {} findings", self.findings.load(Ordering::Relaxed)));
    }

    /// Takes it away.
    pub(super) fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}
