//! How the engine's ids, times and JSON are bound to statements and read back.

use leadline_engine::ids::Id;
use leadline_engine::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::{Cell, DbError, FromCell, Param, Row};

impl<Kind> From<Id<Kind>> for Param<'_> {
    fn from(id: Id<Kind>) -> Self {
        Param::Uuid(id.uuid())
    }
}

impl From<Timestamp> for Param<'_> {
    fn from(time: Timestamp) -> Self {
        Param::Int(time.micros())
    }
}

impl<Kind> FromCell<'_> for Id<Kind> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        Uuid::from_cell(cell).map(Id::from)
    }
}

impl FromCell<'_> for Timestamp {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).map(Timestamp::from_micros)
    }
}

/// For `= any($n)`.
pub(crate) fn ids<'a, Kind: 'a>(ids: impl IntoIterator<Item = &'a Id<Kind>>) -> Param<'static> {
    Param::Uuids(ids.into_iter().map(|id| id.uuid()).collect())
}

/// JSON to be bound.
pub(crate) fn json_param<T: Serialize>(value: &T) -> Result<Param<'static>, DbError> {
    let text = serde_json::to_string(value)
        .map_err(|_| DbError::Other("a value cannot be written as JSON".to_owned()))?;
    Ok(Param::json(text))
}

/// Reads a JSON column.
pub(crate) fn json_cell<T: DeserializeOwned>(row: &Row, index: usize) -> Result<T, DbError> {
    let text: &str = row.get(index)?;
    // The error's text may quote the value.
    serde_json::from_str(text)
        .map_err(|_| DbError::Corrupt(format!("column {index} holds JSON of another shape")))
}
