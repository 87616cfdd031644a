//! The JSON interface, a file a noun. Each handler reads its request strictly, asks a room below, and writes what comes back.

pub mod forecast;
pub mod impact;
pub mod impact_form;
pub mod job_ask;
pub mod job_events;
pub mod job_results;
pub mod jobs;
pub mod rules;
pub mod sandbox;
pub mod schemas;
pub mod standards;
pub mod stream;
pub mod try_rule;
pub mod validate;
pub mod validate_request;
pub mod waivers;
