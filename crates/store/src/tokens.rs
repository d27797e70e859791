//! API tokens. Only a hash of the secret is kept.

use leadline_engine::ids::{AccountId, TokenId, WorkspaceId};
use leadline_engine::time::Timestamp;

use crate::{
    db::{DbError, Row, Tx},
    pages::Newest,
};

/// A token for the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its identity.
    pub id: TokenId,
    /// For which workspace.
    pub workspace_id: WorkspaceId,
    /// Who made it; it can never do more than they can.
    pub account_id: AccountId,
    /// For people.
    pub name: String,
    /// What it may do, in the service's words.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the precision with which that is noted.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A token that may be used, with what authorisation has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The token.
    pub token: ApiToken,
    /// The role of its maker in its workspace.
    pub role: String,
    /// The version of the workspace's schema.
    pub schema_version: i64,
}

/// Adds a token.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, token: &ApiToken, token_hash: &[u8]) -> Result<(), DbError> {
    tx.execute(
        "insert into api_token (id, workspace_id, account_id, name, token_hash, scopes, expires_at, last_used_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            token.id.into(),
            token.workspace_id.into(),
            token.account_id.into(),
            (&token.name).into(),
            token_hash.into(),
            token.scopes.join(" ").into(),
            token.expires_at.into(),
            token.last_used_at.into(),
            token.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The token with this secret, if it has not ended and neither its maker nor their membership is disabled: revocation is immediate.
///
/// # Errors
/// Any `DbError`.
pub async fn find_bearer(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Bearer>, DbError> {
    tx.query_opt(
        "select t.id, t.workspace_id, t.account_id, t.name, t.scopes, t.expires_at, t.last_used_at, t.created_at, m.role, w.schema_version \
         from api_token t join account a on a.id = t.account_id \
         join membership m on m.workspace_id = t.workspace_id and m.account_id = t.account_id \
         join workspace w on w.id = t.workspace_id \
         where t.token_hash = $1 and (t.expires_at is null or t.expires_at > $2) and a.disabled_at is null and m.disabled_at is null",
        &[token_hash.into(), now.into()],
    )
    .await?
    .map(|row| Ok(Bearer { token: api_token(&row)?, role: row.get(8)?, schema_version: row.get(9)? }))
    .transpose()
}

/// Notes that a token was used.
///
/// # Errors
/// Any `DbError`.
pub async fn touch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: TokenId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "update api_token set last_used_at = $3 where workspace_id = $1 and id = $2 and (last_used_at is null or last_used_at < $3)",
        &[workspace.into(), id.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// A page of the tokens of an account in a workspace (of all accounts without one).
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: Option<AccountId>,
    page: Newest,
) -> Result<Vec<ApiToken>, DbError> {
    let (time, id) = page.place();
    tx.query(
        "select id, workspace_id, account_id, name, scopes, expires_at, last_used_at, created_at from api_token \
         where workspace_id = $1 and ($2::uuid is null or account_id = $2::uuid) \
           and ($3::bigint is null or (created_at, id) < ($3::bigint, $4::uuid)) \
         order by created_at desc, id desc limit $5",
        &[
            workspace.into(),
            account.into(),
            time.into(),
            id.into(),
            page.limit.into(),
        ],
    )
    .await?
    .iter()
    .map(api_token)
    .collect()
}

/// One token.
///
/// # Errors
/// Any `DbError`.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: TokenId,
) -> Result<Option<ApiToken>, DbError> {
    tx.query_opt(
        "select id, workspace_id, account_id, name, scopes, expires_at, last_used_at, created_at from api_token \
         where workspace_id = $1 and id = $2",
        &[workspace.into(), id.into()],
    )
    .await?
    .map(|row| api_token(&row))
    .transpose()
}

/// Revokes a token; whether there was one.
///
/// # Errors
/// Any `DbError`.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: TokenId) -> Result<bool, DbError> {
    let deleted = tx
        .execute(
            "delete from api_token where workspace_id = $1 and id = $2",
            &[workspace.into(), id.into()],
        )
        .await?;
    Ok(deleted > 0)
}

fn api_token(row: &Row) -> Result<ApiToken, DbError> {
    let scopes: &str = row.get(4)?;
    Ok(ApiToken {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        account_id: row.get(2)?,
        name: row.get(3)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        expires_at: row.get(5)?,
        last_used_at: row.get(6)?,
        created_at: row.get(7)?,
    })
}
