//! The ledger's own nouns: actors, sources, records, entries, spans, change sets, and the hash that chains them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    ids::{ChangeSetId, JobId, ObjectId, PropertyId, RecordId},
    time::Timestamp,
    value::Value,
};

/// The hash that the first change set of a record follows.
pub const GENESIS: Hash = [0; 32];

/// A SHA-256.
pub type Hash = [u8; 32];

/// Who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// Which one; the system has none.
    pub id: Option<Uuid>,
}

/// What can make a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    User,
    /// An API token.
    Token,
    /// An automation.
    Automation,
    /// Leadline itself.
    System,
}

/// How a change came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// By hand, in the app.
    User,
    /// Through the API.
    Api,
    /// From a file.
    Import,
    /// By a rule.
    Automation,
    /// For many records at once.
    Bulk,
    /// By a merge of records.
    Merge,
    /// By restoring an earlier state.
    Restore,
    /// By Leadline itself.
    System,
}

/// One value of a property, from the moment it began to hold until the next entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it began to be true.
    pub valid_from: Timestamp,
    /// `None` is empty: the property was cleared.
    pub value: Option<Value>,
    /// The version of the record that began it.
    pub began_version: i64,
    /// The version of the record at which this entry became known; later than `began_version` only when a correction brought it back.
    pub known_version: i64,
    /// How the change that began it came.
    pub source: Source,
    /// Order among entries of the same instant, from 0.
    pub ordinal: u32,
}

/// Since when a current value holds; an [`Entry`] without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// When it began to be true.
    pub valid_from: Timestamp,
    /// Order among entries of the same instant.
    pub ordinal: u32,
    /// The version that began it.
    pub began_version: i64,
    /// The version at which this entry became known.
    pub known_version: i64,
    /// How the change that began it came.
    pub source: Source,
}

/// The present of a record: one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its identity.
    pub id: RecordId,
    /// Its kind.
    pub object_id: ObjectId,
    /// How many change sets it has.
    pub version: i64,
    /// Current values by property name; empty ones are absent.
    pub values: BTreeMap<String, Value>,
    /// Since when, by property name, where that is not the creation. An empty property that once had a value is here too.
    pub since: BTreeMap<String, Since>,
    /// When it began to exist, in valid time.
    pub created_at: Timestamp,
    /// How its creation came.
    pub created_source: Source,
    /// Who created it.
    pub created_by: Actor,
    /// When Leadline learned of it.
    pub recorded_at: Timestamp,
    /// When Leadline last learned something of it: the recorded time of its last change set.
    pub updated_at: Timestamp,
    /// Whether it is archived.
    pub archived: bool,
    /// The hash of its last change set.
    pub head_hash: Hash,
}

/// A row of closed (or superseded) history. Written once; only `superseded_version` is ever set later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Of which record.
    pub record_id: RecordId,
    /// Of which property.
    pub property_id: PropertyId,
    /// When the value began to be true.
    pub valid_from: Timestamp,
    /// Order among entries of the same instant.
    pub ordinal: u32,
    /// When it ceased to be true; `None` only for a superseded row that was open.
    pub valid_to: Option<Timestamp>,
    /// The value; `None` is empty.
    pub value: Option<Value>,
    /// The version that began it.
    pub began_version: i64,
    /// The version that ended it.
    pub ended_version: Option<i64>,
    /// The version at which this row became known.
    pub known_version: i64,
    /// The version whose correction replaced it.
    pub superseded_version: Option<i64>,
    /// How the change that began it came.
    pub source: Source,
}

/// What a change set did to one property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The property's name.
    pub property: String,
    /// The value before, as JSON; `null` is empty.
    pub from: Json,
    /// The value after.
    pub to: Json,
    /// In a correction: from when the value is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// In a correction: until when, if stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
    /// In a correction that takes an import back: the version that began the value before, 0 if none begins one here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<i64>,
}

