//! Pages of lists: newest first, or in an order that people made.

use leadline_engine::time::Timestamp;
use uuid::Uuid;

/// A page of a list that is newest first.
#[derive(Debug, Clone, Copy)]
pub struct Newest {
    /// Only what was made before this time, or then with a smaller id.
    pub before: Option<(Timestamp, Uuid)>,
    /// How many at most.
    pub limit: i64,
}

impl Newest {
    /// The place to begin below, in two parameters.
    pub(crate) fn place(self) -> (Option<Timestamp>, Option<Uuid>) {
        self.before.unzip()
    }
}

/// A page of a list that people have put in order.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// Archived ones only, or only the others.
    pub archived: bool,
    /// Only what stands behind this position, or there with a greater id.
    pub after: Option<(i32, Uuid)>,
    /// How many at most.
    pub limit: i64,
}

impl Placed {
    /// The place to go on behind, in two parameters.
    pub(crate) fn place(self) -> (Option<i32>, Option<Uuid>) {
        self.after.unzip()
    }
}
