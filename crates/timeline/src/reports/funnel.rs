//! How many records go how far through a sequence of values.

use hashbrown::HashMap;
use leadline_engine::{filter::TextComparison, time::Timestamp, value::Value};
use serde::Serialize;

use super::{
    Path, Report, Scan, as_json,
    group::{Grouping, Reported, grouped},
    rate,
    tally::{Figures, Met, Shape, Walk, tally, tally_parts},
};
use crate::{
    intervals::{Window, Windows},
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
    /// Answer for each of these parts of the range too, which together are the range ([`crate::Interval::windows`]).
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

/// The figures of a step.
type StepFigures = Figures<1>;

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
        let windows = Windows::new(request.intervals.unwrap_or_default());
        let nothing = || answer(request, Vec::new());
        grouped(self, report, nothing, |scan, grouping| {
            let counts_skipped = request.skipped == Skipped::Count;
            let dictionary = (scan.column.dictionary(), TextComparison::Exact);
            let walk = StepWalk {
                scan,
                grouping,
                path: Path::new(dictionary, request.stages, counts_skipped, scan.excluded),
                basis: request.basis,
                whole: Windows::new(&whole),
                windows: &windows,
            };
            let shape = Shape {
                groups: grouping.groups(),
                keys: request.stages.len() * (windows.len() + 1),
            };
            let steps = request.stages.len();
            let groups = match walk.has_parts_only() {
                true => tally_parts(scan.records, shape, steps, [50], &walk),
                false => tally(scan.records, shape, [50], &walk),
            };
            let groups = groups.into_iter();
            groups
                .map(|(group, figures)| (group, answer(request, figures)))
                .collect()
        })
    }
}

/// Meets the steps that records reach: of the whole range, then window by window.
struct StepWalk<'a> {
    scan: &'a Scan<'a>,
    grouping: Grouping<'a>,
    path: Path,
    basis: FunnelBasis,
    whole: Windows<'a>,
    windows: &'a Windows<'a>,
}

impl StepWalk<'_> {
    /// Whether what is met in the windows is all that there is: a record's cohort is one of them, and the whole range's too.
    fn has_parts_only(&self) -> bool {
        self.basis == FunnelBasis::Cohort && self.windows.len() > 0
    }
}

impl Walk for StepWalk<'_> {
    #[inline]
    fn walk(&self, row: u32, mut met: impl FnMut(Met)) {
        if !self.scan.may_enter(row) {
            return;
        }
        let cells = self.scan.view.cells(self.scan.column, row);
        let mut reached = |part: usize, step: usize, to_next: Option<i64>| {
            met(Met {
                group: self.grouping.of(&self.scan.view, row),
                key: (part * self.path.steps + step) as u64,
                counts: true,
                is_open: false,
                duration: to_next,
            });
        };
        match self.basis {
            FunnelBasis::Cohort => {
                let mut times = self.path.times(cells, None);
                let Some(first) = times.next() else { return };
                let part = match self.has_parts_only() {
                    true => self.windows.of(first).map(|window| window + 1),
                    false => self.whole.of(first),
                };
                let Some(part) = part else { return };
                let mut time = Some(first);
                for step in 0..self.path.steps {
                    let Some(since) = time else { break };
                    time = times.next();
                    reached(part, step, time.map(|time| time - since));
                }
            }
            FunnelBasis::Period => {
                for (windows, offset) in [(&self.whole, 0), (self.windows, 1)] {
                    let path = &self.path;
                    path.in_windows(cells, windows, |window, step, time, next| {
                        reached(offset + window, step, next.map(|next| next - time));
                    });
                }
            }
        }
    }
}

/// The answer of a group, whose figures are by part and step.
fn answer(request: &FunnelRequest<'_>, figures: Vec<(u64, StepFigures)>) -> FunnelAnswer {
    let figures: HashMap<u64, StepFigures> = figures.into_iter().collect();
    let interval = |(index, window): (usize, &Window)| FunnelInterval {
        start: window.start,
        steps: steps(request.stages, &figures, index + 1),
    };
    let intervals = request.intervals.map(|windows| {
        let intervals = windows.iter().enumerate();
        intervals.map(interval).collect()
    });
    FunnelAnswer {
        steps: steps(request.stages, &figures, 0),
        intervals,
    }
}

fn steps(stages: &[Value], figures: &HashMap<u64, StepFigures>, part: usize) -> Vec<FunnelStep> {
    let step = |(index, stage): (usize, &Value)| {
        let figures = figures.get(&((part * stages.len() + index) as u64));
        let reached = figures.map_or(0, |figures| figures.count);
        let has_next = index + 1 < stages.len();
        let converted = has_next.then(|| figures.map_or(0, |figures| figures.measured));
        FunnelStep {
            value: Some(stage.clone()),
            reached,
            converted,
            rate: converted.and_then(|converted| rate(converted, reached)),
            median_seconds: figures.and_then(|figures| figures.quantiles[0]),
        }
    };
    stages.iter().enumerate().map(step).collect()
}
