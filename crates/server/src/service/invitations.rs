//! Invitations: a link, good once and for a week, that makes its holder a member.

use leadline_engine::{
    ids::InvitationId,
    time::{MICROS_PER_DAY, Timestamp},
};
use leadline_store::{
    accounts as account_store,
    invitations::{self as store, Invitation},
    memberships,
    pages::Newest,
    workspaces as workspace_store,
};
use serde::{Deserialize, Serialize};

use super::{
    access::{Permission, Role},
    accounts::{SignedIn, add_account, new_account, new_membership, sign_in_again},
    ctx::Ctx,
    error::ServiceError,
    names, passwords,
    public_requests::{self, Asked},
    secrets, sessions, unit_of_work,
    users::{require_reach, role_of},
};
use crate::{app::App, config::Secret, http::RequestInfo};

/// For how long an invitation is good.
const GOOD_FOR_MICROS: i64 = 7 * MICROS_PER_DAY;

/// An invitation with the secret of its link, which is never shown again.
#[derive(Debug)]
pub struct CreatedInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The secret.
    pub secret: Secret,
}

/// A person who accepts.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The secret of the link.
    pub token: Secret,
    /// Their name, if they have no account yet.
    pub name: Option<String>,
    /// A new password, or that of their account.
    pub password: Secret,
}

/// What is kept for an idempotency key: enough for the same caller to make the secret again, and for nobody else.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: InvitationId,
    salt: String,
    expires_at: Timestamp,
    created_at: Timestamp,
}

const UNKNOWN: ServiceError = ServiceError::Forbidden {
    code: "INVITATION_UNKNOWN",
    detail: "the invitation is unknown, used or over: ask for a new one",
};

/// Invites an address.
///
/// # Errors
/// `Forbidden` for a role above the caller's; `Invalid`.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    email: &str,
    role: Role,
) -> Result<CreatedInvitation, ServiceError> {
    ctx.require(Permission::ManageUsers)?;
    require_reach(ctx, role)?;
    ServiceError::if_any(names::judge_email(email, "/email").into_iter().collect())?;
    let invited_by = ctx.account()?;
    let (made_by, address) = (ctx.clone(), email.trim().to_owned());
    let invitation = move |kept: &Kept, ctx: &Ctx, email: &str| Invitation {
        id: kept.id,
        workspace_id: ctx.workspace,
        email: email.to_owned(),
        role: role.as_str().to_owned(),
        invited_by,
        created_at: kept.created_at,
        expires_at: kept.expires_at,
        accepted_at: None,
    };
    let kept: Kept = unit_of_work::write(app, ctx, move |tx| {
        let (ctx, email) = (made_by.clone(), address.clone());
        Box::pin(async move {
            let now = ctx.now();
            let salt = secrets::random().reveal().to_owned();
            let kept = Kept {
                id: InvitationId::new(),
                salt,
                expires_at: now.plus_micros(GOOD_FOR_MICROS),
                created_at: now,
            };
            let secret = secret_of(&ctx, &kept);
            store::insert(
                tx,
                &invitation(&kept, &ctx, &email),
                &secrets::hash(secret.reveal()),
            )
            .await?;
            Ok(kept)
        })
    })
    .await?;
    let secret = secret_of(ctx, &kept);
    Ok(CreatedInvitation {
        invitation: invitation(&kept, ctx, email.trim()),
        secret,
    })
}

/// A page of the workspace's invitations.
///
/// # Errors
/// `Forbidden`.
pub async fn list(app: &App, ctx: &Ctx, page: Newest) -> Result<Vec<Invitation>, ServiceError> {
    ctx.require(Permission::ManageUsers)?;
    let workspace = ctx.workspace;
    app.db
        .read(move |tx| Box::pin(async move { Ok(store::list(tx, workspace, page).await?) }))
        .await
}

