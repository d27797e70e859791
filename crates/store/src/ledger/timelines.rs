//! Loads what the timelines hold: an object's rows, one property's entries of all records, and everything of a few records.

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    ledger::{Since, Source},
    schema::{Object, Property},
    time::Timestamp,
    value::Value,
};
use uuid::Uuid;

use super::{json, records::unpack, source, value};
use crate::db::{DbError, Row, Tx};

/// What every record has besides its properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// The record.
    pub id: RecordId,
    /// When it began to exist, in valid time.
    pub created_at: Timestamp,
    /// When Leadline last learned something of it.
    pub updated_at: Timestamp,
    /// Who created it.
    pub created_by: Option<Uuid>,
    /// Its version.
    pub version: i64,
}

/// One entry of a property: from when, which value (`None`: empty), and how it came.
pub type LoadedEntry = (Timestamp, Option<Value>, Source);

/// Hands over the heads of all records of an object, archived ones too, in order of id.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each_head(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    each: &mut (dyn FnMut(RecordHead) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select id, created_at, updated_at, created_by, version from record where workspace_id = $1 and object_id = $2 order by id";
    let mut read = |row: &Row| {
        each(RecordHead {
            id: row.get::<Uuid>(0)?.into(),
            created_at: Timestamp::from_micros(row.get(1)?),
            updated_at: Timestamp::from_micros(row.get(2)?),
            created_by: row.get(3)?,
            version: row.get(4)?,
        })
    };
    tx.for_each(
        sql,
        &[workspace.uuid().into(), object.id.uuid().into()],
        &mut read,
    )
    .await
}

/// Hands over one property's entries, record by record in order of id, each record's in order of time; records that never had a value are
/// left out.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each_entry(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    property: &Property,
    each: &mut (dyn FnMut(RecordId, LoadedEntry) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select record_id, 0 as kind, valid_from, ordinal, value, source, null as since from span \
               where workspace_id = $1 and property_id = $2 and superseded_version is null \
               union all \
               select id, 1, created_at, 0, current -> $4::text, created_source, since -> $4::text from record \
               where workspace_id = $1 and object_id = $3 \
               order by 1, 2, 3, 4";
    let kind = property.kind;
    let mut read = |row: &Row| {
        let record = RecordId::from(row.get::<Uuid>(0)?);
        let is_open = row.get::<i64>(1)? == 1;
        let stored: Option<String> = row.get(4)?;
        let since: Option<String> = row.get(6)?;
        if is_open && stored.is_none() && since.is_none() {
            return Ok(());
        }
        let held = stored.map_or(Ok(None), |text| value(kind, &text))?;
        let mut entry = (
            Timestamp::from_micros(row.get(2)?),
            held,
            source(row.get(5)?)?,
        );
        if let Some(since) = since {
            let since = packed(&since)?;
            entry.0 = since.valid_from;
            entry.2 = since.source;
        }
        each(record, entry)
    };
    let params = [
        workspace.uuid().into(),
        property.id.uuid().into(),
        object.id.uuid().into(),
        property.name.as_str().into(),
    ];
    tx.for_each(sql, &params, &mut read).await
}

/// Reads since when a value holds from its packed form.
pub(super) fn packed(text: &str) -> Result<Since, DbError> {
    let packed = serde_json::from_value(json(text)?)
        .map_err(|_| DbError::Corrupt("a record's times are damaged".into()))?;
    unpack(packed)
}
