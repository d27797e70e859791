//! Files of jobs, in parts: so that any node can go on with a job, and no file is ever whole in memory.

use leadline_engine::ids::{JobId, WorkspaceId};

use crate::db::{DbError, Tx};

/// Adds a part of a file, numbered from 0. A part of a megabyte or less is best.
///
/// # Errors
/// Any `DbError`.
pub async fn append_part(
    tx: &mut Tx,
    job: JobId,
    name: &str,
    part: i32,
    data: &[u8],
) -> Result<(), DbError> {
    tx.execute(
        "insert into job_file (job_id, name, part, data) values ($1, $2, $3, $4)",
        &[job.into(), name.into(), part.into(), data.into()],
    )
    .await?;
    Ok(())
}

/// One part of a file; `None` after the last.
///
/// # Errors
/// Any `DbError`.
pub async fn read_part(
    tx: &mut Tx,
    workspace: WorkspaceId,
    job: JobId,
    name: &str,
    part: i32,
) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(
        "select f.data from job_file f join job j on j.id = f.job_id \
         where j.workspace_id = $1 and f.job_id = $2 and f.name = $3 and f.part = $4",
        &[workspace.into(), job.into(), name.into(), part.into()],
    )
    .await?
    .map(|row| row.get(0))
    .transpose()
}

/// How many parts a file has.
///
/// # Errors
/// Any `DbError`.
pub async fn count_parts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    job: JobId,
    name: &str,
) -> Result<i64, DbError> {
    tx.query_one(
        "select count(*) from job_file f join job j on j.id = f.job_id where j.workspace_id = $1 and f.job_id = $2 and f.name = $3",
        &[workspace.into(), job.into(), name.into()],
    )
    .await?
    .get(0)
}

/// Removes a file.
///
/// # Errors
/// Any `DbError`.
pub async fn delete_file(tx: &mut Tx, job: JobId, name: &str) -> Result<(), DbError> {
    tx.execute(
        "delete from job_file where job_id = $1 and name = $2",
        &[job.into(), name.into()],
    )
    .await?;
    Ok(())
}

/// Removes the last parts of a file, at most so many: the removing of a large file would hold up others. Returns how many were removed.
///
/// # Errors
/// Any `DbError`.
pub async fn delete_last_parts(
    tx: &mut Tx,
    job: JobId,
    name: &str,
    limit: i64,
) -> Result<u64, DbError> {
    tx.execute(
        "delete from job_file where job_id = $1 and name = $2 and part in \
         (select part from job_file where job_id = $1 and name = $2 order by part desc limit $3)",
        &[job.into(), name.into(), limit.into()],
    )
    .await
}
