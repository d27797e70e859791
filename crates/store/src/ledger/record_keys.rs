//! Keys: which record holds a normalised value of an indexed property. Uniqueness is enforced by the database here.

use leadline_engine::ids::{PropertyId, RecordId, WorkspaceId};
use uuid::Uuid;

use crate::db::{DbError, Dialect, Param, Tx};

/// A key to claim for a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The property.
    pub property: PropertyId,
    /// The normalised value.
    pub value: String,
    /// The record that shall hold it.
    pub record: RecordId,
    /// Whether no other may.
    pub is_unique: bool,
}

/// Who holds these values of a property, in order of value and record.
///
/// # Errors
/// Any `DbError`.
pub async fn find(
    tx: &mut Tx,
    workspace: WorkspaceId,
    property: PropertyId,
    values: Vec<String>,
) -> Result<Vec<(String, RecordId)>, DbError> {
    let sql = "select value, record_id from record_key where workspace_id = $1 and property_id = $2 and value = any($3) order by value, record_id";
    let rows = tx
        .query(
            sql,
            &[
                workspace.uuid().into(),
                property.uuid().into(),
                values.into(),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, row.get::<Uuid>(1)?.into())))
        .collect()
}

/// Claims keys. Returns those that could not be claimed because another record holds the unique value: the rest is claimed.
///
/// # Errors
/// Any `DbError`.
pub async fn claim(
    tx: &mut Tx,
    workspace: WorkspaceId,
    claims: &[Claim],
) -> Result<Vec<Claim>, DbError> {
    let sql = "insert into record_key (workspace_id, property_id, value, record_id, is_unique) values ($1, $2, $3, $4, $5) on conflict do nothing";
    let row = |claim: &Claim| -> Vec<Param<'static>> {
        vec![
            workspace.uuid().into(),
            claim.property.uuid().into(),
            claim.value.clone().into(),
            claim.record.uuid().into(),
            claim.is_unique.into(),
        ]
    };
    let rows: Vec<_> = claims.iter().map(row).collect();
    let inserted = tx.execute_many(sql, &rows).await?;
    if inserted == claims.len() as u64 {
        return Ok(Vec::new());
    }
    let mut refused = Vec::new();
    for claim in claims.iter().filter(|claim| claim.is_unique) {
        let holders = find(tx, workspace, claim.property, vec![claim.value.clone()]).await?;
        if !holders.iter().any(|(_, holder)| *holder == claim.record) {
            refused.push(claim.clone());
        }
    }
    Ok(refused)
}

/// Releases keys that a record held.
///
/// # Errors
/// Any `DbError`.
pub async fn release(
    tx: &mut Tx,
    workspace: WorkspaceId,
    keys: &[(PropertyId, String, RecordId)],
) -> Result<(), DbError> {
    let sql = "delete from record_key where workspace_id = $1 and property_id = $2 and value = $3 and record_id = $4";
    if keys.is_empty() {
        return Ok(());
    }
    let row = |(property, value, record): &(PropertyId, String, RecordId)| -> Vec<Param<'static>> {
        vec![
            workspace.uuid().into(),
            property.uuid().into(),
            value.clone().into(),
            record.uuid().into(),
        ]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    tx.execute_many(sql, &rows).await?;
    Ok(())
}

/// Forgets all keys of a property.
///
/// # Errors
/// Any `DbError`.
pub async fn forget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    property: PropertyId,
) -> Result<(), DbError> {
    tx.execute(
        "delete from record_key where workspace_id = $1 and property_id = $2",
        &[workspace.uuid().into(), property.uuid().into()],
    )
    .await?;
    Ok(())
}

/// Waits for other units of work that look up keys of this property, so that two cannot both find a key absent and create a record for it.
/// SQLite has one writer and needs no lock.
///
/// # Errors
/// Any `DbError`.
pub async fn lock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    property: PropertyId,
) -> Result<(), DbError> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            let bits =
                (workspace.uuid().as_u128() ^ property.uuid().as_u128().rotate_left(1)) as u64;
            tx.query(
                "select pg_advisory_xact_lock($1)::text",
                &[(bits as i64).into()],
            )
            .await
            .map(drop)
        }
    }
}
