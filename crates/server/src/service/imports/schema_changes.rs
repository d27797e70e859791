//! What an import changes in the schema: properties that it needs, options that it meets, keys that it looks up. Each is done in the unit of
//! work that needs it, so that a rehearsal leaves nothing behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leadline_engine::{
    schema::{Choice, Object, Property, PropertyDefinition, PropertyType, Schema, Stage},
    time::Timestamp,
};
use leadline_store::{db::Tx, definitions, workspaces};

use super::{
    layout::Needed,
    options::{NewOption, NewProperty},
};
use crate::service::{
    ctx::Ctx, definition_log, error::ServiceError, record_keys, records::find_object,
};

/// Most options that a property may have.
pub(super) const MOST_OPTIONS: usize = 1_000;
/// Most properties that an object may have.
pub(super) const MOST_PROPERTIES: usize = 1_000;

/// The schema, which does not change until this unit of work ends but by what it does itself; `known` if that is still it. Never kept for
/// others: the unit may be undone.
pub(super) async fn hold(
    tx: &mut Tx,
    ctx: &Ctx,
    known: &Arc<Schema>,
) -> Result<Arc<Schema>, ServiceError> {
    let version = workspaces::hold_schema(tx, ctx.workspace)
        .await?
        .ok_or(ServiceError::NotFound)?;
    if version == known.version {
        Ok(Arc::clone(known))
    } else {
        load(tx, ctx).await
    }
}

/// The schema as this unit of work sees it.
pub(super) async fn load(tx: &mut Tx, ctx: &Ctx) -> Result<Arc<Schema>, ServiceError> {
    let schema = definitions::load(tx, ctx.workspace)
        .await?
        .ok_or(ServiceError::NotFound)?;
    Ok(Arc::new(schema))
}

/// Makes the properties that are missing. Those beyond the most that an object may have are left out.
pub(super) async fn add_properties(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: Arc<Schema>,
    object: &str,
    needed: &[Needed],
) -> Result<Arc<Schema>, ServiceError> {
    let is_missing = |schema: &Schema| -> Result<bool, ServiceError> {
        let object = find_object(schema, object)?;
        Ok(needed
            .iter()
            .any(|needed| object.property(&needed.name).is_none())
            && object.properties.len() < MOST_PROPERTIES)
    };
    if !is_missing(&schema)? {
        return Ok(schema);
    }
    workspaces::lock_schema(tx, ctx.workspace).await?;
    let schema = load(tx, ctx).await?;
    let owner = find_object(&schema, object)?;
    let workspace = workspaces::get(tx, ctx.workspace)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let now = ctx.now();
    let last = owner
        .properties
        .iter()
        .filter(|property| !property.is_system)
        .map(|property| property.position)
        .max();
    let mut position = last.map_or(0, |last| last.saturating_add(1));
    let mut made: Vec<Property> = Vec::new();
    for needed in needed
        .iter()
        .filter(|needed| owner.property(&needed.name).is_none())
    {
        let is_repeated = made.iter().any(|property| property.name == needed.name);
        if is_repeated || owner.properties.len() + made.len() >= MOST_PROPERTIES {
            continue;
        }
        let mut property = needed.property(position, now);
        if property.kind == PropertyType::Money && property.definition.currency.is_none() {
            property.definition.currency = Some(workspace.currency.clone());
        }
        made.push(property);
        position += 1;
    }
    definitions::insert_properties(tx, ctx.workspace, owner.id, &made).await?;
    note(tx, ctx, owner, &made).await
}

