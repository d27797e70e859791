//! What can be asked of exports: begin one, look at it, fetch its file.

use std::sync::Arc;

use leadline_engine::{
    ids::{JobId, RecordId},
    ledger::Source,
    time::Timestamp,
};
use leadline_store::jobs::{self, Job, JobStatus};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    file,
    table::{ExportFormat, ExportKind, ExportOptions},
};
use crate::{
    app::App,
    service::{
        access::Permission,
        ctx::Ctx,
        error::ServiceError,
        imports::{JobProblem, store_file},
        jobs::{self as job_service, Begun, Ended, Hold, JobPage},
        search::{look, schema_and_object, select},
    },
};

/// The kind of an export's job.
pub const KIND: &str = "export";
/// The name of the file among the job's.
const OUTPUT: &str = "output";

/// An export.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Export)]
#[schema(example = json!({"id": "0197b3a2-4f60-7a18-8c33-1de94b7720fa", "status": "succeeded", "object": "leads", "kind": "records", "format": "csv", "asOf": null, "rows": 990, "fileBytes": 61240, "error": null, "createdAt": "2026-03-01T09:20:00Z", "finishedAt": "2026-03-01T09:20:02Z"}))]
pub struct ExportView {
    /// Its id.
    pub id: Uuid,
    /// `queued`, `running`, `succeeded` or `failed`.
    #[schema(example = "succeeded")]
    pub status: String,
    /// The object.
    #[schema(example = "leads")]
    pub object: String,
    /// What a row is.
    pub kind: ExportKind,
    /// How the file is written.
    pub format: ExportFormat,
    /// The moment that was asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// The knowledge that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_as_of: Option<Timestamp>,
    /// Rows written.
    pub rows: Option<u64>,
    /// The file's size.
    pub file_bytes: Option<u64>,
    /// Why it failed.
    pub error: Option<JobProblem>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// What came of an export.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Progress {
    rows: Option<u64>,
    file_bytes: Option<u64>,
    error: Option<JobProblem>,
}

/// Begins an export.
///
/// # Errors
/// Everything that is wrong with the options.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    options: ExportOptions,
) -> Result<ExportView, ServiceError> {
    let owner = format!("request:{}", Uuid::now_v7());
    let begun = create_held(app, ctx, options, &owner).await?;
    if let Begun::New(hold) = &begun {
        hold.release().await?;
    }
    view(&begun.into_job())
}

/// Begins an export that the caller itself runs.
///
/// # Errors
/// As [`create`].
pub async fn create_held(
    app: &App,
    ctx: &Ctx,
    options: ExportOptions,
    owner: &str,
) -> Result<Begun, ServiceError> {
    check(app, ctx, &options).await?;
    let options = serde_json::to_value(&options)
        .map_err(|error| ServiceError::Internal(error.to_string()))?;
    Hold::begin(app, ctx, KIND, options, json!({}), owner).await
}

/// Writes an export straight into a file. Returns the number of rows.
///
/// # Errors
/// As [`create`].
pub(crate) async fn write_to(
    app: &App,
    ctx: &Ctx,
    options: &ExportOptions,
    out: &std::fs::File,
) -> Result<u64, ServiceError> {
    check(app, ctx, options).await?;
    let only = matching(app, ctx, options).await?;
    file::write(app, ctx, options, only, out).await
}

/// The names of all objects, those that are parts of others too.
///
/// # Errors
/// Those of the database.
pub(crate) async fn objects(app: &App, ctx: &Ctx) -> Result<Vec<String>, ServiceError> {
    ctx.require(Permission::ExportRecords)?;
    let (schemas, workspace) = (app.clone(), ctx.workspace);
    let schema = app
        .db
        .read(move |tx| {
            let app = schemas.clone();
            Box::pin(async move { app.schemas.get(tx, workspace).await })
        })
        .await?;
    let shown = schema.objects().iter().filter(|object| !object.archived);
    Ok(shown.map(|object| object.name.clone()).collect())
}

/// An export.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, ctx: &Ctx, id: JobId) -> Result<ExportView, ServiceError> {
    ctx.require(Permission::ExportRecords)?;
    view(&job_service::find(app, ctx, id, KIND).await?)
}

/// Exports, newest first.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, ctx: &Ctx, page: JobPage) -> Result<Vec<ExportView>, ServiceError> {
    ctx.require(Permission::ExportRecords)?;
    job_service::list(app, ctx, KIND, page)
        .await?
        .iter()
        .map(view)
        .collect()
}

/// The file of an export that has succeeded, part by part.
///
/// # Errors
/// `NotFound`; `Conflict` before it has succeeded.
pub async fn download(
    app: &App,
    ctx: &Ctx,
    id: JobId,
) -> Result<
    (
        ExportView,
        impl futures_util::Stream<Item = Result<Vec<u8>, ServiceError>> + use<>,
    ),
    ServiceError,
