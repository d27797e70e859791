//! Which records the texts of links name: by id, by a unique property, or by title.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use leadline_engine::{
    ids::RecordId,
    schema::{Object, Property, Schema},
};
use leadline_store::{
    db::Tx,
    ledger::{record_keys, records},
};
use serde_json::Map;

use super::{Fault, batches::read_key, cells::CellReader, schema_changes, write::Plan};
use crate::service::{
    error::ServiceError,
    records::{Action, Target, Write, apply, find_object},
};

type Found = HashMap<String, Result<RecordId, Fault>>;

/// Finds the records that the texts of each link name, makes those that may be made, and tells the reader. Returns the schema, in which the
/// properties that are looked up are indexed.
pub(super) async fn resolve(
    tx: &mut Tx,
    plan: &Plan,
    mut schema: Arc<Schema>,
    object: &Object,
    (texts, creating): (&BTreeMap<String, BTreeSet<String>>, &BTreeSet<String>),
    reader: &mut CellReader<'_>,
) -> Result<Arc<Schema>, ServiceError> {
    for (name, texts) in texts {
        let Some(property) = object.property(name) else {
            continue;
        };
        let target = property
            .definition
            .target_object
            .clone()
            .unwrap_or_default();
        let Some(known) = schema.object(&target).filter(|object| !object.archived) else {
            continue;
        };
        let title = known.definition.primary_property.clone();
        if known
            .property(&title)
            .is_some_and(|property| property.kind.can_be_key())
        {
            schema = schema_changes::index_property(tx, &plan.ctx, schema, &target, &title).await?;
        }
        let target = Arc::clone(find_object(&schema, &target)?);
        let mut found = find(tx, plan, &target, texts).await?;
        if creating.contains(name) {
            let missing: Vec<String> = texts
                .iter()
                .filter(|text| !found.contains_key(*text))
                .cloned()
                .collect();
            found.extend(create(tx, plan, &schema, &target, &missing).await?);
        }
        for text in texts {
            found.entry(text.clone()).or_insert_with(|| {
                let label = target.definition.label.to_lowercase();
                Err(Fault::new(
                    "UNKNOWN_RECORD",
                    format!("there is no {label} {text:?}"),
                ))
            });
        }
        reader.links.insert(property.id, found);
    }
    Ok(schema)
}

async fn find(
    tx: &mut Tx,
    plan: &Plan,
    target: &Object,
    texts: &BTreeSet<String>,
) -> Result<Found, ServiceError> {
    let mut found = Found::new();
    let ids: Vec<RecordId> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    for id in records::existing(tx, plan.ctx.workspace, target.id, &ids).await? {
        found.insert(id.to_string(), Ok(id));
    }
    for property in lookups(target) {
        let keys: HashMap<String, &String> = texts
            .iter()
            .filter(|text| !found.contains_key(*text))
            .filter_map(|text| Some((read_key(property, text).ok()?.key(property.kind)?, text)))
            .collect();
        if keys.is_empty() {
            continue;
        }
        // Several texts can have one key: `GTX Pro`, `gtx pro`.
        let mut texts_of: HashMap<String, Vec<&String>> = HashMap::new();
        for text in texts.iter().filter(|text| !found.contains_key(*text)) {
            if let Some(key) = read_key(property, text)
                .ok()
                .and_then(|value| value.key(property.kind))
            {
                texts_of.entry(key).or_default().push(text);
            }
        }
        let wanted = texts_of.keys().cloned().collect();
        let mut holders: HashMap<String, Vec<RecordId>> = HashMap::new();
        for (key, record) in record_keys::find(tx, plan.ctx.workspace, property.id, wanted).await? {
            holders.entry(key).or_default().push(record);
        }
        let mut matched = Vec::new();
        for (key, holders) in holders {
            let result = match holders.as_slice() {
                [record] => Ok(*record),
                _ => Err(Fault::new(
                    "AMBIGUOUS_RECORD",
                    format!(
                        "several {} have this {}",
                        target.definition.plural_label.to_lowercase(),
                        property.definition.label.to_lowercase()
                    ),
                )),
            };
            matched.extend(
                texts_of
                    .remove(&key)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|text| (text.clone(), result.clone())),
            );
        }
        found.extend(matched);
    }
    Ok(found)
}

/// Properties by whose value a record can be named: unique ones, then the title.
fn lookups(target: &Object) -> impl Iterator<Item = &Arc<Property>> {
    let is_usable = |property: &&Arc<Property>| {
        property.is_settable() && property.is_indexed() && property.kind.can_be_key()
    };
    let unique = target
        .properties
        .iter()
        .filter(is_usable)
        .filter(|property| property.definition.unique);
    let title = target
        .property(&target.definition.primary_property)
        .filter(is_usable)
        .filter(|property| !property.definition.unique);
    unique.chain(title)
}

/// Makes records that have nothing but their title.
async fn create(
    tx: &mut Tx,
    plan: &Plan,
    schema: &Schema,
    target: &Object,
    titles: &[String],
) -> Result<Found, ServiceError> {
    let name = &target.definition.primary_property;
    let Some(property) = target
        .property(name)
        .filter(|property| property.kind.can_be_key() && property.is_settable())
    else {
        return Ok(Found::new());
    };
    let mut made = Found::new();
    let mut writes = Vec::new();
    let mut texts = Vec::new();
    for text in titles {
        match read_key(property, text) {
            Ok(value) => {
                let action = Action::Set(Map::from_iter([(name.clone(), value.to_json())]));
                let target = Target::Key {
                    property: Arc::clone(property),
                    value,
                };
                writes.push(Write {
                    job: Some(plan.job),
                    ..Write::new(target, action)
                });
                texts.push(text);
            }
            Err(fault) => {
                made.insert(text.clone(), Err(fault));
            }
        }
    }
    for (text, result) in texts
        .into_iter()
        .zip(apply(tx, &plan.ctx, schema, target, &writes).await?)
    {
        let found = match result {
            Ok(applied) => Ok(applied.record.id),
            Err(error) => Err(Fault::new(
                "RECORD_NOT_CREATED",
                format!("it could not be created: {error}"),
            )),
        };
        made.insert(text.clone(), found);
    }
    Ok(made)
}
