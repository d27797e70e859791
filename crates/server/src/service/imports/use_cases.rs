//! What can be asked of imports: begin one, look at it, read what it refused, take it back.

use leadline_engine::{error::FieldError, ids::JobId, time::Timestamp};
use leadline_store::{
    db::Tx,
    jobs::{self, Job, JobStatus},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Fault, Upload, errors,
    layout::Layout,
    options::{ImportKind, ImportOptions},
    progress::{Problem, Progress, Undo, options_of},
    schema_changes,
};
use crate::{
    app::App,
    service::{
        access::Permission,
        ctx::Ctx,
        error::ServiceError,
        jobs::{self as job_service, Begun, Hold, JobPage},
        records::find_object,
        search::schema_and_object,
        unit_of_work,
    },
};

/// The kind of an import's job.
pub const KIND: &str = "import";

/// An import.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Import)]
#[schema(example = json!({"id": "0197b3a2-4f60-7a18-8c33-1de94b7720fa", "status": "succeeded", "object": "leads", "kind": "records", "dryRun": false, "fileName": "leads.csv", "fileBytes": 48213, "rowsTotal": 1000, "rowsRead": 1000, "created": 950, "updated": 40, "unchanged": 8, "refused": 2, "valuesRefused": 0, "progress": 1.0, "undo": null, "error": null, "createdAt": "2026-03-01T09:20:00Z", "startedAt": "2026-03-01T09:20:01Z", "finishedAt": "2026-03-01T09:20:04Z"}))]
pub struct ImportView {
    /// Its id.
    pub id: Uuid,
    /// `queued`, `running`, `succeeded`, `failed` or `undone`.
    #[schema(example = "running")]
    pub status: String,
    /// The object that the rows belong to.
    #[schema(example = "leads")]
    pub object: String,
    /// What a row is.
    pub kind: ImportKind,
    /// Whether nothing of it is kept.
    pub dry_run: bool,
    /// The file's name.
    pub file_name: Option<String>,
    /// The file's size.
    pub file_bytes: u64,
    /// Rows of the file, once it was read through.
    pub rows_total: Option<u64>,
    /// Rows read.
    pub rows_read: u64,
    /// Records created.
    pub created: u64,
    /// Records that were there and got something new.
    pub updated: u64,
    /// Records that had all of it already.
    pub unchanged: u64,
    /// Rows refused; `errors.csv` says why.
    pub refused: u64,
    /// Values refused in rows whose other values were taken.
    pub values_refused: u64,
    /// From 0 to 1.
    #[schema(example = 0.4)]
    pub progress: f64,
    /// How far its taking back is, once that was asked for or it failed after it had written something.
    pub undo: Option<ImportUndo>,
    /// Why it failed.
    pub error: Option<Problem>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// How far the taking back of an import is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"progress": 0.4, "archived": 380, "putBack": 16, "kept": 0}))]
pub struct ImportUndo {
    /// From 0 to 1.
    #[schema(example = 0.4)]
    pub progress: f64,
    /// Records that it had created and that are archived now.
    pub archived: u64,
    /// Records, of a history each of their properties, that are again as they would be without it.
    pub put_back: u64,
    /// What stayed: it changed since, or its lifecycle has no such move.
    pub kept: u64,
}

/// Begins an import. What can be seen to be wrong now is refused now, and then there is no job.
///
/// # Errors
/// Everything that is wrong with the options, the header and how they fit.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    options: ImportOptions,
    upload: Upload,
) -> Result<ImportView, ServiceError> {
    let idempotency = ctx.idempotency.clone().map(|mut own| {
        let hash = serde_json::to_vec(&options).unwrap_or_default();
        own.request_hash = upload.hash_after(&[own.request_hash.as_slice(), &hash].concat());
        own
    });
    let ctx = Ctx {
        idempotency,
        ..ctx.clone()
    };
    let owner = format!("upload:{}", Uuid::now_v7());
    let begun = create_held(app, &ctx, options, upload, &owner).await?;
    if let Begun::New(hold) = &begun {
        hold.release().await?;
    }
    view(&begun.into_job())
}

