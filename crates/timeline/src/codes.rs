//! Sets of value codes. Code 0 is the empty value; code n stands for the n-th distinct value of a dictionary.

use crate::bits::Bits;

/// The code of a property that is empty.
pub(crate) const EMPTY: u32 = 0;

/// A set of codes; the empty value can be a member.
#[derive(Debug, Clone)]
pub(crate) struct CodeSet {
    members: Bits,
    has_empty: bool,
}

impl CodeSet {
    /// From a set of dictionary indexes.
    pub(crate) fn new(members: Bits, has_empty: bool) -> Self {
        Self { members, has_empty }
    }

    /// The empty value alone.
    pub(crate) fn empty_value() -> Self {
        Self::new(Bits::none(0), true)
    }

    /// Makes the empty value a member exactly when `code` is one: where the absence of a value means that one.
    pub(crate) fn empty_is(&mut self, code: u32) {
        self.has_empty = self.contains(code);
    }

    #[inline]
    pub(crate) fn contains(&self, code: u32) -> bool {
        if code == EMPTY {
            self.has_empty
        } else {
            self.members.contains(code - 1)
        }
    }
}
