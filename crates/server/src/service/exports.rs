//! Exports: records or their whole history as a file, from one consistent state, made in the background.

mod file;
mod table;
mod use_cases;

pub use table::{ExportFormat, ExportKind, ExportOptions};
pub use use_cases::{ExportView, KIND, create, create_held, download, get, list};
pub(crate) use use_cases::{fail, objects, run, write_to};
