//! What PostgreSQL says in its own way.

use super::Statements;

pub(super) static STATEMENTS: Statements = Statements {
    has_schema_migration: "select to_regclass('schema_migration') is not null",
    create_schema_migration: "create table if not exists schema_migration (
        version bigint primary key, name text not null, checksum text not null, applied_at bigint not null)",
    insert_schema_migration: "insert into schema_migration (version, name, checksum, applied_at) \
        values ($1, $2, $3, (extract(epoch from clock_timestamp()) * 1000000)::bigint)",
    lock_migrations: Some("select pg_advisory_xact_lock(5712385312)::text"),
    // No row that was written here is visible and has a transaction that the snapshot takes for one to come. 3 is the first normal one.
    renumber_restored: Some(
        "update change_set set xid = '3' from workspace \
        where change_set.workspace_id = workspace.id and change_set.xid >= pg_snapshot_xmax(pg_current_snapshot())",
    ),
    lock_number: Some("select pg_advisory_xact_lock($1)::text"),
    share_number: Some("select pg_advisory_xact_lock_shared($1)::text"),
    change_sets_of_property: "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash \
        from change_set where workspace_id = $1 and record_id = $2 and version < $3 \
        and changes @> jsonb_build_array(jsonb_build_object('property', $5::text)) \
        order by version desc limit $4",
    // The bound is the oldest transaction that runs (in the statement's snapshot) and can write here. One that is known to run in another
    // database of the server cannot; one that has ended meanwhile is not known any more and counts.
    feed: "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash, xid \
        from change_set where workspace_id = $1 and (xid, id) > ($2, $3) \
        and xid < (select coalesce((select running from pg_snapshot_xip(pg_current_snapshot()) running \
            where not exists (select 1 from pg_stat_activity a where a.datname <> current_database() \
                and a.backend_xid::text::bigint = running::text::bigint & 4294967295) \
            order by running limit 1), pg_snapshot_xmax(pg_current_snapshot()))) \
        order by xid, id limit $4",
    feed_position: "select coalesce((select running from pg_snapshot_xip(pg_current_snapshot()) running \
            where not exists (select 1 from pg_stat_activity a where a.datname <> current_database() \
                and a.backend_xid::text::bigint = running::text::bigint & 4294967295) \
            order by running limit 1), pg_snapshot_xmax(pg_current_snapshot())) from (select $1::uuid) as workspace",
    holders_of_keys: "select k.* from unnest($3::text[]) as wanted(value) cross join lateral \
        (select property_id, value, record_id, is_unique from record_key where workspace_id = $1 and property_id = $2 and value = wanted.value offset 0) k",
    insert_keys: Some(
        "insert into record_key (workspace_id, property_id, value, record_id, is_unique) \
            select $1, k.property, k.value, k.record, k.is_unique <> 0 \
            from unnest($2::uuid[], $3::text[], $4::uuid[], $5::bigint[]) as k(property, value, record, is_unique) on conflict do nothing",
    ),
    records_by_id: "select r.* from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash \
            from record where workspace_id = $1 and id = wanted.id and object_id = $3 offset 0) r",
    lock_records_by_id: "select r.* from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash \
            from record where workspace_id = $1 and id = wanted.id and object_id = $3 offset 0 for no key update) r",
    records_with_schema_version: "select r.*, w.schema_version from workspace w cross join unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash, object_id \
            from record where workspace_id = $1 and id = wanted.id offset 0) r where w.id = $1",
    objects_of_records: "select r.* from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select id, object_id from record where workspace_id = $1 and id = wanted.id offset 0) r",
    versions_as_of: "select wanted.id, v.version, v.recorded_at from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select version, recorded_at from change_set where workspace_id = $1 and record_id = wanted.id \
            and valid_from <= $3 and recorded_at <= $4 order by version desc limit 1) v",
    authors_of_records: "select v.* from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select record_id, version, actor_type, actor_id from change_set where workspace_id = $1 and record_id = wanted.id offset 0) v",
    creators_of_records: "select r.* from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select id, created_by_type, created_by from record where workspace_id = $1 and id = wanted.id offset 0) r",
    links_from_records: "select l.* from unnest($2::uuid[]) as wanted(id) cross join lateral \
        (select id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by, unlinked_at, unlinked_by_type, unlinked_by \
            from association where workspace_id = $1 and from_record = wanted.id and label = $3 \
            and linked_at <= $4 and (unlinked_at is null or unlinked_at > $4) offset 0) l",
    spans_of_records: "select s.* from unnest($2::uuid[]) as property(id) cross join unnest($3::uuid[]) as wanted(id) cross join lateral \
        (select record_id, property_id, valid_from, ordinal, valid_to, value, began_version, ended_version, known_version, superseded_version, source \
            from span where workspace_id = $1 and property_id = property.id and record_id = wanted.id offset 0) s",
    // A server has a number of its own, a promoted standby a new timeline of the log, a restored table a new file.
    feed_mark: "select (select system_identifier from pg_control_system())::text || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' ' \
            || (select oid from pg_database where datname = current_database())::text || ' ' || pg_relation_filenode('change_set')::text, \
        (select id from change_set where workspace_id = $1 and xid < $2 order by xid desc, id desc limit 1)",
    feed_count: "select count(*) from (select 1 from change_set where workspace_id = $1 and xid >= $2 limit $3) as since",
    touched_since: "select position, object_id, record_id \
        from (select coalesce((select running from pg_snapshot_xip(pg_current_snapshot()) running \
            where not exists (select 1 from pg_stat_activity a where a.datname <> current_database() \
                and a.backend_xid::text::bigint = running::text::bigint & 4294967295) \
            order by running limit 1), pg_snapshot_xmax(pg_current_snapshot())) as position) stand \
        left join (select distinct object_id, record_id from change_set where workspace_id = $1 and xid >= $2) touched on true",
};
