//! Dashboards: widgets on a grid, under a name. Private ones are read by their owner alone.

use leadline_engine::ids::{AccountId, DashboardId, WorkspaceId};
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Row, Tx};
use crate::pages::Placed;

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its identity.
    pub id: DashboardId,
    /// Whose it is.
    pub owner_id: AccountId,
    /// For people.
    pub name: String,
    /// Whether all members see it.
    pub is_shared: bool,
    /// What stands on it and where, in the form the service gives it.
    pub widgets: Json,
    /// Order among the dashboards.
    pub position: i32,
    /// Whether it is out of lists.
    pub archived: bool,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Adds a dashboard.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    dashboard: &Dashboard,
) -> Result<(), DbError> {
    tx.execute(
        "insert into dashboard (workspace_id, id, owner_id, name, is_shared, widgets, position, archived, version, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            workspace.into(),
            dashboard.id.into(),
            dashboard.owner_id.into(),
            (&dashboard.name).into(),
            dashboard.is_shared.into(),
            json_param(&dashboard.widgets)?,
            dashboard.position.into(),
            dashboard.archived.into(),
            dashboard.version.into(),
            dashboard.created_at.into(),
            dashboard.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes what can change of a dashboard: all but its owner.
///
/// # Errors
/// Any `DbError`.
pub async fn update(
    tx: &mut Tx,
    workspace: WorkspaceId,
    dashboard: &Dashboard,
) -> Result<(), DbError> {
    tx.execute(
        "update dashboard set name = $3, is_shared = $4, widgets = $5, position = $6, archived = $7, version = $8, updated_at = $9 \
         where workspace_id = $1 and id = $2",
        &[
            workspace.into(),
            dashboard.id.into(),
            (&dashboard.name).into(),
            dashboard.is_shared.into(),
            json_param(&dashboard.widgets)?,
            dashboard.position.into(),
            dashboard.archived.into(),
            dashboard.version.into(),
            dashboard.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A dashboard that this member sees.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    id: DashboardId,
) -> Result<Option<Dashboard>, DbError> {
    tx.query_opt(
        "select id, owner_id, name, is_shared, widgets, position, archived, version, created_at, updated_at \
         from dashboard where workspace_id = $1 and id = $3 and (is_shared or owner_id = $2)",
        &[workspace.into(), reader.into(), id.into()],
    )
    .await?
    .map(|row| dashboard(&row))
    .transpose()
}

/// The same, and nobody else changes it until the unit ends.
///
/// # Errors
/// Any `DbError`.
pub async fn lock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    id: DashboardId,
) -> Result<Option<Dashboard>, DbError> {
    tx.query_opt(
        "select id, owner_id, name, is_shared, widgets, position, archived, version, created_at, updated_at \
         from dashboard where workspace_id = $1 and id = $3 and (is_shared or owner_id = $2) for update",
        &[workspace.into(), reader.into(), id.into()],
    )
    .await?
    .map(|row| dashboard(&row))
    .transpose()
}

/// The dashboards that this member sees, in order of position.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    page: Placed,
) -> Result<Vec<Dashboard>, DbError> {
    let (position, id) = page.place();
    tx.query(
        "select id, owner_id, name, is_shared, widgets, position, archived, version, created_at, updated_at \
         from dashboard where workspace_id = $1 and (is_shared or owner_id = $2) and archived = $3 \
         and ($4::integer is null or (position, id) > ($4::integer, $5::uuid)) order by position, id limit $6",
        &[
            workspace.into(),
            reader.into(),
            page.archived.into(),
            position.into(),
            id.into(),
            page.limit.into(),
        ],
    )
    .await?
    .iter()
    .map(dashboard)
    .collect()
}

/// How many dashboards a member has, archived ones too.
///
/// # Errors
/// Any `DbError`.
pub async fn count_of_owner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: AccountId,
) -> Result<i64, DbError> {
    tx.query_one(
        "select count(*) from dashboard where workspace_id = $1 and owner_id = $2",
        &[workspace.into(), owner.into()],
    )
    .await?
    .get(0)
}

/// The greatest position among the dashboards; `None` without any.
///
/// # Errors
/// Any `DbError`.
pub async fn last_position(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<i32>, DbError> {
    tx.query_one(
        "select max(position) from dashboard where workspace_id = $1",
        &[workspace.into()],
    )
    .await?
    .get(0)
}

fn dashboard(row: &Row) -> Result<Dashboard, DbError> {
    Ok(Dashboard {
        id: row.get(0)?,
        owner_id: row.get(1)?,
        name: row.get(2)?,
        is_shared: row.get(3)?,
        widgets: json_cell(row, 4)?,
        position: row.get(5)?,
        archived: row.get(6)?,
        version: row.get(7)?,
        created_at: row.get(8)?,
        updated_at: row.get(9)?,
    })
}
