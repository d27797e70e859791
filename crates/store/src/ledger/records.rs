//! The present: one row a record.

use std::collections::{BTreeMap, HashMap};

use leadline_engine::{
    ids::{ObjectId, RecordId, WorkspaceId},
    ledger::{Actor, Record, Since},
    schema::Object,
    time::Timestamp,
    value::Value,
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{actor, insert_rows, json, source};
use crate::{
    db::{BulkTable, ColumnType, DbError, Param, Row, Tx},
    statements::statements,
};

static TABLE: BulkTable = BulkTable {
    name: "record",
    columns: &[
        ("workspace_id", ColumnType::Uuid),
        ("id", ColumnType::Uuid),
        ("object_id", ColumnType::Uuid),
        ("version", ColumnType::BigInt),
        ("current", ColumnType::Json),
        ("since", ColumnType::Json),
        ("created_at", ColumnType::BigInt),
        ("created_source", ColumnType::SmallInt),
        ("created_by_type", ColumnType::SmallInt),
        ("created_by", ColumnType::Uuid),
        ("recorded_at", ColumnType::BigInt),
        ("updated_at", ColumnType::BigInt),
        ("archived", ColumnType::Bool),
        ("head_hash", ColumnType::Bytes),
    ],
};

/// Where [`Stored`] has the record's object, after what [`decode`] reads.
const OBJECT: usize = 12;

/// A record as it is stored: what it says depends on the schema.
pub struct Stored {
    row: Row,
    /// The version of the workspace's schema when it was read.
    pub schema_version: i64,
}

impl Stored {
    /// The record, if it is one of this object.
    ///
    /// # Errors
    /// `Corrupt` when it does not fit the object as it was in `schema_version` or is since.
    pub fn of(&self, object: &Object) -> Result<Option<Record>, DbError> {
        let own: Uuid = self.row.get(OBJECT)?;
        match own == object.id.uuid() {
            true => decode(object, &self.row).map(Some),
            false => Ok(None),
        }
    }
}

/// Those of these records that exist, in no order, with the version of the schema that they fit: all of the same moment.
///
/// # Errors
/// Any `DbError`.
pub async fn find_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[RecordId],
) -> Result<Vec<Stored>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let one = "select r.id, r.version, r.current, r.since, r.created_at, r.created_source, r.created_by_type, r.created_by, r.recorded_at, \
               r.updated_at, r.archived, r.head_hash, r.object_id, w.schema_version \
               from record r join workspace w on w.id = r.workspace_id where r.workspace_id = $1 and r.id = $2";
    let rows = match ids {
        [id] => tx.query(one, &[workspace.into(), (*id).into()]).await?,
        _ => {
            let many = statements(tx.dialect()).records_with_schema_version;
            tx.query(many, &[workspace.into(), uuids(ids).into()])
                .await?
        }
    };
    rows.into_iter()
        .map(|row| {
            let schema_version = row.get(OBJECT + 1)?;
            Ok(Stored {
                row,
                schema_version,
            })
        })
        .collect()
}

/// The record of this object with this id, if there is one.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    id: RecordId,
) -> Result<Option<Record>, DbError> {
    let stored = find_many(tx, workspace, &[id]).await?;
    stored.first().map_or(Ok(None), |stored| stored.of(object))
}

/// Those of these records of the object that exist, in order of id.
///
/// # Errors
/// Any `DbError`.
pub async fn get_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    ids: &[RecordId],
) -> Result<Vec<Record>, DbError> {
    let sql = statements(tx.dialect()).records_by_id;
    read_many(tx, sql, workspace, object, ids).await
}

/// As [`get_many`], and nobody else changes them until the unit of work ends. Locks are taken in order of id.
///
/// # Errors
/// Any `DbError`.
pub async fn lock_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    ids: &[RecordId],
) -> Result<Vec<Record>, DbError> {
    let sql = statements(tx.dialect()).lock_records_by_id;
    read_many(tx, sql, workspace, object, ids).await
}

