//! API tokens and sessions of the caller.

use axum::{extract::State, http::StatusCode};
use leadline_engine::{
    ids::{SessionId, TokenId},
    time::Timestamp,
};
use leadline_store::{sessions::Session, tokens::ApiToken};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path, Query},
    paging::{PageQuery, Paging, cut},
    problem::ProblemBody,
};
use crate::{
    app::App,
    config::Secret,
    service::{
        access::Scope,
        ctx::Ctx,
        error::ServiceError,
        sessions,
        tokens::{self, NewToken},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(delete_token))
        .routes(routes!(list_sessions))
        .routes(routes!(delete_session))
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenBody {
    /// For people.
    #[schema(example = "nightly export")]
    name: String,
    /// What it may be used for; reading, writing and the schema if left out.
    scopes: Option<Vec<Scope>>,
    /// When it ends; never if left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A token; its secret is shown once, when it is made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "name": "nightly export", "scopes": ["read"], "expiresAt": null, "lastUsedAt": "2026-03-02T08:15:00Z", "createdAt": "2026-03-01T09:20:00Z", "secret": "leadline_…"}))]
struct Token {
    id: Uuid,
    #[schema(example = "nightly export")]
    name: String,
    #[schema(example = json!(["read", "write"]))]
    scopes: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// To the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What to send as `Authorization: Bearer …`.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// A page of the caller's tokens, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "name": "nightly export", "scopes": ["read"], "expiresAt": null, "lastUsedAt": "2026-03-02T08:15:00Z", "createdAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Tokens {
    results: Vec<Token>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// A signed-in browser.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionView {
    id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// To the minute.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    user_agent: Option<String>,
    address: Option<String>,
}

/// A page of the caller's sessions, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "current": true, "createdAt": "2026-03-01T09:20:00Z", "lastSeenAt": "2026-03-02T08:15:00Z", "expiresAt": "2026-03-31T09:20:00Z", "userAgent": "Mozilla/5.0", "address": "192.0.2.7"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Sessions {
    results: Vec<SessionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The caller's API tokens, newest first.
///
/// Shows the caller's tokens with scopes, end and last use; their secrets are never shown again.
#[utoipa::path(get, path = "/tokens", tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of tokens, without their secrets", body = Tokens)))]
async fn list_tokens(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Tokens>, ServiceError> {
    let (page, asked) = query.newest()?;
    let mut tokens = tokens::list(&app, &ctx, page).await?;
    let paging = cut(&mut tokens, asked, |token| (token.created_at, token.id));
    let results = tokens.into_iter().map(|token| view(token, None)).collect();
    Ok(axum::Json(Tokens { results, paging }))
}

/// Make an API token. Its secret is in this answer and never shown again.
///
/// Makes a token for programs with some of the scopes `read`, `write`, `schema` and `admin`, of which each includes reading. It never
/// does more than its maker may, and a token cannot give scopes that it does not have (403). The secret is in this answer only.
#[utoipa::path(post, path = "/tokens", tag = "accounts", request_body = TokenBody, responses(
    (status = 201, description = "The token with its secret", body = Token),
    (status = 403, description = "A token cannot give scopes that it does not have", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_token(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<TokenBody>,
) -> Result<(StatusCode, axum::Json<Token>), ServiceError> {
    let new = NewToken {
        name: body.name,
        scopes: body.scopes,
        expires_at: body.expires_at,
    };
    let created = tokens::create(&app, &ctx, new).await?;
    Ok((
        StatusCode::CREATED,
        axum::Json(view(created.token, Some(&created.secret))),
    ))
}

/// Delete a token. It is refused from the next request on.
///
/// Deletes one of the caller's own tokens at once; the next request with it is refused with 401. Tokens of others are not found.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "accounts", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 404, description = "There is no such token", body = ProblemBody)))]
async fn delete_token(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServiceError> {
    tokens::delete(&app, &ctx, TokenId::from(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's sessions, newest first.
///
/// Shows the browsers in which the caller is signed in, with the time of their last use; `current` marks the one that asks. Sessions that
/// have ended are not shown.
#[utoipa::path(get, path = "/sessions", tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of sessions", body = Sessions)))]
async fn list_sessions(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Sessions>, ServiceError> {
    let current = ctx.session;
    let view = |session: Session| SessionView {
        id: session.id.uuid(),
        current: Some(session.id) == current,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        user_agent: session.user_agent,
        address: session.address,
    };
    let (page, asked) = query.newest()?;
    let mut sessions = sessions::list(&app, &ctx, page).await?;
    let paging = cut(&mut sessions, asked, |session| {
        (session.created_at, session.id)
    });
    let results = sessions.into_iter().map(view).collect();
    Ok(axum::Json(Sessions { results, paging }))
}

/// End a session: that browser is signed out.
///
/// Ends one of the caller's own sessions at once; the next request of that browser is refused with 401. Sessions of others are not found.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "accounts", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "It has ended"),
    (status = 404, description = "There is no such session", body = ProblemBody)))]
async fn delete_session(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServiceError> {
    sessions::end(&app, &ctx, SessionId::from(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(token: ApiToken, secret: Option<&Secret>) -> Token {
    Token {
        id: token.id.uuid(),
        name: token.name,
        scopes: token.scopes,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
        created_at: token.created_at,
        secret: secret.map(|secret| secret.reveal().to_owned()),
    }
}
