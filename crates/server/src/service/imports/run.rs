//! Runs an import: reads the file through, sorts its rows, and writes batch after batch. What is done is committed with each batch, so that a
//! later run goes on behind it; nothing is written before the whole file was found readable.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write as _},
    sync::Arc,
};

use leadline_engine::{ledger::Source, schema::Schema};
use leadline_store::{
    db::DbError,
    jobs::{self, ImportError, JobStatus},
    memberships,
};

use super::{
    Fault,
    batches::{Batches, Group, read_key},
    cells::Members,
    layout::Layout,
    options::{ImportKind, ImportOptions},
    progress::{Counts, Progress, Undo, options_of},
    spool::{Spool, Spooled},
    text::{Dialect, Rows},
    times::Times,
    undo,
    upload::INPUT,
    use_cases::layout_now,
    write::{self, Plan, Written},
};
use crate::service::{
    ctx::Ctx,
    error::ServiceError,
    jobs::{Ended, Hold},
};

/// Most errors that are kept of one import.
const MOST_ERRORS: u64 = 1_000_000;
const MEMBERS_PAGE: i64 = 1_000;

/// Runs an import to its end, or until the worker must let go of it.
pub(crate) async fn run(hold: &Hold) -> Result<Ended, ServiceError> {
    let (options, mut progress) = (options_of(&hold.job)?, Progress::of(&hold.job)?);
    if progress.undo.is_some() {
        return undo::run(hold, progress).await;
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
    progress.rows_total = Some(rows);
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
        layout: Arc::clone(&layout),
        times: Arc::clone(&times),
        ctx,
    });
    let mut batches = Batches::new(spooled, layout, times);
    let mut number = 0;
    let mut schema = schema;
    loop {
        let (batch, rest) = blocking(move || {
            let mut batches = batches;
            (batches.next(), batches)
        })
        .await?;
        batches = rest;
        let Some(batch) = batch.map_err(disk)? else {
            break;
        };
        number += 1;
        if number <= progress.batches {
            continue;
        }
        if hold.must_stop() {
            return Ok(Ended::Interrupted);
        }
        let done = write_batch(hold, &plan, &schema, batch, &progress, options.dry_run).await?;
        let Some(written) = done else {
            return Ok(Ended::Lost);
        };
        progress = next(&progress, &written.counts);
        schema = if options.dry_run {
            schema
        } else {
            written.schema
        };
    }
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
    if progress.batches > 0 && !options.dry_run {
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
    progress: Progress,
    status: JobStatus,
) -> Result<Ended, ServiceError> {
    hold.finish(status, &progress.to_json(), Some(INPUT)).await
}

/// Writes a batch and notes it as done, together. `None` if another worker has the job. A rehearsal undoes the batch and keeps the counts.
async fn write_batch(
    hold: &Hold,
    plan: &Arc<Plan>,
    schema: &Arc<Schema>,
    batch: Vec<Group>,
    progress: &Progress,
    is_rehearsal: bool,
) -> Result<Option<Written>, ServiceError> {
    let (plan, schema, batch, progress) = (
        Arc::clone(plan),
        Arc::clone(schema),
        Arc::new(batch),
        Arc::new(progress.clone()),
    );
    let before = Arc::clone(&progress);
    let (job, lease) = (hold.job.id, hold.lease());
    let result = hold
        .app
        .db
        .write(move |tx| {
            let (plan, schema, batch, progress, lease) = (
                Arc::clone(&plan),
                Arc::clone(&schema),
                Arc::clone(&batch),
                Arc::clone(&progress),
                lease.clone(),
            );
            Box::pin(async move {
                let written = write::write(tx, &plan, &schema, &batch)
                    .await
                    .map_err(Stop::Failed)?;
                if is_rehearsal {
                    return Err(Stop::Rehearsed(Box::new(written)));
                }
                jobs::append_errors(tx, job, kept(&progress, &written.errors)).await?;
                let after = next(&progress, &written.counts).to_json();
                if jobs::renew(tx, job, lease.as_ref(), &after).await? {
                    Ok(written)
                } else {
                    Err(Stop::Lost)
                }
            })
        })
        .await;
    match result {
        Ok(written) => Ok(Some(written)),
        Err(Stop::Lost) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Rehearsed(written)) => note_rehearsed(hold, &before, *written).await,
    }
}

async fn note_rehearsed(
    hold: &Hold,
    progress: &Progress,
    written: Written,
) -> Result<Option<Written>, ServiceError> {
    let (job, lease) = (hold.job.id, hold.lease());
    let after = next(progress, &written.counts).to_json();
    let errors = Arc::new(kept(progress, &written.errors).to_vec());
    let is_held = hold
        .app
        .db
        .write(move |tx| {
            let (errors, after, lease) = (Arc::clone(&errors), after.clone(), lease.clone());
            Box::pin(async move {
                jobs::append_errors(tx, job, &errors).await?;
                jobs::renew(tx, job, lease.as_ref(), &after)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await?;
    Ok(is_held.then_some(written))
}

/// Why a batch's unit of work is undone.
enum Stop {
    Rehearsed(Box<Written>),
    Lost,
    Failed(ServiceError),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

fn next(progress: &Progress, counts: &Counts) -> Progress {
    let mut after = progress.clone();
    after.counts.add(counts);
    after.batches += 1;
    after
}

fn kept<'e>(progress: &Progress, errors: &'e [ImportError]) -> &'e [ImportError] {
    if progress.counts.refused + progress.counts.values_refused < MOST_ERRORS {
        errors
    } else {
        &[]
    }
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
        let key = layout
            .key
            .as_ref()
            .filter(|_| layout.kind == ImportKind::History && fault.is_none());
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

fn disk(error: std::io::Error) -> ServiceError {
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