/// All that one write changed on one record.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeSet {
    /// Its identity.
    pub id: ChangeSetId,
    /// The object of the record.
    pub object_id: ObjectId,
    /// The record.
    pub record_id: RecordId,
    /// The version of the record that it made; the first is 1.
    pub version: i64,
    /// When Leadline learned it.
    pub recorded_at: Timestamp,
    /// From when it is true. Of a correction, the earliest time it states.
    pub valid_from: Timestamp,
    /// Who.
    pub actor: Actor,
    /// How.
    pub source: Source,
    /// Why, where it was said.
    pub reason: Option<String>,
    /// The job that wrote it.
    pub job_id: Option<JobId>,
    /// What.
    pub changes: Vec<Change>,
    /// SHA-256 over the previous change set's hash and everything above.
    pub hash: Hash,
}

impl Actor {
    /// Leadline itself.
    pub const SYSTEM: Self = Self {
        kind: ActorKind::System,
        id: None,
    };
}

impl ActorKind {
    /// The number it is stored as.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            Self::User => 0,
            Self::Token => 1,
            Self::Automation => 2,
            Self::System => 3,
        }
    }

    /// The kind stored as this number.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::User, Self::Token, Self::Automation, Self::System]
            .into_iter()
            .find(|kind| kind.code() == code)
    }

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
            Self::Automation => "automation",
            Self::System => "system",
        }
    }
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 8] = [
        Self::User,
        Self::Api,
        Self::Import,
        Self::Automation,
        Self::Bulk,
        Self::Merge,
        Self::Restore,
        Self::System,
    ];

    /// The number it is stored as.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::User => 0,
            Self::Api => 1,
            Self::Import => 2,
            Self::Automation => 3,
            Self::Bulk => 4,
            Self::Merge => 5,
            Self::Restore => 6,
            Self::System => 7,
        }
    }

    /// The source stored as this number.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|source| i64::from(source.code()) == code)
    }

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Api => "api",
            Self::Import => "import",
            Self::Automation => "automation",
            Self::Bulk => "bulk",
            Self::Merge => "merge",
            Self::Restore => "restore",
            Self::System => "system",
        }
    }

    /// Reads the API's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }
}

impl Since {
    /// As an entry with its value.
    #[must_use]
    pub fn entry(self, value: Option<Value>) -> Entry {
        let Self {
            valid_from,
            ordinal,
            began_version,
            known_version,
            source,
        } = self;
        Entry {
            valid_from,
            value,
            began_version,
            known_version,
            source,
            ordinal,
        }
    }

    /// The packed form that is stored: `[validFrom, ordinal, began, known, source]`.
    #[must_use]
    pub fn to_packed(self) -> [i64; 5] {
        [
            self.valid_from.micros(),
            i64::from(self.ordinal),
            self.began_version,
            self.known_version,
            i64::from(self.source.code()),
        ]
    }

    /// Reads the packed form; `None` if it is damaged.
    #[must_use]
    pub fn from_packed(packed: [i64; 5]) -> Option<Self> {
        let [valid_from, ordinal, began_version, known_version, source] = packed;
        Some(Self {
            valid_from: Timestamp::from_micros(valid_from),
            ordinal: u32::try_from(ordinal).ok()?,
            began_version,
            known_version,
            source: Source::from_code(source)?,
        })
    }
}

impl Record {
    /// The open entry of a property: its current value and since when. `None` if it never had a value.
    #[must_use]
    pub fn open_entry(&self, property: &str) -> Option<Entry> {
        let value = self.values.get(property).cloned();
        match self.since.get(property) {
            Some(since) => Some(since.entry(value)),
            None => value.map(|value| self.since_creation().entry(Some(value))),
        }
    }

    /// What a value that holds since the creation has in common with it.
    #[must_use]
    pub fn since_creation(&self) -> Since {
        Since {
            valid_from: self.created_at,
            ordinal: 0,
            began_version: 1,
            known_version: 1,
            source: self.created_source,
        }
    }

