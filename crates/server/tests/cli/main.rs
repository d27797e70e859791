//! The binary itself, as people and their scripts call it: what it prints, how it ends, and what is in the database then.
//!
//! `scripts/with-postgres cargo nextest run -p leadline-server --test cli` runs it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets what it does not expect must fail"
)]

mod binary;
mod client;

mod backup;
mod demo;
mod files;
mod nodes;
mod people;
mod usage;
mod verify;
