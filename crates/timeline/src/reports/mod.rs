//! The figures over the past: each report is one pass over a column's entries, on all cores.
//!
//! What counts, in all of them:
//! - A *visit* is an entry that is not empty; it lasts until the next entry. The visit of an archived record that nothing followed
//!   ends when the record was archived. Archived records count in reports on history, so `records` come from
//!   [`View::select_with_archived`]; `trend` leaves them out from when they were archived. A `snapshot` is of a state: its `records`
//!   come from [`View::select`].
//! - As of a time, later entries do not exist, and open visits are measured up to it.
//! - Durations are integers of microseconds until the answer, which has seconds.

mod board;
mod cohort;
mod diff;
mod flow;
mod funnel;
mod group;
mod path;
mod quantile;
mod snapshot;
mod sums;
mod tally;
mod time_in_value;
mod trend;

use leadline_engine::{ledger::Source, schema::Property, time::Timestamp, value::Value};
use serde::{Serialize, Serializer};

pub use board::BoardColumn;
pub use cohort::{CohortAnswer, CohortRow, CohortValue};
pub use diff::{DiffAnswer, ValueCount};
pub use flow::{Flow, FlowAnswer};
pub use funnel::{FunnelAnswer, FunnelBasis, FunnelInterval, FunnelRequest, FunnelStep, Skipped};
pub use group::{Group, Reported};
pub(crate) use path::Path;
pub use snapshot::{SnapshotAnswer, SnapshotValue};
pub use sums::{Sum, sums_by_property};
pub use time_in_value::{Basis, Clock, TimeInValueAnswer, ValueTimes};
pub use trend::{TrendAnswer, TrendInterval, key_of};

use crate::{
    bits::Bits,
    cells::Cells,
    codes::EMPTY,
    column::Column,
    dictionary::{FALSE, TRUE},
    row_set::RowSet,
    view::{QueryError, View},
};

/// What a report is about.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Whose values are counted.
    pub property: &'a Property,
    /// The rows of the records that may count.
    pub records: &'a RowSet,
    /// The range's first instant.
    pub from: Timestamp,
    /// The first instant after the range.
    pub to: Timestamp,
    /// Also answer for each value that this property holds at the view's moment.
    pub group_by: Option<&'a Property>,
    /// Visits and moves that came so do not count.
    pub exclude_sources: &'a [Source],
}

/// A set of sources.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources(u8);

impl Sources {
    pub(crate) fn new(sources: &[Source]) -> Self {
        Self(
            sources
                .iter()
                .fold(0, |bits, source| bits | 1 << source.code()),
        )
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub(crate) fn contains(self, code: u8) -> bool {
        code < 8 && self.0 >> code & 1 == 1
    }
}

/// What a kernel reads: the report with its columns and sets.
pub(crate) struct Scan<'a> {
    pub(crate) view: View<'a>,
    pub(crate) column: &'a Column,
    pub(crate) archived: &'a Column,
    pub(crate) records: &'a Bits,
    pub(crate) excluded: Sources,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The code of a record without entries.
    empty: u32,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(view: &View<'a>, report: &Report<'a>) -> Result<Self, QueryError> {
        Ok(Self {
            view: *view,
            column: view.column(report.property.id)?,
            archived: view.column(view.timeline.archived_property().id)?,
            records: &report.records.0,
            excluded: Sources::new(report.exclude_sources),
            from: report.from.micros(),
            to: report.to.micros(),
            empty: if view.is_archived_property(report.property) {
                FALSE
            } else {
                EMPTY
            },
        })
    }

    /// How many codes an entry can have, the empty one included.
    pub(crate) fn codes(&self) -> usize {
        self.column.dictionary().len() + 1
    }

    /// The code that a record holds at the view's moment; records are not archived where nothing says so.
    #[inline]
    pub(crate) fn state(&self, row: u32) -> u32 {
        match self.view.code(self.column, row) {
            EMPTY => self.empty,
            code => code,
        }
    }

    /// Since when a record has held what it holds: if nothing was ever written, since it began to exist.
    #[inline]
    pub(crate) fn since(&self, row: u32) -> i64 {
        let last = self.view.cells(self.column, row).valid_from.last();
        last.copied()
            .unwrap_or_else(|| self.view.timeline.rows.created_at[row as usize])
    }

    /// Whether an entry came in a way that does not count.
    #[inline]
    pub(crate) fn excludes(&self, cells: Cells<'_>, index: usize) -> bool {
        !self.excluded.is_empty() && self.excluded.contains(cells.sources[index])
    }

    /// Whether an entry of the record may have begun in the range; a look at it and its neighbours.
    #[inline(always)]
    pub(crate) fn may_enter(&self, row: u32) -> bool {
        self.column.zone(row).meets(self.from, self.to)
    }

    /// When the record was archived, if it is.
    #[inline]
    pub(crate) fn archived_since(&self, row: u32) -> Option<i64> {
        if self.view.code(self.archived, row) != TRUE {
            return None;
        }
        let cells = self.view.cells(self.archived, row);
        cells.valid_from.last().copied()
    }

    /// The codes of a column in the order in which answers list values: empty first, options as defined, others by value.
    pub(crate) fn rank(
        column: &Column,
        property: &Property,
    ) -> impl Fn(u32, u32) -> std::cmp::Ordering {
        let dictionary = column.dictionary();
        let ranks = dictionary.option_ranks(property);
        move |a, b| {
            if a == 0 || b == 0 {
                return a.cmp(&b);
            }
            let by_rank = ranks.as_ref().map_or(std::cmp::Ordering::Equal, |ranks| {
                ranks[a as usize].cmp(&ranks[b as usize])
            });
            by_rank
                .then_with(|| dictionary.compare(a, b))
                .then_with(|| a.cmp(&b))
        }
    }
}

/// Serialises a value or its absence as the API writes it.
pub(crate) fn as_json<S: Serializer>(
    value: &Option<Value>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    leadline_engine::value::optional_json(value.as_ref()).serialize(serializer)
}

/// A part of a whole; `None` of nothing.
pub(crate) fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
