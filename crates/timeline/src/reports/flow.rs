//! How records move between values.

use leadline_engine::value::Value;
use serde::Serialize;

use super::{
    Report, Scan, as_json,
    group::{Grouping, Reported, grouped},
    tally::{Figures, Met, Shape, Walk, tally},
};
use crate::{
    codes::EMPTY,
    view::{QueryError, View},
};

/// All moves.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowAnswer {
    /// The most frequent first.
    pub flows: Vec<Flow>,
}

/// The moves from one value to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// What was held before; `None`: nothing.
    #[serde(serialize_with = "as_json")]
    pub from: Option<Value>,
    /// What was held then; `None`: nothing.
    #[serde(serialize_with = "as_json")]
    pub to: Option<Value>,
    /// How many moves.
    pub count: u64,
    /// Of how many records.
    pub records: u64,
    /// The median time in `from` before the move; `None` for entries.
    pub median_seconds: Option<f64>,
}

impl View<'_> {
    /// The moves of a property at times in the range.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn flow(&self, report: &Report<'_>) -> Result<Reported<FlowAnswer>, QueryError> {
        grouped(self, report, FlowAnswer::default, |scan, grouping| {
            let codes = scan.codes() as u64;
            let dictionary = scan.column.dictionary();
            let rank = Scan::rank(scan.column, report.property);
            let answer = |(group, mut moves): (u32, Vec<(u64, Figures<1>)>)| {
                let between = |key: u64| ((key / codes) as u32, (key % codes) as u32);
                moves.sort_by(|(key_a, a), (key_b, b)| {
                    let ((from_a, to_a), (from_b, to_b)) = (between(*key_a), between(*key_b));
                    let by_value = || rank(from_a, from_b).then_with(|| rank(to_a, to_b));
                    b.count.cmp(&a.count).then_with(by_value)
                });
                let flow = |(key, figures): (u64, Figures<1>)| Flow {
                    from: dictionary.value(between(key).0),
                    to: dictionary.value(between(key).1),
                    count: figures.count,
                    records: figures.records,
                    median_seconds: figures.quantiles[0],
                };
                let flows = moves.into_iter().map(flow).collect();
                (group, FlowAnswer { flows })
            };
            let shape = Shape {
                groups: grouping.groups(),
                keys: scan.codes().saturating_mul(scan.codes()),
            };
            let walk = MoveWalk {
                scan,
                grouping,
                codes,
            };
            let groups = tally(scan.records, shape, [50], &walk);
            groups.into_iter().map(answer).collect()
        })
    }
}

/// Meets moves, by the codes before and after.
struct MoveWalk<'a> {
    scan: &'a Scan<'a>,
    grouping: Grouping<'a>,
    codes: u64,
}

impl Walk for MoveWalk<'_> {
    #[inline]
    fn walk(&self, row: u32, mut met: impl FnMut(Met)) {
        let scan = self.scan;
        if !scan.may_enter(row) {
            return;
        }
        let cells = scan.view.cells(scan.column, row);
        let group = self.grouping.of(&scan.view, row);
        let (mut before, mut since) = (EMPTY, 0);
        for (index, (&code, &time)) in cells.codes.iter().zip(cells.valid_from).enumerate() {
            let (from, held) = (before, time.wrapping_sub(since));
            (before, since) = (code, time);
            if !(scan.from..scan.to).contains(&time) || scan.excludes(cells, index) {
                continue;
            }
            met(Met {
                group,
                key: u64::from(from) * self.codes + u64::from(code),
                counts: true,
                is_open: false,
                duration: (from != EMPTY).then_some(held),
            });
        }
    }
}
