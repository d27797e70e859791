//! Checks the records of one range: their ledgers, that their keys are stored, and the links from them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use leadline_engine::{
    ids::{PropertyId, RecordId, WorkspaceId},
    ledger::{ChangeSet, Record, Span},
    schema::Schema,
    verify as engine,
    write::record_key,
};
use leadline_store::{
    db::{Db, Tx},
    ledger::ranges::{self, Contents, Range, StoredKey},
    workspaces::Workspace,
};

use super::{Finding, Verified, links, load_schema};
use crate::service::error::ServiceError;

/// All that is needed to judge a range.
struct Loaded {
    schema: Schema,
    contents: Contents,
    keys: Vec<StoredKey>,
}

/// Keys that records of a range hold, by property: the value, and by which record.
type DueKeys = BTreeMap<PropertyId, Vec<(String, RecordId)>>;

/// Checks a range.
pub(super) async fn check(
    db: &Db,
    workspace: &Workspace,
    range: Range,
) -> Result<Result<Verified, Finding>, ServiceError> {
    let id = workspace.id;
    let loaded = db
        .snapshot(move |tx| {
            Box::pin(async move {
                let schema = load_schema(tx, id).await?;
                let contents = ranges::read(tx, id, &schema, range).await?;
                let keys = load_keys(tx, id, &due_keys(&schema, &contents)).await?;
                Ok::<_, ServiceError>(Arc::new(Loaded {
                    schema,
                    contents,
                    keys,
                }))
            })
        })
        .await?;
    let workspace = workspace.clone();
    tokio::task::spawn_blocking(move || judge(&workspace, &loaded))
        .await
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

fn judge(workspace: &Workspace, loaded: &Loaded) -> Result<Verified, Finding> {
    let Contents {
        records,
        spans,
        change_sets,
        damages,
        ..
    } = &loaded.contents;
    if let Some(damage) = damages.iter().min_by_key(|damage| damage.record) {
        let property = damage.property.and_then(|id| name_of(&loaded.schema, id));
        return Err(Finding {
            property,
            version: damage.version,
            ..Finding::new(workspace, damage.record, &damage.what)
        });
    }
    let present: HashMap<RecordId, &Record> =
        records.iter().map(|record| (record.id, record)).collect();
    let spans: HashMap<RecordId, &[Span]> = spans
        .chunk_by(|a, b| a.record_id == b.record_id)
        .map(|rows| (rows[0].record_id, rows))
        .collect();
    let change_sets: HashMap<RecordId, &[ChangeSet]> = change_sets
        .chunk_by(|a, b| a.record_id == b.record_id)
        .map(|sets| (sets[0].record_id, sets))
        .collect();
    let ids: BTreeSet<&RecordId> = present
        .keys()
        .chain(spans.keys())
        .chain(change_sets.keys())
        .collect();
    let mut verified = Verified::default();
    for id in ids {
        let Some(record) = present.get(id) else {
            let what = "there is history of it, but not the record itself";
            return Err(Finding::new(workspace, *id, what));
        };
        let object = loaded
            .schema
            .object_by_id(record.object_id)
            .ok_or_else(|| Finding::new(workspace, *id, "its object does not exist"))?;
        let spans = spans.get(id).copied().unwrap_or_default();
        let change_sets = change_sets.get(id).copied().unwrap_or_default();
        engine::verify(object, record, spans, change_sets).map_err(|fault| Finding {
            object: Some(object.name.as_str().into()),
            property: fault.property.map(Into::into),
            version: fault.version,
            ..Finding::new(workspace, *id, &fault.what)
        })?;
        verified.records += 1;
        verified.spans += spans.len() as u64;
        verified.change_sets += change_sets.len() as u64;
    }
    verified.keys = judge_keys(workspace, loaded, &present)?;
    verified.links = links::judge(workspace, &loaded.schema, &loaded.contents)?;
    Ok(verified)
}

/// Every key that is due is stored. How many there are.
fn judge_keys(
    workspace: &Workspace,
    loaded: &Loaded,
    present: &HashMap<RecordId, &Record>,
) -> Result<u64, Finding> {
    let stored: HashSet<(PropertyId, RecordId, bool)> = loaded
        .keys
        .iter()
        .map(|key| (key.property, key.record, key.is_unique))
        .collect();
    let mut count = 0;
    for (property, due) in due_keys(&loaded.schema, &loaded.contents) {
        for (_, record) in due {
            count += 1;
            let object = present
                .get(&record)
                .and_then(|record| loaded.schema.object_by_id(record.object_id));
            let definition = object.and_then(|object| object.property_by_id(property));
            let is_unique = definition.is_some_and(|property| property.definition.unique);
            if !stored.contains(&(property, record, is_unique)) {
                return Err(Finding {
                    object: object.map(|object| object.name.as_str().into()),
                    property: name_of(&loaded.schema, property),
                    version: present.get(&record).map(|record| record.version),
                    ..Finding::new(workspace, record, "the key of its current value is missing")
                });
            }
        }
    }
    Ok(count)
}

fn due_keys(schema: &Schema, contents: &Contents) -> DueKeys {
    let mut due = DueKeys::new();
    for record in &contents.records {
        let Some(object) = schema.object_by_id(record.object_id) else {
            continue;
        };
        let indexed = object
            .properties
            .iter()
            .filter(|property| property.is_indexed());
        for property in indexed {
            if let Some(value) = record_key(record, property) {
                due.entry(property.id).or_default().push((value, record.id));
            }
        }
    }
    due
}

/// Those of the keys that are stored.
async fn load_keys(
    tx: &mut Tx,
    workspace: WorkspaceId,
    due: &DueKeys,
) -> Result<Vec<StoredKey>, ServiceError> {
    let mut found = Vec::new();
    for (property, keys) in due {
        let values: Vec<&str> = keys.iter().map(|(value, _)| value.as_str()).collect();
        let wanted: HashSet<(RecordId, String)> = keys
            .iter()
            .map(|(value, record)| (*record, ranges::stored_key(value)))
            .collect();
        let stored = ranges::keys_with(tx, workspace, *property, &values).await?;
        found.extend(
            stored
                .into_iter()
                .filter(|key| wanted.contains(&(key.record, key.value.clone()))),
        );
    }
    Ok(found)
}

fn name_of(schema: &Schema, property: PropertyId) -> Option<Box<str>> {
    schema
        .objects()
        .iter()
        .find_map(|object| object.property_by_id(property))
        .map(|property| property.name.as_str().into())
}
