//! Objects, the kinds of records: list, get, create, update, archive. What they hold is in [`super::properties`].

mod listing;
mod rules;
mod view;

use std::sync::Arc;

use leadline_engine::{
    schema::{Object, ObjectRow, Schema},
    time::Timestamp,
};
use leadline_store::{db::Tx, definitions, workspaces as workspace_rows};

pub(super) use listing::page;
pub use listing::{Listing, Page, Place};
pub use rules::ObjectDraft;
pub(super) use rules::{judge_name, judge_position, name_taken, text};
pub use view::ObjectView;

use super::{
    access::Permission, ctx::Ctx, definition_log, error::ServiceError, records::Moment,
    unit_of_work, workspaces,
};
use crate::app::App;

/// The objects of the workspace, in order of position. Those whose records are parts of others are not among them.
///
/// # Errors
/// `Invalid` for a moment to come.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    listing: Listing,
    with_properties: bool,
) -> Result<Page<ObjectView>, ServiceError> {
    let schema = read(app, ctx, listing.as_of).await?;
    let shown = schema
        .objects()
        .iter()
        .filter(|object| !object.definition.is_part && object.archived == listing.archived)
        .map(|object| {
            let place = Place::new(object.position, object.id.uuid());
            (place, || view::view(object, with_properties, listing.as_of))
        });
    Ok(page(shown, &listing))
}

/// An object with its properties; archived ones too.
///
/// # Errors
/// `NotFound` when there is none, or was none at that moment.
pub async fn get(
    app: &App,
    ctx: &Ctx,
    name: &str,
    as_of: Option<Timestamp>,
) -> Result<ObjectView, ServiceError> {
    let schema = read(app, ctx, as_of).await?;
    Ok(view::view(find(&schema, name)?, true, as_of))
}

/// Makes an object with its primary property, and with a lifecycle if asked.
///
/// # Errors
/// Everything that is wrong with the draft; `Conflict` when the name is taken, also by an archived object.
pub async fn create(app: &App, ctx: &Ctx, draft: ObjectDraft) -> Result<ObjectView, ServiceError> {
    ctx.require(Permission::WriteSchema)?;
    let unit_ctx = ctx.clone();
    unit_of_work::write(app, ctx, move |tx| {
        let (ctx, draft) = (unit_ctx.clone(), draft.clone());
        Box::pin(async move {
            let schema = lock(tx, &ctx).await?;
            let (object, properties) = rules::create(&schema, draft, ctx.now())?;
            if schema.object(&object.name).is_some() {
                return Err(name_taken("an object"));
            }
            workspaces::add_object(tx, ctx.workspace, ctx.actor, &object, &properties).await?;
            workspace_rows::bump_schema_version(tx, ctx.workspace, ctx.now()).await?;
            let object = Object::new(object, properties.into_iter().map(Arc::new).collect());
            Ok(view::view(&object, true, None))
        })
    })
    .await
}

/// Changes an object's definition. A draft that changes nothing notes nothing.
///
/// # Errors
/// `NotFound`; everything that is wrong with the draft.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    name: &str,
    draft: ObjectDraft,
) -> Result<ObjectView, ServiceError> {
    ctx.require(Permission::WriteSchema)?;
    let (unit_ctx, name) = (ctx.clone(), name.to_owned());
    unit_of_work::write(app, ctx, move |tx| {
        let (ctx, name, draft) = (unit_ctx.clone(), name.clone(), draft.clone());
        Box::pin(async move {
            let schema = lock(tx, &ctx).await?;
            let object = find(&schema, &name)?;
            let before = row(object);
            let mut after = rules::update(object, before.clone(), draft)?;
            if after != before {
                after.updated_at = next_time(&ctx, before.updated_at);
                definitions::update_object(tx, ctx.workspace, &after).await?;
                let change = definition_log::of_object(&after, ctx.actor)?;
                definitions::append_changes(tx, ctx.workspace, &[change]).await?;
                workspace_rows::bump_schema_version(tx, ctx.workspace, ctx.now()).await?;
            }
            let object = Object::new(after, object.properties.clone());
            Ok(view::view(&object, true, None))
        })
    })
    .await
}

/// Archives an object: it is no longer offered, and its records stay. Archiving an archived one changes nothing.
///
/// # Errors
/// `NotFound`.
pub async fn archive(app: &App, ctx: &Ctx, name: &str) -> Result<(), ServiceError> {
    let draft = ObjectDraft {
        archived: Some(true),
        ..ObjectDraft::default()
    };
    update(app, ctx, name, draft).await.map(drop)
}

/// The schema, now or as of a moment, for a caller who may read it.
pub(super) async fn read(
    app: &App,
    ctx: &Ctx,
    as_of: Option<Timestamp>,
) -> Result<Arc<Schema>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let moment = Moment {
        as_of,
        recorded_as_of: None,
    };
    moment.check(ctx.now())?;
    let (unit_app, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let (app, workspace) = (unit_app.clone(), ctx.workspace);
            Box::pin(async move {
                let present = app.schemas.get(tx, workspace).await?;
                match as_of {
                    None => Ok(present),
                    Some(at) => definition_log::schema_at(tx, workspace, &present, at)
                        .await
                        .map(Arc::new),
                }
            })
        })
        .await
}

/// Holds off other changes of definitions until the unit ends, and reads the schema that they left.
pub(super) async fn lock(tx: &mut Tx, ctx: &Ctx) -> Result<Schema, ServiceError> {
    workspace_rows::lock_schema(tx, ctx.workspace).await?;
    definitions::load(tx, ctx.workspace)
        .await?
        .ok_or(ServiceError::NotFound)
}

/// The object of this name, archived or not.
pub(super) fn find<'s>(schema: &'s Schema, name: &str) -> Result<&'s Arc<Object>, ServiceError> {
    schema.object(name).ok_or(ServiceError::NotFound)
}

/// The time to note for a change: the present, and always later than the change before it, also when the clock stepped back.
pub(super) fn next_time(ctx: &Ctx, before: Timestamp) -> Timestamp {
    ctx.now().max(before.plus_micros(1))
}

fn row(object: &Object) -> ObjectRow {
    ObjectRow {
        id: object.id,
        name: object.name.clone(),
        definition: object.definition.clone(),
        is_builtin: object.is_builtin,
        archived: object.archived,
        position: object.position,
        created_at: object.created_at,
        updated_at: object.updated_at,
    }
}
