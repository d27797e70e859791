//! Saved reports: what a report asks and how it is shown, under a name.

use axum::{extract::State, http::StatusCode, response::Response};
use leadline_engine::ids::ReportId;
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
        error::ServiceError,
        reports::{LastingReport, ReportKind, ReportShows},
        saved::{self, Draft},
        saved_reports::{SavedReport, SavedReportDraft},
        sharing::Visibility,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_saved_reports, create_saved_report))
        .routes(routes!(
            get_saved_report,
            update_saved_report,
            archive_saved_report
        ))
}

/// A report to save.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Leads by quarter", "kind": "funnel", "report": {"object": "leads", "property": "stage", "period": "quarter", "basis": "cohort"}}))]
struct SavedReportBody {
    /// For people.
    #[schema(example = "Leads by quarter")]
    name: String,
    /// Which report it is: the last part of the path of its own call.
    kind: ReportKind,
    /// As a chart if left out.
    shows: Option<ReportShows>,
    /// What it asks: the fields of the report's own call, with a `period` in place of `from` and `to`, and without a moment.
    report: LastingReport,
    /// Private if left out.
    visibility: Option<Visibility>,
    /// Order among the saved reports; behind the last one if left out.
    position: Option<i64>,
}

/// What to change of a saved report. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Leads by quarter, for all", "visibility": "shared"}))]
struct SavedReportPatchBody {
    /// For people.
    #[schema(example = "Leads by quarter, for all")]
    name: Option<String>,
    /// Which report it is.
    kind: Option<ReportKind>,
    /// As a chart or as a table.
    shows: Option<ReportShows>,
    /// All that it asks.
    report: Option<LastingReport>,
    /// Who sees it.
    visibility: Option<Visibility>,
    /// Order among the saved reports.
    position: Option<i64>,
    /// `false` brings an archived one back.
    archived: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SavedReportsQuery {
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// `true` for archived ones only; they are left out otherwise.
    archived: Option<bool>,
}

/// A page of saved reports, in order of position.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "Leads by quarter", "kind": "funnel", "shows": "chart", "report": {"object": "leads", "property": "stage", "filterGroups": [], "period": "quarter", "basis": "cohort"}, "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct SavedReports {
    results: Vec<SavedReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The saved reports that the caller sees, in order of position.
///
/// Shows the caller's own saved reports and those that others share, with what they ask, in pages; archived ones on request. Private ones
/// of others are never shown, to administrators neither.
#[utoipa::path(get, path = "/saved-reports", tag = "views", params(SavedReportsQuery), responses(
    (status = 200, description = "A page of saved reports", body = SavedReports),
    (status = 422, description = "Parameters that do not fit", body = ProblemBody)))]
async fn list_saved_reports(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<SavedReportsQuery>,
) -> Result<axum::Json<SavedReports>, ServiceError> {
    let (page, asked) = placed(query.limit, query.after, query.archived)?;
    let mut results: Vec<SavedReport> = saved::list(&app, &ctx, None, page).await?;
    let paging = cut(&mut results, asked, |report| (report.position, report.id));
    Ok(axum::Json(SavedReports { results, paging }))
}

/// Save a report: what it asks and how it is shown, under a name.
///
/// Keeps what a report asks, checked as in its own call, everything that is wrong at once; a period such as `30d` goes with the present.
/// The saved report belongs to the caller; shared ones are seen by all members, and need the right to write records.
#[utoipa::path(post, path = "/saved-reports", tag = "views", request_body = SavedReportBody, responses(
    (status = 201, description = "The saved report", body = SavedReport),
    (status = 403, description = "Who only looks cannot share", body = ProblemBody),
    (status = 409, description = "The member has too many saved reports", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_saved_report(
    State(app): State<App>,
    ctx: Ctx,
    body: Judged<SavedReportBody>,
) -> Result<Response, ServiceError> {
    let look =
        async |body: SavedReportBody| saved::look::<SavedReport>(&app, &ctx, body.into()).await;
    let body = body.whole(look).await?;
    let report: SavedReport = saved::create(&app, &ctx, body.into()).await?;
    Ok(created(
        &format!("/saved-reports/{}", report.id),
        report.version,
        report,
    ))
}

/// A saved report that the caller sees; archived ones too.
///
/// Shows it as it was saved, also when a property that it names was archived since. Another member's private one is not found.
#[utoipa::path(get, path = "/saved-reports/{id}", tag = "views", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The saved report", body = SavedReport),
    (status = 404, description = "There is no such saved report, or none that the caller sees", body = ProblemBody)))]
async fn get_saved_report(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, ServiceError> {
    let report: SavedReport = saved::get(&app, &ctx, ReportId::from(id)).await?;
    Ok(tagged(report.version, report))
}

/// Change a saved report. Its owner and managers can.
///
/// Changes what the body names and leaves the rest as it is; what it asks is checked only if that changes. With `If-Match` it is changed
/// only in one of the versions named, otherwise refused with 412. A body that changes nothing makes no version.
#[utoipa::path(patch, path = "/saved-reports/{id}", tag = "views", request_body = SavedReportPatchBody,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 200, description = "The saved report afterwards", body = SavedReport),
    (status = 403, description = "It is shared by another member", body = ProblemBody),
    (status = 404, description = "There is no such saved report, or none that the caller sees", body = ProblemBody),
    (status = 412, description = "The saved report has another version", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn update_saved_report(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
    Json(body): Json<SavedReportPatchBody>,
) -> Result<Response, ServiceError> {
    let report: SavedReport =
        saved::update(&app, &ctx, ReportId::from(id), versions, body.into()).await?;
    Ok(tagged(report.version, report))
}

/// Archive a saved report. `archived: false` brings it back.
///
/// Takes it out of lists; links to it still work. Its owner and managers can. With `If-Match` it is archived only in one of the versions
/// named, otherwise refused with 412.
#[utoipa::path(delete, path = "/saved-reports/{id}", tag = "views",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 204, description = "It is archived"),
    (status = 403, description = "It is shared by another member", body = ProblemBody),
    (status = 404, description = "There is no such saved report, or none that the caller sees", body = ProblemBody),
    (status = 412, description = "The saved report has another version", body = ProblemBody)))]
async fn archive_saved_report(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    saved::archive::<SavedReport>(&app, &ctx, ReportId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<SavedReportBody> for Draft<SavedReportDraft> {
    fn from(body: SavedReportBody) -> Self {
        Self {
            name: Some(body.name),
            visibility: body.visibility,
            position: body.position,
            archived: None,
            own: SavedReportDraft {
                kind: Some(body.kind),
                shows: body.shows,
                report: Some(body.report),
            },
        }
    }
}

impl From<SavedReportPatchBody> for Draft<SavedReportDraft> {
    fn from(body: SavedReportPatchBody) -> Self {
        Self {
            name: body.name,
            visibility: body.visibility,
            position: body.position,
            archived: body.archived,
            own: SavedReportDraft {
                kind: body.kind,
                shows: body.shows,
                report: body.report,
            },
        }
    }
}
