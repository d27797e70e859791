//! Dashboards: widgets on a grid, under a name. List, get, create, update, archive.

mod rules;
mod widget;

use std::sync::Arc;

use leadline_engine::{ids::DashboardId, schema::Schema, time::Timestamp};
use leadline_store::{
    dashboards::{self as store, Dashboard},
    db::Tx,
    pages::Placed,
    workspaces,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::{
    rules::DashboardDraft,
    widget::{Period, Widget, WidgetKind, WidgetReport, WidgetShows},
};
use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    objects::next_time,
    reports::Usual,
    sharing::{self, Visibility},
    unit_of_work,
};
use crate::app::App;

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Dashboard)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "Monday morning", "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "widgets": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "kind": "funnel", "report": {"object": "leads", "property": "stage", "filterGroups": [], "period": "90d"}, "x": 0, "y": 0, "w": 6, "h": 4}], "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct DashboardView {
    /// Its id.
    pub id: Uuid,
    /// For people.
    #[schema(example = "Monday morning")]
    pub name: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// The member whose it is.
    pub owner: Uuid,
    /// What stands on it and where.
    pub widgets: Vec<Widget>,
    /// Order among the dashboards.
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

/// The dashboards that the caller sees, in order of position.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, ctx: &Ctx, page: Placed) -> Result<Vec<DashboardView>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (workspace, reader) = (ctx.workspace, ctx.account()?);
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let dashboards = store::list(tx, workspace, reader, page).await?;
                dashboards.into_iter().map(shown).collect()
            })
        })
        .await
}

/// A dashboard, archived or not.
///
/// # Errors
/// `NotFound`, also for another member's private one.
pub async fn get(app: &App, ctx: &Ctx, id: DashboardId) -> Result<DashboardView, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (workspace, reader) = (ctx.workspace, ctx.account()?);
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let found = store::get(tx, workspace, reader, id).await?;
                shown(found.ok_or(ServiceError::NotFound)?)
            })
        })
        .await
}

/// What is wrong with a draft of a new dashboard; it is not made.
///
/// # Errors
/// `Invalid` with everything.
pub async fn look(app: &App, ctx: &Ctx, draft: DashboardDraft) -> Result<(), ServiceError> {
    let (unit_app, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let (app, ctx, draft) = (unit_app.clone(), ctx.clone(), draft.clone());
            Box::pin(async move {
                let (schema, usual) = surroundings(tx, &app, &ctx).await?;
                rules::create(&schema, &usual, draft).map(drop)
            })
        })
        .await
}

/// Makes a dashboard, which belongs to the caller.
///
/// # Errors
/// Everything that is wrong with the draft; `Forbidden` for a shared one by who only looks; `TOO_MANY`.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    draft: DashboardDraft,
) -> Result<DashboardView, ServiceError> {
    ctx.require(Permission::WriteViews)?;
    let (unit_app, unit_ctx) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, draft) = (unit_app.clone(), unit_ctx.clone(), draft.clone());
        Box::pin(async move {
            let (workspace, owner_id) = (ctx.workspace, ctx.account()?);
            let (schema, usual) = surroundings(tx, &app, &ctx).await?;
            let new = rules::create(&schema, &usual, draft)?;
            if new.visibility.is_shared() {
                sharing::require_sharing(&ctx)?;
            }
            sharing::require_room(store::count_of_owner(tx, workspace, owner_id).await?)?;
            let position = match new.position {
                Some(position) => position,
                None => sharing::next_position(store::last_position(tx, workspace).await?),
            };
            let dashboard = Dashboard {
                id: DashboardId::new(),
                owner_id,
                name: new.name,
                is_shared: new.visibility.is_shared(),
                widgets: json(&new.widgets)?,
                position,
                archived: false,
                version: 1,
                created_at: ctx.now(),
                updated_at: ctx.now(),
            };
            store::insert(tx, workspace, &dashboard).await?;
            shown(dashboard)
        })
    })
    .await
}

/// Changes a dashboard. What the draft leaves out stays as it is, also where it no longer fits the schema.
///
/// # Errors
/// `NotFound`; `Forbidden` for others than its owner and managers; `Stale`; everything that is wrong with the draft.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    id: DashboardId,
    known: Option<Vec<i64>>,
    draft: DashboardDraft,
) -> Result<DashboardView, ServiceError> {
    ctx.require(Permission::WriteViews)?;
    let (unit_app, unit_ctx) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, draft) = (unit_app.clone(), unit_ctx.clone(), draft.clone());
        let known = known.clone();
        Box::pin(async move {
            let before = store::lock(tx, ctx.workspace, ctx.account()?, id).await?;
            let before = before.ok_or(ServiceError::NotFound)?;
            sharing::require_change(&ctx, before.owner_id)?;
            sharing::require_version(known.as_deref(), before.version)?;
            let (schema, usual) = surroundings(tx, &app, &ctx).await?;
            let mut after = rules::update(&schema, &usual, &before, draft)?;
            if after.is_shared && !before.is_shared {
                sharing::require_sharing(&ctx)?;
            }
            if after != before {
                after.version += 1;
                after.updated_at = next_time(&ctx, before.updated_at);
                store::update(tx, ctx.workspace, &after).await?;
            }
            shown(after)
        })
    })
    .await
}

/// Archives a dashboard: it is out of lists, and `archived: false` brings it back.
///
/// # Errors
/// As [`update`].
pub async fn archive(
    app: &App,
    ctx: &Ctx,
    id: DashboardId,
    known: Option<Vec<i64>>,
) -> Result<(), ServiceError> {
    let draft = DashboardDraft {
        archived: Some(true),
        ..DashboardDraft::default()
    };
    update(app, ctx, id, known, draft).await.map(drop)
}

/// What widgets are checked against.
async fn surroundings(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
) -> Result<(Arc<Schema>, Usual), ServiceError> {
    let schema = app.schemas.get(tx, ctx.workspace).await?;
    let workspace = workspaces::get(tx, ctx.workspace).await?;
    let usual = Usual::of(&workspace.ok_or(ServiceError::NotFound)?, ctx.now())?;
    Ok((schema, usual))
}

fn shown(dashboard: Dashboard) -> Result<DashboardView, ServiceError> {
    Ok(DashboardView {
        widgets: widgets(&dashboard)?,
        id: dashboard.id.uuid(),
        name: dashboard.name,
        visibility: Visibility::of(dashboard.is_shared),
        owner: dashboard.owner_id.uuid(),
        position: dashboard.position,
        archived: dashboard.archived,
        version: dashboard.version,
        created_at: dashboard.created_at,
        updated_at: dashboard.updated_at,
    })
}

fn widgets(dashboard: &Dashboard) -> Result<Vec<Widget>, ServiceError> {
    Vec::deserialize(&dashboard.widgets).map_err(|error| ServiceError::Internal(error.to_string()))
}

fn json(widgets: &[Widget]) -> Result<Json, ServiceError> {
    serde_json::to_value(widgets).map_err(|error| ServiceError::Internal(error.to_string()))
}
