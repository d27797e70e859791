//! Loads what the timelines hold: an object's rows, one property's entries of all records, and everything of a few records.

use std::collections::HashMap;

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    ledger::{Since, Source},
    schema::{Object, Property, PropertyType},
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
    let mut read = |row: &Row| each(head(row)?);
    tx.for_each(
        sql,
        &[workspace.uuid().into(), object.id.uuid().into()],
        &mut read,
    )
    .await
}

/// Reads a head: id, beginning, last news, creator, version.
pub(super) fn head(row: &Row) -> Result<RecordHead, DbError> {
    Ok(RecordHead {
        id: row.get(0)?,
        created_at: Timestamp::from_micros(row.get(1)?),
        updated_at: Timestamp::from_micros(row.get(2)?),
        created_by: row.get(3)?,
        version: row.get(4)?,
    })
}

/// Hands over one property's entries: first what records held and lost, then what they hold; each record's are in order of time. Records that
/// never had a value are left out.
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
    let closed = "select record_id, valid_from, value, source from span \
                  where workspace_id = $1 and property_id = $2 and superseded_version is null order by record_id, valid_from, ordinal";
    let open = "select id, created_at, current -> $3::text, created_source, since -> $3::text from record \
                where workspace_id = $1 and object_id = $2 order by id";
    let mut values = Values::new(property.kind);
    let mut read = |row: &Row| {
        let held = match row.get::<Option<String>>(2)? {
            Some(text) => values.read(text)?,
            None => None,
        };
        let from = Timestamp::from_micros(row.get(1)?);
        each(row.get(0)?, (from, held, source(row.get(3)?)?))
    };
    let params = [workspace.into(), property.id.into()];
    tx.for_each(closed, &params, &mut read).await?;
    let mut read = |row: &Row| {
        let stored: Option<String> = row.get(2)?;
        let since: Option<String> = row.get(4)?;
        let (from, source) = match &since {
            Some(since) => {
                let since = packed(since)?;
                (since.valid_from, since.source)
            }
            None if stored.is_none() => return Ok(()),
            None => (Timestamp::from_micros(row.get(1)?), source(row.get(3)?)?),
        };
        let held = match stored {
            Some(text) => values.read(text)?,
            None => None,
        };
        each(row.get(0)?, (from, held, source))
    };
    let params = [
        workspace.into(),
        object.id.into(),
        property.name.as_str().into(),
    ];
    tx.for_each(open, &params, &mut read).await
}

/// Reads values of one property. Those of types that have few are read once.
struct Values {
    kind: PropertyType,
    known: HashMap<String, Option<Value>>,
}

impl Values {
    fn new(kind: PropertyType) -> Self {
        let known = HashMap::new();
        Self { kind, known }
    }

    fn read(&mut self, text: String) -> Result<Option<Value>, DbError> {
        let has_few = matches!(
            self.kind,
            PropertyType::Boolean | PropertyType::Select | PropertyType::Stage | PropertyType::User
        );
        if !has_few {
            return value(self.kind, &text);
        }
        if let Some(known) = self.known.get(&text) {
            return Ok(known.clone());
        }
        let read = value(self.kind, &text)?;
        self.known.insert(text, read.clone());
        Ok(read)
    }
}

/// Reads since when a value holds from its packed form.
pub(super) fn packed(text: &str) -> Result<Since, DbError> {
    let packed = serde_json::from_value(json(text)?)
        .map_err(|_| DbError::Corrupt("a record's times are damaged".into()))?;
    unpack(packed)
}
