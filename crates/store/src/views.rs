//! Saved views: how an object's records are looked at, under a name. Private ones are read by their owner alone.

use leadline_engine::ids::{AccountId, ObjectId, ViewId, WorkspaceId};
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Row, Tx};
use crate::pages::Placed;

/// A saved view.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its identity.
    pub id: ViewId,
    /// Of which object's records.
    pub object_id: ObjectId,
    /// Whose it is.
    pub owner_id: AccountId,
    /// For people.
    pub name: String,
    /// Whether all members see it.
    pub is_shared: bool,
    /// What it shows and how, in the form the service gives it.
    pub definition: Json,
    /// Order among the views.
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

/// Adds a view.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, view: &View) -> Result<(), DbError> {
    tx.execute(
        "insert into saved_view (workspace_id, id, object_id, owner_id, name, is_shared, definition, position, archived, version, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            workspace.into(),
            view.id.into(),
            view.object_id.into(),
            view.owner_id.into(),
            (&view.name).into(),
            view.is_shared.into(),
            json_param(&view.definition)?,
            view.position.into(),
            view.archived.into(),
            view.version.into(),
            view.created_at.into(),
            view.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes what can change of a view: all but its object and its owner.
///
/// # Errors
/// Any `DbError`.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, view: &View) -> Result<(), DbError> {
    tx.execute(
        "update saved_view set name = $3, is_shared = $4, definition = $5, position = $6, archived = $7, version = $8, updated_at = $9 \
         where workspace_id = $1 and id = $2",
        &[
            workspace.into(),
            view.id.into(),
            (&view.name).into(),
            view.is_shared.into(),
            json_param(&view.definition)?,
            view.position.into(),
            view.archived.into(),
            view.version.into(),
            view.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A view that this member sees.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    id: ViewId,
) -> Result<Option<View>, DbError> {
    tx.query_opt(
        "select id, object_id, owner_id, name, is_shared, definition, position, archived, version, created_at, updated_at \
         from saved_view where workspace_id = $1 and id = $3 and (is_shared or owner_id = $2)",
        &[workspace.into(), reader.into(), id.into()],
    )
    .await?
    .map(|row| view(&row))
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
    id: ViewId,
) -> Result<Option<View>, DbError> {
    tx.query_opt(
        "select id, object_id, owner_id, name, is_shared, definition, position, archived, version, created_at, updated_at \
         from saved_view where workspace_id = $1 and id = $3 and (is_shared or owner_id = $2) for update",
        &[workspace.into(), reader.into(), id.into()],
    )
    .await?
    .map(|row| view(&row))
    .transpose()
}

/// The views that this member sees, of one object or of all, in order of position.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    object: Option<ObjectId>,
    page: Placed,
) -> Result<Vec<View>, DbError> {
    let (position, id) = page.place();
    tx.query(
        "select id, object_id, owner_id, name, is_shared, definition, position, archived, version, created_at, updated_at \
         from saved_view where workspace_id = $1 and (is_shared or owner_id = $2) and ($3::uuid is null or object_id = $3::uuid) \
         and archived = $4 and ($5::integer is null or (position, id) > ($5::integer, $6::uuid)) order by position, id limit $7",
        &[
            workspace.into(),
            reader.into(),
            object.into(),
            page.archived.into(),
            position.into(),
            id.into(),
            page.limit.into(),
        ],
    )
    .await?
    .iter()
    .map(view)
    .collect()
}

/// How many views a member has, archived ones too.
///
/// # Errors
/// Any `DbError`.
pub async fn count_of_owner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: AccountId,
) -> Result<i64, DbError> {
    tx.query_one(
        "select count(*) from saved_view where workspace_id = $1 and owner_id = $2",
        &[workspace.into(), owner.into()],
    )
    .await?
    .get(0)
}

/// The greatest position among an object's views; `None` without any.
///
/// # Errors
/// Any `DbError`.
pub async fn last_position(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: ObjectId,
) -> Result<Option<i32>, DbError> {
    tx.query_one(
        "select max(position) from saved_view where workspace_id = $1 and object_id = $2",
        &[workspace.into(), object.into()],
    )
    .await?
    .get(0)
}

fn view(row: &Row) -> Result<View, DbError> {
    Ok(View {
        id: row.get(0)?,
        object_id: row.get(1)?,
        owner_id: row.get(2)?,
        name: row.get(3)?,
        is_shared: row.get(4)?,
        definition: json_cell(row, 5)?,
        position: row.get(6)?,
        archived: row.get(7)?,
        version: row.get(8)?,
        created_at: row.get(9)?,
        updated_at: row.get(10)?,
    })
}
