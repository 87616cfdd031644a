//! A thread that works on jobs: prepares inputs, judges chunks, writes them down, ends jobs. Where the database does not answer, it holds on
//! to what it has and tries again; where it dies, the next one takes over.

use std::fs::File;
use std::io::BufReader;
use std::io::Seek as _;
use std::io::SeekFrom;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::intake::Spooled;
use crate::jobs::Ask;
use crate::jobs::Hold;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::PreparedFacts;
use crate::jobs::judge::Judging;
use crate::jobs::prepare::prepare;
use crate::jobs::prepare::spool_name;
use crate::store::ClaimedChunk;
use crate::store::ClaimedJob;
use crate::store::DoneChunk;
use crate::store::JobState;
use crate::store::StoreError;

/// How often a chunk may end the program before it is taken apart.
const TRIES: i64 = 3;

/// How often a record may that stands alone. What ended the program may have had nothing to do with it, and that it is left out is final.
const TRIES_OF_ONE: i64 = 10;

/// How often an input may end the program before it is given up: a long one meets more restarts that have nothing to do with it.
const TRIES_TO_PREPARE: i64 = 30;

/// Why a job of another version of this program cannot go on.
const REPLACED: &str = "the program was replaced before the job was done: submit it again";

/// How long a database that does not answer is left alone.
const PAUSE: Duration = Duration::from_millis(500);

/// A thread's hands.
pub(super) struct Worker {
    jobs: Arc<Jobs>,
    runtime: Handle,
    /// The job of the last chunk, which the next one mostly shares.
    last: Option<(i64, Arc<Judging>)>,
}

impl Worker {
    pub(super) fn new(jobs: Arc<Jobs>, runtime: Handle) -> Self {
        Self { jobs, runtime, last: None }
    }

    /// Works until it is told to stop.
    pub(super) fn run(mut self) {
        while !self.jobs.is_stopping() {
            // A panic is a try that ended without an answer; the thread goes on.
            match catch_unwind(AssertUnwindSafe(|| self.step())).unwrap_or(Err(JobError::Broken)) {
                Ok(true) => {}
                Ok(false) => self.runtime.block_on(self.jobs.wait_for_work(self.jobs.options.look_again)),
                Err(error) => {
                    tracing::warn!(%error, "a step of a job was not taken, and is tried again");
                    std::thread::sleep(PAUSE);
                }
            }
        }
    }

    /// Takes one step of whatever job waits; `false` when none does.
    fn step(&mut self) -> Result<bool, JobError> {
        let (jobs, until) = (Arc::clone(&self.jobs), self.jobs.lease_until());
        if let Some(claim) = self.runtime.block_on(jobs.store.claim_job(jobs.now_us(), until))? {
            self.prepare(&claim)?;
            return Ok(true);
        }
        let together = jobs.alone.read().unwrap_or_else(PoisonError::into_inner);
        let Some(claim) = self.runtime.block_on(jobs.store.claim_chunk(jobs.now_us(), until))? else {
            drop(together);
            self.finish_what_is_left()?;
            return Ok(false);
        };
        if claim.attempts > 1 {
            // Its last try ended without an answer, and perhaps the program with it: it is tried again with nothing beside it, so that no
            // other chunk is taken for the one that does it.
            self.runtime.block_on(jobs.store.give_back_chunk(&claim))?;
            drop(together);
            return self.alone();
        }
        self.chunk(&claim)?;
        self.finish(claim.job_no, &claim.job_id)?;
        Ok(true)
    }

    /// Takes the next chunk while no other is judged in this process.
    fn alone(&mut self) -> Result<bool, JobError> {
        let jobs = Arc::clone(&self.jobs);
        let _alone = jobs.alone.write().unwrap_or_else(PoisonError::into_inner);
        let claimed = jobs.store.claim_chunk(jobs.now_us(), jobs.lease_until());
        if let Some(claim) = self.runtime.block_on(claimed)? {
            self.chunk(&claim)?;
            self.finish(claim.job_no, &claim.job_id)?;
        }
        Ok(true)
    }

    /// Ends a job if nothing is left to do; one whose results cannot be read ends as failed.
    fn finish(&self, job_no: i64, job_id: &str) -> Result<(), JobError> {
        match self.runtime.block_on(self.jobs.finish_if_done(job_no, job_id)) {
            Err(JobError::Store(error @ StoreError::Damaged(_))) => {
                let job = self.runtime.block_on(self.jobs.store.job(job_id))?.ok_or(JobError::NoJob)?;
                self.runtime.block_on(self.jobs.fail(&job, &error.to_string()))
            }
            Err(JobError::NoBasis) => {
                let job = self.runtime.block_on(self.jobs.store.job(job_id))?.ok_or(JobError::NoJob)?;
                self.runtime.block_on(self.jobs.fail(&job, REPLACED))
            }
            other => other,
        }
    }

