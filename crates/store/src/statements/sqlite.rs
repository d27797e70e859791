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
    holders_of_keys: "select property_id, value, record_id, is_unique from record_key where workspace_id = $1 and property_id = $2 and value = any($3)",
    insert_keys: None,
    records_by_id: "select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash \
        from record where workspace_id = $1 and id = any($2) and object_id = $3",
    lock_records_by_id: "select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash \
        from record where workspace_id = $1 and id = any($2) and object_id = $3",
    records_with_schema_version: "select r.id, r.version, r.current, r.since, r.created_at, r.created_source, r.created_by_type, r.created_by, r.recorded_at, r.updated_at, r.archived, r.head_hash, r.object_id, w.schema_version \
        from record r join workspace w on w.id = r.workspace_id where r.workspace_id = $1 and r.id = any($2)",
    objects_of_records: "select id, object_id from record where workspace_id = $1 and id = any($2)",
    versions_as_of: "select record_id, version, recorded_at from (\
            select record_id, version, recorded_at, row_number() over (partition by record_id order by version desc) as age from change_set \
            where workspace_id = $1 and record_id = any($2) and valid_from <= $3 and recorded_at <= $4) as known \
        where age = 1",
    authors_of_records: "select record_id, version, actor_type, actor_id from change_set where workspace_id = $1 and record_id = any($2)",
    creators_of_records: "select id, created_by_type, created_by from record where workspace_id = $1 and id = any($2)",
    links_from_records: "select id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by, unlinked_at, unlinked_by_type, unlinked_by \
        from association where workspace_id = $1 and from_record = any($2) and label = $3 \
        and linked_at <= $4 and (unlinked_at is null or unlinked_at > $4)",
    spans_of_records: "select record_id, property_id, valid_from, ordinal, valid_to, value, began_version, ended_version, known_version, superseded_version, source \
        from span where workspace_id = $1 and property_id = any($2) and record_id = any($3)",
    // In a file restored from an earlier backup the same number stands for another change set, or for none.
    feed_mark: "select 'file', (select id from change_set where workspace_id = $1 and seq <= $2 order by seq desc limit 1)",
    feed_count: "select count(*) from (select 1 from change_set where workspace_id = $1 and seq > $2 limit $3) as since",
    touched_since: "select position, object_id, record_id \
        from (select coalesce(max(seq), 0) as position from change_set where workspace_id = $1) \
        left join (select distinct object_id, record_id from change_set where workspace_id = $1 and seq > $2) on true",
};
