-- The ledger and what surrounds it. Times are microseconds since 1970 UTC; the views show timestamptz.

create table workspace (
    id uuid primary key,
    name text not null,
    time_zone text not null,
    currency text not null,
    schema_version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);

create table account (
    id uuid primary key,
    email text not null,
    email_key text not null unique,
    name text not null,
    password_hash text not null,
    created_at bigint not null,
    updated_at bigint not null,
    disabled_at bigint
);

create table membership (
    workspace_id uuid not null references workspace (id),
    account_id uuid not null references account (id),
    role text not null,
    created_at bigint not null,
    updated_at bigint not null,
    disabled_at bigint,
    primary key (workspace_id, account_id)
);
create index membership_account on membership (account_id);

create table session (
    id uuid primary key,
    token_hash bytea not null unique,
    account_id uuid not null references account (id),
    workspace_id uuid not null references workspace (id),
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null,
    user_agent text,
    address text
);
create index session_account on session (account_id);

create table api_token (
    id uuid primary key,
    workspace_id uuid not null references workspace (id),
    account_id uuid not null references account (id),
    name text not null,
    token_hash bytea not null unique,
    scopes text not null,
    expires_at bigint,
    last_used_at bigint,
    created_at bigint not null
);
create index api_token_workspace on api_token (workspace_id, account_id);

create table invitation (
    id uuid primary key,
    workspace_id uuid not null references workspace (id),
    email text not null,
    role text not null,
    token_hash bytea not null unique,
    invited_by uuid not null references account (id),
    created_at bigint not null,
    expires_at bigint not null,
    accepted_at bigint
);
create index invitation_workspace on invitation (workspace_id, created_at);

create table password_reset (
    token_hash bytea primary key,
    account_id uuid not null references account (id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index password_reset_account on password_reset (account_id);

create table object (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    name text not null,
    definition jsonb not null,
    is_builtin boolean not null,
    archived boolean not null,
    position integer not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);

create table property (
    workspace_id uuid not null,
    id uuid not null,
    object_id uuid not null,
    name text not null,
    type text not null,
    definition jsonb not null,
    is_system boolean not null,
    is_builtin boolean not null,
    archived boolean not null,
    position integer not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, object_id, name),
    foreign key (workspace_id, object_id) references object (workspace_id, id)
);

create table definition_change (
    workspace_id uuid not null,
    id uuid not null,
    object_id uuid not null,
    property_id uuid,
    recorded_at bigint not null,
    actor_type smallint not null,
    actor_id uuid,
    definition jsonb not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, object_id) references object (workspace_id, id),
    foreign key (workspace_id, property_id) references property (workspace_id, id)
);
create index definition_change_object on definition_change (workspace_id, object_id, recorded_at);

create table record (
    workspace_id uuid not null,
    id uuid not null,
    object_id uuid not null,
    version bigint not null,
    current jsonb not null,
    since jsonb not null,
    created_at bigint not null,
    created_source smallint not null,
    created_by_type smallint not null,
    created_by uuid,
    recorded_at bigint not null,
    updated_at bigint not null,
    archived boolean not null,
    head_hash bytea not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, object_id) references object (workspace_id, id)
) with (fillfactor = 85); -- room for heap-only updates
create index record_object on record (workspace_id, object_id, id);

create table span (
    workspace_id uuid not null,
    property_id uuid not null,
    record_id uuid not null,
    valid_from bigint not null,
    ordinal integer not null,
    known_version bigint not null,
    valid_to bigint,
    value jsonb not null,
    began_version bigint not null,
    ended_version bigint,
    superseded_version bigint,
    source smallint not null,
    primary key (workspace_id, property_id, record_id, valid_from, ordinal, known_version),
    foreign key (workspace_id, property_id) references property (workspace_id, id),
    foreign key (workspace_id, record_id) references record (workspace_id, id)
);

create table change_set (
    workspace_id uuid not null,
    record_id uuid not null,
    version bigint not null,
    id uuid not null,
    object_id uuid not null,
    recorded_at bigint not null,
    valid_from bigint not null,
    actor_type smallint not null,
    actor_id uuid,
    source smallint not null,
    reason text,
    job_id uuid,
    changes jsonb not null,
    hash bytea not null,
    xid xid8 not null default pg_current_xact_id(), -- the feed reads in its order, below the oldest running one
    primary key (workspace_id, record_id, version),
    foreign key (workspace_id, record_id) references record (workspace_id, id)
);
create index change_set_feed on change_set (workspace_id, xid, id);
create index change_set_job on change_set (job_id) where job_id is not null;

