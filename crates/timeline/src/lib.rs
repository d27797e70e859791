//! Timelines in memory: every property's history of one object's records as columns, and what is asked of them. No I/O.
//!
//! [`ObjectTimeline`] holds the columns and is kept exact by [`ObjectTimeline::replace_record`]. [`View`] reads them at a
//! [`Moment`]: filters ([`View::select`]), order and paging ([`View::top`]), words ([`View::search`]) and, in [`reports`],
//! the figures over the past. [`drill`] says which filter selects the records behind a figure.

mod bits;
mod cells;
mod codes;
mod column;
mod dictionary;
pub mod drill;
mod history;
mod intervals;
mod keys;
mod needs;
mod object;
mod order;
mod probe;
mod ranks;
pub mod reports;
mod row_set;
mod ruler;
mod search;
mod select;
mod stored;
mod system;
mod texts;
mod view;
mod words;
mod working;
mod zones;

pub use column::{Column, ColumnBuilder, Entry};
pub use intervals::{Interval, Window};
pub use needs::{Needed, needed_columns};
pub use object::{ObjectTimeline, RecordState, RowHead};
pub use order::{Cursor, Page};
pub use row_set::RowSet;
pub use search::Matches;
pub use stored::Damaged;
pub use view::{Linked, Moment, QueryError, View};
pub use working::WorkingHours;
