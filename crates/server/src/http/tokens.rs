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
struct Sessions {
    results: Vec<SessionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The caller's API tokens, newest first.
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