/// Begins an import that the caller itself runs.
///
/// # Errors
/// As [`create`].
pub async fn create_held(
    app: &App,
    ctx: &Ctx,
    options: ImportOptions,
    mut upload: Upload,
    owner: &str,
) -> Result<Begun, ServiceError> {
    ctx.require(Permission::RewriteHistory)?;
    ServiceError::if_any(options.judge())?;
    let mut options = options;
    let (dialect, header) = upload.look(&options).map_err(at_file)?;
    let (schema, object) = schema_and_object(app, ctx, &options.object)
        .await
        .map_err(|error| match error {
            ServiceError::NotFound => ServiceError::invalid(
                "/object",
                "UNKNOWN_OBJECT",
                "there is no object of this name",
            ),
            other => other,
        })?;
    let layout = Layout::new(&options, &header, &schema, &object).map_err(ServiceError::Invalid)?;
    if layout.changes_schema(&object) {
        ctx.require(Permission::WriteSchema)?;
    }
    if !ctx.may(Permission::WriteSchema) {
        // Nobody makes options by an import who may not make them otherwise.
        options.create_options = Some(false);
        options
            .mapping
            .iter_mut()
            .for_each(|entry| entry.create_options = Some(false));
    }
    let progress = Progress {
        file_name: upload.name().map(str::to_owned),
        file_bytes: upload.bytes(),
        dialect: Some(dialect),
        header,
        ..Progress::default()
    };
    let options = serde_json::to_value(&options)
        .map_err(|error| ServiceError::Internal(error.to_string()))?;
    let mut hold = match Hold::begin(app, ctx, KIND, options, progress.to_json(), owner).await? {
        Begun::New(hold) => hold,
        known @ Begun::Known(_) => return Ok(known),
    };
    upload.store(app, hold.job.id).await?;
    let progress = Progress {
        uploaded: true,
        ..progress
    }
    .to_json();
    hold.note(&progress).await?;
    hold.job.progress = progress;
    Ok(Begun::New(hold))
}

/// An import.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, ctx: &Ctx, id: JobId) -> Result<ImportView, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    view(&job_service::find(app, ctx, id, KIND).await?)
}

/// Imports, newest first.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, ctx: &Ctx, page: JobPage) -> Result<Vec<ImportView>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    job_service::list(app, ctx, KIND, page)
        .await?
        .iter()
        .map(view)
        .collect()
}

/// The refused rows as CSV: what stands before the first page, and the function that reads page after page.
///
/// # Errors
/// `NotFound`.
pub async fn errors_csv(
    app: &App,
    ctx: &Ctx,
    id: JobId,
) -> Result<impl futures_util::Stream<Item = Result<String, ServiceError>> + use<>, ServiceError> {
    ctx.require(Permission::RewriteHistory)?;
    let job = job_service::find(app, ctx, id, KIND).await?;
    let progress = Progress::of(&job)?;
    let (app, ctx) = (app.clone(), ctx.clone());
    Ok(async_stream::try_stream! {
        yield errors::header(&progress.header);
        let mut after = None;
        while let Some((rows, last)) = errors::page(&app, &ctx, id, progress.header.len(), after).await? {
            after = Some(last);
            yield rows;
        }
    })
}

/// Takes an import back, in the background.
///
/// # Errors
/// `Conflict` while it runs, and for rehearsals and what is undone already.
pub async fn undo(app: &App, ctx: &Ctx, id: JobId) -> Result<ImportView, ServiceError> {
    ctx.require(Permission::RewriteHistory)?;
    let own_ctx = ctx.clone();
    let shown = unit_of_work::write(app, ctx, move |tx| {
        let ctx = own_ctx.clone();
        Box::pin(async move {
            let job = find_import(tx, &ctx, id).await?;
            let progress = undoing(&job)?.to_json();
            let ended = [JobStatus::Succeeded, JobStatus::Failed];
            if jobs::reopen(tx, (ctx.workspace, id), &ended, &progress, ctx.now()).await? {
                view(&find_import(tx, &ctx, id).await?)
            } else {
                Err(not_undoable("it is at work"))
            }
        })
    })
    .await?;
    app.jobs.notify_one();
    Ok(shown)
}

