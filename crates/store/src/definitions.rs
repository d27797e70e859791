//! Definitions of objects and properties, and every earlier state of them.

use std::collections::HashMap;
use std::sync::Arc;

use leadline_engine::ids::{ObjectId, PropertyId, WorkspaceId};
use leadline_engine::ledger::{Actor, ActorKind};
use leadline_engine::schema::{Object, ObjectRow, Property, PropertyType, Schema};
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Row, Tx};
use crate::workspaces;

/// A definition as it was from a time on.
#[derive(Debug, Clone, PartialEq)]
pub struct DefinitionChange {
    /// Its identity.
    pub id: Uuid,
    /// Of which object.
    pub object_id: ObjectId,
    /// Of which property; `None` when it is the object itself that changed.
    pub property_id: Option<PropertyId>,
    /// When it changed.
    pub recorded_at: Timestamp,
    /// Who changed it.
    pub actor: Actor,
    /// The whole definition after the change, in the form the service gives it.
    pub definition: Json,
}

/// The workspace's schema with all objects and properties, archived ones too; `None` without such a workspace.
///
/// Its version is read first: a change in between makes the version too old, never the content.
///
/// # Errors
/// Any `DbError`.
pub async fn load(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Schema>, DbError> {
    let Some(version) = workspaces::schema_version(tx, workspace).await? else {
        return Ok(None);
    };
    let mut properties: HashMap<ObjectId, Vec<Arc<Property>>> = HashMap::new();
    let rows = tx
        .query(
            "select object_id, id, name, type, definition, is_system, is_builtin, archived, position, created_at, updated_at \
             from property where workspace_id = $1 order by id",
            &[workspace.into()],
        )
        .await?;
    for row in &rows {
        properties
            .entry(row.get(0)?)
            .or_default()
            .push(Arc::new(property(row)?));
    }
    let rows = tx
        .query(
            "select id, name, definition, is_builtin, archived, position, created_at, updated_at \
             from object where workspace_id = $1 order by id",
            &[workspace.into()],
        )
        .await?;
    let mut objects = Vec::with_capacity(rows.len());
    for row in &rows {
        let object = object(row)?;
        let own = properties.remove(&object.id).unwrap_or_default();
        objects.push(Arc::new(Object::new(object, own)));
    }
    Ok(Some(Schema::new(version, objects)))
}

/// Adds an object. A name that is taken is a unique violation of `object`.
///
/// # Errors
/// Any `DbError`.
pub async fn insert_object(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &ObjectRow,
) -> Result<(), DbError> {
    tx.execute(
        "insert into object (workspace_id, id, name, definition, is_builtin, archived, position, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            workspace.into(),
            object.id.into(),
            (&object.name).into(),
            json_param(&object.definition)?,
            object.is_builtin.into(),
            object.archived.into(),
            object.position.into(),
            object.created_at.into(),
            object.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes what can change of an object: definition, whether it is archived, position.
///
/// # Errors
/// Any `DbError`.
pub async fn update_object(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &ObjectRow,
) -> Result<(), DbError> {
    tx.execute(
        "update object set definition = $3, archived = $4, position = $5, updated_at = $6 where workspace_id = $1 and id = $2",
        &[
            workspace.into(),
            object.id.into(),
            json_param(&object.definition)?,
            object.archived.into(),
            object.position.into(),
            object.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Adds properties to an object. A name that is taken is a unique violation of `property`.
///
/// # Errors
/// Any `DbError`.
pub async fn insert_properties(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: ObjectId,
    properties: &[Property],
) -> Result<(), DbError> {
    let mut rows = Vec::with_capacity(properties.len());
    for property in properties {
        rows.push(vec![
            workspace.into(),
            property.id.into(),
            object.into(),
            (&property.name).into(),
            property.kind.as_str().into(),
            json_param(&property.definition)?,
            property.is_system.into(),
            property.is_builtin.into(),
            property.archived.into(),
            property.position.into(),
            property.created_at.into(),
            property.updated_at.into(),
        ]);
    }
    tx.execute_many(
        "insert into property (workspace_id, id, object_id, name, type, definition, is_system, is_builtin, archived, position, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &rows,
    )
    .await?;
    Ok(())
}

/// Writes what can change of a property: definition, whether it is archived, position.
///
/// # Errors
/// Any `DbError`.
pub async fn update_property(
    tx: &mut Tx,
    workspace: WorkspaceId,
    property: &Property,
) -> Result<(), DbError> {
    tx.execute(
        "update property set definition = $3, archived = $4, position = $5, updated_at = $6 where workspace_id = $1 and id = $2",
        &[
            workspace.into(),
            property.id.into(),
            json_param(&property.definition)?,
            property.archived.into(),
            property.position.into(),
            property.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Notes the states of definitions.
///
/// # Errors
/// Any `DbError`.
pub async fn append_changes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    changes: &[DefinitionChange],
) -> Result<(), DbError> {
    let mut rows = Vec::with_capacity(changes.len());
    for change in changes {
        rows.push(vec![
            workspace.into(),
            change.id.into(),
            change.object_id.into(),
            change.property_id.into(),
            change.recorded_at.into(),
            change.actor.kind.code().into(),
            change.actor.id.into(),
            json_param(&change.definition)?,
        ]);
    }
    tx.execute_many(
        "insert into definition_change (workspace_id, id, object_id, property_id, recorded_at, actor_type, actor_id, definition) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &rows,
    )
    .await?;
    Ok(())
}

/// The changes of an object's definition and of its properties' up to a time (all of them without one), newest first.
///
/// # Errors
/// Any `DbError`.
pub async fn list_changes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: ObjectId,
    until: Option<Timestamp>,
    limit: i64,
) -> Result<Vec<DefinitionChange>, DbError> {
    tx.query(
        "select id, object_id, property_id, recorded_at, actor_type, actor_id, definition from definition_change \
         where workspace_id = $1 and object_id = $2 and recorded_at <= $3 order by recorded_at desc, id desc limit $4",
        &[workspace.into(), object.into(), until.unwrap_or(Timestamp::MAX).into(), limit.into()],
    )
    .await?
    .iter()
    .map(definition_change)
    .collect()
}

/// The last noted state, up to a time, of each object and each property of the workspace that existed by then.
///
/// # Errors
/// Any `DbError`.
pub async fn states_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    until: Timestamp,
) -> Result<Vec<DefinitionChange>, DbError> {
    tx.query(
        "select id, object_id, property_id, recorded_at, actor_type, actor_id, definition from (\
           select id, object_id, property_id, recorded_at, actor_type, actor_id, definition, \
             row_number() over (partition by object_id, property_id order by recorded_at desc, id desc) as age \
           from definition_change where workspace_id = $1 and recorded_at <= $2) as states \
         where age = 1 order by id",
        &[workspace.into(), until.into()],
    )
    .await?
    .iter()
    .map(definition_change)
    .collect()
}

fn property(row: &Row) -> Result<Property, DbError> {
    let kind = PropertyType::parse(row.get(3)?)
        .ok_or_else(|| DbError::Corrupt("a property has an unknown type".to_owned()))?;
    Ok(Property {
        id: row.get(1)?,
        name: row.get(2)?,
        kind,
        definition: json_cell(row, 4)?,
        is_system: row.get(5)?,
        is_builtin: row.get(6)?,
        archived: row.get(7)?,
        position: row.get(8)?,
        created_at: row.get(9)?,
        updated_at: row.get(10)?,
    })
}

fn object(row: &Row) -> Result<ObjectRow, DbError> {
    Ok(ObjectRow {
        id: row.get(0)?,
        name: row.get(1)?,
        definition: json_cell(row, 2)?,
        is_builtin: row.get(3)?,
        archived: row.get(4)?,
        position: row.get(5)?,
        created_at: row.get(6)?,
        updated_at: row.get(7)?,
    })
}

fn definition_change(row: &Row) -> Result<DefinitionChange, DbError> {
    Ok(DefinitionChange {
        id: row.get(0)?,
        object_id: row.get(1)?,
        property_id: row.get(2)?,
        recorded_at: row.get(3)?,
        actor: actor(row, 4)?,
        definition: json_cell(row, 6)?,
    })
}

/// Reads an actor from two neighbouring columns: kind and id.
pub(crate) fn actor(row: &Row, index: usize) -> Result<Actor, DbError> {
    let kind = ActorKind::from_code(row.get(index)?)
        .ok_or_else(|| DbError::Corrupt("an unknown kind of actor".to_owned()))?;
    Ok(Actor {
        kind,
        id: row.get(index + 1)?,
    })
}