/// Who created these records.
///
/// # Errors
/// Any `DbError`.
pub async fn creators(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[RecordId],
) -> Result<HashMap<RecordId, Actor>, DbError> {
    let sql = statements(tx.dialect()).creators_of_records;
    let rows = tx
        .query(sql, &[workspace.into(), uuids(ids).into()])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, actor(row.get(1)?, row.get(2)?)?)))
        .collect()
}

/// Which of these ids are records of the object.
///
/// # Errors
/// Any `DbError`.
pub async fn existing(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: ObjectId,
    ids: &[RecordId],
) -> Result<Vec<RecordId>, DbError> {
    let sql = statements(tx.dialect()).objects_of_records;
    let rows = tx
        .query(sql, &[workspace.into(), uuids(ids).into()])
        .await?;
    let mut existing = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.get::<Uuid>(1)? == object.uuid() {
            existing.push(RecordId::from(row.get::<Uuid>(0)?));
        }
    }
    existing.sort_unstable();
    Ok(existing)
}

/// The ids of an object's records after one, in order of id.
///
/// # Errors
/// Any `DbError`.
pub async fn ids_after(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: ObjectId,
    after: Option<RecordId>,
    limit: i64,
) -> Result<Vec<RecordId>, DbError> {
    let sql = "select id from record where workspace_id = $1 and object_id = $2 and id > $3 order by id limit $4";
    let after = after.map_or(Uuid::nil(), RecordId::uuid);
    let rows = tx
        .query(
            sql,
            &[
                workspace.uuid().into(),
                object.uuid().into(),
                after.into(),
                limit.into(),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(RecordId::from(row.get::<Uuid>(0)?)))
        .collect()
}

/// Hands over all records of an object, archived ones too, in order of id.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    each: &mut (dyn FnMut(Record) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select id, version, current, since, created_at, created_source, created_by_type, created_by, recorded_at, updated_at, archived, head_hash \
               from record where workspace_id = $1 and object_id = $2 order by id";
    tx.for_each(sql, &[workspace.into(), object.id.into()], &mut |row| {
        each(decode(object, row)?)
    })
    .await
}

/// Adds new records.
///
/// # Errors
/// Any `DbError`.
pub async fn insert_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    records: &[&Record],
) -> Result<(), DbError> {
    let sql = "insert into record (workspace_id, id, object_id, version, current, since, created_at, created_source, created_by_type, created_by, \
               recorded_at, updated_at, archived, head_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let rows = records
        .iter()
        .map(|record| encode(workspace, record))
        .collect();
    insert_rows(tx, sql, &TABLE, rows).await
}

/// Saves the present of records that are locked.
///
/// # Errors
/// Any `DbError`.
pub async fn update_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    records: &[&Record],
) -> Result<(), DbError> {
    let sql = "update record set version = $3, current = $4, since = $5, created_at = $6, updated_at = $7, archived = $8, head_hash = $9 \
               where workspace_id = $1 and id = $2";
    let row = |record: &&Record| -> Vec<Param<'_>> {
        vec![
            workspace.uuid().into(),
            record.id.uuid().into(),
            record.version.into(),
            Param::json(current_json(&record.values)),
            Param::json(since_json(&record.since)),
            record.created_at.micros().into(),
            record.updated_at.micros().into(),
            record.archived.into(),
            record.head_hash.to_vec().into(),
        ]
    };
    let rows: Vec<_> = records.iter().map(row).collect();
    let updated = tx.execute_many(sql, &rows).await?;
    if updated == records.len() as u64 {
        Ok(())
    } else {
        Err(DbError::Other(
            "a record to be updated is not there".to_owned(),
        ))
    }
}

/// Takes back rows that this unit of work inserted.
///
/// # Errors
/// Any `DbError`.
pub async fn withdraw_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[RecordId],
) -> Result<(), DbError> {
    if !ids.is_empty() {
        tx.execute(
            "delete from record where workspace_id = $1 and id = any($2)",
            &[workspace.uuid().into(), uuids(ids).into()],
        )
        .await?;
    }
    Ok(())
}

