//! The rows that an import refused, and why.

use leadline_engine::ids::{JobId, WorkspaceId};

use crate::db::{BulkTable, ColumnType, DbError, Param, Row, Tx};

static TABLE: BulkTable = BulkTable {
    name: "import_error",
    columns: &[
        ("job_id", ColumnType::Uuid),
        ("line", ColumnType::BigInt),
        ("ordinal", ColumnType::Int),
        ("code", ColumnType::Text),
        ("message", ColumnType::Text),
        ("column_name", ColumnType::Text),
        ("raw", ColumnType::Text),
    ],
};

/// One reason to refuse a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// The line in the file at which the row begins, from 1.
    pub line: i64,
    /// Order among the errors of a line, from 0.
    pub ordinal: i32,
    /// Stable, in capitals.
    pub code: String,
    /// For people.
    pub message: String,
    /// The column at fault.
    pub column_name: Option<String>,
    /// The row as it was in the file.
    pub raw: String,
}

/// A place in the list of errors: line and ordinal of the last one seen.
pub type ErrorPlace = (i64, i32);

/// Notes errors.
///
/// # Errors
/// Any `DbError`.
pub async fn append_errors(tx: &mut Tx, job: JobId, errors: &[ImportError]) -> Result<(), DbError> {
    let rows: Vec<Vec<Param<'_>>> = errors
        .iter()
        .map(|error| {
            vec![
                job.into(),
                error.line.into(),
                error.ordinal.into(),
                (&error.code).into(),
                (&error.message).into(),
                error.column_name.as_deref().into(),
                (&error.raw).into(),
            ]
        })
        .collect();
    tx.bulk_insert(&TABLE, &rows).await?;
    Ok(())
}

/// Errors of a job in the order of the file, those after `after`.
///
/// # Errors
/// Any `DbError`.
pub async fn list_errors(
    tx: &mut Tx,
    workspace: WorkspaceId,
    job: JobId,
    after: Option<ErrorPlace>,
    limit: i64,
) -> Result<Vec<ImportError>, DbError> {
    let (line, ordinal) = after.unwrap_or((-1, 0));
    tx.query(
        "select e.line, e.ordinal, e.code, e.message, e.column_name, e.raw from import_error e join job j on j.id = e.job_id \
         where j.workspace_id = $1 and e.job_id = $2 and (e.line, e.ordinal) > ($3, $4) order by e.line, e.ordinal limit $5",
        &[workspace.into(), job.into(), line.into(), ordinal.into(), limit.into()],
    )
    .await?
    .iter()
    .map(import_error)
    .collect()
}

/// Removes the errors of a job.
///
/// # Errors
/// Any `DbError`.
pub async fn delete_errors(tx: &mut Tx, job: JobId) -> Result<(), DbError> {
    tx.execute("delete from import_error where job_id = $1", &[job.into()])
        .await?;
    Ok(())
}

fn import_error(row: &Row) -> Result<ImportError, DbError> {
    Ok(ImportError {
        line: row.get(0)?,
        ordinal: row.get(1)?,
        code: row.get(2)?,
        message: row.get(3)?,
        column_name: row.get(4)?,
        raw: row.get(5)?,
    })
}
