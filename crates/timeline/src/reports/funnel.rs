//! How many records go how far through a sequence of values.

use hashbrown::HashMap;
use leadline_engine::{filter::TextComparison, time::Timestamp, value::Value};
use serde::Serialize;

use super::{
    Path, Report, Scan, as_json,
    group::{Grouping, Reported, grouped, split},
    path::window_of,
    quantile::Durations,
    rate,
};
use crate::{
    intervals::Window,
    view::{QueryError, View},
};

/// What a funnel is asked besides its report.
#[derive(Debug, Clone)]
pub struct FunnelRequest<'a> {
    /// The steps, each once.
    pub stages: &'a [Value],
    /// Which records count.
    pub basis: FunnelBasis,
    /// Whether reaching a later step counts as having passed the earlier ones; of cohorts.
    pub skipped: Skipped,
    /// Answer for each of these parts of the range too ([`crate::Interval::windows`]).
    pub intervals: Option<&'a [Window]>,
}

/// Which records a funnel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelBasis {
    /// Those that first entered the first step in the range, and all that they reached since.
    Cohort,
    /// For each step, those that entered it in the range; converted are those that then entered the next one in the range.
    Period,
}

/// What it means to reach a later step without an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// The earlier ones were passed at that moment.
    Count,
    /// The later one does not count.
    Drop,
}

/// A funnel.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunnelAnswer {
    /// Of the whole range.
    pub steps: Vec<FunnelStep>,
    /// Of each interval, by when the first step was entered (cohort) or of what happened in it (period).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intervals: Option<Vec<FunnelInterval>>,
}

/// A funnel of an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunnelInterval {
    /// Its first instant.
    pub start: Timestamp,
    /// Its steps.
    pub steps: Vec<FunnelStep>,
}

/// A step of a funnel. The last one has nothing to convert to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunnelStep {
    /// The value.
    #[serde(serialize_with = "as_json")]
    pub value: Option<Value>,
    /// How many records reached it.
    pub reached: u64,
    /// How many of them reached the next step.
    pub converted: Option<u64>,
    /// Converted of reached; `None` when none reached it.
    pub rate: Option<f64>,
    /// The median time from this step to the next.
    pub median_seconds: Option<f64>,
}

#[derive(Default, Clone)]
struct StepCount {
    reached: u64,
    to_next: Durations,
}

type Counts = HashMap<(u32, usize), Vec<StepCount>>;

impl View<'_> {
    /// The funnel of a property through some of its values.
    ///
    /// # Errors
    /// If a column is not loaded.
    pub fn funnel(
        &self,
        report: &Report<'_>,
        request: &FunnelRequest<'_>,
    ) -> Result<Reported<FunnelAnswer>, QueryError> {
        let whole = [Window {
            start: report.from,
            end: report.to,
        }];
        let nothing = || FunnelAnswer {
            steps: steps(request.stages, None),
            intervals: request
                .intervals
                .map(|windows| intervals(request.stages, windows, Vec::new())),
        };
        grouped(self, report, nothing, |scan, grouping| {
            let counts = |windows| split(count(scan, grouping, request, windows));
            let totals = counts(&whole);
            let mut by_window: HashMap<_, _> = match request.intervals {
                Some(windows) => counts(windows).into_iter().collect(),
                None => HashMap::new(),
            };
            let answer = |(group, mut total): (u32, Vec<(usize, Vec<StepCount>)>)| {
                let total = total.pop().map(|(_, counts)| counts);
                let parts = by_window.remove(&group).unwrap_or_default();
                let answer = FunnelAnswer {
                    steps: steps(request.stages, total),
                    intervals: request
                        .intervals
                        .map(|windows| intervals(request.stages, windows, parts)),
                };
                (group, answer)
            };
            totals.into_iter().map(answer).collect()
        })
    }
}

/// Counts of each group and window.
fn count(
    scan: &Scan<'_>,
    grouping: Grouping<'_>,
    request: &FunnelRequest<'_>,
    windows: &[Window],
) -> Counts {
    let counts_skipped = request.skipped == Skipped::Count;
    let dictionary = (scan.column.dictionary(), TextComparison::Exact);
    let path = Path::new(dictionary, request.stages, counts_skipped, scan.excluded);
    let none = || vec![StepCount::default(); path.steps];
    let (counts, _) = scan.records.par_fold(
        || (Counts::new(), Vec::new()),
        |(counts, times), row| {
            let cells = scan.view.cells(scan.column, row);
            match request.basis {
                FunnelBasis::Cohort => {
                    path.reached(cells, None, times);
                    let entered = times.first().and_then(|&time| window_of(windows, time));
                    let Some(window) = entered else { return };
                    let key = (grouping.of(&scan.view, row), window);
                    let counts = counts.entry(key).or_insert_with(none);
                    for (step, &time) in times.iter().enumerate() {
                        counts[step].add(time, times.get(step + 1).copied());
                    }
                }
                FunnelBasis::Period => {
                    path.in_windows(cells, windows, |window, step, time, next| {
                        let key = (grouping.of(&scan.view, row), window);
                        counts.entry(key).or_insert_with(none)[step].add(time, next);
                    });
                }
            }
        },
        |(counts, _), (part, _)| {
            for (key, steps) in part {
                let total = counts.entry(key).or_insert_with(none);
                for (total, mut step) in total.iter_mut().zip(steps) {
                    total.reached += step.reached;
                    total.to_next.0.append(&mut step.to_next.0);
                }
            }
        },
    );
    counts
}

impl StepCount {
    fn add(&mut self, time: i64, next: Option<i64>) {
        self.reached += 1;
        self.to_next.0.extend(next.map(|next| next - time));
    }
}

fn intervals(
    stages: &[Value],
    windows: &[Window],
    parts: Vec<(usize, Vec<StepCount>)>,
) -> Vec<FunnelInterval> {
    let mut parts: HashMap<usize, Vec<StepCount>> = parts.into_iter().collect();
    let interval = |(index, window): (usize, &Window)| FunnelInterval {
        start: window.start,
        steps: steps(stages, parts.remove(&index)),
    };
    windows.iter().enumerate().map(interval).collect()
}

fn steps(stages: &[Value], counts: Option<Vec<StepCount>>) -> Vec<FunnelStep> {
    let counts = counts.unwrap_or_else(|| vec![StepCount::default(); stages.len()]);
    let step = |(index, (stage, mut count)): (usize, (&Value, StepCount))| {
        let has_next = index + 1 < stages.len();
        let converted = has_next.then_some(count.to_next.0.len() as u64);
        FunnelStep {
            value: Some(stage.clone()),
            reached: count.reached,
            converted,
            rate: converted.and_then(|converted| rate(converted, count.reached)),
            median_seconds: count.to_next.median(),
        }
    };
    stages.iter().zip(counts).enumerate().map(step).collect()
}
