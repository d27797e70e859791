//! Members of a workspace: who they are, their roles, and whether they may still come in.

use leadline_engine::{error::FieldError, ids::AccountId, time::Timestamp};
use leadline_store::{
    db::Tx,
    memberships::{self, Member, Membership},
};
use serde::{Deserialize, Serialize};

use super::{
    access::{Permission, Role},
    accounts::{add_account, new_account, new_membership},
    ctx::Ctx,
    error::ServiceError,
    names, passwords, unit_of_work,
};
use crate::{app::App, config::Secret};

/// A person to be made a member at once.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Their address; no account has it yet.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their first password.
    pub password: Secret,
    /// Their role.
    pub role: Role,
}

/// What to change of a member.
#[derive(Debug, Clone, Copy, Default)]
pub struct UserChange {
    /// The new role.
    pub role: Option<Role>,
    /// Whether they are kept out.
    pub disabled: Option<bool>,
}

/// The answer that an idempotency key keeps.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: AccountId,
    email: String,
    name: String,
    role: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    disabled_at: Option<Timestamp>,
}

/// The members, those who joined first first.
///
/// # Errors
/// `Forbidden`.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    after: Option<AccountId>,
    limit: usize,
) -> Result<(Vec<Member>, Option<AccountId>), ServiceError> {
    ctx.require(Permission::ReadUsers)?;
    let workspace = ctx.workspace;
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let mut members = memberships::list(tx, workspace, after, limit as i64 + 1).await?;
                let has_more = members.len() > limit;
                members.truncate(limit);
                let next = members
                    .last()
                    .filter(|_| has_more)
                    .map(|member| member.membership.account_id);
                Ok((members, next))
            })
        })
        .await
}

/// Makes an account that is a member of the workspace.
///
/// # Errors
/// `Forbidden` for a role above the caller's; `Invalid`; `EMAIL_TAKEN`: whoever has an account is invited instead.
pub async fn create(app: &App, ctx: &Ctx, new: NewUser) -> Result<Member, ServiceError> {
    ctx.require(Permission::ManageUsers)?;
    require_reach(ctx, new.role)?;
    let errors = [
        names::judge(&new.name, "/name"),
        names::judge_email(&new.email, "/email"),
        passwords::judge(new.password.reveal(), &[&new.email, &new.name], "/password"),
    ];
    ServiceError::if_any(errors.into_iter().flatten().collect())?;
    let hash = passwords::hash(&new.password).await?;
    let account = new_account(&new.name, &new.email, hash, ctx.now());
    let made_by = ctx.clone();
    let kept: Kept = unit_of_work::write(app, &ctx.with_secret_body(), move |tx| {
        let (ctx, account, role) = (made_by.clone(), account.clone(), new.role);
        Box::pin(async move {
            add_account(tx, &account, "/email").await?;
            let membership = new_membership(ctx.workspace, account.id, role, ctx.now());
            memberships::insert(tx, &membership).await?;
            Ok(Kept::new(Member {
                membership,
                email: account.email,
                name: account.name,
            }))
        })
    })
    .await?;
    Ok(kept.member(ctx))
}

/// Changes a member's role, or keeps them out. It takes effect with their next request.
///
/// # Errors
/// `NotFound`; `Forbidden` where the member or the new role is above the caller; `LAST_OWNER`.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    id: AccountId,
    change: UserChange,
) -> Result<Member, ServiceError> {
    ctx.require(Permission::ManageUsers)?;
    let made_by = ctx.clone();
    let kept: Kept = unit_of_work::write(app, ctx, move |tx| {
        let ctx = made_by.clone();
        Box::pin(async move {
            let mut member = memberships::get(tx, ctx.workspace, id)
                .await?
                .ok_or(ServiceError::NotFound)?;
            let membership = &mut member.membership;
            let old = role_of(&membership.role)?;
            let new = change.role.unwrap_or(old);
            require_reach(&ctx, old)?;
            require_reach(&ctx, new)?;
            let is_out = change.disabled.unwrap_or(membership.disabled_at.is_some());
            if old == Role::Owner && (new != Role::Owner || is_out) {
                require_another_owner(tx, &ctx, id).await?;
            }
            membership.role = new.as_str().to_owned();
            membership.disabled_at =
                is_out.then(|| membership.disabled_at.unwrap_or_else(|| ctx.now()));
            membership.updated_at = ctx.now();
            memberships::update(tx, membership).await?;
            Ok(Kept::new(member))
        })
    })
    .await?;
    Ok(kept.member(ctx))
}

/// Refuses what lies above the caller's own role.
///
/// # Errors
/// `Forbidden`.
pub(super) fn require_reach(ctx: &Ctx, role: Role) -> Result<(), ServiceError> {
    if ctx.role.covers(role) {
        Ok(())
    } else {
        Err(ServiceError::Forbidden {
            code: "ROLE_ABOVE_OWN",
            detail: "nobody can give or change a role above their own",
        })
    }
}

/// The role of this name, as the database keeps it.
pub(super) fn role_of(name: &str) -> Result<Role, ServiceError> {
    Role::parse(name)
        .ok_or_else(|| ServiceError::Internal("a membership has an unknown role".into()))
}

async fn require_another_owner(tx: &mut Tx, ctx: &Ctx, id: AccountId) -> Result<(), ServiceError> {
    let owners = memberships::lock_active_in_role(tx, ctx.workspace, Role::Owner.as_str()).await?;
    if owners.iter().any(|owner| *owner != id) {
        return Ok(());
    }
    let message = "the workspace needs an owner: make somebody else one first";
    Err(ServiceError::Conflict {
        code: "LAST_OWNER".into(),
        detail: message.into(),
        errors: vec![FieldError::new("/role", "LAST_OWNER", message)],
    })
}

impl Kept {
    fn new(member: Member) -> Self {
        let Member {
            membership,
            email,
            name,
        } = member;
        Self {
            id: membership.account_id,
            email,
            name,
            role: membership.role,
            created_at: membership.created_at,
            updated_at: membership.updated_at,
            disabled_at: membership.disabled_at,
        }
    }

    fn member(self, ctx: &Ctx) -> Member {
        Member {
            membership: Membership {
                workspace_id: ctx.workspace,
                account_id: self.id,
                role: self.role,
                created_at: self.created_at,
                updated_at: self.updated_at,
                disabled_at: self.disabled_at,
            },
            email: self.email,
            name: self.name,
        }
    }
}
