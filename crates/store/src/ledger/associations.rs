//! Labelled links between records. A link that ends keeps its row, so links have history too.

use leadline_engine::{
    ids::{ObjectId, RecordId, WorkspaceId},
    ledger::Actor,
    time::Timestamp,
};
use uuid::Uuid;

use super::{actor, records::uuids};
use crate::{
    db::{DbError, Param, Row, Tx},
    statements::statements,
};

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

/// Waits for units of work that link or unlink one of these records, and holds them off until this one ends: what it does then comes after what
/// they did. Locks are taken in order of id.
///
/// # Errors
/// Any `DbError`.
pub async fn lock_ends(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (a, b): (RecordId, RecordId),
) -> Result<(), DbError> {
    let sql = "select id from record where workspace_id = $1 and id in ($2, $3) order by id for no key update";
    tx.query(sql, &[workspace.into(), a.into(), b.into()])
        .await
        .map(drop)
}

/// Makes a link between records that are locked, unless there is one with this label already; since when it holds, if it was made. That is
/// never before the same link last ended, also when the clock stepped back.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    link: &Association,
) -> Result<Option<Timestamp>, DbError> {
    let sql = "insert into association (workspace_id, id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by) \
               select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::text, \
                   case when ended > $8::bigint then ended else $8::bigint end, $9::smallint, $10::uuid \
               from (select max(unlinked_at) as ended from association \
                   where workspace_id = $1::uuid and from_record = $4::uuid and to_object = $5::uuid and to_record = $6::uuid and label = $7::text) as earlier \
               where true on conflict do nothing returning linked_at";
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
    let row = tx.query_opt(sql, &params).await?;
    row.map(|row| row.get(0)).transpose()
}

/// Ends the open links between two records that are locked, in whichever direction they were made; with a label only those that carry it. Says
/// how many. A link has held for a microsecond at least, also when the clock stepped back.
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
    let sql = "update association set unlinked_at = case when linked_at < $4 then $4 else linked_at + 1 end, unlinked_by_type = $5, unlinked_by = $6 \
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

/// The links of a record with records of an object, both directions, that held at a moment, on request also those that had ended by then;
/// oldest first, after one.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    other: ObjectId,
    (at, with_ended): (Timestamp, bool),
    (after, limit): (Option<Uuid>, i64),
) -> Result<Vec<Association>, DbError> {
    let sql = "select id, from_object, from_record, to_object, to_record, label, linked_at, linked_by_type, linked_by, unlinked_at, \
               unlinked_by_type, unlinked_by from association \
               where workspace_id = $1 and ((from_record = $2 and to_object = $3) or (to_record = $2 and from_object = $3)) \
               and linked_at <= $4 and (unlinked_at is null or unlinked_at > $5) \
               and id > $6 order by id limit $7";
    let ended_after = if with_ended { Timestamp::MIN } else { at };
    let params: [Param<'_>; 7] = [
        workspace.into(),
        record.into(),
        other.into(),
        at.into(),
        ended_after.into(),
        after.unwrap_or_default().into(),
        limit.into(),
    ];
    tx.query(sql, &params).await?.iter().map(decode).collect()
}

/// The records of an object that are linked to a record with a label and held at a moment: those at the beginnings of the links, in order of id.
///
/// # Errors
/// Any `DbError`.
pub async fn linked_to(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    (from, label): (ObjectId, &str),
    at: Timestamp,
    limit: i64,
) -> Result<Vec<RecordId>, DbError> {
    let sql = "select distinct from_record from association where workspace_id = $1 and to_record = $2 and from_object = $3 and label = $4 \
               and linked_at <= $5 and (unlinked_at is null or unlinked_at > $5) order by from_record limit $6";
    let params: [Param<'_>; 6] = [
        workspace.into(),
        record.into(),
        from.into(),
        label.into(),
        at.into(),
        limit.into(),
    ];
    let rows = tx.query(sql, &params).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The links that begin at these records, carry a label and held at a moment, oldest first.
///
/// # Errors
/// Any `DbError`.
pub async fn list_from(
    tx: &mut Tx,
    workspace: WorkspaceId,
    records: &[RecordId],
    label: &str,
    at: Timestamp,
) -> Result<Vec<Association>, DbError> {
    let sql = statements(tx.dialect()).links_from_records;
    let params: [Param<'_>; 4] = [
        workspace.into(),
        uuids(records).into(),
        label.into(),
        at.into(),
    ];
    let rows = tx.query(sql, &params).await?;
    let mut links: Vec<Association> = rows.iter().map(decode).collect::<Result<_, _>>()?;
    links.sort_unstable_by_key(|link| link.id);
    Ok(links)
}

pub(super) fn decode(row: &Row) -> Result<Association, DbError> {
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
