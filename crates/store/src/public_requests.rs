//! What strangers did under an idempotency key: signing up, accepting an invitation, setting a new password. There is no workspace to keep it
//! in and no actor to keep it for; what is kept says whom it was about, and no secret.

use leadline_engine::ids::{AccountId, WorkspaceId};
use leadline_engine::time::Timestamp;

use crate::db::{DbError, Tx};
use crate::idempotency::KEPT_MICROS;

/// Whose key it is.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// From where it was sent, in the service's words.
    pub caller: &'a str,
    /// The key as it was sent.
    pub key: &'a str,
}

/// What was done under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The hash of what is no secret in the request.
    pub request_hash: Vec<u8>,
    /// The account that it was about.
    pub account: AccountId,
    /// The workspace, if it was about one.
    pub workspace: Option<WorkspaceId>,
}

/// What was done under a key; `None` also for a key that is older than [`KEPT_MICROS`].
///
/// # Errors
/// Any `DbError`.
pub async fn find(tx: &mut Tx, key: Key<'_>, now: Timestamp) -> Result<Option<Done>, DbError> {
    let row = tx
        .query_opt(
            "select request_hash, account_id, workspace_id from public_request where caller = $1 and key = $2 and created_at >= $3",
            &[
                key.caller.into(),
                key.key.into(),
                now.plus_micros(-KEPT_MICROS).into(),
            ],
        )
        .await?;
    row.map(|row| {
        Ok(Done {
            request_hash: row.get(0)?,
            account: row.get(1)?,
            workspace: row.get(2)?,
        })
    })
    .transpose()
}

/// Notes what was done; false if something else was done under this key meanwhile, and then the unit has to be undone.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(
    tx: &mut Tx,
    key: Key<'_>,
    done: &Done,
    now: Timestamp,
) -> Result<bool, DbError> {
    let inserted = tx
        .execute(
            "insert into public_request (caller, key, request_hash, account_id, workspace_id, created_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (caller, key) do update \
             set request_hash = excluded.request_hash, account_id = excluded.account_id, workspace_id = excluded.workspace_id, \
                 created_at = excluded.created_at where public_request.created_at < $7",
            &[
                key.caller.into(),
                key.key.into(),
                done.request_hash.as_slice().into(),
                done.account.into(),
                done.workspace.into(),
                now.into(),
                now.plus_micros(-KEPT_MICROS).into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Removes keys that are older than `before`; returns how many.
///
/// # Errors
/// Any `DbError`.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "delete from public_request where created_at < $1",
        &[before.into()],
    )
    .await
}
