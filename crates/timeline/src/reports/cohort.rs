//! What became of the records of each interval: entry interval × value reached.

use hashbrown::HashMap;
use leadline_engine::{filter::TextComparison, time::Timestamp, value::Value};
use serde::Serialize;

use super::{
    Path, Report, Scan, Skipped, as_json,
    group::{Grouping, Reported, grouped},
    rate,
    tally::{Figures, Met, Shape, Walk, tally},
};
use crate::{
    intervals::{Window, Windows},
    view::{QueryError, View},
};

/// A matrix of cohorts and values.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortAnswer {
    /// One for each interval.
    pub cohorts: Vec<CohortRow>,
}

/// The records that first entered the first value in an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortRow {
    /// The interval's first instant.
    pub start: Timestamp,
    /// How many records.
    pub size: u64,
    /// What they reached.
    pub values: Vec<CohortValue>,
}

/// How many records of a cohort reached a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortValue {
    /// The value.
    #[serde(serialize_with = "as_json")]
    pub value: Option<Value>,
    /// How many records reached it.
    pub reached: u64,
    /// Reached of the cohort's size; `None` of an empty cohort.
    pub rate: Option<f64>,
    /// The median time from the first value to this one.
    pub median_seconds: Option<f64>,
}

impl View<'_> {
    /// What became of the records that first entered `stages[0]` in each window ([`crate::Interval::windows`]). A record reaches
    /// values as it does the steps of a funnel.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn cohort(
        &self,
        report: &Report<'_>,
        stages: &[Value],
        skipped: Skipped,
        windows: &[Window],
    ) -> Result<Reported<CohortAnswer>, QueryError> {
        let nothing = || rows(stages, windows, Vec::new());
        let looked_up = Windows::new(windows);
        grouped(self, report, nothing, |scan, grouping| {
            let counts_skipped = skipped == Skipped::Count;
            let dictionary = (scan.column.dictionary(), TextComparison::Exact);
            let walk = CohortWalk {
                scan,
                grouping,
                path: Path::new(dictionary, stages, counts_skipped, scan.excluded),
                windows: &looked_up,
            };
            let shape = Shape {
                groups: grouping.groups(),
                keys: stages.len() * windows.len(),
            };
            let groups = tally(scan.records, shape, [50], &walk).into_iter();
            groups
                .map(|(group, figures)| (group, rows(stages, windows, figures)))
                .collect()
        })
    }
}

/// Meets the steps that records reach, by the window in which they reached the first one.
struct CohortWalk<'a> {
    scan: &'a Scan<'a>,
    grouping: Grouping<'a>,
    path: Path,
    windows: &'a Windows<'a>,
}

impl Walk for CohortWalk<'_> {
    #[inline]
    fn walk(&self, row: u32, mut met: impl FnMut(Met)) {
        if !self.scan.may_enter(row) {
            return;
        }
        let cells = self.scan.view.cells(self.scan.column, row);
        let mut times = self.path.times(cells, None);
        let Some(entered) = times.next() else { return };
        let Some(window) = self.windows.of(entered) else {
            return;
        };
        let group = self.grouping.of(&self.scan.view, row);
        for (step, time) in std::iter::once(entered).chain(times).enumerate() {
            met(Met {
                group,
                key: (window * self.path.steps + step) as u64,
                counts: true,
                is_open: false,
                duration: Some(time - entered),
            });
        }
    }
}

/// The matrix of a group, whose figures are by window and step.
fn rows(stages: &[Value], windows: &[Window], figures: Vec<(u64, Figures<1>)>) -> CohortAnswer {
    let figures: HashMap<u64, Figures<1>> = figures.into_iter().collect();
    let row = |(index, window): (usize, &Window)| {
        let of_step = |step: usize| figures.get(&((index * stages.len() + step) as u64));
        let reached = |step: usize| of_step(step).map_or(0, |figures| figures.count);
        let value = |(step, stage): (usize, &Value)| CohortValue {
            value: Some(stage.clone()),
            reached: reached(step),
            rate: rate(reached(step), reached(0)),
            median_seconds: of_step(step).and_then(|figures| figures.quantiles[0]),
        };
        CohortRow {
            start: window.start,
            size: reached(0),
            values: stages.iter().enumerate().map(value).collect(),
        }
    };
    CohortAnswer {
        cohorts: windows.iter().enumerate().map(row).collect(),
    }
}
