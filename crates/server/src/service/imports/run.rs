//! Runs an import: reads the file through, sorts its rows into parts, and has them written. A later run goes on where this one stopped; nothing is
//! written before the whole file was found readable.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write as _},
    sync::Arc,
};

use leadline_engine::ledger::Source;
use leadline_store::{
    jobs::{self, JobStatus},
    memberships,
};

use super::{
    Fault,
    batches::read_key,
    cells::Members,
    lanes::{self, Work},
    layout::Layout,
    options::ImportOptions,
    progress::{Progress, Undo, options_of},
    spool::{Spool, Spooled},
    text::{Dialect, Rows},
    times::Times,
    undo,
    upload::INPUT,
    use_cases::layout_now,
    write::Plan,
};
use crate::service::{
    ctx::Ctx,
    error::ServiceError,
    jobs::{Ended, Hold},
};

const MEMBERS_PAGE: i64 = 1_000;
/// The way in which files are cut into batches; another number for each change of the parts, the lanes, or the batches.
const CUT: u32 = 1;
/// Bytes of a file up to which it is removed at once.
const LARGE_FILE: u64 = 16 << 20;

/// Runs an import to its end, or until the worker must let go of it.
pub(crate) async fn run(hold: &Hold) -> Result<Ended, ServiceError> {
    let (options, mut progress) = (options_of(&hold.job)?, Progress::of(&hold.job)?);
    if progress.undo.is_some() {
        return undo::run(hold, progress).await;
    }
    if progress.is_over {
        let status = match progress.error {
            Some(_) => JobStatus::Failed,
            None => JobStatus::Succeeded,
        };
        return finish(hold, progress, status).await;
    }
    if !progress.uploaded {
        return fail_with(
            hold,
            progress,
            &options,
            Fault::new(
                "UPLOAD_INTERRUPTED",
                "the server stopped while the file was received; send it again",
            ),
        )
        .await;
    }
    let ctx = Ctx {
        actor: hold.job.created_by,
        source: Source::Import,
        ..Ctx::system(hold.job.workspace_id, hold.app.clock.clone())
    };
    // 1. Resolve the mapping as the schema is now.
    let (schema, layout) = match layout_now(hold, &ctx, &options, &progress.header).await? {
        Ok((schema, layout)) => (schema, Arc::new(layout)),
        Err(fault) => return fail_with(hold, progress, &options, fault).await,
    };
    let times = match Times::new(options.date_format.as_deref(), options.time_zone.as_deref()) {
        Ok(times) => Arc::new(times),
        Err(message) => {
            return fail_with(
                hold,
                progress,
                &options,
                Fault::new("INVALID_DATE_FORMAT", message),
            )
            .await;
        }
    };
    // 2. Read the file through, and sort its rows into parts.
    let (spooled, rows) = match spool(hold, &progress, &layout).await? {
        Ok(spooled) => spooled,
        Err(fault) => return fail_with(hold, progress, &options, fault).await,
    };
    if progress.has_begun() && progress.cut != CUT {
        let message = "another release began it, and it cannot be gone on with; send it again";
        return fail_with(
            hold,
            progress,
            &options,
            Fault::new("IMPORT_INTERRUPTED", message),
        )
        .await;
    }
    (progress.rows_total, progress.cut) = (Some(rows), CUT);
    hold.note(&progress.to_json()).await?;
    // 3. Write batch after batch.
    let plan = Arc::new(Plan {
        job: hold.job.id,
        object: options.object.clone(),
        decimal_comma: progress
            .dialect
            .as_ref()
            .is_some_and(|dialect| dialect.delimiter == ';'),
        members: members(hold).await?,
        layout,
        times,
        ctx,
    });
    let spooled = Arc::new(spooled);
    let work = Work {
        hold,
        plan: &plan,
        schema: &schema,
        spooled: &spooled,
        progress: &progress,
        is_rehearsal: options.dry_run,
    };
    if let Some(ended) = lanes::write_all(&work).await? {
        return Ok(ended);
    }
    let progress = Progress::of(&hold.reread().await?)?;
    finish(hold, progress, JobStatus::Succeeded).await
}

/// Ends an import that cannot be ended otherwise; what it wrote is taken back first.
pub(crate) async fn fail(hold: &Hold, message: &str) -> Result<Ended, ServiceError> {
    let job = hold.reread().await?;
    let (options, progress) = (options_of(&job)?, Progress::of(&job)?);
    fail_with(
        hold,
        progress,
        &options,
        Fault::new("IMPORT_FAILED", message),
    )
    .await
}