    /// Makes `entry` the open entry of a property.
    pub fn set_open_entry(&mut self, property: &str, entry: &Entry) {
        match &entry.value {
            Some(value) => self.values.insert(property.to_owned(), value.clone()),
            None => self.values.remove(property),
        };
        let Entry {
            valid_from,
            began_version,
            known_version,
            source,
            ordinal,
            ..
        } = *entry;
        let since = Since {
            valid_from,
            ordinal,
            began_version,
            known_version,
            source,
        };
        if entry.value.is_some() && since == self.since_creation() {
            self.since.remove(property);
        } else {
            self.since.insert(property.to_owned(), since);
        }
    }

    /// Moves the beginning of the record's existence; what held since the old beginning keeps its own time.
    pub fn set_created_at(&mut self, created_at: Timestamp) {
        if created_at == self.created_at {
            return;
        }
        let since = self.since_creation();
        for name in self.values.keys() {
            self.since.entry(name.clone()).or_insert(since);
        }
        self.created_at = created_at;
    }

    /// Names of all properties that have, or once had, a value.
    pub fn known_properties(&self) -> impl Iterator<Item = &String> {
        self.values.keys().chain(
            self.since
                .keys()
                .filter(|name| !self.values.contains_key(*name)),
        )
    }
}

impl ChangeSet {
    /// Whether it states what was true of a property at other times.
    #[must_use]
    pub fn is_correction(&self) -> bool {
        self.changes
            .first()
            .is_some_and(|change| change.valid_from.is_some())
    }

    /// Whether it takes back what the job that wrote it had written.
    #[must_use]
    pub fn is_undo(&self) -> bool {
        self.changes.iter().any(|change| change.restores.is_some())
    }

    /// Whether this and the next change set of the record can be one write, as those of an import are.
    #[must_use]
    pub fn may_be_one_write_with(&self, next: &Self) -> bool {
        next.recorded_at == self.recorded_at.plus_micros(1)
            && next.valid_from >= self.valid_from
            && next.job_id == self.job_id
            && next.reason == self.reason
            && !self.is_correction()
            && !next.is_correction()
    }

    /// The hash of this change set when it follows `previous`. Fields are length-prefixed, JSON is canonical (sorted keys), so that neither
    /// database can change the bytes.
    #[must_use]
    pub fn hash_after(&self, previous: &Hash) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        hasher.update(self.id.as_bytes());
        hasher.update(self.object_id.as_bytes());
        hasher.update(self.record_id.as_bytes());
        for number in [
            self.version,
            self.recorded_at.micros(),
            self.valid_from.micros(),
            self.actor.kind.code(),
            i64::from(self.source.code()),
        ] {
            hasher.update(number.to_be_bytes());
        }
        hasher.update(self.actor.id.unwrap_or_default().as_bytes());
        hasher.update(self.job_id.map_or(Uuid::nil(), JobId::uuid).as_bytes());
        let mut text = String::new();
        for change in &self.changes {
            text.push_str(&change.property);
            text.push('\u{1}');
            write_canonical(&change.from, &mut text);
            text.push('\u{1}');
            write_canonical(&change.to, &mut text);
            for time in [change.valid_from, change.valid_to] {
                text.push('\u{1}');
                text.push_str(&time.map_or_else(String::new, |time| time.micros().to_string()));
            }
            if let Some(version) = change.restores {
                text.push('\u{1}');
                text.push_str(&version.to_string());
            }
            text.push('\u{2}');
        }
        for part in [self.reason.as_deref().unwrap_or(""), &text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().into()
    }
}

/// Writes JSON with sorted keys and no white space.
pub fn write_canonical(json: &Json, out: &mut String) {
    match json {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Json::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Json::String(key.clone()).to_string());
                out.push(':');
                write_canonical(&map[key], out);
            }
            out.push('}');
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            out.push_str(&json.to_string())
        }
    }
}
