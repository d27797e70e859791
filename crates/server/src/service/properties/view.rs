//! A property and its options as the API shows them.

use leadline_engine::{
    schema::{Choice, Property, PropertyType, StageCategory, Transitions},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    ToSchema,
    openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type},
};
use uuid::Uuid;

/// A property of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Property)]
#[schema(example = json!({"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "name": "budget", "label": "Budget", "type": "money", "group": "Work", "description": null, "required": false, "unique": false, "default": null, "options": [], "currency": "EUR", "targetObject": null, "transitions": null, "builtin": false, "system": false, "archived": false, "position": 10, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct PropertyView {
    /// Its id.
    pub id: Uuid,
    /// Stable name, the key of its values in records.
    #[schema(example = "budget")]
    pub name: String,
    /// For people.
    #[schema(example = "Budget")]
    pub label: String,
    /// What it holds.
    #[schema(schema_with = type_schema)]
    pub r#type: PropertyType,
    /// Heading under which it is shown.
    #[schema(example = "Work")]
    pub group: Option<String>,
    /// Help text.
    pub description: Option<String>,
    /// A record cannot be created without it, nor can it be cleared.
    pub required: bool,
    /// No two records hold the same value.
    pub unique: bool,
    /// What a new record gets.
    #[schema(schema_with = any_schema)]
    pub default: Option<Json>,
    /// Options of `select`, `multi_select` and `stage` in order; archived ones too.
    pub options: Vec<OptionView>,
    /// ISO 4217, of `money`: for amounts given without a currency.
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    /// The name of the object that a `record` links to.
    pub target_object: Option<String>,
    /// Allowed moves of a `stage`; null for other types.
    #[schema(schema_with = transitions_schema)]
    pub transitions: Option<Transitions>,
    /// Came with the workspace.
    pub builtin: bool,
    /// Kept by Leadline itself; cannot be set or changed.
    pub system: bool,
    /// Whether it is no longer offered; its values stay.
    pub archived: bool,
    /// Order among the object's properties.
    #[schema(example = 10)]
    pub position: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its definition last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// The moment asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
}

/// One choice of a `select`, `multi_select` or `stage`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Option)]
pub struct OptionView {
    /// The stable name in records.
    #[schema(example = "mql")]
    pub value: String,
    /// For people.
    #[schema(example = "MQL")]
    pub label: String,
    /// A name of the palette, or `#rrggbb`.
    #[schema(example = "blue")]
    pub color: Option<String>,
    /// Whether it can no longer be chosen.
    pub archived: bool,
    /// Of a stage: how a record in it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "open")]
    pub category: Option<StageCategory>,
    /// Of a stage: the chance to be won, 0 to 100 percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 100)]
    pub probability: Option<u8>,
    /// Of a stage: the time after which a visit is late, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "P14D")]
    pub max_duration: Option<String>,
    /// Of a stage: names of properties that must not be empty on entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_properties: Option<Vec<String>>,
}

/// A property, as of a moment if one was asked for.
#[must_use]
pub fn view(property: &Property, as_of: Option<Timestamp>) -> PropertyView {
    let definition = &property.definition;
    PropertyView {
        id: property.id.uuid(),
        name: property.name.clone(),
        label: definition.label.clone(),
        r#type: property.kind,
        group: definition.group.clone(),
        description: definition.description.clone(),
        required: definition.required,
        unique: definition.unique,
        default: definition.default.clone(),
        options: definition.options.iter().map(option).collect(),
        currency: definition.currency.clone(),
        target_object: definition.target_object.clone(),
        transitions: (property.kind == PropertyType::Stage).then(|| definition.transitions.clone()),
        builtin: property.is_builtin,
        system: property.is_system,
        archived: property.archived,
        position: property.position,
        created_at: property.created_at,
        updated_at: property.updated_at,
        as_of,
    }
}

fn option(choice: &Choice) -> OptionView {
    let stage = choice.stage.as_ref();
    OptionView {
        value: choice.value.clone(),
        label: choice.label.clone(),
        color: choice.color.clone(),
        archived: choice.archived,
        category: stage.map(|stage| stage.category),
        probability: stage.and_then(|stage| stage.probability),
        max_duration: stage.and_then(|stage| stage.max_duration.clone()),
        required_properties: stage.map(|stage| stage.required_properties.clone()),
    }
}

/// The types that exist.
#[must_use]
pub fn type_schema() -> Schema {
    let names = PropertyType::ALL.map(PropertyType::as_str);
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .into()
}

/// Any JSON.
#[must_use]
pub fn any_schema() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .description(Some("A value of the property's type; null for none."))
        .into()
}

/// `"any"`, or a list of moves.
#[must_use]
pub fn transitions_schema() -> Schema {
    let stage = |types: SchemaType, text: &str| {
        ObjectBuilder::new()
            .schema_type(types)
            .description(Some(text))
    };
    let nullable = SchemaType::from_iter([Type::String, Type::Null]);
    let transition = ObjectBuilder::new()
        .property(
            "from",
            stage(nullable, "The stage it leaves; null is the entry."),
        )
        .property("to", stage(Type::String.into(), "The stage it enters."))
        .required("to");
    let any = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["any"]));
    OneOfBuilder::new()
        .item(any)
        .item(ArrayBuilder::new().items(transition))
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .examples([
            serde_json::json!([{"from": null, "to": "new"}, {"from": "new", "to": "contacted"}]),
        ])
        .into()
}
