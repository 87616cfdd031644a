//! casecheck tells people who record children's lives in care whether the record is good enough, while it can still be put right.
//!
//! A record flows upwards through these rooms: `intake` reads bytes into a tree, `schema` checks its shape, `rules` judge it,
//! `validator` gathers the answer, `catalog` holds what is judged by, `report`, `http` and `cli` bring it to people.
//! `docs/ARCHITECTURE.md` has the floors; `tests/it/layering.rs` keeps them.

pub mod archive;
pub mod book;
pub mod calendar;
pub mod catalog;
pub mod cli;
pub mod county;
pub mod extracts;
pub mod form;
pub mod http;
pub mod intake;
pub mod jobs;
pub mod measures;
pub mod model;
pub mod outbound;
pub mod report;
pub mod rules;
pub mod schema;
pub mod sources;
pub mod store;
pub mod tables;
pub mod validator;
