//! Saved views: how an object's records are looked at, under a name. List, get, create, update, archive.

mod rules;

use leadline_engine::{
    ids::{ObjectId, ViewId},
    schema::Schema,
    time::Timestamp,
};
use leadline_store::{
    pages::Placed,
    views::{self as store, View},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use self::rules::Definition;
pub use self::rules::{ColumnShows, ViewBoard, ViewColumn, ViewDraft, ViewKind};
use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    objects::next_time,
    search::schema,
    sharing::{self, Visibility},
    unit_of_work,
};
use crate::app::App;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = View)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "name": "Large and open", "kind": "list", "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "filterGroups": [{"filters": [{"property": "stage", "operator": "IN", "values": ["new", "contacted"]}]}], "query": null, "sorts": [{"property": "amount", "direction": "descending"}], "columns": [{"property": "name", "width": 240}, {"property": "stage", "shows": "age"}], "board": null, "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// The object whose records it shows.
    #[schema(example = "leads")]
    pub object: String,
    /// For people.
    #[schema(example = "Large and open")]
    pub name: String,
    /// As a table or as a board.
    pub kind: ViewKind,
    /// Who sees it.
    pub visibility: Visibility,
    /// The member whose it is.
    pub owner: Uuid,
    /// Which records, as in a search.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub filter_groups: Json,
    /// Words that must all occur in the record's texts.
    pub query: Option<String>,
    /// The order, as in a search.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub sorts: Json,
    /// The columns of the table; the object's usual ones if null.
    pub columns: Option<Vec<ViewColumn>>,
    /// What the board is made of.
    pub board: Option<ViewBoard>,
    /// Order among the object's views.
    #[schema(example = 0)]
    pub position: i32,
    /// Whether it is out of lists.
    pub archived: bool,
    /// Counts its changes, from 1; the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// The views that the caller sees, of one object or of all, in order of position.
///
/// # Errors
/// `Invalid` for an unknown object.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    object: Option<&str>,
    page: Placed,
) -> Result<Vec<SavedView>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (unit_app, ctx, object) = (app.clone(), ctx.clone(), object.map(str::to_owned));
    app.db
        .read(move |tx| {
            let (app, ctx, object) = (unit_app.clone(), ctx.clone(), object.clone());
            Box::pin(async move {
                let (workspace, reader) = (ctx.workspace, ctx.account()?);
                let schema = app.schemas.get(tx, workspace).await?;
                let object = object
                    .map(|name| rules::object_id(&schema, &name, "/query/object"))
                    .transpose()
                    .map_err(|error| ServiceError::Invalid(vec![error]))?;
                let views = store::list(tx, workspace, reader, object, page).await?;
                // An object may have been made since, and a view of it.
                let schema = app.schemas.get(tx, workspace).await?;
                views.into_iter().map(|view| shown(&schema, view)).collect()
            })
        })
        .await
}

/// A view, archived or not.
///
/// # Errors
/// `NotFound`, also for another member's private one.
pub async fn get(app: &App, ctx: &Ctx, id: ViewId) -> Result<SavedView, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (unit_app, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let (app, ctx) = (unit_app.clone(), ctx.clone());
            Box::pin(async move {
                let (workspace, reader) = (ctx.workspace, ctx.account()?);
                let view = store::get(tx, workspace, reader, id).await?;
                let view = view.ok_or(ServiceError::NotFound)?;
                shown(&*app.schemas.get(tx, workspace).await?, view)
            })
        })
        .await
}

/// What is wrong with a draft of a new view; it is not made.
///
/// # Errors
/// `Invalid` with everything.
pub async fn look(app: &App, ctx: &Ctx, draft: ViewDraft) -> Result<(), ServiceError> {
    let schema = schema(app, ctx).await?;
    rules::create(&schema, draft, ctx.now()).map(drop)
}

