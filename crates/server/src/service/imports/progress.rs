//! How far an import is: kept in its job's row, committed together with the work it tells of, so that a restart goes on where it stood.

use leadline_engine::ids::RecordId;
use leadline_store::jobs::Job;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Fault, options::ImportOptions, text::Dialect};
use crate::service::error::ServiceError;

/// How far an import is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Progress {
    /// Whether the whole file is there.
    pub(super) uploaded: bool,
    pub(super) file_name: Option<String>,
    pub(super) file_bytes: u64,
    pub(super) dialect: Option<Dialect>,
    pub(super) header: Vec<String>,
    /// Rows of the file, known once it was read through.
    pub(super) rows_total: Option<u64>,
    pub(super) counts: Counts,
    /// In which way the file was cut into batches.
    pub(super) cut: u32,
    /// Batches that are done in each lane.
    pub(super) lanes: Vec<u64>,
    pub(super) error: Option<Problem>,
    /// Whether all that remains is to remove the file.
    pub(super) is_over: bool,
    pub(super) undo: Option<Undo>,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Counts {
    /// Rows read.
    pub(super) rows_read: u64,
    /// Records created.
    pub(super) created: u64,
    /// Records that were there and got something new.
    pub(super) updated: u64,
    /// Records that had all of it already.
    pub(super) unchanged: u64,
    /// Rows refused.
    pub(super) refused: u64,
    /// Values refused in rows whose other values were taken.
    pub(super) values_refused: u64,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = JobError)]
pub struct Problem {
    /// Stable, in SCREAMING_SNAKE.
    #[schema(example = "ROW_TOO_LONG")]
    pub code: String,
    /// One sentence for a person.
    pub message: String,
}

/// How far the taking back is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Undo {
    /// The last record that was looked at.
    pub(super) after: Option<RecordId>,
    /// Records that were looked at.
    pub(super) records: u64,
    pub(super) archived: u64,
    pub(super) put_back: u64,
    /// Records that could not be put back: they changed since, or their lifecycle has no such move.
    pub(super) kept: u64,
    /// Whether it is undone because it failed.
    pub(super) because_failed: bool,
}

impl Progress {
    pub(super) fn of(job: &Job) -> Result<Self, ServiceError> {
        Self::from_json(job.progress.clone())
    }

    pub(super) fn from_json(json: Json) -> Result<Self, ServiceError> {
        serde_json::from_value(json).map_err(|error| ServiceError::Internal(error.to_string()))
    }

    pub(super) fn to_json(&self) -> Json {
        serde_json::to_value(self).expect("numbers and texts can be written as JSON")
    }

    /// Whether anything was written.
    pub(super) fn has_begun(&self) -> bool {
        self.lanes.iter().any(|batches| *batches > 0)
    }

    /// How many batches of a lane are done.
    pub(super) fn done_in(&self, lane: usize) -> u64 {
        self.lanes.get(lane).copied().unwrap_or_default()
    }

    /// This, and one more batch of a lane.
    pub(super) fn with_batch(mut self, lane: usize, counts: &Counts) -> Self {
        self.counts.add(counts);
        if self.lanes.len() <= lane {
            self.lanes.resize(lane + 1, 0);
        }
        self.lanes[lane] += 1;
        self
    }

    /// From 0 to 1.
    pub(super) fn fraction(&self) -> f64 {
        match self.rows_total {
            Some(0) => 1.0,
            Some(total) => (self.counts.rows_read as f64 / total as f64).min(1.0),
            None => 0.0,
        }
    }

    /// From 0 to 1: how many of the records that it made or changed were looked at again.
    pub(super) fn undone_fraction(&self, undo: &Undo) -> f64 {
        let touched = self.counts.created + self.counts.updated;
        match undo.records {
            0 => 0.0,
            looked_at => (looked_at as f64 / touched.max(1) as f64).min(1.0),
        }
    }
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        self.rows_read += other.rows_read;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
        self.values_refused += other.values_refused;
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self {
            code: fault.code.into_owned(),
            message: fault.message,
        }
    }
}

/// The options of an import's job.
pub(super) fn options_of(job: &Job) -> Result<ImportOptions, ServiceError> {
    serde_json::from_value(job.options.clone())
        .map_err(|error| ServiceError::Internal(error.to_string()))
}
