//! What came of a job, in the order of its records and with the ids of children in their places: the bytes that the command line writes.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::archive;
use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::PreparedFacts;
use crate::jobs::finish::summary;
use crate::model::Baseline;
use crate::report;
use crate::report::Comparison;
use crate::report::Form;
use crate::report::Summary;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::Secret;

/// Puts ids in the places of pseudonyms in the answers of a chunk, one a line.
pub(super) fn with_ids(lines: &[u8], ids: &[(i64, String, String)]) -> Vec<u8> {
    const BEFORE: &[u8] = b"\"record\":{\"id\":\"";
    let ids: HashMap<&str, &str> = ids.iter().map(|(_, child, id)| (child.as_str(), id.as_str())).collect();
    let mut out = Vec::with_capacity(lines.len());
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        let at = line.windows(BEFORE.len()).position(|some| some == BEFORE).map(|at| at + BEFORE.len());
        let parts = at.and_then(|at| {
            let (head, rest) = line.split_at_checked(at)?;
            let end = rest.iter().position(|byte| *byte == b'"')?;
            let (child, tail) = rest.split_at_checked(end)?;
            let id = ids.get(std::str::from_utf8(child).ok()?)?;
            let quoted = serde_json::to_string(id).ok()?;
            let inner = quoted.get(1..quoted.len().saturating_sub(1))?.to_owned();
            Some((head, inner, tail))
        });
        match parts {
            Some((head, id, tail)) => {
                out.extend_from_slice(head);
                out.extend_from_slice(id.as_bytes());
                out.extend_from_slice(tail);
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

/// A folder that goes when this is dropped.
struct Making(PathBuf);

impl Drop for Making {
    fn drop(&mut self) {
        // What stays is swept when the jobs are next opened.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Jobs {
    /// The answers of the next done chunk at or after a record, one a line, and the record after its last.
    pub async fn answers_from(
        &self,
        job: &JobRow,
        record_no: i64,
    ) -> Result<Option<(i64, Vec<u8>)>, JobError> {
        let Some((first, records, lines)) = self.store.lines_from(job.job_no, record_no).await? else {
            return Ok(None);
        };
        let ids = self.store.ids_of(job.job_no, first, first + records).await?;
        Ok(Some((first + records, with_ids(&lines, &ids))))
    }

    fn making(&self) -> Result<Making, JobError> {
        let folder = self.options.folder.join("making").join(uuid::Uuid::now_v7().to_string());
        std::fs::create_dir_all(&folder)?;
        Ok(Making(folder))
    }

    /// Writes `results.ndjson` of a job into a folder, as the command line does.
    async fn write_results(&self, job: &JobRow, folder: &Path) -> Result<(), JobError> {
        let mut file = std::io::BufWriter::new(File::create(folder.join("results.ndjson"))?);
        let mut from = 0;
        while let Some((next, lines)) = self.answers_from(job, from).await? {
            file.write_all(&lines)?;
            from = next;
        }
        Ok(file.flush()?)
    }

    /// Writes what the command line writes of a run into a folder: `results.ndjson`, `summary.json` and these reports, each under its name only
    /// once it is whole. Gives what is made of the summary.
    pub async fn write_run<T: Send + 'static>(
        &self,
        job: &JobRow,
        folder: &Path,
        forms: &[Form],
        secret: Option<Arc<Secret>>,
        show: impl FnOnce(&Summary<'_>) -> T + Send + 'static,
    ) -> Result<T, JobError> {
        if job.state != JobState::Done {
            return Err(JobError::NotDone);
        }
        let making = self.making()?;
        self.write_results(job, &making.0).await?;
        let basis = self.bases.get(&self.store, &job.basis).await?;
        let (tally, gatherer) = self.counted(job, &basis).await?;
        let (folder, forms, job) = (folder.to_owned(), forms.to_vec(), job.clone());
        tokio::task::spawn_blocking(move || {
            let summary = summary(&job, &basis, None, &tally, &gatherer)?;
            let text = serde_json::to_vec_pretty(&summary).map_err(|_| JobError::Broken)?;
            std::fs::write(making.0.join("summary.json"), text)?;
            for name in ["results.ndjson", "summary.json"] {
                let unfinished = folder.join(format!("{name}.unfinished"));
                std::fs::copy(making.0.join(name), &unfinished)?;
                File::open(&unfinished)?.sync_all()?;
                std::fs::rename(unfinished, folder.join(name))?;
            }
            report::write_reports(&folder, &forms, &basis.validator.pack, &summary, secret.as_ref())?;
            Ok(show(&summary))
        })
        .await?
    }

    /// A report of a done job as a file that is gone from the folder already. A form that is a folder is no one file: see [`Jobs::zipped`].
    pub async fn report(&self, job: &JobRow, form: Form) -> Result<File, JobError> {
        let making = self.made(job, &[form]).await?;
        Ok(File::open(making.0.join(form.file()))?)
    }

    /// Makes reports of a done job in a folder of their own.
    async fn made(&self, job: &JobRow, forms: &[Form]) -> Result<Making, JobError> {
        if job.state != JobState::Done {
            return Err(JobError::NotDone);
        }
        let making = self.making()?;
        self.write_results(job, &making.0).await?;
        let basis = self.bases.get(&self.store, &job.basis).await?;
        let baseline = self.compared(job).await?;
        let (tally, gatherer) = self.counted(job, &basis).await?;
        let (folder, forms, job) = (making.0.clone(), forms.to_vec(), job.clone());
        let secret = Arc::clone(&self.store.secret);
        tokio::task::spawn_blocking(move || {
            let summary = summary(&job, &basis, baseline.as_ref(), &tally, &gatherer)?;
            report::write_reports(&folder, &forms, &basis.validator.pack, &summary, Some(&secret))?;
            Ok::<(), JobError>(())
        })
        .await??;
        Ok(making)
    }

    /// A report of a done job that is a folder, as an archive.
    pub async fn zipped(&self, job: &JobRow, form: Form) -> Result<File, JobError> {
        let tables = self.tables(job, form).await?;
        Ok(tokio::task::spawn_blocking(move || archive::zip_of(&tables)).await??)
    }

    /// The tables of a report of a done job that is a folder, each with its name.
    async fn tables(&self, job: &JobRow, form: Form) -> Result<Vec<(String, Vec<u8>)>, JobError> {
        let making = self.made(job, &[form]).await?;
        let mut tables = Vec::new();
        let top = making.0.join(form.file());
        let mut waiting = vec![top.clone()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    waiting.push(path);
                } else if let Ok(name) = path.strip_prefix(&top) {
                    tables.push((name.to_string_lossy().into_owned(), std::fs::read(&path)?));
                }
            }
        }
        tables.sort();
        Ok(tables)
    }

    /// What another job found, to be compared with.
    pub(super) async fn found_by(&self, job: &JobRow) -> Result<Baseline, JobError> {
        let making = self.making()?;
        self.write_results(job, &making.0).await?;
        let summary = job.summary.as_deref().ok_or(JobError::NoBaseline)?;
        std::fs::write(making.0.join("summary.json"), summary)?;
        let folder = making.0.clone();
        Ok(tokio::task::spawn_blocking(move || report::read_baseline(&folder)).await??)
    }

    /// The findings of the job that this one is to be compared with, none of them found again yet.
    pub(super) async fn baseline_of(&self, ask: &Ask) -> Result<Option<Baseline>, JobError> {
        let Some(baseline) = &ask.baseline else { return Ok(None) };
        let earlier = self.store.job(baseline).await?.ok_or(JobError::NoBaseline)?;
        Ok(Some(self.found_by(&earlier).await?))
    }

    /// The same with what this job found again marked.
    pub(super) async fn compared(&self, job: &JobRow) -> Result<Option<Baseline>, JobError> {
        let Some(ask) = Ask::of_text(&job.ask) else { return Ok(None) };
        let Some(baseline) = self.baseline_of(&ask).await? else { return Ok(None) };
        self.mark(job, &baseline).await?;
        let facts = job.prepared.as_deref().and_then(|text| serde_json::from_str::<PreparedFacts>(text).ok());
        baseline.not_judged_across(|rule| facts.as_ref().is_some_and(|facts| facts.not_asked.contains(rule)));
        Ok(Some(baseline))
    }

    async fn mark(&self, job: &JobRow, baseline: &Baseline) -> Result<report::Changes, JobError> {
        let mut changes = report::Changes::default();
        let mut from = 0;
        while let Some((next, lines)) = self.answers_from(job, from).await? {
            report::mark_found(baseline, BufReader::new(lines.as_slice()), &mut changes)?;
            from = next;
        }
        Ok(changes)
    }

    /// Compares a done job with another one.
    pub async fn compare(&self, job: &JobRow, other: &JobRow) -> Result<Comparison, JobError> {
        if job.state != JobState::Done || other.state != JobState::Done {
            return Err(JobError::NotDone);
        }
        let baseline = self.found_by(other).await?;
        let changes = self.mark(job, &baseline).await?;
        let basis = self.bases.get(&self.store, &job.basis).await?;
        let records = u64::try_from(job.records.unwrap_or(0)).unwrap_or(0);
        Ok(report::compare(&baseline, &changes.0, records, &basis.validator.pack))
    }
}

#[cfg(test)]
mod tests {
    use super::with_ids;

    #[test]
    fn an_id_takes_its_pseudonyms_place_whatever_letters_it_has() {
        let lines =
            b"{\"decision\":{\"record\":{\"id\":\"p-1\",\"digest\":\"x\"}}}\n{\"verdict\":\"not_checked\"}\n";
        let ids = [(0, "p-1".to_owned(), "C\"1\\".to_owned())];
        let out = String::from_utf8(with_ids(lines, &ids)).unwrap();
        assert_eq!(
            out,
            "{\"decision\":{\"record\":{\"id\":\"C\\\"1\\\\\",\"digest\":\"x\"}}}\n{\"verdict\":\"not_checked\"}\n"
        );
    }
}
