//! API tokens: made by a person, never able to do more than that person, shown once.

use leadline_engine::{
    error::FieldError,
    ids::TokenId,
    ledger::{Actor, ActorKind, Source},
    time::{MICROS_PER_SECOND, Timestamp},
};
use leadline_store::{
    db::DbError,
    pages::Newest,
    tokens::{self as store, ApiToken, Bearer},
};
use serde::{Deserialize, Serialize};

use super::{
    access::{Role, Scope},
    ctx::Ctx,
    error::ServiceError,
    names, secrets, unit_of_work,
};
use crate::{app::App, config::Secret, http::RequestInfo};

/// How exactly the last use is noted: each note is a write.
const NOTED_EVERY_MICROS: i64 = 60 * MICROS_PER_SECOND;
/// Lets people, and programs that look for leaked secrets, see what it is.
const PREFIX: &str = "leadline_";
/// What a token is for when that is not said.
const DEFAULT_SCOPES: [Scope; 3] = [Scope::Read, Scope::Write, Scope::Schema];

/// What a new token shall be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// For people.
    pub name: String,
    /// What it may be used for; without them, reading, writing, and the schema.
    pub scopes: Option<Vec<Scope>>,
    /// When it ends; without it, never.
    pub expires_at: Option<Timestamp>,
}

/// A token and its secret, which is never shown again.
#[derive(Debug)]
pub struct CreatedToken {
    /// The token.
    pub token: ApiToken,
    /// What to send as `Authorization: Bearer …`.
    pub secret: Secret,
}

/// What is kept for an idempotency key: enough for the same caller to make the secret again, and for nobody else.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: TokenId,
    salt: String,
    created_at: Timestamp,
}

/// Who holds this token's secret.
///
/// # Errors
/// `Unauthorized` when there is no such token, it has ended, or its maker's account or membership is disabled.
pub(crate) async fn identify(
    app: &App,
    info: &RequestInfo,
    secret: Secret,
) -> Result<Ctx, ServiceError> {
    let Some((found, role)) = find(app, &secret).await? else {
        return Err(ServiceError::Unauthorized {
            code: "UNAUTHENTICATED",
            detail: "the token is unknown or has ended",
        });
    };
    let token = found.token;
    note_use(app, &token, app.clock.now());
    Ok(Ctx {
        workspace: token.workspace_id,
        account: Some(token.account_id),
        actor: Actor {
            kind: ActorKind::Token,
            id: Some(token.id.uuid()),
        },
        source: Source::Api,
        role,
        scopes: Some(scopes_of(&token)),
        session: None,
        credential: secret,
        request_id: info.request_id.clone(),
        address: Some(info.address),
        clock: app.clock.clone(),
        schema_version: found.schema_version,
        idempotency: None,
    })
}

/// Whether the token of this caller still is what it was when it asked. Looking does not count as a use.
///
/// # Errors
/// Those of the database.
pub(crate) async fn still_holds(app: &App, ctx: &Ctx) -> Result<bool, ServiceError> {
    let found = find(app, &ctx.credential).await?;
    Ok(found.is_some_and(|(Bearer { token, .. }, role)| {
        Some(token.id.uuid()) == ctx.actor.id
            && role == ctx.role
            && Some(scopes_of(&token)) == ctx.scopes
    }))
}

/// The token with this secret that has not ended, and its maker's role.
async fn find(app: &App, secret: &Secret) -> Result<Option<(Bearer, Role)>, ServiceError> {
    let now = app.clock.now();
    let hash = secrets::hash(secret.reveal());
    let found = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                store::find_bearer(tx, &hash, now)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let role = Role::parse(&found.role)
        .ok_or_else(|| ServiceError::Internal("a membership has an unknown role".into()))?;
    Ok(Some((found, role)))
}

fn scopes_of(token: &ApiToken) -> Vec<Scope> {
    let scopes = token.scopes.iter();
    scopes.filter_map(|scope| Scope::parse(scope)).collect()
}

