//! Sessions: signed-in browsers. A session is for one workspace; it ends by itself when unused, and at the latest after a fixed time.

use leadline_engine::{
    ids::{AccountId, SessionId, WorkspaceId},
    ledger::{Actor, ActorKind, Source},
    time::{MICROS_PER_SECOND, Timestamp},
};
use leadline_store::{
    db::{DbError, Tx},
    pages::Newest,
    sessions::{self as store, Session, SignedIn},
};

use super::{access::Role, ctx::Ctx, error::ServiceError, secrets};
use crate::{app::App, config::Secret, http::RequestInfo};

const MICROS_PER_HOUR: i64 = 3600 * MICROS_PER_SECOND;
/// How exactly the last use is noted: each note is a write.
const NOTED_EVERY_MICROS: i64 = 60 * MICROS_PER_SECOND;

/// Begins a session; its secret is told to the browser and not kept.
///
/// # Errors
/// Those of the database.
pub(crate) async fn begin(
    tx: &mut Tx,
    app: &App,
    info: &RequestInfo,
    account: AccountId,
    workspace: WorkspaceId,
) -> Result<Secret, DbError> {
    let now = app.clock.now();
    let secret = secrets::random();
    let session = Session {
        id: SessionId::new(),
        account_id: account,
        workspace_id: workspace,
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus_micros(app.config.session_hours * MICROS_PER_HOUR),
        user_agent: info.user_agent.clone(),
        address: Some(info.address.to_string()),
    };
    store::insert(tx, &session, &secrets::hash(secret.reveal())).await?;
    Ok(secret)
}

/// Who holds this session's secret.
///
/// # Errors
/// `Unauthorized` when the session has ended, or the account or the membership is disabled.
pub(crate) async fn identify(
    app: &App,
    info: &RequestInfo,
    secret: Secret,
) -> Result<Ctx, ServiceError> {
    let Some((found, role)) = find(app, &secret).await? else {
        return Err(ServiceError::Unauthorized {
            code: "UNAUTHENTICATED",
            detail: "the session has ended: sign in again",
        });
    };
    let session = found.session;
    note_use(app, &session, app.clock.now());
    Ok(Ctx {
        workspace: session.workspace_id,
        account: Some(session.account_id),
        actor: Actor {
            kind: ActorKind::User,
            id: Some(session.account_id.uuid()),
        },
        source: Source::User,
        role,
        scopes: None,
        session: Some(session.id),
        credential: secret,
        request_id: info.request_id.clone(),
        address: Some(info.address),
        clock: app.clock.clone(),
        schema_version: found.schema_version,
        idempotency: None,
    })
}

/// Whether the session of this caller still is what it was when it asked. Looking does not count as a use.
///
/// # Errors
/// Those of the database.
pub(crate) async fn still_holds(app: &App, ctx: &Ctx) -> Result<bool, ServiceError> {
    let found = find(app, &ctx.credential).await?;
    Ok(found.is_some_and(|(SignedIn { session, .. }, role)| {
        Some(session.id) == ctx.session && session.workspace_id == ctx.workspace && role == ctx.role
    }))
}

/// The session with this secret that has not ended, and its holder's role.
async fn find(app: &App, secret: &Secret) -> Result<Option<(SignedIn, Role)>, ServiceError> {
    let now = app.clock.now();
    let hash = secrets::hash(secret.reveal());
    let found = app
        .db
        .read(move |tx| Box::pin(async move { store::find_signed_in(tx, &hash, now).await }))
        .await
        .map_err(ServiceError::from)?;
    let idle_since = now.plus_micros(-app.config.session_idle_hours * MICROS_PER_HOUR);
    let Some(found) = found.filter(|found| found.session.last_seen_at > idle_since) else {
        return Ok(None);
    };
    let role = Role::parse(&found.role)
        .ok_or_else(|| ServiceError::Internal("a membership has an unknown role".into()))?;
    Ok(Some((found, role)))
}

/// Notes the use beside the request, which does not wait for it.
fn note_use(app: &App, session: &Session, now: Timestamp) {
    if now.micros() - session.last_seen_at.micros() < NOTED_EVERY_MICROS {
        return;
    }
    let (db, id) = (app.db.clone(), session.id);
    tokio::spawn(async move {
        let noted: Result<(), DbError> = db
            .write(move |tx| Box::pin(store::touch(tx, id, now)))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session was not noted");
        }
    });
}

/// A page of the caller's own sessions.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, ctx: &Ctx, page: Newest) -> Result<Vec<Session>, ServiceError> {
    let (account, now) = (ctx.account()?, ctx.now());
    let idle_since = now.plus_micros(-app.config.session_idle_hours * MICROS_PER_HOUR);
    app.db
        .read(move |tx| {
            Box::pin(async move {
                store::list(tx, account, (now, idle_since), page)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// `NotFound`.
pub async fn end(app: &App, ctx: &Ctx, id: SessionId) -> Result<(), ServiceError> {
    let account = ctx.account()?;
    let was_there: bool = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::delete(tx, account, id)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await?;
    if was_there {
        Ok(())
    } else {
        Err(ServiceError::NotFound)
    }
}
