//! An object as the API shows it.

use leadline_engine::{schema::Object, time::Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::service::properties::{self, PropertyView};

/// A kind of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Object)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "projects", "label": "Project", "pluralLabel": "Projects", "primaryProperty": "name", "description": null, "builtin": false, "archived": false, "position": 5, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct ObjectView {
    /// Its id.
    pub id: Uuid,
    /// Stable name, used in paths.
    #[schema(example = "projects")]
    pub name: String,
    /// For people, one.
    #[schema(example = "Project")]
    pub label: String,
    /// For people, many.
    #[schema(example = "Projects")]
    pub plural_label: String,
    /// The name of the property that titles a record.
    #[schema(example = "name")]
    pub primary_property: String,
    /// What it is for.
    pub description: Option<String>,
    /// Came with the workspace.
    pub builtin: bool,
    /// Whether it is no longer offered; its records stay.
    pub archived: bool,
    /// Order among the objects.
    #[schema(example = 5)]
    pub position: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its definition last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// All its properties in order, archived and system ones too; in lists only with `include=properties`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Vec<PropertyView>>,
    /// The moment asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
}

pub(super) fn view(object: &Object, with_properties: bool, as_of: Option<Timestamp>) -> ObjectView {
    let properties = with_properties.then(|| {
        object
            .properties
            .iter()
            .map(|property| properties::view(property, None))
            .collect()
    });
    ObjectView {
        id: object.id.uuid(),
        name: object.name.clone(),
        label: object.definition.label.clone(),
        plural_label: object.definition.plural_label.clone(),
        primary_property: object.definition.primary_property.clone(),
        description: object.definition.description.clone(),
        builtin: object.is_builtin,
        archived: object.archived,
        position: object.position,
        created_at: object.created_at,
        updated_at: object.updated_at,
        properties,
        as_of,
    }
}
