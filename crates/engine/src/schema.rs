//! The schema of a workspace: its objects, their properties, options and lifecycles. Built-in objects are data (see [`builtin`]).

mod builtin;
mod definition;

use std::{collections::HashMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

pub use builtin::{BuiltinObject, builtin_objects};
pub use definition::{ObjectDefinition, PropertyDefinition};

use crate::{
    ids::{ObjectId, PropertyId},
    time::Timestamp,
    value::Value,
};

/// The name of the system property that tells whether a record is archived.
pub const ARCHIVED: &str = "archived";
/// Names that filters and sorts know on every object, and that no property may take.
pub const SYSTEM_NAMES: [&str; 6] = [
    "id",
    ARCHIVED,
    "created_at",
    "updated_at",
    "created_by",
    "version",
];

/// What a property can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// One line of text.
    Text,
    /// Text of many lines.
    LongText,
    /// An exact decimal.
    Number,
    /// An exact amount in a currency.
    Money,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// An instant.
    Datetime,
    /// One of the options.
    Select,
    /// Some of the options.
    MultiSelect,
    /// One stage of a lifecycle.
    Stage,
    /// A member of the workspace.
    User,
    /// A link to a record of the target object.
    Record,
    /// An address of mail.
    Email,
    /// A telephone number.
    Phone,
    /// A web, mail or telephone link.
    Url,
}

impl PropertyType {
    /// All types, in the order in which they are offered.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::LongText,
        Self::Number,
        Self::Money,
        Self::Boolean,
        Self::Date,
        Self::Datetime,
        Self::Select,
        Self::MultiSelect,
        Self::Stage,
        Self::User,
        Self::Record,
        Self::Email,
        Self::Phone,
        Self::Url,
    ];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Select => "select",
            Self::MultiSelect => "multi_select",
            Self::Stage => "stage",
            Self::User => "user",
            Self::Record => "record",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
        }
    }

    /// Reads the API's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether its values are chosen from options.
    #[must_use]
    pub fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect | Self::Stage)
    }

    /// Whether it can be unique, and a key of upserts.
    #[must_use]
    pub fn can_be_key(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Number
                | Self::Date
                | Self::Datetime
                | Self::Email
                | Self::Phone
                | Self::Url
        )
    }

    /// Whether it is text that is compared without case and accents.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text | Self::LongText | Self::Email | Self::Phone | Self::Url
        )
    }
}

impl fmt::Display for PropertyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One choice of a `select`, `multi_select` or `stage` property. Never removed, only archived: old values keep their label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// The stable name in records.
    pub value: String,
    /// For people.
    pub label: String,
    /// A name of the palette, or `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Whether it can no longer be chosen.
    #[serde(default)]
    pub archived: bool,
    /// What a stage has besides; `None` for other options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
}

/// What makes an option a stage.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// How a record in it stands.
    pub category: StageCategory,
    /// Chance to be won, 0 to 100 percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<u8>,
    /// ISO 8601: the time after which a visit is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<String>,
    /// Names of properties that must not be empty on entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_properties: Vec<String>,
}

/// How a record in a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageCategory {
    /// Still worked on.
    #[default]
    Open,
    /// Ended well.
    Won,
    /// Ended badly.
    Lost,
}

/// Which moves between stages are allowed.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Transitions {
    /// All of them.
    #[default]
    Any,
    /// Only these.
    Only(Vec<Transition>),
}

/// An allowed move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The stage it leaves; `None` is the entry.
    pub from: Option<String>,
    /// The stage it enters.
    pub to: String,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its identity.
    pub id: PropertyId,
    /// Stable name, unique in its object for all time.
    pub name: String,
    /// What it holds; never changes.
    pub kind: PropertyType,
    /// The parts that can be changed.
    pub definition: PropertyDefinition,
    /// Kept by Leadline itself; not settable by clients.
    pub is_system: bool,
    /// Came with the workspace.
    pub is_builtin: bool,
    /// Whether it is no longer offered; its history stays.
    pub archived: bool,
    /// Order among the object's properties.
    pub position: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its identity.
    pub id: ObjectId,
    /// Stable name, unique in the workspace for all time.
    pub name: String,
    /// The parts that can be changed.
    pub definition: ObjectDefinition,
    /// Came with the workspace.
    pub is_builtin: bool,
    /// Whether it is no longer offered; its records stay.
    pub archived: bool,
    /// Order among the workspace's objects.
    pub position: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// All properties, archived and system ones too, by position.
    pub properties: Vec<Arc<Property>>,
    by_name: HashMap<String, usize>,
}

