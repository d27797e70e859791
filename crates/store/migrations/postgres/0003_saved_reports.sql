-- Saved reports.

create table saved_report (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
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
    foreign key (workspace_id, owner_id) references membership (workspace_id, account_id)
);
create index saved_report_place on saved_report (workspace_id, position, id);
create index saved_report_owner on saved_report (workspace_id, owner_id);
