//! Sessions: signed-in browsers. Only a hash of the secret is kept.

use leadline_engine::ids::{AccountId, SessionId, WorkspaceId};
use leadline_engine::time::Timestamp;

use crate::{
    db::{DbError, Row, Tx},
    pages::Newest,
};

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// Of whom.
    pub account_id: AccountId,
    /// For which workspace.
    pub workspace_id: WorkspaceId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the precision with which that is noted.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// What the browser called itself.
    pub user_agent: Option<String>,
    /// From where it signed in.
    pub address: Option<String>,
}

/// A session that may be used, with what authorisation has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The role in its workspace.
    pub role: String,
    /// The version of the workspace's schema.
    pub schema_version: i64,
}

/// Adds a session.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &[u8]) -> Result<(), DbError> {
    tx.execute(
        "insert into session (id, token_hash, account_id, workspace_id, created_at, last_seen_at, expires_at, user_agent, address) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            session.id.into(),
            token_hash.into(),
            session.account_id.into(),
            session.workspace_id.into(),
            session.created_at.into(),
            session.last_seen_at.into(),
            session.expires_at.into(),
            session.user_agent.as_deref().into(),
            session.address.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The session with this secret, if it has not ended and neither account nor membership is disabled: revocation is immediate.
///
/// # Errors
/// Any `DbError`.
pub async fn find_signed_in(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<SignedIn>, DbError> {
    tx.query_opt(
        "select s.id, s.account_id, s.workspace_id, s.created_at, s.last_seen_at, s.expires_at, s.user_agent, s.address, m.role, w.schema_version \
         from session s join account a on a.id = s.account_id \
         join membership m on m.workspace_id = s.workspace_id and m.account_id = s.account_id \
         join workspace w on w.id = s.workspace_id \
         where s.token_hash = $1 and s.expires_at > $2 and a.disabled_at is null and m.disabled_at is null",
        &[token_hash.into(), now.into()],
    )
    .await?
    .map(|row| Ok(SignedIn { session: session(&row)?, role: row.get(8)?, schema_version: row.get(9)? }))
    .transpose()
}

/// Notes that a session was used.
///
/// # Errors
/// Any `DbError`.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "update session set last_seen_at = $2 where id = $1 and last_seen_at < $2",
        &[id.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Makes a session one for another workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn switch(tx: &mut Tx, id: SessionId, workspace: WorkspaceId) -> Result<(), DbError> {
    tx.execute(
        "update session set workspace_id = $2 where id = $1",
        &[id.into(), workspace.into()],
    )
    .await?;
    Ok(())
}

/// A page of an account's sessions that have not ended, and were used after `idle_since`.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    account: AccountId,
    (now, idle_since): (Timestamp, Timestamp),
    page: Newest,
) -> Result<Vec<Session>, DbError> {
    let (time, id) = page.place();
    tx.query(
        "select id, account_id, workspace_id, created_at, last_seen_at, expires_at, user_agent, address from session \
         where account_id = $1 and expires_at > $2 and last_seen_at > $3 \
           and ($4::bigint is null or (created_at, id) < ($4::bigint, $5::uuid)) \
         order by created_at desc, id desc limit $6",
        &[
            account.into(),
            now.into(),
            idle_since.into(),
            time.into(),
            id.into(),
            page.limit.into(),
        ],
    )
    .await?
    .iter()
    .map(session)
    .collect()
}

/// Ends one session of an account; whether there was one.
///
/// # Errors
/// Any `DbError`.
pub async fn delete(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<bool, DbError> {
    let deleted = tx
        .execute(
            "delete from session where account_id = $1 and id = $2",
            &[account.into(), id.into()],
        )
        .await?;
    Ok(deleted > 0)
}

/// Ends all sessions of an account but `keep`; returns how many.
///
/// # Errors
/// Any `DbError`.
pub async fn delete_others(
    tx: &mut Tx,
    account: AccountId,
    keep: Option<SessionId>,
) -> Result<u64, DbError> {
    tx.execute(
        "delete from session where account_id = $1 and ($2::uuid is null or id <> $2::uuid)",
        &[account.into(), keep.into()],
    )
    .await
}

/// Removes sessions of all accounts that ended before `before`, or were not used since `idle_since`; returns how many.
///
/// # Errors
/// Any `DbError`.
pub async fn expire(tx: &mut Tx, before: Timestamp, idle_since: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "delete from session where expires_at < $1 or last_seen_at < $2",
        &[before.into(), idle_since.into()],
    )
    .await
}

fn session(row: &Row) -> Result<Session, DbError> {
    Ok(Session {
        id: row.get(0)?,
        account_id: row.get(1)?,
        workspace_id: row.get(2)?,
        created_at: row.get(3)?,
        last_seen_at: row.get(4)?,
        expires_at: row.get(5)?,
        user_agent: row.get(6)?,
        address: row.get(7)?,
    })
}
