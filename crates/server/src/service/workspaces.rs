//! Workspaces: a new one gets the built-in objects, each with its system property.

use leadline_engine::{
    ids::{ObjectId, PropertyId, WorkspaceId},
    ledger::Actor,
    schema::{
        ARCHIVED, BuiltinObject, ObjectRow, Property, PropertyDefinition, PropertyType,
        builtin_objects,
    },
    time::Timestamp,
};
use leadline_store::{
    db::Tx,
    definitions,
    workspaces::{self as store, Workspace},
};

use super::{ctx::Ctx, definition_log, error::ServiceError};
use crate::app::App;

/// Until a workspace says otherwise.
const TIME_ZONE: &str = "UTC";
const CURRENCY: &str = "EUR";
/// Workspaces that are completed in one unit of work.
const AT_ONCE: i64 = 100;

/// The caller's workspace.
///
/// # Errors
/// Those of the database.
pub async fn get(app: &App, ctx: &Ctx) -> Result<Workspace, ServiceError> {
    let workspace = ctx.workspace;
    app.db
        .read(move |tx| {
            Box::pin(async move {
                store::get(tx, workspace)
                    .await?
                    .ok_or(ServiceError::NotFound)
            })
        })
        .await
}

/// Whether there is any workspace.
///
/// # Errors
/// Those of the database.
pub async fn exist(app: &App) -> Result<bool, ServiceError> {
    app.db
        .read(|tx| Box::pin(async move { store::any_exists(tx).await.map_err(ServiceError::from) }))
        .await
}

/// Adds a workspace with the built-in objects.
///
/// # Errors
/// Those of the database.
pub async fn create(
    tx: &mut Tx,
    name: &str,
    actor: Actor,
    now: Timestamp,
) -> Result<Workspace, ServiceError> {
    let workspace = Workspace {
        id: WorkspaceId::new(),
        name: name.trim().to_owned(),
        time_zone: TIME_ZONE.to_owned(),
        currency: CURRENCY.to_owned(),
        schema_version: now.micros(),
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &workspace).await?;
    for (builtin, position) in builtin_objects(&workspace.currency).into_iter().zip(0..) {
        add_builtin(tx, workspace.id, (actor, now), builtin, position).await?;
    }
    Ok(workspace)
}

/// Gives the workspaces that an earlier release made the built-in objects that have come since. An own object of such a name stays, and the
/// built-in one is not there then.
///
/// # Errors
/// Those of the database.
pub async fn complete(app: &App) -> Result<(), ServiceError> {
    let names: Vec<&str> = builtin_objects(CURRENCY).iter().map(|it| it.0).collect();
    loop {
        let names = names.clone();
        let lacking = app
            .db
            .read(move |tx| {
                let names = names.clone();
                Box::pin(async move {
                    let lacking = store::list_lacking(tx, &names, AT_ONCE).await;
                    lacking.map_err(ServiceError::from)
                })
            })
            .await?;
        if lacking.is_empty() {
            return Ok(());
        }
        let now = app.clock.now();
        app.db
            .write(move |tx| {
                let lacking = lacking.clone();
                Box::pin(async move {
                    for workspace in &lacking {
                        complete_one(tx, workspace, now).await?;
                    }
                    Ok::<(), ServiceError>(())
                })
            })
            .await?;
    }
}

async fn complete_one(
    tx: &mut Tx,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<(), ServiceError> {
    store::lock_schema(tx, workspace.id).await?;
    let schema = definitions::load(tx, workspace.id)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let last = schema.objects().iter().map(|object| object.position).max();
    let first = last.map_or(0, |last| last.saturating_add(1));
    let lacking = builtin_objects(&workspace.currency)
        .into_iter()
        .filter(|(name, ..)| schema.object(name).is_none());
    for (builtin, position) in lacking.zip(first..) {
        add_builtin(tx, workspace.id, (Actor::SYSTEM, now), builtin, position).await?;
    }
    store::bump_schema_version(tx, workspace.id, now).await?;
    Ok(())
}

async fn add_builtin(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (actor, now): (Actor, Timestamp),
    (name, definition, properties): BuiltinObject,
    position: i32,
) -> Result<(), ServiceError> {
    let object = ObjectRow {
        id: ObjectId::new(),
        name: name.to_owned(),
        definition,
        is_builtin: true,
        archived: false,
        position,
        created_at: now,
        updated_at: now,
    };
    let properties = properties
        .into_iter()
        .zip(0..)
        .map(|((name, kind, definition), position)| Property {
            id: PropertyId::new(),
            name: name.to_owned(),
            kind,
            definition,
            is_system: false,
            is_builtin: true,
            archived: false,
            position,
            created_at: now,
            updated_at: now,
        });
    let properties: Vec<Property> = properties.chain([archived_property(now)]).collect();
    add_object(tx, workspace, actor, &object, &properties).await
}

/// Adds an object with its properties, and notes them in the history of definitions.
///
/// # Errors
/// Those of the database; a name that is taken is a unique violation of `object`.
pub(super) async fn add_object(
    tx: &mut Tx,
    workspace: WorkspaceId,
    actor: Actor,
    object: &ObjectRow,
    properties: &[Property],
) -> Result<(), ServiceError> {
    definitions::insert_object(tx, workspace, object).await?;
    definitions::insert_properties(tx, workspace, object.id, properties).await?;
    let mut changes = vec![definition_log::of_object(object, actor)?];
    for property in properties.iter().filter(|property| !property.is_system) {
        changes.push(definition_log::of_property(object.id, property, actor)?);
    }
    definitions::append_changes(tx, workspace, &changes).await?;
    Ok(())
}

/// The system property that tells whether a record is archived.
pub(super) fn archived_property(now: Timestamp) -> Property {
    Property {
        id: PropertyId::new(),
        name: ARCHIVED.to_owned(),
        kind: PropertyType::Boolean,
        definition: PropertyDefinition {
            label: "Archived".to_owned(),
            ..PropertyDefinition::default()
        },
        is_system: true,
        is_builtin: true,
        archived: false,
        position: i32::MAX,
        created_at: now,
        updated_at: now,
    }
}
