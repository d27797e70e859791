//! The changeable part of an object and of a property: what is stored as JSON and kept in the definitions' own history.

use serde::{Deserialize, Serialize};

use super::{Choice, Transitions};

/// The changeable part of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectDefinition {
    /// For people, one: "Lead".
    pub label: String,
    /// For people, many: "Leads".
    pub plural_label: String,
    /// The name of the property that titles a record.
    pub primary_property: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether its records are parts of other records (line items, activities, notes, tasks), so that it is not listed by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_part: bool,
}

/// The changeable part of a property.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyDefinition {
    /// For people.
    pub label: String,
    /// Heading under which it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Help text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A record cannot be created without it, nor can it be cleared.
    #[serde(default)]
    pub required: bool,
    /// No two records hold the same value.
    #[serde(default)]
    pub unique: bool,
    /// Its values are kept as keys, for upserts and duplicates.
    #[serde(default)]
    pub indexed: bool,
    /// What a new record gets, in the values' JSON form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// Options of `select`, `multi_select` and `stage`, in order; archived ones too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// ISO 4217, of `money`: used for amounts given without a currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The name of the object that a `record` property links to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_object: Option<String>,
    /// Allowed moves of a `stage`.
    #[serde(default)]
    pub transitions: Transitions,
}
