//! What one write does to one record, before anything is stored: the heart of the write path.
//!
//! Each function takes the record as it is and answers what must be saved ([`Written`]), `None` if nothing changes, or a [`Refusal`].

mod history;
mod keys;
mod undo;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use history::{HistoryRow, write_history};
pub use keys::{KeyChanges, key_changes, record_key};
pub use undo::take_back;

use crate::{
    ids::{ChangeSetId, JobId, PropertyId, RecordId},
    ledger::{Actor, Change, ChangeSet, Entry, GENESIS, Record, Source, Span},
    lifecycle,
    schema::{ARCHIVED, Object, Property, PropertyType},
    spans::{self, Owner, Statement},
    time::Timestamp,
    validate::Draft,
    value::{Value, optional_json},
};

/// When, by whom and how a write is made.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The clock's present.
    pub now: Timestamp,
    /// Who.
    pub actor: Actor,
    /// How.
    pub source: Source,
    /// Why.
    pub reason: Option<String>,
    /// By which job.
    pub job_id: Option<JobId>,
    /// From when the new values are true, if that is not now.
    pub valid_from: Option<Timestamp>,
}

/// What must be saved. The record's new state is in the record that was passed in.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// In order of version.
    pub change_sets: Vec<ChangeSet>,
    /// Rows to append.
    pub spans: Vec<Span>,
    /// Rows to mark as superseded by the last change set.
    pub superseded: Vec<Span>,
}

/// Why a write is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The record is archived: 409.
    #[error("The record is archived; unarchive it first.")]
    Archived,
    /// A time to come: 422.
    #[error("{field} must not lie in the future")]
    InFuture {
        /// The field of the request.
        field: &'static str,
    },
    /// An interval that ends before it begins: 422.
    #[error("validTo must be later than validFrom")]
    EmptyInterval,
    /// `validFrom` is not later than the last change of a property: 409.
    #[error("{property} last changed at {last}; to state what was true before, use corrections")]
    BeforeLastChange {
        /// The property's name.
        property: String,
        /// When it last changed, or the record's creation.
        last: Timestamp,
    },
    /// A required property would be empty: 422.
    #[error("{property} is required")]
    Required {
        /// The property's name.
        property: String,
    },
    /// What is stored of a property's history cannot be read.
    #[error("the history of {property} is damaged")]
    Damaged {
        /// The property's name.
        property: String,
    },
    /// The lifecycle refuses: 409 or 422.
    #[error(transparent)]
    Lifecycle(#[from] lifecycle::Refusal),
}

/// Creates a record with these values.
///
/// # Errors
/// If `valid_from` lies in the future or a stage cannot be entered.
pub fn create(
    object: &Object,
    id: RecordId,
    draft: &Draft,
    stamp: &Stamp,
) -> Result<(Record, Written), Refusal> {
    if stamp.valid_from.is_some_and(|from| from > stamp.now) {
        return Err(Refusal::InFuture { field: "validFrom" });
    }
    let created_at = stamp.valid_from.unwrap_or(stamp.now);
    let values: BTreeMap<String, Value> = draft
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
        .collect();
    let mut record = Record {
        id,
        object_id: object.id,
        version: 0,
        values: BTreeMap::new(),
        since: BTreeMap::new(),
        created_at,
        created_source: stamp.source,
        created_by: stamp.actor,
        recorded_at: stamp.now,
        updated_at: stamp.now,
        archived: false,
        head_hash: GENESIS,
    };
    for (name, value) in &values {
        check_entry(object, name, None, Some(value), &values)?;
    }
    let changes = values
        .iter()
        .map(|(name, value)| change(name, None, Some(value)))
        .collect();
    record.values = values;
    let change_set = append(&mut record, changes, created_at, stamp.now, stamp);
    Ok((
        record,
        Written {
            change_sets: vec![change_set],
            ..Written::default()
        },
    ))
}

/// Sets these values; those that do not differ are left alone.
///
/// # Errors
/// If the record is archived, `valid_from` is in the future or not after the last change, or a lifecycle refuses.
pub fn update(
    object: &Object,
    record: &mut Record,
    draft: &Draft,
    stamp: &Stamp,
) -> Result<Option<Written>, Refusal> {
    if record.archived {
        return Err(Refusal::Archived);
    }
    set_values(object, record, draft, stamp)
}

/// Makes a version although no value differs: something that belongs to the record, and is not kept in it, changed with it.
pub fn touch(record: &mut Record, stamp: &Stamp) -> Written {
    let recorded_at = next_recorded_at(record, stamp.now);
    let change_set = append(record, Vec::new(), recorded_at, recorded_at, stamp);
    Written {
        change_sets: vec![change_set],
        ..Written::default()
    }
}

