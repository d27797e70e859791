//! How long values are held.

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
                let walk = VisitWalk {
                    scan,
                    grouping,
                    basis,
                    working: working.as_ref(),
                    limit: scan.to.min(scan.view.moment.at.micros()),
                };
                let shape = Shape {
                    groups: grouping.groups(),
                    keys: scan.codes(),
                };
                let rank = Scan::rank(scan.column, report.property);
                let answer = |(group, mut values): (u32, Vec<(u64, Figures<3>)>)| {
                    values.sort_by(|(a, _), (b, _)| rank(*a as u32, *b as u32));
                    let value = |(code, figures): (u64, Figures<3>)| {
                        times(scan.column.dictionary().value(code as u32), &figures)
                    };
                    let values = values.into_iter().map(value).collect();
                    (group, TimeInValueAnswer { values })
                };
                let groups = tally(scan.records, shape, [50, 75, 90], &walk);
                groups.into_iter().map(answer).collect()
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

/// Meets visits, by the code of what is held.
struct VisitWalk<'a> {
    scan: &'a Scan<'a>,
    grouping: Grouping<'a>,
    basis: Basis,
    working: Option<&'a WorkingClock>,
    /// Nothing is measured beyond.
    limit: i64,
}

impl Walk for VisitWalk<'_> {
    #[inline]
    fn walk(&self, row: u32, mut met: impl FnMut(Met)) {
        let scan = self.scan;
        let cells = scan.view.cells(scan.column, row);
        let Some(last) = cells.len().checked_sub(1) else {
            return;
        };
        let group = self.grouping.of(&scan.view, row);
        for (index, (&code, &start)) in cells.codes.iter().zip(cells.valid_from).enumerate() {
            if code == EMPTY || start >= scan.to || scan.excludes(cells, index) {
                continue;
            }
            let end = if index < last {
                Some(cells.valid_from[index + 1])
            } else {
                scan.archived_since(row)
            };
            let measured = self.measured_until(start, end);
            if measured.is_some() || end.is_none() {
                met(Met {
                    group,
                    key: u64::from(code),
                    counts: measured.is_some(),
                    is_open: end.is_none(),
                    duration: measured.map(|end| self.duration(start, end)),
                });
            }
        }
    }
}

impl VisitWalk<'_> {
    /// Until when a visit is measured, if it is.
    #[inline]
    fn measured_until(&self, start: i64, end: Option<i64>) -> Option<i64> {
        let Scan { from, to, .. } = *self.scan;
        match (self.basis, end) {
            (Basis::Closed, Some(end)) => (from..to).contains(&end).then_some(end),
            (Basis::Closed, None) => None,
            (Basis::All, Some(end)) => (start >= from || end > from).then_some(end.min(self.limit)),
            (Basis::All, None) => Some(self.limit),
        }
    }

    #[inline]
    fn duration(&self, start: i64, end: i64) -> i64 {
        match self.working {
            Some(clock) if end > start => clock.between(start, end),
            Some(_) => 0,
            None => (end - start).max(0),
        }
    }
}

fn times(value: Option<Value>, figures: &Figures<3>) -> ValueTimes {
    let [median_seconds, p75_seconds, p90_seconds] = figures.quantiles;
    ValueTimes {
        value,
        visits: figures.count,
        records: figures.records,
        open_visits: figures.open,
        mean_seconds: figures.mean,
        median_seconds,
        p75_seconds,
        p90_seconds,
    }
}
