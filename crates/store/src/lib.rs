//! All SQL of Leadline: one ledger on SQLite or PostgreSQL.
//!
//! Nothing outside this crate names a database. [`db`] runs units of work on either one; the other
//! modules hold the statements, a module per noun. Every read of a workspace's data takes the
//! workspace.

pub mod accounts;
mod cells;
pub mod db;
pub mod definitions;
pub mod idempotency;
pub mod invitations;
pub mod jobs;
pub mod ledger;
pub mod memberships;
pub mod migrations;
pub mod pages;
pub mod password_resets;
pub mod preferences;
pub mod public_requests;
pub mod saved;
pub mod sessions;
mod statements;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tokens;
pub mod workspaces;

#[cfg(test)]
mod tests;
