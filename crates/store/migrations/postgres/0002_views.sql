-- Saved views, dashboards, what people prefer, and the settings of a workspace.

alter table workspace add column working_hours jsonb; -- null: Monday to Friday, 09:00 to 17:00
alter table workspace add column version bigint not null default 1;

create table saved_view (
    workspace_id uuid not null,
    id uuid not null,
    object_id uuid not null,
    owner_id uuid not null,
    name text not null,
    is_shared boolean not null,
    definition jsonb not null,
    position integer not null,
    archived boolean not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, object_id) references object (workspace_id, id),
    foreign key (workspace_id, owner_id) references membership (workspace_id, account_id)
);
create index saved_view_place on saved_view (workspace_id, position, id);
create index saved_view_object on saved_view (workspace_id, object_id, position);
create index saved_view_owner on saved_view (workspace_id, owner_id);

create table dashboard (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    owner_id uuid not null,
    name text not null,
    is_shared boolean not null,
    widgets jsonb not null,
    position integer not null,
    archived boolean not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, owner_id) references membership (workspace_id, account_id)
);
create index dashboard_place on dashboard (workspace_id, position, id);
create index dashboard_owner on dashboard (workspace_id, owner_id);

create table preference (
    workspace_id uuid not null,
    account_id uuid not null,
    preferences jsonb not null,
    updated_at bigint not null,
    primary key (workspace_id, account_id),
    foreign key (workspace_id, account_id) references membership (workspace_id, account_id)
);
