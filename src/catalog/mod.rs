//! What records are judged by: schemas, rules, overlays, waivers, calendars, loaded together, all at once or not at all.
//!
//! `cli` and `http` load a [`Catalog`] from the files in the binary or from a folder, and swap it whole. Nothing half-loaded is
//! ever in force.

mod calendars;
mod files;
mod load;
mod mutation;
mod register;
mod waivers;

pub use calendars::read_calendar;
pub use files::Files;
pub use files::LARGEST as LARGEST_FILE;
pub use files::Unloadable;
pub use load::Catalog;
pub use register::Registered;
