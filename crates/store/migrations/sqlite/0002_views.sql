-- Saved views, dashboards, what people prefer, and the settings of a workspace.

alter table workspace add column working_hours text; -- null: Monday to Friday, 09:00 to 17:00
alter table workspace add column version integer not null default 1;

create table saved_view (
    workspace_id blob not null,
    id blob not null,
    object_id blob not null,
    owner_id blob not null,
    name text not null,
    is_shared integer not null check (is_shared in (0, 1)),
    definition text not null,
    position integer not null,
    archived integer not null check (archived in (0, 1)),
    version integer not null,
    created_at integer not null,
    updated_at integer not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, object_id) references object (workspace_id, id),
    foreign key (workspace_id, owner_id) references membership (workspace_id, account_id)
) strict, without rowid;
create index saved_view_place on saved_view (workspace_id, position, id);
create index saved_view_object on saved_view (workspace_id, object_id, position);
create index saved_view_owner on saved_view (workspace_id, owner_id);

create table dashboard (
    workspace_id blob not null references workspace (id),
    id blob not null,
    owner_id blob not null,
    name text not null,
    is_shared integer not null check (is_shared in (0, 1)),
    widgets text not null,
    position integer not null,
    archived integer not null check (archived in (0, 1)),
    version integer not null,
    created_at integer not null,
    updated_at integer not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, owner_id) references membership (workspace_id, account_id)
) strict, without rowid;
create index dashboard_place on dashboard (workspace_id, position, id);
create index dashboard_owner on dashboard (workspace_id, owner_id);

create table preference (
    workspace_id blob not null,
    account_id blob not null,
    preferences text not null,
    updated_at integer not null,
    primary key (workspace_id, account_id),
    foreign key (workspace_id, account_id) references membership (workspace_id, account_id)
) strict, without rowid;
