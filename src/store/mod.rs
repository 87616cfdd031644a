//! What is kept: jobs, their chunks, what was found, and callbacks, in SQLite or PostgreSQL with one SQL text.
//!
//! `jobs` is the one caller. This room knows SQL and secrets; what a job is and when a chunk is tried again is no business of it. Nothing
//! here reads the clock: every moment comes in as microseconds since 1970. Ids of children are kept as pseudonyms, the ids themselves
//! sealed beside them; the key of both is outside the database.

mod across;
mod chunks;
mod database;
mod deliveries;
mod error;
mod findings;
mod forecast;
mod job;
mod job_steps;
mod listing;
mod packed;
mod packs;
mod rows;
mod seal;
mod waivers;

pub use chunks::ClaimedChunk;
pub use chunks::DoneChunk;
pub use chunks::NewChunk;
pub use database::Store;
pub use deliveries::Delivery;
pub use deliveries::NewDelivery;
pub use error::StoreError;
pub use findings::FindingPlace;
pub use findings::FindingsAsked;
pub use forecast::DueAsked;
pub use forecast::DueCounts;
pub use forecast::DueFound;
pub use job::Added;
pub use job::ClaimedJob;
pub use job::JobRow;
pub use job::JobState;
pub use job::NewJob;
pub use job::Progress;
pub use packed::pack;
pub use packed::unpack;
pub use rows::DueRow;
pub use rows::FindingRow;
pub use rows::RecordRow;
pub use seal::Secret;
