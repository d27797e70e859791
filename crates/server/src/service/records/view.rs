//! Records, spans and change sets as the API shows them.

use std::collections::{BTreeMap, HashMap};

use leadline_engine::{
    ledger::{Actor, ChangeSet, Entry, Record},
    schema::{ARCHIVED, Object},
    spans,
    time::Timestamp,
    value::{Value, optional_json},
};
use leadline_store::ledger::change_sets::VersionStamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::read::Moment;

/// A record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Record)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "version": 14, "createdAt": "2026-01-30T10:00:00Z", "updatedAt": "2026-02-12T08:01:13Z", "archived": false, "properties": {"name": "Ada Ltd", "stage": "qualified", "amount": {"amount": "1250.00", "currency": "EUR"}}}))]
pub struct RecordView {
    /// Its id.
    pub id: Uuid,
    /// The name of its object.
    #[schema(example = "leads")]
    pub object: String,
    /// How many change sets it has. At a moment of the past, the last one that is about that moment or an earlier one.
    #[schema(example = 14)]
    pub version: i64,
    /// When it began to exist, in valid time.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When Leadline learned of `version`.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Whether it is archived.
    pub archived: bool,
    /// Values by property name; `null` is empty.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>, example = json!({"name": "Ada Ltd", "stage": "qualified", "amount": {"amount": "1250.00", "currency": "EUR"}}))]
    pub properties: Map<String, Json>,
    /// The spans of the properties asked for, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties_with_history: Option<BTreeMap<String, Vec<SpanView>>>,
    /// The moment asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// The knowledge asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_as_of: Option<Timestamp>,
}

/// One value that a property held, in `[validFrom, validTo)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Span)]
pub struct SpanView {
    /// The value; `null` is empty.
    #[schema(value_type = serde_json::Value)]
    pub value: Json,
    /// Since when it was true.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    /// Until when; `null` if it still is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
    /// When Leadline learned of it.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// Who set it.
    pub actor: ActorView,
    /// How it came.
    #[schema(example = "user")]
    pub source: String,
    /// The change set that began it.
    pub change_set: Uuid,
    /// How long it held; of the open one, up to now (or the moment asked for).
    #[schema(example = 1_728_000.0)]
    pub duration_seconds: f64,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Actor)]
pub struct ActorView {
    /// `user`, `token`, `automation` or `system`.
    #[serde(rename = "type")]
    #[schema(example = "user")]
    pub kind: String,
    /// Which one; the system has none.
    pub id: Option<Uuid>,
}

/// What one write changed on one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangeSet)]
pub struct ChangeSetView {
    /// Its id.
    pub id: Uuid,
    /// The name of the record's object.
    pub object: String,
    /// The record.
    pub record_id: Uuid,
    /// The version of the record that it made.
    pub version: i64,
    /// When Leadline learned it.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// From when it is true.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    /// Who.
    pub actor: ActorView,
    /// How.
    #[schema(example = "api")]
    pub source: String,
    /// Why, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What.
    pub changes: Vec<ChangeView>,
}

/// What a change set did to one property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Change)]
pub struct ChangeView {
    /// The property's name.
    #[schema(example = "stage")]
    pub property: String,
    /// The value before; `null` is empty.
    #[schema(value_type = serde_json::Value)]
    pub from: Json,
    /// The value after; `null` is empty.
    #[schema(value_type = serde_json::Value)]
    pub to: Json,
    /// In a correction: from when the value is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
    /// In a correction: until when, if it was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
}

/// What a batch did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BatchResult)]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "version": 14, "createdAt": "2026-01-30T10:00:00Z", "updatedAt": "2026-02-12T08:01:13Z", "archived": false, "properties": {"name": "Ada Ltd", "stage": "qualified", "amount": {"amount": "1250.00", "currency": "EUR"}}}], "errors": [{"index": 3, "status": 422, "code": "INVALID_EMAIL", "message": "/properties/email: must be an address such as ada@example.com", "errors": [{"pointer": "/properties/email", "code": "INVALID_EMAIL", "message": "must be an address such as ada@example.com"}]}]}))]
pub struct BatchView {
    /// The records of the inputs that were accepted, in order.
    pub results: Vec<RecordView>,
    /// What was refused.
    pub errors: Vec<BatchError>,
    /// Of a batch that reads: the moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Of a batch that reads: the moment whose knowledge was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_as_of: Option<Timestamp>,
}

/// Why one input of a batch was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchError {
    /// Which input, from 0.
    #[schema(example = 3)]
    pub index: usize,
    /// The status that the write alone would have had.
    #[schema(example = 422)]
    pub status: u16,
    /// Stable, in SCREAMING_SNAKE.
    #[schema(example = "INVALID_EMAIL")]
    pub code: String,
    /// One sentence for a person.
    pub message: String,
    /// Everything that is wrong with the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub errors: Vec<Json>,
}

