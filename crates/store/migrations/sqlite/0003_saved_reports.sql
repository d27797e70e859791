-- Saved reports.

create table saved_report (
    workspace_id blob not null references workspace (id),
    id blob not null,
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
    foreign key (workspace_id, owner_id) references membership (workspace_id, account_id)
) strict, without rowid;
create index saved_report_place on saved_report (workspace_id, position, id);
create index saved_report_owner on saved_report (workspace_id, owner_id);
