//! Dashboards: widgets on a grid, under a name.

use axum::{extract::State, http::StatusCode, response::Response};
use leadline_engine::ids::DashboardId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{IfMatch, Json, Judged, Path, Query},
    paging::{Paging, cut, placed},
    problem::ProblemBody,
    versions::{created, tagged},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        dashboards::{DashboardDraft, DashboardView, Widget},
        error::ServiceError,
        saved::{self, Draft},
        sharing::Visibility,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_dashboards, create_dashboard))
        .routes(routes!(get_dashboard, update_dashboard, archive_dashboard))
}

/// A dashboard to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Monday morning", "widgets": [{"kind": "count", "report": {"object": "leads", "period": "30d"}, "x": 0, "y": 0, "w": 3, "h": 1}, {"kind": "funnel", "report": {"object": "leads", "property": "stage", "period": "90d"}, "x": 0, "y": 1, "w": 6, "h": 4}]}))]
struct DashboardBody {
    /// For people.
    #[schema(example = "Monday morning")]
    name: String,
    /// Private if left out.
    visibility: Option<Visibility>,
    /// What stands on it and where, at most 50.
    #[serde(default)]
    widgets: Vec<Widget>,
    /// Order among the dashboards; behind the last one if left out.
    position: Option<i64>,
}

/// What to change of a dashboard. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Monday at nine", "visibility": "shared"}))]
struct DashboardPatchBody {
    /// For people.
    #[schema(example = "Monday at nine")]
    name: Option<String>,
    /// Who sees it.
    visibility: Option<Visibility>,
    /// All of its widgets; those that are left out are gone.
    widgets: Option<Vec<Widget>>,
    /// Order among the dashboards.
    position: Option<i64>,
    /// `false` brings an archived dashboard back.
    archived: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DashboardsQuery {
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// `true` for archived ones only; they are left out otherwise.
    archived: Option<bool>,
}

/// A page of dashboards, in order of position.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "Monday morning", "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "widgets": [], "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Dashboards {
    results: Vec<DashboardView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The dashboards that the caller sees, in order of position.
///
/// Shows the caller's own dashboards and those that others share, with their widgets, in pages; archived ones on request. Private
/// dashboards of others are never shown, to administrators neither.
#[utoipa::path(get, path = "/dashboards", tag = "views", params(DashboardsQuery), responses(
    (status = 200, description = "A page of dashboards", body = Dashboards),
    (status = 422, description = "Parameters that do not fit", body = ProblemBody)))]
async fn list_dashboards(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<DashboardsQuery>,
) -> Result<axum::Json<Dashboards>, ServiceError> {
    let (page, asked) = placed(query.limit, query.after, query.archived)?;
    let mut results: Vec<DashboardView> = saved::list(&app, &ctx, None, page).await?;
    let paging = cut(&mut results, asked, |dashboard| {
        (dashboard.position, dashboard.id)
    });
    Ok(axum::Json(Dashboards { results, paging }))
}

/// Make a dashboard: reports and figures on a grid.
///
/// Keeps widgets with their places on a grid of 12 columns. A widget asks a report, checked as in its own call, or counts or adds up records;
/// a period such as `30d` goes with the present. The dashboard belongs to the caller; shared ones are seen by all members, and need the
/// right to write records.
#[utoipa::path(post, path = "/dashboards", tag = "views", request_body = DashboardBody, responses(
    (status = 201, description = "The dashboard", body = DashboardView),
    (status = 403, description = "Who only looks cannot share", body = ProblemBody),
    (status = 409, description = "The member has too many dashboards", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_dashboard(
    State(app): State<App>,
    ctx: Ctx,
    body: Judged<DashboardBody>,
) -> Result<Response, ServiceError> {
    let look =
        async |body: DashboardBody| saved::look::<DashboardView>(&app, &ctx, body.into()).await;
    let body = body.whole(look).await?;
    let dashboard: DashboardView = saved::create(&app, &ctx, body.into()).await?;
    Ok(created(
        &format!("/dashboards/{}", dashboard.id),
        dashboard.version,
        dashboard,
    ))
}

/// A dashboard that the caller sees; archived ones too.
///
/// Shows the dashboard as it was saved, also when a property that a widget names was archived since. Another member's private dashboard is
/// not found.
#[utoipa::path(get, path = "/dashboards/{id}", tag = "views", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The dashboard", body = DashboardView),
    (status = 404, description = "There is no such dashboard, or none that the caller sees", body = ProblemBody)))]
async fn get_dashboard(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, ServiceError> {
    let dashboard: DashboardView = saved::get(&app, &ctx, DashboardId::from(id)).await?;
    Ok(tagged(dashboard.version, dashboard))
}

/// Change a dashboard. Its owner and managers can.
///
/// Changes what the body names and leaves the rest as it is; only what the body names is checked, and of the widgets those that
/// ask something new. With `If-Match` it is changed only in one
/// of the versions named, otherwise refused with 412. A body that changes nothing makes no version.
#[utoipa::path(patch, path = "/dashboards/{id}", tag = "views", request_body = DashboardPatchBody,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 200, description = "The dashboard afterwards", body = DashboardView),
    (status = 403, description = "It is shared by another member", body = ProblemBody),
    (status = 404, description = "There is no such dashboard, or none that the caller sees", body = ProblemBody),
    (status = 412, description = "The dashboard has another version", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn update_dashboard(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
    Json(body): Json<DashboardPatchBody>,
) -> Result<Response, ServiceError> {
    let dashboard: DashboardView =
        saved::update(&app, &ctx, DashboardId::from(id), versions, body.into()).await?;
    Ok(tagged(dashboard.version, dashboard))
}

/// Archive a dashboard. `archived: false` brings it back.
///
/// Takes the dashboard out of lists; links to it still work. Its owner and managers can. With `If-Match` it is archived only in one of the
/// versions named, otherwise refused with 412.
#[utoipa::path(delete, path = "/dashboards/{id}", tag = "views",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 204, description = "It is archived"),
    (status = 403, description = "It is shared by another member", body = ProblemBody),
    (status = 404, description = "There is no such dashboard, or none that the caller sees", body = ProblemBody),
    (status = 412, description = "The dashboard has another version", body = ProblemBody)))]
async fn archive_dashboard(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    saved::archive::<DashboardView>(&app, &ctx, DashboardId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<DashboardBody> for Draft<DashboardDraft> {
    fn from(body: DashboardBody) -> Self {
        Self {
            name: Some(body.name),
            visibility: body.visibility,
            position: body.position,
            archived: None,
            own: DashboardDraft {
                widgets: Some(body.widgets),
            },
        }
    }
}

impl From<DashboardPatchBody> for Draft<DashboardDraft> {
    fn from(body: DashboardPatchBody) -> Self {
        Self {
            name: body.name,
            visibility: body.visibility,
            position: body.position,
            archived: body.archived,
            own: DashboardDraft {
                widgets: body.widgets,
            },
        }
    }
}
