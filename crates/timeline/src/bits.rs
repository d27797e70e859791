//! Dense sets of small numbers (rows, codes), built and folded on all cores.

use rayon::prelude::*;

/// Words that one task works on at least: 16,384 numbers.
const CHUNK_WORDS: usize = 256;

/// A set of numbers below `len`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    pub(crate) fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
        }
    }

    pub(crate) fn all(len: usize) -> Self {
        let mut bits = Self {
            words: vec![u64::MAX; len.div_ceil(64)],
            len,
        };
        bits.trim();
        bits
    }

    /// The numbers of `within` (or all below `len`) that pass `test`.
    pub(crate) fn filled(
        len: usize,
        within: Option<&Self>,
        test: impl Fn(u32) -> bool + Sync,
    ) -> Self {
        Self::filled_in_parts(len, |first, words| {
            for (offset, word) in words.iter_mut().enumerate() {
                let index = first / 64 + offset;
                let base = (index * 64) as u32;
                let mask = within.map_or_else(
                    || full_word(len, index),
                    |bits| bits.words.get(index).copied().unwrap_or(0),
                );
                let mut passed = 0;
                if mask == u64::MAX {
                    for bit in 0..64 {
                        passed |= u64::from(test(base + bit)) << bit;
                    }
                } else {
                    let mut rest = mask;
                    while rest != 0 {
                        let bit = rest.trailing_zeros();
                        passed |= u64::from(test(base + bit)) << bit;
                        rest &= rest - 1;
                    }
                }
                *word = passed;
            }
        })
    }

    /// The numbers below 64, as bits.
    pub(crate) fn first_word(&self) -> u64 {
        self.words.first().copied().unwrap_or(0)
    }

    /// How many numbers are in.
    pub(crate) fn count(&self) -> u64 {
        let ones = self.words.iter().map(|word| u64::from(word.count_ones()));
        ones.sum()
    }

    pub(crate) fn insert(&mut self, number: u32) {
        self.words[number as usize / 64] |= 1 << (number % 64);
    }

    /// Whether the number is in; those beyond the end are not.
    #[inline]
    pub(crate) fn contains(&self, number: u32) -> bool {
        self.words
            .get(number as usize / 64)
            .is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(crate) fn grow(&mut self, len: usize) {
        self.len = self.len.max(len);
        self.words.resize(self.len.div_ceil(64), 0);
    }

    pub(crate) fn union(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Takes out what is not in the other one.
    pub(crate) fn intersect(&mut self, other: &Self) {
        for (index, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(index).copied().unwrap_or(0);
        }
    }

    /// Takes out what is in the other one.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let words = self
            .words
            .iter()
            .enumerate()
            .filter(|(_, word)| **word != 0);
        words.flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(index as u32 * 64 + bit)
            })
        })
    }

    /// Folds the numbers in order, in parts on all cores, and merges what the parts gave in order. There are about as many parts as cores,
    /// and more where one has nothing left to do.
    pub(crate) fn par_fold<A: Send>(
        &self,
        make: impl Fn() -> A + Sync,
        fold: impl Fn(&mut A, u32) + Sync,
        merge: impl Fn(&mut A, A) + Sync,
    ) -> A {
        let chunks = self.words.par_chunks(CHUNK_WORDS).enumerate();
        let parts = chunks.fold(&make, |mut part, (chunk, words)| {
            for (offset, &word) in words.iter().enumerate() {
                let base = ((chunk * CHUNK_WORDS + offset) * 64) as u32;
                let mut rest = word;
                while rest != 0 {
                    fold(&mut part, base + rest.trailing_zeros());
                    rest &= rest - 1;
                }
            }
            part
        });
        let total = parts.reduce_with(|mut total, part| {
            merge(&mut total, part);
            total
        });
        total.unwrap_or_else(make)
    }

    /// The numbers below `len` that `fill` puts in, which gets the first number of a part and its words.
    pub(crate) fn filled_in_parts(len: usize, fill: impl Fn(usize, &mut [u64]) + Sync) -> Self {
        let mut bits = Self::none(len);
        let parts = bits.words.par_chunks_mut(CHUNK_WORDS).enumerate();
        parts.for_each(|(part, words)| fill(part * CHUNK_WORDS * 64, words));
        bits
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    fn trim(&mut self) {
        if let Some(last) = self.words.len().checked_sub(1) {
            self.words[last] &= full_word(self.len, last);
        }
    }
}

fn full_word(len: usize, index: usize) -> u64 {
    match len.saturating_sub(index * 64) {
        rest if rest >= 64 => u64::MAX,
        rest => (1 << rest) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_counted_and_taken_from_each_other() {
        let mut bits = Bits::filled(200_003, None, |n| n % 7 == 3 || n > 200_000);
        assert!(bits.contains(200_002) && !bits.contains(200_003));
        assert_eq!(bits.count(), bits.iter().count() as u64);
        let odd = Bits::filled(200_003, None, |n| n % 2 == 1);
        let mut even = bits.clone();
        even.subtract(&odd);
        bits.intersect(&odd);
        assert!(even.iter().all(|n| n % 2 == 0) && bits.iter().all(|n| n % 2 == 1));
        assert!(bits.contains(200_001) && even.contains(200_002));
        bits.intersect(&Bits::none(0));
        assert_eq!(bits.count(), 0);
    }

    #[test]
    fn folding_meets_every_number_in_order() {
        let bits = Bits::all(100_001);
        let numbers = bits.par_fold(Vec::new, Vec::push, |all, part: Vec<u32>| all.extend(part));
        assert!(numbers.into_iter().eq(0..100_001));
        let few = Bits::filled(
            100_001,
            Some(&Bits::filled(100_001, None, |n| n % 2 == 0)),
            |n| n < 9,
        );
        assert!(few.iter().eq([0, 2, 4, 6, 8]));
    }
}
