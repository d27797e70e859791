//! Workspaces: the tenants.

use leadline_engine::ids::WorkspaceId;
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Param, Row, Tx};
use crate::statements::statements;

/// The number by which units of work that make a first workspace wait for each other.
const FIRST_WORKSPACE: i64 = 5_712_385_313;

/// A tenant: its data is never mixed with another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its identity.
    pub id: WorkspaceId,
    /// For people.
    pub name: String,
    /// IANA name of the zone in which its days begin.
    pub time_zone: String,
    /// ISO 4217 code of amounts given without one.
    pub currency: String,
    /// When its people work, in the form the service gives it; `None` until they say so.
    pub working_hours: Option<Json>,
    /// Counts the changes of its settings, from 1.
    pub version: i64,
    /// Grows with each change of a definition.
    pub schema_version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its row last changed.
    pub updated_at: Timestamp,
}

/// Adds a workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, workspace: &Workspace) -> Result<(), DbError> {
    tx.execute(
        "insert into workspace (id, name, time_zone, currency, schema_version, created_at, updated_at, working_hours, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            workspace.id.into(),
            (&workspace.name).into(),
            (&workspace.time_zone).into(),
            (&workspace.currency).into(),
            workspace.schema_version.into(),
            workspace.created_at.into(),
            workspace.updated_at.into(),
            hours_param(workspace)?,
            workspace.version.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes the settings: name, time zone, currency and working hours.
///
/// # Errors
/// Any `DbError`.
pub async fn update(tx: &mut Tx, workspace: &Workspace) -> Result<(), DbError> {
    tx.execute(
        "update workspace set name = $2, time_zone = $3, currency = $4, updated_at = $5, working_hours = $6, version = $7 where id = $1",
        &[
            workspace.id.into(),
            (&workspace.name).into(),
            (&workspace.time_zone).into(),
            (&workspace.currency).into(),
            workspace.updated_at.into(),
            hours_param(workspace)?,
            workspace.version.into(),
        ],
    )
    .await?;
    Ok(())
}

/// One workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn get(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Workspace>, DbError> {
    tx.query_opt(
        "select id, name, time_zone, currency, schema_version, created_at, updated_at, working_hours, version from workspace where id = $1",
        &[id.into()],
    )
    .await?
    .map(|row| workspace(&row))
    .transpose()
}

/// The same, and nobody else changes its settings until the unit ends.
///
/// # Errors
/// Any `DbError`.
pub async fn lock(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Workspace>, DbError> {
    tx.query_opt(
        "select id, name, time_zone, currency, schema_version, created_at, updated_at, working_hours, version from workspace \
         where id = $1 for no key update",
        &[id.into()],
    )
    .await?
    .map(|row| workspace(&row))
    .transpose()
}

/// Workspaces by id, those after `after`; for the command line and for work on all of them.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    after: Option<WorkspaceId>,
    limit: i64,
) -> Result<Vec<Workspace>, DbError> {
    tx.query(
        "select id, name, time_zone, currency, schema_version, created_at, updated_at, working_hours, version from workspace \
         where $1::uuid is null or id > $1::uuid order by id limit $2",
        &[after.into(), limit.into()],
    )
    .await?
    .iter()
    .map(workspace)
    .collect()
}

/// Workspaces that lack objects of some of these names, by id.
///
/// # Errors
/// Any `DbError`.
pub async fn list_lacking(
    tx: &mut Tx,
    objects: &[&str],
    limit: i64,
) -> Result<Vec<Workspace>, DbError> {
    let names: Vec<String> = objects.iter().map(|name| (*name).to_owned()).collect();
    tx.query(
        "select id, name, time_zone, currency, schema_version, created_at, updated_at, working_hours, version from workspace w \
         where (select count(*) from object o where o.workspace_id = w.id and o.name = any($1)) < $2 order by id limit $3",
        &[names.into(), (objects.len() as i64).into(), limit.into()],
    )
    .await?
    .iter()
    .map(workspace)
    .collect()
}

/// Workspaces of this name (names need not be unique), oldest first, at most 100.
///
/// # Errors
/// Any `DbError`.
pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Vec<Workspace>, DbError> {
    tx.query(
        "select id, name, time_zone, currency, schema_version, created_at, updated_at, working_hours, version from workspace \
         where name = $1 order by created_at, id limit 100",
        &[name.into()],
    )
    .await?
    .iter()
    .map(workspace)
    .collect()
}

