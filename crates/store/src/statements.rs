//! The statements that SQLite and PostgreSQL cannot share, asked for by what they do.
//!
//! Everything else is written once, where it is used.

mod postgres;
mod sqlite;

use crate::db::Dialect;

/// One text per intent; the comments say what both must do.
pub(crate) struct Statements {
    /// Whether the table `schema_migration` exists.
    pub(crate) has_schema_migration: &'static str,
    /// Creates the table `schema_migration`, unless another node just did.
    pub(crate) create_schema_migration: &'static str,
    /// Notes a step: version, name, checksum; the time is the database's.
    pub(crate) insert_schema_migration: &'static str,
    /// Waits until no other node migrates; `None` where there is no other.
    pub(crate) lock_migrations: Option<&'static str>,
    /// Makes places of the feed that a restored dump brought from an older server come before all that will be; `None` where places are plain
    /// numbers.
    pub(crate) renumber_restored: Option<&'static str>,
    /// Holds off other units that ask for the same number, until this one ends; `None` where units run one by one anyway.
    pub(crate) lock_number: Option<&'static str>,
    /// Holds off units that ask for the same number by `lock_number`, but not those that ask as this does; `None` where units run one by one
    /// anyway.
    pub(crate) share_number: Option<&'static str>,
    /// Change sets of a record below a version that changed a property, newest first: workspace, record, version, limit, property.
    pub(crate) change_sets_of_property: &'static str,
    /// Change sets of a workspace after a place, in the order of commits, each with its place: workspace, major, minor, limit.
    pub(crate) feed: &'static str,
    /// Where the feed of a workspace stands: no change set is ever added below it.
    pub(crate) feed_position: &'static str,
    /// Where the feed stands, beside each record with change sets at or above (PostgreSQL), or above (SQLite), a position; one row where there is no
    /// such record: workspace, position.
    pub(crate) touched_since: &'static str,
}

/// The statements of a dialect.
pub(crate) fn statements(dialect: Dialect) -> &'static Statements {
    match dialect {
        Dialect::Sqlite => &sqlite::STATEMENTS,
        Dialect::Postgres => &postgres::STATEMENTS,
    }
}
