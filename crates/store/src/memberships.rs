//! Memberships: which account belongs to which workspace, in which role.

use leadline_engine::ids::{AccountId, WorkspaceId};
use leadline_engine::time::Timestamp;

use crate::db::{DbError, Row, Tx};

/// An account's place in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The account.
    pub account_id: AccountId,
    /// The role, in the service's words.
    pub role: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Since when it no longer counts.
    pub disabled_at: Option<Timestamp>,
}

/// A member as others in the workspace see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their place.
    pub membership: Membership,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Adds a membership. One that exists is a unique violation of `membership`.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, membership: &Membership) -> Result<(), DbError> {
    tx.execute(
        "insert into membership (workspace_id, account_id, role, created_at, updated_at, disabled_at) values ($1, $2, $3, $4, $5, $6)",
        &[
            membership.workspace_id.into(),
            membership.account_id.into(),
            (&membership.role).into(),
            membership.created_at.into(),
            membership.updated_at.into(),
            membership.disabled_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes role and whether the membership is disabled.
///
/// # Errors
/// Any `DbError`.
pub async fn update(tx: &mut Tx, membership: &Membership) -> Result<(), DbError> {
    tx.execute(
        "update membership set role = $3, disabled_at = $4, updated_at = $5 where workspace_id = $1 and account_id = $2",
        &[
            membership.workspace_id.into(),
            membership.account_id.into(),
            (&membership.role).into(),
            membership.disabled_at.into(),
            membership.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// One member.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<Member>, DbError> {
    tx.query_opt(
        "select m.workspace_id, m.account_id, m.role, m.created_at, m.updated_at, m.disabled_at, a.name, a.email \
         from membership m join account a on a.id = m.account_id where m.workspace_id = $1 and m.account_id = $2",
        &[workspace.into(), account.into()],
    )
    .await?
    .map(|row| member(&row))
    .transpose()
}

/// Members by account id, those after `after`; disabled ones too.
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    tx.query(
        "select m.workspace_id, m.account_id, m.role, m.created_at, m.updated_at, m.disabled_at, a.name, a.email \
         from membership m join account a on a.id = m.account_id \
         where m.workspace_id = $1 and ($2::uuid is null or m.account_id > $2::uuid) order by m.account_id limit $3",
        &[workspace.into(), after.into(), limit.into()],
    )
    .await?
    .iter()
    .map(member)
    .collect()
}

/// The workspaces an account belongs to, in the order in which it joined them; disabled memberships are left out. At most 1,000.
///
/// # Errors
/// Any `DbError`.
pub async fn list_of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Membership>, DbError> {
    tx.query(
        "select workspace_id, account_id, role, created_at, updated_at, disabled_at from membership \
         where account_id = $1 and disabled_at is null order by created_at, workspace_id limit 1000",
        &[account.into()],
    )
    .await?
    .iter()
    .map(membership)
    .collect()
}

/// Which of these accounts are members now, by id; for values of `user` properties.
///
/// # Errors
/// Any `DbError`.
pub async fn active_among(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<Vec<AccountId>, DbError> {
    tx.query(
        "select account_id from membership \
         where workspace_id = $1 and account_id = any($2) and disabled_at is null order by account_id",
        &[workspace.into(), crate::cells::ids(accounts)],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Locks the members of this role that are not disabled until the unit ends, and returns them by id; so that the last owner stays.
///
/// # Errors
/// Any `DbError`.
pub async fn lock_active_in_role(
    tx: &mut Tx,
    workspace: WorkspaceId,
    role: &str,
) -> Result<Vec<AccountId>, DbError> {
    tx.query(
        "select account_id from membership \
         where workspace_id = $1 and role = $2 and disabled_at is null order by account_id for update",
        &[workspace.into(), role.into()],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

fn membership(row: &Row) -> Result<Membership, DbError> {
    Ok(Membership {
        workspace_id: row.get(0)?,
        account_id: row.get(1)?,
        role: row.get(2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
        disabled_at: row.get(5)?,
    })
}

fn member(row: &Row) -> Result<Member, DbError> {
    Ok(Member {
        membership: membership(row)?,
        name: row.get(6)?,
        email: row.get(7)?,
    })
}
