//! Imports: a form with the file and the options, in either order; the file goes to disk while it comes in.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{
        DefaultBodyLimit, Multipart, State,
        multipart::{Field, MultipartError},
    },
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
    extract::{Path, Query},
    json,
    paging::{Cursor, PageQuery, Paging, cut, limit},
    problem::{Problem, ProblemBody, Rejection},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        imports::{self, ImportOptions, ImportView, Upload, UploadError},
        jobs::JobPage,
    },
};

/// How long a client may be silent while it sends its file.
const SILENCE: Duration = Duration::from_secs(60);
/// Most bytes of the options.
const OPTIONS_BYTES: usize = 1 << 20;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_import, list_imports))
        .routes(routes!(get_import))
        .routes(routes!(list_import_errors))
        .routes(routes!(undo_import))
        // The service limits the file, and this form the options.
        .layer(DefaultBodyLimit::disable())
}

/// A file and what to make of it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form")]
struct ImportForm {
    /// CSV: any delimiter; UTF-8, Windows-1252 or UTF-16.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// JSON.
    options: ImportOptions,
}

/// A page of imports, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a2-4f60-7a18-8c33-1de94b7720fa", "status": "succeeded", "object": "leads", "kind": "records", "dryRun": false, "fileName": "leads.csv", "fileBytes": 48213, "rowsTotal": 1000, "rowsRead": 1000, "created": 950, "updated": 40, "unchanged": 8, "refused": 2, "valuesRefused": 0, "progress": 1.0, "undo": null, "error": null, "createdAt": "2026-03-01T09:20:00Z", "startedAt": "2026-03-01T09:20:01Z", "finishedAt": "2026-03-01T09:20:04Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Imports {
    results: Vec<ImportView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// Import a file as records or as history, in the background.
///
/// Takes a form with the file and the options, in either order, checks the options against the file's header, and queues the import. With
/// `kind` `history` each row is one value at one time; with `dryRun` everything is checked and nothing kept. What can be seen to be wrong
/// at once is refused with 422, and wrong rows are told in `errors.csv`.
#[utoipa::path(post, path = "/imports", tag = "imports", request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, description = "It is queued", body = ImportView),
        (status = 413, body = ProblemBody, description = "The file is too large"),
        (status = 422, body = ProblemBody, description = "The file is no CSV, or the options do not fit it")))]
async fn create_import(
    State(app): State<App>,
    ctx: Ctx,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Problem> {
    let form = form.map_err(|_| Rejection::UnsupportedMediaType)?;
    let (options, upload) = read_form(&app, form).await?;
    let import = imports::create(&app, &ctx, options, upload).await?;
    let location = format!("/api/v1/imports/{}", import.id);
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, location)],
        axum::Json(import),
    )
        .into_response())
}

/// Imports, newest first.
///
/// Shows the imports of the workspace with their status and what they did so far, in pages.
#[utoipa::path(get, path = "/imports", tag = "imports", params(PageQuery), responses((status = 200, description = "A page of imports", body = Imports)))]
async fn list_imports(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Imports>, ServiceError> {
    let (page, asked) = job_page(&query)?;
    let mut results = imports::list(&app, &ctx, page).await?;
    let paging = cut(&mut results, asked, |import| import.id);
    Ok(axum::Json(Imports { results, paging }))
}

/// How far an import is.
///
/// Tells how far the import is: rows read and refused, records created, updated and unchanged, and a fraction from 0 to 1; and as much of
/// its taking back.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The import", body = ImportView), (status = 404, body = ProblemBody, description = "There is none")))]
async fn get_import(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<ImportView>, ServiceError> {
    Ok(axum::Json(imports::get(&app, &ctx, JobId::from(id)).await?))
}

/// The rows that an import refused: each as it was in the file, with line, code and message. Formulas are made harmless.
///
/// Sends the refused rows as CSV with the columns of the file and four more: line, code, message and column. Put right, the file can be
/// imported again. Cells that a spreadsheet would run as formulas are made harmless.
#[utoipa::path(get, path = "/imports/{id}/errors.csv", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, description = "CSV", content_type = "text/csv", body = String, example = json!("name,email,line,code,message,column\nAda Ltd,nope,7,INVALID_EMAIL,must be an address such as ada@example.com,email\n")), (status = 404, body = ProblemBody, description = "There is none")))]
async fn list_import_errors(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, ServiceError> {
    let rows = imports::errors_csv(&app, &ctx, JobId::from(id)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"import-{id}-errors.csv\""),
        ),
    ];
    Ok((
        headers,
        Body::from_stream(rows.map_err(std::io::Error::other)),
    )
        .into_response())
}

/// Take an import back, in the background: what it created is archived, what it set is put back where it still stands.
///
/// Queues the undoing of an import that has ended: records that it created are archived, and values that it set are put back unless they
/// were changed since. A rehearsal and what is undone already are refused with `IMPORT_NOT_UNDOABLE`.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "imports", params(("id" = Uuid, Path)),
    responses(
        (status = 202, description = "It is queued", body = ImportView),
        (status = 404, body = ProblemBody, description = "There is none"),
        (status = 409, body = ProblemBody, description = "It has not ended, or is undone already")))]