async fn find_import(tx: &mut Tx, ctx: &Ctx, id: JobId) -> Result<Job, ServiceError> {
    let job = jobs::get(tx, ctx.workspace, id).await?;
    job.filter(|job| job.kind == KIND)
        .ok_or(ServiceError::NotFound)
}

/// The progress of an import that begins to be taken back, if it can be.
fn undoing(job: &Job) -> Result<Progress, ServiceError> {
    let (options, progress) = (options_of(job)?, Progress::of(job)?);
    match job.status {
        JobStatus::Undone => Err(not_undoable("it is undone already")),
        _ if options.dry_run => Err(not_undoable(
            "a rehearsal left nothing that could be undone",
        )),
        JobStatus::Succeeded | JobStatus::Failed => Ok(Progress {
            undo: Some(Undo::default()),
            ..progress
        }),
        _ => Err(not_undoable("it has not ended yet")),
    }
}

fn not_undoable(detail: &str) -> ServiceError {
    ServiceError::conflict("IMPORT_NOT_UNDOABLE", detail)
}

/// What is wrong with a file, as the answer to its upload.
fn at_file(fault: Fault) -> ServiceError {
    ServiceError::Invalid(vec![FieldError::new("/file", fault.code, fault.message)])
}

fn view(job: &Job) -> Result<ImportView, ServiceError> {
    let (options, progress) = (options_of(job)?, Progress::of(job)?);
    let fraction = if job.status == JobStatus::Succeeded {
        1.0
    } else {
        progress.fraction()
    };
    let undo = progress.undo.as_ref().map(|undo| ImportUndo {
        progress: if job.status == JobStatus::Undone {
            1.0
        } else {
            progress.undone_fraction(undo)
        },
        archived: undo.archived,
        put_back: undo.put_back,
        kept: undo.kept,
    });
    let counts = progress.counts;
    Ok(ImportView {
        id: job.id.uuid(),
        status: job.status.as_str().to_owned(),
        kind: options.kind(),
        object: options.object,
        dry_run: options.dry_run,
        file_name: progress.file_name,
        file_bytes: progress.file_bytes,
        rows_total: progress.rows_total,
        rows_read: counts.rows_read,
        created: counts.created,
        updated: counts.updated,
        unchanged: counts.unchanged,
        refused: counts.refused,
        values_refused: counts.values_refused,
        progress: fraction,
        undo,
        error: progress.error,
        created_at: job.created_at,
        started_at: job.started_at,
        finished_at: job.finished_at,
    })
}

/// The schema changes of imports are their own; this keeps the two halves of a check together.
pub(super) async fn layout_now(
    hold: &Hold,
    ctx: &Ctx,
    options: &ImportOptions,
    header: &[String],
) -> Result<Result<(std::sync::Arc<leadline_engine::schema::Schema>, Layout), Fault>, ServiceError>
{
    let (ctx, name) = (ctx.clone(), options.object.clone());
    let schema = hold
        .app
        .db
        .read(move |tx| {
            let ctx = ctx.clone();
            Box::pin(async move { schema_changes::load(tx, &ctx).await })
        })
        .await?;
    let object = match find_object(&schema, &name) {
        Ok(object) => object.clone(),
        Err(_) => {
            return Ok(Err(Fault::new(
                "UNKNOWN_OBJECT",
                "there is no object of this name any more",
            )));
        }
    };
    Ok(match Layout::new(options, header, &schema, &object) {
        Ok(layout) => Ok((schema, layout)),
        Err(errors) => {
            let first = errors.into_iter().next();
            Err(first.map_or_else(
                || Fault::new("INVALID_MAPPING", "the mapping does not fit"),
                |error| Fault::new(error.code, format!("{}: {}", error.pointer, error.message)),
            ))
        }
    })
}
