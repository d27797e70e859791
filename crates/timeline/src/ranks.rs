//! Where each code of a dictionary stands in the order of values, found once: then two codes are compared as two numbers.

use std::cmp::Ordering;

use rayon::prelude::*;

/// Codes that came since may be this part of all before their order is found again,
const NEW_FRACTION: usize = 16;
/// and so many in any case.
const NEW_AT_LEAST: usize = 4096;

/// The order of a dictionary's codes.
#[derive(Debug, Clone)]
pub(crate) struct Ranks {
    /// The codes in the order of their values, but for those that came since.
    order: Vec<u32>,
    /// By code, never 0. Odd: twice the place of the first of equals, from one, plus one. Even: of a code that came since, between the places
    /// before and after it; of two with the same even rank the values decide.
    ranks: Vec<u32>,
}

impl Ranks {
    /// The ranks of `codes` codes (from 1). `sorted` are codes in the order of their values, which need not be compared much again.
    pub(crate) fn new(
        codes: usize,
        sorted: &[u32],
        compare: impl Fn(u32, u32) -> Ordering + Sync,
    ) -> Self {
        let mut new: Vec<u32> = (sorted.len() as u32 + 1..=codes as u32).collect();
        new.par_sort_unstable_by(|a, b| compare(*a, *b));
        let mut order = sorted.to_vec();
        order.extend(new);
        if !sorted.is_empty() {
            // Stable sorts find the two runs and merge them.
            order.sort_by(|a, b| compare(*a, *b));
        }
        let mut ranks = vec![0; codes + 1];
        let mut rank = 3;
        for (place, &code) in order.iter().enumerate() {
            if place > 0 && compare(order[place - 1], code).is_ne() {
                rank = 2 * place as u32 + 3;
            }
            ranks[code as usize] = rank;
        }
        Self { order, ranks }
    }

    /// The rank of a code.
    #[inline]
    pub(crate) fn of(&self, code: u32) -> u32 {
        self.ranks[code as usize]
    }

    /// Whether codes of the same rank are equal for sure.
    #[inline]
    pub(crate) fn is_exact(rank: u32) -> bool {
        rank % 2 == 1
    }

    /// The rank of a value, given how codes compare with it.
    pub(crate) fn of_value(&self, compare: impl Fn(u32) -> Ordering) -> u32 {
        let before = self.order.partition_point(|&code| compare(code).is_lt());
        match self.order.get(before) {
            Some(&code) if compare(code).is_eq() => self.of(code),
            _ => 2 * before as u32 + 2,
        }
    }

    /// Adds the next code, given how the others compare with it.
    pub(crate) fn push(&mut self, compare: impl Fn(u32) -> Ordering) {
        self.ranks.push(self.of_value(compare));
    }

    /// Whether so many codes came since that they had better be put in order too.
    pub(crate) fn is_stale(&self) -> bool {
        let new = self.ranks.len() - 1 - self.order.len();
        new > NEW_AT_LEAST.max(self.order.len() / NEW_FRACTION)
    }

    /// The codes in order, but for those that came since.
    pub(crate) fn into_order(self) -> Vec<u32> {
        self.order
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        (self.order.capacity() + self.ranks.capacity()) * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ranks;

    proptest! {
        #[test]
        fn ranks_are_in_the_order_of_values(
            values in prop::collection::vec(0..30_u8, 1..60),
            (first, again) in (0..60_usize, 0..60_usize),
        ) {
            let (first, again) = (first.min(values.len()), again.min(values.len()).max(first.min(values.len())));
            let value = |code: u32| values[code as usize - 1];
            let compare = |a: u32, b: u32| value(a).cmp(&value(b));
            let sorted = Ranks::new(first, &[], compare).into_order();
            let mut ranks = Ranks::new(again, &sorted, compare);
            for code in again as u32 + 1..=values.len() as u32 {
                ranks.push(|other| compare(other, code));
            }
            for a in 1..=values.len() as u32 {
                for b in 1..=values.len() as u32 {
                    let is_exact = Ranks::is_exact(ranks.of(a));
                    let by_rank = ranks.of(a).cmp(&ranks.of(b));
                    prop_assert!(by_rank == compare(a, b) || (by_rank.is_eq() && !is_exact));
                    prop_assert!(ranks.of(a) > 0);
                    prop_assert_eq!(ranks.of_value(|other| compare(other, a)), ranks.of(a));
                }
            }
        }
    }
}