async fn undo_import(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, axum::Json<ImportView>), ServiceError> {
    let import = imports::undo(&app, &ctx, JobId::from(id)).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(import)))
}

/// The page of jobs asked for, with one more than that, which tells whether there is another page.
pub(super) fn job_page(query: &PageQuery) -> Result<(JobPage, usize), ServiceError> {
    let asked = limit(query.limit)?;
    let before = query
        .after
        .as_deref()
        .map(Cursor::read::<Uuid>)
        .transpose()?;
    let page = JobPage {
        before: before.map(JobId::from),
        limit: asked + 1,
    };
    Ok((page, asked))
}

async fn read_form(app: &App, mut form: Multipart) -> Result<(ImportOptions, Upload), Problem> {
    let mut options = None;
    let mut upload = None;
    while let Some(field) = in_time(form.next_field()).await? {
        match field.name() {
            Some("options") if options.is_none() => options = Some(read_options(field).await?),
            Some("file") if upload.is_none() => upload = Some(read_file(app, field).await?),
            name => {
                let name = name.unwrap_or_default().replace(['~', '/'], "_");
                return Err(ServiceError::invalid(
                    format!("/{name}"),
                    "UNKNOWN_FIELD",
                    "the form takes one file and options",
                )
                .into());
            }
        }
    }
    let missing = |field: &str| {
        ServiceError::invalid(
            format!("/{field}"),
            "MISSING_FIELD",
            "this field is required",
        )
    };
    let options = options.ok_or_else(|| missing("options"))?;
    Ok((options, upload.ok_or_else(|| missing("file"))?))
}

async fn read_options(mut field: Field<'_>) -> Result<ImportOptions, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(field.chunk()).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > OPTIONS_BYTES {
            return Err(Rejection::TooLarge.into());
        }
    }
    Ok(json::parse(&bytes)?)
}

async fn read_file(app: &App, mut field: Field<'_>) -> Result<Upload, Problem> {
    let name = field
        .file_name()
        .map(|name| name.chars().filter(|c| !c.is_control()).take(200).collect());
    let refuse = |error: UploadError| match error {
        UploadError::TooLarge => Problem::from(Rejection::TooLarge),
        UploadError::Disk(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            ServiceError::StorageFull.into()
        }
        UploadError::Disk(error) => ServiceError::Internal(error.to_string()).into(),
    };
    let mut upload = Upload::new(name, app.config.import_limit_bytes).map_err(refuse)?;
    while let Some(chunk) = in_time(field.chunk()).await? {
        upload.push(&chunk).map_err(refuse)?;
    }
    Ok(upload)
}

/// Waits for the client, but not for ever.
async fn in_time<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Problem> {
    match tokio::time::timeout(SILENCE, next).await {
        Ok(Ok(next)) => Ok(next),
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Rejection::TooLarge.into())
        }
        Ok(Err(_)) => {
            Err(Rejection::MalformedJson("the form is malformed or ended early".into()).into())
        }
        Err(_elapsed) => Err(Rejection::Timeout.into()),
    }
}
