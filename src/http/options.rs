//! What the service is told at its start. `cli` makes these from settings; nothing in this room reads the environment or the clock.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::jobs;
use crate::model::Day;

/// How the service runs.
#[derive(Clone)]
pub struct Options {
    /// The address to listen on.
    pub address: IpAddr,
    /// The port; 0 for any free one.
    pub port: u16,
    /// Where `/live`, `/ready` and `/metrics` are answered; port 0 for any free one.
    pub operations: SocketAddr,
    /// The folder of the catalog; the built-in one unless given.
    pub catalog: Option<PathBuf>,
    /// The overlay by name.
    pub overlay: Option<String>,
    /// Threads that answer requests.
    pub workers: usize,
    /// What may be held, by profile.
    pub profiles: Vec<Profile>,
    /// The keys that open the service.
    pub keys: Vec<StoredKey>,
    /// Whether a proxy that speaks TLS stands in front; without it only loopback may be listened on.
    pub behind_proxy: bool,
    /// Whether pages need no key; only on loopback.
    pub open_pages: bool,
    /// Fictitious records that the pages show.
    pub demo: Vec<DemoRecord>,
    /// Today in London.
    pub today: Arc<dyn Fn() -> Day + Send + Sync>,
    /// How many requests of each kind may be in flight.
    pub lanes: Lanes,
    /// Bulk jobs, where they are taken.
    pub jobs: Option<jobs::Options>,
    /// How long the body of a save may take.
    pub body_deadline: Duration,
    /// How long a stream may stand still.
    pub stream_idle: Duration,
    /// How long requests in flight may take to finish when the service stops.
    pub stop_within: Duration,
    /// How often the catalog folder is looked at where no event says that it changed.
    pub poll: Duration,
    /// Connections at once, for each worker.
    pub connections: usize,
}

/// How many requests of each kind may be in flight at once.
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    /// Saves.
    pub save: usize,
    /// Streams.
    pub stream: usize,
    /// Calls about jobs: inputs that are sent, results that are read.
    pub jobs: usize,
    /// Those who watch a job until it ends.
    pub watch: usize,
    /// Everything else.
    pub other: usize,
}

/// A profile of a caller: the rules that hold an authorisation or a closure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The ids of the rules that hold.
    pub holds: Vec<String>,
}

/// A fictitious record for the pages.
#[derive(Clone, Debug)]
pub struct DemoRecord {
    /// What the list calls it.
    pub title: String,
    /// The record as JSON.
    pub bytes: Vec<u8>,
}

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Checking records, reading rules.
    Validate,
    /// Trying rules, reading rules.
    RulesAuthor,
    /// Submitting jobs, and reading what came of one's own.
    Jobs,
    /// Accepting exceptions.
    Waivers,
    /// Looking after the service, reading rules.
    Ops,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Validate, Self::RulesAuthor, Self::Jobs, Self::Waivers, Self::Ops];

    /// The word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::RulesAuthor => "rules.author",
            Self::Jobs => "jobs",
            Self::Waivers => "waivers",
            Self::Ops => "ops",
        }
    }

    /// The role that is written so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A key as it is stored: never the key itself.
#[derive(Clone)]
pub struct StoredKey {
    /// Its public part.
    pub id: String,
    /// SHA-256 of the whole key.
    pub sha256: [u8; 32],
    /// What it may be used for.
    pub roles: Vec<Role>,
    /// The last day on which it opens anything.
    pub expires_on: Option<Day>,
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("StoredKey")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// A service on a free loopback port with the built-in catalog, no keys and these days.
    pub fn new(today: impl Fn() -> Day + Send + Sync + 'static) -> Self {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self {
            address: loopback,
            port: 0,
            operations: SocketAddr::new(loopback, 0),
            catalog: None,
            overlay: None,
            workers: 2,
            profiles: Vec::new(),
            keys: Vec::new(),
            behind_proxy: false,
            open_pages: false,
            demo: Vec::new(),
            today: Arc::new(today),
            lanes: Lanes { save: 256, stream: 4, jobs: 16, watch: 64, other: 64 },
            jobs: None,
            body_deadline: Duration::from_secs(2),
            stream_idle: Duration::from_secs(30),
            stop_within: Duration::from_secs(30),
            poll: Duration::from_secs(30),
            connections: 4096,
        }
    }
}
