//! The columns of a board: the records of each value, their sums, how long they have been there, and the first of them.

use leadline_engine::{filter::Sort, schema::Property, value::Value};

use super::{
    Report, Scan, Sum,
    quantile::{Durations, figures},
    snapshot::Held,
    sums::Summed,
    tally::{Shape, Table},
};
use crate::{
    order::{Best, Order, Page},
    view::{QueryError, View},
};

/// The records that hold a value.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardColumn {
    /// The value; `None` is empty.
    pub value: Option<Value>,
    /// How many records.
    pub count: u64,
    /// What their numbers and amounts add up to, as in a snapshot.
    pub sums: Vec<Sum>,
    /// The median time since they came to hold the value, or, of the empty one that nothing came before, since they began to exist.
    pub median_age_seconds: Option<f64>,
    /// The first of them.
    pub first: Page,
}

impl View<'_> {
    /// The values that the report's records hold at the view's moment, in the order of the property's options, empty first; of each, the first
    /// `limit` records in the order of `sorts`, and the sums of `summed`. The next page of a column is that of [`View::top`] over its records.
    /// The range, the grouping and the excluded sources do not matter.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn board(
        &self,
        report: &Report<'_>,
        summed: &[&Property],
        sorts: &[Sort],
        limit: usize,
    ) -> Result<Vec<BoardColumn>, QueryError> {
        let scan = Scan::new(self, report)?;
        let columns = self.summed(report.records, summed)?;
        let order = Order::new(self, sorts)?;
        let mut found = found(&scan, &columns, &order, limit);
        let rank = Scan::rank(scan.column, report.property);
        found.sort_by(|(a, _), (b, _)| rank(*a, *b));
        let board = found.into_iter().map(|(code, found)| {
            let (_, _, [median]) = figures(&mut found.ages.gathered(), [50]);
            BoardColumn {
                value: scan.column.dictionary().value(code),
                count: found.held.count,
                sums: found.held.sums.named(&columns, summed),
                median_age_seconds: median,
                first: found.first.page(&order, limit),
            }
        });
        Ok(board.collect())
    }
}

/// The records of a value, while they are met.
struct Found {
    held: Held,
    ages: Durations,
    first: Best,
}

fn found(
    scan: &Scan<'_>,
    summed: &[Summed<'_>],
    order: &Order<'_>,
    limit: usize,
) -> Vec<(u32, Found)> {
    let shape = Shape {
        groups: 1,
        keys: scan.codes(),
    };
    let view = &scan.view;
    let at = view.moment.at.micros();
    let table = scan.records.par_fold(
        || Table::new(shape),
        |table: &mut Table<Found>, row| {
            let found = table.at_or(0, u64::from(scan.state(row)), || Found {
                held: Held::new(summed),
                ages: Durations::default(),
                first: Best::of_page(limit),
            });
            found.held.add(view, summed, row);
            found.ages.push((at - scan.since(row)).max(0));
            found.first.offer(order.item(row), order);
        },
        |table, part| {
            table.merge(part, |total, part| {
                total.held.merge(part.held);
                total.ages.merge(part.ages);
                total.first.merge(part.first, order);
            });
        },
    );
    let all = table.into_groups().into_iter().flat_map(|(_, all)| all);
    all.map(|(code, found)| (code as u32, found)).collect()
}
