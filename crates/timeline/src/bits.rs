//! Dense sets of small numbers (rows, codes), built and folded on all cores.

use rayon::prelude::*;
use roaring::RoaringBitmap;

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
        let mut bits = Self::none(len);
        bits.words
            .par_chunks_mut(CHUNK_WORDS)
            .enumerate()
            .for_each(|(chunk, words)| {
                for (offset, word) in words.iter_mut().enumerate() {
                    let index = chunk * CHUNK_WORDS + offset;
                    let base = (index * 64) as u32;
                    let mask = within.map_or_else(
                        || full_word(len, index),
                        |bits| bits.words.get(index).copied().unwrap_or(0),
                    );
                    if mask == u64::MAX {
                        for bit in 0..64 {
                            *word |= u64::from(test(base + bit)) << bit;
                        }
                    } else {
                        let mut rest = mask;
                        while rest != 0 {
                            let bit = rest.trailing_zeros();
                            *word |= u64::from(test(base + bit)) << bit;
                            rest &= rest - 1;
                        }
                    }
                }
            });
        bits
    }

    pub(crate) fn from_roaring(selection: &RoaringBitmap, len: usize) -> Self {
        let mut bits = Self::none(len);
        for number in selection {
            if (number as usize) < len {
                bits.insert(number);
            }
        }
        bits
    }

    pub(crate) fn to_roaring(&self) -> RoaringBitmap {
        let bytes: Vec<u8> = self
            .words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        RoaringBitmap::from_lsb0_bytes(0, &bytes)
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

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        iter_words(&self.words, 0)
    }

    /// Folds the numbers in order, in chunks on all cores, and merges what the chunks gave in order.
    pub(crate) fn par_fold<A: Send>(
        &self,
        make: impl Fn() -> A + Sync,
        fold: impl Fn(&mut A, u32) + Sync,
        mut merge: impl FnMut(&mut A, A),
    ) -> A {
        let tasks = rayon::current_num_threads() * 4;
        let size = self.words.len().div_ceil(tasks).max(CHUNK_WORDS);
        let parts: Vec<A> = self
            .words
            .par_chunks(size)
            .enumerate()
            .map(|(chunk, words)| {
                let mut part = make();
                for number in iter_words(words, (chunk * size * 64) as u32) {
                    fold(&mut part, number);
                }
                part
            })
            .collect();
        let mut parts = parts.into_iter();
        let mut total = parts.next().unwrap_or_else(&make);
        for part in parts {
            merge(&mut total, part);
        }
        total
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

fn iter_words(words: &[u64], base: u32) -> impl Iterator<Item = u32> + '_ {
    words
        .iter()
        .enumerate()
        .filter(|(_, word)| **word != 0)
        .flat_map(move |(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    base + index as u32 * 64 + bit
                })
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_survives_the_way_to_roaring_and_back() {
        let bits = Bits::filled(200_003, None, |n| n % 7 == 3 || n > 200_000);
        assert_eq!(Bits::from_roaring(&bits.to_roaring(), 200_003), bits);
        assert!(bits.contains(200_002) && !bits.contains(200_003));
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
