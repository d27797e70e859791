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
        self.quantile(1, 2)
    }

    /// The quantile `numerator / denominator` in seconds, interpolated linearly between neighbours, as SQL's `percentile_cont`.
    /// Takes time linear in their number.
    pub(crate) fn quantile(&mut self, numerator: usize, denominator: usize) -> Option<f64> {
        let count = self.0.len();
        let place = count.checked_sub(1)? * numerator;
        let (index, rest) = (place / denominator, place % denominator);
        let (_, &mut low, above) = self.0.select_nth_unstable(index);
        let high = if rest == 0 {
            low
        } else {
            above.iter().copied().min().unwrap_or(low)
        };
        let fraction = rest as f64 / denominator as f64;
        Some((low as f64 + (high - low) as f64 * fraction) / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::Durations;

    #[test]
    fn quantiles_interpolate_between_neighbours() {
        let mut durations = Durations(vec![4_000_000, 1_000_000, 3_000_000, 2_000_000]);
        assert_eq!(durations.median(), Some(2.5));
        assert_eq!(durations.quantile(3, 4), Some(3.25));
        assert_eq!(durations.quantile(9, 10), Some(3.7));
        assert_eq!(durations.mean(), Some(2.5));
        assert_eq!(Durations(vec![7]).quantile(9, 10), Some(0.000_007));
        assert_eq!(Durations::default().median(), None);
    }
}
