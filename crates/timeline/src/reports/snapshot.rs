//! How many records hold each value at a moment, and what their numbers add up to.

use leadline_engine::{schema::Property, value::Value};
use serde::Serialize;

use super::{
    Report, Scan, Sum, as_json,
    group::{Grouping, Reported, grouped},
    sums::Sums,
    tally::{Shape, Table},
};
use crate::{
    column::Column,
    dictionary::Values,
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
    pub sums: Vec<Sum>,
}

/// The records of a value.
#[derive(Default)]
pub(super) struct Held {
    pub(super) count: u64,
    pub(super) sums: Sums,
}

impl View<'_> {
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
        let columns = summed.iter().map(|property| self.column(property.id));
        let columns: Vec<&Column> = columns.collect::<Result<_, _>>()?;
        grouped(self, report, SnapshotAnswer::default, |scan, grouping| {
            let rank = Scan::rank(scan.column, report.property);
            let answer = |(group, mut values): (u32, Vec<(u64, Held)>)| {
                values.sort_by(|(a, _), (b, _)| rank(*a as u32, *b as u32));
                let value = |(code, held): (u64, Held)| SnapshotValue {
                    value: scan.column.dictionary().value(code as u32),
                    count: held.count,
                    sums: held.sums.named(summed),
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
pub(super) fn held(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    columns: &[&Column],
) -> Vec<(u32, Vec<(u64, Held)>)> {
    let shape = Shape {
        groups: grouping.groups(),
        keys: scan.codes(),
    };
    let found = scan.records.par_fold(
        || Table::new(shape),
        |found: &mut Table<Held>, row| {
            let group = grouping.of(&scan.view, row);
            let held = found.at(group, u64::from(scan.state(row)));
            held.count += 1;
            for (index, column) in columns.iter().enumerate() {
                let Some(at) = (scan.view.code(column, row) as usize).checked_sub(1) else {
                    continue;
                };
                match column.dictionary().values() {
                    Values::Number(numbers) => held.sums.add(index, None, numbers[at]),
                    Values::Money(amounts) => {
                        let money = &amounts[at];
                        held.sums.add(index, Some(money.currency), money.amount);
                    }
                    _ => {}
                }
            }
        },
        |found, part| {
            found.merge(part, |total, held| {
                total.count += held.count;
                total.sums.merge(held.sums);
            });
        },
    );
    found.into_groups()
}
