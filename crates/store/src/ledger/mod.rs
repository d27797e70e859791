//! The ledger's SQL: records, spans, change sets, keys, and the loading of timelines.
//!
//! Rows become the engine's types here; JSON that does not fit its property is reported as damage.

pub mod associations;
pub mod change_sets;
pub mod known;
pub mod ranges;
pub mod record_keys;
pub mod records;
pub mod spans;
pub mod timelines;

use leadline_engine::{
    ledger::{Actor, ActorKind, Source},
    schema::PropertyType,
    value::Value,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::db::{BulkTable, DbError, Param, Tx};

/// Up to this many rows are inserted one by one, together with other statements; above, in bulk.
const FEW_ROWS: usize = 32;

/// Inserts rows of a table, in the way that is quickest for so many.
async fn insert_rows(
    tx: &mut Tx,
    sql: &'static str,
    table: &'static BulkTable,
    rows: Vec<Vec<Param<'static>>>,
) -> Result<(), DbError> {
    match rows.len() {
        0 => Ok(()),
        1..=FEW_ROWS => tx.send(sql, rows).await,
        _ => tx.bulk_insert(table, &rows).await.map(|_rows| ()),
    }
}

fn actor(kind: i64, id: Option<Uuid>) -> Result<Actor, DbError> {
    let kind =
        ActorKind::from_code(kind).ok_or_else(|| DbError::Corrupt("unknown actor".into()))?;
    Ok(Actor { kind, id })
}

fn source(code: i64) -> Result<Source, DbError> {
    Source::from_code(code).ok_or_else(|| DbError::Corrupt("unknown source".into()))
}

fn json(text: &str) -> Result<Json, DbError> {
    serde_json::from_str(text).map_err(|_| DbError::Corrupt("a stored text is not JSON".into()))
}

fn value(kind: PropertyType, text: &str) -> Result<Option<Value>, DbError> {
    Value::from_stored(kind, &json(text)?).map_err(|misfit| DbError::Corrupt(misfit.to_string()))
}

fn stored(value: Option<&Value>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_json().to_string())
}
