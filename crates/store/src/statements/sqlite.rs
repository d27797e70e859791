//! What SQLite says in its own way.

use super::Statements;

pub(super) static STATEMENTS: Statements = Statements {
    has_schema_migration: "select count(*) from sqlite_schema where type = 'table' and name = 'schema_migration'",
    create_schema_migration: "create table if not exists schema_migration (
        version integer not null primary key, name text not null, checksum text not null, applied_at integer not null) strict",
    insert_schema_migration: "insert into schema_migration (version, name, checksum, applied_at) \
        values ($1, $2, $3, cast(unixepoch('subsec') * 1000000 as integer))",
    lock_migrations: None,
};
