//! The way of one record through the steps of a funnel.

use leadline_engine::{
    filter::{TextComparison, TimeRange},
    value::Value,
};

use super::Sources;
use crate::{cells::Cells, dictionary::Dictionary, history::is_within, intervals::Windows};

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
        if !self.excluded.is_empty() && self.excluded.contains(cells.sources[index]) {
            return NO_STEP;
        }
        self.step_of[cells.codes[index] as usize]
    }

    /// When a record reached each step: the first one at its first entry, each other one at the first entry at or after the time at
    /// which it reached the one before. Ends at the first step that was not reached. Entries outside `within` do not count.
    pub(crate) fn times<'p>(
        &'p self,
        cells: Cells<'p>,
        within: Option<&'p TimeRange>,
    ) -> impl Iterator<Item = i64> + 'p {
        let mut index = 0;
        (0..self.steps as u32).map_while(move |wanted| {
            // The step before may have been reached by the last of several entries of that time.
            while wanted > 0 && index > 0 && cells.valid_from[index - 1] == cells.valid_from[index]
            {
                index -= 1;
            }
            let skips = self.counts_skipped && wanted > 0;
            index = (index..cells.len()).find(|&index| {
                let step = self.step(cells, index);
                let passes = step == wanted || (skips && step > wanted && step != NO_STEP);
                passes && within.is_none_or(|range| is_within(range, cells.valid_from[index]))
            })?;
            Some(cells.valid_from[index])
        })
    }

    /// When a record first entered a step in each window, and, if it then entered the next step in the same window, when.
    /// Windows are in order and do not overlap.
    pub(crate) fn in_windows(
        &self,
        cells: Cells<'_>,
        windows: &Windows<'_>,
        mut found: impl FnMut(usize, usize, i64, Option<i64>),
    ) {
        let mut seen = Seen::new(self.steps);
        for index in 0..cells.len() {
            let step = self.step(cells, index);
            if step == NO_STEP {
                continue;
            }
            let time = cells.valid_from[index];
            let Some(window) = windows.of(time) else {
                continue;
            };
            if seen.again(step as usize, window) {
                continue;
            }
            let before = cells.valid_from[..index].iter().rev();
            let start = index - before.take_while(|&&other| other == time).count();
            let next = (start..cells.len())
                .take_while(|&later| windows.has(window, cells.valid_from[later]))
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

/// The steps that were entered in the window that time has come to.
struct Seen {
    window: usize,
    /// One bit a step; those beyond have words of their own.
    steps: u64,
    beyond: Vec<u64>,
}

impl Seen {
    fn new(steps: usize) -> Self {
        Self {
            window: 0,
            steps: 0,
            beyond: vec![0; steps.div_ceil(64).saturating_sub(1)],
        }
    }

    /// Notes that a step was entered; whether it had been before, in the same window.
    #[inline]
    fn again(&mut self, step: usize, window: usize) -> bool {
        if self.window != window {
            self.window = window;
            self.steps = 0;
            self.beyond.fill(0);
        }
        let word = match step / 64 {
            0 => &mut self.steps,
            beyond => &mut self.beyond[beyond - 1],
        };
        let bit = 1 << (step % 64);
        let again = *word & bit != 0;
        *word |= bit;
        again
    }
}