    /// Ends jobs whose last chunk was written down by a process that came no further.
    fn finish_what_is_left(&self) -> Result<(), JobError> {
        for job in self.runtime.block_on(self.jobs.store.jobs_in(JobState::Running))? {
            self.finish(job.job_no, &job.job_id)?;
        }
        Ok(())
    }

    fn prepare(&self, claim: &ClaimedJob) -> Result<(), JobError> {
        let (jobs, job) = (&self.jobs, &claim.job);
        if claim.attempts > TRIES_TO_PREPARE {
            let words = "preparing the input has ended the program thirty times: its maker is to be told";
            return self.runtime.block_on(jobs.fail_claimed(claim, words));
        }
        let basis = match self.runtime.block_on(jobs.bases.get(&jobs.store, &job.basis)) {
            Err(JobError::NoBasis) => {
                return self.runtime.block_on(jobs.fail_claimed(claim, REPLACED));
            }
            other => other?,
        };
        let Some(ask) = Ask::of_text(&job.ask) else {
            return Err(StoreError::Damaged("what a job was asked").into());
        };
        let held = Held::job(jobs, &self.runtime, claim);
        let folder = jobs.place(&job.job_id);
        let keep_on = || held.is_good() && !jobs.is_stopping();
        let prepared = prepare(&basis, &ask, (&folder, claim.epoch), jobs.options.chunk_bytes, &keep_on);
        drop(held);
        let Ok(Some(prepared)) = prepared else {
            // Stopped, or the disk is full: no try of the input's own, so it does not count.
            let given_back = self.runtime.block_on(jobs.store.give_back_job(claim));
            prepared?;
            return Ok(given_back?);
        };
        let nothing = prepared.chunks.is_empty() && !prepared.facts.failures.is_empty();
        let hold = ask.hold == Hold::Always || (ask.hold == Hold::IfNothing && nothing);
        if nothing && !hold {
            return self.runtime.block_on(jobs.fail_claimed(claim, &prepared.facts.failures.join("\n")));
        }
        let facts = serde_json::to_string(&prepared.facts).map_err(|_| JobError::Broken)?;
        let written = jobs.store.prepared(claim, &prepared.chunks, &facts, hold, jobs.now_us());
        if self.runtime.block_on(written)? && !hold {
            // Every chunk has what it needs in the spool.
            std::fs::remove_dir_all(folder.join("input"))?;
            jobs.wake();
            self.finish(job.job_no, &job.job_id)?;
        }
        Ok(())
    }

