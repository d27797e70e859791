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
use crate::db::{DbError, Param, Row, Tx};

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

/// A part of an object's records, by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// After this one.
    after: Uuid,
    /// Up to this one.
    to: Uuid,
}

impl Part {
    /// All records.
    pub const WHOLE: Self = Self {
        after: Uuid::nil(),
        to: Uuid::max(),
    };

    /// The next records after this part, at most `most` of them; `None` when there are no more. Parts begin with [`Part::BEFORE`].
    ///
    /// # Errors
    /// Any `DbError`.
    pub async fn next(
        self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        object: &Object,
        most: i64,
    ) -> Result<Option<Self>, DbError> {
        let sql = "select id from (select id from record where workspace_id = $1 and object_id = $2 and id > $3 order by id limit $4) as part \
                   order by id desc limit 1";
        let params = [
            workspace.into(),
            object.id.into(),
            self.to.into(),
            most.into(),
        ];
        let last = tx.query_opt(sql, &params).await?;
        let last: Option<Uuid> = last.map(|row| row.get(0)).transpose()?;
        Ok(last.map(|to| Self { after: self.to, to }))
    }

    /// No record: what [`Part::next`] begins with.
    pub const BEFORE: Self = Self {
        after: Uuid::nil(),
        to: Uuid::nil(),
    };
}

/// How many properties are read of the records at once.
pub const AT_ONCE: usize = 8;

/// Hands over the records of an object, archived ones too, in order of id: their heads, and what each of `properties` (at most [`AT_ONCE`]) holds, in
/// the order given; `None` of a property that never had a value.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each_record(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    part: Part,
    properties: &[&Property],
    each: &mut (dyn FnMut(RecordHead, Vec<Option<LoadedEntry>>) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select id, created_at, updated_at, created_by, version, created_source, \
                      current -> $5::text, since -> $5::text, current -> $6::text, since -> $6::text, \
                      current -> $7::text, since -> $7::text, current -> $8::text, since -> $8::text, \
                      current -> $9::text, since -> $9::text, current -> $10::text, since -> $10::text, \
                      current -> $11::text, since -> $11::text, current -> $12::text, since -> $12::text \
               from record where workspace_id = $1 and object_id = $2 and id > $3 and id <= $4 order by id";
    let bare = "select id, created_at, updated_at, created_by, version from record \
                where workspace_id = $1 and object_id = $2 and id > $3 and id <= $4 order by id";
    let mut params = vec![
        workspace.into(),
        object.id.into(),
        part.after.into(),
        part.to.into(),
    ];
    if properties.is_empty() {
        let mut read = |row: &Row| each(head(row)?, Vec::new());
        return tx.for_each(bare, &params, &mut read).await;
    }
    // No property has such a name: what is read of it is nothing.
    let names = properties.iter().map(|property| property.name.as_str());
    params.extend(
        names
            .chain(std::iter::repeat("_"))
            .take(AT_ONCE)
            .map(Param::from),
    );
    let mut values: Vec<Values> = properties
        .iter()
        .map(|property| Values::new(property.kind))
        .collect();
    let mut read = |row: &Row| {
        let head = head(row)?;
        let mut entries = Vec::with_capacity(values.len());
        for (slot, values) in values.iter_mut().enumerate() {
            entries.push(open_entry(row, slot, &head, values)?);
        }
        each(head, entries)
    };
    tx.for_each(sql, &params, &mut read).await
}

/// What a record holds of the property in a slot.
fn open_entry(
    row: &Row,
    slot: usize,
    head: &RecordHead,
    values: &mut Values,
) -> Result<Option<LoadedEntry>, DbError> {
    let stored: Option<String> = row.get(6 + 2 * slot)?;
    let since: Option<String> = row.get(7 + 2 * slot)?;
    let (from, source) = match &since {
        Some(since) => {
            let since = packed(since)?;
            (since.valid_from, since.source)
        }
        None if stored.is_none() => return Ok(None),
        None => (head.created_at, source(row.get(5)?)?),
    };
    let held = match stored {
        Some(text) => values.read(text)?,
        None => None,
    };
    Ok(Some((from, held, source)))
}

/// Hands over what records held of one property and lost; each record's in order of time.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each_closed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    part: Part,
    property: &Property,
    each: &mut (dyn FnMut(RecordId, LoadedEntry) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select record_id, valid_from, value, source from span \
               where workspace_id = $1 and property_id = $2 and record_id > $3 and record_id <= $4 and superseded_version is null \
               order by record_id, valid_from, ordinal";
    let mut values = Values::new(property.kind);
    let mut read = |row: &Row| {
        let held = match row.get::<Option<String>>(2)? {
            Some(text) => values.read(text)?,
            None => None,
        };
        let from = Timestamp::from_micros(row.get(1)?);
        each(row.get(0)?, (from, held, source(row.get(3)?)?))
    };
    let params = [
        workspace.into(),
        property.id.into(),
        part.after.into(),
        part.to.into(),
    ];
    tx.for_each(sql, &params, &mut read).await
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
