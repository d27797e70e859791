//! Idempotency keys of those who are nobody yet: who signs up, accepts an invitation, or sets a new password. A repeated request has one
//! effect, and whoever repeats it has to know the password that it held: of that nothing is kept.

use leadline_engine::ids::{AccountId, WorkspaceId};
use leadline_store::{
    accounts::{self, Account},
    db::Tx,
    public_requests::{self as store, Done},
};

use super::{error::ServiceError, passwords, secrets, unit_of_work::key_reused};
use crate::{app::App, config::Secret, http::RequestInfo};

/// A request with an idempotency key.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    caller: String,
    key: String,
    request_hash: [u8; 32],
}

/// What the request did before.
#[derive(Debug)]
pub(super) struct Before {
    /// The account that it was about.
    pub(super) account: Account,
    /// The workspace, if it was about one.
    pub(super) workspace: Option<WorkspaceId>,
}

impl Asked {
    /// The request, if it came with a key. `parts` are the operation's name and all of the body but the password.
    pub(super) fn of(info: &RequestInfo, parts: &[&str]) -> Option<Self> {
        let key = info.idempotency_key.clone()?;
        let lengths = parts.iter().map(|part| part.len().to_string());
        let text = lengths.collect::<Vec<_>>().join(",") + ":" + &parts.concat();
        Some(Self {
            caller: info.address.to_string(),
            key,
            request_hash: secrets::hash(&text),
        })
    }

    /// Notes in the unit what was done.
    ///
    /// # Errors
    /// `IDEMPOTENCY_KEY_REUSED` if another request with this key was done meanwhile.
    pub(super) async fn note(
        &self,
        app: &App,
        tx: &mut Tx,
        account: AccountId,
        workspace: Option<WorkspaceId>,
    ) -> Result<(), ServiceError> {
        let done = Done {
            request_hash: self.request_hash.to_vec(),
            account,
            workspace,
        };
        if store::insert(tx, self.key(), &done, app.clock.now()).await? {
            Ok(())
        } else {
            Err(key_reused())
        }
    }

    fn key(&self) -> store::Key<'_> {
        store::Key {
            caller: &self.caller,
            key: &self.key,
        }
    }
}

/// What the request did before; `None` if it has no key or a new one. The password that it repeats counts as a try.
///
/// # Errors
/// `IDEMPOTENCY_KEY_REUSED` for a key that came with another request, or another password; `TooManyRequests`.
pub(super) async fn before(
    app: &App,
    info: &RequestInfo,
    asked: Option<&Asked>,
    password: &Secret,
) -> Result<Option<Before>, ServiceError> {
    let Some(before) = find(app, asked).await? else {
        return Ok(None);
    };
    let attempt = (app.throttle).begin(&before.account.email_key, info.address)?;
    before.require(password).await?;
    attempt.succeed();
    Ok(Some(before))
}

/// What the request did before, for whoever shows that they know the password: see [`Before::require`].
///
/// # Errors
/// `IDEMPOTENCY_KEY_REUSED` for a key that came with another request.
pub(super) async fn find(app: &App, asked: Option<&Asked>) -> Result<Option<Before>, ServiceError> {
    let Some(asked) = asked else { return Ok(None) };
    let (own, now) = (asked.clone(), app.clock.now());
    let found = app
        .db
        .read(move |tx| {
            let asked = own.clone();
            Box::pin(async move {
                let Some(done) = store::find(tx, asked.key(), now).await? else {
                    return Ok::<_, ServiceError>(None);
                };
                Ok(Some((accounts::get(tx, done.account).await?, done)))
            })
        })
        .await?;
    let Some((account, done)) = found else {
        return Ok(None);
    };
    let account = account
        .filter(|account| account.disabled_at.is_none())
        .filter(|_| done.request_hash == asked.request_hash)
        .ok_or_else(key_reused)?;
    let workspace = done.workspace;
    Ok(Some(Before { account, workspace }))
}

impl Before {
    /// Refuses another password than the account's. The caller counts the try.
    ///
    /// # Errors
    /// `IDEMPOTENCY_KEY_REUSED`.
    pub(super) async fn require(&self, password: &Secret) -> Result<(), ServiceError> {
        if passwords::is_right(password, Some(self.account.password_hash.clone())).await? {
            Ok(())
        } else {
            Err(key_reused())
        }
    }
}