fn note_use(app: &App, token: &ApiToken, now: Timestamp) {
    if token
        .last_used_at
        .is_some_and(|last| now.micros() - last.micros() < NOTED_EVERY_MICROS)
    {
        return;
    }
    let (db, workspace, id) = (app.db.clone(), token.workspace_id, token.id);
    tokio::spawn(async move {
        let noted: Result<(), DbError> = db
            .write(move |tx| Box::pin(store::touch(tx, workspace, id, now)))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a token was not noted");
        }
    });
}

/// A page of the caller's own tokens.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, ctx: &Ctx, page: Newest) -> Result<Vec<ApiToken>, ServiceError> {
    let (workspace, account) = (ctx.workspace, ctx.account()?);
    app.db
        .read(move |tx| {
            Box::pin(async move {
                store::list(tx, workspace, Some(account), page)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await
}

/// Makes a token. A token cannot make one with scopes that it does not have.
///
/// # Errors
/// `Invalid`, `Forbidden`.
pub async fn create(app: &App, ctx: &Ctx, new: NewToken) -> Result<CreatedToken, ServiceError> {
    let now = ctx.now();
    let scopes = check(ctx, &new, now)?;
    let token = ApiToken {
        id: TokenId::new(),
        workspace_id: ctx.workspace,
        account_id: ctx.account()?,
        name: new.name.trim().to_owned(),
        scopes: scopes
            .iter()
            .map(|scope| scope.as_str().to_owned())
            .collect(),
        expires_at: new.expires_at,
        last_used_at: None,
        created_at: now,
    };
    let (made_by, made) = (ctx.clone(), token.clone());
    let kept: Kept = unit_of_work::write(app, ctx, move |tx| {
        let (ctx, token) = (made_by.clone(), made.clone());
        Box::pin(async move {
            let kept = Kept {
                id: token.id,
                salt: secrets::random().reveal().to_owned(),
                created_at: token.created_at,
            };
            store::insert(tx, &token, &secrets::hash(secret_of(&ctx, &kept).reveal())).await?;
            Ok(kept)
        })
    })
    .await?;
    // The same request asked for the same name, scopes and end.
    let token = ApiToken {
        id: kept.id,
        created_at: kept.created_at,
        ..token
    };
    Ok(CreatedToken {
        token,
        secret: secret_of(ctx, &kept),
    })
}

fn secret_of(ctx: &Ctx, kept: &Kept) -> Secret {
    Secret::new(format!(
        "{PREFIX}{}",
        secrets::derive(&ctx.credential, "token", &kept.salt).reveal()
    ))
}

fn check(ctx: &Ctx, new: &NewToken, now: Timestamp) -> Result<Vec<Scope>, ServiceError> {
    let mut errors: Vec<FieldError> = names::judge(&new.name, "/name").into_iter().collect();
    let may_give = |scope: &Scope| {
        let own = ctx.scopes.as_ref();
        own.is_none_or(|own| own.iter().any(|own| own.includes(*scope)))
    };
    let mut scopes = new
        .scopes
        .clone()
        .unwrap_or_else(|| DEFAULT_SCOPES.into_iter().filter(may_give).collect());
    scopes.sort_by_key(|scope| *scope as u8);
    scopes.dedup();
    if scopes.is_empty() {
        errors.push(FieldError::new(
            "/scopes",
            "REQUIRED",
            "must name at least one scope",
        ));
    }
    if new.expires_at.is_some_and(|time| time <= now) {
        errors.push(FieldError::new(
            "/expiresAt",
            "IN_THE_PAST",
            "must lie in the future",
        ));
    }
    ServiceError::if_any(errors)?;
    if !scopes.iter().all(may_give) {
        return Err(ServiceError::Forbidden {
            code: "INSUFFICIENT_SCOPE",
            detail: "a token cannot give scopes that it does not have",
        });
    }
    Ok(scopes)
}

/// Deletes a token: the caller's own.
///
/// # Errors
/// `NotFound`, also for another member's token.
pub async fn delete(app: &App, ctx: &Ctx, id: TokenId) -> Result<(), ServiceError> {
    let (workspace, account) = (ctx.workspace, ctx.account()?);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let token = store::get(tx, workspace, id)
                    .await?
                    .filter(|token| token.account_id == account);
                let token = token.ok_or(ServiceError::NotFound)?;
                store::delete(tx, workspace, token.id).await?;
                Ok(())
            })
        })
        .await
}
