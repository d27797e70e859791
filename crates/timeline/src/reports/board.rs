//! The columns of a board: the records of each value, their sums, how long they have been there, and the first of them.

use leadline_engine::{filter::Sort, schema::Property, value::Value};

use super::{
    Report, Scan, Sum,
    group::Grouping,
    snapshot::held,
    tally::{Figures, Met, Shape, Table, Walk, tally},
};
use crate::{
    column::Column,
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
        let columns = summed.iter().map(|property| self.column(property.id));
        let columns: Vec<&Column> = columns.collect::<Result<_, _>>()?;
        let order = Order::new(self, sorts)?;
        let held = only_group(held(&scan, Grouping::none(), &columns));
        let mut ages = only_group(ages(&scan));
        let mut firsts = only_group(firsts(&scan, &order, limit));
        let mut board: Vec<(u32, BoardColumn)> = Vec::new();
        for (code, held) in held {
            let age = take(&mut ages, code);
            let first = take(&mut firsts, code);
            let column = BoardColumn {
                value: scan.column.dictionary().value(code as u32),
                count: held.count,
                sums: held.sums.named(summed),
                median_age_seconds: age.and_then(|figures| figures.quantiles[0]),
                first: first.map_or_else(Page::default, |best| best.page(&order, limit)),
            };
            board.push((code as u32, column));
        }
        let rank = Scan::rank(scan.column, report.property);
        board.sort_by(|(a, _), (b, _)| rank(*a, *b));
        Ok(board.into_iter().map(|(_, column)| column).collect())
    }
}

/// How long records have held what they hold.
fn ages(scan: &Scan<'_>) -> Vec<(u32, Vec<(u64, Figures<1>)>)> {
    let shape = Shape {
        groups: 1,
        keys: scan.codes(),
    };
    tally(scan.records, shape, [50], &AgeWalk { scan })
}

struct AgeWalk<'a> {
    scan: &'a Scan<'a>,
}

impl Walk for AgeWalk<'_> {
    #[inline]
    fn walk(&self, row: u32, mut met: impl FnMut(Met)) {
        let view = &self.scan.view;
        let cells = view.cells(self.scan.column, row);
        let created_at = view.timeline.rows.created_at[row as usize];
        let since = cells.valid_from.last().copied().unwrap_or(created_at);
        met(Met {
            group: 0,
            key: u64::from(self.scan.state(row)),
            counts: true,
            is_open: true,
            duration: Some((view.moment.at.micros() - since).max(0)),
        });
    }
}

/// The first records of each value.
fn firsts(scan: &Scan<'_>, order: &Order<'_>, limit: usize) -> Vec<(u32, Vec<(u64, Best)>)> {
    let shape = Shape {
        groups: 1,
        keys: scan.codes(),
    };
    let found = scan.records.par_fold(
        || Table::new(shape),
        |found: &mut Table<Best>, row| {
            let code = u64::from(scan.state(row));
            let best = found.at_or(0, code, || Best::of_page(limit));
            best.offer(order.item(row), order);
        },
        |found, part| found.merge(part, |total, best| total.merge(best, order)),
    );
    found.into_groups()
}

/// What was found of the one group that there is.
fn only_group<T>(mut groups: Vec<(u32, Vec<(u64, T)>)>) -> Vec<(u64, T)> {
    groups.pop().map(|(_, found)| found).unwrap_or_default()
}

fn take<T>(found: &mut Vec<(u64, T)>, code: u64) -> Option<T> {
    let index = found.iter().position(|(other, _)| *other == code)?;
    Some(found.swap_remove(index).1)
}
