//! Everything of a range of records, of all objects and read as it stands, for checking the ledger against itself.
//!
//! A row that cannot be read is not an error here but a [`Damage`] that says which one it is.

use std::collections::HashMap;

use leadline_engine::{
    ids::{ObjectId, PropertyId, RecordId, WorkspaceId},
    ledger::{ChangeSet, Record, Span},
    schema::Schema,
};
use uuid::Uuid;

use super::{
    associations::{self, Association},
    change_sets, record_keys, records, spans,
};
use crate::db::{DbError, Param, Row, Tx};
use crate::statements::statements;

/// Records after one, up to and including another (to the end if `None`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Those with a greater id; all if `None`.
    pub after: Option<RecordId>,
    /// The last one.
    pub until: Option<RecordId>,
}

/// All rows of a range, each list in order of record.
#[derive(Debug, Default)]
pub struct Contents {
    /// The present.
    pub records: Vec<Record>,
    /// The past; of one record in no order that matters.
    pub spans: Vec<Span>,
    /// Of one record in order of version.
    pub change_sets: Vec<ChangeSet>,
    /// Links from the records, each followed by the next with the same other end and label.
    pub associations: Vec<Association>,
    /// Of which object the records at the other ends of the links are; those that do not exist are left out.
    pub linked: HashMap<RecordId, ObjectId>,
    /// Rows that cannot be read, of all kinds.
    pub damages: Vec<Damage>,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Of which record.
    pub record: RecordId,
    /// Of which property, if the row is of one.
    pub property: Option<PropertyId>,
    /// At which version, if the row is of one.
    pub version: Option<i64>,
    /// What is wrong with it.
    pub what: String,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// The property.
    pub property: PropertyId,
    /// The normalised value, or what stands for a long one.
    pub value: String,
    /// Who holds it.
    pub record: RecordId,
    /// Whether no other may.
    pub is_unique: bool,
}

