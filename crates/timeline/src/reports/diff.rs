//! What changed between two moments.

use hashbrown::HashMap;
use leadline_engine::{filter::Filter, schema::Property, time::Timestamp, value::Value};
use serde::Serialize;

use super::{Flow, Scan, as_json};
use crate::{
    bits::Bits,
    row_set::RowSet,
    view::{Moment, QueryError, View},
};

/// What came in, went out and moved between two moments.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffAnswer {
    /// How many records the filter selects then, but not before.
    pub entered: u64,
    /// How many it selected before, but not then.
    pub left: u64,
    /// How many it selects at both moments, with another value.
    pub moved: u64,
    /// What those that came in hold then.
    pub entered_values: Vec<ValueCount>,
    /// What those that went out held before.
    pub left_values: Vec<ValueCount>,
    /// What those that moved held before and hold then; no times in value.
    pub moves: Vec<Flow>,
    /// The rows of those that came in.
    #[serde(skip)]
    pub entered_rows: RowSet,
    /// The rows of those that went out.
    #[serde(skip)]
    pub left_rows: RowSet,
    /// The rows of those that moved.
    #[serde(skip)]
    pub moved_rows: RowSet,
}

/// How many records hold a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueCount {
    /// The value; `None` is empty.
    #[serde(serialize_with = "as_json")]
    pub value: Option<Value>,
    /// How many records.
    pub count: u64,
}

impl View<'_> {
    /// Compares what a filter selects as of two moments, and the values of a property. A moment after the view's own is that one.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn diff(
        &self,
        property: &Property,
        filter: &Filter,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<DiffAnswer, QueryError> {
        let as_of = |at: Timestamp| {
            View::new(
                self.timeline,
                Moment::as_of(at.min(self.moment.at)),
                self.linked,
            )
        };
        let (before, then) = (as_of(from), as_of(to));
        let (RowSet(mut left_rows), RowSet(mut entered_rows)) =
            (before.select(filter)?, then.select(filter)?);
        let mut stayed = left_rows.clone();
        stayed.intersect(&entered_rows);
        left_rows.subtract(&stayed);
        entered_rows.subtract(&stayed);
        let column = self.column(property.id)?;
        let pairs = stayed.iter();
        let pairs = pairs.map(|row| (row, before.code(column, row), then.code(column, row)));
        let mut moves = HashMap::<(u32, u32), u64>::new();
        let mut moved_rows = Bits::none(self.timeline.len());
        for (row, from, to) in pairs.filter(|(_, from, to)| from != to) {
            *moves.entry((from, to)).or_default() += 1;
            moved_rows.insert(row);
        }
        let [entered_rows, left_rows, moved_rows] =
            [entered_rows, left_rows, moved_rows].map(RowSet);
        Ok(DiffAnswer {
            entered: entered_rows.len(),
            left: left_rows.len(),
            moved: moved_rows.len(),
            entered_values: then.counts(property, &entered_rows)?,
            left_values: before.counts(property, &left_rows)?,
            moves: self.flows(property, moves)?,
            entered_rows,
            left_rows,
            moved_rows,
        })
    }

    fn counts(&self, property: &Property, rows: &RowSet) -> Result<Vec<ValueCount>, QueryError> {
        let column = self.column(property.id)?;
        let mut counts = HashMap::<u32, u64>::new();
        for row in rows.iter() {
            *counts.entry(self.code(column, row)).or_default() += 1;
        }
        let rank = Scan::rank(column, property);
        let mut counts: Vec<(u32, u64)> = counts.into_iter().collect();
        counts.sort_by(|(a, _), (b, _)| rank(*a, *b));
        let value = |(code, count)| ValueCount {
            value: column.dictionary().value(code),
            count,
        };
        Ok(counts.into_iter().map(value).collect())
    }

    fn flows(
        &self,
        property: &Property,
        moves: HashMap<(u32, u32), u64>,
    ) -> Result<Vec<Flow>, QueryError> {
        let column = self.column(property.id)?;
        let rank = Scan::rank(column, property);
        let mut moves: Vec<((u32, u32), u64)> = moves.into_iter().collect();
        moves.sort_by(|((from_a, to_a), _), ((from_b, to_b), _)| {
            rank(*from_a, *from_b).then_with(|| rank(*to_a, *to_b))
        });
        let flow = |((from, to), count)| Flow {
            from: column.dictionary().value(from),
            to: column.dictionary().value(to),
            count,
            records: count,
            median_seconds: None,
        };
        Ok(moves.into_iter().map(flow).collect())
    }
}