/// Whether there is any workspace: whether the first sign-up has been.
///
/// # Errors
/// Any `DbError`.
pub async fn any_exists(tx: &mut Tx) -> Result<bool, DbError> {
    tx.query_one("select exists (select 1 from workspace)", &[])
        .await?
        .get(0)
}

/// The version of the schema; cheap enough to be asked before each use of a cached schema. `None` without such a workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn schema_version(tx: &mut Tx, id: WorkspaceId) -> Result<Option<i64>, DbError> {
    tx.query_opt(
        "select schema_version from workspace where id = $1",
        &[id.into()],
    )
    .await?
    .map(|row| row.get(0))
    .transpose()
}

/// The version of the schema for a unit of work that writes records: definitions stay as they are until it ends, and units that write do not
/// wait for each other. Without this a record could be written by definitions that are just being changed: a value without the key that makes
/// it unique, say.
///
/// On PostgreSQL it is a shared lock on a number, taken in the flight of the question that every write begins with. A lock on the workspace's
/// row would do the same and be written to disk, by each write of the workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn hold_schema(tx: &mut Tx, id: WorkspaceId) -> Result<Option<i64>, DbError> {
    let Some(hold) = statements(tx.dialect()).share_number else {
        return schema_version(tx, id).await;
    };
    let sql = "select schema_version from workspace where id = $1";
    version_behind(tx, id, hold, sql).await
}

/// Waits for units of work that write records or change definitions in this workspace, and holds them off until this one ends; returns the
/// version of the schema. A unit that held the schema before can deadlock with another such one, and is run again.
///
/// # Errors
/// Any `DbError`.
pub async fn lock_schema(tx: &mut Tx, id: WorkspaceId) -> Result<Option<i64>, DbError> {
    let Some(lock) = statements(tx.dialect()).lock_number else {
        return schema_version(tx, id).await;
    };
    let sql = "select schema_version from workspace where id = $1 for no key update";
    version_behind(tx, id, lock, sql).await
}

/// The version as it is once the lock is had. The lock is on a number that stands for the workspace's definitions; should two workspaces share
/// it, they wait for each other.
async fn version_behind(
    tx: &mut Tx,
    id: WorkspaceId,
    lock: &'static str,
    sql: &'static str,
) -> Result<Option<i64>, DbError> {
    let (high, low) = id.uuid().as_u64_pair();
    let number = (high.rotate_left(17) ^ low) as i64;
    tx.send(lock, vec![vec![number.into()]]).await?;
    let row = tx.query_opt(sql, &[id.into()]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// Waits for other units of work that make a first workspace, so that only one of them finds none.
/// SQLite has one writer and needs no lock.
///
/// # Errors
/// Any `DbError`.
pub async fn lock_first(tx: &mut Tx) -> Result<(), DbError> {
    match statements(tx.dialect()).lock_number {
        Some(lock) => tx.query(lock, &[FIRST_WORKSPACE.into()]).await.map(drop),
        None => Ok(()),
    }
}

/// Counts the schema's version up, at least to the time of day; returns the new one. A unit of work that is undone has not used up a version
/// that a later one gets again.
///
/// # Errors
/// Any `DbError`.
pub async fn bump_schema_version(
    tx: &mut Tx,
    id: WorkspaceId,
    now: Timestamp,
) -> Result<i64, DbError> {
    tx.query_one(
        "update workspace set schema_version = case when schema_version < $2 then $2 else schema_version + 1 end, updated_at = $2 \
         where id = $1 returning schema_version",
        &[id.into(), now.into()],
    )
    .await?
    .get(0)
}

fn workspace(row: &Row) -> Result<Workspace, DbError> {
    Ok(Workspace {
        id: row.get(0)?,
        name: row.get(1)?,
        time_zone: row.get(2)?,
        currency: row.get(3)?,
        schema_version: row.get(4)?,
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
        working_hours: row
            .get::<Option<&str>>(7)?
            .map(|_| json_cell(row, 7))
            .transpose()?,
        version: row.get(8)?,
    })
}

fn hours_param(workspace: &Workspace) -> Result<Param<'static>, DbError> {
    let hours = workspace.working_hours.as_ref();
    Ok(hours.map(json_param).transpose()?.into())
}
