//! What people change of their own account: their name and their address.

use std::net::IpAddr;

use leadline_engine::error::FieldError;
use leadline_store::accounts::{self as store, Account};

use super::{
    accounts::{self, Me},
    ctx::Ctx,
    error::ServiceError,
    names::{self, email_key},
    passwords, unit_of_work,
};
use crate::{app::App, config::Secret};

/// What to change.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// The new name.
    pub name: Option<String>,
    /// The new address.
    pub email: Option<String>,
    /// The password, which a new address needs: with it others could ask for a new one.
    pub current_password: Option<Secret>,
}

/// Changes the caller's own name and address.
///
/// # Errors
/// `Invalid` with everything, also for a wrong password; `EMAIL_TAKEN`; `TooManyRequests`.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    address: IpAddr,
    change: ProfileChange,
) -> Result<Me, ServiceError> {
    let ctx = &ctx.with_secret_body();
    if let Some(()) = unit_of_work::repeated(app, ctx).await? {
        return accounts::get_me(app, ctx).await;
    }
    let me = accounts::get_me(app, ctx).await?.account;
    let new_email = change
        .email
        .as_deref()
        .map(str::trim)
        .filter(|email| *email != me.email);
    let mut errors: Vec<FieldError> = [
        change
            .name
            .as_deref()
            .and_then(|name| names::judge(name, "/name")),
        new_email.and_then(|email| names::judge_email(email, "/email")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if new_email.is_some() {
        errors.extend(wrong_password(app, address, &me, change.current_password.as_ref()).await?);
    }
    ServiceError::if_any(errors)?;
    let changed = Account {
        name: change.name.map_or(me.name, |name| name.trim().to_owned()),
        email_key: new_email.map_or(me.email_key, email_key),
        email: new_email.map_or(me.email.clone(), str::to_owned),
        ..me
    };
    let now = ctx.now();
    unit_of_work::write(app, ctx, move |tx| {
        let changed = changed.clone();
        Box::pin(async move {
            let account = store::get(tx, changed.id).await?;
            let account = Account {
                name: changed.name,
                email: changed.email,
                email_key: changed.email_key,
                updated_at: now,
                ..account.ok_or(ServiceError::NotFound)?
            };
            match store::update(tx, &account).await {
                Err(error) if error.is_unique_violation_of("account") => {
                    Err(accounts::email_taken("/email"))
                }
                other => Ok(other?),
            }
        })
    })
    .await?;
    accounts::get_me(app, ctx).await
}

async fn wrong_password(
    app: &App,
    address: IpAddr,
    me: &Account,
    given: Option<&Secret>,
) -> Result<Option<FieldError>, ServiceError> {
    let Some(given) = given else {
        let message = "a new address needs your password";
        return Ok(Some(FieldError::new(
            "/currentPassword",
            "REQUIRED",
            message,
        )));
    };
    let attempt = app.throttle.begin(&me.email_key, address)?;
    if passwords::is_right(given, Some(me.password_hash.clone())).await? {
        attempt.succeed();
        return Ok(None);
    }
    Ok(Some(FieldError::new(
        "/currentPassword",
        "INVALID_CREDENTIALS",
        "is not your password",
    )))
}
