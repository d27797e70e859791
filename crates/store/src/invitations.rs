//! Invitations to a workspace. Only a hash of the secret is kept.

use leadline_engine::ids::{AccountId, InvitationId, WorkspaceId};
use leadline_engine::time::Timestamp;

use crate::{
    db::{DbError, Row, Tx},
    pages::Newest,
};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// To which workspace.
    pub workspace_id: WorkspaceId,
    /// For which address.
    pub email: String,
    /// The role it gives, in the service's words.
    pub role: String,
    /// By whom.
    pub invited_by: AccountId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was taken up; it can be only once.
    pub accepted_at: Option<Timestamp>,
}

/// Adds an invitation.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(
    tx: &mut Tx,
    invitation: &Invitation,
    token_hash: &[u8],
) -> Result<(), DbError> {
    tx.execute(
        "insert into invitation (id, workspace_id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            invitation.id.into(),
            invitation.workspace_id.into(),
            (&invitation.email).into(),
            (&invitation.role).into(),
            token_hash.into(),
            invitation.invited_by.into(),
            invitation.created_at.into(),
            invitation.expires_at.into(),
            invitation.accepted_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Takes up the invitation with this secret: returns it once, and only before it ends.
///
/// # Errors
/// Any `DbError`.
pub async fn accept(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Invitation>, DbError> {
    tx.query_opt(
        "update invitation set accepted_at = $2 where token_hash = $1 and accepted_at is null and expires_at > $2 \
         returning id, workspace_id, email, role, invited_by, created_at, expires_at, accepted_at",
        &[token_hash.into(), now.into()],
    )
    .await?
    .map(|row| invitation(&row))
    .transpose()
}

/// The invitation with this secret, while it can be taken up.
///
/// # Errors
/// Any `DbError`.
pub async fn find_open(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Invitation>, DbError> {
    tx.query_opt(
        "select id, workspace_id, email, role, invited_by, created_at, expires_at, accepted_at from invitation \
         where token_hash = $1 and accepted_at is null and expires_at > $2",
        &[token_hash.into(), now.into()],
    )
    .await?
    .map(|row| invitation(&row))
    .transpose()
}

/// A page of the invitations of a workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    page: Newest,
) -> Result<Vec<Invitation>, DbError> {
    let (time, id) = page.place();
    tx.query(
        "select id, workspace_id, email, role, invited_by, created_at, expires_at, accepted_at from invitation \
         where workspace_id = $1 and ($2::bigint is null or (created_at, id) < ($2::bigint, $3::uuid)) \
         order by created_at desc, id desc limit $4",
        &[workspace.into(), time.into(), id.into(), page.limit.into()],
    )
    .await?
    .iter()
    .map(invitation)
    .collect()
}

/// One invitation of a workspace.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<Option<Invitation>, DbError> {
    tx.query_opt(
        "select id, workspace_id, email, role, invited_by, created_at, expires_at, accepted_at from invitation \
         where workspace_id = $1 and id = $2",
        &[workspace.into(), id.into()],
    )
    .await?
    .map(|row| invitation(&row))
    .transpose()
}

/// Deletes an invitation that was not taken up. Whether there was one.
///
/// # Errors
/// Any `DbError`.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<bool, DbError> {
    let deleted = tx
        .execute(
            "delete from invitation where workspace_id = $1 and id = $2 and accepted_at is null",
            &[workspace.into(), id.into()],
        )
        .await?;
    Ok(deleted > 0)
}

fn invitation(row: &Row) -> Result<Invitation, DbError> {
    Ok(Invitation {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        email: row.get(2)?,
        role: row.get(3)?,
        invited_by: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        accepted_at: row.get(7)?,
    })
}
