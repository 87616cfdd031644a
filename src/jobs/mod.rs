//! A bulk run: submitted once its input is durable, prepared into chunks, judged chunk by chunk, resumed after anything, ended once.
//!
//! `http` and `cli` call [`Jobs`]. The truth is in `store`; what lies in the folder is input that waits and a spool that is worked on, and
//! both go when a job ends. A chunk is claimed with a lease and a number, judged without the database, and written down in one
//! transaction, so whatever is killed, nothing is lost and nothing is there twice. Judging is `validator`'s, as everywhere.

mod across;
mod ask;
mod basis;
mod clock;
mod deliver;
mod error;
mod finish;
mod forecast;
mod held;
mod judge;
mod options;
mod pace;
mod prepare;
mod read;
mod results;
mod service;
mod submit;
mod upload;
mod waivers;
mod work;

pub use ask::Ask;
pub use ask::Hold;
pub use ask::InputFile;
pub use error::JobError;
pub use forecast::Due;
pub use forecast::DueOfDay;
pub use forecast::DueOfRule;
pub use forecast::DueOfTeam;
pub use forecast::DueOfWeek;
pub use forecast::Forecast;
pub use forecast::ForecastJob;
pub use held::Wish;
pub use options::Callbacks;
#[cfg(any(debug_assertions, feature = "faults"))]
pub use options::Fault;
pub use options::Options;
pub use pace::Pace;
pub use prepare::PreparedFacts;
pub use read::FoundPage;
pub use read::OutcomesPage;
pub use service::Jobs;
pub use service::Working;
pub use submit::Submitted;
pub use upload::Upload;
pub use upload::shown_name;
