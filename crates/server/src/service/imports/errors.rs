//! The file of refused rows: each as it was in the file, with its line and what is wrong with it.

use leadline_engine::ids::JobId;
use leadline_store::jobs::{self, ErrorPlace, ImportError};

use super::cells::guarded;
use crate::{
    app::App,
    service::{ctx::Ctx, error::ServiceError},
};

/// Longest row that is kept of one that was refused, in bytes.
const LONGEST_RAW: usize = 64 << 10;
const PAGE: i64 = 500;

/// A row as CSV, to be kept with its error. What no database can hold is left out.
pub(super) fn raw(fields: &[String]) -> String {
    let size: usize = fields.iter().map(String::len).sum();
    let shown = |field: &String| -> String {
        let text = field.replace('\0', "");
        match size > LONGEST_RAW {
            true => text
                .chars()
                .take(LONGEST_RAW / fields.len().max(1) / 4)
                .collect(),
            false => text,
        }
    };
    line(fields.iter().map(shown))
}

/// The header of the file of errors.
pub(super) fn header(columns: &[String]) -> String {
    let added = ["line", "code", "message", "column"].map(str::to_owned);
    line(columns.iter().map(|column| guarded(column)).chain(added)) + "\n"
}

/// The next page of the file of errors; `None` at its end.
pub(super) async fn page(
    app: &App,
    ctx: &Ctx,
    job: JobId,
    columns: usize,
    after: Option<ErrorPlace>,
) -> Result<Option<(String, ErrorPlace)>, ServiceError> {
    let workspace = ctx.workspace;
    let errors: Vec<ImportError> = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                jobs::list_errors(tx, workspace, job, after, PAGE)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await?;
    let Some(last) = errors.last() else {
        return Ok(None);
    };
    let place = (last.line, last.ordinal);
    let rows: String = errors
        .iter()
        .map(|error| row(error, columns) + "\n")
        .collect();
    Ok(Some((rows, place)))
}

fn row(error: &ImportError, columns: usize) -> String {
    let mut fields: Vec<String> = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(error.raw.as_bytes())
        .records()
        .flatten()
        .next()
        .map(|record| record.iter().map(guarded).collect())
        .unwrap_or_default();
    fields.resize(columns.max(fields.len()), String::new());
    let own = [
        error.line.to_string(),
        error.code.clone(),
        guarded(&error.message),
        guarded(error.column_name.as_deref().unwrap_or_default()),
    ];
    line(fields.into_iter().chain(own))
}

/// Fields as a line of CSV, without the line feed.
fn line(fields: impl Iterator<Item = String>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let written = writer
        .write_record(fields.map(String::into_bytes))
        .ok()
        .and_then(|()| writer.into_inner().ok());
    let text = String::from_utf8(written.unwrap_or_default()).unwrap_or_default();
    text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
}
