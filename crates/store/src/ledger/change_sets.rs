//! What each write changed, and the feed of all of it in the order of commits.

use std::collections::HashMap;

use leadline_engine::{
    ids::{ChangeSetId, JobId, ObjectId, RecordId, WorkspaceId},
    ledger::{Actor, Change, ChangeSet, Source},
    time::Timestamp,
};
use uuid::Uuid;

use super::{actor, insert_rows, records::uuids, source};
use crate::db::{BulkTable, ColumnType, DbError, Param, Row, Tx};
use crate::statements::statements;

static TABLE: BulkTable = BulkTable {
    name: "change_set",
    columns: &[
        ("workspace_id", ColumnType::Uuid),
        ("record_id", ColumnType::Uuid),
        ("version", ColumnType::BigInt),
        ("id", ColumnType::Uuid),
        ("object_id", ColumnType::Uuid),
        ("recorded_at", ColumnType::BigInt),
        ("valid_from", ColumnType::BigInt),
        ("actor_type", ColumnType::SmallInt),
        ("actor_id", ColumnType::Uuid),
        ("source", ColumnType::SmallInt),
        ("reason", ColumnType::Text),
        ("job_id", ColumnType::Uuid),
        ("changes", ColumnType::Json),
        ("hash", ColumnType::Bytes),
    ],
};

/// Who made a version of a record, when and how.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionStamp {
    /// The change set.
    pub id: ChangeSetId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// How.
    pub source: Source,
}

/// A place in a workspace's feed. The two numbers mean what the database makes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedPlace {
    /// SQLite: the row's number. PostgreSQL: the transaction.
    pub major: i64,
    /// PostgreSQL: the change set within the transaction.
    pub minor: Uuid,
}

/// Appends change sets, in the order in which the feed shall give them.
///
/// # Errors
/// Any `DbError`.
pub async fn append_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    change_sets: &[ChangeSet],
) -> Result<(), DbError> {
    let sql = "insert into change_set (workspace_id, record_id, version, id, object_id, recorded_at, valid_from, actor_type, actor_id, source, reason, \
               job_id, changes, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let rows = change_sets
        .iter()
        .map(|set| encode(workspace, set))
        .collect();
    insert_rows(tx, sql, &TABLE, rows).await
}

/// Which change sets of a record to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Page<'a> {
    /// Only those that changed this property.
    pub property: Option<&'a str>,
    /// Only those below this version; the last one seen.
    pub below_version: Option<i64>,
    /// How many at most.
    pub limit: i64,
}

/// A page of a record's change sets, newest first.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    page: Page<'_>,
) -> Result<Vec<ChangeSet>, DbError> {
    let below = page.below_version.unwrap_or(i64::MAX);
    let mut params: Vec<Param<'_>> = vec![
        workspace.into(),
        record.into(),
        below.into(),
        page.limit.into(),
    ];
    let sql = match page.property {
        None => {
            "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash \
             from change_set where workspace_id = $1 and record_id = $2 and version < $3 order by version desc limit $4"
        }
        Some(property) => {
            params.push(property.into());
            statements(tx.dialect()).change_sets_of_property
        }
    };
    tx.query(sql, &params).await?.iter().map(decode).collect()
}

/// A place in a record's change sets by the time they are about: the time, and the version.
pub type TimePlace = (Timestamp, i64);

/// A record's change sets about times up to a place and without it, recorded up to a time; those about the latest times first, of equal
/// times the latest versions. The database puts all change sets of the record in order for it, and hands over so many.
///
/// # Errors
/// Any `DbError`.
pub async fn list_by_time(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    (below_time, below_version): TimePlace,
    recorded_as_of: Timestamp,
    limit: i64,
) -> Result<Vec<ChangeSet>, DbError> {
    let sql = "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash \
               from change_set where workspace_id = $1 and record_id = $2 and valid_from <= $3 and (valid_from < $3 or version < $4) \
               and recorded_at <= $5 order by valid_from desc, version desc limit $6";
    let params: [Param<'_>; 6] = [
        workspace.into(),
        record.into(),
        below_time.into(),
        below_version.into(),
        recorded_as_of.into(),
        limit.into(),
    ];
    tx.query(sql, &params).await?.iter().map(decode).collect()
}

