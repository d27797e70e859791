//! What members save under a name: views, dashboards, reports. Private ones are read by their owner alone.
//!
//! Each kind has a table, and the tables differ in little: their names, that of one column, and whether what is saved belongs to an object.

use std::sync::LazyLock;

use leadline_engine::ids::{AccountId, Id, ObjectId, WorkspaceId, kind};
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Param, Row, Tx};
use crate::pages::Placed;

/// A view, a dashboard or a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved<Kind> {
    /// Its identity.
    pub id: Id<Kind>,
    /// Of which object's records; dashboards and reports have none.
    pub object_id: Option<ObjectId>,
    /// Whose it is.
    pub owner_id: AccountId,
    /// For people.
    pub name: String,
    /// Whether all members see it.
    pub is_shared: bool,
    /// What it shows and how, in the form the service gives it.
    pub definition: Json,
    /// Order among the others.
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

/// A kind of thing that members save.
pub trait Kept: 'static {
    /// The table that holds them.
    fn table() -> &'static Table;
}

/// The statements of a table of saved things.
#[derive(Debug)]
pub struct Table {
    insert: String,
    update: String,
    get: String,
    lock: String,
    list: String,
    count_of_owner: String,
    last_position: String,
}

impl Kept for kind::View {
    fn table() -> &'static Table {
        static TABLE: LazyLock<Table> =
            LazyLock::new(|| Table::of("saved_view", "definition", true));
        &TABLE
    }
}

impl Kept for kind::Dashboard {
    fn table() -> &'static Table {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of("dashboard", "widgets", false));
        &TABLE
    }
}

impl Kept for kind::Report {
    fn table() -> &'static Table {
        static TABLE: LazyLock<Table> =
            LazyLock::new(|| Table::of("saved_report", "definition", false));
        &TABLE
    }
}

impl Table {
    /// Of things that belong to an object each, or of things that do not.
    fn of(table: &str, definition: &str, has_object: bool) -> Self {
        let (object, added_column, added_value) = if has_object {
            ("object_id", ", object_id", ", $12")
        } else {
            ("null::uuid", "", "")
        };
        let select = format!(
            "select id, {object}, owner_id, name, is_shared, {definition}, position, archived, version, created_at, updated_at from {table} \
             where workspace_id = $1 and (is_shared or owner_id = $2)"
        );
        Self {
            insert: format!(
                "insert into {table} (workspace_id, id, owner_id, name, is_shared, {definition}, position, archived, version, created_at, \
                 updated_at{added_column}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11{added_value})"
            ),
            update: format!(
                "update {table} set name = $3, is_shared = $4, {definition} = $5, position = $6, archived = $7, version = $8, \
                 updated_at = $9 where workspace_id = $1 and id = $2"
            ),
            get: format!("{select} and id = $3"),
            lock: format!("{select} and id = $3 for update"),
            list: format!(
                "{select} and ($3::uuid is null or {object} = $3::uuid) and archived = $4 \
                 and ($5::integer is null or (position, id) > ($5::integer, $6::uuid)) order by position, id limit $7"
            ),
            count_of_owner: format!(
                "select count(*) from {table} where workspace_id = $1 and owner_id = $2"
            ),
            last_position: format!(
                "select max(position) from {table} where workspace_id = $1 and ($2::uuid is null or {object} = $2::uuid)"
            ),
        }
    }
}

/// Adds one.
///
/// # Errors
/// Any `DbError`.
pub async fn insert<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    saved: &Saved<Kind>,
) -> Result<(), DbError> {
    let mut params: Vec<Param<'_>> = vec![
        workspace.into(),
        saved.id.into(),
        saved.owner_id.into(),
        (&saved.name).into(),
        saved.is_shared.into(),
        json_param(&saved.definition)?,
        saved.position.into(),
        saved.archived.into(),
        saved.version.into(),
        saved.created_at.into(),
        saved.updated_at.into(),
    ];
    params.extend(saved.object_id.map(Into::into));
    tx.execute(&Kind::table().insert, &params).await?;
    Ok(())
}

/// Writes what can change of one: all but its object and its owner.
///
/// # Errors
/// Any `DbError`.
pub async fn update<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    saved: &Saved<Kind>,
) -> Result<(), DbError> {
    tx.execute(
        &Kind::table().update,
        &[
            workspace.into(),
            saved.id.into(),
            (&saved.name).into(),
            saved.is_shared.into(),
            json_param(&saved.definition)?,
            saved.position.into(),
            saved.archived.into(),
            saved.version.into(),
            saved.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// One that this member sees.
///
/// # Errors
/// Any `DbError`.
pub async fn get<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    id: Id<Kind>,
) -> Result<Option<Saved<Kind>>, DbError> {
    let params = [workspace.into(), reader.into(), id.into()];
    let row = tx.query_opt(&Kind::table().get, &params).await?;
    row.map(|row| saved(&row)).transpose()
}

/// The same, and nobody else changes it until the unit ends.
///
/// # Errors
/// Any `DbError`.
pub async fn lock<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    id: Id<Kind>,
) -> Result<Option<Saved<Kind>>, DbError> {
    let params = [workspace.into(), reader.into(), id.into()];
    let row = tx.query_opt(&Kind::table().lock, &params).await?;
    row.map(|row| saved(&row)).transpose()
}

/// Those that this member sees, of one object or of all, in order of position.
///
/// # Errors
/// Any `DbError`.
pub async fn list<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reader: AccountId,
    object: Option<ObjectId>,
    page: Placed,
) -> Result<Vec<Saved<Kind>>, DbError> {
    let (position, id) = page.place();
    let params = [
        workspace.into(),
        reader.into(),
        object.into(),
        page.archived.into(),
        position.into(),
        id.into(),
        page.limit.into(),
    ];
    let rows = tx.query(&Kind::table().list, &params).await?;
    rows.iter().map(saved).collect()
}

/// How many a member has, archived ones too.
///
/// # Errors
/// Any `DbError`.
pub async fn count_of_owner<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: AccountId,
) -> Result<i64, DbError> {
    let params = [workspace.into(), owner.into()];
    let row = tx.query_one(&Kind::table().count_of_owner, &params).await?;
    row.get(0)
}

/// The greatest position among those of an object, or among all; `None` without any.
///
/// # Errors
/// Any `DbError`.
pub async fn last_position<Kind: Kept>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: Option<ObjectId>,
) -> Result<Option<i32>, DbError> {
    let params = [workspace.into(), object.into()];
    let row = tx.query_one(&Kind::table().last_position, &params).await?;
    row.get(0)
}

fn saved<Kind>(row: &Row) -> Result<Saved<Kind>, DbError> {
    Ok(Saved {
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
