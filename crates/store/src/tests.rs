//! The store's functions, on both databases.

mod accounts;
mod definitions;
mod idempotency;
mod jobs;
mod ledger;
mod views;

use leadline_engine::ids::{AccountId, WorkspaceId};
use leadline_engine::time::Timestamp;

use crate::accounts::Account;
use crate::db::{Db, DbError};
use crate::memberships::Membership;
use crate::workspaces::Workspace;

/// Runs a unit of work and unwraps it: `unit!(db.write, [name, other], |tx| body)`; what it captures is cloned for each run.
macro_rules! unit {
    ($db:ident.$kind:ident, [$($captured:ident),*], |$tx:ident| $body:expr) => {{
        $(let $captured = $captured.clone();)*
        $db.$kind(move |$tx| {
            $(let $captured = $captured.clone();)*
            Box::pin(async move { $body.await })
        })
        .await
        .map_err(|error: crate::db::DbError| error)
    }};
}
pub(crate) use unit;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + seconds * 1_000_000)
}

/// A workspace and an account that owns it.
async fn a_workspace(db: &Db) -> (WorkspaceId, AccountId) {
    let (workspace, account) = (WorkspaceId::new(), AccountId::new());
    let added: Result<(), DbError> = db
        .write(move |tx| {
            Box::pin(async move {
                crate::workspaces::insert(tx, &workspace_named(workspace, "Acme")).await?;
                crate::accounts::insert(tx, &account_of(account)).await?;
                crate::memberships::insert(tx, &membership_of(workspace, account)).await
            })
        })
        .await;
    added.unwrap();
    (workspace, account)
}

fn workspace_named(id: WorkspaceId, name: &str) -> Workspace {
    Workspace {
        id,
        name: name.to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
        currency: "EUR".to_owned(),
        working_hours: None,
        version: 1,
        schema_version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn account_of(id: AccountId) -> Account {
    Account {
        id,
        email: format!("Ann@{id}.example"),
        email_key: format!("ann@{id}.example"),
        name: "Ann".to_owned(),
        password_hash: "$argon2id$".to_owned(),
        created_at: at(0),
        updated_at: at(0),
        disabled_at: None,
    }
}

fn membership_of(workspace_id: WorkspaceId, account_id: AccountId) -> Membership {
    Membership {
        workspace_id,
        account_id,
        role: "owner".to_owned(),
        created_at: at(0),
        updated_at: at(0),
        disabled_at: None,
    }
}
