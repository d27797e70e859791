//! What SQLite says in its own way.

use super::Statements;

pub(super) static STATEMENTS: Statements = Statements {
    has_schema_migration: "select count(*) from sqlite_schema where type = 'table' and name = 'schema_migration'",
    create_schema_migration: "create table if not exists schema_migration (
        version integer not null primary key, name text not null, checksum text not null, applied_at integer not null) strict",
    insert_schema_migration: "insert into schema_migration (version, name, checksum, applied_at) \
        values ($1, $2, $3, cast(unixepoch('subsec') * 1000000 as integer))",
    lock_migrations: None,
    renumber_restored: None,
    lock_number: None,
    share_number: None,
    change_sets_of_property: "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash \
        from change_set where workspace_id = $1 and record_id = $2 and version < $3 \
        and exists (select 1 from json_each(changes) as change where change.value ->> 'property' = $5) \
        order by version desc limit $4",
    // The row number alone is a place; the second half is there to be alike.
    feed: "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash, seq \
        from change_set where workspace_id = $1 and seq > $2 and $3 is not null order by seq limit $4",
    feed_position: "select coalesce(max(seq), 0) from change_set where workspace_id = $1",
    touched_since: "select position, object_id, record_id \
        from (select coalesce(max(seq), 0) as position from change_set where workspace_id = $1) \
        left join (select distinct object_id, record_id from change_set where workspace_id = $1 and seq > $2) on true",
};
