//! Password resets: single use and short-lived. Only a hash of the secret is kept.

use leadline_engine::ids::AccountId;
use leadline_engine::time::Timestamp;

use crate::db::{DbError, Tx};

/// Adds a reset; earlier ones of the account end.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    token_hash: &[u8],
    created_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "delete from password_reset where account_id = $1",
        &[account.into()],
    )
    .await?;
    tx.execute(
        "insert into password_reset (token_hash, account_id, created_at, expires_at, used_at) values ($1, $2, $3, $4, null)",
        &[token_hash.into(), account.into(), created_at.into(), expires_at.into()],
    )
    .await?;
    Ok(())
}

/// Uses the reset with this secret: returns whose it is once, and only before it ends.
///
/// # Errors
/// Any `DbError`.
pub async fn take(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<AccountId>, DbError> {
    tx.query_opt(
        "update password_reset set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning account_id",
        &[token_hash.into(), now.into()],
    )
    .await?
    .map(|row| row.get(0))
    .transpose()
}

/// Removes resets that ended before `before`; returns how many.
///
/// # Errors
/// Any `DbError`.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "delete from password_reset where expires_at < $1",
        &[before.into()],
    )
    .await
}
