//! What members prefer: one row a member who has said so.

use leadline_engine::ids::{AccountId, WorkspaceId};
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Tx};

/// What a member prefers, in the form the service gives it; `None` when they have said nothing.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<Json>, DbError> {
    tx.query_opt(
        "select preferences from preference where workspace_id = $1 and account_id = $2",
        &[workspace.into(), account.into()],
    )
    .await?
    .map(|row| json_cell(&row, 0))
    .transpose()
}

/// Keeps what a member prefers, in place of what they preferred before.
///
/// # Errors
/// Any `DbError`.
pub async fn set(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    preferences: &Json,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "insert into preference (workspace_id, account_id, preferences, updated_at) values ($1, $2, $3, $4) \
         on conflict (workspace_id, account_id) do update set preferences = excluded.preferences, updated_at = excluded.updated_at",
        &[
            workspace.into(),
            account.into(),
            json_param(preferences)?,
            now.into(),
        ],
    )
    .await?;
    Ok(())
}
