//! Which keys a write claims and releases in the index of keys.

use crate::{
    ids::PropertyId,
    ledger::Record,
    schema::{Object, Property},
};

/// Keys to claim and to release; each is a property and a normalised value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// To claim, with whether the property is unique.
    pub claim: Vec<(PropertyId, String, bool)>,
    /// To release.
    pub release: Vec<(PropertyId, String)>,
}

/// What the index of keys must learn when a record goes from one state to another. Archived records hold no keys.
#[must_use]
pub fn key_changes(object: &Object, before: Option<&Record>, after: &Record) -> KeyChanges {
    let mut changes = KeyChanges::default();
    for property in object
        .properties
        .iter()
        .filter(|property| property.is_indexed())
    {
        let old = before.and_then(|record| record_key(record, property));
        let new = record_key(after, property);
        if old == new {
            continue;
        }
        changes.release.extend(old.map(|key| (property.id, key)));
        changes
            .claim
            .extend(new.map(|key| (property.id, key, property.definition.unique)));
    }
    changes
}

/// The key that a record holds for a property.
#[must_use]
pub fn record_key(record: &Record, property: &Property) -> Option<String> {
    if record.archived {
        return None;
    }
    record
        .values
        .get(&property.name)
        .and_then(|value| value.key(property.kind))
        .filter(|key| !key.is_empty())
}