/// A job's change sets, newest first, below a place given by the last one's record and version.
///
/// # Errors
/// Any `DbError`.
pub async fn list_by_job(
    tx: &mut Tx,
    workspace: WorkspaceId,
    job: JobId,
    after: Option<RecordId>,
    limit: i64,
) -> Result<Vec<(RecordId, ObjectId)>, DbError> {
    let sql = "select distinct record_id, object_id from change_set where job_id = $1 and workspace_id = $2 and record_id > $3 order by record_id limit $4";
    let after = after.map_or(Uuid::nil(), RecordId::uuid);
    let rows = tx
        .query(
            sql,
            &[
                job.uuid().into(),
                workspace.uuid().into(),
                after.into(),
                limit.into(),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get::<Uuid>(0)?.into(), row.get::<Uuid>(1)?.into())))
        .collect()
}

/// Who made these versions of a record.
///
/// # Errors
/// Any `DbError`.
pub async fn stamps(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    versions: Vec<i64>,
) -> Result<HashMap<i64, VersionStamp>, DbError> {
    let sql = "select version, id, recorded_at, actor_type, actor_id, source from change_set \
               where workspace_id = $1 and record_id = $2 and version = any($3) order by version";
    let rows = tx
        .query(
            sql,
            &[
                workspace.uuid().into(),
                record.uuid().into(),
                versions.into(),
            ],
        )
        .await?;
    let stamp = |row: &Row| -> Result<(i64, VersionStamp), DbError> {
        let stamp = VersionStamp {
            id: row.get::<Uuid>(1)?.into(),
            recorded_at: Timestamp::from_micros(row.get(2)?),
            actor: actor(row.get(3)?, row.get(4)?)?,
            source: source(row.get(5)?)?,
        };
        Ok((row.get(0)?, stamp))
    };
    rows.iter().map(stamp).collect()
}

/// Who wrote each version of these records.
///
/// # Errors
/// Any `DbError`.
pub async fn authors(
    tx: &mut Tx,
    workspace: WorkspaceId,
    records: &[RecordId],
) -> Result<HashMap<(RecordId, i64), Actor>, DbError> {
    let sql = statements(tx.dialect()).authors_of_records;
    let rows = tx
        .query(sql, &[workspace.into(), uuids(records).into()])
        .await?;
    rows.iter()
        .map(|row| {
            let author = actor(row.get(2)?, row.get(3)?)?;
            Ok(((row.get::<Uuid>(0)?.into(), row.get(1)?), author))
        })
        .collect()
}

/// The last version of each record that is about a time up to `as_of` and was recorded up to `recorded_as_of`, and when it was recorded.
///
/// # Errors
/// Any `DbError`.
pub async fn versions_as_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    records: &[RecordId],
    as_of: Timestamp,
    recorded_as_of: Timestamp,
) -> Result<HashMap<RecordId, (i64, Timestamp)>, DbError> {
    let sql = statements(tx.dialect()).versions_as_of;
    let params = [
        workspace.uuid().into(),
        uuids(records).into(),
        as_of.micros().into(),
        recorded_as_of.micros().into(),
    ];
    let rows = tx.query(sql, &params).await?;
    rows.iter()
        .map(|row| {
            let recorded_at = Timestamp::from_micros(row.get(2)?);
            Ok((row.get::<Uuid>(0)?.into(), (row.get(1)?, recorded_at)))
        })
        .collect()
}

/// The version that a record had at a recorded time; `None` before the first.
///
/// # Errors
/// Any `DbError`.
pub async fn version_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: RecordId,
    recorded_as_of: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = "select max(version) from change_set where workspace_id = $1 and record_id = $2 and recorded_at <= $3";
    tx.query_one(
        sql,
        &[
            workspace.uuid().into(),
            record.uuid().into(),
            recorded_as_of.micros().into(),
        ],
    )
    .await?
    .get(0)
}

/// The feed after a place: every change set of the workspace in the order of commits, each with its own place. On PostgreSQL it stops below
/// the oldest transaction that still runs, so that nothing committed late is missed.
///
/// # Errors
/// Any `DbError`.
pub async fn feed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<FeedPlace>,
    limit: i64,
) -> Result<Vec<(FeedPlace, ChangeSet)>, DbError> {
    let after = after.unwrap_or(FeedPlace {
        major: 0,
        minor: Uuid::nil(),
    });
    let sql = statements(tx.dialect()).feed;
    let rows = tx
        .query(
            sql,
            &[
                workspace.into(),
                after.major.into(),
                after.minor.into(),
                limit.into(),
            ],
        )
        .await?;
    let entry = |row: &Row| {
        let set = decode(row)?;
        Ok((
            FeedPlace {
                major: row.get(13)?,
                minor: set.id.uuid(),
            },
            set,
        ))
    };
    rows.iter().map(entry).collect()
}