async fn read_many(
    tx: &mut Tx,
    sql: &'static str,
    workspace: WorkspaceId,
    object: &Object,
    ids: &[RecordId],
) -> Result<Vec<Record>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx
        .query(
            sql,
            &[
                workspace.uuid().into(),
                uuids(ids).into(),
                object.id.uuid().into(),
            ],
        )
        .await?;
    let mut records: Vec<Record> = rows
        .iter()
        .map(|row| decode(object, row))
        .collect::<Result<_, _>>()?;
    records.sort_unstable_by_key(|record| record.id);
    Ok(records)
}

/// The ids, each once, in order.
pub(super) fn uuids(ids: &[RecordId]) -> Vec<Uuid> {
    let mut uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    uuids.sort_unstable();
    uuids.dedup();
    uuids
}

fn encode(workspace: WorkspaceId, record: &Record) -> Vec<Param<'static>> {
    vec![
        workspace.uuid().into(),
        record.id.uuid().into(),
        record.object_id.uuid().into(),
        record.version.into(),
        Param::json(current_json(&record.values)),
        Param::json(since_json(&record.since)),
        record.created_at.micros().into(),
        i64::from(record.created_source.code()).into(),
        record.created_by.kind.code().into(),
        record.created_by.id.into(),
        record.recorded_at.micros().into(),
        record.updated_at.micros().into(),
        record.archived.into(),
        record.head_hash.to_vec().into(),
    ]
}

pub(super) fn decode(object: &Object, row: &Row) -> Result<Record, DbError> {
    let mut values = BTreeMap::new();
    for (name, json) in parse_map(&row.get::<String>(2)?)? {
        let property = object.property(&name).ok_or_else(|| {
            DbError::Corrupt("a record has a value of an unknown property".into())
        })?;
        let value = Value::from_stored(property.kind, &json)
            .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
        if let Some(value) = value {
            values.insert(name, value);
        }
    }
    let hash: Vec<u8> = row.get(11)?;
    Ok(Record {
        id: row.get::<Uuid>(0)?.into(),
        object_id: object.id,
        version: row.get(1)?,
        values,
        since: parse_since(&row.get::<String>(3)?)?,
        created_at: Timestamp::from_micros(row.get(4)?),
        created_source: source(row.get(5)?)?,
        created_by: actor(row.get(6)?, row.get(7)?)?,
        recorded_at: Timestamp::from_micros(row.get(8)?),
        updated_at: Timestamp::from_micros(row.get(9)?),
        archived: row.get(10)?,
        head_hash: hash
            .try_into()
            .map_err(|_| DbError::Corrupt("a hash is not 32 bytes long".into()))?,
    })
}

fn current_json(values: &BTreeMap<String, Value>) -> String {
    let map: Map<String, Json> = values
        .iter()
        .map(|(name, value)| (name.clone(), value.to_json()))
        .collect();
    Json::Object(map).to_string()
}

fn since_json(since: &BTreeMap<String, Since>) -> String {
    let map: BTreeMap<&String, [i64; 5]> = since
        .iter()
        .map(|(name, since)| (name, since.to_packed()))
        .collect();
    serde_json::to_string(&map).expect("integers under text keys are JSON")
}

fn parse_map(text: &str) -> Result<Map<String, Json>, DbError> {
    match json(text)? {
        Json::Object(map) => Ok(map),
        _ => Err(DbError::Corrupt(
            "a record's values are not a JSON object".into(),
        )),
    }
}

fn parse_since(text: &str) -> Result<BTreeMap<String, Since>, DbError> {
    let packed: BTreeMap<String, [i64; 5]> = serde_json::from_str(text)
        .map_err(|_| DbError::Corrupt("a record's times are damaged".into()))?;
    packed
        .into_iter()
        .map(|(name, packed)| Ok((name, unpack(packed)?)))
        .collect()
}

pub(super) fn unpack(packed: [i64; 5]) -> Result<Since, DbError> {
    Since::from_packed(packed)
        .ok_or_else(|| DbError::Corrupt("a record's times are damaged".into()))
}