async fn fail_with(
    hold: &Hold,
    mut progress: Progress,
    options: &ImportOptions,
    fault: Fault,
) -> Result<Ended, ServiceError> {
    progress.error = Some(fault.into());
    if progress.has_begun() && !options.dry_run {
        progress.undo = Some(Undo {
            because_failed: true,
            ..Undo::default()
        });
        hold.note(&progress.to_json()).await?;
        return undo::run(hold, progress).await;
    }
    finish(hold, progress, JobStatus::Failed).await
}

/// Ends the job. Its file is not needed any more.
pub(super) async fn finish(
    hold: &Hold,
    mut progress: Progress,
    status: JobStatus,
) -> Result<Ended, ServiceError> {
    if progress.file_bytes > LARGE_FILE {
        // A run behind this one must not read what is left of it.
        progress.is_over = true;
        hold.note(&progress.to_json()).await?;
        hold.discard(INPUT).await?;
    }
    hold.finish(status, &progress.to_json(), Some(INPUT)).await
}

/// Copies the file from the database to this machine, and sorts its rows.
async fn spool(
    hold: &Hold,
    progress: &Progress,
    layout: &Arc<Layout>,
) -> Result<Result<(Spooled, u64), Fault>, ServiceError> {
    let mut file = tempfile::tempfile().map_err(disk)?;
    let (workspace, job) = (hold.job.workspace_id, hold.job.id);
    for part in 0.. {
        let data = hold
            .app
            .db
            .read(move |tx| {
                Box::pin(async move {
                    jobs::read_part(tx, workspace, job, INPUT, part)
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await?;
        let Some(data) = data else { break };
        file.write_all(&data).map_err(disk)?;
    }
    let (layout, bytes) = (Arc::clone(layout), progress.file_bytes);
    let Some(dialect) = progress.dialect.clone() else {
        return Ok(Err(Fault::new(
            "FILE_UNREADABLE",
            "the file was never looked at",
        )));
    };
    blocking(move || sort(file, &dialect, &layout, bytes)).await?
}

fn sort(
    mut file: File,
    dialect: &Dialect,
    layout: &Layout,
    bytes: u64,
) -> Result<Result<(Spooled, u64), Fault>, ServiceError> {
    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    let mut spool = Spool::new(bytes).map_err(disk)?;
    let mut rows = match Rows::new(file, dialect) {
        Ok(rows) => rows,
        Err(fault) => return Ok(Err(fault)),
    };
    let mut buffer = csv::ByteRecord::new();
    let mut count = 0;
    loop {
        let row = match rows.next(&mut buffer) {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(fault) => return Ok(Err(fault)),
        };
        count += 1;
        let fault = row.fault.as_ref();
        let key = layout.key.as_ref().filter(|_| fault.is_none());
        let result = match key {
            Some(key) => {
                let text = String::from_utf8_lossy(&row.fields[key.column]);
                let value = read_key(&key.property, &text).ok();
                let normal = value
                    .and_then(|value| value.key(key.property.kind))
                    .unwrap_or_default();
                spool.push(&normal, row.line, row.fields, fault)
            }
            None => {
                let offset = row.fields.position().map_or(0, csv::Position::byte);
                spool.push_to(Spool::part_at(offset), row.line, row.fields, fault)
            }
        };
        result.map_err(disk)?;
    }
    Ok(Ok((spool.finish().map_err(disk)?, count)))
}

async fn members(hold: &Hold) -> Result<Members, ServiceError> {
    let workspace = hold.job.workspace_id;
    let mut members = Members::default();
    let mut after = None;
    loop {
        let page = hold
            .app
            .db
            .read(move |tx| {
                Box::pin(async move {
                    memberships::list(tx, workspace, after, MEMBERS_PAGE)
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(members);
        };
        after = Some(last.membership.account_id);
        for member in page
            .iter()
            .filter(|member| member.membership.disabled_at.is_none())
        {
            members.add(member.membership.account_id, &member.email, &member.name);
        }
    }
}

pub(super) fn disk(error: std::io::Error) -> ServiceError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => ServiceError::StorageFull,
        _ => ServiceError::Internal(format!("a temporary file failed: {error}")),
    }
}

/// Runs what waits for the disk or takes its time, where it holds nobody up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ServiceError::Internal(error.to_string()))
}
