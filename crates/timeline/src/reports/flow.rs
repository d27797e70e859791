//! How records move between values.

use hashbrown::HashMap;
use leadline_engine::value::Value;
use serde::Serialize;

use super::{
    Report, Scan, as_json,
    group::{Grouping, Reported, grouped, split},
    quantile::Durations,
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

/// By the codes of `from` and `to`.
type Between = ((u32, u32), Moves);

#[derive(Default)]
struct Moves {
    count: u64,
    records: u64,
    durations: Durations,
    /// The record that was counted last, plus one.
    last: u32,
}

impl View<'_> {
    /// The moves of a property at times in the range.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn flow(&self, report: &Report<'_>) -> Result<Reported<FlowAnswer>, QueryError> {
        grouped(self, report, FlowAnswer::default, |scan, grouping| {
            let dictionary = scan.column.dictionary();
            let rank = Scan::rank(scan.column, report.property);
            let answer = |(group, mut moves): (u32, Vec<Between>)| {
                moves.sort_by(|((from_a, to_a), a), ((from_b, to_b), b)| {
                    let by_value = || rank(*from_a, *from_b).then_with(|| rank(*to_a, *to_b));
                    b.count.cmp(&a.count).then_with(by_value)
                });
                let flow = |((from, to), mut moves): Between| Flow {
                    from: dictionary.value(from),
                    to: dictionary.value(to),
                    count: moves.count,
                    records: moves.records,
                    median_seconds: moves.durations.median(),
                };
                let flows = moves.into_iter().map(flow).collect();
                (group, FlowAnswer { flows })
            };
            split(moves(scan, grouping))
                .into_iter()
                .map(answer)
                .collect()
        })
    }
}

fn moves(scan: &Scan<'_>, grouping: Grouping<'_>) -> HashMap<(u32, (u32, u32)), Moves> {
    scan.records.par_fold(
        HashMap::new,
        |found: &mut HashMap<(u32, (u32, u32)), Moves>, row| {
            let cells = scan.view.cells(scan.column, row);
            let mut group = None;
            let mut before = EMPTY;
            for (index, (&code, &time)) in cells.codes.iter().zip(cells.valid_from).enumerate() {
                let from = std::mem::replace(&mut before, code);
                let is_in = (scan.from..scan.to).contains(&time);
                if !is_in || scan.excluded.contains(cells.sources[index]) {
                    continue;
                }
                let group = *group.get_or_insert_with(|| grouping.of(&scan.view, row));
                let moves = found.entry((group, (from, code))).or_default();
                moves.count += 1;
                moves.records += u64::from(moves.last != row + 1);
                moves.last = row + 1;
                if from != EMPTY {
                    moves.durations.0.push(time - cells.valid_from[index - 1]);
                }
            }
        },
        |found, part| {
            for (key, mut moves) in part {
                let total = found.entry(key).or_default();
                total.count += moves.count;
                total.records += moves.records;
                total.durations.0.append(&mut moves.durations.0);
            }
        },
    )
}
