//! Members of the workspace, and invitations.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use leadline_engine::{
    ids::{AccountId, InvitationId},
    time::Timestamp,
};
use leadline_store::memberships::Member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    accounts::{SessionAnswer, signed_in},
    extract::{Json, Path, Query},
    paging::{Cursor, PageQuery, Paging, cut, limit},
    problem::ProblemBody,
    request::RequestInfo,
};
use crate::{
    app::App,
    config::Secret,
    service::{
        access::Role,
        ctx::Ctx,
        error::ServiceError,
        invitations::{self, Acceptance},
        users::{self, NewUser, UserChange},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(update_user))
        .routes(routes!(list_invitations, create_invitation))
        .routes(routes!(delete_invitation))
        .routes(routes!(accept_invitation))
}

/// A person to be made a member at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserBody {
    #[schema(example = "ben@example.com")]
    email: String,
    #[schema(example = "Ben")]
    name: String,
    /// 8 to 128 characters; they can change it.
    #[schema(value_type = String)]
    password: Secret,
    role: Role,
}

/// What to change of a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserPatch {
    role: Option<Role>,
    /// Whether they are kept out.
    disabled: Option<bool>,
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationBody {
    #[schema(example = "cleo@example.com")]
    email: String,
    role: Role,
}

/// A person who accepts an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptanceBody {
    /// From the link.
    #[schema(value_type = String)]
    token: Secret,
    /// Needed by those who have no account yet.
    #[schema(example = "Cleo")]
    name: Option<String>,
    /// A new one of 8 to 128 characters, or that of the account.
    #[schema(value_type = String)]
    password: Secret,
}

/// A member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
#[schema(example = json!({"id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "email": "ben@example.com", "name": "Ben", "role": "member", "disabled": false, "createdAt": "2026-03-01T09:20:00Z"}))]
struct MemberView {
    id: Uuid,
    #[schema(example = "ben@example.com")]
    email: String,
    #[schema(example = "Ben")]
    name: String,
    #[schema(example = "member")]
    role: String,
    /// Whether they are kept out.
    disabled: bool,
    /// When they joined.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "email": "ben@example.com", "name": "Ben", "role": "member", "disabled": false, "createdAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Members {
    results: Vec<MemberView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// An invitation; its link is shown once, when it is made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "email": "cleo@example.com", "role": "member", "createdAt": "2026-03-01T09:20:00Z", "expiresAt": "2026-03-08T09:20:00Z", "acceptedAt": null, "token": "…", "link": "https://crm.example.com/invitation?token=…"}))]
struct Invitation {
    id: Uuid,
    #[schema(example = "cleo@example.com")]
    email: String,
    #[schema(example = "member")]
    role: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    accepted_at: Option<Timestamp>,
    /// What `POST /invitations/accept` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// What to send to the person; relative to this server unless a base URL is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// A page of invitations, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "email": "cleo@example.com", "role": "member", "createdAt": "2026-03-01T09:20:00Z", "expiresAt": "2026-03-08T09:20:00Z", "acceptedAt": null}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Invitations {
    results: Vec<Invitation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The members of the workspace.
///
/// Shows the members of the workspace, with roles and whether they are kept out, in pages; those who joined first come first.
#[utoipa::path(get, path = "/users", tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of members", body = Members)))]
async fn list_users(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Members>, ServiceError> {
    let after = query
        .after
        .as_deref()
        .map(Cursor::read::<AccountId>)
        .transpose()?;
    let (members, next) = users::list(&app, &ctx, after, limit(query.limit)?).await?;
    let paging = next.map(|id| Paging::after(Cursor::write(&id)));
    Ok(axum::Json(Members {
        results: members.into_iter().map(view).collect(),
        paging,
    }))
}

/// Make an account that is a member. Whoever has an account is invited instead.
///
/// Makes an account with a first password and a membership with a role not above your own. An address that has an account already is
/// refused with `EMAIL_TAKEN`: that person is invited instead.
#[utoipa::path(post, path = "/users", tag = "accounts", request_body = UserBody, responses(
    (status = 201, description = "The member", body = MemberView),
    (status = 403, description = "The role is above your own", body = ProblemBody),
    (status = 409, description = "The address belongs to an account", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_user(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<UserBody>,
) -> Result<(StatusCode, axum::Json<MemberView>), ServiceError> {
    let UserBody {
        email,
        name,
        password,
        role,
    } = body;
    let member = users::create(
        &app,
        &ctx,
        NewUser {
            email,
            name,
            password,
            role,
        },
    )
    .await?;
    Ok((StatusCode::CREATED, axum::Json(view(member))))
}

/// Change a member's role, or keep them out. It takes effect with their next request.
///
/// Changes the role of a member, or keeps them out and lets them in again; both hold from their next request on. A member or a role above
/// your own is refused with 403, and the last owner can neither leave nor step down (409 `LAST_OWNER`).
#[utoipa::path(patch, path = "/users/{id}", tag = "accounts", params(("id" = Uuid, Path)), request_body = UserPatch, responses(
    (status = 200, description = "The member", body = MemberView),
    (status = 403, description = "The member or the role is above you", body = ProblemBody),
    (status = 404, description = "There is no such member", body = ProblemBody),
    (status = 409, description = "The last owner stays", body = ProblemBody)))]
async fn update_user(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(body): Json<UserPatch>,
) -> Result<axum::Json<MemberView>, ServiceError> {
    let change = UserChange {
        role: body.role,
        disabled: body.disabled,
    };
    Ok(axum::Json(view(
        users::update(&app, &ctx, AccountId::from(id), change).await?,
    )))
}

/// The workspace's invitations, newest first.
///
/// Shows whom the workspace invited, when, and whether they accepted; the secrets of the links are not shown again.
#[utoipa::path(get, path = "/invitations", tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of invitations, without their links", body = Invitations)))]
async fn list_invitations(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Invitations>, ServiceError> {
    let (page, asked) = query.newest()?;
    let mut invitations = invitations::list(&app, &ctx, page).await?;
    let paging = cut(&mut invitations, asked, |invitation| {
        (invitation.created_at, invitation.id)
    });
    let results = invitations.into_iter().map(invitation_view).collect();
    Ok(axum::Json(Invitations { results, paging }))
}

/// Invite an address. The link is in this answer and never shown again; it is good once, for a week.
///
/// Makes an invitation for an address with a role not above your own. The answer holds the link and its token, which are never shown
/// again; whoever has the link can accept once within a week.
#[utoipa::path(post, path = "/invitations", tag = "accounts", request_body = InvitationBody, responses(
    (status = 201, description = "The invitation with its link", body = Invitation),
    (status = 403, description = "The role is above your own", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_invitation(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<InvitationBody>,
) -> Result<(StatusCode, axum::Json<Invitation>), ServiceError> {
    let created = invitations::create(&app, &ctx, &body.email, body.role).await?;
    let token = created.secret.reveal().to_owned();
    let path = format!("/invitation?token={token}");
    let link = match &app.config.base_url {
        Some(url) => url
            .join(&path)
            .map_or_else(|_| path.clone(), |url| url.to_string()),
        None => path,
    };
    let shown = Invitation {
        token: Some(token),
        link: Some(link),
        ..invitation_view(created.invitation)
    };
    Ok((StatusCode::CREATED, axum::Json(shown)))
}

/// Take an invitation back.
///
/// Takes back an invitation that was not accepted: its link is refused from now on. One for a role above your own is refused with 403,
/// and one that was accepted with 409 `INVITATION_ACCEPTED`.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "accounts", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "The link is good no more"),
    (status = 403, description = "The role is above your own", body = ProblemBody),
    (status = 404, description = "There is no such invitation", body = ProblemBody),
    (status = 409, description = "It was accepted", body = ProblemBody)))]