/// The end of the range of `size` records after one; `None` if there are not that many.
///
/// # Errors
/// Any `DbError`.
pub async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<RecordId>,
    size: i64,
) -> Result<Option<RecordId>, DbError> {
    let sql =
        "select id from record where workspace_id = $1 and id > $2 order by id limit 1 offset $3";
    let after = after.map_or(Uuid::nil(), RecordId::uuid);
    let row = tx
        .query_opt(sql, &[workspace.into(), after.into(), (size - 1).into()])
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// Reads a range, in one snapshot if the unit of work is one. Change sets, spans and links without a record are there too.
///
/// # Errors
/// Any `DbError`.
pub async fn read(
    tx: &mut Tx,
    workspace: WorkspaceId,
    schema: &Schema,
    range: Range,
) -> Result<Contents, DbError> {
    let mut contents = Contents::default();
    let after = range.after.map_or(Uuid::nil(), RecordId::uuid);
    let until = range.until.map_or(Uuid::max(), RecordId::uuid);
    let sql = "select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash, \
               object_id from record where workspace_id = $1 and id > $2 and id <= $3 order by id";
    let params = [workspace.into(), after.into(), until.into()];
    for row in tx.query(sql, &params).await? {
        let object = schema.object_by_id(row.get::<ObjectId>(12)?);
        let record = object
            .ok_or_else(|| DbError::Corrupt("a record belongs to an unknown object".into()))
            .and_then(|object| records::decode(object, &row));
        match record {
            Ok(record) => contents.records.push(record),
            Err(error) => contents.damages.push(damage(&row, 0, None, None, &error)?),
        }
    }
    let sql = "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash \
               from change_set where workspace_id = $1 and record_id > $2 and record_id <= $3 order by record_id, version";
    for row in tx.query(sql, &params).await? {
        match change_sets::decode(&row) {
            Ok(set) => contents.change_sets.push(set),
            Err(error) => {
                let version = row.get(3)?;
                let damage = damage(&row, 2, None, Some(version), &error)?;
                contents.damages.push(damage);
            }
        }
    }
    let sql = "select record_id, property_id, valid_from, ordinal, valid_to, value, began_version, ended_version, known_version, superseded_version, source \
               from span where workspace_id = $1 and record_id > $2 and record_id <= $3 and property_id = $4 \
               order by record_id, valid_from, ordinal, known_version";
    let [workspace_param, after_param, until_param] = params;
    for object in schema.objects() {
        for property in &object.properties {
            let params = [
                workspace_param.clone(),
                after_param.clone(),
                until_param.clone(),
                property.id.into(),
            ];
            for row in tx.query(sql, &params).await? {
                match spans::decode(object, &row) {
                    Ok(span) => contents.spans.push(span),
                    Err(error) => {
                        let version = row.get(6)?;
                        let damage = damage(&row, 0, Some(property.id), Some(version), &error)?;
                        contents.damages.push(damage);
                    }
                }
            }
        }
    }
    contents.spans.sort_by_key(|span| span.record_id);
    let params = [workspace_param, after_param, until_param];
    read_associations(tx, &params, &mut contents).await?;
    Ok(contents)
}

async fn read_associations(
    tx: &mut Tx,
    params: &[Param<'_>; 3],
    contents: &mut Contents,
) -> Result<(), DbError> {
    let sql = "select id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by, unlinked_at, \
               unlinked_by_type, unlinked_by from association where workspace_id = $1 and from_record > $2 and from_record <= $3 \
               order by from_record, to_record, label, linked_at, id";
    for row in tx.query(sql, params).await? {
        match associations::decode(&row) {
            Ok(link) => contents.associations.push(link),
            Err(error) => contents.damages.push(damage(&row, 2, None, None, &error)?),
        }
    }
    if contents.associations.is_empty() {
        return Ok(());
    }
    let sql = statements(tx.dialect()).objects_of_records;
    let ends = contents.associations.iter().map(|link| link.to.1.uuid());
    let ends: Vec<Uuid> = ends.collect();
    let [workspace, ..] = params;
    for row in tx.query(sql, &[workspace.clone(), ends.into()]).await? {
        contents.linked.insert(row.get(0)?, row.get(1)?);
    }
    Ok(())
}

/// A page of the index of keys, in its order, after one.
///
/// # Errors
/// Any `DbError`.
pub async fn keys_after(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<&StoredKey>,
    limit: i64,
) -> Result<Vec<StoredKey>, DbError> {
    let sql = "select property_id, value, record_id, is_unique from record_key \
               where workspace_id = $1 and (property_id, value, record_id) > ($2, $3, $4) order by property_id, value, record_id limit $5";
    let (property, value, record) = after.map_or((Uuid::nil(), "", Uuid::nil()), |key| {
        (key.property.uuid(), key.value.as_str(), key.record.uuid())
    });
    let params = [
        workspace.into(),
        property.into(),
        value.into(),
        record.into(),
        limit.into(),
    ];
    let rows = tx.query(sql, &params).await?;
    rows.iter().map(key).collect()
}

/// The stored keys of a property with these normalised values.
///
/// # Errors
/// Any `DbError`.
pub async fn keys_with(
    tx: &mut Tx,
    workspace: WorkspaceId,
    property: PropertyId,
    values: &[&str],
) -> Result<Vec<StoredKey>, DbError> {
    let sql = statements(tx.dialect()).holders_of_keys;
    let values: Vec<String> = values.iter().map(|value| stored_key(value)).collect();
    let rows = tx
        .query(sql, &[workspace.into(), property.into(), values.into()])
        .await?;
    let mut keys: Vec<StoredKey> = rows.iter().map(key).collect::<Result<_, _>>()?;
    keys.sort_by(|a, b| (&a.value, a.record).cmp(&(&b.value, b.record)));
    Ok(keys)
}

/// A normalised value as a stored key shows it: a long one is stored as its hash.
#[must_use]
pub fn stored_key(value: &str) -> String {
    record_keys::stored(value).into_owned()
}

/// How many keys are stored, and how many records there are.
///
/// # Errors
/// Any `DbError`.
pub async fn counts(tx: &mut Tx, workspace: WorkspaceId) -> Result<(i64, i64), DbError> {
    let sql = "select (select count(*) from record_key where workspace_id = $1), (select count(*) from record where workspace_id = $1)";
    let row = tx.query_one(sql, &[workspace.into()]).await?;
    Ok((row.get(0)?, row.get(1)?))
}

/// These records of whatever object.
///
/// # Errors
/// Any `DbError`.
pub async fn records_of_keys(
    tx: &mut Tx,
    workspace: WorkspaceId,
    schema: &Schema,
    keys: &[StoredKey],
) -> Result<Vec<Record>, DbError> {
    let ids: Vec<RecordId> = keys.iter().map(|key| key.record).collect();
    let mut found = Vec::new();
    for object in schema.objects() {
        let of_object = |key: &StoredKey| object.property_by_id(key.property).is_some();
        if keys.iter().any(of_object) {
            found.extend(records::get_many(tx, workspace, object, &ids).await?);
        }
    }
    Ok(found)
}

fn key(row: &Row) -> Result<StoredKey, DbError> {
    Ok(StoredKey {
        property: row.get(0)?,
        value: row.get(1)?,
        record: row.get(2)?,
        is_unique: row.get(3)?,
    })
}

fn damage(
    row: &Row,
    record: usize,
    property: Option<PropertyId>,
    version: Option<i64>,
    error: &DbError,
) -> Result<Damage, DbError> {
    Ok(Damage {
        record: row.get(record)?,
        property,
        version,
        what: error.to_string(),
    })
}
