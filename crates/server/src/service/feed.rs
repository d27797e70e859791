//! The feed: every change set of a workspace in the order of commits, for consumers that follow it from any place without missing one.

use std::sync::Arc;

use leadline_engine::ids::ObjectId;
use leadline_store::ledger::change_sets::{self, FeedPlace};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    records::{ChangeSetView, change_set_view},
    sessions, tokens,
};
use crate::app::App;

/// A place in the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(i64, Uuid);

/// The change sets after a place (from the first if `None`), each with its own place.
///
/// # Errors
/// Those of the database.
pub async fn read(
    app: &App,
    ctx: &Ctx,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<(Place, ChangeSetView)>, ServiceError> {
    ctx.require(Permission::ExportRecords)?;
    let (app_, workspace) = (app.clone(), ctx.workspace);
    app.db
        .read(move |tx| {
            let app = app_.clone();
            Box::pin(async move {
                let after = after.map(|Place(major, minor)| FeedPlace { major, minor });
                let sets = change_sets::feed(tx, workspace, after, limit as i64).await?;
                let schema = Arc::clone(&app.schemas.get(tx, workspace).await?);
                let name = |id: ObjectId| {
                    schema
                        .object_by_id(id)
                        .map_or_else(String::new, |object| object.name.clone())
                };
                let shown = sets.into_iter().map(|(place, set)| {
                    let object = name(set.object_id);
                    (
                        Place(place.major, place.minor),
                        change_set_view(&object, set),
                    )
                });
                Ok(shown.collect())
            })
        })
        .await
}

/// The place behind everything that is committed now.
///
/// # Errors
/// Those of the database.
pub async fn now(app: &App, ctx: &Ctx) -> Result<Place, ServiceError> {
    ctx.require(Permission::ExportRecords)?;
    let workspace = ctx.workspace;
    let major = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                change_sets::position(tx, workspace)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await?;
    Ok(Place(major, Uuid::nil()))
}

/// Whether somebody who follows the feed may go on: the session or token that they began with has not ended, and is worth what it was. After
/// any change, also of the role, they begin anew, with what they may now.
///
/// # Errors
/// Those of the database.
pub async fn may_go_on(app: &App, ctx: &Ctx) -> Result<bool, ServiceError> {
    match ctx.session {
        Some(_) => sessions::still_holds(app, ctx).await,
        None => tokens::still_holds(app, ctx).await,
    }
}
