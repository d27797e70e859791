//! The history of definitions: each change notes the whole definition as it is from then on, so that an old view is labelled as it was.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use leadline_engine::{
    ids::{ObjectId, PropertyId, WorkspaceId},
    ledger::Actor,
    schema::{Object, ObjectDefinition, ObjectRow, Property, PropertyDefinition, Schema},
    time::Timestamp,
};
use leadline_store::{
    db::Tx,
    definitions::{self, DefinitionChange},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::error::ServiceError;

/// An object's definition at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ObjectState {
    /// What can be changed.
    pub definition: ObjectDefinition,
    /// Whether it was archived.
    pub archived: bool,
    /// Its place among the objects.
    pub position: i32,
}

/// A property's definition at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PropertyState {
    /// What can be changed.
    pub definition: PropertyDefinition,
    /// Whether it was archived.
    pub archived: bool,
    /// Its place among the object's properties.
    pub position: i32,
}

/// The state of an object, to be noted.
///
/// # Errors
/// `Internal` when it cannot be written as JSON.
pub fn of_object(object: &ObjectRow, actor: Actor) -> Result<DefinitionChange, ServiceError> {
    let state = ObjectState {
        definition: object.definition.clone(),
        archived: object.archived,
        position: object.position,
    };
    Ok(DefinitionChange {
        id: Uuid::now_v7(),
        object_id: object.id,
        property_id: None,
        recorded_at: object.updated_at,
        actor,
        definition: json(&state)?,
    })
}

/// The state of a property, to be noted.
///
/// # Errors
/// `Internal` when it cannot be written as JSON.
pub fn of_property(
    object: ObjectId,
    property: &Property,
    actor: Actor,
) -> Result<DefinitionChange, ServiceError> {
    let state = PropertyState {
        definition: property.definition.clone(),
        archived: property.archived,
        position: property.position,
    };
    Ok(DefinitionChange {
        id: Uuid::now_v7(),
        object_id: object,
        property_id: Some(property.id),
        recorded_at: property.updated_at,
        actor,
        definition: json(&state)?,
    })
}

/// The schema as it was at a time. Objects and properties that did not exist then are not in it.
///
/// # Errors
/// Those of the database; `Internal` when a state cannot be read.
pub async fn schema_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    present: &Schema,
    at: Timestamp,
) -> Result<Schema, ServiceError> {
    let mut states: HashMap<(ObjectId, Option<PropertyId>), DefinitionChange> =
        definitions::states_at(tx, workspace, at)
            .await?
            .into_iter()
            .map(|change| ((change.object_id, change.property_id), change))
            .collect();
    let mut objects = Vec::new();
    for object in present.objects() {
        let Some(change) = states.remove(&(object.id, None)) else {
            continue;
        };
        let mut properties = Vec::new();
        for property in &object.properties {
            if property.is_system {
                properties.push(property.clone());
            } else if let Some(change) = states.remove(&(object.id, Some(property.id))) {
                properties.push(Arc::new(past_property(property, change)?));
            }
        }
        objects.push(Arc::new(Object::new(
            past_object(object, change)?,
            properties,
        )));
    }
    Ok(Schema::new(present.version, objects))
}

/// The properties of an object that were archived at a time.
///
/// # Errors
/// Those of the database; `Internal` when a state cannot be read.
pub async fn archived_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: ObjectId,
    at: Timestamp,
) -> Result<HashSet<PropertyId>, ServiceError> {
    let mut archived = HashSet::new();
    for change in definitions::states_at(tx, workspace, at).await? {
        if let (true, Some(property)) = (change.object_id == object, change.property_id) {
            let state: PropertyState = read(change.definition)?;
            archived.extend(state.archived.then_some(property));
        }
    }
    Ok(archived)
}

fn past_object(object: &Object, change: DefinitionChange) -> Result<ObjectRow, ServiceError> {
    let state: ObjectState = read(change.definition)?;
    Ok(ObjectRow {
        id: object.id,
        name: object.name.clone(),
        definition: state.definition,
        is_builtin: object.is_builtin,
        archived: state.archived,
        position: state.position,
        created_at: object.created_at,
        updated_at: change.recorded_at,
    })
}

fn past_property(property: &Property, change: DefinitionChange) -> Result<Property, ServiceError> {
    let state: PropertyState = read(change.definition)?;
    Ok(Property {
        definition: state.definition,
        archived: state.archived,
        position: state.position,
        updated_at: change.recorded_at,
        ..property.clone()
    })
}

fn read<T: DeserializeOwned>(definition: serde_json::Value) -> Result<T, ServiceError> {
    serde_json::from_value(definition).map_err(|error| ServiceError::Internal(error.to_string()))
}

fn json(state: &impl Serialize) -> Result<serde_json::Value, ServiceError> {
    serde_json::to_value(state).map_err(|error| ServiceError::Internal(error.to_string()))
}
