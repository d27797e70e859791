-- The ledger and what surrounds it. Times are microseconds since 1970 UTC.

create table workspace (
    id blob not null primary key,
    name text not null,
    time_zone text not null,
    currency text not null,
    schema_version integer not null,
    created_at integer not null,
    updated_at integer not null
) strict, without rowid;

create table account (
    id blob not null primary key,
    email text not null,
    email_key text not null unique,
    name text not null,
    password_hash text not null,
    created_at integer not null,
    updated_at integer not null,
    disabled_at integer
) strict, without rowid;

create table membership (
    workspace_id blob not null references workspace (id),
    account_id blob not null references account (id),
    role text not null,
    created_at integer not null,
    updated_at integer not null,
    disabled_at integer,
    primary key (workspace_id, account_id)
) strict, without rowid;
create index membership_account on membership (account_id);

create table session (
    id blob not null primary key,
    token_hash blob not null unique,
    account_id blob not null references account (id),
    workspace_id blob not null references workspace (id),
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null,
    user_agent text,
    address text
) strict, without rowid;
create index session_account on session (account_id);

create table api_token (
    id blob not null primary key,
    workspace_id blob not null references workspace (id),
    account_id blob not null references account (id),
    name text not null,
    token_hash blob not null unique,
    scopes text not null,
    expires_at integer,
    last_used_at integer,
    created_at integer not null
) strict, without rowid;
create index api_token_workspace on api_token (workspace_id, account_id);

create table invitation (
    id blob not null primary key,
    workspace_id blob not null references workspace (id),
    email text not null,
    role text not null,
    token_hash blob not null unique,
    invited_by blob not null references account (id),
    created_at integer not null,
    expires_at integer not null,
    accepted_at integer
) strict, without rowid;
create index invitation_workspace on invitation (workspace_id, created_at);

create table password_reset (
    token_hash blob not null primary key,
    account_id blob not null references account (id),
    created_at integer not null,
    expires_at integer not null,
    used_at integer
) strict, without rowid;
create index password_reset_account on password_reset (account_id);

create table object (
    workspace_id blob not null references workspace (id),
    id blob not null,
    name text not null,
    definition text not null,
    is_builtin integer not null check (is_builtin in (0, 1)),
    archived integer not null check (archived in (0, 1)),
    position integer not null,
    created_at integer not null,
    updated_at integer not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
) strict, without rowid;

create table property (
    workspace_id blob not null,
    id blob not null,
    object_id blob not null,
    name text not null,
    type text not null,
    definition text not null,
    is_system integer not null check (is_system in (0, 1)),
    is_builtin integer not null check (is_builtin in (0, 1)),
    archived integer not null check (archived in (0, 1)),
    position integer not null,
    created_at integer not null,
    updated_at integer not null,
    primary key (workspace_id, id),
    unique (workspace_id, object_id, name),
    foreign key (workspace_id, object_id) references object (workspace_id, id)
) strict, without rowid;

create table definition_change (
    workspace_id blob not null,
    id blob not null,
    object_id blob not null,
    property_id blob,
    recorded_at integer not null,
    actor_type integer not null,
    actor_id blob,
    definition text not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, object_id) references object (workspace_id, id),
    foreign key (workspace_id, property_id) references property (workspace_id, id)
) strict, without rowid;
create index definition_change_object on definition_change (workspace_id, object_id, recorded_at);

create table record (
    workspace_id blob not null,
    id blob not null,
    object_id blob not null,
    version integer not null,
    current text not null,
    since text not null,
    created_at integer not null,
    created_source integer not null,
    created_by_type integer not null,
    created_by blob,
    recorded_at integer not null,
    updated_at integer not null,
    archived integer not null check (archived in (0, 1)),
    head_hash blob not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, object_id) references object (workspace_id, id)
) strict, without rowid;
create index record_object on record (workspace_id, object_id, id);

