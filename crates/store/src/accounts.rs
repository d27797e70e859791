//! Accounts: people who can sign in. An account is global; what it may do is a membership's matter.

use leadline_engine::ids::AccountId;
use leadline_engine::time::Timestamp;

use crate::db::{DbError, Row, Tx};

/// A person who can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Their identity.
    pub id: AccountId,
    /// The address as they wrote it.
    pub email: String,
    /// The address as it is compared; unique.
    pub email_key: String,
    /// For people.
    pub name: String,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    /// When they signed up.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// Since when they cannot sign in.
    pub disabled_at: Option<Timestamp>,
}

/// Adds an account. An address that is taken is a unique violation of `account`.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<(), DbError> {
    tx.execute(
        "insert into account (id, email, email_key, name, password_hash, created_at, updated_at, disabled_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            account.id.into(),
            (&account.email).into(),
            (&account.email_key).into(),
            (&account.name).into(),
            (&account.password_hash).into(),
            account.created_at.into(),
            account.updated_at.into(),
            account.disabled_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes name, address, password hash and whether the account is disabled. An address that is taken is a unique violation of `account`.
///
/// # Errors
/// Any `DbError`.
pub async fn update(tx: &mut Tx, account: &Account) -> Result<(), DbError> {
    tx.execute(
        "update account set email = $2, email_key = $3, name = $4, password_hash = $5, disabled_at = $6, updated_at = $7 where id = $1",
        &[
            account.id.into(),
            (&account.email).into(),
            (&account.email_key).into(),
            (&account.name).into(),
            (&account.password_hash).into(),
            account.disabled_at.into(),
            account.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// One account.
///
/// # Errors
/// Any `DbError`.
pub async fn get(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, DbError> {
    tx.query_opt(
        "select id, email, email_key, name, password_hash, created_at, updated_at, disabled_at from account where id = $1",
        &[id.into()],
    )
    .await?
    .map(|row| account(&row))
    .transpose()
}

/// The account with this address, in the form in which addresses are compared.
///
/// # Errors
/// Any `DbError`.
pub async fn find_by_email(tx: &mut Tx, email_key: &str) -> Result<Option<Account>, DbError> {
    tx.query_opt(
        "select id, email, email_key, name, password_hash, created_at, updated_at, disabled_at from account where email_key = $1",
        &[email_key.into()],
    )
    .await?
    .map(|row| account(&row))
    .transpose()
}

fn account(row: &Row) -> Result<Account, DbError> {
    Ok(Account {
        id: row.get(0)?,
        email: row.get(1)?,
        email_key: row.get(2)?,
        name: row.get(3)?,
        password_hash: row.get(4)?,
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
        disabled_at: row.get(7)?,
    })
}

impl std::fmt::Debug for Account {
    /// Shows no address and no hash.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.id)
    }
}
