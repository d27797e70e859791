//! Where a time stands among ordered bounds, nearly as fast as reading an array.

/// Parts that the range is cut into for each bound, so that few bounds share one.
const SLOTS_FOR_EACH: u64 = 4;

/// Bounds in ascending order, and for each part of their range the first bound that may be meant.
#[derive(Debug)]
pub(crate) struct Ruler {
    bounds: Vec<i64>,
    /// How many bounds lie before each part of the range, which begins at the first bound and is 2^`shift` long.
    slots: Vec<u32>,
    shift: u32,
}

impl Ruler {
    pub(crate) fn new(bounds: Vec<i64>) -> Self {
        let first = bounds.first().copied().unwrap_or_default();
        let span = bounds.last().map_or(0, |&last| last.abs_diff(first));
        let most = bounds.len() as u64 * SLOTS_FOR_EACH;
        let mut shift = 0;
        while span >> shift > most {
            shift += 1;
        }
        let before = |slot: u64| {
            let start = first.saturating_add_unsigned(slot << shift);
            bounds.partition_point(|&bound| bound < start) as u32
        };
        Self {
            slots: (0..=span >> shift).map(before).collect(),
            bounds,
            shift,
        }
    }

    /// How many bounds are earlier than a time: the index of the first one at or after it.
    #[inline(always)]
    pub(crate) fn before(&self, time: i64) -> usize {
        let (Some(&first), Some(&last)) = (self.bounds.first(), self.bounds.last()) else {
            return 0;
        };
        if time <= first {
            return 0;
        }
        if time > last {
            return self.bounds.len();
        }
        let slot = (time.abs_diff(first) >> self.shift) as usize;
        let mut index = self.slots[slot] as usize;
        while self.bounds[index] < time {
            index += 1;
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ruler;

    proptest! {
        #[test]
        fn a_ruler_finds_what_a_search_finds(
            mut bounds in prop::collection::vec(prop_oneof![-50..50_i64, any::<i64>()], 0..40),
            times in prop::collection::vec(prop_oneof![-60..60_i64, any::<i64>()], 20),
        ) {
            bounds.sort_unstable();
            let ruler = Ruler::new(bounds.clone());
            for time in times.into_iter().chain(bounds.clone()) {
                prop_assert_eq!(ruler.before(time), bounds.partition_point(|&bound| bound < time));
            }
        }
    }
}
