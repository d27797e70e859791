//! Exports: asked for, looked at, and fetched as a file.

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use leadline_engine::ids::JobId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path, Query},
    imports::job_page,
    moment::MomentQuery,
    paging::{PageQuery, Paging, cut},
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        exports::{self, ExportFormat, ExportOptions, ExportView},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_export, list_exports))
        .routes(routes!(get_export))
        .routes(routes!(get_export_file))
}

/// A page of exports, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a2-4f60-7a18-8c33-1de94b7720fa", "status": "succeeded", "object": "leads", "kind": "records", "format": "csv", "asOf": null, "rows": 990, "fileBytes": 61240, "error": null, "createdAt": "2026-03-01T09:20:00Z", "finishedAt": "2026-03-01T09:20:02Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Exports {
    results: Vec<ExportView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// Export records or their whole history as a file, in the background.
///
/// Checks the options and queues the export; `GET /exports/{id}` tells when its file is ready. Records can be filtered, looked for by words,
/// put in order, shown as of a moment, and written as CSV or NDJSON, as current values or with every span of their history.
#[utoipa::path(post, path = "/exports", tag = "exports", request_body = ExportOptions, params(MomentQuery),
    responses((status = 202, description = "It is queued", body = ExportView), (status = 422, body = ProblemBody, description = "The options do not fit")))]
async fn create_export(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<MomentQuery>,
    Json(mut options): Json<ExportOptions>,
) -> Result<Response, ServiceError> {
    let moment = query.or(options.as_of, options.recorded_as_of)?;
    (options.as_of, options.recorded_as_of) = (moment.as_of, moment.recorded_as_of);
    let export = exports::create(&app, &ctx, options).await?;
    let location = format!("/api/v1/exports/{}", export.id);
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, location)],
        axum::Json(export),
    )
        .into_response())
}

/// Exports, newest first.
///
/// Shows the exports of the workspace with their status, rows and size, in pages; the files are fetched one by one.
#[utoipa::path(get, path = "/exports", tag = "exports", params(PageQuery), responses((status = 200, description = "A page of exports", body = Exports)))]
async fn list_exports(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Exports>, ServiceError> {
    let (page, asked) = job_page(&query)?;
    let mut results = exports::list(&app, &ctx, page).await?;
    let paging = cut(&mut results, asked, |export| export.id);
    Ok(axum::Json(Exports { results, paging }))
}

/// How far an export is.
///
/// Tells whether the export is queued, running, has succeeded or failed, with the number of rows and bytes written.
#[utoipa::path(get, path = "/exports/{id}", tag = "exports", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The export", body = ExportView), (status = 404, body = ProblemBody, description = "There is none")))]
async fn get_export(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<ExportView>, ServiceError> {
    Ok(axum::Json(exports::get(&app, &ctx, JobId::from(id)).await?))
}

/// The file of an export.
///
/// Sends the file of an export that has succeeded, as an attachment. Before that, and for one that failed, it is refused with
/// `EXPORT_NOT_READY`. Cells that a spreadsheet would run as formulas are made harmless.
#[utoipa::path(get, path = "/exports/{id}/file", tag = "exports", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "CSV, or one JSON object a line", content_type = "text/csv", body = String, example = json!("id,name,stage\n0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10,Ada Ltd,qualified\n")),
        (status = 404, body = ProblemBody, description = "There is none"),
        (status = 409, body = ProblemBody, description = "It has not succeeded")))]
async fn get_export_file(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, ServiceError> {
    let (export, parts) = exports::download(&app, &ctx, JobId::from(id)).await?;
    let (content_type, ending) = match export.format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let name = format!("attachment; filename=\"{}-{id}.{ending}\"", export.object);
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((
        headers,
        Body::from_stream(parts.map_err(std::io::Error::other)),
    )
        .into_response())
}