/// Adds values as options of properties, at the end of their lists. Those beyond the most that a property may have are left out.
pub(super) async fn add_options(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: Arc<Schema>,
    object: &str,
    wanted: &BTreeMap<String, BTreeSet<String>>,
) -> Result<Arc<Schema>, ServiceError> {
    if wanted.values().all(BTreeSet::is_empty) {
        return Ok(schema);
    }
    workspaces::lock_schema(tx, ctx.workspace).await?;
    let schema = load(tx, ctx).await?;
    let owner = find_object(&schema, object)?;
    let mut changed = Vec::new();
    for (name, values) in wanted {
        let Some(property) = owner.property(name) else {
            continue;
        };
        let mut definition = property.definition.clone();
        let room = MOST_OPTIONS.saturating_sub(definition.options.len());
        let missing = values
            .iter()
            .filter(|value| property.choice(value).is_none())
            .take(room);
        definition
            .options
            .extend(missing.map(|value| choice(property.kind, value, value, None)));
        if definition.options.len() > property.definition.options.len() {
            changed.push(Property {
                definition,
                updated_at: ctx.now(),
                ..(**property).clone()
            });
        }
    }
    for property in &changed {
        definitions::update_property(tx, ctx.workspace, property).await?;
    }
    note(tx, ctx, owner, &changed).await
}

/// Sees to it that records can be found by this property.
pub(super) async fn index_property(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: Arc<Schema>,
    object: &str,
    name: &str,
) -> Result<Arc<Schema>, ServiceError> {
    let is_indexed = |schema: &Schema| {
        find_object(schema, object).map(|object| {
            object
                .property(name)
                .is_none_or(|property| property.is_indexed())
        })
    };
    if is_indexed(&schema)? {
        return Ok(schema);
    }
    workspaces::lock_schema(tx, ctx.workspace).await?;
    let schema = load(tx, ctx).await?;
    let owner = find_object(&schema, object)?;
    let Some(property) = owner
        .property(name)
        .filter(|property| !property.is_indexed())
    else {
        return Ok(schema);
    };
    let definition = PropertyDefinition {
        indexed: true,
        ..property.definition.clone()
    };
    let indexed = Property {
        definition,
        ..(**property).clone()
    };
    definitions::update_property(tx, ctx.workspace, &indexed).await?;
    record_keys::index(tx, ctx, owner, &indexed).await?;
    workspaces::bump_schema_version(tx, ctx.workspace, ctx.now()).await?;
    load(tx, ctx).await
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    owner: &Object,
    changed: &[Property],
) -> Result<Arc<Schema>, ServiceError> {
    let changes = changed
        .iter()
        .map(|property| definition_log::of_property(owner.id, property, ctx.actor))
        .collect::<Result<Vec<_>, _>>()?;
    definitions::append_changes(tx, ctx.workspace, &changes).await?;
    workspaces::bump_schema_version(tx, ctx.workspace, ctx.now()).await?;
    load(tx, ctx).await
}

impl NewProperty {
    /// The definition, for a column of this name.
    pub(super) fn definition(&self, kind: PropertyType, column: &str) -> PropertyDefinition {
        let option = |option: &NewOption| {
            choice(
                kind,
                &option.value,
                option.label.as_ref().unwrap_or(&option.value),
                option.color.clone(),
            )
        };
        PropertyDefinition {
            label: self.label.clone().unwrap_or_else(|| column.to_owned()),
            group: self.group.clone(),
            description: self.description.clone(),
            unique: self.unique,
            options: self
                .options
                .iter()
                .filter(|_| kind.has_options())
                .map(option)
                .collect(),
            currency: self
                .currency
                .clone()
                .filter(|_| kind == PropertyType::Money),
            target_object: self
                .target_object
                .clone()
                .filter(|_| kind == PropertyType::Record),
            ..PropertyDefinition::default()
        }
    }
}

impl Needed {
    /// A text property for a name that a file uses.
    pub(super) fn text(name: String, label: &str) -> Self {
        let definition = PropertyDefinition {
            label: label.to_owned(),
            ..PropertyDefinition::default()
        };
        Self {
            name,
            kind: PropertyType::Text,
            definition,
        }
    }

    /// The property as a stand-in before it is made.
    pub(super) fn stand_in(&self) -> Property {
        self.property(0, Timestamp::MIN)
    }
}

fn choice(kind: PropertyType, value: &str, label: &str, color: Option<String>) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        color,
        archived: false,
        stage: (kind == PropertyType::Stage).then(Stage::default),
    }
}
