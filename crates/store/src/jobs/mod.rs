//! Background jobs: rows that workers on any node take on a lease, with the files they read and write, and the rows an import refused.

mod files;
mod import_errors;

use leadline_engine::ids::{JobId, WorkspaceId};
use leadline_engine::ledger::Actor;
use leadline_engine::time::Timestamp;
use serde_json::Value as Json;

pub use files::{append_part, count_parts, delete_file, delete_last_parts, read_part};
pub use import_errors::{ErrorPlace, ImportError, append_errors, delete_errors, list_errors};

use crate::cells::{json_cell, json_param};
use crate::db::{DbError, Row, Tx};
use crate::definitions::actor;

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its identity.
    pub id: JobId,
    /// For which workspace.
    pub workspace_id: WorkspaceId,
    /// What is to be done, in the service's words.
    pub kind: String,
    /// How far it is.
    pub status: JobStatus,
    /// How it is to be done, in the service's form.
    pub options: Json,
    /// What was done so far, in the service's form; enough to go on after a crash.
    pub progress: Json,
    /// Who asked for it.
    pub created_by: Actor,
    /// When they did.
    pub created_at: Timestamp,
    /// When its row last changed.
    pub updated_at: Timestamp,
    /// When it was first taken.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The worker that has it.
    pub lease_owner: Option<String>,
    /// Until when that worker has it, unless it renews.
    pub lease_until: Option<Timestamp>,
    /// How often it was taken.
    pub attempts: i32,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStatus {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Done.
    Succeeded,
    /// Given up.
    Failed,
    /// Done, and its effects taken back.
    Undone,
}

/// A worker's hold on a job.
#[derive(Debug, Clone, Copy)]
pub struct Lease<'a> {
    /// The worker.
    pub owner: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Until when it holds without being renewed.
    pub until: Timestamp,
}

impl JobStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Undone,
    ];

    /// The name in the API and in the row.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }

    fn parse(name: &str) -> Result<Self, DbError> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == name)
            .ok_or_else(|| DbError::Corrupt("a job has an unknown status".to_owned()))
    }
}

/// Adds a job.
///
/// # Errors
/// Any `DbError`.
pub async fn insert(tx: &mut Tx, job: &Job) -> Result<(), DbError> {
    tx.execute(
        "insert into job (id, workspace_id, kind, status, options, progress, created_by_type, created_by, created_at, updated_at, \
         started_at, finished_at, lease_owner, lease_until, attempts) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            job.id.into(),
            job.workspace_id.into(),
            (&job.kind).into(),
            job.status.as_str().into(),
            json_param(&job.options)?,
            json_param(&job.progress)?,
            job.created_by.kind.code().into(),
            job.created_by.id.into(),
            job.created_at.into(),
            job.updated_at.into(),
            job.started_at.into(),
            job.finished_at.into(),
            job.lease_owner.as_deref().into(),
            job.lease_until.into(),
            job.attempts.into(),
        ],
    )
    .await?;
    Ok(())
}

/// One job.
///
/// # Errors
/// Any `DbError`.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: JobId) -> Result<Option<Job>, DbError> {
    tx.query_opt(
        "select id, workspace_id, kind, status, options, progress, created_by_type, created_by, created_at, updated_at, \
         started_at, finished_at, lease_owner, lease_until, attempts from job where workspace_id = $1 and id = $2",
        &[workspace.into(), id.into()],
    )
    .await?
    .map(|row| job(&row))
    .transpose()
}

/// Jobs of a workspace of these kinds, newest first, those older than `before` (ids grow with time).
///
/// # Errors
/// Any `DbError`.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kinds: &[&str],
    before: Option<JobId>,
    limit: i64,
) -> Result<Vec<Job>, DbError> {
    tx.query(
        "select id, workspace_id, kind, status, options, progress, created_by_type, created_by, created_at, updated_at, \
         started_at, finished_at, lease_owner, lease_until, attempts from job \
         where workspace_id = $1 and kind = any($2) and ($3::uuid is null or id < $3::uuid) order by id desc limit $4",
        &[workspace.into(), texts(kinds).into(), before.into(), limit.into()],
    )
    .await?
    .iter()
    .map(job)
    .collect()
}

/// Takes the oldest job of these kinds, in any workspace, that waits or whose worker let its lease run out. Two workers never get the same.
///
/// # Errors
/// Any `DbError`.
pub async fn take_next(
    tx: &mut Tx,
    kinds: &[&str],
    lease: Lease<'_>,
) -> Result<Option<Job>, DbError> {
    tx.query_opt(
        "update job set status = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1, \
         started_at = coalesce(started_at, $3::bigint), updated_at = $3::bigint \
         where id = (select id from job where status in ('queued', 'running') and (lease_until is null or lease_until < $3::bigint) \
             and kind = any($4) order by created_at, id limit 1 for update skip locked) \
         returning id, workspace_id, kind, status, options, progress, created_by_type, created_by, created_at, updated_at, \
         started_at, finished_at, lease_owner, lease_until, attempts",
        &[lease.owner.into(), lease.until.into(), lease.now.into(), texts(kinds).into()],
    )
    .await?
    .map(|row| job(&row))
    .transpose()
}

