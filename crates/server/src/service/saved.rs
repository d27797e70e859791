//! What members save under a name and may share: views, dashboards, reports. All that is the same for each kind is here: list, get, create,
//! update, archive. What is particular to a kind is in the file of its noun.

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    ids::{Id, ObjectId},
    schema::Schema,
};
use leadline_store::{
    db::Tx,
    pages::Placed,
    saved::{self as store, Kept, Saved},
    workspaces,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    names,
    objects::{judge_position, next_time},
    reports::Usual,
    sharing::{self, Visibility},
    unit_of_work,
};
use crate::app::App;

/// What is saved, as the API shows it, and what is particular to its kind.
pub trait Thing: Serialize + DeserializeOwned + Send + 'static {
    /// Its kind.
    type Kind: Kept + Clone + PartialEq;
    /// What a draft says beside what all kinds have. What is left out stays as it is, or is as usual.
    type Own: Clone + Default + Send + Sync + 'static;

    /// The object and the definition of a new one.
    ///
    /// # Errors
    /// Those of the inside; what is wrong with the draft is added to `errors`.
    fn define(
        around: &Surroundings,
        own: Self::Own,
        errors: &mut Vec<FieldError>,
    ) -> Result<(Option<ObjectId>, Json), ServiceError>;

    /// The definition afterwards. What was right once and is not touched is left alone.
    ///
    /// # Errors
    /// As [`Thing::define`].
    fn redefine(
        around: &Surroundings,
        before: &Saved<Self::Kind>,
        own: Self::Own,
        errors: &mut Vec<FieldError>,
    ) -> Result<Json, ServiceError>;

    /// As the API shows it.
    ///
    /// # Errors
    /// Those of the inside.
    fn shown(schema: &Schema, saved: Saved<Self::Kind>) -> Result<Self, ServiceError>;
}

/// One to make, or what to change of one. What is left out stays as it is, or is as usual.
#[derive(Debug, Clone, Default)]
pub struct Draft<Own> {
    /// For people.
    pub name: Option<String>,
    /// Who sees it.
    pub visibility: Option<Visibility>,
    /// Order among the others.
    pub position: Option<i64>,
    /// Whether it is out of lists.
    pub archived: Option<bool>,
    /// What only its kind has.
    pub own: Own,
}

/// What drafts are checked against.
pub struct Surroundings {
    /// The workspace's objects and properties.
    pub(super) schema: Arc<Schema>,
    /// What holds where a report says nothing, and the present.
    pub(super) usual: Usual,
}

/// One that can be made.
struct New {
    object_id: Option<ObjectId>,
    name: String,
    visibility: Visibility,
    definition: Json,
    position: Option<i32>,
}

impl Surroundings {
    async fn of(tx: &mut Tx, app: &App, ctx: &Ctx) -> Result<Self, ServiceError> {
        let schema = app.schemas.get(tx, ctx.workspace).await?;
        let workspace = workspaces::get(tx, ctx.workspace).await?;
        let usual = Usual::of(&workspace.ok_or(ServiceError::NotFound)?, ctx.now())?;
        Ok(Self { schema, usual })
    }
}

/// Those that the caller sees, of one object or of all, in order of position.
///
/// # Errors
/// `Invalid` for an unknown object.
pub async fn list<T: Thing>(
    app: &App,
    ctx: &Ctx,
    object: Option<&str>,
    page: Placed,
) -> Result<Vec<T>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (unit_app, ctx, object) = (app.clone(), ctx.clone(), object.map(str::to_owned));
    app.db
        .read(move |tx| {
            let (app, ctx, object) = (unit_app.clone(), ctx.clone(), object.clone());
            Box::pin(async move {
                let (workspace, reader) = (ctx.workspace, ctx.account()?);
                let object = match object {
                    Some(name) => Some(object_id(&*app.schemas.get(tx, workspace).await?, &name)?),
                    None => None,
                };
                let found = store::list(tx, workspace, reader, object, page).await?;
                // An object may have been made since, and something saved for it.
                let schema = app.schemas.get(tx, workspace).await?;
                found
                    .into_iter()
                    .map(|one| T::shown(&schema, one))
                    .collect()
            })
        })
        .await
}

/// One of them, archived or not.
///
/// # Errors
/// `NotFound`, also for another member's private one.
pub async fn get<T: Thing>(app: &App, ctx: &Ctx, id: Id<T::Kind>) -> Result<T, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (unit_app, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let (app, ctx) = (unit_app.clone(), ctx.clone());
            Box::pin(async move {
                let (workspace, reader) = (ctx.workspace, ctx.account()?);
                let found = store::get(tx, workspace, reader, id).await?;
                let found = found.ok_or(ServiceError::NotFound)?;
                T::shown(&*app.schemas.get(tx, workspace).await?, found)
            })
        })
        .await
}

/// What is wrong with a draft of a new one; it is not made.
///
/// # Errors
/// `Invalid` with everything.
pub async fn look<T: Thing>(
    app: &App,
    ctx: &Ctx,
    draft: Draft<T::Own>,
) -> Result<(), ServiceError> {
    let (unit_app, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let (app, ctx, draft) = (unit_app.clone(), ctx.clone(), draft.clone());
            Box::pin(async move {
                let around = Surroundings::of(tx, &app, &ctx).await?;
                judge_new::<T>(&around, draft).map(drop)
            })
        })
        .await
}

