//! Responses kept by idempotency key, so that a repeated request has one effect, on any node.

use leadline_engine::ids::WorkspaceId;
use leadline_engine::time::Timestamp;

use crate::db::{DbError, Tx};

/// For how long a response is kept for its key: 24 hours.
pub const KEPT_MICROS: i64 = leadline_engine::time::MICROS_PER_DAY;

/// Whose key it is.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Who sent it, in the service's words.
    pub actor: &'a str,
    /// The key as it was sent.
    pub key: &'a str,
}

/// What was found under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: the key is this unit's now. Another unit with the same key waits until this one ends.
    New,
    /// A request was done under this key.
    Done {
        /// The hash of that request.
        request_hash: Vec<u8>,
        /// The response it got; `None` if it was never noted.
        response: Option<String>,
    },
}

/// Takes a key, or tells what was done under it. A key older than [`KEPT_MICROS`] is taken anew. To be called first in the unit that does the request's work; the key goes with the unit if
/// that is undone.
///
/// # Errors
/// Any `DbError`.
pub async fn claim(
    tx: &mut Tx,
    key: Key<'_>,
    request_hash: &[u8],
    now: Timestamp,
) -> Result<Claim, DbError> {
    let inserted = tx
        .execute(
            "insert into idempotency (workspace_id, actor, key, request_hash, response, created_at) \
             values ($1, $2, $3, $4, null, $5) on conflict (workspace_id, actor, key) do update \
             set request_hash = excluded.request_hash, response = null, created_at = excluded.created_at where idempotency.created_at < $6",
            &[
                key.workspace.into(),
                key.actor.into(),
                key.key.into(),
                request_hash.into(),
                now.into(),
                now.plus_micros(-KEPT_MICROS).into(),
            ],
        )
        .await?;
    if inserted == 1 {
        return Ok(Claim::New);
    }
    let row = tx
        .query_one(
            "select request_hash, response from idempotency where workspace_id = $1 and actor = $2 and key = $3",
            &[key.workspace.into(), key.actor.into(), key.key.into()],
        )
        .await?;
    Ok(Claim::Done {
        request_hash: row.get(0)?,
        response: row.get(1)?,
    })
}

/// What was done under a key before; `None` also for a key that is older than [`KEPT_MICROS`]. It takes nothing.
///
/// # Errors
/// Any `DbError`.
pub async fn find(tx: &mut Tx, key: Key<'_>, now: Timestamp) -> Result<Option<Claim>, DbError> {
    let row = tx
        .query_opt(
            "select request_hash, response from idempotency \
             where workspace_id = $1 and actor = $2 and key = $3 and created_at >= $4",
            &[
                key.workspace.into(),
                key.actor.into(),
                key.key.into(),
                now.plus_micros(-KEPT_MICROS).into(),
            ],
        )
        .await?;
    let done = |row: crate::db::Row| {
        Ok(Claim::Done {
            request_hash: row.get(0)?,
            response: row.get(1)?,
        })
    };
    row.map(done).transpose()
}

/// Notes the response under a key that this unit has claimed.
///
/// # Errors
/// Any `DbError`.
pub async fn note_response(tx: &mut Tx, key: Key<'_>, response: &str) -> Result<(), DbError> {
    tx.execute(
        "update idempotency set response = $4 where workspace_id = $1 and actor = $2 and key = $3",
        &[
            key.workspace.into(),
            key.actor.into(),
            key.key.into(),
            response.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Gives back a key whose request failed after all.
///
/// # Errors
/// Any `DbError`.
pub async fn release(tx: &mut Tx, key: Key<'_>) -> Result<(), DbError> {
    tx.execute(
        "delete from idempotency where workspace_id = $1 and actor = $2 and key = $3",
        &[key.workspace.into(), key.actor.into(), key.key.into()],
    )
    .await?;
    Ok(())
}

/// Removes keys of all workspaces that are older than `before`; returns how many.
///
/// # Errors
/// Any `DbError`.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "delete from idempotency where created_at < $1",
        &[before.into()],
    )
    .await
}
