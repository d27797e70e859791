//! Means and quantiles of durations.

/// Durations in microseconds, in no order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Durations(pub(crate) Vec<i64>);

impl Durations {
    /// The mean in seconds.
    pub(crate) fn mean(&self) -> Option<f64> {
        let total: i128 = self.0.iter().map(|&micros| i128::from(micros)).sum();
        let count = self.0.len();
        (count > 0).then(|| total as f64 / count as f64 / 1e6)
    }

    /// The median in seconds.
    pub(crate) fn median(&mut self) -> Option<f64> {
        let [median] = self.percentiles([50]);
        median
    }

    /// The quantiles at some percents, ascending, in seconds, interpolated linearly between neighbours, as SQL's `percentile_cont`.
    /// Takes time linear in their number: each one is looked for only above the one before.
    pub(crate) fn percentiles<const N: usize>(&mut self, percents: [usize; N]) -> [Option<f64>; N] {
        let Some(last) = self.0.len().checked_sub(1) else {
            return [None; N];
        };
        let mut below = 0;
        percents.map(|percent| {
            let (index, rest) = (last * percent / 100, last * percent % 100);
            let (_, &mut low, above) = self.0[below..].select_nth_unstable(index - below);
            let next = above.iter().copied().min().filter(|_| rest > 0);
            below = index;
            let fraction = rest as f64 / 100.0;
            Some((low as f64 + (next.unwrap_or(low) - low) as f64 * fraction) / 1e6)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Durations;

    #[test]
    fn quantiles_interpolate_between_neighbours() {
        let mut durations = Durations(vec![4_000_000, 1_000_000, 3_000_000, 2_000_000]);
        assert_eq!(durations.median(), Some(2.5));
        let known = [2.5, 3.25, 3.7].map(Some);
        assert_eq!(durations.percentiles([50, 75, 90]), known);
        assert_eq!(durations.mean(), Some(2.5));
        assert_eq!(
            Durations(vec![7]).percentiles([50, 90]),
            [Some(0.000_007); 2]
        );
        assert_eq!(Durations::default().median(), None);
    }
}