/// Makes a view, which belongs to the caller.
///
/// # Errors
/// Everything that is wrong with the draft; `Forbidden` for a shared one by who only looks; `TOO_MANY`.
pub async fn create(app: &App, ctx: &Ctx, draft: ViewDraft) -> Result<SavedView, ServiceError> {
    ctx.require(Permission::WriteViews)?;
    let (unit_app, unit_ctx) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, draft) = (unit_app.clone(), unit_ctx.clone(), draft.clone());
        Box::pin(async move {
            let (workspace, owner_id) = (ctx.workspace, ctx.account()?);
            let schema = app.schemas.get(tx, workspace).await?;
            let new = rules::create(&schema, draft, ctx.now())?;
            if new.visibility.is_shared() {
                sharing::require_sharing(&ctx)?;
            }
            sharing::require_room(store::count_of_owner(tx, workspace, owner_id).await?)?;
            let position = match new.position {
                Some(position) => position,
                None => {
                    let last = store::last_position(tx, workspace, new.object_id).await?;
                    sharing::next_position(last)
                }
            };
            let view = View {
                id: ViewId::new(),
                object_id: new.object_id,
                owner_id,
                name: new.name,
                is_shared: new.visibility.is_shared(),
                definition: json(&new.definition)?,
                position,
                archived: false,
                version: 1,
                created_at: ctx.now(),
                updated_at: ctx.now(),
            };
            store::insert(tx, workspace, &view).await?;
            shown(&schema, view)
        })
    })
    .await
}

/// Changes a view. What the draft leaves out stays as it is, also where it no longer fits the schema.
///
/// # Errors
/// `NotFound`; `Forbidden` for others than its owner and managers; `Stale`; everything that is wrong with the draft.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    id: ViewId,
    known: Option<Vec<i64>>,
    draft: ViewDraft,
) -> Result<SavedView, ServiceError> {
    ctx.require(Permission::WriteViews)?;
    let (unit_app, unit_ctx) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, draft) = (unit_app.clone(), unit_ctx.clone(), draft.clone());
        let known = known.clone();
        Box::pin(async move {
            let before = store::lock(tx, ctx.workspace, ctx.account()?, id).await?;
            let before = before.ok_or(ServiceError::NotFound)?;
            let schema = app.schemas.get(tx, ctx.workspace).await?;
            sharing::require_change(&ctx, before.owner_id)?;
            sharing::require_version(known.as_deref(), before.version)?;
            let mut after = rules::update(&schema, &before, draft, ctx.now())?;
            if after.is_shared && !before.is_shared {
                sharing::require_sharing(&ctx)?;
            }
            if after != before {
                after.version += 1;
                after.updated_at = next_time(&ctx, before.updated_at);
                store::update(tx, ctx.workspace, &after).await?;
            }
            shown(&schema, after)
        })
    })
    .await
}

/// Archives a view: it is out of lists, and `archived: false` brings it back.
///
/// # Errors
/// As [`update`].
pub async fn archive(
    app: &App,
    ctx: &Ctx,
    id: ViewId,
    known: Option<Vec<i64>>,
) -> Result<(), ServiceError> {
    let draft = ViewDraft {
        archived: Some(true),
        ..ViewDraft::default()
    };
    update(app, ctx, id, known, draft).await.map(drop)
}

fn shown(schema: &Schema, view: View) -> Result<SavedView, ServiceError> {
    let Definition {
        kind,
        filter_groups,
        query,
        sorts,
        columns,
        board,
    } = definition(&view)?;
    Ok(SavedView {
        id: view.id.uuid(),
        object: object_name(schema, view.object_id)?,
        name: view.name,
        kind,
        visibility: Visibility::of(view.is_shared),
        owner: view.owner_id.uuid(),
        filter_groups,
        query,
        sorts,
        columns,
        board,
        position: view.position,
        archived: view.archived,
        version: view.version,
        created_at: view.created_at,
        updated_at: view.updated_at,
    })
}

fn object_name(schema: &Schema, id: ObjectId) -> Result<String, ServiceError> {
    let object = schema.object_by_id(id);
    object
        .map(|object| object.name.clone())
        .ok_or_else(|| ServiceError::Internal("a view of an unknown object".into()))
}

fn definition(view: &View) -> Result<Definition, ServiceError> {
    Definition::deserialize(&view.definition)
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

fn json(definition: &Definition) -> Result<Json, ServiceError> {
    serde_json::to_value(definition).map_err(|error| ServiceError::Internal(error.to_string()))
}
