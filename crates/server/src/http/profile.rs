//! Who the caller is, and what they change of themselves.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Json,
    problem::ProblemBody,
    request::RequestInfo,
    shown::{User, WorkspaceView},
};
use crate::{
    app::App,
    config::Secret,
    service::{
        access::Role,
        accounts,
        ctx::Ctx,
        error::ServiceError,
        profile::{self, ProfileChange},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_me, update_me))
}

/// What to change of the own account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProfileBody {
    #[schema(example = "Ann")]
    name: Option<String>,
    /// For signing in; it needs `currentPassword`.
    #[schema(example = "ann@example.com")]
    email: Option<String>,
    /// Needed for another address.
    #[schema(value_type = Option<String>, example = "violet kettle drum")]
    current_password: Option<Secret>,
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"user": {"id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "email": "ann@example.com", "name": "Ann"}, "workspace": {"id": "0197b39f-11a9-7e90-b2d4-90c1f7a3e865", "name": "Acme", "timeZone": "Europe/Amsterdam", "currency": "EUR"}, "role": "owner", "permissions": ["records.read", "records.write"]}))]
struct Me {
    user: User,
    workspace: WorkspaceView,
    role: Role,
    /// What they may do with this session or token.
    #[schema(example = json!(["records.read", "records.write"]))]
    permissions: Vec<&'static str>,
}

/// Who the caller is, and what they may do.
///
/// Shows the person, the workspace of this session or token, the person's role in it, and the permissions that remain after the token's
/// scopes.
#[utoipa::path(get, path = "/me", tag = "accounts", responses((status = 200, description = "The caller", body = Me)))]
async fn get_me(State(app): State<App>, ctx: Ctx) -> Result<axum::Json<Me>, ServiceError> {
    Ok(axum::Json(accounts::get_me(&app, &ctx).await?.into()))
}

/// Change the own name and address.
///
/// Changes the name that others see and the address to sign in with, in all workspaces of the person. Another address needs the current
/// password: a wrong one is refused with 422, an address that belongs to an account with 409 `EMAIL_TAKEN`, and too many tries are put off.
#[utoipa::path(patch, path = "/me", tag = "accounts", request_body = ProfileBody, responses(
    (status = 200, description = "The caller afterwards", body = Me),
    (status = 409, description = "The address belongs to an account", body = ProblemBody),
    (status = 422, description = "The input breaks rules, or the password is missing or wrong", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody)))]
async fn update_me(
    State(app): State<App>,
    ctx: Ctx,
    info: RequestInfo,
    Json(body): Json<ProfileBody>,
) -> Result<axum::Json<Me>, ServiceError> {
    let change = ProfileChange {
        name: body.name,
        email: body.email,
        current_password: body.current_password,
    };
    let me = profile::update(&app, &ctx, info.address, change).await?;
    Ok(axum::Json(me.into()))
}

impl From<accounts::Me> for Me {
    fn from(me: accounts::Me) -> Self {
        let permissions = me.permissions.iter();
        Self {
            user: me.account.into(),
            workspace: me.workspace.into(),
            role: me.role,
            permissions: permissions.map(|permission| permission.as_str()).collect(),
        }
    }
}