/// Takes an invitation back: its link is good no more.
///
/// # Errors
/// `NotFound`; `Forbidden` for a role above the caller's; `INVITATION_ACCEPTED`.
pub async fn delete(app: &App, ctx: &Ctx, id: InvitationId) -> Result<(), ServiceError> {
    ctx.require(Permission::ManageUsers)?;
    let taken_back_by = ctx.clone();
    app.db
        .write(move |tx| {
            let ctx = taken_back_by.clone();
            Box::pin(async move {
                let invitation = store::get(tx, ctx.workspace, id).await?;
                let invitation = invitation.ok_or(ServiceError::NotFound)?;
                require_reach(&ctx, role_of(&invitation.role)?)?;
                if store::delete(tx, ctx.workspace, id).await? {
                    return Ok(());
                }
                Err(ServiceError::conflict(
                    "INVITATION_ACCEPTED",
                    "the invitation was accepted: change the member instead",
                ))
            })
        })
        .await
}

/// Makes the holder of a link a member, with a new account or the one that the address has, and signs them in.
///
/// # Errors
/// `Forbidden` for a link that is unknown, used or over; `Invalid`; `INVALID_CREDENTIALS` where the address has an account with another
/// password; `TooManyRequests`; `IDEMPOTENCY_KEY_REUSED`.
pub async fn accept(
    app: &App,
    info: &RequestInfo,
    acceptance: Acceptance,
) -> Result<SignedIn, ServiceError> {
    let name = acceptance.name.as_deref().unwrap_or_default();
    let asked = Asked::of(info, &["accept", acceptance.token.reveal(), name]);
    let password = &acceptance.password;
    if let Some(before) = public_requests::before(app, info, asked.as_ref(), password).await? {
        return sign_in_again(app, info, before).await;
    }
    let hash = secrets::hash(acceptance.token.reveal());
    let attempt = app.throttle.begin("invitation", info.address)?;
    let now = app.clock.now();
    let (invitation, account) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let invitation = store::find_open(tx, &hash, now).await?.ok_or(UNKNOWN)?;
                let account =
                    account_store::find_by_email(tx, &names::email_key(&invitation.email)).await?;
                Ok::<_, ServiceError>((invitation, account))
            })
        })
        .await?;
    let (account, is_new) = match account {
        Some(account) => {
            let is_right =
                passwords::is_right(&acceptance.password, Some(account.password_hash.clone()))
                    .await?;
            if !is_right || account.disabled_at.is_some() {
                return Err(ServiceError::Unauthorized {
                    code: "INVALID_CREDENTIALS",
                    detail: "the address has an account with another password",
                });
            }
            (account, false)
        }
        None => {
            let name = acceptance.name.unwrap_or_default();
            let errors = [
                names::judge(&name, "/name"),
                passwords::judge(
                    acceptance.password.reveal(),
                    &[&invitation.email, &name],
                    "/password",
                ),
            ];
            ServiceError::if_any(errors.into_iter().flatten().collect())?;
            (
                new_account(
                    &name,
                    &invitation.email,
                    passwords::hash(&acceptance.password).await?,
                    now,
                ),
                true,
            )
        }
    };
    let role = role_of(&invitation.role)?;
    let (shared, info) = (app.clone(), info.clone());
    let signed_in = app
        .db
        .write(move |tx| {
            let (app, info, account, asked) =
                (shared.clone(), info.clone(), account.clone(), asked.clone());
            Box::pin(async move {
                let invitation = store::accept(tx, &hash, now).await?.ok_or(UNKNOWN)?;
                let workspace = workspace_store::get(tx, invitation.workspace_id)
                    .await?
                    .ok_or(UNKNOWN)?;
                if is_new {
                    add_account(tx, &account, "/email").await?;
                }
                if memberships::get(tx, workspace.id, account.id)
                    .await?
                    .is_none()
                {
                    memberships::insert(tx, &new_membership(workspace.id, account.id, role, now))
                        .await?;
                }
                if let Some(asked) = asked {
                    asked.note(&app, tx, account.id, Some(workspace.id)).await?;
                }
                let session = sessions::begin(tx, &app, &info, account.id, workspace.id).await?;
                Ok::<_, ServiceError>(SignedIn {
                    account,
                    workspace,
                    session,
                })
            })
        })
        .await?;
    attempt.succeed();
    Ok(signed_in)
}

fn secret_of(ctx: &Ctx, kept: &Kept) -> Secret {
    secrets::derive(&ctx.credential, "invitation", &kept.salt)
}