/// Makes one, which belongs to the caller.
///
/// # Errors
/// Everything that is wrong with the draft; `Forbidden` for a shared one by who only looks; `TOO_MANY`.
pub async fn create<T: Thing>(
    app: &App,
    ctx: &Ctx,
    draft: Draft<T::Own>,
) -> Result<T, ServiceError> {
    ctx.require(Permission::WriteViews)?;
    let (unit_app, unit_ctx) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, draft) = (unit_app.clone(), unit_ctx.clone(), draft.clone());
        Box::pin(async move {
            let (workspace, owner_id) = (ctx.workspace, ctx.account()?);
            let around = Surroundings::of(tx, &app, &ctx).await?;
            let new = judge_new::<T>(&around, draft)?;
            if new.visibility.is_shared() {
                sharing::require_sharing(&ctx)?;
            }
            let count = store::count_of_owner::<T::Kind>(tx, workspace, owner_id).await?;
            sharing::require_room(count)?;
            let position = match new.position {
                Some(position) => position,
                None => {
                    let last = store::last_position::<T::Kind>(tx, workspace, new.object_id);
                    sharing::next_position(last.await?)
                }
            };
            let saved = Saved {
                id: Id::new(),
                object_id: new.object_id,
                owner_id,
                name: new.name,
                is_shared: new.visibility.is_shared(),
                definition: new.definition,
                position,
                archived: false,
                version: 1,
                created_at: ctx.now(),
                updated_at: ctx.now(),
            };
            store::insert(tx, workspace, &saved).await?;
            T::shown(&around.schema, saved)
        })
    })
    .await
}

/// Changes one. What the draft leaves out stays as it is, also where it no longer fits the schema.
///
/// # Errors
/// `NotFound`; `Forbidden` for others than its owner and managers; `Stale`; everything that is wrong with the draft.
pub async fn update<T: Thing>(
    app: &App,
    ctx: &Ctx,
    id: Id<T::Kind>,
    known: Option<Vec<i64>>,
    draft: Draft<T::Own>,
) -> Result<T, ServiceError> {
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
            let around = Surroundings::of(tx, &app, &ctx).await?;
            let mut after = judge_change::<T>(&around, &before, draft)?;
            if after.is_shared && !before.is_shared {
                sharing::require_sharing(&ctx)?;
            }
            if after != before {
                after.version += 1;
                after.updated_at = next_time(&ctx, before.updated_at);
                store::update(tx, ctx.workspace, &after).await?;
            }
            T::shown(&around.schema, after)
        })
    })
    .await
}

/// Archives one: it is out of lists, and `archived: false` brings it back.
///
/// # Errors
/// As [`update`].
pub async fn archive<T: Thing>(
    app: &App,
    ctx: &Ctx,
    id: Id<T::Kind>,
    known: Option<Vec<i64>>,
) -> Result<(), ServiceError> {
    let draft = Draft {
        archived: Some(true),
        ..Draft::default()
    };
    update::<T>(app, ctx, id, known, draft).await.map(drop)
}

/// What is kept of a definition.
///
/// # Errors
/// `Internal` for what cannot be JSON.
pub(super) fn written<T: Serialize>(definition: &T) -> Result<Json, ServiceError> {
    serde_json::to_value(definition).map_err(|error| ServiceError::Internal(error.to_string()))
}

/// A definition that was kept.
///
/// # Errors
/// `Internal` for one of another shape.
pub(super) fn read<T: DeserializeOwned>(definition: &Json) -> Result<T, ServiceError> {
    T::deserialize(definition).map_err(|error| ServiceError::Internal(error.to_string()))
}

fn judge_new<T: Thing>(around: &Surroundings, draft: Draft<T::Own>) -> Result<New, ServiceError> {
    let mut errors = Vec::new();
    let name = draft.name.unwrap_or_default();
    errors.extend(names::judge(&name, "/name"));
    let position = draft
        .position
        .map(|position| judge_position(position, &mut errors));
    let (object_id, definition) = T::define(around, draft.own, &mut errors)?;
    ServiceError::if_any(errors)?;
    Ok(New {
        object_id,
        name: name.trim().to_owned(),
        visibility: draft.visibility.unwrap_or(Visibility::Private),
        definition,
        position,
    })
}

fn judge_change<T: Thing>(
    around: &Surroundings,
    before: &Saved<T::Kind>,
    draft: Draft<T::Own>,
) -> Result<Saved<T::Kind>, ServiceError> {
    let mut errors = Vec::new();
    let mut after = before.clone();
    if let Some(name) = draft.name {
        errors.extend(names::judge(&name, "/name"));
        name.trim().clone_into(&mut after.name);
    }
    if let Some(visibility) = draft.visibility {
        after.is_shared = visibility.is_shared();
    }
    if let Some(position) = draft.position {
        after.position = judge_position(position, &mut errors);
    }
    after.archived = draft.archived.unwrap_or(after.archived);
    after.definition = T::redefine(around, before, draft.own, &mut errors)?;
    ServiceError::if_any(errors)?;
    Ok(after)
}

/// The object of this name, archived or not.
fn object_id(schema: &Schema, name: &str) -> Result<ObjectId, ServiceError> {
    let object = schema.object(name).map(|object| object.id);
    object.ok_or_else(|| {
        ServiceError::invalid("/query/object", "UNKNOWN_OBJECT", "must name an object")
    })
}
