//! How many records hold each value as time goes by.

use leadline_engine::{
    time::Timestamp,
    value::{Value, optional_json},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Report, Scan,
    group::{Grouping, Reported, grouped},
    tally::{Shape, Table},
};
use crate::{
    codes::EMPTY,
    dictionary::TRUE,
    intervals::Window,
    ruler::Ruler,
    view::{QueryError, View},
};

/// Counts at the ends of intervals.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendAnswer {
    /// In order.
    pub intervals: Vec<TrendInterval>,
}

/// Counts at the end of an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendInterval {
    /// The moment at which is counted, inclusive as every `asOf`.
    pub end: Timestamp,
    /// How many records hold each value, `None` being empty; those that none holds are left out. As JSON an object whose keys are the
    /// values' texts, the empty text for empty.
    #[serde(serialize_with = "as_object")]
    pub counts: Vec<(Option<Value>, u64)>,
}

impl View<'_> {
    /// How many records exist, are not archived and hold each value at the end of each window ([`crate::Interval::windows`]). Windows that
    /// begin after the view's moment are left out; one that contains it ends there.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn trend(
        &self,
        report: &Report<'_>,
        windows: &[Window],
    ) -> Result<Reported<TrendAnswer>, QueryError> {
        let at = self.moment.at;
        let ends: Vec<Timestamp> = windows
            .iter()
            .filter(|window| window.start <= at)
            .map(|window| window.end.min(at))
            .collect();
        grouped(
            self,
            report,
            || answer(&ends, Vec::new()),
            |scan, grouping| {
                let rank = Scan::rank(scan.column, report.property);
                let groups = changes(scan, grouping, &ends).into_iter();
                let answer = |(group, mut values): (u32, Vec<(u64, Changes)>)| {
                    values.sort_by(|(a, _), (b, _)| rank(*a as u32, *b as u32));
                    let dictionary = scan.column.dictionary();
                    let value = |(code, changes)| (dictionary.value(code as u32), changes);
                    (
                        group,
                        answer(&ends, values.into_iter().map(value).collect()),
                    )
                };
                groups.map(answer).collect()
            },
        )
    }
}

/// By how many records a count at each end exceeds the one at the end before.
type Changes = Vec<i64>;

/// The changes of each group and code.
fn changes(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    ends: &[Timestamp],
) -> Vec<(u32, Vec<(u64, Changes)>)> {
    let created_at = &scan.view.timeline.rows.created_at;
    // Something that began at a time shows at the first end that is not before it.
    let ruler = Ruler::new(ends.iter().map(|end| end.micros()).collect());
    let shape = Shape {
        groups: grouping.groups(),
        keys: scan.codes(),
    };
    let found = scan.records.par_fold(
        || (Table::new(shape), Vec::new()),
        |(found, archived): &mut (Table<Changes>, Vec<(usize, usize)>), row| {
            let first = ruler.before(created_at[row as usize]);
            if first == ends.len() {
                return;
            }
            let group = grouping.of(&scan.view, row);
            archived_parts(scan, row, &ruler, archived);
            let mut add = |code: u32, from: usize, to: usize| {
                let changes = found.at_or(group, u64::from(code), || vec![0; ends.len() + 1]);
                for_each_part(from, to, archived, |from, to| {
                    changes[from] += 1;
                    changes[to] -= 1;
                });
            };
            let (mut start, mut code) = (first, EMPTY);
            let cells = scan.view.cells(scan.column, row);
            for (&time, &next) in cells.valid_from.iter().zip(cells.codes) {
                let end = ruler.before(time);
                if end > start {
                    add(code, start, end);
                    start = end;
                }
                code = next;
            }
            if start < ends.len() {
                add(code, start, ends.len());
            }
        },
        |(found, _), (part, _)| {
            found.merge(part, |total, part| {
                total
                    .iter_mut()
                    .zip(part)
                    .for_each(|(total, change)| *total += change);
            });
        },
    );
    found.0.into_groups()
}

/// The ends at which a record was archived, as ranges.
#[inline]
fn archived_parts(scan: &Scan<'_>, row: u32, ruler: &Ruler, parts: &mut Vec<(usize, usize)>) {
    parts.clear();
    let cells = scan.view.cells(scan.archived, row);
    for (index, (&time, &code)) in cells.valid_from.iter().zip(cells.codes).enumerate() {
        if code == TRUE {
            let next = cells.valid_from.get(index + 1);
            let end = next.map_or(usize::MAX, |&next| ruler.before(next));
            parts.push((ruler.before(time), end));
        }
    }
}

/// What is left of a range without some others, which are in order.
#[inline]
fn for_each_part(
    mut from: usize,
    to: usize,
    without: &[(usize, usize)],
    mut part: impl FnMut(usize, usize),
) {
    for &(start, end) in without {
        if from < start.min(to) {
            part(from, start.min(to));
        }
        from = from.max(end);
    }
    if from < to {
        part(from, to);
    }
}

fn answer(ends: &[Timestamp], values: Vec<(Option<Value>, Vec<i64>)>) -> TrendAnswer {
    let mut running = vec![0; values.len()];
    let intervals = ends.iter().enumerate().map(|(index, &end)| {
        let mut counts = Vec::new();
        for (running, (value, changes)) in running.iter_mut().zip(&values) {
            *running += changes[index];
            if *running > 0 {
                counts.push((value.clone(), *running as u64));
            }
        }
        TrendInterval { end, counts }
    });
    TrendAnswer {
        intervals: intervals.collect(),
    }
}

fn as_object<S: Serializer>(
    counts: &[(Option<Value>, u64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(counts.len()))?;
    for (value, count) in counts {
        let json = optional_json(value.as_ref());
        let key = match &json {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        map.serialize_entry(&key, count)?;
    }
    map.end()
}
