//! Jobs in words for people: their state, how far they are, their files. Pages and their live progress say the same.

use serde::Serialize;

use crate::calendar::written_london;
use crate::jobs::Ask;
use crate::jobs::Pace;
use crate::report::counted;
use crate::rules::plain_date;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Progress;

/// A job as every page names it.
pub struct JobWords {
    /// Its id.
    pub id: String,
    /// Its files: `episodes.csv and 3 more files`.
    pub files: String,
    /// When it was taken.
    pub taken: String,
    /// The day as at which records are judged.
    pub as_at: String,
    /// Its state.
    pub state: &'static str,
    /// The style of its state's tag.
    pub tag: &'static str,
}

impl JobWords {
    /// A job in words.
    pub fn of(job: &JobRow) -> Self {
        let ask = Ask::of_text(&job.ask);
        let (state, tag) = state_words(job.state);
        Self {
            id: job.job_id.clone(),
            files: ask.as_ref().map_or_else(String::new, files_words),
            taken: written_london(job.created_us),
            as_at: ask.map_or_else(String::new, |ask| plain_date(ask.as_at)),
            state,
            tag,
        }
    }
}

/// A state and the style of its tag.
pub const fn state_words(state: JobState) -> (&'static str, &'static str) {
    match state {
        JobState::Waiting => ("Waiting", "soon"),
        JobState::Held => ("To confirm", "unsure"),
        JobState::Running => ("Running", "soon"),
        JobState::Done => ("Done", "good"),
        JobState::Failed => ("Failed", "bad"),
        JobState::Cancelled => ("Stopped", "none"),
    }
}

fn files_words(ask: &Ask) -> String {
    let first = ask.files.first().map_or("no files", |file| file.name.as_str());
    match ask.files.len().saturating_sub(1) {
        0 => first.to_owned(),
        1 => format!("{first} and 1 more file"),
        more => format!("{first} and {more} more files"),
    }
}

/// Bytes for people.
pub fn size_words(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    let unit = UNITS.iter().find(|(size, _)| bytes >= *size);
    unit.map_or_else(
        || counted(bytes, "byte"),
        |(size, name)| {
            let tenths = bytes.saturating_mul(10) / size;
            if tenths >= 100 || tenths.is_multiple_of(10) {
                format!("{} {name}", tenths / 10)
            } else {
                format!("{}.{} {name}", tenths / 10, tenths % 10)
            }
        },
    )
}

/// How far a job is, as its page and its events say it.
#[derive(Clone, Debug, Serialize)]
pub struct Far {
    /// How far it has come.
    pub state: JobState,
    /// Records that were answered.
    pub done: i64,
    /// Records in all; 0 until they are known.
    pub all: i64,
    /// The same in words.
    pub words: String,
    /// In tenths, for those who hear it: it is said once a tenth.
    pub tenths: i64,
}

impl Far {
    /// How far a job in a state is.
    pub fn of(state: JobState, progress: &Progress, pace: Option<Pace>) -> Self {
        let (done, all) = (progress.records_done, progress.records);
        let tenths = (done * 10).checked_div(all).unwrap_or(0);
        Self { state, done, all, words: words(state, progress, pace), tenths }
    }
}

fn words(state: JobState, progress: &Progress, pace: Option<Pace>) -> String {
    let plain = |count: i64| u64::try_from(count).unwrap_or(0);
    let (done, all, findings) =
        (plain(progress.records_done), plain(progress.records), plain(progress.findings));
    let found = counted(findings, "finding");
    match state {
        JobState::Waiting => "The files are being read, or wait to be read".to_owned(),
        JobState::Held => {
            format!("{} read; waiting for you to confirm what they are", counted(all, "record"))
        }
        JobState::Running => {
            let share = (done * 100).checked_div(all).unwrap_or(100);
            let mut words =
                format!("{done} of {} checked ({share} %), {found} so far", counted(all, "record"));
            if let Some(pace) = pace {
                let left = time_words(pace.seconds_left);
                words.push_str(&format!("; {} a second, {left} left", counted(pace.rate, "record")));
            }
            words
        }
        JobState::Done => format!("{} checked, {found}", counted(all, "record")),
        JobState::Failed | JobState::Cancelled => {
            format!("{} checked before it ended, {found}", counted(done, "record"))
        }
    }
}

/// So many seconds, as people say them.
fn time_words(seconds: u64) -> String {
    match seconds {
        0..=1 => "about a second".to_owned(),
        2..=89 => format!("about {seconds} seconds"),
        90..=5_399 => format!("about {} minutes", (seconds + 30) / 60),
        _ => format!("about {} hours", (seconds + 1_800) / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::size_words;
    use super::time_words;

    #[test]
    fn sizes_and_times_are_said_plainly() {
        let sizes = [0, 1, 999, 1_024, 1_536, 20 << 20, 8 << 30].map(size_words);
        assert_eq!(sizes, ["0 bytes", "1 byte", "999 bytes", "1 KB", "1.5 KB", "20 MB", "8 GB"]);
        let times = [0, 30, 100, 7_300].map(time_words);
        assert_eq!(times, ["about a second", "about 30 seconds", "about 2 minutes", "about 2 hours"]);
    }
}
