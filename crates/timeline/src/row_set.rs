//! Which records a question is about.

use crate::bits::Bits;

/// A set of rows of a timeline, as [`crate::View::select`] finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSet(pub(crate) Bits);

impl RowSet {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row is one of them.
    #[must_use]
    pub fn contains(&self, row: u32) -> bool {
        self.0.contains(row)
    }

    /// The rows in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter()
    }
}
