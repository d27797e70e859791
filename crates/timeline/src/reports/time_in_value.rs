//! How long values are held.

use hashbrown::HashMap;
use leadline_engine::value::Value;
use rayon::prelude::*;
use serde::Serialize;

use super::{
    Report, Scan, as_json,
    group::{Grouping, Reported, grouped, split},
    quantile::Durations,
};
use crate::{
    codes::EMPTY,
    view::{QueryError, View},
    working::{WorkingClock, WorkingHours},
};

/// Which visits are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Those that ended in the range.
    Closed,
    /// Those that overlap the range, up to its end or the view's moment, whichever is earlier.
    All,
}

/// Which time is measured.
#[derive(Debug, Clone, Copy)]
pub enum Clock<'a> {
    /// All of it.
    Calendar,
    /// Working hours.
    Working(&'a WorkingHours),
}

/// How long each value is held.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeInValueAnswer {
    /// In the order of the property's options.
    pub values: Vec<ValueTimes>,
}

/// How long a value is held. Times are `None` when no visit was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueTimes {
    /// The value.
    #[serde(serialize_with = "as_json")]
    pub value: Option<Value>,
    /// How many visits were measured.
    pub visits: u64,
    /// How many records they are of.
    pub records: u64,
    /// How many visits that began before the range's end are still open at the view's moment. Measured only on [`Basis::All`].
    pub open_visits: u64,
    /// Mean.
    pub mean_seconds: Option<f64>,
    /// Median.
    pub median_seconds: Option<f64>,
    /// 75th percentile.
    pub p75_seconds: Option<f64>,
    /// 90th percentile.
    pub p90_seconds: Option<f64>,
}

#[derive(Default)]
struct Visits {
    durations: Durations,
    records: u64,
    open: u64,
    /// The record that was counted last, plus one.
    last: u32,
}

impl View<'_> {
    /// How long each value of a property is held. A visit is measured from its beginning, even before the range.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn time_in_value(
        &self,
        report: &Report<'_>,
        basis: Basis,
        clock: Clock<'_>,
    ) -> Result<Reported<TimeInValueAnswer>, QueryError> {
        grouped(
            self,
            report,
            TimeInValueAnswer::default,
            |scan, grouping| {
                let working = scan.clock(clock);
                let mut groups = split(visits(scan, grouping, basis, working.as_ref()));
                let rank = Scan::rank(scan.column, report.property);
                let answer = |(group, values): &mut (u32, Vec<(u32, Visits)>)| {
                    values.sort_by(|(a, _), (b, _)| rank(*a, *b));
                    let values = values
                        .par_iter_mut()
                        .map(|(code, visits)| times(scan.column.dictionary().value(*code), visits));
                    (
                        *group,
                        TimeInValueAnswer {
                            values: values.collect(),
                        },
                    )
                };
                groups.iter_mut().map(answer).collect()
            },
        )
    }
}

impl Scan<'_> {
    /// A working clock that reaches from the first entry to the end of the range.
    fn clock(&self, clock: Clock<'_>) -> Option<WorkingClock> {
        let Clock::Working(hours) = clock else {
            return None;
        };
        let at = self.view.moment.at.micros();
        let first = self.records.par_fold(
            || i64::MAX,
            |first, row| {
                if let Some(&from) = self.view.cells(self.column, row).valid_from.first() {
                    *first = from.min(*first);
                }
            },
            |first, other| *first = other.min(*first),
        );
        Some(WorkingClock::new(
            hours,
            first.min(at),
            at.max(self.to.min(at)),
        ))
    }
}

fn visits(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    basis: Basis,
    working: Option<&WorkingClock>,
) -> HashMap<(u32, u32), Visits> {
    let (from, to) = (scan.from, scan.to);
    let limit = to.min(scan.view.moment.at.micros());
    let measure = |start: i64, end: i64| match working {
        Some(clock) if end > start => clock.between(start, end),
        Some(_) => 0,
        None => (end - start).max(0),
    };
    scan.records.par_fold(
        HashMap::new,
        |found: &mut HashMap<(u32, u32), Visits>, row| {
            let cells = scan.view.cells(scan.column, row);
            if cells.len() == 0 {
                return;
            }
            let group = grouping.of(&scan.view, row);
            let last_end = scan.archived_since(row);
            for index in 0..cells.len() {
                let (code, start) = (cells.codes[index], cells.valid_from[index]);
                if code == EMPTY || start >= to || scan.excluded.contains(cells.sources[index]) {
                    continue;
                }
                let end = cells.valid_from.get(index + 1).copied().or(last_end);
                let is_open = end.is_none();
                let measured = match (basis, end) {
                    (Basis::Closed, Some(end)) => (from..to).contains(&end).then_some(end),
                    (Basis::Closed, None) => None,
                    (Basis::All, Some(end)) => {
                        (start >= from || end > from).then_some(end.min(limit))
                    }
                    (Basis::All, None) => Some(limit),
                };
                if measured.is_none() && !is_open {
                    continue;
                }
                let visits = found.entry((group, code)).or_default();
                visits.open += u64::from(is_open);
                if let Some(end) = measured {
                    visits.durations.0.push(measure(start, end));
                    visits.records += u64::from(visits.last != row + 1);
                    visits.last = row + 1;
                }
            }
        },
        |found, part| {
            for (key, mut visits) in part {
                let total = found.entry(key).or_default();
                total.durations.0.append(&mut visits.durations.0);
                total.records += visits.records;
                total.open += visits.open;
            }
        },
    )
}

fn times(value: Option<Value>, visits: &mut Visits) -> ValueTimes {
    let durations = &mut visits.durations;
    let [median_seconds, p75_seconds, p90_seconds] = durations.percentiles([50, 75, 90]);
    ValueTimes {
        value,
        visits: durations.0.len() as u64,
        records: visits.records,
        open_visits: visits.open,
        mean_seconds: durations.mean(),
        median_seconds,
        p75_seconds,
        p90_seconds,
    }
}
