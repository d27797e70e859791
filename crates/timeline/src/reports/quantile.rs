//! Means and quantiles of durations.

/// Durations in microseconds, in no order: what each task found apart, so that they are moved once, and by key on all cores.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    own: Vec<i64>,
    others: Vec<Vec<i64>>,
}

impl From<Vec<i64>> for Durations {
    fn from(own: Vec<i64>) -> Self {
        Self {
            own,
            others: Vec::new(),
        }
    }
}

impl Durations {
    #[inline]
    pub(crate) fn push(&mut self, duration: i64) {
        self.own.push(duration);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.others.push(other.own);
        self.others.extend(other.others);
    }

    /// All of them in one list, in no order.
    pub(crate) fn gathered(self) -> Vec<i64> {
        let mut all = self.own;
        all.reserve_exact(self.others.iter().map(Vec::len).sum());
        self.others.iter().for_each(|part| all.extend(part));
        all
    }
}

/// How many durations there are, their mean, and the quantiles at some percents, ascending; in seconds. Leaves them in another order.
pub(crate) fn figures<const N: usize>(
    durations: &mut [i64],
    percents: [usize; N],
) -> (u64, Option<f64>, [Option<f64>; N]) {
    (
        durations.len() as u64,
        mean(durations),
        percentiles(durations, percents),
    )
}

fn mean(durations: &[i64]) -> Option<f64> {
    let total: i128 = durations.iter().map(|&micros| i128::from(micros)).sum();
    let count = durations.len();
    (count > 0).then(|| total as f64 / count as f64 / 1e6)
}

/// Interpolated linearly between neighbours, as SQL's `percentile_cont`. Takes time linear in the number of durations: each quantile is
/// looked for only above the one before.
fn percentiles<const N: usize>(durations: &mut [i64], percents: [usize; N]) -> [Option<f64>; N] {
    let Some(last) = durations.len().checked_sub(1) else {
        return [None; N];
    };
    let mut below = 0;
    percents.map(|percent| {
        let (index, rest) = (last * percent / 100, last * percent % 100);
        let (_, &mut low, above) = durations[below..].select_nth_unstable(index - below);
        let next = above.iter().copied().min().filter(|_| rest > 0);
        below = index;
        let fraction = rest as f64 / 100.0;
        Some((low as f64 + (next.unwrap_or(low) - low) as f64 * fraction) / 1e6)
    })
}

#[cfg(test)]
mod tests {
    use super::{Durations, figures};

    #[test]
    fn quantiles_interpolate_between_neighbours() {
        let durations = |all: &[i64]| {
            let mut durations = Durations::default();
            for &duration in all {
                let mut one = Durations::default();
                one.push(duration);
                durations.merge(one);
            }
            durations.gathered()
        };
        let four = [4_000_000, 1_000_000, 3_000_000, 2_000_000];
        let known = (4, Some(2.5), [2.5, 3.25, 3.7].map(Some));
        assert_eq!(figures(&mut durations(&four), [50, 75, 90]), known);
        let one = (1, Some(0.000_007), [Some(0.000_007); 2]);
        assert_eq!(figures(&mut durations(&[7]), [50, 90]), one);
        assert_eq!(figures(&mut durations(&[]), [50]), (0, None, [None]));
    }
}
