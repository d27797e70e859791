//! Sets of value codes. Code 0 is the empty value; code n stands for the n-th distinct value of a dictionary.

use crate::bits::Bits;

/// The code of a property that is empty.
pub(crate) const EMPTY: u32 = 0;

/// Codes that a set tells without looking them up: a select has hardly more values.
const LOW: u32 = 64;

/// A set of codes; the empty value can be a member.
#[derive(Debug, Clone)]
pub(crate) struct CodeSet {
    members: Bits,
    /// The members below [`LOW`], the empty value among them.
    low: u64,
}

impl CodeSet {
    /// From a set of dictionary indexes.
    pub(crate) fn new(members: Bits, has_empty: bool) -> Self {
        let low = members.first_word() << 1 | u64::from(has_empty);
        Self { members, low }
    }

    /// The empty value alone.
    pub(crate) fn empty_value() -> Self {
        Self::new(Bits::none(0), true)
    }

    /// Makes the empty value a member exactly when `code` is one: where the absence of a value means that one.
    pub(crate) fn empty_is(&mut self, code: u32) {
        self.low = self.low & !1 | u64::from(self.contains(code));
    }

    /// How many codes are in, the empty one aside.
    pub(crate) fn count(&self) -> u64 {
        self.members.count()
    }

    #[inline]
    pub(crate) fn contains(&self, code: u32) -> bool {
        if code < LOW {
            self.low >> code & 1 == 1
        } else {
            self.members.contains(code - 1)
        }
    }
}
