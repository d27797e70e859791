//! People: signing up, in and out, the workspaces they belong to, and new passwords.

use std::net::IpAddr;

use leadline_engine::{
    error::FieldError,
    ids::{AccountId, WorkspaceId},
    ledger::{Actor, ActorKind},
    time::{MICROS_PER_SECOND, Timestamp},
};
use leadline_store::{
    accounts::{self as store, Account},
    db::{DbError, Tx},
    memberships::{self, Membership},
    password_resets, sessions as session_store,
    workspaces::{self as workspace_store, Workspace},
};

use super::{
    access::{Permission, Role},
    ctx::Ctx,
    error::ServiceError,
    names::{self, email_key},
    passwords,
    public_requests::{self, Asked, Before},
    secrets, sessions, unit_of_work, workspaces,
};
use crate::{
    app::App,
    config::{Secret, SignupPolicy},
    http::RequestInfo,
};

/// A person who signs up, and the workspace they make.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The workspace's name.
    pub workspace_name: String,
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: Secret,
    /// What the first sign-up from another machine must show.
    pub setup_token: Option<Secret>,
}

/// A person who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub account: Account,
    /// The workspace the session is for.
    pub workspace: Workspace,
    /// The session's secret.
    pub session: Secret,
}

/// Who the caller is.
#[derive(Debug, Clone)]
pub struct Me {
    /// The person.
    pub account: Account,
    /// The workspace.
    pub workspace: Workspace,
    /// Their role in it.
    pub role: Role,
    /// What they may do with this session or token.
    pub permissions: Vec<Permission>,
}

const INVALID_CREDENTIALS: ServiceError = ServiceError::Unauthorized {
    code: "INVALID_CREDENTIALS",
    detail: "the address or the password is wrong",
};
const CLOSED: ServiceError = ServiceError::Forbidden {
    code: "SIGNUP_CLOSED",
    detail: "ask for an invitation",
};

/// Makes an account and a workspace that it owns, where the configuration allows it.
///
/// # Errors
/// `Forbidden` when sign-up is closed or the set-up token is missing; `Invalid`; `EMAIL_TAKEN`; `IDEMPOTENCY_KEY_REUSED`.
pub async fn sign_up(app: &App, info: &RequestInfo, new: SignUp) -> Result<SignedIn, ServiceError> {
    let parts = ["sign up", &new.workspace_name, &new.name, &new.email];
    let asked = Asked::of(info, &parts);
    // The door first: what is found behind a closed one was done before it closed, if only just.
    let door = require_open_door(app, info, &new).await;
    if let Some(before) = public_requests::before(app, info, asked.as_ref(), &new.password).await? {
        return sign_in_again(app, info, before).await;
    }
    door?;
    judge(&new)?;
    let attempt = app.throttle.begin(&email_key(&new.email), info.address)?;
    let password = new.password.clone();
    let mut result = sign_up_once(app, info, new, asked.clone()).await;
    if result.is_err() {
        // The same request may have been at work at the same time, and have been first.
        if let Some(before) = public_requests::find(app, asked.as_ref()).await? {
            before.require(&password).await?;
            result = sign_in_again(app, info, before).await;
        }
    }
    if result.is_ok() {
        attempt.succeed();
    }
    result
}

/// Answers a request that has had its effect: with a session of its own, since no secret of the first answer is kept.
pub(super) async fn sign_in_again(
    app: &App,
    info: &RequestInfo,
    before: Before,
) -> Result<SignedIn, ServiceError> {
    let workspace_id = before.workspace.ok_or(INVALID_CREDENTIALS)?;
    let (shared, info, account) = (app.clone(), info.clone(), before.account);
    app.db
        .write(move |tx| {
            let (app, info, account) = (shared.clone(), info.clone(), account.clone());
            Box::pin(async move {
                let workspace = workspace_store::get(tx, workspace_id)
                    .await?
                    .ok_or(INVALID_CREDENTIALS)?;
                let session = sessions::begin(tx, &app, &info, account.id, workspace_id).await?;
                Ok(SignedIn {
                    account,
                    workspace,
                    session,
                })
            })
        })
        .await
}