create table span (
    workspace_id blob not null,
    property_id blob not null,
    record_id blob not null,
    valid_from integer not null,
    ordinal integer not null,
    known_version integer not null,
    valid_to integer,
    value text not null,
    began_version integer not null,
    ended_version integer,
    superseded_version integer,
    source integer not null,
    primary key (workspace_id, property_id, record_id, valid_from, ordinal, known_version),
    foreign key (workspace_id, property_id) references property (workspace_id, id),
    foreign key (workspace_id, record_id) references record (workspace_id, id)
) strict, without rowid;

create table change_set (
    seq integer primary key, -- the feed reads in its order; one writer, so it is the order of commits
    workspace_id blob not null,
    record_id blob not null,
    version integer not null,
    id blob not null,
    object_id blob not null,
    recorded_at integer not null,
    valid_from integer not null,
    actor_type integer not null,
    actor_id blob,
    source integer not null,
    reason text,
    job_id blob,
    changes text not null,
    hash blob not null,
    unique (workspace_id, record_id, version),
    foreign key (workspace_id, record_id) references record (workspace_id, id)
) strict;
create index change_set_feed on change_set (workspace_id, seq);
create index change_set_job on change_set (job_id) where job_id is not null;

create table record_key (
    workspace_id blob not null,
    property_id blob not null,
    value text not null,
    record_id blob not null,
    is_unique integer not null check (is_unique in (0, 1)),
    primary key (workspace_id, property_id, value, record_id),
    foreign key (workspace_id, property_id) references property (workspace_id, id),
    foreign key (workspace_id, record_id) references record (workspace_id, id)
) strict, without rowid;
create unique index record_key_unique on record_key (workspace_id, property_id, value) where is_unique;

create table association (
    workspace_id blob not null,
    id blob not null,
    from_object blob not null,
    from_record blob not null,
    to_object blob not null,
    to_record blob not null,
    label text not null, -- empty: without a label
    linked_at integer not null,
    linked_by_type integer not null,
    linked_by blob,
    unlinked_at integer,
    unlinked_by_type integer,
    unlinked_by blob,
    primary key (workspace_id, id),
    foreign key (workspace_id, from_record) references record (workspace_id, id),
    foreign key (workspace_id, to_record) references record (workspace_id, id)
) strict, without rowid;
create unique index association_open on association (workspace_id, from_record, to_record, label) where unlinked_at is null;
create index association_from on association (workspace_id, from_record, to_object);
create index association_to on association (workspace_id, to_record, from_object);

create table idempotency (
    workspace_id blob not null references workspace (id),
    actor text not null,
    key text not null,
    request_hash blob not null,
    response text,
    created_at integer not null,
    primary key (workspace_id, actor, key)
) strict, without rowid;
create index idempotency_age on idempotency (created_at);

create table public_request (
    caller text not null,
    key text not null,
    request_hash blob not null,
    account_id blob not null references account (id),
    workspace_id blob references workspace (id),
    created_at integer not null,
    primary key (caller, key)
) strict, without rowid;
create index public_request_age on public_request (created_at);

create table job (
    id blob not null primary key,
    workspace_id blob not null references workspace (id),
    kind text not null,
    status text not null,
    options text not null,
    progress text not null,
    created_by_type integer not null,
    created_by blob,
    created_at integer not null,
    updated_at integer not null,
    started_at integer,
    finished_at integer,
    lease_owner text,
    lease_until integer,
    attempts integer not null
) strict, without rowid;
create index job_workspace on job (workspace_id, created_at);
create index job_due on job (status, lease_until);

create table job_file (
    job_id blob not null references job (id) on delete cascade,
    name text not null,
    part integer not null,
    data blob not null,
    primary key (job_id, name, part)
) strict;

create table import_error (
    job_id blob not null references job (id) on delete cascade,
    line integer not null,
    ordinal integer not null,
    code text not null,
    message text not null,
    column_name text,
    raw text not null,
    primary key (job_id, line, ordinal)
) strict;
