//! Keys: which record holds a normalised value of an indexed property. Uniqueness is enforced by the database here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use leadline_engine::ids::{PropertyId, RecordId, WorkspaceId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::{DbError, Param, Tx};
use crate::statements::statements;

/// Bytes of a value up to which it is kept as it is.
const LONGEST_KEY: usize = 512;
/// Locks that the values of a property share. An import writes as many batches at once; the same in every release, as [`hash`] is.
pub const LOCKS: u64 = 4;

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
    let sql = statements(tx.dialect()).holders_of_keys;
    let given: HashMap<String, String> = values
        .into_iter()
        .map(|value| (stored(&value).into_owned(), value))
        .collect();
    let wanted: Vec<String> = given.keys().cloned().collect();
    let rows = tx
        .query(sql, &[workspace.into(), property.into(), wanted.into()])
        .await?;
    let mut holders: Vec<(String, RecordId)> = rows
        .iter()
        .map(|row| Ok((row.get(1)?, row.get(2)?)))
        .collect::<Result<_, DbError>>()?;
    holders.sort_unstable();
    for (value, _) in &mut holders {
        if let Some(given) = given.get(value) {
            value.clone_from(given);
        }
    }
    Ok(holders)
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
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let inserted = insert(tx, workspace, claims).await?;
    if inserted == claims.len() as u64 {
        return Ok(Vec::new());
    }
    let mut wanted: BTreeMap<PropertyId, Vec<String>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.is_unique) {
        let values = wanted.entry(claim.property).or_default();
        values.push(claim.value.clone());
    }
    let mut held = HashSet::new();
    for (property, values) in wanted {
        let holders = find(tx, workspace, property, values).await?;
        held.extend(
            holders
                .into_iter()
                .map(|(value, record)| (property, value, record)),
        );
    }
    let is_refused = |claim: &&Claim| {
        claim.is_unique && !held.contains(&(claim.property, claim.value.clone(), claim.record))
    };
    Ok(claims.iter().filter(is_refused).cloned().collect())
}

async fn insert(tx: &mut Tx, workspace: WorkspaceId, claims: &[Claim]) -> Result<u64, DbError> {
    if let Some(sql) = statements(tx.dialect()).insert_keys {
        let each = |part: fn(&Claim) -> Uuid| claims.iter().map(part).collect::<Vec<Uuid>>();
        let values = claims.iter().map(|claim| stored(&claim.value).into_owned());
        let unique = claims.iter().map(|claim| i64::from(claim.is_unique));
        let params: [Param<'_>; 5] = [
            workspace.into(),
            each(|claim| claim.property.uuid()).into(),
            values.collect::<Vec<String>>().into(),
            each(|claim| claim.record.uuid()).into(),
            unique.collect::<Vec<i64>>().into(),
        ];
        return tx.execute(sql, &params).await;
    }
    let sql = "insert into record_key (workspace_id, property_id, value, record_id, is_unique) values ($1, $2, $3, $4, $5) on conflict do nothing";
    let row = |claim: &Claim| -> Vec<Param<'static>> {
        vec![
            workspace.into(),
            claim.property.into(),
            stored(&claim.value).into_owned().into(),
            claim.record.into(),
            claim.is_unique.into(),
        ]
    };
    let rows: Vec<_> = claims.iter().map(row).collect();
    tx.execute_many(sql, &rows).await
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
            stored(value).into_owned().into(),
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

/// Waits for other units of work that look up these keys of this property, so that two cannot both find one absent and create a record for it.
/// Values share [`LOCKS`] locks: a lock for each would need room in PostgreSQL's memory that a few large batches would use up. SQLite has one
/// writer and needs none.
///
/// # Errors
/// Any `DbError`.
pub async fn lock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    property: PropertyId,
    values: &[String],
) -> Result<(), DbError> {
    let Some(sql) = statements(tx.dialect()).lock_number else {
        return Ok(());
    };
    let bits = (workspace.uuid().as_u128() ^ property.uuid().as_u128().rotate_left(1)) as u64;
    // In one order, so that two units cannot wait for each other.
    let locks: BTreeSet<u64> = values.iter().map(|value| hash(value) % LOCKS).collect();
    let rows = locks
        .into_iter()
        .map(|lock| vec![(bits.wrapping_add(lock) as i64).into()])
        .collect();
    tx.send(sql, rows).await
}

/// A hash of a normalised value that is the same in every release (FNV-1a): its remainder by [`LOCKS`] says which lock the value is under.
#[must_use]
pub fn hash(value: &str) -> u64 {
    value.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A value as it is kept: a long one by its hash, since a database cannot index it whole (PostgreSQL stops at a third of a page).
pub(super) fn stored(value: &str) -> Cow<'_, str> {
    if value.len() <= LONGEST_KEY {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(format!(
            "\u{1}sha256:{}",
            hex::encode(Sha256::digest(value))
        ))
    }
}