/// The progress of a job that the worker holds, for a unit that adds to it: another unit of the same worker waits until this one ends. `None`
/// when the worker has lost the job.
///
/// # Errors
/// Any `DbError`.
pub async fn lock_progress(
    tx: &mut Tx,
    id: JobId,
    lease: Lease<'_>,
) -> Result<Option<Json>, DbError> {
    tx.query_opt(
        "select progress from job where id = $1 and lease_owner = $2 and status = 'running' for update",
        &[id.into(), lease.owner.into()],
    )
    .await?
    .map(|row| json_cell(&row, 0))
    .transpose()
}

/// Renews a lease and notes progress; to be done in the same unit as the work it tells of. `false` when the worker has lost the job: the
/// unit must then be given up.
///
/// # Errors
/// Any `DbError`.
pub async fn renew(
    tx: &mut Tx,
    id: JobId,
    lease: Lease<'_>,
    progress: &Json,
) -> Result<bool, DbError> {
    let renewed = tx
        .execute(
            "update job set lease_until = $3, updated_at = $4, progress = $5 where id = $1 and lease_owner = $2 and status = 'running'",
            &[id.into(), lease.owner.into(), lease.until.into(), lease.now.into(), json_param(progress)?],
        )
        .await?;
    Ok(renewed == 1)
}

/// Renews a lease alone, between two units of work; `false` when the worker has lost the job.
///
/// # Errors
/// Any `DbError`.
pub async fn extend(tx: &mut Tx, id: JobId, lease: Lease<'_>) -> Result<bool, DbError> {
    let extended = tx
        .execute(
            "update job set lease_until = $3 where id = $1 and lease_owner = $2 and status = 'running'",
            &[id.into(), lease.owner.into(), lease.until.into()],
        )
        .await?;
    Ok(extended == 1)
}

/// Ends all leases: for a database of which one process is the only worker, and has just begun.
///
/// # Errors
/// Any `DbError`.
pub async fn end_leases(tx: &mut Tx) -> Result<(), DbError> {
    tx.execute(
        "update job set lease_owner = null, lease_until = null where status = 'running'",
        &[],
    )
    .await?;
    Ok(())
}

/// Puts a job that has ended back into the queue, to go on from this progress; `false` when it is in none of these statuses.
///
/// # Errors
/// Any `DbError`.
pub async fn reopen(
    tx: &mut Tx,
    (workspace, id): (WorkspaceId, JobId),
    from: &[JobStatus],
    progress: &Json,
    now: Timestamp,
) -> Result<bool, DbError> {
    let from: Vec<String> = from
        .iter()
        .map(|status| status.as_str().to_owned())
        .collect();
    let reopened = tx
        .execute(
            "update job set status = 'queued', progress = $4, updated_at = $5, finished_at = null, attempts = 0 \
             where workspace_id = $1 and id = $2 and status = any($3) and lease_owner is null",
            &[workspace.into(), id.into(), from.into(), json_param(progress)?, now.into()],
        )
        .await?;
    Ok(reopened == 1)
}

/// Ends a job; `false` when the worker has lost it.
///
/// # Errors
/// Any `DbError`.
pub async fn finish(
    tx: &mut Tx,
    id: JobId,
    lease: Lease<'_>,
    status: JobStatus,
    progress: &Json,
) -> Result<bool, DbError> {
    let finished = tx
        .execute(
            "update job set status = $3, finished_at = $4, updated_at = $4, progress = $5, lease_owner = null, lease_until = null \
             where id = $1 and lease_owner = $2 and status = 'running'",
            &[id.into(), lease.owner.into(), status.as_str().into(), lease.now.into(), json_param(progress)?],
        )
        .await?;
    Ok(finished == 1)
}

/// Gives a job back before its end, so that another worker can take it at once; `false` when the worker has lost it.
///
/// # Errors
/// Any `DbError`.
pub async fn give_back(tx: &mut Tx, id: JobId, lease: Lease<'_>) -> Result<bool, DbError> {
    let given = tx
        .execute(
            "update job set status = 'queued', lease_owner = null, lease_until = null, updated_at = $3 \
             where id = $1 and lease_owner = $2 and status = 'running'",
            &[id.into(), lease.owner.into(), lease.now.into()],
        )
        .await?;
    Ok(given == 1)
}

/// Moves a job that nobody has from one status to another; `false` when it is not in the first. Back to `queued` it can be taken again.
///
/// # Errors
/// Any `DbError`.
pub async fn change_status(
    tx: &mut Tx,
    (workspace, id): (WorkspaceId, JobId),
    from: JobStatus,
    to: JobStatus,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "update job set status = $4, updated_at = $5 where workspace_id = $1 and id = $2 and status = $3 and lease_owner is null",
            &[workspace.into(), id.into(), from.as_str().into(), to.as_str().into(), now.into()],
        )
        .await?;
    Ok(changed == 1)
}

fn texts(kinds: &[&str]) -> Vec<String> {
    kinds.iter().map(|&kind| kind.to_owned()).collect()
}

fn job(row: &Row) -> Result<Job, DbError> {
    Ok(Job {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        kind: row.get(2)?,
        status: JobStatus::parse(row.get(3)?)?,
        options: json_cell(row, 4)?,
        progress: json_cell(row, 5)?,
        created_by: actor(row, 6)?,
        created_at: row.get(8)?,
        updated_at: row.get(9)?,
        started_at: row.get(10)?,
        finished_at: row.get(11)?,
        lease_owner: row.get(12)?,
        lease_until: row.get(13)?,
        attempts: row.get(14)?,
    })
}
