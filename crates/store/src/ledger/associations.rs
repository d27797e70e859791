//! Labelled links between records. A link that ends keeps its row, so links have history too.

use leadline_engine::{
    ids::{ObjectId, RecordId, WorkspaceId},
    ledger::Actor,
    time::Timestamp,
};
use uuid::Uuid;

use super::actor;
use crate::db::{DbError, Param, Row, Tx};

/// A link between two records, from when and until when it held.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    /// Its identity.
    pub id: Uuid,
    /// The record at this end: object and id.
    pub from: (ObjectId, RecordId),
    /// The record at the other end.
    pub to: (ObjectId, RecordId),
    /// What the link means; empty if nothing was said.
    pub label: String,
    /// Since when.
    pub linked_at: Timestamp,
    /// Who made it.
    pub linked_by: Actor,
    /// Until when.
    pub unlinked_at: Option<Timestamp>,
    /// Who ended it.
    pub unlinked_by: Option<Actor>,
}

/// Makes a link, unless there is one with this label already; says whether it did.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    link: &Association,
) -> Result<bool, DbError> {
    let sql = "insert into association (workspace_id, id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing";
    let params: [Param<'_>; 10] = [
        workspace.into(),
        link.id.into(),
        link.from.0.into(),
        link.from.1.into(),
        link.to.0.into(),
        link.to.1.into(),
        link.label.as_str().into(),
        link.linked_at.into(),
        link.linked_by.kind.code().into(),
        link.linked_by.id.into(),
    ];
    Ok(tx.execute(sql, &params).await? == 1)
}

/// Ends the open links between two records, in whichever direction they were made; with a label only those that carry it. Says how many.
///
/// # Errors
/// Any `DbError`.
pub async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (a, b): (RecordId, RecordId),
    label: Option<&str>,
    (now, by): (Timestamp, Actor),
) -> Result<u64, DbError> {
    let sql = "update association set unlinked_at = $4, unlinked_by_type = $5, unlinked_by = $6 \
               where workspace_id = $1 and ((from_record = $2 and to_record = $3) or (from_record = $3 and to_record = $2)) \
               and unlinked_at is null and ($7::text is null or label = $7)";
    let params: [Param<'_>; 7] = [
        workspace.into(),
        a.into(),
        b.into(),
        now.into(),
        by.kind.code().into(),
        by.id.into(),
        label.into(),
    ];
    tx.execute(sql, &params).await
}

/// The links of a record with records of an object, both directions, that held at a moment (or ever, if `at` is `None`), oldest first, after
/// one.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    other: ObjectId,
    at: Option<Timestamp>,
    (after, limit): (Option<Uuid>, i64),
) -> Result<Vec<Association>, DbError> {
    let sql = "select id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by, unlinked_at, \
               unlinked_by_type, unlinked_by from association \
               where workspace_id = $1 and ((from_record = $2 and to_object = $3) or (to_record = $2 and from_object = $3)) \
               and ($4::bigint is null or (linked_at <= $4 and (unlinked_at is null or unlinked_at > $4))) \
               and id > $5 order by id limit $6";
    let params: [Param<'_>; 6] = [
        workspace.into(),
        record.into(),
        other.into(),
        at.into(),
        after.unwrap_or_default().into(),
        limit.into(),
    ];
    tx.query(sql, &params).await?.iter().map(decode).collect()
}

fn decode(row: &Row) -> Result<Association, DbError> {
    let unlinked_by = match row.get::<Option<i64>>(10)? {
        Some(kind) => Some(actor(kind, row.get(11)?)?),
        None => None,
    };
    Ok(Association {
        id: row.get(0)?,
        from: (row.get(1)?, row.get(2)?),
        to: (row.get(3)?, row.get(4)?),
        label: row.get(5)?,
        linked_at: row.get(6)?,
        linked_by: actor(row.get(7)?, row.get(8)?)?,
        unlinked_at: row.get(9)?,
        unlinked_by,
    })
}