> {
    let shown = get(app, ctx, id).await?;
    if shown.status != JobStatus::Succeeded.as_str() {
        return Err(ServiceError::conflict(
            "EXPORT_NOT_READY",
            format!("the export is {}", shown.status),
        ));
    }
    let (app, workspace) = (app.clone(), ctx.workspace);
    let parts = async_stream::try_stream! {
        for part in 0.. {
            let data = app
                .db
                .read(move |tx| Box::pin(async move { jobs::read_part(tx, workspace, id, OUTPUT, part).await.map_err(ServiceError::from) }))
                .await?;
            match data {
                Some(data) => yield data,
                None => break,
            }
        }
    };
    Ok((shown, parts))
}

/// Runs an export to its end.
pub(crate) async fn run(hold: &Hold) -> Result<Ended, ServiceError> {
    let options = options_of(&hold.job)?;
    let ctx = Ctx {
        actor: hold.job.created_by,
        source: Source::System,
        ..Ctx::system(hold.job.workspace_id, hold.app.clock.clone())
    };
    let (job, app) = (hold.job.id, &hold.app);
    let out = tempfile::tempfile().map_err(|error| ServiceError::Internal(error.to_string()))?;
    let written = match matching(app, &ctx, &options).await {
        Ok(only) => file::write(app, &ctx, &options, only, &out).await,
        Err(error) => Err(error),
    };
    let rows = match written {
        Ok(rows) => rows,
        Err(error @ (ServiceError::NotFound | ServiceError::Invalid(_))) => {
            tracing::info!(%job, %error, "an export's options do not fit any more");
            return fail(hold, "the object or its properties were changed meanwhile").await;
        }
        Err(error) => return Err(error),
    };
    if hold.must_stop() {
        return Ok(Ended::Interrupted);
    }
    // A run before this one may have stored some of it.
    hold.discard(OUTPUT).await?;
    let mut stored = out
        .try_clone()
        .map_err(|error| ServiceError::Internal(error.to_string()))?;
    std::io::Seek::rewind(&mut stored)
        .map_err(|error| ServiceError::Internal(error.to_string()))?;
    store_file(app, job, OUTPUT, stored).await?;
    let file_bytes = out.metadata().ok().map(|file| file.len());
    let progress = json!(Progress {
        rows: Some(rows),
        file_bytes,
        error: None
    });
    hold.finish(JobStatus::Succeeded, &progress, None).await
}

/// Ends an export that cannot be ended otherwise.
pub(crate) async fn fail(hold: &Hold, message: &str) -> Result<Ended, ServiceError> {
    let error = JobProblem {
        code: "EXPORT_FAILED".into(),
        message: message.into(),
    };
    let progress = json!(Progress {
        error: Some(error),
        ..Progress::default()
    });
    hold.finish(JobStatus::Failed, &progress, Some(OUTPUT))
        .await
}

async fn check(app: &App, ctx: &Ctx, options: &ExportOptions) -> Result<(), ServiceError> {
    ctx.require(Permission::ExportRecords)?;
    options.moment().check(ctx.now())?;
    let (_, object) = schema_and_object(app, ctx, &options.object).await?;
    file::named(&object, options.properties.as_deref().unwrap_or_default())?;
    if let Some(search) = options.search() {
        look(app, ctx, &options.object, search).await?;
    }
    Ok(())
}

/// The records that are wanted, in order; `None` for all of them.
async fn matching(
    app: &App,
    ctx: &Ctx,
    options: &ExportOptions,
) -> Result<Option<Arc<Vec<RecordId>>>, ServiceError> {
    let Some(search) = options.search() else {
        return Ok(None);
    };
    let ids = select(app, ctx, &options.object, search).await?;
    Ok(Some(Arc::new(ids)))
}

fn options_of(job: &Job) -> Result<ExportOptions, ServiceError> {
    serde_json::from_value(job.options.clone())
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

fn view(job: &Job) -> Result<ExportView, ServiceError> {
    let options = options_of(job)?;
    let progress: Progress = serde_json::from_value(job.progress.clone())
        .map_err(|error| ServiceError::Internal(error.to_string()))?;
    Ok(ExportView {
        id: job.id.uuid(),
        status: job.status.as_str().to_owned(),
        object: options.object,
        kind: options.kind,
        format: options.format,
        as_of: options.as_of,
        recorded_as_of: options.recorded_as_of,
        rows: progress.rows,
        file_bytes: progress.file_bytes,
        error: progress.error,
        created_at: job.created_at,
        finished_at: job.finished_at,
    })
}
