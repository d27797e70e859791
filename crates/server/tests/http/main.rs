//! The whole server over HTTP, on both databases: stories, what must never be possible, and the history against a naive model.
//!
//! `scripts/with-postgres cargo nextest run -p leadline-server --test http` runs it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets what it does not expect must fail"
)]

mod app;
mod person;

mod accounts;
mod activities;
mod associations;
mod batches;
mod boards;
mod concurrency;
mod conversions;
mod dashboards;
mod demo;
mod events;
mod happenings;
mod history;
mod history_model;
mod idempotency;
mod imports;
mod knowledge;
mod line_items;
mod members;
mod objects;
mod passwords;
mod preferences;
mod profile;
mod properties;
mod property_changes;
mod protection;
mod records;
mod reports;
mod saved_reports;
mod schema_locks;
mod search;
mod sessions;
mod tasks;
mod timelines;
mod tokens;
mod views;
mod walk;
mod workspaces;
