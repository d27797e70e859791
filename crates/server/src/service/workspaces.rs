//! Workspaces and their settings: a new one gets the built-in objects, each with its system property.

use leadline_engine::{
    error::FieldError,
    ids::{ObjectId, PropertyId, WorkspaceId},
    ledger::Actor,
    schema::{
        ARCHIVED, BuiltinObject, ObjectRow, Property, PropertyDefinition, PropertyType,
        builtin_objects,
    },
    time::{Timestamp, parse_time_zone},
    value::Currency,
};
use leadline_store::{
    db::Tx,
    definitions,
    workspaces::{self as store, Workspace},
};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{
    access::Permission, ctx::Ctx, definition_log, error::ServiceError, names, objects::next_time,
    sharing::require_version, unit_of_work, working_hours::WorkingHours,
};
use crate::app::App;

/// Until a workspace says otherwise.
const TIME_ZONE: &str = "UTC";
const CURRENCY: &str = "EUR";
/// Workspaces that are completed in one unit of work.
const AT_ONCE: i64 = 100;

/// What to change of a workspace's settings. What is left out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceDraft {
    /// For people.
    pub name: Option<String>,
    /// IANA name of the zone in which its days begin.
    pub time_zone: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// When its people work.
    pub working_hours: Option<WorkingHours>,
}

/// What is kept for an idempotency key.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    time_zone: String,
    currency: String,
    working_hours: Option<Json>,
    version: i64,
    schema_version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

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

/// What is wrong with a change of the settings; it is not made.
///
/// # Errors
/// `Invalid` with everything.
pub fn look(draft: WorkspaceDraft) -> Result<(), ServiceError> {
    draft.checked().map(drop)
}

/// Changes the settings. A draft that changes nothing makes no version.
///
/// # Errors
/// `Stale`; everything that is wrong with the draft.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    known: Option<Vec<i64>>,
    draft: WorkspaceDraft,
) -> Result<Workspace, ServiceError> {
    ctx.require(Permission::ManageWorkspace)?;
    let draft = draft.checked()?;
    let unit_ctx = ctx.clone();
    let kept: Kept = unit_of_work::write(app, ctx, move |tx| {
        let (ctx, draft, known) = (unit_ctx.clone(), draft.clone(), known.clone());
        Box::pin(async move {
            let before = store::lock(tx, ctx.workspace).await?;
            let before = before.ok_or(ServiceError::NotFound)?;
            require_version(known.as_deref(), before.version)?;
            let mut after = draft.over(before.clone())?;
            if after != before {
                after.version += 1;
                after.updated_at = next_time(&ctx, before.updated_at);
                store::update(tx, &after).await?;
            }
            Ok(Kept::new(after))
        })
    })
    .await?;
    Ok(kept.workspace(ctx.workspace))
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
        working_hours: None,
        version: 1,
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

impl WorkspaceDraft {
    /// In the form in which it is kept.
    fn checked(mut self) -> Result<Self, ServiceError> {
        let mut errors = Vec::new();
        if let Some(name) = &mut self.name {
            errors.extend(names::judge(name, "/name"));
            *name = name.trim().to_owned();
        }
        if let Some(zone) = &mut self.time_zone {
            match parse_time_zone(zone) {
                Ok(found) => *zone = found.iana_name().unwrap_or(zone).to_owned(),
                Err(error) => {
                    let message = error.to_string();
                    errors.push(FieldError::new("/timeZone", "INVALID_TIME_ZONE", message));
                }
            }
        }
        if let Some(currency) = &mut self.currency {
            match Currency::parse(currency) {
                Some(known) => *currency = known.to_string(),
                None => {
                    let message = "must be an ISO 4217 code such as EUR";
                    errors.push(FieldError::new("/currency", "INVALID_CURRENCY", message));
                }
            }
        }
        if let Some(hours) = self.working_hours.take() {
            let (hours, wrong) = hours.judged("/workingHours");
            errors.extend(wrong);
            self.working_hours = Some(hours);
        }
        ServiceError::if_any(errors)?;
        Ok(self)
    }

    fn over(self, before: Workspace) -> Result<Workspace, ServiceError> {
        let hours = self.working_hours.map(serde_json::to_value).transpose();
        let hours = hours.map_err(|error| ServiceError::Internal(error.to_string()))?;
        Ok(Workspace {
            name: self.name.unwrap_or(before.name),
            time_zone: self.time_zone.unwrap_or(before.time_zone),
            currency: self.currency.unwrap_or(before.currency),
            working_hours: hours.or(before.working_hours),
            ..before
        })
    }
}

impl Kept {
    fn new(workspace: Workspace) -> Self {
        Self {
            name: workspace.name,
            time_zone: workspace.time_zone,
            currency: workspace.currency,
            working_hours: workspace.working_hours,
            version: workspace.version,
            schema_version: workspace.schema_version,
            created_at: workspace.created_at,
            updated_at: workspace.updated_at,
        }
    }

    fn workspace(self, id: WorkspaceId) -> Workspace {
        Workspace {
            id,
            name: self.name,
            time_zone: self.time_zone,
            currency: self.currency,
            working_hours: self.working_hours,
            version: self.version,
            schema_version: self.schema_version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}