/// The present of a record, with the properties named, or all that are in use.
#[must_use]
pub fn view(object: &Object, record: &Record, names: Option<&[String]>) -> RecordView {
    RecordView {
        id: record.id.uuid(),
        object: object.name.clone(),
        version: record.version,
        created_at: record.created_at,
        updated_at: record.updated_at,
        archived: record.archived,
        properties: properties(object, names, |name| record.values.get(name)),
        properties_with_history: None,
        as_of: None,
        recorded_as_of: None,
    }
}

/// A record at a moment, from its properties' entries as they were known, and the last version that is about that moment or an earlier one, with
/// the time at which it was recorded. `None` if it did not exist.
pub(super) fn view_at(
    object: &Object,
    record: &Record,
    entries: &HashMap<String, Vec<Entry>>,
    (version, updated_at): (i64, Timestamp),
    moment: &Moment,
    names: Option<&[String]>,
) -> Option<RecordView> {
    let at = moment.as_of.unwrap_or(Timestamp::MAX);
    if at < record.created_at {
        return None;
    }
    let held = |name: &str| {
        entries
            .get(name)
            .and_then(|entries| spans::entry_at(entries, at))
            .and_then(|entry| entry.value.as_ref())
    };
    Some(RecordView {
        id: record.id.uuid(),
        object: object.name.clone(),
        version,
        created_at: record.created_at,
        updated_at,
        archived: held(ARCHIVED) == Some(&Value::Boolean(true)),
        properties: properties(object, names, held),
        properties_with_history: None,
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    })
}

/// A property's spans, newest first, as far as they had begun at `until`; the one that holds then is open, and measured up to `until`.
pub(super) fn span_views(
    entries: &[Entry],
    stamps: &HashMap<i64, VersionStamp>,
    until: Timestamp,
    as_of: bool,
) -> Vec<SpanView> {
    let begun = if as_of {
        entries.partition_point(|entry| entry.valid_from <= until)
    } else {
        entries.len()
    };
    let span = |(index, entry): (usize, &Entry)| {
        let valid_to = entries[..begun].get(index + 1).map(|next| next.valid_from);
        let stamp = stamps.get(&entry.began_version);
        SpanView {
            value: optional_json(entry.value.as_ref()),
            valid_from: entry.valid_from,
            valid_to,
            recorded_at: stamp.map_or(entry.valid_from, |stamp| stamp.recorded_at),
            actor: actor_view(stamp.map_or(Actor::SYSTEM, |stamp| stamp.actor)),
            source: stamp
                .map_or(entry.source, |stamp| stamp.source)
                .as_str()
                .to_owned(),
            change_set: stamp.map_or(Uuid::nil(), |stamp| stamp.id.uuid()),
            duration_seconds: valid_to
                .unwrap_or(until)
                .max(entry.valid_from)
                .seconds_since(entry.valid_from),
        }
    };
    entries[..begun]
        .iter()
        .enumerate()
        .map(span)
        .rev()
        .collect()
}

/// A change set.
#[must_use]
pub fn change_set_view(object: &str, set: ChangeSet) -> ChangeSetView {
    let change = |change: leadline_engine::ledger::Change| ChangeView {
        property: change.property,
        from: change.from,
        to: change.to,
        valid_from: change.valid_from,
        valid_to: change.valid_to,
    };
    ChangeSetView {
        id: set.id.uuid(),
        object: object.to_owned(),
        record_id: set.record_id.uuid(),
        version: set.version,
        recorded_at: set.recorded_at,
        valid_from: set.valid_from,
        actor: actor_view(set.actor),
        source: set.source.as_str().to_owned(),
        reason: set.reason,
        changes: set.changes.into_iter().map(change).collect(),
    }
}

pub(in crate::service) fn actor_view(actor: Actor) -> ActorView {
    ActorView {
        kind: actor.kind.as_str().to_owned(),
        id: actor.id,
    }
}

impl ChangeSetView {
    /// What of it shows as of a time: not what a correction stated of later times, nor that what it stated would end. `None` if nothing does.
    pub(in crate::service) fn seen_at(mut self, at: Timestamp) -> Option<Self> {
        let said_something = !self.changes.is_empty();
        self.changes
            .retain(|change| change.valid_from.is_none_or(|from| from <= at));
        for change in &mut self.changes {
            change.valid_to = change.valid_to.filter(|to| *to <= at);
        }
        let says_something = !self.changes.is_empty();
        (self.valid_from <= at && says_something == said_something).then_some(self)
    }
}

fn properties<'v>(
    object: &Object,
    names: Option<&[String]>,
    held: impl Fn(&str) -> Option<&'v Value>,
) -> Map<String, Json> {
    match names {
        Some(names) => names
            .iter()
            .map(|name| (name.clone(), optional_json(held(name))))
            .collect(),
        None => {
            let shown = object
                .properties
                .iter()
                .filter(|property| property.is_settable());
            shown
                .map(|property| (property.name.clone(), optional_json(held(&property.name))))
                .collect()
        }
    }
}