/// All objects of a workspace at one version of the schema.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Grows with each change of a definition.
    pub version: i64,
    objects: Vec<Arc<Object>>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<ObjectId, usize>,
}

/// An object before its properties are attached: what the store's `object` row holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectRow {
    /// Its identity.
    pub id: ObjectId,
    /// Stable name.
    pub name: String,
    /// The parts that can be changed.
    pub definition: ObjectDefinition,
    /// Came with the workspace.
    pub is_builtin: bool,
    /// Whether it is no longer offered.
    pub archived: bool,
    /// Order among the workspace's objects.
    pub position: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Property {
    /// The option with this value, archived or not.
    #[must_use]
    pub fn choice(&self, value: &str) -> Option<&Choice> {
        self.definition
            .options
            .iter()
            .find(|choice| choice.value == value)
    }

    /// Whether clients may set it.
    #[must_use]
    pub fn is_settable(&self) -> bool {
        !self.is_system && !self.archived
    }

    /// The value a new record gets when none is given.
    #[must_use]
    pub fn default_value(&self) -> Option<Value> {
        self.definition
            .default
            .as_ref()
            .and_then(|json| Value::from_stored(self.kind, json).ok().flatten())
    }

    /// Whether keys of its values are kept in the index of keys.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.definition.unique || self.definition.indexed
    }
}

impl Object {
    /// An object with its properties, which are put in order.
    #[must_use]
    pub fn new(row: ObjectRow, mut properties: Vec<Arc<Property>>) -> Self {
        properties.sort_by_key(|property| (property.position, property.id));
        let by_name = properties
            .iter()
            .enumerate()
            .map(|(index, property)| (property.name.clone(), index))
            .collect();
        let ObjectRow {
            id,
            name,
            definition,
            is_builtin,
            archived,
            position,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            name,
            definition,
            is_builtin,
            archived,
            position,
            created_at,
            updated_at,
            properties,
            by_name,
        }
    }

    /// The property of this name, archived and system ones too.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Arc<Property>> {
        self.by_name.get(name).map(|&index| &self.properties[index])
    }

    /// The property with this id.
    #[must_use]
    pub fn property_by_id(&self, id: PropertyId) -> Option<&Arc<Property>> {
        self.properties.iter().find(|property| property.id == id)
    }
}

impl Schema {
    /// A schema of these objects, in order of position.
    #[must_use]
    pub fn new(version: i64, mut objects: Vec<Arc<Object>>) -> Self {
        objects.sort_by_key(|object| (object.position, object.id));
        let by_name = objects
            .iter()
            .enumerate()
            .map(|(index, object)| (object.name.clone(), index))
            .collect();
        let by_id = objects
            .iter()
            .enumerate()
            .map(|(index, object)| (object.id, index))
            .collect();
        Self {
            version,
            objects,
            by_name,
            by_id,
        }
    }

    /// All objects, archived ones too.
    #[must_use]
    pub fn objects(&self) -> &[Arc<Object>] {
        &self.objects
    }

    /// The object of this name, archived ones too.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&Arc<Object>> {
        self.by_name.get(name).map(|&index| &self.objects[index])
    }

    /// The object with this id.
    #[must_use]
    pub fn object_by_id(&self, id: ObjectId) -> Option<&Arc<Object>> {
        self.by_id.get(&id).map(|&index| &self.objects[index])
    }
}

/// Whether a text can name an object or a property: `[a-z][a-z0-9_]{0,62}`.
#[must_use]
pub fn is_valid_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= 63
        && bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl Serialize for Transitions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_str("any"),
            Self::Only(list) => list.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Transitions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) if text == "any" => Ok(Self::Any),
            list @ serde_json::Value::Array(_) => serde_json::from_value(list)
                .map(Self::Only)
                .map_err(serde::de::Error::custom),
            _ => Err(serde::de::Error::custom(
                "transitions are \"any\" or a list of {from, to}",
            )),
        }
    }
}
