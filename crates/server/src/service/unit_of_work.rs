//! One unit of work: its effect and the memory of its idempotency key are committed together, or neither is.

use std::sync::Arc;

use leadline_store::{
    db::{BoxFuture, Tx},
    idempotency::{self, Claim},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    ctx::{Ctx, Idempotency},
    error::ServiceError,
};
use crate::app::App;

/// Runs `unit` and commits it; durable when this returns `Ok`. When the caller gave an idempotency key, the answer is kept in the same
/// transaction, and given again for the same key and request instead of a second effect. Refusals are not kept: they changed nothing.
///
/// `unit` may run more than once, and awaits nothing but its `Tx`. The answer `T` must hold no secret.
///
/// # Errors
/// What `unit` returns; `IDEMPOTENCY_KEY_REUSED` for a key that was used with another request.
pub async fn write<T, F>(app: &App, ctx: &Ctx, unit: F) -> Result<T, ServiceError>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, ServiceError>> + Send + Sync + 'static,
{
    let Some(idempotency) = ctx.idempotency.clone() else {
        return app.db.write(unit).await;
    };
    let (ctx, unit) = (ctx.clone(), Arc::new(unit));
    app.db
        .write(move |tx| {
            let (ctx, idempotency, unit) = (ctx.clone(), idempotency.clone(), unit.clone());
            Box::pin(async move { once(tx, &ctx, &idempotency, &*unit).await })
        })
        .await
}

/// The answer that the caller's idempotency key has already, for what has to know it before it begins: work that is done outside the unit,
/// or looks at what the request itself changed.
///
/// # Errors
/// `IDEMPOTENCY_KEY_REUSED`.
pub async fn repeated<T>(app: &App, ctx: &Ctx) -> Result<Option<T>, ServiceError>
where
    T: DeserializeOwned + Send + 'static,
{
    let Some(idempotency) = ctx.idempotency.clone() else {
        return Ok(None);
    };
    let ctx = ctx.clone();
    app.db
        .read(move |tx| {
            let (ctx, idempotency) = (ctx.clone(), idempotency.clone());
            Box::pin(async move {
                let actor = ctx.actor_key();
                let found = idempotency::find(tx, key(&ctx, &actor, &idempotency), ctx.now());
                match found.await? {
                    None | Some(Claim::New) => Ok(None),
                    Some(Claim::Done {
                        request_hash,
                        response,
                    }) => kept(&idempotency, &request_hash, response).map(Some),
                }
            })
        })
        .await
}

async fn once<T, F>(
    tx: &mut Tx,
    ctx: &Ctx,
    idempotency: &Idempotency,
    unit: &F,
) -> Result<T, ServiceError>
where
    T: Serialize + DeserializeOwned,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, ServiceError>>,
{
    let actor = ctx.actor_key();
    let key = key(ctx, &actor, idempotency);
    match idempotency::claim(tx, key, &idempotency.request_hash, ctx.now()).await? {
        Claim::New => {
            let answer = unit(tx).await?;
            let kept = serde_json::to_string(&answer)
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
            idempotency::note_response(tx, key, &kept).await?;
            Ok(answer)
        }
        Claim::Done {
            request_hash,
            response,
        } => kept(idempotency, &request_hash, response),
    }
}

fn key<'k>(ctx: &Ctx, actor: &'k str, idempotency: &'k Idempotency) -> idempotency::Key<'k> {
    idempotency::Key {
        workspace: ctx.workspace,
        actor,
        key: &idempotency.key,
    }
}

fn kept<T: DeserializeOwned>(
    idempotency: &Idempotency,
    request_hash: &[u8],
    response: Option<String>,
) -> Result<T, ServiceError> {
    if request_hash != idempotency.request_hash {
        return Err(key_reused());
    }
    let kept = response
        .ok_or_else(|| ServiceError::Internal("an idempotency key without an answer".into()))?;
    serde_json::from_str(&kept).map_err(|error| ServiceError::Internal(error.to_string()))
}

/// An idempotency key that came with another request before.
pub(super) fn key_reused() -> ServiceError {
    ServiceError::invalid(
        "/headers/idempotency-key",
        "IDEMPOTENCY_KEY_REUSED",
        "this idempotency key was used with another request",
    )
}
