//! How many records hold each value at a moment, and what their numbers add up to.

use leadline_engine::{schema::Property, value::Value};
use serde::Serialize;

use super::{
    Report, Scan, Sum, as_json,
    group::{Grouping, Reported, grouped},
    sums::{Running, Summed, sums_by_property},
    tally::{Shape, Table},
};
use crate::{
    row_set::RowSet,
    view::{QueryError, View},
};

/// A state.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotAnswer {
    /// In the order of the property's options, empty first.
    pub values: Vec<SnapshotValue>,
}

/// The records that hold a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotValue {
    /// The value; `None` is empty.
    #[serde(serialize_with = "as_json")]
    pub value: Option<Value>,
    /// How many records.
    pub count: u64,
    /// What their numbers and amounts add up to: by property, in the order asked, and by currency.
    #[serde(serialize_with = "sums_by_property")]
    pub sums: Vec<Sum>,
}

/// The records of a value.
pub(super) struct Held {
    pub(super) count: u64,
    pub(super) sums: Running,
}

impl Held {
    pub(super) fn new(summed: &[Summed<'_>]) -> Self {
        Self {
            count: 0,
            sums: Running::new(summed),
        }
    }

    /// Adds a record.
    #[inline(always)]
    pub(super) fn add(&mut self, view: &View<'_>, summed: &[Summed<'_>], row: u32) {
        self.count += 1;
        for (place, column) in summed.iter().enumerate() {
            self.sums.add(place, column, view.code(column.column, row));
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sums.merge(other.sums);
    }
}

impl<'a> View<'a> {
    /// The columns of properties that are added up over some records.
    pub(super) fn summed(
        &self,
        records: &RowSet,
        properties: &[&Property],
    ) -> Result<Vec<Summed<'a>>, QueryError> {
        let count = records.len();
        let columns = properties.iter().enumerate().map(|(index, property)| {
            let column = self.column(property.id)?;
            Ok(Summed::new(index, column, count))
        });
        columns.collect()
    }

    /// How many of the report's records hold each value at the view's moment, and the sums of `summed` (numbers and money). The range and
    /// the excluded sources do not matter.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn snapshot(
        &self,
        report: &Report<'_>,
        summed: &[&Property],
    ) -> Result<Reported<SnapshotAnswer>, QueryError> {
        let columns = self.summed(report.records, summed)?;
        grouped(self, report, SnapshotAnswer::default, |scan, grouping| {
            let rank = Scan::rank(scan.column, report.property);
            let answer = |(group, mut values): (u32, Vec<(u64, Held)>)| {
                values.sort_by(|(a, _), (b, _)| rank(*a as u32, *b as u32));
                let value = |(code, held): (u64, Held)| SnapshotValue {
                    value: scan.column.dictionary().value(code as u32),
                    count: held.count,
                    sums: held.sums.named(&columns, summed),
                };
                let values = values.into_iter().map(value).collect();
                (group, SnapshotAnswer { values })
            };
            let found = held(scan, grouping, &columns);
            found.into_iter().map(answer).collect()
        })
    }
}

/// The records of each group and code, and their sums.
fn held(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    summed: &[Summed<'_>],
) -> Vec<(u32, Vec<(u64, Held)>)> {
    let shape = Shape {
        groups: grouping.groups(),
        keys: scan.codes(),
    };
    let found = scan.records.par_fold(
        || Table::new(shape),
        |found: &mut Table<Held>, row| {
            let group = grouping.of(&scan.view, row);
            let held = found.at_or(group, u64::from(scan.state(row)), || Held::new(summed));
            held.add(&scan.view, summed, row);
        },
        |found, part| found.merge(part, Held::merge),
    );
    found.into_groups()
}