/// Archives or unarchives the record.
///
/// # Errors
/// As [`update`], but for archived records too.
pub fn set_archived(
    object: &Object,
    record: &mut Record,
    archived: bool,
    stamp: &Stamp,
) -> Result<Option<Written>, Refusal> {
    let value = if archived || record.since.contains_key(ARCHIVED) {
        Some(Value::Boolean(archived))
    } else {
        None
    };
    let written = set_values(
        object,
        record,
        &Draft::from([(ARCHIVED.to_owned(), value)]),
        stamp,
    )?;
    record.archived = archived;
    Ok(written)
}

/// States what was true of one property at other times. `spans` are all its rows.
///
/// # Errors
/// If the record is archived, a time lies in the future, an interval is empty, or a lifecycle refuses a move that would result.
pub fn correct(
    object: &Object,
    record: &mut Record,
    property: &Property,
    spans: &[Span],
    statements: &[Statement],
    stamp: &Stamp,
) -> Result<Option<Written>, Refusal> {
    if record.archived {
        return Err(Refusal::Archived);
    }
    let recorded_at = next_recorded_at(record, stamp.now);
    for statement in statements {
        if statement.valid_from > recorded_at {
            return Err(Refusal::InFuture { field: "validFrom" });
        }
        if statement.valid_to.is_some_and(|to| to > recorded_at) {
            return Err(Refusal::InFuture { field: "validTo" });
        }
        if statement
            .valid_to
            .is_some_and(|to| to <= statement.valid_from)
        {
            return Err(Refusal::EmptyInterval);
        }
    }
    let before = spans::known_entries(spans, record.open_entry(&property.name));
    let after = spans::correct(&before, statements, record.version + 1, stamp.source);
    if after == before {
        return Ok(None);
    }
    check_correction(object, record, property, &before, &after)?;
    let restated = Restated {
        property,
        spans,
        after: &after,
        statements,
        is_undo: false,
    };
    Ok(restate(record, &restated, stamp))
}

/// What statements make of a property's timeline.
struct Restated<'a> {
    property: &'a Property,
    /// All its rows.
    spans: &'a [Span],
    /// The entries afterwards.
    after: &'a [Entry],
    statements: &'a [Statement],
    is_undo: bool,
}

/// Makes a restated timeline the known one. `None` if it was already.
fn restate(record: &mut Record, restated: &Restated<'_>, stamp: &Stamp) -> Option<Written> {
    let Restated {
        property,
        spans,
        after,
        statements,
        is_undo,
    } = *restated;
    let version = record.version + 1;
    let open = record.open_entry(&property.name);
    let before = spans::known_entries(spans, open.clone());
    let owner = Owner {
        record_id: record.id,
        property_id: property.id,
    };
    let rewrite = spans::rewrite(owner, spans, open.as_ref(), after, version..=version);
    if rewrite.is_empty() && rewrite.open == open {
        return None;
    }
    let at = |time| spans::entry_at(&before, time).and_then(|entry| entry.value.as_ref());
    let stated = |statement: &Statement| Change {
        valid_from: Some(statement.valid_from),
        valid_to: statement.valid_to,
        restores: is_undo.then(|| statement.origin.map_or(0, |origin| origin.version)),
        ..change(
            &property.name,
            at(statement.valid_from),
            statement.value.as_ref(),
        )
    };
    let changes = statements.iter().map(stated).collect();
    let recorded_at = next_recorded_at(record, stamp.now);
    let valid_from = statements
        .iter()
        .map(|statement| statement.valid_from)
        .min()
        .unwrap_or(recorded_at);
    replace_open(record, property, rewrite.open.as_ref(), after);
    let change_set = append(record, changes, valid_from, recorded_at, stamp);
    Some(Written {
        change_sets: vec![change_set],
        spans: rewrite.append,
        superseded: rewrite.supersede,
    })
}

/// The recorded time of the record's next change set: now, but always later than the last one.
#[must_use]
pub fn next_recorded_at(record: &Record, now: Timestamp) -> Timestamp {
    now.max(record.updated_at.plus_micros(1))
}

fn set_values(
    object: &Object,
    record: &mut Record,
    draft: &Draft,
    stamp: &Stamp,
) -> Result<Option<Written>, Refusal> {
    let changed: Vec<(&String, &Option<Value>)> = draft
        .iter()
        .filter(|(name, value)| record.values.get(*name) != value.as_ref())
        .collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let recorded_at = next_recorded_at(record, stamp.now);
    let valid_from = stamp.valid_from.unwrap_or(recorded_at);
    if valid_from > recorded_at {
        return Err(Refusal::InFuture { field: "validFrom" });
    }
    let mut after = record.values.clone();
    for (name, value) in &changed {
        match value {
            Some(value) => after.insert((*name).clone(), value.clone()),
            None => after.remove(*name),
        };
    }
    for (name, value) in &changed {
        check_is_later(record, name, valid_from)?;
        check_entry(
            object,
            name,
            record.values.get(*name),
            value.as_ref(),
            &after,
        )?;
    }
    let version = record.version + 1;
    let mut spans = Vec::new();
    let mut changes = Vec::with_capacity(changed.len());
    for (name, value) in changed {
        changes.push(change(name, record.values.get(name), value.as_ref()));
        let property = property_id(object, name);
        spans.extend(spans::set_value(
            record,
            (name, property),
            value.clone(),
            valid_from,
            version,
            stamp.source,
        ));
    }
    let change_set = append(record, changes, valid_from, recorded_at, stamp);
    Ok(Some(Written {
        change_sets: vec![change_set],
        spans,
        ..Written::default()
    }))
}

