//! What PostgreSQL says in its own way.

use super::Statements;

pub(super) static STATEMENTS: Statements = Statements {
    has_schema_migration: "select to_regclass('schema_migration') is not null",
    create_schema_migration: "create table if not exists schema_migration (
        version bigint primary key, name text not null, checksum text not null, applied_at bigint not null)",
    insert_schema_migration: "insert into schema_migration (version, name, checksum, applied_at) \
        values ($1, $2, $3, (extract(epoch from clock_timestamp()) * 1000000)::bigint)",
    lock_migrations: Some("select pg_advisory_xact_lock(5712385312)::text"),
};
