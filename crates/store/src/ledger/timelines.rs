//! Loads what the timelines hold: an object's rows, one property's entries of all records, and everything of a few records.

use std::collections::HashMap;

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    ledger::{Since, Source},
    schema::{Object, Property, PropertyType},
    time::Timestamp,
    value::Value,
};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
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

/// Hands over the records of an object, archived ones too, in order of id: their heads, and what each of `properties` holds, in the order given; `None`
/// of a property that never had a value.
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
    let sql = "select id, created_at, updated_at, created_by, version, created_source, current, since from record \
               where workspace_id = $1 and object_id = $2 and id > $3 and id <= $4 order by id";
    let mut open = Open {
        names: properties.iter().map(|it| it.name.as_str()).collect(),
        values: properties.iter().map(|it| Values::new(it.kind)).collect(),
    };
    let mut read = |row: &Row| {
        let head = head(row)?;
        each(head, open.entries(row, &head)?)
    };
    let params = [
        workspace.into(),
        object.id.into(),
        part.after.into(),
        part.to.into(),
    ];
    tx.for_each(sql, &params, &mut read).await
}

/// Reads what records hold of some properties.
struct Open<'p> {
    names: Vec<&'p str>,
    values: Vec<Values>,
}

impl Open<'_> {
    fn entries(
        &mut self,
        row: &Row,
        head: &RecordHead,
    ) -> Result<Vec<Option<LoadedEntry>>, DbError> {
        let (current, since): (String, Option<String>) = (row.get(6)?, row.get(7)?);
        let current = picked(&current, &self.names)?;
        let since = match &since {
            Some(since) => picked(since, &self.names)?,
            None => vec![None; self.names.len()],
        };
        let mut entries = Vec::with_capacity(self.names.len());
        for (slot, values) in self.values.iter_mut().enumerate() {
            let (from, source) = match since[slot] {
                Some(since) => {
                    let since = packed(since.get())?;
                    (since.valid_from, since.source)
                }
                None if current[slot].is_none() => {
                    entries.push(None);
                    continue;
                }
                None => (head.created_at, source(row.get(5)?)?),
            };
            let held = match current[slot] {
                Some(stored) => values.read(stored.get())?,
                None => None,
            };
            entries.push(Some((from, held, source)));
        }
        Ok(entries)
    }
}

/// The values of some names of a JSON object, unread.
fn picked<'t>(text: &'t str, names: &[&str]) -> Result<Vec<Option<&'t RawValue>>, DbError> {
    let mut json = serde_json::Deserializer::from_str(text);
    Pick(names)
        .deserialize(&mut json)
        .map_err(|_| DbError::Corrupt("a stored text is not a JSON object".into()))
}

struct Pick<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Pick<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pick<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut picked = vec![None; self.0.len()];
        while let Some(name) = map.next_key::<&str>()? {
            match self.0.iter().position(|wanted| *wanted == name) {
                Some(slot) => picked[slot] = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(picked)
    }
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
            Some(text) => values.read(&text)?,
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

    fn read(&mut self, text: &str) -> Result<Option<Value>, DbError> {
        let has_few = matches!(
            self.kind,
            PropertyType::Boolean | PropertyType::Select | PropertyType::Stage | PropertyType::User
        );
        if !has_few {
            return value(self.kind, text);
        }
        if let Some(known) = self.known.get(text) {
            return Ok(known.clone());
        }
        let read = value(self.kind, text)?;
        self.known.insert(text.to_owned(), read.clone());
        Ok(read)
    }
}

/// Reads since when a value holds from its packed form.
pub(super) fn packed(text: &str) -> Result<Since, DbError> {
    let packed = serde_json::from_value(json(text)?)
        .map_err(|_| DbError::Corrupt("a record's times are damaged".into()))?;
    unpack(packed)
}