/// Where the workspace's history stands now, for [`touched_since`].
///
/// # Errors
/// Any `DbError`.
pub async fn position(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64, DbError> {
    let sql = statements(tx.dialect()).feed_position;
    tx.query_one(sql, &[workspace.into()]).await?.get(0)
}

/// What tells this history up to a position from any other one: the database, and the last change set there. Equal marks of one position mean equal
/// histories up to it; after a restore of an earlier state, or in a copy, they differ.
///
/// # Errors
/// Any `DbError`, also where PostgreSQL does not tell its identity to this account.
pub async fn mark(tx: &mut Tx, workspace: WorkspaceId, position: i64) -> Result<String, DbError> {
    let sql = statements(tx.dialect()).feed_mark;
    let row = tx
        .query_one(sql, &[workspace.uuid().into(), position.into()])
        .await?;
    let (database, last): (String, Option<Uuid>) = (row.get(0)?, row.get(1)?);
    Ok(format!("{database} {}", last.unwrap_or_default()))
}

/// How many change sets came since a position; counted up to `most`.
///
/// # Errors
/// Any `DbError`.
pub async fn count_since(
    tx: &mut Tx,
    workspace: WorkspaceId,
    position: i64,
    most: i64,
) -> Result<i64, DbError> {
    let sql = statements(tx.dialect()).feed_count;
    let params = [workspace.uuid().into(), position.into(), most.into()];
    tx.query_one(sql, &params).await?.get(0)
}

/// What was changed since a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Where the workspace's history stands.
    pub position: i64,
    /// The records, with their objects; some may have been seen before.
    pub records: Vec<(ObjectId, RecordId)>,
}

/// What was changed since a position, and the position from which to look the next time, so that nothing is missed.
///
/// # Errors
/// Any `DbError`.
pub async fn touched_since(
    tx: &mut Tx,
    workspace: WorkspaceId,
    position: i64,
) -> Result<Touched, DbError> {
    let sql = statements(tx.dialect()).touched_since;
    let rows = tx
        .query(sql, &[workspace.uuid().into(), position.into()])
        .await?;
    let mut touched = Touched {
        position,
        records: Vec::new(),
    };
    for row in rows {
        touched.position = row.get(0)?;
        if let Some(object) = row.get::<Option<Uuid>>(1)? {
            touched
                .records
                .push((object.into(), row.get::<Uuid>(2)?.into()));
        }
    }
    Ok(touched)
}

/// Hands over all change sets of a workspace, in order of record and version.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each(
    tx: &mut Tx,
    workspace: WorkspaceId,
    each: &mut (dyn FnMut(ChangeSet) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select id, object_id, record_id, version, recorded_at, valid_from, actor_type, actor_id, source, reason, job_id, changes, hash \
               from change_set where workspace_id = $1 order by record_id, version";
    tx.for_each(sql, &[workspace.into()], &mut |row| each(decode(row)?))
        .await
}

fn encode(workspace: WorkspaceId, set: &ChangeSet) -> Vec<Param<'static>> {
    vec![
        workspace.uuid().into(),
        set.record_id.uuid().into(),
        set.version.into(),
        set.id.uuid().into(),
        set.object_id.uuid().into(),
        set.recorded_at.micros().into(),
        set.valid_from.micros().into(),
        set.actor.kind.code().into(),
        set.actor.id.into(),
        i64::from(set.source.code()).into(),
        set.reason.clone().into(),
        set.job_id.map(JobId::uuid).into(),
        Param::json(serde_json::to_string(&set.changes).expect("changes are JSON already")),
        set.hash.to_vec().into(),
    ]
}

pub(super) fn decode(row: &Row) -> Result<ChangeSet, DbError> {
    let changes: Vec<Change> = serde_json::from_str(&row.get::<String>(11)?)
        .map_err(|_| DbError::Corrupt("a change set is damaged".into()))?;
    let hash: Vec<u8> = row.get(12)?;
    Ok(ChangeSet {
        id: row.get::<Uuid>(0)?.into(),
        object_id: row.get::<Uuid>(1)?.into(),
        record_id: row.get::<Uuid>(2)?.into(),
        version: row.get(3)?,
        recorded_at: Timestamp::from_micros(row.get(4)?),
        valid_from: Timestamp::from_micros(row.get(5)?),
        actor: actor(row.get(6)?, row.get(7)?)?,
        source: source(row.get(8)?)?,
        reason: row.get(9)?,
        job_id: row.get::<Option<Uuid>>(10)?.map(JobId::from),
        changes,
        hash: hash
            .try_into()
            .map_err(|_| DbError::Corrupt("a hash is not 32 bytes long".into()))?,
    })
}