async fn sign_up_once(
    app: &App,
    info: &RequestInfo,
    new: SignUp,
    asked: Option<Asked>,
) -> Result<SignedIn, ServiceError> {
    let password_hash = passwords::hash(&new.password).await?;
    let account = new_account(&new.name, &new.email, password_hash, app.clock.now());
    let (shared, info) = (app.clone(), info.clone());
    app.db
        .write(move |tx| {
            let (app, info, account, new, asked) = (
                shared.clone(),
                info.clone(),
                account.clone(),
                new.clone(),
                asked.clone(),
            );
            Box::pin(async move {
                if app.config.signup == SignupPolicy::First {
                    workspace_store::lock_first(tx).await?;
                    if workspace_store::any_exists(tx).await? {
                        return Err(CLOSED);
                    }
                }
                add_account(tx, &account, "/email").await?;
                let actor = Actor {
                    kind: ActorKind::User,
                    id: Some(account.id.uuid()),
                };
                let workspace =
                    workspaces::create(tx, &new.workspace_name, actor, account.created_at).await?;
                memberships::insert(
                    tx,
                    &new_membership(workspace.id, account.id, Role::Owner, account.created_at),
                )
                .await?;
                if let Some(asked) = asked {
                    asked.note(&app, tx, account.id, Some(workspace.id)).await?;
                }
                let session = sessions::begin(tx, &app, &info, account.id, workspace.id).await?;
                Ok(SignedIn {
                    account,
                    workspace,
                    session,
                })
            })
        })
        .await
}

/// Refuses names, addresses and passwords that break rules.
///
/// # Errors
/// `Invalid` with everything.
pub fn judge(new: &SignUp) -> Result<(), ServiceError> {
    let errors = [
        names::judge(&new.workspace_name, "/workspaceName"),
        names::judge(&new.name, "/name"),
        names::judge_email(&new.email, "/email"),
        passwords::judge(new.password.reveal(), &[&new.email, &new.name], "/password"),
    ];
    ServiceError::if_any(errors.into_iter().flatten().collect())
}

async fn require_open_door(
    app: &App,
    info: &RequestInfo,
    new: &SignUp,
) -> Result<(), ServiceError> {
    match app.config.signup {
        SignupPolicy::Open => return Ok(()),
        SignupPolicy::Invite => return Err(CLOSED),
        SignupPolicy::First => {}
    }
    if workspaces::exist(app).await? {
        return Err(CLOSED);
    }
    let is_shown = match (&app.setup_token, &new.setup_token) {
        (Some(token), Some(given)) => token.equals(given.reveal()),
        _ => false,
    };
    if is_shown || (info.is_local && new.setup_token.is_none()) {
        return Ok(());
    }
    app.throttle.begin("set-up token", info.address)?;
    Err(ServiceError::Forbidden {
        code: "SETUP_TOKEN_REQUIRED",
        detail: "from another machine the first sign-up needs setupToken: the set-up token that the server's log shows",
    })
}

/// An account that is not in the database yet.
pub(crate) fn new_account(
    name: &str,
    email: &str,
    password_hash: String,
    now: Timestamp,
) -> Account {
    Account {
        id: AccountId::new(),
        email: email.trim().to_owned(),
        email_key: email_key(email),
        name: name.trim().to_owned(),
        password_hash,
        created_at: now,
        updated_at: now,
        disabled_at: None,
    }
}

/// A membership that is not in the database yet.
pub(crate) fn new_membership(
    workspace_id: WorkspaceId,
    account_id: AccountId,
    role: Role,
    now: Timestamp,
) -> Membership {
    let role = role.as_str().to_owned();
    Membership {
        workspace_id,
        account_id,
        role,
        created_at: now,
        updated_at: now,
        disabled_at: None,
    }
}

/// Adds an account whose address is free.
///
/// # Errors
/// `EMAIL_TAKEN`.
pub(crate) async fn add_account(
    tx: &mut Tx,
    account: &Account,
    pointer: &str,
) -> Result<(), ServiceError> {
    match store::insert(tx, account).await {
        Err(error) if error.is_unique_violation_of("account") => Err(email_taken(pointer)),
        other => Ok(other?),
    }
}

/// An address that belongs to an account.
pub(super) fn email_taken(pointer: &str) -> ServiceError {
    ServiceError::Conflict {
        code: "EMAIL_TAKEN".into(),
        detail: "there is an account with this address".into(),
        errors: vec![FieldError::new(
            pointer,
            "EMAIL_TAKEN",
            "belongs to an account",
        )],
    }
}