    /// Judges a chunk and writes it down, or takes it apart.
    fn chunk(&mut self, claim: &ClaimedChunk) -> Result<(), JobError> {
        let jobs = Arc::clone(&self.jobs);
        let judging = match self.judging(claim) {
            Err(JobError::NoBasis) => {
                let job = self.runtime.block_on(jobs.store.job(&claim.job_id))?.ok_or(JobError::NoJob)?;
                return self.runtime.block_on(jobs.fail(&job, REPLACED));
            }
            other => other?,
        };
        let poison = claim.attempts > if claim.records > 1 { TRIES } else { TRIES_OF_ONE };
        if poison && claim.records > 1 {
            self.runtime.block_on(jobs.store.halve(claim))?;
            jobs.wake();
            return Ok(());
        }
        let spooled = match self.spooled(claim) {
            // The job has been ended by somebody, and its files are gone.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        let held = Held::chunk(&jobs, &self.runtime, claim);
        let done = if poison {
            judging.poison(&spooled, claim).ok_or(JobError::Broken)?
        } else {
            #[cfg(any(debug_assertions, feature = "faults"))]
            self.die_of_poison(&spooled, claim);
            let judged = catch_unwind(AssertUnwindSafe(|| judging.judge(&spooled, claim, &jobs.store)));
            // A panic counts as a try, as the end of the program does: the claim is let go and the chunk comes again.
            judged.map_err(|_| JobError::Broken)??
        };
        self.write_down(claim, &done)?;
        drop(held);
        Ok(())
    }

    /// Writes a chunk down, for as long as it takes the database to answer.
    fn write_down(&self, claim: &ClaimedChunk, done: &DoneChunk) -> Result<(), JobError> {
        loop {
            match self.runtime.block_on(self.commit(claim, done)) {
                Ok(written) => {
                    if !written {
                        tracing::info!(
                            job = claim.job_id,
                            "a chunk was judged by somebody else, or its job has ended"
                        );
                    }
                    return Ok(());
                }
                Err(error) if error.is_passing() && !self.jobs.is_stopping() => {
                    tracing::warn!(%error, "a judged chunk cannot be written down yet");
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn commit(&self, claim: &ClaimedChunk, done: &DoneChunk) -> Result<bool, StoreError> {
        #[cfg(any(debug_assertions, feature = "faults"))]
        if self.jobs.options.fault == Some(crate::jobs::Fault::CommitInTwo) {
            return self.jobs.store.commit_chunk_in_two(claim, done, Duration::from_millis(300)).await;
        }
        self.jobs.store.commit_chunk(claim, done).await
    }

    fn spooled(&self, claim: &ClaimedChunk) -> std::io::Result<Spooled> {
        let mut file = File::open(self.jobs.place(&claim.job_id).join(spool_name(claim.spooled_by)))?;
        file.seek(SeekFrom::Start(u64::try_from(claim.spool_from).unwrap_or(0)))?;
        Spooled::read_from(&mut BufReader::with_capacity(1 << 16, file))
    }

    /// What the chunks of a job are judged with.
    fn judging(&mut self, claim: &ClaimedChunk) -> Result<Arc<Judging>, JobError> {
        if let Some((job_no, judging)) = &self.last
            && *job_no == claim.job_no
        {
            return Ok(Arc::clone(judging));
        }
        let jobs = Arc::clone(&self.jobs);
        let basis = self.runtime.block_on(jobs.bases.get(&jobs.store, &claim.basis))?;
        let job = self.runtime.block_on(jobs.store.job(&claim.job_id))?.ok_or(JobError::NoJob)?;
        let damaged = || JobError::Store(StoreError::Damaged("what a job was asked"));
        let ask = Ask::of_text(&job.ask).ok_or_else(damaged)?;
        let facts: PreparedFacts =
            job.prepared.as_deref().and_then(|text| serde_json::from_str(text).ok()).ok_or_else(damaged)?;
        let baseline = self.runtime.block_on(jobs.baseline_of(&ask))?.map(Arc::new);
        let judging = Arc::new(Judging { basis, ask, facts, baseline });
        self.last = Some((claim.job_no, Arc::clone(&judging)));
        Ok(judging)
    }

    /// Ends the program at a record that is made to, where a test asked for it.
    #[cfg(any(debug_assertions, feature = "faults"))]
    fn die_of_poison(&self, spooled: &Spooled, claim: &ClaimedChunk) {
        let some = |number: i64| usize::try_from(number).unwrap_or(0);
        let deadly = |text: &[u8]| text.windows(16).any(|some| some == b"ends-the-program");
        if self.jobs.options.fault == Some(crate::jobs::Fault::Poison)
            && spooled
                .chunk
                .documents()
                .skip(some(claim.skip))
                .take(some(claim.records))
                .any(|document| document.text.is_ok_and(deadly))
        {
            std::process::abort();
        }
    }
}

/// A claim that is renewed for as long as this lives.
struct Held {
    good: Arc<AtomicBool>,
    renewing: tokio::task::JoinHandle<()>,
}

impl Held {
    fn chunk(jobs: &Arc<Jobs>, runtime: &Handle, claim: &ClaimedChunk) -> Self {
        let (jobs, claim) = (Arc::clone(jobs), claim.clone());
        Self::start(runtime, jobs.options.lease, move || {
            let (jobs, claim) = (Arc::clone(&jobs), claim.clone());
            async move { jobs.store.renew(&claim, jobs.lease_until()).await }
        })
    }

    fn job(jobs: &Arc<Jobs>, runtime: &Handle, claim: &ClaimedJob) -> Self {
        let (jobs, claim) = (Arc::clone(jobs), claim.clone());
        Self::start(runtime, jobs.options.lease, move || {
            let (jobs, claim) = (Arc::clone(&jobs), claim.clone());
            async move { jobs.store.renew_job(&claim, jobs.lease_until()).await }
        })
    }

    fn start<F>(runtime: &Handle, lease: Duration, renew: impl Fn() -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<bool, StoreError>> + Send,
    {
        let good = Arc::new(AtomicBool::new(true));
        let told = Arc::clone(&good);
        let renewing = runtime.spawn(async move {
            loop {
                tokio::time::sleep(lease / 3).await;
                // A database that does not answer may answer before the lease has ended.
                if matches!(renew().await, Ok(false)) {
                    told.store(false, Ordering::Relaxed);
                    return;
                }
            }
        });
        Self { good, renewing }
    }

    fn is_good(&self) -> bool {
        self.good.load(Ordering::Relaxed)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

impl Jobs {
    /// Ends a job that cannot go on.
    pub(super) async fn fail(&self, job: &crate::store::JobRow, words: &str) -> Result<(), JobError> {
        self.fail_by(job, None, words).await
    }

    /// Ends a job whose input cannot be prepared, unless somebody else has claimed it since: what a void claim did not find says nothing.
    async fn fail_claimed(&self, claim: &ClaimedJob, words: &str) -> Result<(), JobError> {
        self.fail_by(&claim.job, Some(claim), words).await
    }

    async fn fail_by(
        &self,
        job: &crate::store::JobRow,
        claim: Option<&ClaimedJob>,
        words: &str,
    ) -> Result<(), JobError> {
        let delivery = self.callback_of(job, JobState::Failed).await?;
        let which = (job.job_no, claim);
        if self.store.end(which, JobState::Failed, Some(words), delivery.as_ref(), self.now_us()).await? {
            self.clear(&job.job_id).await?;
        }
        Ok(())
    }
}
