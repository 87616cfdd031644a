//! How many requests of a kind may be in flight: more are turned away at once, so that those in flight finish in time.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::http::options;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;

/// The kinds of request that do not wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A save: somebody waits at a form.
    Save,
    /// A stream.
    Stream,
    /// A call about a job.
    Jobs,
    /// Somebody who watches a job until it ends: that takes long and asks little.
    Watch,
    /// Everything else.
    Other,
}

/// Room in each lane.
#[derive(Debug)]
pub struct Lanes {
    save: Arc<Semaphore>,
    stream: Arc<Semaphore>,
    jobs: Arc<Semaphore>,
    watch: Arc<Semaphore>,
    other: Arc<Semaphore>,
}

/// A place in a lane, free again when the last holder lets go of it.
pub type Permit = Arc<OwnedSemaphorePermit>;

impl Lanes {
    /// Lanes of these sizes.
    pub fn new(sizes: options::Lanes) -> Self {
        let room = |size: usize| Arc::new(Semaphore::new(size));
        Self {
            save: room(sizes.save),
            stream: room(sizes.stream),
            jobs: room(sizes.jobs),
            watch: room(sizes.watch),
            other: room(sizes.other),
        }
    }

    /// A place in a lane, or the refusal.
    pub fn enter(&self, lane: Lane) -> Result<Permit, Refusal> {
        let (room, kind) = match lane {
            Lane::Save => (&self.save, Kind::Unavailable),
            Lane::Stream => (&self.stream, Kind::TooMany),
            Lane::Jobs => (&self.jobs, Kind::TooMany),
            Lane::Watch => (&self.watch, Kind::TooMany),
            Lane::Other => (&self.other, Kind::TooMany),
        };
        Arc::clone(room).try_acquire_owned().map(Arc::new).map_err(|_| {
            Refusal::new(kind, "too many requests of this kind are being answered; try again in a second")
        })
    }
}