/// Signs a person in, to the workspace they joined first.
///
/// # Errors
/// `INVALID_CREDENTIALS`, alike for a wrong password, no such account, a disabled one, and one without a workspace; `TooManyRequests`.
pub async fn log_in(
    app: &App,
    info: &RequestInfo,
    email: &str,
    password: &Secret,
) -> Result<SignedIn, ServiceError> {
    let key = email_key(email);
    let attempt = app.throttle.begin(&key, info.address)?;
    let account = {
        let key = key.clone();
        app.db
            .read(move |tx| {
                let key = key.clone();
                Box::pin(async move {
                    store::find_by_email(tx, &key)
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await?
    };
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let is_right = passwords::is_right(password, hash).await?;
    let account = account
        .filter(|account| is_right && account.disabled_at.is_none())
        .ok_or(INVALID_CREDENTIALS)?;
    let signed_in = begin_session(app, info, account).await?;
    attempt.succeed();
    Ok(signed_in)
}

async fn begin_session(
    app: &App,
    info: &RequestInfo,
    account: Account,
) -> Result<SignedIn, ServiceError> {
    let (shared, info) = (app.clone(), info.clone());
    app.db
        .write(move |tx| {
            let (app, info, account) = (shared.clone(), info.clone(), account.clone());
            Box::pin(async move {
                let first = memberships::list_of_account(tx, account.id)
                    .await?
                    .into_iter()
                    .next();
                let workspace_id = first.ok_or(INVALID_CREDENTIALS)?.workspace_id;
                let workspace = workspace_store::get(tx, workspace_id)
                    .await?
                    .ok_or(INVALID_CREDENTIALS)?;
                let session = sessions::begin(tx, &app, &info, account.id, workspace_id).await?;
                Ok(SignedIn {
                    account,
                    workspace,
                    session,
                })
            })
        })
        .await
}

/// Begins a session for another workspace of the caller, in place of the one they have.
///
/// # Errors
/// `NotFound` for a workspace that they do not belong to.
pub async fn switch(
    app: &App,
    ctx: &Ctx,
    info: &RequestInfo,
    to: WorkspaceId,
) -> Result<SignedIn, ServiceError> {
    let (shared, info, account_id, session_id) =
        (app.clone(), info.clone(), ctx.account()?, ctx.session);
    app.db
        .write(move |tx| {
            let (app, info) = (shared.clone(), info.clone());
            Box::pin(async move {
                let membership = memberships::get(tx, to, account_id)
                    .await?
                    .filter(|member| member.membership.disabled_at.is_none());
                membership.ok_or(ServiceError::NotFound)?;
                let account = store::get(tx, account_id)
                    .await?
                    .ok_or(ServiceError::NotFound)?;
                let workspace = workspace_store::get(tx, to)
                    .await?
                    .ok_or(ServiceError::NotFound)?;
                if let Some(old) = session_id {
                    session_store::delete(tx, account_id, old).await?;
                }
                let session = sessions::begin(tx, &app, &info, account_id, to).await?;
                Ok(SignedIn {
                    account,
                    workspace,
                    session,
                })
            })
        })
        .await
}

/// Who the caller is.
///
/// # Errors
/// Those of the database.
pub async fn get_me(app: &App, ctx: &Ctx) -> Result<Me, ServiceError> {
    let (account_id, workspace_id) = (ctx.account()?, ctx.workspace);
    let (account, workspace) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let account = store::get(tx, account_id)
                    .await?
                    .ok_or(ServiceError::NotFound)?;
                let workspace = workspace_store::get(tx, workspace_id)
                    .await?
                    .ok_or(ServiceError::NotFound)?;
                Ok::<_, ServiceError>((account, workspace))
            })
        })
        .await?;
    let permissions = ctx
        .role
        .permissions()
        .filter(|permission| ctx.may(*permission))
        .collect();
    Ok(Me {
        account,
        workspace,
        role: ctx.role,
        permissions,
    })
}

/// Changes the caller's own password. Their other sessions end.
///
/// # Errors
/// `Invalid` for a wrong current password or a weak new one; `TooManyRequests`.
pub async fn change_password(
    app: &App,
    ctx: &Ctx,
    address: IpAddr,
    current: &Secret,
    new: &Secret,
) -> Result<(), ServiceError> {
    let ctx = &ctx.with_secret_body();
    if let Some(()) = unit_of_work::repeated(app, ctx).await? {
        return Ok(());
    }
    let me = get_me(app, ctx).await?.account;
    let attempt = app.throttle.begin(&me.email_key, address)?;
    if !passwords::is_right(current, Some(me.password_hash.clone())).await? {
        return Err(ServiceError::invalid(
            "/currentPassword",
            "INVALID_CREDENTIALS",
            "is not your password",
        ));
    }
    attempt.succeed();
    let problem = passwords::judge(new.reveal(), &[&me.email, &me.name], "/newPassword");
    ServiceError::if_any(problem.into_iter().collect())?;
    let (id, keep, now) = (me.id, ctx.session, ctx.now());
    let password_hash = passwords::hash(new).await?;
    unit_of_work::write(app, ctx, move |tx| {
        let password_hash = password_hash.clone();
        Box::pin(async move { write_password(tx, id, password_hash, keep, now).await })
    })
    .await
}

async fn write_password(
    tx: &mut Tx,
    id: AccountId,
    password_hash: String,
    keep: Option<leadline_engine::ids::SessionId>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let account = store::get(tx, id).await?.ok_or(ServiceError::NotFound)?;
    store::update(
        tx,
        &Account {
            password_hash,
            updated_at: now,
            ..account
        },
    )
    .await?;
    session_store::delete_others(tx, id, keep).await?;
    Ok(())
}

