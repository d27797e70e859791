//! Signing up, in and out; passwords.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    auth::cookie,
    extract::{Json, Judged},
    problem::ProblemBody,
    request::RequestInfo,
    shown::{User, WorkspaceView},
};
use crate::{
    app::App,
    config::Secret,
    service::{
        accounts::{self, SignUp, SignedIn},
        ctx::Ctx,
        error::ServiceError,
        sessions,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_signup))
        .routes(routes!(create_login))
        .routes(routes!(create_logout))
        .routes(routes!(create_switch))
        .routes(routes!(create_password_reset))
        .routes(routes!(confirm_password_reset))
        .routes(routes!(update_password))
}

/// A person and the workspace they make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignupBody {
    #[schema(example = "Acme")]
    workspace_name: String,
    #[schema(example = "Ann")]
    name: String,
    #[schema(example = "ann@example.com")]
    email: String,
    /// 8 to 128 characters.
    #[schema(value_type = String, example = "violet kettle drum")]
    password: Secret,
    /// For the first sign-up from another machine: the server's log shows it.
    #[schema(value_type = Option<String>)]
    setup_token: Option<Secret>,
}

/// An address and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoginBody {
    #[schema(example = "ann@example.com")]
    email: String,
    #[schema(value_type = String, example = "violet kettle drum")]
    password: Secret,
    /// A one-time password, of accounts that use them.
    #[schema(value_type = Option<String>)]
    totp: Option<Secret>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SwitchBody {
    workspace_id: Uuid,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordResetBody {
    #[schema(example = "ann@example.com")]
    email: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordResetConfirmBody {
    /// From the link.
    #[schema(value_type = String)]
    token: Secret,
    /// The new one: 8 to 128 characters.
    #[schema(value_type = String)]
    password: Secret,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PasswordBody {
    #[schema(value_type = String)]
    current_password: Secret,
    /// 8 to 128 characters.
    #[schema(value_type = String)]
    new_password: Secret,
}

/// A person and the workspace their session is for.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"user": {"id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "email": "ann@example.com", "name": "Ann"}, "workspace": {"id": "0197b39f-11a9-7e90-b2d4-90c1f7a3e865", "name": "Acme", "timeZone": "Europe/Amsterdam", "currency": "EUR"}}))]
pub(super) struct SessionAnswer {
    user: User,
    workspace: WorkspaceView,
}

pub(super) fn signed_in(
    status: StatusCode,
    info: &RequestInfo,
    signed_in: SignedIn,
) -> impl IntoResponse + use<> {
    let jar = CookieJar::new().add(cookie(info, Some(&signed_in.session)));
    let answer = SessionAnswer {
        user: signed_in.account.into(),
        workspace: signed_in.workspace.into(),
    };
    (status, jar, axum::Json(answer))
}

/// Sign up: makes an account and a workspace that it owns, and signs in.
///
/// Makes an account and a workspace with the built-in objects, of which the account is the owner, and begins a session. Whether strangers
/// may do so is configured: after the first sign-up the door is closed by default. Repeated with the same `Idempotency-Key`, it answers
/// the same with a session of its own.
#[utoipa::path(post, path = "/auth/signup", tag = "accounts", security(()), request_body = SignupBody, responses(
    (status = 201, description = "Signed up; the session is in the cookie", body = SessionAnswer),
    (status = 403, description = "Sign-up is closed, or the set-up token is missing", body = ProblemBody),
    (status = 409, description = "The address belongs to an account", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_signup(
    State(app): State<App>,
    info: RequestInfo,
    body: Judged<SignupBody>,
) -> Result<impl IntoResponse, ServiceError> {
    let body = body
        .whole(async |body| accounts::judge(&body.into()))
        .await?;
    Ok(signed_in(
        StatusCode::CREATED,
        &info,
        accounts::sign_up(&app, &info, body.into()).await?,
    ))
}

impl From<SignupBody> for SignUp {
    fn from(body: SignupBody) -> Self {
        let SignupBody {
            workspace_name,
            name,
            email,
            password,
            setup_token,
        } = body;
        Self {
            workspace_name,
            name,
            email,
            password,
            setup_token,
        }
    }
}

/// Sign in.
///
/// Checks the address and the password, and begins a session for the workspace that the person joined first; its secret is in a cookie
/// that scripts cannot read. A wrong password, an unknown address and a disabled account are all refused alike with
/// `INVALID_CREDENTIALS`; too many tries are put off with `Retry-After`.
#[utoipa::path(post, path = "/auth/login", tag = "accounts", security(()), request_body = LoginBody, responses(
    (status = 200, description = "Signed in; the session is in the cookie", body = SessionAnswer),
    (status = 401, description = "The address or the password is wrong", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody)))]
async fn create_login(
    State(app): State<App>,
    info: RequestInfo,
    Json(body): Json<LoginBody>,
) -> Result<impl IntoResponse, ServiceError> {
    let LoginBody {
        email,
        password,
        totp: _nobody_uses_one_yet,
    } = body;
    Ok(signed_in(
        StatusCode::OK,
        &info,
        accounts::log_in(&app, &info, &email, &password).await?,
    ))
}

/// Sign out: the session ends.
///
/// Ends the session that the cookie names and removes the cookie; other sessions of the person go on. It is for people: a token is
/// refused with `SESSION_REQUIRED`.
#[utoipa::path(post, path = "/auth/logout", tag = "accounts", responses(
    (status = 204, description = "Signed out"),
    (status = 403, description = "A token cannot sign out", body = ProblemBody)))]
