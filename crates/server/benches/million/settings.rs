//! How much is measured.

use std::time::Duration;

use crate::support::number;

/// Up to so many leads are verified without being asked.
const SMALL: u64 = 10_000;

pub(crate) struct Settings {
    pub(crate) leads: usize,
    /// How long each question is asked.
    pub(crate) each: Duration,
    /// Of the data.
    pub(crate) seed: u64,
    /// Whether `leadline verify` has to pass first; by default where that is quick.
    pub(crate) verify: bool,
    /// When a statement of SQL is given up.
    pub(crate) limit: Duration,
    /// How long clients search beside the writes.
    pub(crate) beside: Duration,
    /// Sizes to compare, if that is what is asked for.
    pub(crate) growth: Vec<usize>,
    /// Workspaces on one node, if that is what is asked for.
    pub(crate) workspaces: usize,
}

impl Settings {
    pub(crate) fn new() -> Self {
        let growth = std::env::var("BENCH_GROWTH").unwrap_or_default();
        let sizes = growth.split(',').filter(|size| !size.is_empty());
        let leads = number("BENCH_LEADS", 1_000_000);
        Self {
            leads: leads as usize,
            each: Duration::from_secs(number("BENCH_SECONDS", 5)),
            seed: number("BENCH_SEED", 7),
            verify: number("BENCH_VERIFY", u64::from(leads <= SMALL)) == 1,
            limit: Duration::from_secs(number("BENCH_SQL_SECONDS", 120)),
            beside: Duration::from_secs(number("BENCH_BESIDE_SECONDS", 20)),
            growth: sizes.map(|size| size.trim().parse().unwrap()).collect(),
            workspaces: number("BENCH_WORKSPACES", 0) as usize,
        }
    }
}
