//! How jobs are worked on. `cli` makes these from settings; nothing in this room reads the environment or the clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How jobs are worked on.
#[derive(Clone)]
pub struct Options {
    /// The folder of inputs, spools and the key of the store.
    pub folder: PathBuf,
    /// The address of the store: `sqlite:FILE` or `postgres://…`.
    pub store: String,
    /// Threads that judge.
    pub threads: usize,
    /// How long a claim holds unless it is renewed.
    pub lease: Duration,
    /// How often work is looked for where nobody says that there is any.
    pub look_again: Duration,
    /// Bytes of records in a chunk.
    pub chunk_bytes: usize,
    /// The most bytes that the input of one job may have.
    pub input_bytes: u64,
    /// Microseconds since 1970.
    pub now_us: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Where callbacks may go and inputs may come from, and how callbacks are signed.
    pub callbacks: Callbacks,
    /// A way in which this process breaks what must hold.
    #[cfg(any(debug_assertions, feature = "faults"))]
    pub fault: Option<Fault>,
}

/// Where callbacks may go and inputs may come from, and how callbacks are signed.
#[derive(Clone, Default)]
pub struct Callbacks {
    /// Hosts that may be called, with the port if it is not the usual one (`data.example.org`, `127.0.0.1:9000`).
    pub hosts: Vec<String>,
    /// The key of signatures.
    pub secret: Option<Vec<u8>>,
    /// How long to wait before each further try; a callback that fails after the last is given up.
    pub retry_after: Vec<Duration>,
}

/// Ways to break what must hold, for tests that show that it would be found out.
#[cfg(any(debug_assertions, feature = "faults"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A chunk is called done in one transaction, and what was found follows in another.
    CommitInTwo,
    /// A record whose child has the id `ends-the-program` does.
    Poison,
}

impl Options {
    /// Jobs in this folder, with a SQLite store in it, by this clock.
    pub fn new(folder: PathBuf, now_us: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self {
            store: format!("sqlite:{}", folder.join("casecheck.db").display()),
            folder,
            threads: 1,
            lease: Duration::from_secs(30),
            look_again: Duration::from_millis(500),
            chunk_bytes: 512 << 10,
            input_bytes: 8 << 30,
            now_us: Arc::new(now_us),
            callbacks: Callbacks {
                retry_after: [5, 60, 300, 1_800, 7_200, 21_600].map(Duration::from_secs).to_vec(),
                ..Callbacks::default()
            },
            #[cfg(any(debug_assertions, feature = "faults"))]
            fault: None,
        }
    }
}
