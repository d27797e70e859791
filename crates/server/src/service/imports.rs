//! Imports: a file becomes records, or the history of records, as a background job that goes on after a restart, reports what it refuses, and
//! can be taken back. Everything is written through the write path of records.

mod batches;
mod cells;
mod date_format;
mod errors;
mod lanes;
mod layout;
mod lines;
mod links;
mod options;
mod progress;
mod run;
mod schema_changes;
mod sheet;
mod spool;
mod text;
mod times;
mod undo;
mod upload;
mod use_cases;
mod vendors;
mod write;

use std::borrow::Cow;

pub(super) use cells::guarded;
pub use options::{ImportFormat, ImportKind, ImportOptions, MappingEntry};
pub use progress::Problem as JobProblem;
pub(crate) use run::{fail, run};
pub use sheet::{Sheet, SheetRow, read_sheet};
pub(super) use upload::store_file;
pub use upload::{Upload, UploadError};
pub use use_cases::{
    ImportUndo, ImportView, KIND, create, create_held, errors_csv, get, list, undo,
};

/// What is wrong with a file, a row or a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Fault {
    /// Stable, in SCREAMING_SNAKE.
    code: Cow<'static, str>,
    /// One sentence for a person.
    message: String,
    /// The column at fault.
    column: Option<String>,
}

impl Fault {
    fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            column: None,
        }
    }

    fn at(self, column: &str) -> Self {
        Self {
            column: Some(column.to_owned()),
            ..self
        }
    }
}
