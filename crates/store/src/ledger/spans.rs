//! The past: closed and superseded values. Rows are inserted, and later at most marked as superseded.

use leadline_engine::{
    ids::{PropertyId, RecordId, WorkspaceId},
    ledger::Span,
    schema::Object,
    time::Timestamp,
};
use uuid::Uuid;

use super::{insert_rows, records::uuids, source, stored, value};
use crate::{
    db::{BulkTable, ColumnType, DbError, Param, Row, Tx},
    statements::statements,
};

static TABLE: BulkTable = BulkTable {
    name: "span",
    columns: &[
        ("workspace_id", ColumnType::Uuid),
        ("property_id", ColumnType::Uuid),
        ("record_id", ColumnType::Uuid),
        ("valid_from", ColumnType::BigInt),
        ("ordinal", ColumnType::Int),
        ("known_version", ColumnType::BigInt),
        ("valid_to", ColumnType::BigInt),
        ("value", ColumnType::Json),
        ("began_version", ColumnType::BigInt),
        ("ended_version", ColumnType::BigInt),
        ("superseded_version", ColumnType::BigInt),
        ("source", ColumnType::SmallInt),
    ],
};

/// Appends rows.
///
/// # Errors
/// Any `DbError`.
pub async fn insert_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    spans: &[Span],
) -> Result<(), DbError> {
    let sql = "insert into span (workspace_id, property_id, record_id, valid_from, ordinal, known_version, valid_to, value, began_version, ended_version, \
               superseded_version, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let rows = spans.iter().map(|span| encode(workspace, span)).collect();
    insert_rows(tx, sql, &TABLE, rows).await
}

/// Marks rows as superseded by a version of their record.
///
/// # Errors
/// Any `DbError`.
pub async fn supersede_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    spans: &[(Span, i64)],
) -> Result<(), DbError> {
    let sql = "update span set superseded_version = $7 where workspace_id = $1 and property_id = $2 and record_id = $3 and valid_from = $4 \
               and ordinal = $5 and known_version = $6 and superseded_version is null";
    if spans.is_empty() {
        return Ok(());
    }
    let row = |(span, version): &(Span, i64)| -> Vec<Param<'_>> {
        vec![
            workspace.uuid().into(),
            span.property_id.uuid().into(),
            span.record_id.uuid().into(),
            span.valid_from.micros().into(),
            span.ordinal.into(),
            span.known_version.into(),
            (*version).into(),
        ]
    };
    let rows: Vec<_> = spans.iter().map(row).collect();
    let marked = tx.execute_many(sql, &rows).await?;
    if marked == spans.len() as u64 {
        Ok(())
    } else {
        Err(DbError::Other(
            "a span to be superseded is not there".to_owned(),
        ))
    }
}

/// All rows of some properties of one record, superseded ones too, in order of property and time.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    record: RecordId,
    properties: &[PropertyId],
) -> Result<Vec<Span>, DbError> {
    list_many(tx, workspace, object, &[record], properties).await
}

/// All rows of some properties of some records, superseded ones too, in order of record, property and time.
///
/// # Errors
/// Any `DbError`.
pub async fn list_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    records: &[RecordId],
    properties: &[PropertyId],
) -> Result<Vec<Span>, DbError> {
    if records.is_empty() || properties.is_empty() {
        return Ok(Vec::new());
    }
    let sql = statements(tx.dialect()).spans_of_records;
    let mut properties: Vec<Uuid> = properties.iter().map(|id| id.uuid()).collect();
    properties.sort_unstable();
    properties.dedup();
    let rows = tx
        .query(
            sql,
            &[
                workspace.uuid().into(),
                properties.into(),
                uuids(records).into(),
            ],
        )
        .await?;
    let mut spans: Vec<Span> = rows
        .iter()
        .map(|row| decode(object, row))
        .collect::<Result<_, _>>()?;
    spans.sort_by_key(|span| {
        (
            span.record_id,
            span.property_id,
            span.valid_from,
            span.ordinal,
            span.known_version,
        )
    });
    Ok(spans)
}

/// Hands over all rows of a property, superseded ones too, in order of record and time.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    property: PropertyId,
    each: &mut (dyn FnMut(Span) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select record_id, property_id, valid_from, ordinal, valid_to, value, began_version, ended_version, known_version, superseded_version, source \
               from span where workspace_id = $1 and property_id = $2 order by record_id, valid_from, ordinal, known_version";
    tx.for_each(sql, &[workspace.into(), property.into()], &mut |row| {
        each(decode(object, row)?)
    })
    .await
}

fn encode(workspace: WorkspaceId, span: &Span) -> Vec<Param<'static>> {
    vec![
        workspace.uuid().into(),
        span.property_id.uuid().into(),
        span.record_id.uuid().into(),
        span.valid_from.micros().into(),
        span.ordinal.into(),
        span.known_version.into(),
        span.valid_to.map(Timestamp::micros).into(),
        Param::json(stored(span.value.as_ref())),
        span.began_version.into(),
        span.ended_version.into(),
        span.superseded_version.into(),
        i64::from(span.source.code()).into(),
    ]
}

pub(super) fn decode(object: &Object, row: &Row) -> Result<Span, DbError> {
    let property_id = PropertyId::from(row.get::<Uuid>(1)?);
    let property = object
        .property_by_id(property_id)
        .ok_or_else(|| DbError::Corrupt("a span belongs to an unknown property".into()))?;
    Ok(Span {
        record_id: row.get::<Uuid>(0)?.into(),
        property_id,
        valid_from: Timestamp::from_micros(row.get(2)?),
        ordinal: row.get(3)?,
        valid_to: row.get::<Option<i64>>(4)?.map(Timestamp::from_micros),
        value: value(property.kind, &row.get::<String>(5)?)?,
        began_version: row.get(6)?,
        ended_version: row.get(7)?,
        known_version: row.get(8)?,
        superseded_version: row.get(9)?,
        source: source(row.get(10)?)?,
    })
}
