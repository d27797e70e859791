//! All SQL of Leadline: one ledger on SQLite or PostgreSQL.
//!
//! Nothing outside this crate names a database. [`db`] runs units of work on either one; the other
//! modules hold the statements, a module per noun.

pub mod db;
pub mod ledger;
pub mod migrations;
mod statements;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