/// Takes note that somebody wants a new password. There is no mail yet: an administrator makes the link with `leadline user reset-password`.
/// Never tells whether there is such an account.
///
/// # Errors
/// `TooManyRequests`.
pub fn ask_for_new_password(
    app: &App,
    info: &RequestInfo,
    email: &str,
) -> Result<(), ServiceError> {
    app.throttle
        .begin(&format!("reset {}", email_key(email)), info.address)?;
    tracing::info!(
        request_id = info.request_id.0,
        "a new password was asked for"
    );
    Ok(())
}

/// A link for a new password: for one use, and soon over. Earlier ones end.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn password_reset_link(app: &App, email: &str) -> Result<String, ServiceError> {
    let (key, now) = (email_key(email), app.clock.now());
    let expires_at = now.plus_micros(app.config.password_reset_minutes * 60 * MICROS_PER_SECOND);
    let token = secrets::random();
    let hash = secrets::hash(token.reveal());
    app.db
        .write(move |tx| {
            let key = key.clone();
            Box::pin(async move {
                let account = store::find_by_email(tx, &key)
                    .await?
                    .ok_or(ServiceError::NotFound)?;
                password_resets::insert(tx, account.id, &hash, now, expires_at).await?;
                Ok::<_, ServiceError>(())
            })
        })
        .await?;
    Ok(format!(
        "{}/reset-password#token={}",
        app.config.public_url(),
        token.reveal()
    ))
}

/// Sets a new password with the token of such a link. All sessions of the account end.
///
/// # Errors
/// `Invalid` for a token that is unknown, used or over, or a weak password; `TooManyRequests`; `IDEMPOTENCY_KEY_REUSED`.
pub async fn reset_password(
    app: &App,
    info: &RequestInfo,
    token: &Secret,
    password: &Secret,
) -> Result<(), ServiceError> {
    let asked = Asked::of(info, &["reset password", token.reveal()]);
    if public_requests::before(app, info, asked.as_ref(), password)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let attempt = app.throttle.begin("reset token", info.address)?;
    let problem = passwords::judge(password.reveal(), &[], "/password");
    ServiceError::if_any(problem.into_iter().collect())?;
    let (hash, now) = (secrets::hash(token.reveal()), app.clock.now());
    let password_hash = passwords::hash(password).await?;
    let shared = app.clone();
    app.db
        .write(move |tx| {
            let (app, password_hash, asked) =
                (shared.clone(), password_hash.clone(), asked.clone());
            Box::pin(async move {
                let id = password_resets::take(tx, &hash, now).await?;
                let id = id.ok_or_else(|| {
                    ServiceError::invalid("/token", "INVALID_TOKEN", "is unknown, used or over")
                })?;
                if let Some(asked) = asked {
                    asked.note(&app, tx, id, None).await?;
                }
                write_password(tx, id, password_hash, None, now).await
            })
        })
        .await?;
    attempt.succeed();
    Ok(())
}

/// Adds an account and a workspace of its own, for the command line: without sign-up and without a password.
///
/// # Errors
/// `Invalid`, `EMAIL_TAKEN`.
pub async fn create_owner(
    app: &App,
    workspace_name: &str,
    name: &str,
    email: &str,
) -> Result<Workspace, ServiceError> {
    let errors = [
        names::judge(workspace_name, "/workspaceName"),
        names::judge(name, "/name"),
        names::judge_email(email, "/email"),
    ];
    ServiceError::if_any(errors.into_iter().flatten().collect())?;
    let account = new_account(name, email, String::new(), app.clock.now());
    let workspace_name = workspace_name.to_owned();
    app.db
        .write(move |tx| {
            let (account, workspace_name) = (account.clone(), workspace_name.clone());
            Box::pin(async move {
                add_account(tx, &account, "/email").await?;
                let workspace =
                    workspaces::create(tx, &workspace_name, Actor::SYSTEM, account.created_at)
                        .await?;
                memberships::insert(
                    tx,
                    &new_membership(workspace.id, account.id, Role::Owner, account.created_at),
                )
                .await?;
                Ok::<_, ServiceError>(workspace)
            })
        })
        .await
}

/// Removes what ended long ago: sessions, links, answers kept for idempotency keys.
///
/// # Errors
/// Those of the database.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    let now = app.clock.now();
    let idle_since = now.plus_micros(-app.config.session_idle_hours * 3600 * MICROS_PER_SECOND);
    let day_ago = now.plus_micros(-leadline_store::idempotency::KEPT_MICROS);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                session_store::expire(tx, now, idle_since).await?;
                password_resets::expire(tx, now).await?;
                leadline_store::idempotency::expire(tx, day_ago).await?;
                leadline_store::public_requests::expire(tx, day_ago).await?;
                Ok(())
            })
        })
        .await
}
