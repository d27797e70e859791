//! The settings of the caller's workspace.

use axum::{extract::State, response::Response};
use leadline_engine::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{IfMatch, Judged},
    problem::ProblemBody,
    versions,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        working_hours::WorkingHours,
        workspaces::{self, WorkspaceDraft},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_workspace, update_workspace))
}

/// A workspace and how it is set.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "0197b39f-11a9-7e90-b2d4-90c1f7a3e865", "name": "Acme", "timeZone": "Europe/Amsterdam", "currency": "EUR", "workingHours": {"shifts": [{"day": "monday", "from": "09:00", "to": "17:00"}], "holidays": ["2026-12-25"]}, "version": 3, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-02T08:15:00Z"}))]
struct WorkspaceSettings {
    id: Uuid,
    #[schema(example = "Acme")]
    name: String,
    /// IANA name of the zone in which its days begin.
    #[schema(example = "Europe/Amsterdam")]
    time_zone: String,
    /// ISO 4217: of amounts given without one, in properties made from now on.
    #[schema(example = "EUR")]
    currency: String,
    /// What reports with the clock `working` count.
    working_hours: WorkingHours,
    /// Counts the changes of the settings, from 1; the ETag.
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// What to change of the settings. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"timeZone": "Europe/Vienna", "workingHours": {"shifts": [{"day": "monday", "from": "08:00", "to": "16:00"}], "holidays": []}}))]
struct WorkspaceBody {
    #[schema(example = "Acme")]
    name: Option<String>,
    /// IANA name of the zone in which its days begin.
    #[schema(example = "Europe/Vienna")]
    time_zone: Option<String>,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// What reports with the clock `working` count: the whole of it.
    working_hours: Option<WorkingHours>,
}

/// The workspace and how it is set.
///
/// Shows name, time zone, currency and working hours of the workspace of this session or token. As long as nobody has set working hours,
/// they are Monday to Friday, 09:00 to 17:00.
#[utoipa::path(get, path = "/workspace", tag = "accounts", responses(
    (status = 200, description = "The workspace", body = WorkspaceSettings)))]
async fn get_workspace(State(app): State<App>, ctx: Ctx) -> Result<Response, ServiceError> {
    tagged(workspaces::get(&app, &ctx).await?)
}

/// Change how the workspace is set. Administrators can.
///
/// Changes what the body names and leaves the rest as it is; reports go by the new time zone and working hours at once, also where they ask
/// about the past. With `If-Match` it is changed only in one of the versions named, otherwise refused with 412.
#[utoipa::path(patch, path = "/workspace", tag = "accounts", request_body = WorkspaceBody,
    params(("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 200, description = "The workspace afterwards", body = WorkspaceSettings),
    (status = 412, description = "The settings have another version", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn update_workspace(
    State(app): State<App>,
    ctx: Ctx,
    IfMatch(versions): IfMatch,
    body: Judged<WorkspaceBody>,
) -> Result<Response, ServiceError> {
    let look = async |body: WorkspaceBody| workspaces::look(body.into());
    let body = body.whole(look).await?;
    tagged(workspaces::update(&app, &ctx, versions, body.into()).await?)
}

fn tagged(workspace: leadline_store::workspaces::Workspace) -> Result<Response, ServiceError> {
    let working_hours = WorkingHours::of(&workspace)?;
    let settings = WorkspaceSettings {
        id: workspace.id.uuid(),
        name: workspace.name,
        time_zone: workspace.time_zone,
        currency: workspace.currency,
        working_hours,
        version: workspace.version,
        created_at: workspace.created_at,
        updated_at: workspace.updated_at,
    };
    Ok(versions::tagged(settings.version, settings))
}

impl From<WorkspaceBody> for WorkspaceDraft {
    fn from(body: WorkspaceBody) -> Self {
        Self {
            name: body.name,
            time_zone: body.time_zone,
            currency: body.currency,
            working_hours: body.working_hours,
        }
    }
}
