//! Properties of objects: list, get, create, update, archive. A property's name, type and target never change, and its options are never removed.

mod draft;
mod options;
mod rules;
mod transitions;
mod view;

use leadline_engine::{
    ids::WorkspaceId,
    schema::{Object, Property, Schema},
    time::Timestamp,
    value::Value,
};
use leadline_store::{
    db::Tx, definitions, ledger::records as record_rows, memberships, workspaces,
};

pub use draft::{OptionDraft, PropertyDraft};
pub use options::PALETTE;
pub use view::{OptionView, PropertyView, any_schema, transitions_schema, type_schema, view};

use super::{
    access::Permission,
    ctx::Ctx,
    definition_log,
    error::ServiceError,
    objects::{self, Listing, Page, Place, find, lock, next_time},
    record_keys, unit_of_work,
};
use crate::app::App;

/// The properties of an object that people can use, in order of position; system properties are not among them.
///
/// # Errors
/// `NotFound` for the object; `Invalid` for a moment to come.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    object: &str,
    listing: Listing,
) -> Result<Page<PropertyView>, ServiceError> {
    let schema = objects::read(app, ctx, listing.as_of).await?;
    let shown = find(&schema, object)?
        .properties
        .iter()
        .filter(|property| !property.is_system && property.archived == listing.archived)
        .map(|property| {
            let place = Place::new(property.position, property.id.uuid());
            (place, || view(property, listing.as_of))
        });
    Ok(objects::page(shown, &listing))
}

/// A property; archived ones too.
///
/// # Errors
/// `NotFound` when there is none, or was none at that moment.
pub async fn get(
    app: &App,
    ctx: &Ctx,
    object: &str,
    name: &str,
    as_of: Option<Timestamp>,
) -> Result<PropertyView, ServiceError> {
    let schema = objects::read(app, ctx, as_of).await?;
    let property = find(&schema, object)?
        .property(name)
        .ok_or(ServiceError::NotFound)?;
    Ok(view(property, as_of))
}

/// Makes a property.
///
/// # Errors
/// `NotFound` for the object; everything that is wrong with the draft; `Conflict` when the name is taken, also by an archived property.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    object: &str,
    draft: PropertyDraft,
) -> Result<PropertyView, ServiceError> {
    ctx.require(Permission::WriteSchema)?;
    let (unit_ctx, object) = (ctx.clone(), object.to_owned());
    unit_of_work::write(app, ctx, move |tx| {
        let (ctx, object, draft) = (unit_ctx.clone(), object.clone(), draft.clone());
        Box::pin(async move {
            let schema = lock(tx, &ctx).await?;
            let property = add(tx, &ctx, &schema, find(&schema, &object)?, draft).await?;
            Ok(view(&property, None))
        })
    })
    .await
}

/// Adds a property within a unit of work that holds the schema's lock. `schema` is what it was after the lock was taken.
///
/// # Errors
/// As [`create`].
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: &Schema,
    object: &Object,
    draft: PropertyDraft,
) -> Result<Property, ServiceError> {
    ctx.require(Permission::WriteSchema)?;
    let workspace = workspaces::get(tx, ctx.workspace)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let property = rules::create(schema, object, draft, &workspace.currency, ctx.now())?;
    check_default_exists(tx, ctx.workspace, schema, &property).await?;
    if object.property(&property.name).is_some() {
        return Err(objects::name_taken("a property of this object"));
    }
    let rows = std::slice::from_ref(&property);
    definitions::insert_properties(tx, ctx.workspace, object.id, rows).await?;
    note(tx, ctx, object, &property).await?;
    Ok(property)
}

/// Changes a property's definition. A draft that changes nothing notes nothing.
///
/// # Errors
/// `NotFound`; everything that is wrong with the draft; `Conflict` when values are not unique that shall be, or the property is in use and
/// cannot be archived.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    object: &str,
    name: &str,
    draft: PropertyDraft,
) -> Result<PropertyView, ServiceError> {
    ctx.require(Permission::WriteSchema)?;
    let (unit_ctx, object, name) = (ctx.clone(), object.to_owned(), name.to_owned());
    unit_of_work::write(app, ctx, move |tx| {
        let (ctx, object, name, draft) = (
            unit_ctx.clone(),
            object.clone(),
            name.clone(),
            draft.clone(),
        );
        Box::pin(async move {
            let schema = lock(tx, &ctx).await?;
            let object = find(&schema, &object)?;
            let before = object.property(&name).ok_or(ServiceError::NotFound)?;
            let mut after = rules::update(object, before, draft)?;
            if after == **before {
                return Ok(view(before, None));
            }
            if after.definition.default != before.definition.default {
                check_default_exists(tx, ctx.workspace, &schema, &after).await?;
            }
            after.updated_at = next_time(&ctx, before.updated_at);
            definitions::update_property(tx, ctx.workspace, &after).await?;
            if needs_keys(before, &after) {
                read_keys(tx, &ctx, object, &after).await?;
            }
            note(tx, &ctx, object, &after).await?;
            Ok(view(&after, None))
        })
    })
    .await
}

/// Archives a property: it is no longer offered, and its values and their history stay. Archiving an archived one changes nothing.
///
/// # Errors
/// `NotFound`; `Conflict` when it titles the object's records or a stage requires it.
pub async fn archive(app: &App, ctx: &Ctx, object: &str, name: &str) -> Result<(), ServiceError> {
    let draft = PropertyDraft {
        archived: Some(true),
        ..PropertyDraft::default()
    };
    update(app, ctx, object, name, draft).await.map(drop)
}

/// Notes the property's state in the history of definitions, and counts the schema's version up.
async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    property: &Property,
) -> Result<(), ServiceError> {
    let change = definition_log::of_property(object.id, property, ctx.actor)?;
    definitions::append_changes(tx, ctx.workspace, &[change]).await?;
    workspaces::bump_schema_version(tx, ctx.workspace, ctx.now()).await?;
    Ok(())
}

/// Whether the index of keys no longer fits: uniqueness is noted in each key, and nothing kept the keys while the property was archived.
fn needs_keys(before: &Property, after: &Property) -> bool {
    let is_back = before.archived && !after.archived && after.is_indexed();
    is_back
        || before.definition.unique != after.definition.unique
        || before.is_indexed() != after.is_indexed()
}

async fn read_keys(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    property: &Property,
) -> Result<(), ServiceError> {
    let refused = record_keys::index(tx, ctx, object, property).await?;
    match refused.len() {
        0 => Ok(()),
        count => Err(ServiceError::conflict(
            "UNIQUE_CONFLICT",
            format!(
                "{count} of the {} hold a value of {} that another one holds too",
                object.definition.plural_label, property.definition.label
            ),
        )),
    }
}

/// Refuses a default that names a member or a record that is not there.
async fn check_default_exists(
    tx: &mut Tx,
    workspace: WorkspaceId,
    schema: &Schema,
    property: &Property,
) -> Result<(), ServiceError> {
    let exists = match property.default_value() {
        Some(Value::User(id)) => !memberships::active_among(tx, workspace, &[id])
            .await?
            .is_empty(),
        Some(Value::Record(id)) => {
            let target = property.definition.target_object.as_deref();
            match target.and_then(|name| schema.object(name)) {
                Some(object) => !record_rows::existing(tx, workspace, object.id, &[id])
                    .await?
                    .is_empty(),
                None => false,
            }
        }
        _ => true,
    };
    if exists {
        Ok(())
    } else {
        Err(ServiceError::invalid(
            "/default",
            "INVALID_DEFAULT",
            "names nothing in this workspace",
        ))
    }
}