create table record_key (
    workspace_id uuid not null,
    property_id uuid not null,
    value text not null,
    record_id uuid not null,
    is_unique boolean not null,
    primary key (workspace_id, property_id, value, record_id),
    foreign key (workspace_id, property_id) references property (workspace_id, id),
    foreign key (workspace_id, record_id) references record (workspace_id, id)
);
create unique index record_key_unique on record_key (workspace_id, property_id, value) where is_unique;

create table association (
    workspace_id uuid not null,
    id uuid not null,
    from_object uuid not null,
    from_record uuid not null,
    to_object uuid not null,
    to_record uuid not null,
    label text not null, -- empty: without a label
    linked_at bigint not null,
    linked_by_type smallint not null,
    linked_by uuid,
    unlinked_at bigint,
    unlinked_by_type smallint,
    unlinked_by uuid,
    primary key (workspace_id, id),
    foreign key (workspace_id, from_record) references record (workspace_id, id),
    foreign key (workspace_id, to_record) references record (workspace_id, id)
);
create unique index association_open on association (workspace_id, from_record, to_record, label) where unlinked_at is null;
create index association_from on association (workspace_id, from_record, to_object);
create index association_to on association (workspace_id, to_record, from_object);

create table idempotency (
    workspace_id uuid not null references workspace (id),
    actor text not null,
    key text not null,
    request_hash bytea not null,
    response text,
    created_at bigint not null,
    primary key (workspace_id, actor, key)
);
create index idempotency_age on idempotency (created_at);

create table public_request (
    caller text not null,
    key text not null,
    request_hash bytea not null,
    account_id uuid not null references account (id),
    workspace_id uuid references workspace (id),
    created_at bigint not null,
    primary key (caller, key)
);
create index public_request_age on public_request (created_at);

create table job (
    id uuid primary key,
    workspace_id uuid not null references workspace (id),
    kind text not null,
    status text not null,
    options jsonb not null,
    progress jsonb not null,
    created_by_type smallint not null,
    created_by uuid,
    created_at bigint not null,
    updated_at bigint not null,
    started_at bigint,
    finished_at bigint,
    lease_owner text,
    lease_until bigint,
    attempts integer not null
);
create index job_workspace on job (workspace_id, created_at);
create index job_due on job (status, lease_until);

create table job_file (
    job_id uuid not null references job (id) on delete cascade,
    name text not null,
    part integer not null,
    data bytea not null,
    primary key (job_id, name, part)
);
alter table job_file alter column data set storage external; -- parts are read whole and come compressed or incompressible

create table import_error (
    job_id uuid not null references job (id) on delete cascade,
    line bigint not null,
    ordinal integer not null,
    code text not null,
    message text not null,
    column_name text,
    raw text not null,
    primary key (job_id, line, ordinal)
);

create view span_view as
select
    s.workspace_id,
    o.name as object,
    p.name as property,
    s.record_id,
    s.value,
    to_timestamp(s.valid_from / 1000000.0) as valid_from,
    to_timestamp(s.valid_to / 1000000.0) as valid_to,
    s.ordinal,
    s.began_version,
    s.ended_version,
    s.known_version,
    s.superseded_version
from span s
join property p on p.workspace_id = s.workspace_id and p.id = s.property_id
join object o on o.workspace_id = p.workspace_id and o.id = p.object_id;

create view change_set_view as
select
    c.workspace_id,
    o.name as object,
    c.record_id,
    c.version,
    c.id,
    to_timestamp(c.recorded_at / 1000000.0) as recorded_at,
    to_timestamp(c.valid_from / 1000000.0) as valid_from,
    (array['user', 'token', 'automation', 'system'])[c.actor_type + 1] as actor_type,
    c.actor_id,
    (array['user', 'api', 'import', 'automation', 'bulk', 'merge', 'restore', 'system'])[c.source + 1] as source,
    c.reason,
    c.job_id,
    c.changes
from change_set c
join object o on o.workspace_id = c.workspace_id and o.id = c.object_id;