async fn create_logout(
    State(app): State<App>,
    ctx: Ctx,
    info: RequestInfo,
) -> Result<impl IntoResponse, ServiceError> {
    if let Some(session) = ctx.session {
        sessions::end(&app, &ctx, session).await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        CookieJar::new().add(cookie(&info, None)),
    ))
}

/// Go on in another workspace: a new session takes the place of this one.
///
/// Ends this session and begins one for another workspace that the person is a member of; the new session is in the cookie. A workspace
/// that they do not belong to is not found.
#[utoipa::path(post, path = "/auth/switch", tag = "accounts", request_body = SwitchBody, responses(
    (status = 200, description = "Signed in to the other workspace", body = SessionAnswer),
    (status = 404, description = "No workspace of the caller", body = ProblemBody)))]
async fn create_switch(
    State(app): State<App>,
    ctx: Ctx,
    info: RequestInfo,
    Json(body): Json<SwitchBody>,
) -> Result<impl IntoResponse, ServiceError> {
    Ok(signed_in(
        StatusCode::OK,
        &info,
        accounts::switch(&app, &ctx, &info, body.workspace_id.into()).await?,
    ))
}

/// Ask for a new password. The answer is the same whether there is such an account or not.
///
/// Takes note that somebody wants a new password for this address; an administrator of the server makes the link. The answer never tells
/// whether an account has the address, and too many tries are put off.
#[utoipa::path(post, path = "/auth/password-reset", tag = "accounts", security(()), request_body = PasswordResetBody, responses(
    (status = 202, description = "Noted"),
    (status = 429, description = "Too many tries", body = ProblemBody)))]
async fn create_password_reset(
    State(app): State<App>,
    info: RequestInfo,
    Json(body): Json<PasswordResetBody>,
) -> Result<StatusCode, ServiceError> {
    accounts::ask_for_new_password(&app, &info, &body.email)?;
    Ok(StatusCode::ACCEPTED)
}

/// Set a new password with the token of a link. All sessions of the account end.
///
/// Sets the password of the account that the link was made for. The token is good once and for a short time; an unknown, used or late one
/// is refused with `INVALID_TOKEN`, and a weak password says what is wrong with it.
#[utoipa::path(post, path = "/auth/password-reset/confirm", tag = "accounts", security(()), request_body = PasswordResetConfirmBody, responses(
    (status = 202, description = "The password is set"),
    (status = 422, description = "The token is unknown, used or over, or the password is weak", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody)))]
async fn confirm_password_reset(
    State(app): State<App>,
    info: RequestInfo,
    Json(body): Json<PasswordResetConfirmBody>,
) -> Result<StatusCode, ServiceError> {
    accounts::reset_password(&app, &info, &body.token, &body.password).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Change the own password. The other sessions end.
///
/// Checks the current password, sets the new one and ends all other sessions of the person; this one goes on. A wrong current password
/// and a weak new one are refused with 422, and too many tries are put off.
#[utoipa::path(post, path = "/auth/password", tag = "accounts", request_body = PasswordBody, responses(
    (status = 204, description = "The password is changed"),
    (status = 422, description = "The current password is wrong, or the new one is weak", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody)))]
async fn update_password(
    State(app): State<App>,
    ctx: Ctx,
    info: RequestInfo,
    Json(body): Json<PasswordBody>,
) -> Result<StatusCode, ServiceError> {
    accounts::change_password(
        &app,
        &ctx,
        info.address,
        &body.current_password,
        &body.new_password,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
