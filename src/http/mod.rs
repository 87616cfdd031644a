//! The service: `/v1` for case systems, pages for people, operations on a listener of their own.
//!
//! `cli` builds an [`Application`] from [`Options`]. Every request goes through `gate` (its id, key, lane, counts and log line) to a
//! handler in `api` or `pages`; `routes` holds all of them on one page. What judges is in `served`, swapped whole by `reload`.

mod access;
mod api;
mod application;
mod body;
mod gate;
mod keys;
mod lanes;
mod metrics;
mod openapi;
mod operations;
mod options;
mod pages;
mod parts;
mod query;
mod refusal;
mod reload;
mod routes;
mod served;

pub use application::Application;
pub use application::Stop;
pub use application::Unstartable;
pub use keys::MadeKey;
pub use openapi::document as openapi_document;
pub use options::DemoRecord;
pub use options::Lanes as LaneSizes;
pub use options::Options;
pub use options::Profile;
pub use options::Role;
pub use options::StoredKey;
pub use routes::Permission;
pub use routes::ROUTES;
pub use routes::Route;
