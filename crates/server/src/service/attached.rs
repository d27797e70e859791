//! What activities, notes and tasks have in common: each is a record of an object of its own, linked with the records that it is about.

mod links;
mod read;
mod write;

use std::sync::Arc;

use leadline_engine::schema::{Object, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use links::linked_to;
pub use read::{Listing, get, list};
pub(super) use read::{about_them, complete};
pub use write::{Draft, archive, create, update};

use super::{
    error::ServiceError,
    records::{ActorView, RecordView, find_object},
};

/// What a link between such a record and one that it is about is labelled with.
pub const LABEL: &str = "about";
/// Most records that one can be about.
const MOST_RECORDS: usize = 50;
/// Longest title and subject, in characters.
const LONGEST_TITLE: usize = 500;

/// What is attached to records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Activities.
    Activity,
    /// Notes.
    Note,
    /// Tasks.
    Task,
}

impl Kind {
    /// The name of their object.
    #[must_use]
    pub fn object(self) -> &'static str {
        match self {
            Self::Activity => "activities",
            Self::Note => "notes",
            Self::Task => "tasks",
        }
    }

    /// What says when one happened.
    #[must_use]
    pub fn time(self) -> &'static str {
        match self {
            Self::Activity => "occurred_at",
            Self::Note | Self::Task => "created_at",
        }
    }
}

/// A record that something is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"object": "leads", "id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10"}))]
pub struct RecordRef {
    /// The name of its object.
    #[schema(example = "leads")]
    pub object: String,
    /// Its id.
    pub id: Uuid,
}

/// An activity, a note or a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attached {
    /// Its values.
    pub record: RecordView,
    /// Who made it.
    pub created_by: ActorView,
    /// What it is about, in the order in which that was said.
    pub records: Vec<RecordRef>,
}

impl Attached {
    /// The value of a property; null if it is empty.
    #[must_use]
    pub fn value(&self, property: &str) -> Json {
        self.record
            .properties
            .get(property)
            .cloned()
            .unwrap_or_default()
    }

    /// The text of a property.
    #[must_use]
    pub fn text(&self, property: &str) -> Option<String> {
        self.value(property).as_str().map(str::to_owned)
    }
}

/// The built-in object of a kind. A workspace that had an own one of its name before does not have it.
///
/// # Errors
/// `NotFound`, also for an archived one.
pub(super) fn object_of(schema: &Schema, kind: Kind) -> Result<&Arc<Object>, ServiceError> {
    let object = find_object(schema, kind.object())?;
    if object.is_builtin {
        Ok(object)
    } else {
        Err(ServiceError::NotFound)
    }
}

/// The name of a property as a field of a body: `due_at` is `dueAt`.
fn field(property: &str) -> String {
    let mut words = property.split('_');
    let mut field = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        field.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        field.push_str(letters.as_str());
    }
    field
}

/// The record that a list shall be about; a name without an id, or an id without a name, is none.
///
/// # Errors
/// `Invalid`.
pub fn about(object: Option<String>, id: Option<Uuid>) -> Result<Option<RecordRef>, ServiceError> {
    match (object, id) {
        (Some(object), Some(id)) => Ok(Some(RecordRef { object, id })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(ServiceError::invalid(
            "/record",
            "REQUIRED",
            "is required together with object",
        )),
        (None, Some(_)) => Err(ServiceError::invalid(
            "/object",
            "REQUIRED",
            "is required together with record",
        )),
    }
}

/// Values by the names of properties, of those that were given.
#[must_use]
pub fn given<const N: usize>(fields: [(&str, Option<Option<Json>>); N]) -> Map<String, Json> {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.unwrap_or_default())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn properties_are_fields_in_camel_case() {
        assert_eq!(field("due_at"), "dueAt");
        assert_eq!(field("title"), "title");
    }
}
