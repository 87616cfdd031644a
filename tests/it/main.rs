//! The one integration test binary: a module for each room or promise.

// Strict JSON, and files of records.
mod intake;