async fn delete_invitation(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServiceError> {
    invitations::delete(&app, &ctx, InvitationId::from(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept an invitation: become a member, and sign in.
///
/// Makes the invited person a member and begins a session. Somebody new gives a name and a new password; whose address has an account
/// gives that account's password. An unknown, used or late link is refused with `INVITATION_UNKNOWN`.
#[utoipa::path(post, path = "/invitations/accept", tag = "accounts", security(()), request_body = AcceptanceBody, responses(
    (status = 201, description = "A member, and signed in; the session is in the cookie", body = SessionAnswer),
    (status = 401, description = "The address has an account with another password", body = ProblemBody),
    (status = 403, description = "The invitation is unknown, used or over", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody)))]
async fn accept_invitation(
    State(app): State<App>,
    info: RequestInfo,
    Json(body): Json<AcceptanceBody>,
) -> Result<impl IntoResponse, ServiceError> {
    let AcceptanceBody {
        token,
        name,
        password,
    } = body;
    let accepted = invitations::accept(
        &app,
        &info,
        Acceptance {
            token,
            name,
            password,
        },
    )
    .await?;
    Ok(signed_in(StatusCode::CREATED, &info, accepted))
}

fn view(member: Member) -> MemberView {
    MemberView {
        id: member.membership.account_id.uuid(),
        email: member.email,
        name: member.name,
        role: member.membership.role,
        disabled: member.membership.disabled_at.is_some(),
        created_at: member.membership.created_at,
    }
}

fn invitation_view(invitation: leadline_store::invitations::Invitation) -> Invitation {
    Invitation {
        id: invitation.id.uuid(),
        email: invitation.email,
        role: invitation.role,
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        accepted_at: invitation.accepted_at,
        token: None,
        link: None,
    }
}
