//! How many records hold each value as time goes by.

use hashbrown::HashMap;
use leadline_engine::{
    time::Timestamp,
    value::{Value, optional_json},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Report, Scan,
    group::{Grouping, Reported, grouped, split},
};
use crate::{
    codes::EMPTY,
    dictionary::TRUE,
    intervals::Window,
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
                let groups = split(changes(scan, grouping, &ends)).into_iter();
                let answer = |(group, mut values): (u32, Vec<(u32, Vec<i64>)>)| {
                    values.sort_by(|(a, _), (b, _)| rank(*a, *b));
                    let value = |(code, changes)| (scan.column.dictionary().value(code), changes);
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

/// For each group and code, by how many records the count at each end exceeds the one at the end before.
fn changes(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    ends: &[Timestamp],
) -> HashMap<(u32, u32), Vec<i64>> {
    let created_at = &scan.view.timeline.rows.created_at;
    let none = || vec![0; ends.len() + 1];
    // The first end at which something that began at `time` shows.
    let place = |time: i64| ends.partition_point(|end| end.micros() < time);
    scan.records.par_fold(
        HashMap::new,
        |found: &mut HashMap<(u32, u32), Vec<i64>>, row| {
            let group = grouping.of(&scan.view, row);
            let cells = scan.view.cells(scan.column, row);
            let archived = scan.view.cells(scan.archived, row);
            let mut start = place(created_at[row as usize]);
            let mut code = EMPTY;
            let entries = cells.valid_from.iter().zip(cells.codes);
            let mut entries = entries.map(|(&time, &code)| (place(time), code));
            while start < ends.len() {
                let next = entries.next();
                let end = next.map_or(ends.len(), |(end, _)| end).max(start);
                if end > start {
                    let changes = found.entry((group, code)).or_insert_with(none);
                    if archived.len() == 0 {
                        changes[start] += 1;
                        changes[end] -= 1;
                    } else {
                        for index in start..end {
                            let is_out = archived.code_at(ends[index].micros()) == TRUE;
                            changes[index] += i64::from(!is_out);
                            changes[index + 1] -= i64::from(!is_out);
                        }
                    }
                }
                start = end;
                match next {
                    Some((_, next)) => code = next,
                    None => break,
                }
            }
        },
        |found, part| {
            for (key, changes) in part {
                let total = found.entry(key).or_insert_with(none);
                for (total, change) in total.iter_mut().zip(changes) {
                    *total += change;
                }
            }
        },
    )
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
