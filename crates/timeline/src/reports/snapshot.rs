//! How many records hold each value at a moment, and what their numbers add up to.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use leadline_engine::{
    schema::Property,
    value::{Currency, Value},
};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    Report, Scan, as_json,
    group::{Grouping, Reported, grouped, split},
};
use crate::{
    column::Column,
    dictionary::{FALSE, Values},
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

/// A sum, exact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sum {
    /// Of which property.
    pub property: String,
    /// Of amounts: in which currency.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub currency: Option<Currency>,
    /// How many records have one.
    pub count: u64,
    /// The sum, as the property's values are written; `None` when it has more digits than a decimal can hold.
    #[serde(serialize_with = "as_json")]
    pub sum: Option<Value>,
}

/// By property and currency: how many, and the sum unless it overflowed.
type Sums = BTreeMap<(usize, Option<Currency>), (u64, Option<Decimal>)>;

#[derive(Default)]
struct Held {
    count: u64,
    sums: Sums,
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
        let is_archived = self.is_archived_property(report.property);
        grouped(self, report, SnapshotAnswer::default, |scan, grouping| {
            let rank = Scan::rank(scan.column, report.property);
            let answer = |(group, mut values): (u32, Vec<(u32, Held)>)| {
                values.sort_by(|(a, _), (b, _)| rank(*a, *b));
                let value = |(code, held): (u32, Held)| SnapshotValue {
                    value: scan.column.dictionary().value(code),
                    count: held.count,
                    sums: held
                        .sums
                        .into_iter()
                        .map(|sum| named(summed, sum))
                        .collect(),
                };
                let values = values.into_iter().map(value).collect();
                (group, SnapshotAnswer { values })
            };
            let found = held(scan, grouping, &columns, is_archived);
            split(found).into_iter().map(answer).collect()
        })
    }
}

fn held(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    columns: &[&Column],
    is_archived: bool,
) -> HashMap<(u32, u32), Held> {
    scan.records.par_fold(
        HashMap::new,
        |found: &mut HashMap<(u32, u32), Held>, row| {
            let code = match scan.view.code(scan.column, row) {
                0 if is_archived => FALSE,
                code => code,
            };
            let held = found
                .entry((grouping.of(&scan.view, row), code))
                .or_default();
            held.count += 1;
            for (index, column) in columns.iter().enumerate() {
                let Some(at) = (scan.view.code(column, row) as usize).checked_sub(1) else {
                    continue;
                };
                match column.dictionary().values() {
                    Values::Number(numbers) => {
                        add(&mut held.sums, (index, None), 1, Some(numbers[at]))
                    }
                    Values::Money(amounts) => {
                        let key = (index, Some(amounts[at].currency));
                        add(&mut held.sums, key, 1, Some(amounts[at].amount));
                    }
                    _ => {}
                }
            }
        },
        |found, part| {
            for (key, held) in part {
                let total = found.entry(key).or_default();
                total.count += held.count;
                for (key, (count, sum)) in held.sums {
                    add(&mut total.sums, key, count, sum);
                }
            }
        },
    )
}

fn add(sums: &mut Sums, key: (usize, Option<Currency>), count: u64, sum: Option<Decimal>) {
    let (total_count, total) = sums.entry(key).or_insert((0, Some(Decimal::ZERO)));
    *total_count += count;
    *total = total
        .zip(sum)
        .and_then(|(total, sum)| exact_sum(total, sum));
}

/// The sum, unless digits would be lost.
fn exact_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let sum = a.checked_add(b)?;
    (sum.scale() >= a.normalize().scale().max(b.normalize().scale())
        || sum.checked_sub(b) == Some(a))
    .then_some(sum)
}

fn named(
    summed: &[&Property],
    ((index, currency), (count, sum)): ((usize, Option<Currency>), (u64, Option<Decimal>)),
) -> Sum {
    let value = |sum: Decimal| match currency {
        Some(currency) => Value::Money(leadline_engine::value::Money {
            amount: sum.normalize(),
            currency,
        }),
        None => Value::Number(sum.normalize()),
    };
    Sum {
        property: summed[index].name.clone(),
        currency,
        count,
        sum: sum.map(value),
    }
}

fn as_text<S: serde::Serializer>(
    currency: &Option<Currency>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    currency
        .map(|currency| currency.to_string())
        .serialize(serializer)
}
