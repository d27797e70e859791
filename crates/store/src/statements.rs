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
    /// Who holds values of a property: workspace, property, values. Property, value, record, and whether no other may hold it, in no order.
    ///
    /// As those below, PostgreSQL looks each value up by itself: for an array it chooses from statistics, which a database that is being filled
    /// does not have, and then reads the whole property.
    pub(crate) holders_of_keys: &'static str,
    /// Inserts keys that nobody holds, all at once: workspace, and of each key the property, the value, the record, and 1 if no other may hold
    /// it; `None` where one by one is as quick.
    pub(crate) insert_keys: Option<&'static str>,
    /// Records of an object by their ids: workspace, ids, object. In no order.
    pub(crate) records_by_id: &'static str,
    /// The same, and nobody else changes them until the unit ends; locked in the order of the ids.
    pub(crate) lock_records_by_id: &'static str,
    /// Records by their ids, with their object and the version of the schema: workspace, ids. In no order.
    pub(crate) records_with_schema_version: &'static str,
    /// Of which objects records are: workspace, ids. Id and object, in no order.
    pub(crate) objects_of_records: &'static str,
    /// The last version of each record that is about a time and was recorded up to a time: workspace, ids, the times. Id, version and when it
    /// was recorded, in no order.
    pub(crate) versions_as_of: &'static str,
    /// Who wrote the versions of records: workspace, ids. Id, version and author, in no order.
    pub(crate) authors_of_records: &'static str,
    /// Who created records: workspace, ids. Id and author, in no order.
    pub(crate) creators_of_records: &'static str,
    /// Links that begin at records, carry a label and held at a time: workspace, ids, label, time. In no order.
    pub(crate) links_from_records: &'static str,
    /// The rows of properties of records: workspace, properties, records. In no order.
    pub(crate) spans_of_records: &'static str,
    /// What tells the database from others, and the last change set before a position (PostgreSQL) or up to it (SQLite): workspace, position.
    pub(crate) feed_mark: &'static str,
    /// How many change sets there are at or above (PostgreSQL), or above (SQLite), a position, counted up to a number: workspace, position, number.
    pub(crate) feed_count: &'static str,
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
