//! The way of one record through the steps of a funnel.

use leadline_engine::{
    filter::{TextComparison, TimeRange},
    value::Value,
};

use super::Sources;
use crate::{cells::Cells, dictionary::Dictionary, history::is_within, intervals::Window};

/// A code that is no step.
const NO_STEP: u32 = u32::MAX;

/// Steps, looked up in a dictionary.
pub(crate) struct Path {
    /// The step of each code.
    step_of: Vec<u32>,
    pub(crate) steps: usize,
    /// Whether reaching a later step counts as having passed the earlier ones.
    pub(crate) counts_skipped: bool,
    pub(crate) excluded: Sources,
}

impl Path {
    pub(crate) fn new(
        (dictionary, comparison): (&Dictionary, TextComparison),
        stages: &[Value],
        counts_skipped: bool,
        excluded: Sources,
    ) -> Self {
        let mut step_of = vec![NO_STEP; dictionary.len() + 1];
        for (step, stage) in stages.iter().enumerate().rev() {
            let set = dictionary.equal_to(Some(stage), comparison);
            for (code, of_code) in step_of.iter_mut().enumerate().skip(1) {
                if set.contains(code as u32) {
                    *of_code = step as u32;
                }
            }
        }
        Self {
            step_of,
            steps: stages.len(),
            counts_skipped,
            excluded,
        }
    }

    /// The step that an entry is an entry into.
    #[inline]
    fn step(&self, cells: Cells<'_>, index: usize) -> u32 {
        if self.excluded.contains(cells.sources[index]) {
            return NO_STEP;
        }
        self.step_of[cells.codes[index] as usize]
    }

    /// When a record reached each step: the first one at its first entry, each other one at the first entry at or after the time at
    /// which it reached the one before. Stops at the first step that was not reached. Entries outside `within` do not count.
    pub(crate) fn reached(
        &self,
        cells: Cells<'_>,
        within: Option<&TimeRange>,
        times: &mut Vec<i64>,
    ) {
        times.clear();
        let step = |index: usize| match within {
            Some(range) if !is_within(range, cells.valid_from[index]) => NO_STEP,
            _ => self.step(cells, index),
        };
        let Some(first) = (0..cells.len()).find(|&index| step(index) == 0) else {
            return;
        };
        times.push(cells.valid_from[first]);
        for wanted in 1..self.steps as u32 {
            let since = times[wanted as usize - 1];
            let start = cells.valid_from.partition_point(|&time| time < since);
            let entry = (start..cells.len()).find(|&index| {
                let step = step(index);
                step == wanted || (self.counts_skipped && step > wanted && step != NO_STEP)
            });
            match entry {
                Some(index) => times.push(cells.valid_from[index]),
                None => return,
            }
        }
    }

    /// When a record first entered a step in each window, and, if it then entered the next step in the same window, when.
    /// Windows are in order and do not overlap.
    pub(crate) fn in_windows(
        &self,
        cells: Cells<'_>,
        windows: &[Window],
        mut found: impl FnMut(usize, usize, i64, Option<i64>),
    ) {
        let mut seen = vec![usize::MAX; self.steps];
        for index in 0..cells.len() {
            let step = self.step(cells, index);
            if step == NO_STEP {
                continue;
            }
            let time = cells.valid_from[index];
            let Some(window) = window_of(windows, time) else {
                continue;
            };
            if std::mem::replace(&mut seen[step as usize], window) == window {
                continue;
            }
            let start = cells.valid_from.partition_point(|&other| other < time);
            let next = (start..cells.len())
                .take_while(|&later| windows[window].contains(cells.valid_from[later]))
                .find(|&later| self.step(cells, later) == step + 1);
            found(
                window,
                step as usize,
                time,
                next.map(|later| cells.valid_from[later]),
            );
        }
    }
}

/// The window that a time is in.
pub(crate) fn window_of(windows: &[Window], time: i64) -> Option<usize> {
    let index = windows
        .partition_point(|window| window.start.micros() <= time)
        .checked_sub(1)?;
    windows[index].contains(time).then_some(index)
}
