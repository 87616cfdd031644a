//! The service on a free port, asked by a client as any other would: saves, streams, rules, keys, reload, stopping.

mod access;
mod browser;
mod fixture;
mod forecast;
mod impact;
mod jobs;
mod operations;
mod pages;
mod rules;
mod save;
mod stream;
mod upload;
mod upload_tables;
mod waivers;
