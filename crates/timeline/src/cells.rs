//! The entries of one record's property, as slices.

use crate::codes::EMPTY;

/// Entries in order: when each began, what it holds, and how it came.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cells<'a> {
    pub(crate) valid_from: &'a [i64],
    pub(crate) codes: &'a [u32],
    pub(crate) sources: &'a [u8],
}

impl<'a> Cells<'a> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.valid_from.len()
    }

    /// How many entries began at or before `at`.
    #[inline]
    fn count_until(&self, at: i64) -> usize {
        if self.len() > 16 {
            return self.search_until(at);
        }
        // Few entries: most questions are about the end.
        let later = self.valid_from.iter().rev().take_while(|&&from| from > at);
        self.len() - later.count()
    }

    #[inline(never)]
    fn search_until(&self, at: i64) -> usize {
        self.valid_from.partition_point(|&from| from <= at)
    }

    /// The entries that began at or before `at`.
    #[inline]
    pub(crate) fn until(self, at: i64) -> Self {
        let count = self.count_until(at);
        Self {
            valid_from: &self.valid_from[..count],
            codes: &self.codes[..count],
            sources: &self.sources[..count],
        }
    }

    /// The value that held at `at`.
    #[inline]
    pub(crate) fn code_at(&self, at: i64) -> u32 {
        match self.count_until(at) {
            0 => EMPTY,
            count => self.codes[count - 1],
        }
    }

    /// The last entry's value: the present.
    #[inline]
    pub(crate) fn last_code(&self) -> u32 {
        self.codes.last().copied().unwrap_or(EMPTY)
    }
}
