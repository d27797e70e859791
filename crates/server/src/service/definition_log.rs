//! The history of definitions: each change notes the whole definition as it is from then on, so that an old view is labelled as it was.

use leadline_engine::{
    ids::ObjectId,
    ledger::Actor,
    schema::{ObjectDefinition, ObjectRow, Property, PropertyDefinition},
};
use leadline_store::definitions::DefinitionChange;
use serde::{Deserialize, Serialize};
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

fn json(state: &impl Serialize) -> Result<serde_json::Value, ServiceError> {
    serde_json::to_value(state).map_err(|error| ServiceError::Internal(error.to_string()))
}
