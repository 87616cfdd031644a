//! What all threads of the service share: the catalog in force, counters, lanes, options.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use arc_swap::ArcSwap;
use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::book::Book;
use crate::catalog::Catalog;
use crate::catalog::Files;
use crate::http::lanes::Lanes;
use crate::http::metrics::Metrics;
use crate::http::options::Options;
use crate::http::pages::demo::DemoAnswer;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::jobs::Jobs;
use crate::model::Problem;
use crate::model::Waiver;
use crate::validator::Validator;

/// A catalog and what judges by it.
#[derive(Debug)]
pub struct InForce {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// What judges by it.
    pub validator: Arc<Validator>,
    /// How its rules are shown.
    pub book: Book,
}

impl InForce {
    /// Makes a catalog ready to judge, with accepted exceptions beside those of its files.
    pub fn of(catalog: Arc<Catalog>, waivers: &[Waiver]) -> Self {
        let validator = Arc::new(catalog.validator_with(waivers));
        Self { book: Book::of(&catalog), catalog, validator }
    }
}

/// One thing that is wrong in a file of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct ProblemLine {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl From<&Problem> for ProblemLine {
    fn from(problem: &Problem) -> Self {
        let (line, column) = problem.line_and_column();
        Self {
            file: problem.file.name.clone(),
            line,
            column,
            message: problem.message.clone(),
            help: problem.help.clone(),
        }
    }
}

/// A catalog that was not taken into force.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct FailedLoad {
    /// SHA-256 over its files.
    pub digest: String,
    /// Everything that is wrong with it.
    pub problems: Vec<ProblemLine>,
}

/// What all threads share.
pub struct Served {
    /// How the service runs.
    pub options: Options,
    /// The catalog in force; it is put in the place of another by the `take_` functions alone.
    pub in_force: ArcSwap<InForce>,
    /// Held by whoever puts another catalog or other waivers into force, so that neither undoes the other.
    taking: Mutex<()>,
    /// The last catalog that was refused, until one is taken into force.
    pub failed: ArcSwapOption<FailedLoad>,
    /// Room for requests.
    pub lanes: Lanes,
    /// What is counted.
    pub metrics: Metrics,
    /// The demo's children with their answers.
    pub demo: Vec<DemoAnswer>,
    /// Bulk jobs, where they are taken.
    pub jobs: Option<Arc<Jobs>>,
    ready: AtomicBool,
}

impl Served {
    /// Shares these; not ready yet.
    pub fn new(options: Options, in_force: InForce, jobs: Option<Arc<Jobs>>) -> Self {
        let demo = DemoAnswer::all(&options.demo, &in_force.validator, (options.today)());
        let metrics = Metrics::new();
        metrics.pack_in_force(&in_force.catalog.pack);
        Self {
            lanes: Lanes::new(options.lanes),
            metrics,
            demo,
            jobs,
            in_force: ArcSwap::from_pointee(in_force),
            taking: Mutex::new(()),
            failed: ArcSwapOption::empty(),
            ready: AtomicBool::new(false),
            options,
        }
    }

    /// Bulk jobs, or why there are none.
    pub fn jobs(&self) -> Result<&Arc<Jobs>, Refusal> {
        let none = || {
            Refusal::new(
                Kind::Unavailable,
                "this service takes no jobs: an operator sets `data` to a folder for them",
            )
        };
        self.jobs.as_ref().ok_or_else(none)
    }

    /// The files that the options name.
    pub fn files(options: &Options) -> Result<Files, crate::catalog::Unloadable> {
        options.catalog.as_deref().map_or_else(|| Ok(Files::embedded()), Files::of_folder)
    }

    /// Takes the waivers that are kept into force, where they are not those in force already.
    pub async fn take_waivers(&self) -> Result<(), Refusal> {
        let Some(jobs) = &self.jobs else { return Ok(()) };
        let _alone = self.taking.lock().await;
        let kept = jobs.waivers().await?;
        let in_force = self.in_force.load_full();
        let files = in_force.catalog.waivers.all().len();
        if in_force.validator.waivers.all().get(files..).unwrap_or_default() != kept.as_slice() {
            self.in_force.store(Arc::new(InForce::of(Arc::clone(&in_force.catalog), &kept)));
        }
        Ok(())
    }

    /// Takes a catalog into force, with the waivers that are.
    pub async fn take_catalog(&self, catalog: Arc<Catalog>) {
        let _alone = self.taking.lock().await;
        self.metrics.pack_in_force(&catalog.pack);
        self.in_force.store(Arc::new(InForce::of(catalog, &self.made_waivers())));
        self.failed.store(None);
    }

    /// The waivers in force that are not of the catalog's files.
    fn made_waivers(&self) -> Vec<Waiver> {
        let in_force = self.in_force.load();
        let files = in_force.catalog.waivers.all().len();
        in_force.validator.waivers.all().get(files..).unwrap_or_default().to_vec()
    }

    /// Whether the rules in force have passed their own tests here.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Says that the service is warm, or that it stops.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }
}
