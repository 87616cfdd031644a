//! Ends a job whose chunks are all done: sums what they counted, keeps the summary, tells whoever wanted to know.

use crate::jobs::Ask;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::PreparedFacts;
use crate::jobs::basis::Basis;
use crate::jobs::judge::Counts;
use crate::model::Baseline;
use crate::model::Tally;
use crate::report::Basis as SummaryBasis;
use crate::report::Gatherer;
use crate::report::Summary;
use crate::store::JobRow;
use crate::store::JobState;
use crate::store::NewDelivery;
use crate::store::StoreError;

/// Counts that are read at once.
const SOME: i64 = 200;

impl Jobs {
    /// Ends a job if nothing is left to do.
    pub(super) async fn finish_if_done(&self, job_no: i64, job_id: &str) -> Result<(), JobError> {
        if self.store.has_unfinished(job_no).await? {
            return Ok(());
        }
        // Somebody is at it, or at another job; what is left then is found by whoever looks next.
        let Ok(_ending) = self.ending.try_lock() else { return Ok(()) };
        let Some(job) = self.store.job(job_id).await?.filter(|job| job.state == JobState::Running) else {
            return Ok(());
        };
        let basis = self.bases.get(&self.store, &job.basis).await?;
        if !self.across(&job, &basis).await? {
            return Ok(());
        }
        let baseline = self.compared(&job).await?;
        let (tally, gatherer) = self.counted(&job, &basis).await?;
        let summary = summary(&job, &basis, baseline.as_ref(), &tally, &gatherer)?;
        let text = serde_json::to_string(&summary).map_err(|_| JobError::Broken)?;
        let delivery = self.callback_of(&job, JobState::Done).await?;
        if self.store.finish(job_no, &text, delivery.as_ref(), self.now_us()).await? {
            self.clear(job_id).await?;
            self.wake();
        }
        Ok(())
    }

    /// What the chunks of a job have counted so far.
    pub(super) async fn counted(&self, job: &JobRow, basis: &Basis) -> Result<(Tally, Gatherer), JobError> {
        let damaged = || JobError::Store(StoreError::Damaged("the counts of a chunk"));
        let validator = &basis.validator;
        let (rules, waivers) = (validator.pack.ranks.len(), validator.waivers.all().len());
        let (mut tally, mut gatherer, mut after) = (validator.tally(), Gatherer::default(), -1);
        loop {
            let some = self.store.counts_after(job.job_no, after, SOME).await?;
            let Some((last, _)) = some.last() else { return Ok((tally, gatherer)) };
            after = *last;
            for (_, counts) in &some {
                let counts: Counts = serde_json::from_slice(counts).map_err(|_| damaged())?;
                tally.merge(&Tally::of_numbers(rules, waivers, &counts.tally).ok_or_else(damaged)?);
                gatherer.merge(&counts.gatherer);
            }
        }
    }

    /// The callback that tells of the end of a job, where one was asked for. It names the job and its state; nothing of what was found.
    pub(super) async fn callback_of(
        &self,
        job: &JobRow,
        state: JobState,
    ) -> Result<Option<NewDelivery>, JobError> {
        let Some(url) = Ask::of_text(&job.ask).and_then(|ask| ask.callback) else { return Ok(None) };
        let progress = self.store.progress(job.job_no).await?;
        let body = serde_json::json!({
            "type": format!("job.{}", state.word()),
            "data": { "job_id": job.job_id, "state": state, "records": progress.records_done, "findings": progress.findings },
        });
        Ok(Some(NewDelivery {
            delivery_id: format!("msg_{}", uuid::Uuid::now_v7().simple()),
            owner: job.owner.clone(),
            url,
            body: body.to_string(),
        }))
    }
}

/// The summary of a job, as far as it has come.
pub(super) fn summary<'b>(
    job: &JobRow,
    basis: &'b Basis,
    baseline: Option<&'b Baseline>,
    tally: &Tally,
    gatherer: &Gatherer,
) -> Result<Summary<'b>, JobError> {
    let damaged = || JobError::Store(StoreError::Damaged("what a job was asked"));
    let ask = Ask::of_text(&job.ask).ok_or_else(damaged)?;
    let validator = &basis.validator;
    let on = SummaryBasis {
        pack: &validator.pack,
        waivers: validator.waivers.all(),
        schema_digest: validator.schema.digest(),
        baseline,
    };
    let facts: PreparedFacts = job.prepared.as_deref().map_or_else(
        || Ok(PreparedFacts::default()),
        |text| serde_json::from_str(text).map_err(|_| damaged()),
    )?;
    let partial = matches!(job.state, JobState::Cancelled | JobState::Failed);
    let mut summary = gatherer.summary(tally, &on, ask.as_at, partial);
    summary.extract = facts.extract;
    Ok(summary)
}