fn check_is_later(record: &Record, name: &str, valid_from: Timestamp) -> Result<(), Refusal> {
    let refusal = |last| Refusal::BeforeLastChange {
        property: name.to_owned(),
        last,
    };
    match record.open_entry(name) {
        Some(entry) if valid_from <= entry.valid_from => Err(refusal(entry.valid_from)),
        None if valid_from < record.created_at => Err(refusal(record.created_at)),
        _ => Ok(()),
    }
}

fn check_entry(
    object: &Object,
    name: &str,
    from: Option<&Value>,
    to: Option<&Value>,
    after: &BTreeMap<String, Value>,
) -> Result<(), Refusal> {
    let Some(property) = object.property(name) else {
        return Ok(());
    };
    if to.is_none() && property.definition.required {
        return Err(Refusal::Required {
            property: name.to_owned(),
        });
    }
    if property.kind != PropertyType::Stage {
        return Ok(());
    }
    lifecycle::check_move(property, stage(from), stage(to))?;
    match stage(to) {
        Some(to) => Ok(lifecycle::check_requirements(property, to, after)?),
        None => Ok(()),
    }
}

fn check_correction(
    object: &Object,
    record: &Record,
    property: &Property,
    before: &[Entry],
    after: &[Entry],
) -> Result<(), Refusal> {
    let last = after.last().and_then(|entry| entry.value.as_ref());
    if last != before.last().and_then(|entry| entry.value.as_ref()) {
        let mut values = record.values.clone();
        match last {
            Some(value) => values.insert(property.name.clone(), value.clone()),
            None => values.remove(&property.name),
        };
        if last.is_none() && property.definition.required {
            return Err(Refusal::Required {
                property: property.name.clone(),
            });
        }
        if let Some(to) = stage(last).filter(|_| property.kind == PropertyType::Stage) {
            lifecycle::check_requirements(
                object
                    .property(&property.name)
                    .map_or(property, |known| known),
                to,
                &values,
            )?;
        }
    }
    if property.kind != PropertyType::Stage {
        return Ok(());
    }
    let moves = |entries: &[Entry]| -> Vec<(Option<String>, Option<String>)> {
        let stages: Vec<Option<String>> = std::iter::once(None)
            .chain(
                entries
                    .iter()
                    .map(|entry| stage(entry.value.as_ref()).map(str::to_owned)),
            )
            .collect();
        stages
            .windows(2)
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect()
    };
    let known = moves(before);
    for (from, to) in moves(after).iter().filter(|made| !known.contains(made)) {
        lifecycle::check_move(property, from.as_deref(), to.as_deref())?;
    }
    Ok(())
}

/// Makes the rewritten timeline's last entry the record's open one, and moves the record's beginning if the timeline now begins earlier.
pub(crate) fn replace_open(
    record: &mut Record,
    property: &Property,
    open: Option<&Entry>,
    entries: &[Entry],
) {
    if let Some(first) = entries.first()
        && first.valid_from < record.created_at
    {
        record.set_created_at(first.valid_from);
    }
    match open {
        Some(entry) => record.set_open_entry(&property.name, entry),
        None => {
            record.values.remove(&property.name);
            record.since.remove(&property.name);
        }
    }
}

/// Gives the record its next version and answers the change set that made it.
fn append(
    record: &mut Record,
    changes: Vec<Change>,
    valid_from: Timestamp,
    recorded_at: Timestamp,
    stamp: &Stamp,
) -> ChangeSet {
    record.version += 1;
    record.updated_at = recorded_at;
    let mut change_set = ChangeSet {
        id: ChangeSetId::new(),
        object_id: record.object_id,
        record_id: record.id,
        version: record.version,
        recorded_at,
        valid_from,
        actor: stamp.actor,
        source: stamp.source,
        reason: stamp.reason.clone(),
        job_id: stamp.job_id,
        changes,
        hash: GENESIS,
    };
    change_set.hash = change_set.hash_after(&record.head_hash);
    record.head_hash = change_set.hash;
    change_set
}

fn change(name: &str, from: Option<&Value>, to: Option<&Value>) -> Change {
    let (from, to): (Json, Json) = (optional_json(from), optional_json(to));
    Change {
        property: name.to_owned(),
        from,
        to,
        valid_from: None,
        valid_to: None,
        restores: None,
    }
}

fn stage(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::Option(stage)) => Some(stage),
        _ => None,
    }
}

fn property_id(object: &Object, name: &str) -> PropertyId {
    object
        .property(name)
        .expect("a draft was validated against this object")
        .id
}

#[cfg(test)]
mod tests;
