//! What became of the records of each interval: entry interval × value reached.

use hashbrown::HashMap;
use leadline_engine::{filter::TextComparison, time::Timestamp, value::Value};
use serde::Serialize;

use super::{
    Path, Report, Skipped, as_json,
    group::{Reported, grouped, split},
    path::window_of,
    quantile::Durations,
    rate,
};
use crate::{
    intervals::Window,
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
        grouped(self, report, nothing, |scan, grouping| {
            let counts_skipped = skipped == Skipped::Count;
            let dictionary = (scan.column.dictionary(), TextComparison::Exact);
            let path = Path::new(dictionary, stages, counts_skipped, scan.excluded);
            let none = || vec![Durations::default(); path.steps];
            let (found, _) = scan.records.par_fold(
                || (HashMap::<(u32, usize), Vec<Durations>>::new(), Vec::new()),
                |(found, times), row| {
                    path.reached(scan.view.cells(scan.column, row), None, times);
                    let Some(&entered) = times.first() else {
                        return;
                    };
                    let Some(window) = window_of(windows, entered) else {
                        return;
                    };
                    let key = (grouping.of(&scan.view, row), window);
                    let reached = found.entry(key).or_insert_with(none);
                    for (durations, time) in reached.iter_mut().zip(&*times) {
                        durations.0.push(time - entered);
                    }
                },
                |(found, _), (part, _)| {
                    for (key, values) in part {
                        let total = found.entry(key).or_insert_with(none);
                        for (total, mut durations) in total.iter_mut().zip(values) {
                            total.0.append(&mut durations.0);
                        }
                    }
                },
            );
            let groups = split(found).into_iter();
            groups
                .map(|(group, parts)| (group, rows(stages, windows, parts)))
                .collect()
        })
    }
}

fn rows(stages: &[Value], windows: &[Window], parts: Vec<(usize, Vec<Durations>)>) -> CohortAnswer {
    let mut parts: HashMap<usize, Vec<Durations>> = parts.into_iter().collect();
    let row = |(index, window): (usize, &Window)| {
        let empty = || vec![Durations::default(); stages.len()];
        let values = parts.remove(&index).unwrap_or_else(empty);
        let size = values.first().map_or(0, |first| first.0.len() as u64);
        let value = |(stage, mut durations): (&Value, Durations)| CohortValue {
            value: Some(stage.clone()),
            reached: durations.0.len() as u64,
            rate: rate(durations.0.len() as u64, size),
            median_seconds: durations.median(),
        };
        CohortRow {
            start: window.start,
            size,
            values: stages.iter().zip(values).map(value).collect(),
        }
    };
    CohortAnswer {
        cohorts: windows.iter().enumerate().map(row).collect(),
    }
}
